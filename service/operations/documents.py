"""Returned files over HTTP: taken, queued, read by the worker, shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from forms.errors import FormServiceError
from service.access.matrix import Action
from service.audit.noting import note_upload
from service.operations.arrivals import Arrival
from service.operations.belonging import made_by_caller, place_upload, require_document, sender_unit
from service.operations.campaigns import campaign_for_upload
from service.operations.duplicates import came_before, same_again
from service.operations.holding import require_correctable
from service.operations.unit_settling import FROM_SENDER, unit_called
from service.operations.units import office_day
from service.problems import outcome_of, problem_body
from service.settings import Settings
from service.store.answers import digest_of, find_answer, keep_answer
from service.store.blobs import Blob, BlobStore
from service.store.database import Database
from service.store.documents import (
    StoredDocument,
    add_document,
    find_document,
    find_opening,
    set_job,
    set_reading,
)
from service.store.errors import NotFoundError
from service.store.handing_in import add_arrival, arrival_key, set_unit_of
from service.store.jobs import add_job
from service.store.submissions import open_submission
from service.store.units import all_units

READ_JOB = "read-document"


class IdempotencyConflictError(FormServiceError):
    """The same key with another body."""

    code = "idempotency-conflict"
    zh = "同一 Idempotency-Key 已用于另一请求"
    en = "This Idempotency-Key was used for another request"


class OneCorrectionError(FormServiceError):
    """Several files that are each to take the place of one document."""

    code = "one-correction"
    zh = "补正件(supersedes)一次只能上传一个文件"
    en = "Only one file at a time can supersede a document"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file of an upload: its document and job, or why it was refused.

    ``stage`` is the state of the document that it already was, empty for a new one.
    """

    name: str
    document_id: str | None = None
    job_id: str | None = None
    blob: Blob | None = None
    fault: FormServiceError | None = None
    stage: str = ""

    def described(self) -> dict[str, Any]:
        """The entry of this file in the answer to an upload."""
        entry: dict[str, Any] = {"file": self.name, "id": self.document_id}
        if self.blob:
            entry |= {"sha256": self.blob.sha256, "size": self.blob.size}
        if self.document_id:
            entry["href"] = f"/api/v1/documents/{self.document_id}"
        if self.fault is not None:
            return {**entry, "state": "rejected", "job": None, "problem": problem_body(self.fault, self.name)}
        if self.stage:
            entry |= {"duplicate": True}
        return {**entry, "state": self.stage or "received", "job": self.job_id, "problem": None}


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """What was asked for with an upload; ``key`` makes it happen once, however often it is sent.

    ``supersedes`` is the id of the document that the one file of it corrects.
    """

    form_hint: str | None = None
    unit: str | None = None
    key: str | None = None
    supersedes: str | None = None
    campaign: str | None = None

    def digest(self, arrivals: Sequence[Arrival]) -> str:
        """What makes two requests the same."""
        files = [(item.name, item.blob.sha256 if item.blob else None) for item in arrivals]
        more = [self.supersedes] if self.supersedes else []
        more += ["campaign", self.campaign] if self.campaign else []
        return digest_of(json.dumps([self.form_hint, self.unit, files, *more], ensure_ascii=True))


def take_upload(
    database: Database, arrivals: Sequence[Arrival], asked: UploadRequest, settings: Settings
) -> tuple[int, dict[str, Any]]:
    """Enter the files of a request, whose bytes are already safe: rows, jobs and the answer in one transaction.

    Returns:
        The answer's status and body. With a key that was used before, the first answer, and nothing is done again.

    Raises:
        IdempotencyConflictError: the key was used for another request.
        NotFoundError, WrongStateError: the document to be superseded is not there, or not one to be corrected.
        NotFoundError, CampaignClosedError: there is no such campaign, or it takes no files any more.
        OneCorrectionError: several files are to supersede one document.
        StorageFullError: no room for the rows; nothing was entered.
    """
    digest = asked.digest(arrivals)
    with database.transaction() as connection:
        earlier = find_answer(connection, asked.key) if asked.key else None
        if earlier and earlier[0] != digest:
            raise IdempotencyConflictError
        if earlier:
            return earlier[1], earlier[2]
        if asked.supersedes:
            if len(arrivals) > 1:
                raise OneCorrectionError
            require_document(connection, asked.supersedes, Action.UPLOAD)
            require_correctable(connection, asked.supersedes)
        place = _place(connection, asked, settings)
        taken = [_enter(connection, item, asked, place) for item in arrivals]
        _note(connection, taken, place.unit)
        status, body = answer_to(taken)
        if asked.key:
            keep_answer(connection, asked.key, digest, status, body)
    return status, body


def _note(connection: Connection, taken: Sequence[Taken], unit: str | None) -> None:
    files = [(item.document_id, item.blob.sha256 if item.blob else None, item.fault is not None) for item in taken]
    note_upload(connection, files, unit)


def answer_to(taken: Sequence[Taken]) -> tuple[int, dict[str, Any]]:
    """202 with one entry a file; when every file was refused, the first one's status and problem with the entries."""
    entries = [item.described() for item in taken]
    fault = taken[0].fault if taken and all(item.fault for item in taken) else None
    if fault is None:
        return 202, {"documents": entries}
    return outcome_of(fault).status, {**problem_body(fault, taken[0].name), "documents": entries}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the files of an upload belong: a campaign, and the unit that the sender named, with its id if known."""

    campaign: str
    unit: str | None
    unit_id: str | None


def _place(connection: Connection, asked: UploadRequest, settings: Settings) -> _Place:
    campaign = campaign_for_upload(connection, settings, asked.campaign).id
    unit = sender_unit(connection, asked.unit)
    if unit is None:
        return _Place(campaign, None, None)
    known = unit_called(all_units(connection), unit, office_day()).unit
    return _Place(campaign, known.name if known else unit, known.id if known else None)


def _enter(connection: Connection, arrival: Arrival, asked: UploadRequest, place: _Place) -> Taken:
    """A row for every file whose bytes are there, refused ones too: nobody's file just disappears."""
    if arrival.blob is None:
        return Taken(arrival.name, fault=arrival.fault)
    blob = arrival.blob
    refused = arrival.name if arrival.fault is not None else ""
    key = arrival_key(blob.sha256, place.unit_id or place.unit or "", place.campaign, refused=refused)
    earlier = came_before(connection, key)
    if earlier is not None:
        job, stage = earlier.job_id, earlier.stage
        if same_again(connection, earlier, asked.form_hint, asked.supersedes):
            job = _queue(connection, earlier.id)
        return Taken(arrival.name, earlier.id, job, blob, arrival.fault, stage)
    identity = add_document(
        connection,
        sha256=blob.sha256,
        name=arrival.name,
        size=blob.size,
        form_hint=asked.form_hint,
        unit=place.unit,
        unit_from=FROM_SENDER if place.unit is not None else None,
        campaign=place.campaign,
    )
    place_upload(connection, identity, place.unit_id)
    add_arrival(connection, key, identity)
    if place.unit is not None and place.unit_id is None:  # one that has ended may be called so
        set_unit_of(connection, identity, place.unit, FROM_SENDER)
    if arrival.fault is not None:
        unread(connection, identity, arrival.fault)
        return Taken(arrival.name, identity, None, blob, arrival.fault)
    if asked.supersedes:
        open_submission(connection, identity, asked.supersedes)
    return Taken(arrival.name, identity, _queue(connection, identity), blob)


def _queue(connection: Connection, identity: str) -> str:
    """The job that reads a document."""
    job = add_job(connection, READ_JOB, {"document_id": identity})
    made_by_caller(connection, "job", job)
    set_job(connection, identity, job)
    return job


def unread(connection: Connection, identity: str, fault: FormServiceError) -> None:
    """Enter that a document could not be read, in the shape that ``service read`` prints."""
    document = find_document(connection, identity)
    if document is None:
        raise NotFoundError
    problem = {"code": fault.code, "message": fault.message_zh}
    set_reading(connection, identity, "failed", {**_empty_reading(document), "status": "failed", "problem": problem})


def document_of(database: Database, identity: str) -> StoredDocument:
    """The document of that id.

    Raises:
        NotFoundError: there is none.
    """
    with database.reading() as connection:
        found = find_document(connection, identity)
    if found is None:
        raise NotFoundError
    return found


def original_of(store: BlobStore, document: StoredDocument) -> AbstractContextManager[Path]:
    """The file as received, as long as the context is open.

    Raises:
        NotFoundError: the store has lost it (``verify-store`` says so too).
        BlobDamagedError: it no longer has the content that was received.
    """
    return store.opened(document.sha256)


def described(document: StoredDocument) -> dict[str, Any]:
    """What the API says of a document: its state, and what ``service read`` prints, with what people entered since."""
    reading = document.reading or _empty_reading(document)
    return {
        "id": document.id,
        "state": document.stage,
        "version": document.version,
        "checked": document.is_checked,
        "unit": document.unit,
        "unit_from": document.unit_from,
        "campaign": document.campaign_id,
        "form": document.form_hint,
        "size": document.size,
        "received_at": document.received_at,
        "job": document.job_id,
        "supersedes": document.merged_from or document.supersedes,
        "superseded_by": document.superseded_by,
        **reading,
        "documents": document.found,
        "file": document.name,
    }


def told(database: Database, identity: str) -> dict[str, Any]:
    """What is answered when something was done with a document: all of it, of a long list without its forms.

    Raises:
        NotFoundError: there is none.
    """
    with database.reading() as connection:
        document = find_opening(connection, identity)
        if document is not None and not document.is_split:
            document = find_document(connection, identity)
    if document is None:
        raise NotFoundError
    shown = described(document)
    if document.is_split:
        del shown["documents"]
    return shown


def _empty_reading(document: StoredDocument) -> dict[str, Any]:
    return {
        "file": document.name,
        "sha256": document.sha256,
        "format": None,
        "status": None,
        "seconds": None,
        "problem": None,
        "documents": [],
    }

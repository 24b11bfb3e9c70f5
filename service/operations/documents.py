"""Returned files over HTTP: taken, queued, read by the worker, shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forms.errors import FormServiceError
from parsers.errors import EmptyFileError
from parsers.filenames import display_name
from service.store.blobs import Blob, BlobStore
from service.store.database import Database
from service.store.documents import (
    StoredDocument,
    add_document,
    find_document,
    latest_documents,
    set_job,
)
from service.store.errors import NotFoundError
from service.store.jobs import add_job

READ_JOB = "read-document"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file of an upload: its document and job, or why it was refused."""

    name: str
    document_id: str | None = None
    job_id: str | None = None
    blob: Blob | None = None
    fault: FormServiceError | None = None


def take_file(
    database: Database, sent_name: str, blob: Blob, *, form_hint: str | None = None, unit: str | None = None
) -> Taken:
    """Enter a stored file: its row and its job in one transaction. The bytes are already safe."""
    try:
        name = display_name(sent_name)
        if blob.size == 0:
            raise EmptyFileError
    except FormServiceError as fault:
        return Taken(sent_name, blob=blob, fault=fault)
    with database.transaction() as connection:
        identity = add_document(
            connection, sha256=blob.sha256, name=name, size=blob.size, form_hint=form_hint, unit=unit
        )
        job = add_job(connection, READ_JOB, {"document_id": identity})
        set_job(connection, identity, job)
    return Taken(name, identity, job, blob)


def document_of(database: Database, identity: str) -> StoredDocument:
    """The document of that id.

    Raises:
        NotFoundError: there is none.
    """
    with database.transaction() as connection:
        found = find_document(connection, identity)
    if found is None:
        raise NotFoundError
    return found


def newest(database: Database, limit: int = 50, offset: int = 0) -> Sequence[StoredDocument]:
    """The latest documents."""
    with database.transaction() as connection:
        return latest_documents(connection, limit, offset)


def original_of(store: BlobStore, document: StoredDocument) -> Path:
    """The file as received.

    Raises:
        NotFoundError: the store has lost it (``verify-store`` says so too).
    """
    path = store.path(document.sha256)
    if not path.is_file():
        raise NotFoundError
    return path


def described(document: StoredDocument) -> dict[str, Any]:
    """What the API says of a document: its state, and what ``service read`` prints once it was read."""
    reading = document.reading or {
        "file": document.name,
        "sha256": document.sha256,
        "format": None,
        "status": None,
        "seconds": None,
        "problem": None,
        "documents": [],
    }
    return {
        "id": document.id,
        "state": document.state,
        "unit": document.unit,
        "form": document.form_hint,
        "size": document.size,
        "received_at": document.received_at,
        "job": document.job_id,
        **reading,
        "file": document.name,
    }


def summary_of(document: StoredDocument) -> dict[str, Any]:
    """One line of a list of documents: how many records, faults and values to look at."""
    found = (document.reading or {}).get("documents", [])
    findings = [finding for item in found for finding in item["findings"]]
    return {
        "id": document.id,
        "file": document.name,
        "state": document.state,
        "received_at": document.received_at,
        "forms": [item["form"] for item in found],
        "records": sum(len(item["records"]) for item in found),
        "errors": sum(finding["severity"] == "error" for finding in findings),
        "review": sum(
            entry.get("review", False)
            for item in found
            for entries in (item["header"], *item["records"])
            for entry in entries.values()
        ),
    }


def same_request(values: object) -> str:
    """A canonical text of a request's content, to compare two requests under one key."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False)

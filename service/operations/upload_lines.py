"""What became of files just handed in, a line each: how far the reading is, what was read, and what is odd about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from service.access.scope import EVERYTHING, Scope
from service.operations.holding import STATES
from service.operations.listing import tally_of
from service.operations.merging import UNIT_DIFFERS, UNIT_UNCLEAR
from service.runtime import Runtime
from service.store.documents import StoredDocument, documents_called, documents_in_list
from service.store.jobs import ENDED, Job, find_job

MOST_LINES = 60
"""Files that are asked about at once."""
WAITING = "received"
TOLD = frozenset({UNIT_DIFFERS, UNIT_UNCLEAR, "correction-unclear"})
"""Findings about the file as a whole that whoever hands it in can settle at once."""


def lines_of(runtime: Runtime, identities: Sequence[str], scope: Scope = EVERYTHING) -> list[dict[str, Any]]:
    """A line for each of those documents within reach, in the order asked for."""
    with runtime.database.reading() as connection:
        seen = documents_called(connection, identities[:MOST_LINES], scope.within("document"))
        read = [item.id for item in seen if item.stage != WAITING]
        opened = {item.id: item for item in documents_in_list(connection, read)} if read else {}
        jobs = {item.id: _job(connection, item) for item in seen if item.stage == WAITING}
    lines = {item.id: _line(runtime, opened.get(item.id, item), jobs.get(item.id)) for item in seen}
    return [lines[identity] for identity in identities if identity in lines]


def _job(connection: Connection, document: StoredDocument) -> Job | None:
    return find_job(connection, document.job_id) if document.job_id else None


def _line(runtime: Runtime, document: StoredDocument, job: Job | None) -> dict[str, Any]:
    forms = [item["form"] for item in document.found]
    people, errors, review = document.tally or tally_of(document.found)
    problem = (document.reading or {}).get("problem") if document.stage != WAITING else None
    return {
        "id": document.id,
        "file": document.name,
        "state": document.stage,
        "label": STATES[document.stage],
        "is_done": document.stage != WAITING or (job is not None and job.state in ENDED),
        "job": document.job_id,
        "progress": {"done": job.done, "total": job.total, "state": job.state} if job else None,
        "forms": [runtime.catalogue.readable(form).title for form in forms],
        "people": people,
        "errors": errors,
        "review": review,
        "unit": document.unit,
        "problem": problem["message"] if problem else "",
        "warnings": list(_warnings(runtime, document, forms)),
    }


def _warnings(runtime: Runtime, document: StoredDocument, forms: Sequence[str]) -> list[str]:
    said: list[str] = []
    hint = document.form_hint
    if hint and forms and any(form != hint for form in forms):
        wanted = runtime.catalogue.readable(hint).title
        found = "、".join(runtime.catalogue.readable(form).title for form in dict.fromkeys(forms))
        said.append(f"上传时选的是“{wanted}”，读出来是“{found}”。请确认没有传错。")
    findings = [one for item in document.found for one in item["findings"] if one["code"] in TOLD]
    said += dict.fromkeys(str(one["message"]) for one in findings)
    if document.merged_from:
        said.append("已作为补正件，替代此前退回的文件。")
    return said

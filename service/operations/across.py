"""What accepted forms show together, as each reader may know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from service.access.scope import EVERYTHING, Scope
from service.masking import hide_text
from service.operations.belonging import made_by_caller
from service.operations.cross_units import CROSS_JOB
from service.runtime import Runtime
from service.store.belonging import find_belonging
from service.store.cross import list_findings
from service.store.jobs import add_job
from service.store.records import FindingQuery


def list_across(
    runtime: Runtime, query: FindingQuery, page: tuple[int, int], scope: Scope = EVERYTHING
) -> dict[str, Any]:
    """One page of what was found for documents within somebody's reach, the worst first.

    Who may not see the other side's document is told nothing of it: neither its unit, nor its file, nor its sentence.
    """
    exact = {
        "form": query.form,
        "unit": query.unit,
        "severity": query.severity,
        "code": query.code,
        "document_id": query.document,
    }
    with runtime.database.reading() as connection:
        total, rows = list_findings(connection, exact, scope.within("document"), *page)
        shown = [_shown(row, is_whole=_covers(connection, scope, row["other_document_id"])) for row in rows]
    return {"total": total, "limit": page[0], "offset": page[1], "findings": shown}


def _covers(connection: Connection, scope: Scope, document: str) -> bool:
    return scope == EVERYTHING or scope.covers(find_belonging(connection, "document", document))


def _shown(row: Mapping[str, Any], *, is_whole: bool) -> dict[str, Any]:
    body = row["body"]
    message = body["message"] if is_whole else row["told"]
    plain = {
        "document": row["document_id"],
        "file": row["file"],
        "item": row["item"],
        "form": row["form"],
        "unit": row["unit"],
        "code": row["code"],
        "severity": row["severity"],
        "path": row["path"],
        "message": hide_text(message),
        "clause": body["clause"],
    }
    other = {"unit": row["other_unit"], "document": row["other_document_id"]} if is_whole else None
    return {**plain, "other": other}


def check_everything(runtime: Runtime) -> str:
    """A job that compares all accepted forms anew; returns its id."""
    with runtime.database.transaction() as connection:
        job = add_job(connection, CROSS_JOB, {})
        made_by_caller(connection, "job", job)
    return job

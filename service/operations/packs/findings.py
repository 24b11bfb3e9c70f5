"""All that is still open about what a pack is made of: of its documents, across units, and of the consolidation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from forms.catalogue import Catalogue
from forms.consolidating import Consolidation
from forms.definition import FormDefinition
from forms.errors import UnknownFormError
from forms.finding import Severity
from service.masking import hide_text
from service.operations.packs.contents import Lack
from service.runtime import Runtime
from service.store.campaign_tables import cross_findings
from service.store.tables import accepted, documents, findings
from writers.reports.shapes import OpenFinding

_ROW = re.compile(r"records\[(\d+)\](?:\.(\w+))?")
_STATE = "已接收"


def open_findings(
    runtime: Runtime, connection: Connection, named: Mapping[str, str], wanted: Sequence[str]
) -> list[OpenFinding]:
    """The findings of the named documents (with their units), those across units too, of the forms wanted."""
    columns = (documents.c.id, documents.c.name)
    names = {row.id: row.name for row in connection.execute(select(*columns)) if row.id in named}
    said = select(accepted.c.document_id, accepted.c.item, accepted.c.reason).where(accepted.c.state == "accepted")
    reasons = {(row.document_id, row.item): row.reason for row in connection.execute(said)}
    found: list[OpenFinding] = []
    for table in (findings, cross_findings):
        query = select(table).where(table.c.form.in_(wanted)).order_by(table.c.id)
        for row in connection.execute(query):
            if row.document_id in named:
                body = row.body if table is findings else row.told
                reason = reasons.get((row.document_id, row.item), "")
                found.append(_open(runtime.catalogue, row, body, (named[row.document_id], names, reason)))
    return found


def _open(catalogue: Catalogue, row: Any, body: Any, known: tuple[str, Mapping[str, str], str]) -> OpenFinding:  # noqa: ANN401  # a row of either table, and JSON or a text
    unit, names, reason = known
    plain = body if isinstance(body, dict) else {"message": str(body), "clause": None}
    return OpenFinding(
        unit,
        row.form,
        row.code,
        Severity(row.severity),
        hide_text(str(plain["message"])),
        plain.get("clause") or "",
        names.get(row.document_id, ""),
        _STATE,
        place_in_words(_definition(catalogue, row.form), row.path),
        row.document_id,
        hide_text(reason),
    )


def of_consolidation(catalogue: Catalogue, found: Consolidation, wanted: Sequence[str]) -> list[OpenFinding]:
    """What the consolidation itself found, of the forms wanted."""
    return [
        OpenFinding(
            item.unit,
            item.form,
            item.finding.code,
            item.finding.severity,
            hide_text(item.finding.message),
            item.finding.clause or "",
            place=place_in_words(_definition(catalogue, item.form), item.finding.path),
            document_id=item.document_id,
        )
        for item in found.findings
        if item.form in wanted
    ]


def errors_of(found: Iterable[OpenFinding]) -> list[Lack]:
    """The errors among them, as what keeps a pack from being complete."""
    return [
        Lack("error", item.unit, item.form, _told(item), item.code, item.document_id)
        for item in found
        if item.severity is Severity.ERROR
    ]


def _told(item: OpenFinding) -> str:
    form = f"附件{item.form.rpartition('-')[2]}"
    return f"{item.unit}{form}{item.place}:{item.message}"


def _definition(catalogue: Catalogue, form: str) -> FormDefinition | None:
    try:
        return catalogue.readable(form)
    except UnknownFormError:
        return None


def place_in_words(definition: FormDefinition | None, path: str) -> str:
    """``records[3].name`` as ``第4行 姓名``; a field of the head by its label; empty for the whole form."""
    if definition is None:
        return ""
    match = _ROW.match(path)
    if match is not None:
        item = definition.field(match[2] or "")
        return f"第{int(match[1]) + 1}行 {item.label if item else ''}".strip()
    head, _, key = path.rpartition(".")
    header = definition.header_field(key) if head == "header" else None
    box = next((item for item in definition.boxes if head == f"marks.{item.key}"), None)
    return header.label if header else box.label if box else ""

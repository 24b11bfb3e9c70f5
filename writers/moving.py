"""A record of one edition of a form, for another: the same keys; what the other has no place for is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from forms.definition import Field, FormDefinition
from forms.finding import Finding, Severity
from forms.record import MarkKind, Record, Row

LEFT_OUT = "edition-lacks-field"
"""Finding code of a value that this edition of the form has no place for."""


def moved_to(definition: FormDefinition, record: Record) -> tuple[Record, tuple[Finding, ...]]:
    """The record with what the edition has, and a finding for each value that it leaves out."""
    if record.edition == definition.edition and not _is_strange(definition, record):
        return record, ()
    findings: list[Finding] = []
    header = _kept(record.header, definition.header, "header", definition, findings)
    rows = tuple(
        _kept(row, definition.fields, f"records[{index}]", definition, findings)
        for index, row in enumerate(record.rows)
    )
    boxes = {box.key for box in definition.boxes}
    for mark in record.marks:
        if mark.key not in boxes and mark.kind in (MarkKind.OPINION, MarkKind.DATE) and (mark.text or mark.value):
            message = f"{definition.edition} 版没有这个签章格,“{(mark.text or str(mark.value))[:20]}”未填入"
            findings.append(Finding(LEFT_OUT, f"marks.{mark.key}.{mark.kind}", message, Severity.WARNING))
    marks = tuple(mark for mark in record.marks if mark.key in boxes)
    moved = replace(record, edition=definition.edition, header=header, rows=rows, marks=marks)
    return moved, tuple(findings)


def _is_strange(definition: FormDefinition, record: Record) -> bool:
    keys = {item.key for item in definition.fields}
    heads = {item.key for item in definition.header}
    return not record.header.keys() <= heads or any(not row.keys() <= keys for row in record.rows)


def _kept(row: Row, fields: tuple[Field, ...], path: str, definition: FormDefinition, findings: list[Finding]) -> Row:
    known = {item.key for item in fields}
    findings.extend(_left_out(row, known, path, definition))
    return {key: entry for key, entry in row.items() if key in known}


def _left_out(row: Row, known: set[str], path: str, definition: FormDefinition) -> Iterator[Finding]:
    for key, entry in row.items():
        if key not in known and entry.value not in (None, ""):
            message = f"{definition.edition} 版没有“{key}”一栏,“{str(entry.value)[:20]}”未填入"
            yield Finding(LEFT_OUT, f"{path}.{key}", message, Severity.WARNING)

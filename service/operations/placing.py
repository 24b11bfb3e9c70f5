"""Findings with the cell they are about, also where the cell is empty and so had no entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from forms.finding import Finding, Region
from forms.record import Entry, Record

ROW_PATH = re.compile(r"^records\[(\d+)\](?:\.(\w+))?")
"""The path of a person, or of one of a person's values."""
ADDRESS = re.compile(r"^(?P<sheet>.+)!(?P<column>[A-Z]+)(?P<row>\d+)$")
"""A cell as a workbook names it."""


def placed(record: Record, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of a workbook's record, each with its cell where one can be told from the cells around it."""
    columns = {
        key: match["column"] for row in record.rows for key, entry in row.items() if (match := address_of(entry))
    }
    return tuple(
        finding if finding.region else finding.at(_region(record, finding.path, columns)) for finding in findings
    )


def _region(record: Record, path: str, columns: Mapping[str, str]) -> Region | None:
    match = ROW_PATH.match(path)
    if match is None:
        entry = record.header.get(path.removeprefix("header."))
        return entry.region if entry else None
    row = record.rows[int(match[1])] if int(match[1]) < len(record.rows) else {}
    key = match[2] or ""
    if key in row and row[key].region:
        return row[key].region
    neighbour = next((found for entry in row.values() if (found := address_of(entry))), None)
    if neighbour is None:
        return None
    column = columns.get(key, neighbour["column"])
    return Region(0, None, f"{neighbour['sheet']}!{column}{neighbour['row']}")


def address_of(entry: Entry) -> re.Match[str] | None:
    """The sheet, column and row of an entry's cell, where a workbook's cell is what it has."""
    return ADDRESS.match((entry.region.address if entry.region else None) or "")

"""A form filled in on a page: typed or pasted from Excel, checked by the rules for returned files, handed in.

What was typed is text by place: a header key, or a row's number and key. Until it is handed in it is a draft of
whoever types it; then it is made into the official file and enters as any returned file does.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from forms.checking import check_document, merge_findings
from forms.definition import Field, FormDefinition, Layout
from forms.finding import Finding
from forms.intake import Intake
from forms.labels import normalise_label
from forms.record import Entry, Record
from forms.rules.base import CheckedDocument
from service.operations.arrivals import Arrival
from service.operations.checking import check_settings
from service.operations.documents import IdempotencyConflictError, UploadRequest, take_upload
from service.operations.filling import FillOptions, refuse_illegal
from service.operations.importing import Import
from service.operations.making import LARGEST_RESULT, Made, fill_now
from service.operations.sources import intakes_for
from service.operations.units import names_known, office_day, units_of
from service.runtime import Runtime
from service.store.answers import find_answer
from writers.filling import Purpose
from writers.rendering import page_pictures

MOST_ROWS = 1000
"""More people than any unit of the district has; checked in 0.4 s. Beyond it there is the import workbook."""
MOST_PAGES = 3
PICTURE_DPI = 84
_PLACE = re.compile(r"^records\[(\d+)\]\.(\w+)$")
_HEADER = re.compile(r"^header\.(\w+)$")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of a page: text by key, for the header and for each row."""

    header: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()

    def data(self, definition: FormDefinition) -> dict[str, Any]:
        """The same as data of a form; rows in which nothing was typed are not people."""
        rows = [_said(row) for row in self.rows]
        kept = [row for row in rows if row] if definition.layout is Layout.ROSTER else rows[:1] or [{}]
        return {"form": definition.form, "header": _said(self.header), "records": kept}

    def lines(self, definition: FormDefinition) -> list[int]:
        """The row on the page of each record of :meth:`data`."""
        numbers = [number for number, row in enumerate(self.rows) if _said(row)]
        return numbers if definition.layout is Layout.ROSTER else [0]


def _said(fields: Mapping[str, str]) -> dict[str, str]:
    return {key: text.strip() for key, text in fields.items() if text.strip()}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with something typed: ``place`` is the field's name on the page, empty for the form as a whole."""

    place: str
    where: str
    finding: Finding


def check_typed(runtime: Runtime, definition: FormDefinition, typed: Typed) -> list[Fault]:
    """What is wrong with what was typed, errors first; what is signed and stamped later is not asked for.

    Raises:
        UnusableDataError: what was typed is no data of this form.
    """
    intakes = intakes_for(definition, typed.data(definition), runtime.catalogue)
    units = names_known(units_of(runtime.database), office_day())
    rules = check_settings(runtime.settings, [one.record for one in intakes], units=units)
    lines = typed.lines(definition)
    faults: list[Fault] = []
    for intake in intakes:
        checked = check_document(CheckedDocument(intake.record, definition), rules)
        found = merge_findings(intake.findings, checked)
        faults += [_fault(item, definition, lines) for item in found if _is_of_typing(item, intake)]
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(faults, key=lambda one: order[one.finding.severity.value])


def _is_of_typing(finding: Finding, intake: Intake) -> bool:
    """Whether somebody who types can do something about it: not seals, nor what the program works out itself."""
    if finding.path.startswith("marks"):
        return False
    item, entries = _field_at(finding.path, intake)
    is_blank = item is not None and (item.key not in entries or entries[item.key].is_blank)
    return not (item is not None and item.calculated and is_blank)


def _field_at(path: str, intake: Intake) -> tuple[Field | None, Mapping[str, Entry]]:
    if match := _PLACE.match(path):
        return intake.definition.field(match[2]), intake.record.rows[int(match[1])]
    if match := _HEADER.match(path):
        return intake.definition.header_field(match[1]), intake.record.header
    return None, {}


def _fault(finding: Finding, definition: FormDefinition, lines: Sequence[int]) -> Fault:
    if match := _PLACE.match(finding.path):
        line, item = lines[int(match[1])], definition.field(match[2])
        label = item.label if item else match[2]
        where = f"第{line + 1}行 {label}" if definition.layout is Layout.ROSTER else label
        return Fault(f"r{line}.{match[2]}", where, finding)
    if match := _HEADER.match(finding.path):
        item = definition.header_field(match[1])
        return Fault(f"h.{match[1]}", item.label if item else match[1], finding)
    return Fault("", "全表", finding)


def make_typed(runtime: Runtime, definition: FormDefinition, typed: Typed, options: FillOptions) -> Made:
    """The official file with what was typed.

    Raises:
        FormServiceError: it holds what no file can carry, or could not be proved.
    """
    intakes = intakes_for(definition, typed.data(definition), runtime.catalogue)
    refuse_illegal(intakes)
    return fill_now(definition, [one.record for one in intakes], options, runtime.register)


def hand_in_typed(runtime: Runtime, definition: FormDefinition, typed: Typed, unit: str, once: str = "") -> str:
    """Make the official file and hand it in for that unit, as if it had been uploaded. Returns the document's id.

    ``once`` names who hands in from which opened page: the same content from there is handed in once, however often
    somebody clicks.

    Raises:
        FormServiceError: the file could not be made, or is not taken.
    """
    key = f"fill:{once}:{unit}:{json.dumps(typed.data(definition), sort_keys=True)}" if once else None
    earlier = _handed_in(runtime, key) if key else ""
    if earlier:
        return earlier
    made = make_typed(runtime, definition, typed, FillOptions(Purpose.FINAL, definition.file_format))
    blob = runtime.blobs.put([made.content], LARGEST_RESULT)
    asked = UploadRequest(definition.form, unit or None, key)
    try:
        _, body = take_upload(runtime.database, [Arrival(made.name, blob)], asked, runtime.settings)
    except IdempotencyConflictError:  # the second click came while the first was being done: each makes its own file
        return _handed_in(runtime, key or "")
    return str(body["documents"][0]["id"])


def _handed_in(runtime: Runtime, key: str) -> str:
    """The document that was handed in under a key; empty where none was."""
    with runtime.database.reading() as connection:
        earlier = find_answer(connection, key)
    return str(earlier[2]["documents"][0]["id"]) if earlier else ""


def pictures_of(runtime: Runtime, definition: FormDefinition, typed: Typed) -> list[bytes]:
    """The first pages of the filled form as PNG, as they would be printed.

    Raises:
        FormServiceError: as for :func:`make_typed`.
    """
    intakes = intakes_for(definition, typed.data(definition), runtime.catalogue)
    refuse_illegal(intakes)
    options = FillOptions(Purpose.FINAL, "pdf", print_mark=False)
    made = fill_now(definition, [one.record for one in intakes], options)
    pictures: list[bytes] = []
    for page in page_pictures(made.content, PICTURE_DPI):
        buffer = io.BytesIO()
        page.quantize(32).save(buffer, "PNG", optimize=True)
        pictures.append(buffer.getvalue())
        if len(pictures) == MOST_PAGES:
            break
    return pictures


def typed_of_import(taken: Import) -> Typed:
    """The rows of an imported workbook, to go on with on the page."""
    header = _written(taken.records[0].header, taken.definition.header) if taken.records else {}
    rows = [_written(row, taken.definition.fields) for record in taken.records for row in record.rows]
    return Typed(header, tuple(rows[:MOST_ROWS]))


def typed_of_record(definition: FormDefinition, record: Record) -> Typed:
    """A record as it would be typed."""
    rows = tuple(_written(row, definition.fields) for row in record.rows)
    return Typed(_written(record.header, definition.header), rows)


def _written(entries: Mapping[str, Entry], fields: Sequence[Field]) -> dict[str, str]:
    """Values as they are printed; what could not be read stays as it was written."""
    known = {item.key: item for item in fields}
    return {
        key: entry.text if entry.review or entry.value is None else known[key].type.write(entry.value)
        for key, entry in entries.items()
        if key in known
    }


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was typed with cells pasted in from row ``first`` on, and how many rows and cells found no room."""

    typed: Typed
    first: int = 0
    rows_left: int = 0
    cells_left: int = 0


def pasted(definition: FormDefinition, typed: Typed, text: str, place: str = "") -> Pasted:
    """What was typed with cells of a workbook pasted in: from ``place`` on, else as rows at the end.

    A first line of labels says which column is which; without one, columns follow those of the page.
    """
    cells = [line for line in csv.reader(io.StringIO(text), delimiter="\t") if any(part.strip() for part in line)]
    if not cells:
        return Pasted(typed)
    keys = [item.key for item in definition.fields]
    columns = _columns(definition, cells[0])
    match = re.match(r"^r(\d+)\.(\w+)$", place)
    if columns is None:
        columns = keys[keys.index(match[2]) if match and match[2] in keys else 0 :]
    else:
        cells = cells[1:]
    rows = [dict(row) for row in typed.rows]
    filled = [number for number, row in enumerate(rows) if _said(row)]
    first = min(int(match[1]), MOST_ROWS) if match else (filled[-1] + 1 if filled else 0)
    taken, left = cells[: MOST_ROWS - first], cells[MOST_ROWS - first :]
    rows += [{} for _ in range(first + len(taken) - len(rows))]
    for number, line in enumerate(taken, start=first):
        rows[number] |= {key: part.strip() for key, part in zip(columns, line, strict=False) if key}
    lost = sum(bool(part.strip()) for line in taken for part in _without_column(line, columns))
    return Pasted(replace(typed, rows=tuple(rows)), first, len(left), lost)


def _without_column(line: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The cells of a line for which the form has no column."""
    return [part for number, part in enumerate(line) if number >= len(columns) or not columns[number]]


def _columns(definition: FormDefinition, line: Sequence[str]) -> list[str] | None:
    """The keys of the columns under a line of labels; ``None`` where it is no such line."""
    known = dict(_labels(definition))
    found = [known.get(normalise_label(part), "") for part in line]
    said = [part for part in line if part.strip()]
    is_head = len(said) > 1 and sum(bool(key) for key in found) * 2 > len(said)
    return found if is_head else None


def _labels(definition: FormDefinition) -> Iterator[tuple[str, str]]:
    for item in reversed(definition.fields):
        for label in (*item.synonyms, item.label, f"{item.group}{item.label}"):
            yield normalise_label(label), item.key

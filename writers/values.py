"""A record as it is to be printed: every value as text (or as a number, for a workbook), blanks with their guides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from forms.definition import Field, FormDefinition, Layout
from forms.fieldtypes.base import FieldType
from forms.fieldtypes.registry import make_type
from forms.finding import Finding, Severity
from forms.illegal import illegal_finding
from forms.record import Entry, MarkKind, Record, Row, Value
from writers.completing import total_of
from writers.errors import IllegalCharacterError
from writers.tags import Tag

TICKED, OPEN = "☑", "□"
GUIDES = {"day": "    年  月  日", "month": "    年  月"}
"""What a blank date shows, to be written over by hand."""

NOT_PRINTED = "not-printed"
"""Finding code of something in the data that the official form has no place for."""

_NUMBERS = frozenset({"integer", "money", "ordinal", "compensation"})
_GAP = "    "
Printed = str | int | float


class Purpose(StrEnum):
    """What a filled form is for: to be written by hand, to be completed, or to be signed as it is."""

    BLANK = "blank"
    PREFILLED = "prefilled"
    FINAL = "final"


@dataclass(frozen=True)
class Content:
    """Everything a template prints. ``numeric`` leaves numbers as numbers, for a workbook."""

    definition: FormDefinition
    record: Record
    header: Mapping[str, Printed]
    boxes: Mapping[str, Mapping[str, str]]
    ticks: Mapping[str, Mapping[str, str]]
    numeric: bool
    findings: tuple[Finding, ...] = ()

    @property
    def row_count(self) -> int:
        """How many persons are printed."""
        return len(self.record.rows)

    def rows(self) -> Iterator[dict[str, Printed]]:
        """The persons in order, every field of the definition under its key."""
        is_card = self.definition.layout is Layout.CARD
        for row in self.record.rows:
            yield {
                item.key: printed(item, row.get(item.key), numeric=self.numeric, guided=is_card)
                for item in self.definition.fields
            }


def printed(field: Field, entry: Entry | None, *, numeric: bool, guided: bool) -> Printed:
    """One value as it is printed: a number where ``numeric`` allows, else text; a blank as its guide if ``guided``."""
    value = None if entry is None else entry.value
    if value is None or value == "":
        return (GUIDES.get(field.type.name) or (_GAP if field.suffix else "")) if guided else ""
    if numeric and field.type.name in _NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return field.type.write(value)


def is_number(definition: FormDefinition, tag: Tag) -> bool:
    """Whether a workbook holds what the tag prints as a number."""
    found = definition.field(tag.key) if tag.root == "row" else definition.header_field(tag.key)
    if found is None:
        return tag.root == "header" and any(total.key == tag.key for total in definition.totals)
    return found.type.name in _NUMBERS


def content_of(definition: FormDefinition, record: Record, tags: frozenset[Tag], *, numeric: bool) -> Content:
    """What to print for a completed record, given the tags that the template has.

    ``numeric`` leaves numbers as numbers (for a workbook). A sum that the record's header names stays open.

    Raises:
        IllegalCharacterError: a value holds a character that XML cannot carry.
    """
    refuse_illegal(record)
    findings: list[Finding] = []
    header = {
        item.key: printed(item, record.header.get(item.key), numeric=numeric, guided=True) for item in definition.header
    }
    for total in definition.totals:
        if total.key not in header:
            is_open = not record.rows or total.key in record.header
            figure = None if is_open else total_of(total, record)
            header[total.key] = "" if figure is None else figure
    if not numeric:
        header = {key: str(value) for key, value in header.items()}
    return Content(
        definition,
        record,
        header,
        _boxes(definition, record, tags, findings),
        _ticks(definition, record, tags, findings),
        numeric,
        tuple(findings),
    )


def refuse_illegal(record: Record) -> None:
    """Look at every text of a record.

    Raises:
        IllegalCharacterError: with a finding for each place, before anything is written.
    """
    findings: list[Finding] = []
    places = [("header", record.header), *((f"records[{index}]", row) for index, row in enumerate(record.rows))]
    for path, entries in places:
        words = "".join(entry.value for entry in entries.values() if isinstance(entry.value, str))
        if not words.isprintable():
            findings.extend(_illegal(path, entries))
    marks = (
        illegal_finding(f"{mark.text}{mark.value or ''}", f"marks.{mark.key}.{mark.kind}") for mark in record.marks
    )
    findings.extend(found for found in marks if found is not None)
    if findings:
        error = IllegalCharacterError(places="、".join(item.path for item in findings[:20]))
        error.findings = tuple(findings)
        raise error


def _illegal(path: str, entries: Row) -> Iterator[Finding]:
    for key, entry in entries.items():
        found = illegal_finding(entry.value, f"{path}.{key}") if isinstance(entry.value, str) else None
        if found is not None:
            yield found


def _boxes(
    definition: FormDefinition, record: Record, tags: frozenset[Tag], findings: list[Finding]
) -> dict[str, dict[str, str]]:
    day = make_type("day")
    boxes = {box.key: {"opinion": "", "signature": "", "seal": "", "date": GUIDES["day"]} for box in definition.boxes}
    for mark in record.marks:
        box = boxes.get(mark.key)
        text = _mark_text(day, mark.kind, mark.text, mark.value)
        has_place = box is not None and Tag("box", mark.key, mark.kind.value) in tags
        if has_place and box is not None and text:
            box[mark.kind.value] = text
        elif text and mark.kind in (MarkKind.OPINION, MarkKind.DATE):
            message = f"“{text[:40]}”在表上没有可以打印的位置"
            findings.append(Finding(NOT_PRINTED, f"marks.{mark.key}.{mark.kind}", message, Severity.WARNING))
        elif mark.present and mark.kind is MarkKind.SEAL:
            message = "印章不能由程序打印,须加盖"
            findings.append(Finding(NOT_PRINTED, f"marks.{mark.key}.seal", message, Severity.INFO))
    return boxes


def _mark_text(day: FieldType, kind: MarkKind, text: str, value: Value) -> str:
    if kind is MarkKind.DATE:
        return day.write(value) if value else text
    return "" if kind is MarkKind.SEAL else text


def _ticks(
    definition: FormDefinition, record: Record, tags: frozenset[Tag], findings: list[Finding]
) -> dict[str, dict[str, str]]:
    ticks: dict[str, dict[str, str]] = {}
    for tag in sorted(tag for tag in tags if tag.root == "tick"):
        ticks.setdefault(tag.key, {})[tag.part] = OPEN
    has_words = {tag.key for tag in tags if tag.root in ("record", "header")} if ticks else set()
    row = record.rows[0] if definition.layout is Layout.CARD and record.rows else {}
    for key, options in ticks.items():
        field = definition.field(key) or definition.header_field(key)
        entry = row.get(key) or record.header.get(key)
        if field is None or entry is None or entry.value is None or entry.value == "":
            continue
        code = field.type.read(entry.value).code or entry.code or _answer(entry.value)
        if code in options:
            options[code] = TICKED
        elif key not in has_words:
            message = f"“{field.label}”填的“{entry.value}”不是表上印的选项,未打勾"
            findings.append(Finding(NOT_PRINTED, f"records[0].{key}", message, Severity.ERROR))
    return ticks


def _answer(value: Value) -> str | None:
    """Options of a yes-or-no field are printed under the codes ``true`` and ``false``."""
    return str(value).lower() if isinstance(value, bool) else None

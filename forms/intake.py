"""Takes in the JSON that people and programs hand over: plain data to fill, or what ``service read`` printed.

Every value passes its field type. What is wrong with a value is a finding at its path; data of a shape that cannot be
used at all is an error. Nothing is dropped in silence. Whether required fields are there is for the rules to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from forms.catalogue import Catalogue
from forms.definition import Field, FormDefinition, Layout, Requirement
from forms.fieldtypes.base import Fault, FieldType, Reading
from forms.fieldtypes.registry import make_type
from forms.finding import Finding, Severity
from forms.illegal import illegal_finding
from forms.jsonshape import Shape, closest, unusable
from forms.plain import DOCUMENT_KEYS, entry_from_plain, finding_from_plain, is_entry, mark_from_plain
from forms.record import Entry, Mark, MarkKind, Record

UNKNOWN_KEY = "unknown-key"
"""Finding code of a key that the form does not have."""
VALUE_UNREAD = "value-unread"
"""Finding code of a plain ``null`` among the data."""

_FILE_KEYS = frozenset({"file", "sha256", "format", "status", "seconds", "problem", "documents"})
_OPINIONS = "opinions"
_OPINION_KEYS = frozenset({"opinion", "signature", "date"})


@dataclass(frozen=True, slots=True)
class Intake:
    """One document taken in: its record, and what is wrong with its values one by one."""

    definition: FormDefinition
    record: Record
    findings: tuple[Finding, ...] = ()


def take_in(data: object, catalogue: Catalogue) -> tuple[Intake, ...]:
    """The documents in ``data``: a document, an object with ``documents``, or a list of such objects.

    Each record of a card (attachment-4) is a document of its own.

    Raises:
        UnusableDataError: the data has another shape than the contract's §3; ``pointer`` is the place.
        UnknownFormError: ``form`` names no form.
    """
    return tuple(_take_any(data, "", catalogue))


def _take_any(data: object, pointer: str, catalogue: Catalogue) -> Iterator[Intake]:
    if isinstance(data, list | tuple):
        for index, item in enumerate(data):
            if isinstance(item, list | tuple):
                raise unusable(f"{pointer}[{index}]", "应为 JSON 对象", "expected an object")
            yield from _take_any(item, f"{pointer}[{index}]", catalogue)
    elif isinstance(data, Mapping) and "documents" in data:
        shape = Shape.of(data, pointer, _FILE_KEYS)
        for item, place in shape.items("documents"):
            yield from _take_document(item, place, catalogue)
    else:
        yield from _take_document(data, pointer, catalogue)


def _take_document(data: object, pointer: str, catalogue: Catalogue) -> Iterator[Intake]:
    shape = Shape.of(data, pointer, DOCUMENT_KEYS, required=("form",))
    definition = catalogue.readable(shape.text("form"), shape.text("edition") or None)
    records = list(shape.items("records"))
    if definition.layout is not Layout.CARD:
        yield _Taker(definition, shape).take(records)
        return
    if not records and "records" not in shape.data:
        raise unusable(shape.place("records"), "缺少此键", "missing key")
    if len(records) > 1 and shape.data.get("marks"):
        raise unusable(shape.place("marks"), "多份审批表不能共用一组签章", "marks belong to one record")
    for record in records:
        yield _Taker(definition, shape).take([record])


class _Taker:
    """Takes one document in, collecting findings."""

    def __init__(self, definition: FormDefinition, shape: Shape) -> None:
        self._definition = definition
        self._shape = shape
        self._findings: list[Finding] = []
        self._fields = {field.key: field for field in definition.fields}
        self._header = {field.key: field for field in definition.header}
        self._known: dict[tuple[int, type, object], tuple[Entry, tuple[Fault, ...]]] = {}

    def take(self, records: list[tuple[object, str]]) -> Intake:
        shape, definition = self._shape, self._definition
        header = Shape.of(shape.data.get("header") or {}, shape.place("header"))
        shared = self._shared(header) if definition.layout is Layout.CARD else {}
        own = {key: value for key, value in header.data.items() if key not in shared}
        entries = self._entries(own, self._header, "header", header)
        rows: list[dict[str, Entry]] = []
        marks = [mark_from_plain(item, place) for item, place in shape.items("marks")]
        for index, (item, place) in enumerate(records):
            row = Shape.of(item, place)
            marks.extend(self._opinions(row))
            values = {**shared, **{key: value for key, value in row.data.items() if not self._is_opinions(key)}}
            rows.append(self._entries(values, self._fields, f"records[{index}]", row))
        self._check_marks(marks)
        self._carry()
        record = Record(definition.form, definition.edition, entries, tuple(rows), tuple(marks))
        findings = {(finding.code, finding.path): finding for finding in reversed(self._findings)}
        return Intake(definition, record, tuple(reversed(findings.values())))

    def _shared(self, header: Shape) -> dict[str, object]:
        """Values of a card's fields that were given once for all its records."""
        return {key: value for key, value in header.data.items() if key in self._fields and key not in self._header}

    def _is_opinions(self, key: str) -> bool:
        return key == _OPINIONS and self._definition.layout is Layout.CARD and key not in self._fields

    def _entries(
        self, data: Mapping[str, object], fields: Mapping[str, Field], path: str, shape: Shape
    ) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for key, value in data.items():
            field = fields.get(key)
            if field is None:
                self._unknown(key, f"{path}.{key}", fields)
            else:
                entries[key] = self._entry(field.type, value, f"{path}.{key}", shape.place(key))
                if value is None:
                    self._unread(field, f"{path}.{key}")
        return entries

    def _unread(self, field: Field, path: str) -> None:
        """``null`` says that nobody could read the value, which is not to say that there is none."""
        severity = Severity.WARNING if field.required is Requirement.OPTIONAL else Severity.ERROR
        message = f"“{field.label}”给的是 null,表示没有读出,请补填;确实没有内容的给空文本"
        self._findings.append(Finding(VALUE_UNREAD, path, message, severity))

    def _unknown(self, key: str, path: str, known: Iterable[str]) -> None:
        near = closest(key, list(known))
        message = f"本表没有“{key}”这一项,未收入{f';是否为 {near}?' if near else ''}"
        self._findings.append(Finding(UNKNOWN_KEY, path, message, suggestion=near))

    def _entry(self, kind: FieldType, value: object, path: str, place: str) -> Entry:
        if is_entry(value):
            return self._given_entry(kind, entry_from_plain(value, place), path)
        if value is None:
            return Entry(None, review=True)
        if not isinstance(value, str | int | float):
            raise unusable(
                place, "应为文本、数字、true、false 或 null", "expected a string, a number, true, false or null"
            )
        key = (id(kind), type(value), value)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _understood(kind.read(value))
        entry, faults = known
        if faults:
            self._report(faults, entry, path)
        self._check_characters(entry, path)
        return entry

    def _given_entry(self, kind: FieldType, entry: Entry, path: str) -> Entry:
        """An ENTRY keeps all it says; a value that is not in its normal form is brought to it."""
        reading = kind.read(entry.value)
        if entry.value is not None and reading.settled and not _same(reading.value, entry.value):
            entry = Entry(
                reading.value,
                entry.text,
                reading.code,
                entry.origin,
                entry.confidence,
                entry.review,
                entry.region,
                entry.candidates,
            )
        self._report(reading.faults if entry.value is not None else (), entry, path)
        self._check_characters(entry, path)
        return entry

    def _report(self, faults: Iterable[Fault], entry: Entry, path: str) -> None:
        for fault in faults:
            finding = Finding(fault.code, path, fault.message, fault.severity, None, entry.region, fault.suggestion)
            self._findings.append(finding)

    def _check_characters(self, entry: Entry, path: str) -> None:
        for text in (entry.text, entry.value):
            if isinstance(text, str) and (finding := illegal_finding(text, path)) is not None:
                self._findings.append(finding.at(entry.region))
                return

    def _opinions(self, row: Shape) -> Iterator[Mark]:
        """The texts, names and days a card's data gives for its boxes."""
        if not self._is_opinions(_OPINIONS) or _OPINIONS not in row.data:
            return
        boxes = {box.key: box for box in self._definition.boxes}
        given = Shape.of(row.data[_OPINIONS] or {}, row.place(_OPINIONS))
        for key, item in given.data.items():
            if key not in boxes:
                self._unknown(key, f"marks.{key}", boxes)
                continue
            opinion = Shape.of(item, given.place(key), _OPINION_KEYS)
            yield from self._box_marks(key, opinion)

    def _box_marks(self, key: str, opinion: Shape) -> Iterator[Mark]:
        if text := opinion.text("opinion").strip():
            yield Mark(key, MarkKind.OPINION, present=True, text=text)
        if name := opinion.text("signature").strip():
            yield Mark(key, MarkKind.SIGNATURE, present=True, text=name)
        if day := opinion.text("date").strip():
            reading = make_type("day").read(day)
            path = f"marks.{key}.date"
            self._report(reading.faults, Entry(reading.value), path)
            value = str(reading.value) if reading.settled and reading.value else None
            yield Mark(key, MarkKind.DATE, present=True, text=day, value=value, review=not reading.settled)

    def _check_marks(self, marks: Iterable[Mark]) -> None:
        boxes = {box.key for box in self._definition.boxes}
        for mark in marks:
            path = f"marks.{mark.key}.{mark.kind.value}"
            if mark.key not in boxes:
                self._unknown(mark.key, path, boxes)
            if (finding := illegal_finding(mark.text, path)) is not None:
                self._findings.append(finding.at(mark.region))

    def _carry(self) -> None:
        """Findings of a reader stay with what it read; those of rules are made anew when the record is checked."""
        for item, place in self._shape.items("findings"):
            finding = finding_from_plain(item, place)
            if finding.code.islower():
                self._findings.append(finding)


def _understood(reading: Reading) -> tuple[Entry, tuple[Fault, ...]]:
    entry = Entry(reading.value, reading.text, reading.code, review=not reading.settled, candidates=reading.candidates)
    return entry, reading.faults


def _same(first: object, second: object) -> bool:
    return first == second and isinstance(first, bool) == isinstance(second, bool)

"""Records and findings as the JSON of the contract, §3, and back.

The way there and back loses nothing. Beside the contract's keys stand ``address`` (the cell in its own program's
words), ``suggestion`` and ``unplaced``; of a ledger also ``columns`` and ``history``. Pages and columns count from one
in JSON and from zero in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.finding import Box, Finding, Region, Severity
from forms.jsonshape import Shape
from forms.record import (
    ColumnChoice,
    ColumnStatus,
    Entry,
    Extraction,
    Mark,
    MarkKind,
    Origin,
    Record,
    Row,
    Unplaced,
)

Plain = dict[str, Any]
"""A JSON object: the border between the program's types and JSON."""

ENTRY_KEYS = frozenset(
    {"value", "text", "code", "origin", "confidence", "review", "page", "box", "address", "candidates"}
)
MARK_KEYS = frozenset(
    {"key", "kind", "present", "text", "value", "unit", "page", "box", "address", "confidence", "review", "excused"}
    | {"shape", "whole", "ink", "across"}
)
FINDING_KEYS = frozenset({"code", "severity", "path", "message", "clause", "suggestion", "page", "box", "address"})
UNPLACED_KEYS = frozenset({"text", "label", "page", "box", "address"})
RECORD_KEYS = frozenset({"form", "edition", "header", "records", "marks"})
COLUMN_KEYS = frozenset({"label", "column", "keys", "status", "candidates", "page", "box", "address"})
LEDGER_KEYS = frozenset({"columns", "history"})
DOCUMENT_KEYS = RECORD_KEYS | LEDGER_KEYS | {"form_confidence", "pages", "document_id", "findings", "unplaced"}

_CANDIDATE_KEYS = frozenset({"key", "score"})
_FIGURES_OF_A_BOX = 4
_USUAL_KEYS = frozenset(
    {"value", "text", "code", "origin", "confidence", "review", "page", "box", "address", "candidates"}
)
_BOXED_KEYS = _USUAL_KEYS - {"address"}
_SCALARS = frozenset({str, int, float, bool})
_ORIGINS = {origin.value: origin for origin in Origin}


def _place(region: Region | None) -> Plain:
    if region is None:
        return {"page": None, "box": None}
    place: Plain = {"page": region.page + 1, "box": None if region.box is None else list(region.box)}
    if region.address is not None:
        place["address"] = region.address
    return place


def _region(shape: Shape) -> Region | None:
    page = shape.integer("page")
    if page is None:
        return None
    if page < 1:
        shape.wrong("page", "页码从 1 起", "pages count from 1")
    return Region(page - 1, _box(shape), shape.text_or_none("address"))


def _box(shape: Shape) -> Box | None:
    figures = shape.numbers("box")
    if figures is None:
        return None
    if len(figures) != _FIGURES_OF_A_BOX:
        shape.wrong("box", "应为四个数", "expected four numbers")
    left, top, right, bottom = figures
    return (left, top, right, bottom)


def entry_to_plain(entry: Entry) -> Plain:
    """An ENTRY of the contract."""
    return {
        "value": entry.value,
        "text": entry.text,
        "code": entry.code,
        "origin": entry.origin.value,
        "confidence": entry.confidence,
        "review": entry.review,
        **_place(entry.region),
        "candidates": list(entry.candidates),
    }


def entry_from_plain(data: object, pointer: str = "") -> Entry:
    """The entry of an ENTRY object.

    Raises:
        UnusableDataError: the object is no ENTRY; ``pointer`` is its place in the data.
    """
    usual = _usual_entry(data)
    if usual is not None:
        return usual
    shape = Shape.of(data, pointer, ENTRY_KEYS)
    return Entry(
        value=shape.scalar("value"),
        text=shape.text("text"),
        code=shape.text_or_none("code"),
        origin=_ORIGINS.get(str(shape.data.get("origin"))) or shape.member("origin", Origin, Origin.DIGITAL),
        confidence=shape.number("confidence"),
        review=shape.flag("review"),
        region=_region(shape),
        candidates=shape.texts("candidates"),
    )


def _usual_entry(data: object) -> Entry | None:
    """The entry of an object as :func:`entry_to_plain` makes most of them; ``None`` for any other, good or not."""
    if data.__class__ is not dict or not (data.keys() == _USUAL_KEYS or data.keys() == _BOXED_KEYS):
        return None
    page, text, address, code = data["page"], data["text"], data.get("address"), data["code"]
    value, origin, box, sure = data["value"], data["origin"], data["box"], data["confidence"]
    is_usual = (
        page.__class__ is int
        and page > 0
        and (box is None or _is_box(box))
        and (sure is None or sure.__class__ is float)
        and data["candidates"] == []
        and text.__class__ is str
        and (address is None or address.__class__ is str)
        and (code is None or code.__class__ is str)
        and data["review"].__class__ is bool
        and (value is None or value.__class__ in _SCALARS)
        and origin.__class__ is str
        and origin in _ORIGINS
    )
    if not is_usual:
        return None
    region = Region(page - 1, None if box is None else tuple(box), address)
    return Entry(value, text, code, _ORIGINS[origin], sure, data["review"], region)


def _is_box(box: Any) -> bool:  # noqa: ANN401  # any JSON
    if box.__class__ is not list or len(box) != _FIGURES_OF_A_BOX:
        return False
    return all(figure.__class__ is float or figure.__class__ is int for figure in box)


def mark_to_plain(mark: Mark) -> Plain:
    """One of the contract's MARKS; what is only known of a scanned mark stands there where it is known."""
    seen = {"shape": mark.shape, "whole": mark.whole, "ink": mark.ink, "across": list(mark.across)}
    return {
        "key": mark.key,
        "kind": mark.kind.value,
        "present": mark.present,
        "text": mark.text,
        "value": mark.value,
        "unit": mark.unit,
        **_place(mark.region),
        "confidence": mark.confidence,
        "review": mark.review,
        "excused": mark.excused,
        **{key: value for key, value in seen.items() if value not in ("", None, [])},
    }


def mark_from_plain(data: object, pointer: str = "") -> Mark:
    """The mark of one of the MARKS.

    Raises:
        UnusableDataError: the object is no mark.
    """
    shape = Shape.of(data, pointer, MARK_KEYS, required=("key", "kind"))
    present = shape.scalar("present")
    if present is not None and not isinstance(present, bool):
        shape.wrong("present", "应为 true、false 或 null", "expected true, false or null")
    return Mark(
        key=shape.text("key"),
        kind=shape.member("kind", MarkKind, MarkKind.OPINION),
        present=present if isinstance(present, bool) else None,
        text=shape.text("text"),
        value=shape.text_or_none("value"),
        unit=shape.text_or_none("unit"),
        region=_region(shape),
        confidence=shape.number("confidence"),
        review=shape.flag("review"),
        excused=shape.flag("excused"),
        shape=shape.text("shape"),
        whole=shape.flag("whole") if "whole" in shape.data else None,
        ink=shape.text("ink"),
        across=shape.texts("across"),
    )


def finding_to_plain(finding: Finding) -> Plain:
    """A finding of the contract."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": finding.path,
        "message": finding.message,
        "clause": finding.clause,
        "suggestion": finding.suggestion,
        **_place(finding.region),
    }


def finding_from_plain(data: object, pointer: str = "") -> Finding:
    """The finding of its JSON object.

    Raises:
        UnusableDataError: the object is no finding.
    """
    shape = Shape.of(data, pointer, FINDING_KEYS, required=("code", "path", "message"))
    return Finding(
        code=shape.text("code"),
        path=shape.text("path"),
        message=shape.text("message"),
        severity=shape.member("severity", Severity, Severity.ERROR),
        clause=shape.text_or_none("clause"),
        region=_region(shape),
        suggestion=shape.text_or_none("suggestion"),
    )


def row_to_plain(row: Row) -> Plain:
    """The entries of a person, or of a header, by key."""
    return {key: entry_to_plain(entry) for key, entry in row.items()}


def row_from_plain(data: object, pointer: str = "") -> dict[str, Entry]:
    """The entries of a person, or of a header, where every value is an ENTRY object.

    Raises:
        UnusableDataError: the object or one of its entries has another shape.
    """
    return {key: entry_from_plain(item, f"{pointer}.{key}") for key, item in Shape.of(data, pointer).data.items()}


def record_to_plain(record: Record) -> Plain:
    """A record as ``form``, ``edition``, ``header``, ``records`` and ``marks``."""
    return {
        "form": record.form,
        "edition": record.edition,
        "header": row_to_plain(record.header),
        "records": [row_to_plain(row) for row in record.rows],
        "marks": [mark_to_plain(mark) for mark in record.marks],
    }


def record_from_plain(data: object, pointer: str = "") -> Record:
    """The record of its JSON object.

    Raises:
        UnusableDataError: the object has another shape.
    """
    return _record(Shape.of(data, pointer, RECORD_KEYS, required=("form",)))


def _record(shape: Shape) -> Record:
    header = shape.data.get("header") or {}
    return Record(
        form=shape.text("form"),
        edition=shape.text("edition"),
        header=row_from_plain(header, shape.place("header")),
        rows=tuple(row_from_plain(item, place) for item, place in shape.items("records")),
        marks=tuple(mark_from_plain(item, place) for item, place in shape.items("marks")),
    )


def extraction_to_plain(extraction: Extraction) -> Plain:
    """One of the ``documents`` that ``service read`` prints."""
    record = record_to_plain(extraction.record)
    return {
        "form": record["form"],
        "edition": record["edition"],
        "form_confidence": extraction.form_confidence,
        "pages": [page + 1 for page in extraction.pages],
        "document_id": extraction.document_id,
        "header": record["header"],
        "records": record["records"],
        "marks": record["marks"],
        "findings": [finding_to_plain(finding) for finding in extraction.findings],
        "unplaced": [{"text": item.text, "label": item.label, **_place(item.region)} for item in extraction.unplaced],
        **_of_ledger(extraction),
    }


def _of_ledger(extraction: Extraction) -> Plain:
    """What only a ledger has."""
    if not extraction.columns and not extraction.history:
        return {}
    return {
        "columns": [column_to_plain(item) for item in extraction.columns],
        "history": [row_to_plain(row) for row in extraction.history],
    }


def column_to_plain(choice: ColumnChoice) -> Plain:
    """A column of a ledger, with the keys a person may choose from."""
    return {
        "label": choice.label,
        "column": choice.column + 1,
        "keys": list(choice.keys),
        "status": choice.status.value,
        "candidates": [{"key": key, "score": score} for key, score in choice.candidates],
        **_place(choice.region),
    }


def _column(data: object, pointer: str) -> ColumnChoice:
    shape = Shape.of(data, pointer, COLUMN_KEYS, required=("label", "column"))
    candidates = [Shape.of(item, place, _CANDIDATE_KEYS) for item, place in shape.items("candidates")]
    return ColumnChoice(
        shape.text("label"),
        (shape.integer("column") or 1) - 1,
        shape.texts("keys"),
        shape.member("status", ColumnStatus, ColumnStatus.UNSURE),
        tuple((item.text("key"), item.number("score") or 0.0) for item in candidates),
        _region(shape),
    )


def extraction_from_plain(data: object, pointer: str = "") -> Extraction:
    """The extraction of one of the ``documents``.

    Raises:
        UnusableDataError: the object has another shape.
    """
    shape = Shape.of(data, pointer, DOCUMENT_KEYS, required=("form",))
    confidence = shape.number("form_confidence")
    return Extraction(
        record=_record(shape),
        form_confidence=1.0 if confidence is None else confidence,
        pages=_pages(shape),
        document_id=shape.text_or_none("document_id"),
        findings=tuple(finding_from_plain(item, place) for item, place in shape.items("findings")),
        unplaced=tuple(_unplaced(item, place) for item, place in shape.items("unplaced")),
        columns=tuple(_column(item, place) for item, place in shape.items("columns")),
        history=tuple(row_from_plain(item, place) for item, place in shape.items("history")),
    )


def _pages(shape: Shape) -> tuple[int, ...]:
    pages = shape.numbers("pages")
    if pages is None:
        return (0,)
    if any(page != int(page) or page < 1 for page in pages):
        shape.wrong("pages", "页码从 1 起", "pages count from 1")
    return tuple(int(page) - 1 for page in pages)


def _unplaced(data: object, pointer: str) -> Unplaced:
    shape = Shape.of(data, pointer, UNPLACED_KEYS)
    return Unplaced(shape.text("text"), shape.text("label"), _region(shape))


def is_entry(data: object) -> bool:
    """Whether a JSON value is an ENTRY object rather than a plain value."""
    return isinstance(data, Mapping) and "value" in data

"""Records go to JSON and back without loss."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from forms import plain
from forms.errors import UnusableDataError
from forms.finding import Finding, Region, Severity
from forms.record import Entry, Extraction, Mark, MarkKind, Origin, Record
from tests import strategies


def through_json(data: dict[str, Any]) -> object:
    return json.loads(json.dumps(data))


@given(strategies.entries)
def test_an_entry_comes_back(entry: Entry) -> None:
    back = plain.entry_from_plain(through_json(plain.entry_to_plain(entry)))
    assert back == entry
    assert type(back.value) is type(entry.value)


@given(strategies.marks)
def test_a_mark_comes_back(mark: Mark) -> None:
    assert plain.mark_from_plain(through_json(plain.mark_to_plain(mark))) == mark


@given(strategies.findings)
def test_a_finding_comes_back(finding: Finding) -> None:
    assert plain.finding_from_plain(through_json(plain.finding_to_plain(finding))) == finding


@given(strategies.records)
def test_a_record_comes_back(record: Record) -> None:
    assert plain.record_from_plain(through_json(plain.record_to_plain(record))) == record


@given(strategies.extractions)
def test_an_extraction_comes_back(extraction: Extraction) -> None:
    assert plain.extraction_from_plain(through_json(plain.extraction_to_plain(extraction))) == extraction


def test_the_shapes_are_those_of_the_contract() -> None:
    region = Region(0, (1.0, 2.0, 3.0, 4.0))
    entry = Entry("汉族", "汉", "01", Origin.OCR, 0.9, review=True, region=region, candidates=("满族",))
    assert plain.entry_to_plain(entry) == {
        "value": "汉族",
        "text": "汉",
        "code": "01",
        "origin": "ocr",
        "confidence": 0.9,
        "review": True,
        "page": 1,
        "box": [1.0, 2.0, 3.0, 4.0],
        "candidates": ["满族"],
    }
    mark = plain.mark_to_plain(Mark("lending_unit", MarkKind.SEAL, present=True, text="章", region=region))
    assert {"key", "kind", "present", "text", "unit", "page", "box", "confidence", "review"} <= mark.keys()
    finding = plain.finding_to_plain(Finding("S1-02", "records[0].end_date", "……", Severity.ERROR, "一", region))
    assert {"code", "severity", "path", "message", "clause", "page", "box"} <= finding.keys()
    extraction = plain.extraction_to_plain(Extraction(Record("attachment-4", "r1"), 0.99, (0, 2)))
    wanted = {"form", "edition", "form_confidence", "pages", "document_id", "header", "records", "marks", "findings"}
    assert wanted <= extraction.keys()
    assert extraction["pages"] == [1, 3]


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ([], "x"),
        ({"value": []}, "x.value"),
        ({"value": 1, "text": 1}, "x.text"),
        ({"value": 1, "review": "no"}, "x.review"),
        ({"value": 1, "origin": "guess"}, "x.origin"),
        ({"value": 1, "origin": 3}, "x.origin"),
        ({"value": 1, "page": 0}, "x.page"),
        ({"value": 1, "page": 1.5}, "x.page"),
        ({"value": 1, "page": 1, "box": [1, 2, 3]}, "x.box"),
        ({"value": 1, "page": 1, "box": [1, 2, 3, "4"]}, "x.box"),
        ({"value": 1, "confidence": "high"}, "x.confidence"),
        ({"value": 1, "candidates": "a"}, "x.candidates"),
        ({"value": 1, "candidates": [1]}, "x.candidates"),
        ({"value": 1, "reviewed": True}, "x.reviewed"),
    ],
    ids=repr,
)
def test_another_shape_is_told_with_its_place(data: object, pointer: str) -> None:
    with pytest.raises(UnusableDataError) as caught:
        plain.entry_from_plain(data, "x")
    assert caught.value.pointer == pointer
    assert pointer in caught.value.message_zh


@pytest.mark.parametrize(
    "data", [{}, {"key": "a"}, {"key": "a", "kind": "stamp"}, {"key": "a", "kind": "seal", "present": "yes"}], ids=repr
)
def test_what_is_no_mark_is_told(data: object) -> None:
    with pytest.raises(UnusableDataError):
        plain.mark_from_plain(data)


WORKBOOK_ENTRY = Entry("汉族", "汉", "01", Origin.DIGITAL, None, review=True, region=Region(0, None, "Sheet1!A1"))


def test_an_entry_of_a_workbook_comes_back() -> None:
    assert plain.entry_from_plain(plain.entry_to_plain(WORKBOOK_ENTRY)) == WORKBOOK_ENTRY


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("value", []), ("text", 1), ("code", 1), ("origin", "x"), ("confidence", "x"), ("review", 1), ("page", 0),
        ("page", True), ("box", [1]), ("address", 1), ("candidates", [1]),
    ],
)  # fmt: skip
def test_a_wrong_part_of_an_entry_is_told(key: str, wrong: object) -> None:
    data = {**plain.entry_to_plain(WORKBOOK_ENTRY), key: wrong}
    with pytest.raises(UnusableDataError):
        plain.entry_from_plain(data, "records[0].ethnicity")

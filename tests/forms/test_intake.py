"""JSON becomes records: normal values and everyday spellings, faults with their paths, and nothing dropped."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.catalogue import Catalogue
from forms.definition import Layout
from forms.errors import UnknownFormError, UnusableDataError
from forms.finding import Finding, Region, Severity
from forms.intake import take_in
from forms.plain import extraction_to_plain
from forms.record import Entry, Extraction, Mark, MarkKind, Origin, Record
from tests import strategies

CATALOGUE = Catalogue.load()


def findings_of(data: object) -> dict[str, str]:
    (intake,) = take_in(data, CATALOGUE)
    return {finding.path: finding.code for finding in intake.findings}


def one(record: dict[str, Any], form: str = "attachment-2", **more: object) -> dict[str, Any]:
    return {"form": form, "header": {}, "records": [record], **more}


@pytest.mark.parametrize("form", [item.form for item in CATALOGUE.definitions])
@given(data=st.data())
def test_normal_values_are_taken_as_they_are(form: str, data: st.DataObject) -> None:
    definition = CATALOGUE.find(form)
    plain: Any = data.draw(strategies.plain_data(definition))
    (intake,) = take_in(json.loads(json.dumps(plain)), CATALOGUE)
    assert intake.definition is definition
    assert {key: entry.value for key, entry in intake.record.header.items()} == plain["header"]
    assert [{key: entry.value for key, entry in row.items()} for row in intake.record.rows] == plain["records"]
    assert not [entry for row in intake.record.rows for entry in row.values() if entry.review]
    assert not [finding for finding in intake.findings if finding.severity == "error"]


def test_everyday_spellings_become_normal_values() -> None:
    spelled = {
        "name": "王 芳",
        "sex": "1",
        "id_number": "11010519491231002x",
        "education": "大专",
        "has_contract": "有",
        "contract_start": "2023.7.1",
        "dismissed_on": 45474,
        "compensation": "1.2万元",
    }
    (intake,) = take_in(one(spelled), CATALOGUE)
    row = intake.record.rows[0]
    assert {key: entry.value for key, entry in row.items()} == {
        "id_number": "11010519491231002X",
        "name": "王芳",
        "sex": "男",
        "education": "大学专科",
        "has_contract": True,
        "contract_start": "2023-07-01",
        "dismissed_on": "2024-07-01",
        "compensation": 12000,
    }
    assert row["education"].code == "31"
    assert row["education"].text == "大专"
    assert all(entry.origin is Origin.DIGITAL for entry in row.values())


def test_what_cannot_be_settled_is_marked_for_review_with_a_finding() -> None:
    (intake,) = take_in(one({"education": "研究生", "dismissed_on": "2024.7", "id_number": 1.1e17}), CATALOGUE)
    row = intake.record.rows[0]
    assert all(entry.review for entry in row.values())
    assert row["dismissed_on"].value == "2024-07"
    assert row["id_number"].value is None
    assert {finding.path: (finding.code, finding.suggestion) for finding in intake.findings} == {
        "records[0].education": ("F-6", "博士研究生、硕士研究生、研究生班"),
        "records[0].dismissed_on": ("F-12", "2024年7月__日"),
        "records[0].id_number": ("id-lost-precision", None),
    }


@pytest.mark.parametrize(
    ("key", "severity"),
    [("note", Severity.WARNING), ("months", Severity.WARNING), ("name", Severity.ERROR), ("sex", Severity.ERROR)],
)
def test_null_stays_unread_and_is_said(key: str, severity: Severity) -> None:
    taken = take_in({"form": "attachment-1", "records": [{"name": "张三", key: None}]}, CATALOGUE)[0]
    entry = taken.record.rows[0][key]
    assert (entry.value, entry.review) == (None, True)
    assert [(item.code, item.path, item.severity) for item in taken.findings] == [
        ("value-unread", f"records[0].{key}", severity)
    ]


@pytest.mark.parametrize("key", ["note", "months", "sex"])
def test_an_empty_text_stays_empty_and_is_nothing_to_say(key: str) -> None:
    taken = take_in({"form": "attachment-1", "records": [{"name": "张三", key: ""}]}, CATALOGUE)[0]
    assert (taken.record.rows[0][key].value, taken.record.rows[0][key].review) == ("", False)
    assert taken.findings == ()


def test_an_unknown_key_is_a_finding_that_names_the_closest() -> None:
    data = one({"nmae": "王芳"}, header={"unti": "海州区教育局"})
    (intake,) = take_in(data, CATALOGUE)
    assert {(finding.code, finding.path, finding.suggestion) for finding in intake.findings} == {
        ("unknown-key", "records[0].nmae", "name"),
        ("unknown-key", "header.unti", "unit"),
    }


@pytest.mark.parametrize("text", ["a\x0bb", "\x00王芳", "\ud800", "a\ufffeb"], ids=ascii)
def test_a_character_that_no_file_can_carry_is_a_finding(text: str) -> None:
    assert findings_of(one({"note": text}))["records[0].note"] == "illegal-character"
    assert findings_of(one({"note": {"value": "x", "text": text}}))["records[0].note"] == "illegal-character"


def test_required_fields_are_left_to_the_rules() -> None:
    assert findings_of(one({})) == {}


def test_each_record_of_a_card_is_a_document() -> None:
    data = {"form": "附件4", "header": {"filled_on": "2026-2-20"}, "records": [{"name": "王芳"}, {"name": "李明"}]}
    intakes = take_in(data, CATALOGUE)
    assert [intake.record.rows[0]["name"].value for intake in intakes] == ["王芳", "李明"]
    assert all(intake.record.rows[0]["filled_on"].value == "2026-02-20" for intake in intakes)


def test_opinions_of_a_card_become_marks() -> None:
    opinions = {
        "lending_unit": {"opinion": "同意", "signature": "张三", "date": "2026-2-21"},
        "lending_supervisor": {"date": "2026.2"},
    }
    (intake,) = take_in(one({"name": "王芳", "opinions": opinions}, form="attachment-4"), CATALOGUE)
    assert intake.record.marks == (
        Mark("lending_unit", MarkKind.OPINION, present=True, text="同意"),
        Mark("lending_unit", MarkKind.SIGNATURE, present=True, text="张三"),
        Mark("lending_unit", MarkKind.DATE, present=True, text="2026-2-21", value="2026-02-21"),
        Mark("lending_supervisor", MarkKind.DATE, present=True, text="2026.2", review=True),
    )
    assert [(finding.code, finding.path) for finding in intake.findings] == [("F-12", "marks.lending_supervisor.date")]


def test_an_opinion_of_an_unknown_box_is_a_finding() -> None:
    assert findings_of(one({"opinions": {"lender": {"opinion": "同意"}}}, form="attachment-4")) == {
        "marks.lender": "unknown-key"
    }


def read_document() -> Extraction:
    region = Region(0, (1.0, 2.0, 3.0, 4.0))
    entry = Entry("王芳", "王 芳", origin=Origin.OCR, confidence=0.7, review=True, region=region, candidates=("王芬",))
    lost = Entry(None, "3.20799E+17", review=True, region=Region(0, None, "Sheet1!C7"))
    mark = Mark("unit_seal", MarkKind.SEAL, present=True, text="海州区教育局", region=region, confidence=0.9)
    record = Record(
        "attachment-2", "r1", {"unit": Entry("海州区教育局")}, ({"name": entry, "id_number": lost},), (mark,)
    )
    findings = (
        Finding("id-lost-precision", "records[0].id_number", "……", region=lost.region),
        Finding("S1-17", "records[0].dismissed_on", "……"),
    )
    return Extraction(record, 0.9, findings=findings)


def test_what_was_read_comes_back_without_loss() -> None:
    extraction = read_document()
    document = extraction_to_plain(extraction)
    file = {
        "file": "a.pdf",
        "sha256": "0",
        "format": "pdf",
        "status": "read",
        "seconds": 1,
        "problem": None,
        "documents": [document],
    }
    for data in (document, [document], file, [file]):
        (intake,) = take_in(json.loads(json.dumps(data)), CATALOGUE)
        assert intake.record == extraction.record
        assert intake.findings == extraction.findings[:1]


def test_the_findings_of_rules_are_not_carried_for_they_are_made_anew() -> None:
    (intake,) = take_in(extraction_to_plain(read_document()), CATALOGUE)
    assert "S1-17" not in {finding.code for finding in intake.findings}


def test_an_entry_that_a_person_spelled_freely_is_brought_to_its_normal_form() -> None:
    (intake,) = take_in(one({"hired_on": {"value": "2024年7月1日", "text": "2024.7.1", "review": True}}), CATALOGUE)
    assert intake.record.rows[0]["hired_on"] == Entry("2024-07-01", "2024.7.1", review=True)


def test_a_wrong_value_in_an_entry_is_a_finding_at_its_place() -> None:
    (intake,) = take_in(one({"hired_on": {"value": "2024年2月30日", "page": 2}}), CATALOGUE)
    assert [(finding.code, finding.region) for finding in intake.findings] == [("F-12", Region(1))]


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ("text", None),
        (None, None),
        ({}, "form"),
        ({"form": 1}, "form"),
        ({"form": "attachment-2", "recrods": []}, "recrods"),
        ({"form": "attachment-2", "records": {}}, "records"),
        ({"form": "attachment-2", "records": ["x"]}, "records[0]"),
        ({"form": "attachment-2", "header": [1]}, "header"),
        (one({"name": ["王芳"]}), "records[0].name"),
        (one({"name": {"first": "王"}}), "records[0].name"),
        (one({"name": {"value": "王芳", "reviewed": True}}), "records[0].name.reviewed"),
        (one({}, marks=[{"key": "unit_seal"}]), "marks[0].kind"),
        ({"form": "attachment-4"}, "records"),
        ([one({}), 3], "[1]"),
        ([[one({})]], "[0]"),
        ({"documents": [{"form": "attachment-2", "x": 1}]}, "documents[0].x"),
        ({"documents": [], "x": 1}, "x"),
    ],
    ids=repr,
)
def test_data_of_another_shape_is_told_with_its_place(data: object, pointer: str | None) -> None:
    with pytest.raises(UnusableDataError) as caught:
        take_in(data, CATALOGUE)
    assert caught.value.pointer == pointer


def test_an_unknown_form_is_told() -> None:
    with pytest.raises(UnknownFormError):
        take_in({"form": "attachment-9", "records": []}, CATALOGUE)


def test_a_large_roster_is_taken_in_quickly() -> None:
    definition = CATALOGUE.find("attachment-5")
    assert definition.layout is Layout.ROSTER
    row = {field.key: field.example for field in definition.fields if field.example}
    data = {"form": "attachment-5", "records": [{**row, "note": f"第{index}人"} for index in range(2000)]}
    start = time.process_time()
    (intake,) = take_in(data, CATALOGUE)
    assert len(intake.record.rows) == 2000
    assert time.process_time() - start < 2

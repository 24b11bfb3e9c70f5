"""The yardstick itself: what it calls exact, flagged and silent."""

from __future__ import annotations

from typing import Any

import pytest

from bench.scans.markscoring import MarkOutcome, score_marks
from bench.scans.scoring import Outcome, Sheet, aligned, score
from bench.scans.tables import COLUMNS, Row, calibration_error, markdown, plain, silent_list
from forms.catalogue import Catalogue
from forms.record import Value
from samples.paper.endorsing import MarkTruth
from samples.paper.returned import Truth

HEADER: dict[str, Value] = {"unit": "海州区教育局", "total": 2}
ROWS: tuple[dict[str, Value], ...] = (
    {"no": 1, "name": "王芳", "id_number": "320799196901017662", "note": "", "has_contract": True},
    {"no": 2, "name": "李强", "id_number": "320799198208101232", "note": "", "has_contract": False},
)
MARKS = (
    MarkTruth("unit_seal", "seal", present=True, text="海州区教育局"),
    MarkTruth("unit_seal", "date", present=True, value="2026-08-20"),
    MarkTruth("principal_signature", "signature", present=False),
)


def entry(value: Any, *, review: bool = False) -> dict[str, Any]:
    return {"value": value, "text": str(value), "confidence": 0.99, "review": review}


def reading(*, rows: tuple[Any, ...] = ROWS, status: str = "read") -> dict[str, Any]:
    """What a reader prints that makes no mistake."""
    marks = [
        {"key": mark.key, "kind": mark.kind, "present": mark.present, "text": mark.text, "unit": mark.text or None}
        | {"value": mark.value, "review": False}
        for mark in MARKS
    ]
    document = {
        "form": "attachment-2",
        "header": {key: entry(value) for key, value in HEADER.items()},
        "records": [{key: entry(value) for key, value in row.items()} for row in rows],
        "marks": marks,
        "findings": [],
    }
    return {"status": status, "documents": [document], "seconds": 1.0}


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return Sheet("print200", 1, Catalogue.load().find("attachment-2"))


@pytest.fixture
def truth() -> Truth:
    return Truth("attachment-2", HEADER, ROWS, MARKS)


def of(outcomes: list[Outcome], place: str) -> Outcome:
    (found,) = (item for item in outcomes if item.place == place)
    return found


def test_a_perfect_reading_is_exact_and_nothing_else(sheet: Sheet, truth: Truth) -> None:
    outcomes = score(sheet, truth, reading())
    assert len(outcomes) == 12
    assert all(item.is_exact and not item.is_flagged and not item.is_false_fill for item in outcomes)
    assert {item.type for item in outcomes if item.key == "id_number"} == {"id_number"}


def test_a_planted_wrong_value_is_silent_and_a_planted_review_is_not(sheet: Sheet, truth: Truth) -> None:
    plain_reading = reading()
    record = plain_reading["documents"][0]["records"][0]
    record["name"] = entry("王劳")
    record["id_number"] = entry("320799196901017666", review=True)
    outcomes = score(sheet, truth, plain_reading)
    assert of(outcomes, "records[0].name").is_silent
    flagged = of(outcomes, "records[0].id_number")
    assert flagged.is_flagged
    assert not flagged.is_exact
    assert not flagged.is_silent
    assert sum(item.is_silent for item in outcomes) == 1


@pytest.mark.parametrize(("wanted", "got"), [(True, 1), (1, True), ("1", 1), ("王芳", "王 芳"), ("甲,乙", "甲，乙")])
def test_values_are_compared_with_their_kind_and_every_character(
    sheet: Sheet, truth: Truth, wanted: Any, got: Any
) -> None:
    asked = Truth(truth.form, {"unit": wanted}, (), ())
    given = reading(rows=())
    given["documents"][0]["header"] = {"unit": entry(got)}
    assert score(sheet, asked, given)[0].is_silent


def test_differences_of_form_alone_are_told_apart_but_stay_silent(sheet: Sheet, truth: Truth) -> None:
    given = reading()
    given["documents"][0]["header"]["unit"] = entry("海州区 教育局")
    outcome = of(score(sheet, truth, given), "header.unit")
    assert outcome.is_form_only
    assert outcome.is_silent


def test_what_is_read_in_an_empty_cell_is_a_false_fill_even_when_flagged(sheet: Sheet, truth: Truth) -> None:
    given = reading()
    given["documents"][0]["records"][1]["note"] = entry("一", review=True)
    outcome = of(score(sheet, truth, given), "records[1].note")
    assert outcome.is_false_fill
    assert not outcome.is_silent


def test_a_lost_value_is_silent_unless_a_finding_speaks_of_its_place(sheet: Sheet, truth: Truth) -> None:
    given = reading()
    del given["documents"][0]["records"][1]["name"]
    assert of(score(sheet, truth, given), "records[1].name").is_silent
    finding = {"path": "records[1].name", "severity": "error", "code": "F-1"}
    given["documents"][0]["findings"].append(finding)
    assert not of(score(sheet, truth, given), "records[1].name").is_silent
    finding["severity"] = "info"
    assert of(score(sheet, truth, given), "records[1].name").is_silent


def test_a_missing_row_is_silent_and_the_rows_after_it_are_still_compared_with_their_own(
    sheet: Sheet, truth: Truth
) -> None:
    outcomes = score(sheet, truth, reading(rows=ROWS[1:]))
    assert of(outcomes, "records[0].name").is_silent
    assert of(outcomes, "records[0].note").is_exact
    assert all(item.is_exact for item in outcomes if item.place.startswith("records[1]"))


def test_a_missing_row_of_which_the_count_warns_is_flagged(sheet: Sheet, truth: Truth) -> None:
    given = reading(rows=ROWS[1:])
    given["documents"][0]["findings"].append({"path": "header.total", "severity": "error", "code": "X"})
    assert not any(item.is_silent for item in score(sheet, truth, given))


def test_an_invented_row_is_silent(sheet: Sheet, truth: Truth) -> None:
    invented = {"no": 3, "name": "赵五"}
    outcomes = score(sheet, truth, reading(rows=(*ROWS, invented)))
    assert of(outcomes, "records[+2].name").is_silent
    assert of(outcomes, "records[+2].name").is_false_fill


def test_a_file_that_was_refused_is_flagged_and_one_read_as_another_form_is_silent(sheet: Sheet, truth: Truth) -> None:
    refused = {"status": "failed", "documents": [], "seconds": 1.0}
    assert not any(item.is_silent for item in score(sheet, truth, refused))
    mistaken = reading()
    mistaken["documents"][0]["form"] = "attachment-3"
    assert of(score(sheet, truth, mistaken), "header.unit").is_silent


def test_rows_are_paired_in_order_by_what_is_a_persons_own() -> None:
    found = [{key: entry(value) for key, value in row.items()} for row in ROWS]
    assert aligned(ROWS, found) == {0: 0, 1: 1}
    assert aligned(ROWS, found[1:]) == {1: 0}
    assert aligned(ROWS[:1], found[1:]) == {}


def marks_of(given: dict[str, Any], truth: Truth) -> dict[str, MarkOutcome]:
    return {mark.wanted.kind: mark for mark in score_marks("print200", 1, truth, given)}


def test_marks_that_are_right_are_not_silent(truth: Truth) -> None:
    marks = marks_of(reading(), truth)
    assert all(mark.is_right and not mark.is_silent for mark in marks.values())
    assert marks["seal"].is_unit_read


def test_a_missed_seal_an_invented_signature_and_a_wrong_day_are_silent(truth: Truth) -> None:
    given = reading()
    seal, day, signature = given["documents"][0]["marks"]
    seal["present"], day["value"], signature["present"] = False, "2026-08-26", True
    assert [mark.is_silent for mark in marks_of(given, truth).values()] == [True, True, True]
    seal["review"] = day["review"] = signature["review"] = True
    assert [mark.is_silent for mark in marks_of(given, truth).values()] == [False, False, False]


def test_the_seal_of_a_wrong_unit_passes_in_silence_unless_a_rule_speaks(truth: Truth) -> None:
    wrong = MarkTruth("unit_seal", "seal", present=True, text="海州区审计局", is_wrong=True)
    asked = Truth(truth.form, truth.header, truth.records, (wrong,))
    given = reading()
    given["documents"][0]["marks"][0] |= {"unit": "海州区审计局", "text": "海州区审计局"}
    assert marks_of(given, asked)["seal"].is_silent
    given["documents"][0]["findings"].append({"path": "marks.unit_seal.seal", "severity": "error", "code": "S1"})
    assert not marks_of(given, asked)["seal"].is_silent


def outcome(confidence: float | None, *, exact: bool) -> Outcome:
    return Outcome("c", "f", 1, "p", "name", "name", "王芳", "王芳" if exact else "王劳", "", confidence, False)  # noqa: FBT003 - positions of a record


def test_calibration_error_is_the_mean_gap_between_confidence_and_truth() -> None:
    sure = [outcome(0.95, exact=True)] * 19 + [outcome(0.95, exact=False)]
    assert calibration_error(sure) == pytest.approx(0.0)
    assert calibration_error([outcome(0.9, exact=False)]) == pytest.approx(0.9)
    assert calibration_error([outcome(None, exact=False)]) is None


def test_tables_show_what_was_counted(sheet: Sheet, truth: Truth) -> None:
    given = reading()
    given["documents"][0]["records"][0]["id_number"] = entry("320799196901017666")
    row = Row("print200", score(sheet, truth, given), list(score_marks("print200", 1, truth, given)), 1, 2.0)
    cells = [column.cell(row) for column in COLUMNS]
    assert cells[:8] == ["print200", "12", "91.67%", "0.00%", "1", "0", "1", "0"]
    assert cells[8] == "1.000 / 1.000"
    assert "| print200 | 12 | 91.67% |" in markdown([row], COLUMNS)
    assert "91.67%" in plain([row], COLUMNS)
    (line,) = silent_list([row])
    assert "records[0].id_number" in line
    assert "320799196901017662" in line
    assert "320799196901017666" in line

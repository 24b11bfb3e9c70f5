"""Scanned values that confirm or contradict each other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from forms.finding import Finding, Severity
from forms.record import Entry, Extraction, Origin, Record, Value
from parsers.agreeing import agree

NUMBER = "320799198503120012"
"""An invented number: born in March 1985, a man."""


def ocr(value: Value, confidence: float = 0.99, *, review: bool = False) -> Entry:
    return Entry(value, str(value), origin=Origin.OCR, confidence=confidence, review=review)


def agreed(
    *rows: Mapping[str, Entry],
    header: Mapping[str, Entry] | None = None,
    form: str = "attachment-1",
    findings: tuple[Finding, ...] = (),
) -> Record:
    record = Record(form, "r1", header or {}, tuple(rows))
    return agree(Extraction(record, 1.0, (0,), None, findings, ())).record


def test_a_birth_that_the_number_confirms_needs_nobody() -> None:
    row = {"id_number": ocr(NUMBER), "birth_month": ocr("1985-03", 0.7, review=True)}
    assert agreed(row).rows[0]["birth_month"].review is False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"id_number": NUMBER}, {"birth_month": "1985-08"}),
        ({"id_number": NUMBER}, {"sex": "女"}),
        ({"start_date": "2026-01-01", "end_date": "2026-06-30"}, {"months": 5}),
        ({"start_date": "2026-08-01"}, {"end_date": "2026-03-31"}),
        ({"contract_start": "2026-08-01"}, {"contract_end": "2025-03-31"}),
        ({"birth_month": "1985-03", "filled_on": "2026-08-01"}, {"age": 47}),
    ],
)
def test_both_sides_of_a_contradiction_go_to_a_person(one: dict[str, Value], other: dict[str, Value]) -> None:
    (row,) = agreed({key: ocr(value) for key, value in {**one, **other}.items()}).rows
    assert all(entry.review for entry in row.values())


@pytest.mark.parametrize(
    "row",
    [
        {"id_number": NUMBER, "birth_month": "1985-03", "sex": "男"},
        {"start_date": "2026-01-01", "end_date": "2026-06-30", "months": 6},
        {"start_date": "2026-01-15", "end_date": "2026-06-30", "months": 5},
        {"start_date": "2026-01-15", "end_date": "2026-06-30", "months": 6},
        {"birth_month": "1985-03", "filled_on": "2026-02-01", "age": 40},
        {"birth_month": "1985-03", "age": ""},
        {"id_number": "", "birth_month": "1985-03"},
    ],
)
def test_what_agrees_or_says_nothing_stays(row: dict[str, Value]) -> None:
    (got,) = agreed({key: ocr(value) for key, value in row.items()}).rows
    assert not any(entry.review for entry in got.values())


def test_the_value_that_a_claim_asks_for_is_offered() -> None:
    (row,) = agreed({"id_number": ocr(NUMBER), "birth_month": ocr("1985-08")}).rows
    assert row["birth_month"].candidates == ("1985-03",)


def test_what_a_file_says_in_letters_is_left_alone() -> None:
    row = {"id_number": Entry(NUMBER, NUMBER), "birth_month": Entry("1985-08", "1985.08")}
    assert agreed(row).rows == (row,)


def test_another_doubt_is_not_lifted() -> None:
    row = {"id_number": ocr(NUMBER), "birth_month": ocr("1985-03", 0.7, review=True)}
    finding = Finding("crossed-out", "records[0].birth_month", "格内有划线", Severity.WARNING)
    assert agreed(row, findings=(finding,)).rows[0]["birth_month"].review is True


def test_what_one_claim_doubts_no_other_confirms() -> None:
    row = {"id_number": ocr(NUMBER, 0.8, review=True), "birth_month": ocr("1985-03"), "sex": ocr("女")}
    assert agreed(row).rows[0]["id_number"].review is True


def test_a_number_out_of_turn_is_doubted_and_one_in_turn_confirmed() -> None:
    rows = agreed(*({"no": ocr(number, 0.8, review=True)} for number in (1, 2, 8, 4))).rows
    assert [row["no"].review for row in rows] == [False, False, True, False]


def test_a_total_is_held_against_the_rows() -> None:
    rows = [{"no": ocr(number)} for number in (1, 2, 3)]
    assert agreed(*rows, header={"total": ocr(3, 0.7, review=True)}).header["total"].review is False
    assert agreed(*rows, header={"total": ocr(8)}).header["total"].review is True


def test_sums_of_the_head_are_held_against_each_other() -> None:
    header = {"before_total": ocr(9), "dismissed_total": ocr(2), "retained_total": ocr(6)}
    got = agreed({"no": ocr(1)}, header=header, form="attachment-9").header
    assert all(entry.review for entry in got.values())


def test_a_unit_unlike_its_neighbours_by_one_character_is_looked_at_unless_sure() -> None:
    rows = [{"unit": ocr("海州区第一中心")}, {"unit": ocr("海州区第一中心")}, {"unit": ocr("海州区第二中心", 0.95)}]
    assert [row["unit"].review for row in agreed(*rows).rows] == [False, False, True]
    rows[2] = {"unit": ocr("海州区第二中心", 0.999)}
    assert not any(row["unit"].review for row in agreed(*rows).rows)


def test_what_is_no_number_says_nothing_of_a_sex() -> None:
    row = agreed({"id_number": ocr("3207991990010114某8"), "sex": ocr("男")}).rows[0]
    assert not row["sex"].review


@pytest.mark.parametrize(
    ("read", "confidence", "shown"),
    [
        ("海州区示列服务中心", 0.6, "海州区示例服务中心"),
        ("海州区示列服务中心", 0.97, "海州区示列服务中心"),
        ("海州区示例服务中心二", 0.6, "海州区示例服务中心二"),
    ],
)
def test_a_poorly_read_unit_is_shown_as_its_twin_and_looked_at(read: str, confidence: float, shown: str) -> None:
    rows = [{"unit": ocr(text, sure)} for text, sure in ((read, confidence), *[("海州区示例服务中心", 0.99)] * 2)]
    entry = agreed(*rows).rows[0]["unit"]
    assert entry.value == shown
    if shown != read:
        assert entry.review
        assert entry.text == read == entry.candidates[0]


def test_units_that_differ_by_a_number_are_two() -> None:
    rows = [{"unit": ocr(text, sure)} for text, sure in (("示例第一中心", 0.6), *[("示例第二中心", 0.99)] * 2)]
    assert agreed(*rows).rows[0]["unit"].value == "示例第一中心"


def test_months_confirm_only_a_period_that_ends_a_day_before_the_day_it_began_on() -> None:
    period = {"start_date": ocr("2026-01-08", 0.7, review=True), "end_date": ocr("2026-07-02"), "months": ocr(6)}
    assert agreed(period).rows[0]["start_date"].review is True
    assert agreed({**period, "end_date": ocr("2026-07-07")}).rows[0]["start_date"].review is False

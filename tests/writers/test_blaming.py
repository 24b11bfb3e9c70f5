"""Words that a form cannot carry are named; anything else stays a fault of the program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forms.catalogue import Catalogue
from forms.intake import Intake, take_in
from forms.record import Entry, Record
from writers import blaming
from writers.blaming import words_not_carried
from writers.errors import WordsNotCarriedError
from writers.filling import fill

DATA = Path(__file__).parents[2] / "samples" / "data"
CATALOGUE = Catalogue.load()


def taken(form: str, count: int, rows: dict[int, dict[str, Any]], header: dict[str, Any]) -> Intake:
    data = json.loads((DATA / f"{form}.json").read_text(encoding="utf-8"))
    data["records"] = [{**record, **rows.get(index, {})} for index, record in enumerate(data["records"][:count])]
    data["header"] |= header
    return take_in(data, CATALOGUE)[0]


@pytest.mark.parametrize(
    ("form", "rows", "header", "places"),
    [
        ("attachment-1", {0: {"name": "备注"}}, {}, ["records[0].name“备注”"]),
        (
            "attachment-1",
            {1: {"reason": "同上"}},
            {"contact": "单位"},
            ["header.contact“单位”", "records[1].reason“同上”"],
        ),
        ("attachment-2", {1: {"unit": "小计"}}, {}, ["records[1].unit“小计”"]),
        ("attachment-5", {0: {"department": "合计"}}, {}, ["records[0].department“合计”"]),
        (
            "attachment-4",
            {0: {"reason": "备注", "lending_unit": "借入单位"}},
            {},
            ["lending_unit“借入", "reason“备注”"],
        ),
    ],
)
def test_words_of_the_form_among_the_data_are_named(
    form: str, rows: dict[int, dict[str, Any]], header: dict[str, Any], places: list[str]
) -> None:
    intake = taken(form, 1 if form == "attachment-4" else 3, rows, header)
    with pytest.raises(WordsNotCarriedError) as caught:
        fill(intake.definition, intake.record)
    assert all(place in caught.value.message_zh for place in places)
    assert caught.value.message_zh.count("“") == len(places)


@pytest.mark.parametrize(
    "end", [{"start_date": ""}, {"start_date": "", "months": ""}, {"months": 1000}, {"months": 1.5}]
)
def test_periods_without_a_start_and_long_ones_are_carried(end: dict[str, Any]) -> None:
    intake = taken("attachment-4", 1, {0: end}, {})
    assert fill(intake.definition, intake.record).content


def roster(count: int, odd: dict[int, str]) -> Record:
    rows = tuple({"note": Entry(odd.get(index, f"第{index}人"))} for index in range(count))
    return Record("attachment-5", "r1", {}, rows)


def test_a_few_words_are_found_among_many_rows() -> None:
    odd = {3: "同上", 51: "合计", 170: "小计"}

    def carries(record: Record) -> bool:
        return not {row["note"].value for row in record.rows} & set(odd.values())

    found = words_not_carried(CATALOGUE.find("attachment-5"), roster(200, odd), carries)
    assert [place.path for place in found] == [f"records[{index}].note" for index in odd]


def test_what_no_words_mend_is_not_blamed_on_words() -> None:
    assert words_not_carried(CATALOGUE.find("attachment-5"), roster(60, {}), lambda _record: False) == ()


def test_the_search_ends() -> None:
    tried = []

    def carries(record: Record) -> bool:
        tried.append(record)
        return all(row["note"].value == blaming.NEUTRAL for row in record.rows)

    found = words_not_carried(CATALOGUE.find("attachment-5"), roster(5_000, {}), carries)
    assert len(found) == blaming.MOST_NAMED
    assert len(tried) <= blaming.MOST_TRIALS

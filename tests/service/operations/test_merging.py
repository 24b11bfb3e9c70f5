"""What a person entered, in the unit's corrected file and in the same file read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from forms.catalogue import Catalogue
from forms.record import Entry, Extraction, Mark, MarkKind, Origin, Record
from service.operations.merging import DIFFERS, GONE, Before, Merged, carry_over, people_of

ONE, TWO, THREE = "320799199001011234", "320799199001011250", "320799199001011277"
DEFINITION = Catalogue.load().find("attachment-2")


def person(name: str, number: str, **more: Any) -> dict[str, Entry]:
    return {key: Entry(value, str(value)) for key, value in {"name": name, "id_number": number, **more}.items()}


def found(*rows: dict[str, Entry], marks: tuple[Mark, ...] = (), **header: str) -> Extraction:
    heads = {key: Entry(value, value) for key, value in header.items()}
    return Extraction(Record("attachment-2", "r1", heads, rows, marks), 1.0)


def human(extraction: Extraction, row: int, **entered: Any) -> Extraction:
    rows = list(extraction.record.rows)
    said = {key: Entry(value, str(value), origin=Origin.HUMAN) for key, value in entered.items()}
    rows[row] = {**rows[row], **said}
    return replace(extraction, record=replace(extraction.record, rows=tuple(rows)))


def merged(read: Extraction, now: Extraction, new: Extraction, *, same_file: bool = False) -> Merged:
    return carry_over(Before(read, now), new, 0, DEFINITION, same_file=same_file)


def entry(result: Merged, row: int, key: str) -> tuple[Any, str, bool]:
    held = result.found.record.rows[row][key]
    return held.value, held.origin.value, held.review


def codes(result: Merged) -> list[tuple[str, str]]:
    return [(item.code, item.path) for item in result.found.findings]


def test_a_person_is_known_again_in_another_row_and_keeps_what_was_entered() -> None:
    read = found(person("王一", ONE, post="保洁"), person("王二", TWO, post="电工"))
    new = found(person("王三", THREE, post="司机"), person("王二", TWO, post="电工"), person("王一", ONE, post="保洁"))
    result = merged(read, human(read, 1, post="水电工"), new)
    assert entry(result, 1, "post") == ("水电工", "human", False)
    assert entry(result, 2, "post") == ("保洁", "digital", False)
    assert codes(result) == []
    assert [(step.action, step.path) for step in result.steps] == [("carried", "documents[0].records[1].post")]


def test_what_the_unit_changed_too_is_shown_beside_what_the_person_entered() -> None:
    read = found(person("王一", ONE, post="保洁"))
    result = merged(read, human(read, 0, post="保安"), found(person("王一", ONE, post="司机")))
    assert entry(result, 0, "post") == ("司机", "digital", True)
    assert "保安" in result.found.record.rows[0]["post"].candidates
    assert codes(result) == [(DIFFERS, "records[0].post")]


def test_a_unit_that_corrected_to_the_same_value_agrees() -> None:
    read = found(person("王一", ONE, post="保洁"))
    result = merged(read, human(read, 0, post="保安"), found(person("王一", ONE, post="保安")))
    assert entry(result, 0, "post") == ("保安", "digital", False)
    assert codes(result) == []


@pytest.mark.parametrize("value", [None, "司机"])
def test_a_value_that_could_not_be_read_before_or_now_is_not_carried_in_silence(value: str | None) -> None:
    unread = {"post": Entry(None, review=True)}
    read = found({**person("王一", ONE), **unread})
    new = found({**person("王一", ONE), "post": Entry(value, review=value is None)})
    result = merged(read, human(read, 0, post="保安"), new)
    assert entry(result, 0, "post")[2] is True
    assert codes(result) == [(DIFFERS, "records[0].post")]


def test_a_value_that_is_unsure_in_the_new_file_cannot_be_called_unchanged() -> None:
    read = found(person("王一", ONE, post="保洁"))
    new = found({**person("王一", ONE), "post": Entry("保洁", "保洁", review=True)})
    result = merged(read, human(read, 0, post="保安"), new)
    assert entry(result, 0, "post") == ("保洁", "digital", True)
    assert codes(result) == [(DIFFERS, "records[0].post")]


def test_two_people_of_one_name_never_take_over_from_each_other() -> None:
    read = found(person("王一", ONE, post="保洁"))
    result = merged(read, human(read, 0, post="保安"), found(person("王一", TWO, post="保洁")))
    assert entry(result, 0, "post") == ("保洁", "digital", True)
    assert codes(result) == [(DIFFERS, "records[0].post")]
    twice = found(person("王一", TWO, post="保洁"), person("王一", THREE, post="保洁"))
    result = merged(read, human(read, 0, post="保安"), twice)
    assert [entry(result, row, "post") for row in (0, 1)] == [("保洁", "digital", False)] * 2
    assert codes(result) == [(GONE, "")]


def test_a_number_that_a_person_corrected_finds_its_row_by_the_number_as_read() -> None:
    read = found(person("王一", "320799199001011231", post="保洁"))
    result = merged(read, human(read, 0, id_number=ONE), found(person("王壹", "320799199001011231", post="保洁")))
    assert entry(result, 0, "id_number") == (ONE, "human", False)


def test_a_person_left_out_of_the_new_file_is_told_and_not_put_back() -> None:
    read = found(person("王一", ONE, post="保洁"), person("王二", TWO))
    result = merged(read, human(read, 0, post="保安"), found(person("王二", TWO)))
    assert len(result.found.record.rows) == 1
    assert codes(result) == [(GONE, "")]


def test_in_the_same_file_the_person_stands_whatever_is_read_and_a_lost_row_stays() -> None:
    read = found(person("王一", ONE, post="保洁"), person("王二", TWO, post="电工"))
    now = human(human(read, 0, post="保安"), 1, name="王贰")
    result = merged(
        read, now, found(person("王一", ONE, post="司机"), person("王二", TWO, post="电工")), same_file=True
    )
    assert entry(result, 0, "post") == ("保安", "human", False)
    assert entry(result, 1, "name") == ("王贰", "human", False)
    result = merged(read, now, found(person("王一", ONE, post="司机")), same_file=True)
    assert entry(result, 1, "name") == ("王贰", "human", False)
    assert entry(result, 1, "post") == ("电工", "digital", True)
    assert codes(result) == [(GONE, "records[1]")]


def test_marks_that_a_person_judged_stay_with_the_file_and_go_to_no_other_paper() -> None:
    missing = Mark("unit_seal", MarkKind.SEAL, present=False)
    read = found(person("王一", ONE), marks=(missing,))
    seen = replace(read, record=replace(read.record, marks=(replace(missing, present=True),)))
    before = Before(read, seen, frozenset({("unit_seal", "seal")}))
    again = carry_over(before, read, 0, DEFINITION, same_file=True)
    assert again.found.record.marks[0].present is True
    other = carry_over(before, read, 0, DEFINITION, same_file=False)
    assert other.found.record.marks[0].present is False


def test_a_number_in_common_and_half_of_the_people_make_the_same_list() -> None:
    first = people_of([found(person("王一", ONE), person("王二", TWO))])
    assert first.are_those_of(people_of([found(person("王一", ONE), person("王五", THREE))]))
    assert not first.are_those_of(people_of([found(person("王一", THREE))]))
    assert first.may_be_those_of(people_of([found(person("王一", THREE))]))
    assert not first.may_be_those_of(people_of([found(person("王五", THREE))]))


@pytest.mark.parametrize("number", ["", TWO], ids=["no-number", "another-number"])
def test_a_name_alone_says_only_that_it_may_be_the_same_person(number: str) -> None:
    read = found(person("王一", ONE, post="保洁", birth_month="1990-01"))
    new = found(person("王一", number, post="保洁", birth_month="1990-01"))
    result = merged(read, human(read, 0, post="保安"), new)
    assert entry(result, 0, "post") == ("保洁", "digital", True)
    assert "保安" in result.found.record.rows[0]["post"].candidates
    assert codes(result) == [(DIFFERS, "records[0].post")]


def test_one_name_born_in_different_months_is_two_people() -> None:
    read = found(person("王一", "", post="保洁", birth_month="1990-01"))
    new = found(person("王一", "", post="保洁", birth_month="1975-06"))
    result = merged(read, human(read, 0, post="保安"), new)
    assert entry(result, 0, "post") == ("保洁", "digital", False)
    assert codes(result) == [(GONE, "")]


def test_what_a_person_entered_in_the_new_file_stands_against_what_was_entered_in_the_old_one() -> None:
    read = found(person("王一", ONE, post="保洁"))
    new = human(found(person("王一", ONE, post="保洁")), 0, post="司机")
    result = merged(read, human(read, 0, post="保安"), new)
    assert entry(result, 0, "post") == ("司机", "human", False)
    assert codes(result) == []

"""Who must be reminded: whose loan ends, has ended, is too long; who assesses whom; whose contract ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from service.access.scope import Scope
from service.operations.progress.facts import catch_up, is_back, partner_of
from service.operations.progress.letters import NobodyToRemindError, sender_of
from service.operations.progress.people import details, list_people, people_letter, people_workbook
from service.operations.progress.reminders import AskedList, Book, Reminded, certain, dispatched, listed, reminders_of
from service.store.errors import NotFoundError
from service.store.progress import DatedRow
from service.store.progress_tables import dated_rows, form_counts, form_figures
from tests.service.operations.progress.district import AFTER, IDS, NAMES, NUMBERS, District, entry, loan, worker
from writers.letters.reminding import Topic

DAY = dt.date(2026, 9, 12)


def row(start: str | None, end: str | None, **more: Any) -> DatedRow:
    base = DatedRow(
        accepted_id=more.pop("accepted_id", "a"),
        line=more.pop("line", 0),
        document_id="d",
        form="attachment-1",
        unit="测试镇",
        unit_id="u",
        person="p",
        name="王甲",
        starts_on=start,
        ends_on=end,
        term_ends_on=None,
        returned_on=None,
        partner="b",
        closed=False,
        unsure=False,
    )
    return base._replace(**more)


def figures(topic: Topic, *rows: DatedRow, days: int = 30) -> list[int]:
    return [item.figure for item in found(topic, rows, days)]


def found(topic: Topic, rows: Sequence[DatedRow], days: int = 30) -> list[Reminded]:
    return dispatched(rows, DAY, days) if topic is Topic.DISPATCH else listed(topic, Book(certain(rows)[0]), DAY, days)


@pytest.mark.parametrize(
    ("end", "left"),
    [("2026-09-11", None), ("2026-09-12", 0), ("2026-10-12", 30), ("2026-10-13", None)],
)
def test_a_loan_ends_from_today_to_the_thirtieth_day(end: str, left: int | None) -> None:
    assert figures(Topic.ENDING, row("2026-01-01", end)) == ([] if left is None else [left])


def test_a_loan_is_overdue_from_the_day_after_its_last_unless_the_person_is_back() -> None:
    assert figures(Topic.OVERDUE, row("2026-01-01", "2026-09-12")) == []
    assert figures(Topic.OVERDUE, row("2026-01-01", "2026-09-11")) == [1]
    assert figures(Topic.OVERDUE, row("2026-01-01", "2026-09-11", closed=True)) == []


def test_a_loan_that_another_one_follows_is_not_at_its_end() -> None:
    first, second = row("2026-01-01", "2026-09-11"), row("2026-09-12", "2026-12-31", line=1)
    assert figures(Topic.OVERDUE, first, second) == []
    elsewhere = second._replace(partner="c")
    assert figures(Topic.OVERDUE, first, elsewhere) == [1]


@pytest.mark.parametrize(("end", "listed_"), [("2026-07-19", False), ("2026-07-20", True)])
def test_a_year_is_exceeded_from_the_same_day_of_the_next_year(end: str, listed_: bool) -> None:  # noqa: FBT001  # a case
    assert bool(figures(Topic.OVERLONG, row("2025-07-20", end))) is listed_


def test_loans_in_a_row_count_together_and_a_pause_of_more_than_thirty_days_parts_them() -> None:
    first = row("2025-09-01", "2026-02-28")
    near, far = row("2026-03-20", "2026-10-31", line=1), row("2026-04-15", "2026-10-31", line=1)
    assert len(figures(Topic.OVERLONG, first, near)) == 1
    assert figures(Topic.OVERLONG, first, far) == []


@pytest.mark.parametrize(
    ("start", "end", "days", "here"),
    [
        ("2026-01-01", "2026-07-01", 182, False),
        ("2026-01-01", "2026-07-02", 183, True),
        ("2025-06-01", "2027-06-01", 365, True),
        ("2026-12-31", "2027-06-01", 1, False),
    ],
)
def test_who_is_there_more_than_half_of_the_year_is_assessed_by_the_borrower(
    start: str,
    end: str,
    days: int,
    here: bool,  # noqa: FBT001  # a case
) -> None:
    (one,) = found(Topic.ASSESSMENT, [row(start, end)])
    assert (one.figure, one.by_borrower) == (days, here)


def test_days_of_several_loans_to_one_unit_are_added_and_those_before_the_return_count() -> None:
    two = (row("2026-01-01", "2026-03-31"), row("2026-06-01", "2026-09-30", line=1))
    assert figures(Topic.ASSESSMENT, *two) == [90 + 122]
    assert figures(Topic.ASSESSMENT, row("2026-01-01", "2026-12-31", returned_on="2026-01-31", closed=True)) == [31]
    assert figures(Topic.ASSESSMENT, row("2024-01-01", "2025-12-31")) == []


def test_one_person_in_two_forms_with_the_same_days_is_one_line() -> None:
    card = row("2026-01-01", "2026-09-30", accepted_id="b", form="attachment-4")
    roster = row("2026-01-01", "2026-09-30")
    (one,) = found(Topic.ENDING, [card, roster])
    assert one.row.form == "attachment-1"
    assert (
        figures(Topic.OVERDUE, *(one._replace(ends_on="2026-09-01") for one in (roster, card._replace(closed=True))))
        == []
    )
    nameless = roster._replace(person="", line=2)
    assert len(figures(Topic.ENDING, nameless, nameless._replace(line=3))) == 2


def test_days_that_are_not_certain_are_counted_and_not_guessed() -> None:
    rows = [row(None, "2026-09-20"), row("2026-01-01", None, line=1), row("2026-10-01", "2026-09-20", line=2)]
    rows = [one._replace(person=str(number)) for number, one in enumerate(rows)]
    assert certain(rows) == ([], 3)


def test_a_dispatched_person_is_listed_by_what_ends_first() -> None:
    staff = row("2025-01-01", "2027-12-31", form="attachment-5", term_ends_on="2026-09-30")
    assert figures(Topic.DISPATCH, staff) == [18]
    assert figures(Topic.DISPATCH, staff._replace(closed=True)) == []
    assert figures(Topic.DISPATCH, staff._replace(term_ends_on=None)) == []


def test_the_lists_over_accepted_forms_mask_numbers_and_keep_to_the_reach(district: District) -> None:
    people = (
        loan(0, "2026-01-01", "2026-09-20", proposal=entry("期满返回", "2")),
        loan(1, "2025-01-01", "2026-09-01", note="本人已返回"),
        loan(2, "2025-05-01", entry_day := "2026-09-05"),
        loan(3, "2026-08-01", entry("2026-09-25", review=True)),
    )
    assert entry_day < DAY.isoformat()
    district.accept(district.hand_in("town", "attachment-1", *people))
    runtime = district.runtime
    body = list_people(runtime, reminders_of(runtime, AskedList(Topic.ENDING, day=AFTER)), (50, 0))
    assert [(one["name"], one["days_left"], one["unsure"]) for one in body["people"]] == [
        ("王甲", 8, False),
        ("王丁", 13, True),
    ]
    assert body["people"][0]["id_number"] == "3***************16"
    assert body["people"][0]["proposal"] == "期满返回"
    assert not any(number in str(body) for number in NUMBERS)
    over = reminders_of(runtime, AskedList(Topic.OVERDUE, day=AFTER))
    assert [item.row.name for item in over.people] == ["王丙"], "who is back is not looked for"
    nobody = reminders_of(runtime, AskedList(Topic.OVERDUE, day=AFTER), Scope(units=frozenset({IDS["school"]})))
    assert nobody.people == []
    sender = sender_of(runtime, "", "", None, AFTER)
    asked = AskedList(Topic.OVERDUE, day=AFTER, unit_id=IDS["town"])
    with pytest.raises(NotFoundError):
        people_letter(runtime, asked, sender, "docx", Scope(units=frozenset({IDS["school"]})))
    with pytest.raises(NobodyToRemindError):
        people_letter(runtime, replace(asked, unit_id=IDS["school"]), sender, "docx")
    assert people_letter(runtime, asked, sender, "docx").name == f"借用逾期未返回_{NAMES['town']}.docx"
    assert people_workbook(runtime, AskedList(Topic.OVERDUE, day=AFTER)).content[:2] == b"PK"
    assert details(runtime, Topic.ENDING, []) == []


def test_what_an_accepted_form_says_in_figures(district: District) -> None:
    sent = {"employment_form": entry("劳务派遣(区代理处)", "1"), "funding": entry("财政拨款", "1")}
    people = (
        worker(0, **sent, contract_start="2025-10-01", contract_end="2026-09-30"),
        worker(1, employment_form=entry("单位直签劳动合同", "3"), contract_end="2026-09-30"),
        worker(2, **sent, contract_end="2026-09-30", change=entry("离岗", "4")),
    )
    district.accept(district.hand_in("town", "attachment-5", *people))
    with district.runtime.database.reading() as connection:
        counts = {(one.key, one.code): one.people for one in connection.execute(form_counts.select())}
        days = [(one.line, one.ends_on, one.closed) for one in connection.execute(dated_rows.select())]
        (figure,) = connection.execute(form_figures.select()).all()
    assert counts == {
        ("employment_form", "1"): 2,
        ("employment_form", "3"): 1,
        ("funding", "1"): 2,
        ("funding", ""): 1,
    }
    assert days == [(0, "2026-09-30", False), (2, "2026-09-30", True)]
    assert figure.people == 3
    ending = reminders_of(district.runtime, AskedList(Topic.DISPATCH, day=AFTER))
    assert [(item.row.name, item.figure) for item in ending.people] == [("李甲", 18)]


def test_forms_of_before_progress_was_kept_are_counted_when_it_is_looked_at(district: District) -> None:
    district.accept(district.hand_in("town", "attachment-1", loan(0, "2026-01-01", "2026-09-20")))
    with district.runtime.database.transaction() as connection:
        for table in (dated_rows, form_counts, form_figures):
            connection.execute(table.delete())
    assert len(reminders_of(district.runtime, AskedList(Topic.ENDING, day=AFTER)).people) == 1
    assert catch_up(district.runtime) == 0


@pytest.mark.parametrize(
    ("words", "back"),
    [
        ("本人已返回", True),
        ("已于8月底归队,已经回原单位", True),
        ("尚未返回", False),
        ("称已返回,待核实", False),
        ("是否已返回不详", False),
        ("将于9月返回", False),
        ("", False),
    ],
)
def test_only_a_plain_word_takes_a_person_off_the_list(words: str, back: bool) -> None:  # noqa: FBT001  # a case
    assert is_back(words) is back


def test_a_partner_is_told_apart_without_its_name() -> None:
    assert partner_of("海州区人力资源和社会保障局") == partner_of("区人社局")
    assert partner_of("甲局") != partner_of("乙局")
    assert partner_of("") == ""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.catalogue import Catalogue
from forms.record import Entry, Record, Value
from tests.writers.filling_data import with_values
from writers.completing import DIFFERS, complete


def card(**values: Value) -> Record:
    return Record("attachment-4", "r1", {}, ({key: Entry(value) for key, value in values.items()},))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-07-20", "2026-08-19", 1),
        ("2026-07-20", "2026-08-18", None),
        ("2026-03-01", "2026-08-31", 6),
        ("2026-07-01", "2027-06-30", 12),
        ("2026-07-01", "", None),
        ("2026-07", "2027-06", None),
    ],
)
def test_whole_months_are_counted_with_both_days(
    catalogue: Catalogue, start: str, end: str, months: int | None
) -> None:
    done, findings = complete(catalogue.find("attachment-4"), card(start_date=start, end_date=end))
    entry = done.rows[0].get("months")
    assert (None if entry is None else entry.value) == months
    assert findings == ()


@pytest.mark.parametrize(
    ("number", "month", "filled_on", "age"),
    [
        ("320799198506150016", "1985-06", "2026-06-15", 41),
        ("320799198506150016", "1985-06", "2026-06-14", 40),
        ("", "1985-06", "2026-07-01", 41),
        ("", "1985-06", "2026-06-30", None),
        ("320799198506150016", "1986-06", "2026-07-01", None),
        ("", "", "2026-07-01", None),
    ],
)
def test_an_age_is_worked_out_only_where_it_is_certain(
    catalogue: Catalogue, number: str, month: str, filled_on: str, age: int | None
) -> None:
    given = card(id_number=number, birth_month=month, filled_on=filled_on)
    entry = complete(catalogue.find("attachment-4"), given)[0].rows[0].get("age")
    assert (None if entry is None else entry.value) == age


def test_what_was_given_otherwise_is_kept_and_reported(catalogue: Catalogue) -> None:
    definition = catalogue.find("attachment-4")
    given = card(start_date="2026-03-01", end_date="2026-08-31", months=5)
    done, findings = complete(definition, given)
    assert done.rows[0]["months"].value == 5
    assert [(item.code, item.path, item.suggestion) for item in findings] == [(DIFFERS, "records[0].months", "6")]


def test_numbers_and_totals_of_a_roster(catalogue: Catalogue) -> None:
    definition = catalogue.find("attachment-2")
    rows = tuple({"name": Entry(name), "compensation": Entry(money)} for name, money in (("甲一", 0.1), ("乙二", 0.2)))
    done, findings = complete(definition, Record("attachment-2", "r1", {}, rows))
    assert [row["no"].value for row in done.rows] == [1, 2]
    assert done.header["total"].value == 2
    assert findings == ()
    wrong = with_values(replace(done, header={"total": Entry(3)}), 1, no=7)
    assert {item.path for item in complete(definition, wrong)[1]} == {"records[1].no", "header.total"}


def test_a_report_of_nobody_says_zero(catalogue: Catalogue) -> None:
    done, _ = complete(catalogue.find("attachment-5"), Record("attachment-5", "r1"))
    assert done.header["total"].value == 0

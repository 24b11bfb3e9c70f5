"""How many there are: the same however it is worked out, and never a long wait."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from service.access.scope import EVERYTHING, Scope
from service.operations.records import Disclosure, list_records
from service.runtime import Runtime
from service.store import looking_up, record_pages
from service.store.documents import add_document
from service.store.records import AcceptedForm, RecordQuery, keep_accepted
from service.store.submissions import change_submission, open_submission
from tests.jobs.contract.backends import new_database

pytestmark = pytest.mark.xdist_group("jobs-postgres")

UNITS = ("一中", "张庄小学")
NAMES = ("张三", "李四", "张五")


def accept(runtime: Runtime, unit: str, names: tuple[str, ...], form: str = "attachment-2") -> str:
    with runtime.database.transaction() as connection:
        identity = add_document(connection, sha256="0" * 64, name="表", size=1, form_hint=None, unit=unit)
        open_submission(connection, identity)
        people: list[dict[str, Any]] = [
            {"name": {"value": name, "code": None, "origin": "digital", "review": False}} for name in names
        ]
        keep_accepted(connection, identity, [AcceptedForm(0, form, "r1", unit, {}, [], people)], "甲")
        change_submission(connection, identity, state="accepted")
    return identity


def total(runtime: Runtime, scope: Scope = EVERYTHING, **asked: str) -> int:
    """The total of a page of one person, which must be counted."""
    return int(list_records(runtime, RecordQuery(**asked), Disclosure(), (1, 0), scope)["total"])


@pytest.fixture(params=["sqlite", "postgresql"])
def runtime(request: pytest.FixtureRequest, make_runtime: Callable[..., Runtime]) -> Runtime:
    if request.param == "sqlite":
        return make_runtime()
    return make_runtime(database=new_database(request.getfixturevalue("postgresql")))


def test_totals_are_those_of_all_that_is_shown(runtime: Runtime) -> None:
    for unit in UNITS:
        accept(runtime, unit, NAMES)
    accept(runtime, UNITS[0], NAMES[:1], "attachment-3")
    asked: tuple[dict[str, str], ...] = (
        {},
        {"form": "attachment-2"},
        {"unit": UNITS[0]},
        {"name": "张"},
        {"words": "张"},
        {"words": "中", "name": "李"},
        {"name": "张五"},
        {"name": "五张"},
        {"words": "张五"},
        {"name": "%"},
        {"words": "_"},
        {"unit": "' or 1=1 --"},
    )
    found = [total(runtime, EVERYTHING, **one) for one in asked]
    assert found == [7, 6, 4, 5, 6, 1, 2, 0, 2, 0, 0, 0]
    whole = [len(list_records(runtime, RecordQuery(**one), Disclosure(), (100, 0))["records"]) for one in asked]
    assert whole == found
    pages = [list_records(runtime, RecordQuery(words="张"), Disclosure(), (2, at))["records"] for at in range(0, 7, 2)]
    every = list_records(runtime, RecordQuery(words="张"), Disclosure(), (100, 0))["records"]
    assert [row for page in pages for row in page] == every, "pages follow each other without a gap"
    assert total(runtime, Scope(), name="张") == 0, "another's total is not told"


def test_those_told_by_a_name_are_counted_up_to_the_page_after_next_or_five_hundred(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_pages, "COUNTED", 5)
    accept(runtime, UNITS[0], ("张三",) * 12)
    accept(runtime, UNITS[1], ("李四", "张五"))

    def asked(limit: int, offset: int, **query: str) -> tuple[int, bool, int]:
        page = list_records(runtime, RecordQuery(**query), Disclosure(), (limit, offset))
        return page["total"], page["total_is_least"], len(page["records"])

    assert asked(1, 0, name="张") == (5, True, 1)
    assert asked(4, 0, name="张") == (8, True, 4), "so many that there is a next page to go to"
    assert asked(4, 4, name="张") == (12, True, 4)
    assert asked(4, 8, name="张") == (13, False, 4)
    assert asked(4, 12, name="张") == (13, False, 1)
    assert asked(4, 16, name="张") == (13, False, 0), "behind the last one"
    assert asked(1, 0, name="李") == (1, False, 1)
    assert asked(1, 0, words="中") == (12, False, 1), "the forms of a unit know how many they list"
    assert asked(1, 0, words="张") == (2 + 5, True, 1), "both of 张庄, and five at least by their names"
    assert asked(1, 0) == (14, False, 1)


@pytest.mark.parametrize("many", [0, 10**9], ids=["in order", "by characters"])
def test_whichever_way_is_taken_the_same_people_stand_on_the_same_pages(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(looking_up, "MANY_NAMES", many)
    chance = random.Random(41)  # noqa: S311  # cases, and nothing secret
    units = ("一中", "张庄小学", "王庄_幼儿园", "一中分校")
    for number in range(40):
        names = tuple(
            "".join(chance.choices("王张李%_龘", [9, 5, 3, 1, 1, 0.2], k=chance.randint(1, 4))) for _ in "12345"
        )
        accept(runtime, units[number % len(units)], names, f"attachment-{number % 3 + 1}")
    everybody = list_records(runtime, RecordQuery(), Disclosure(), (500, 0))["records"]
    for _ in range(60):
        name, words = ("".join(chance.choices("王张李庄中%_龘", k=chance.choice((0, 1, 1, 2)))) for _ in "12")
        query = RecordQuery(
            chance.choice(("", "attachment-2")), chance.choice(("", *units[:1])), name=name, words=words
        )
        right = [
            row["id"]
            for row in everybody
            if query.form in ("", row["form"])
            and query.unit in ("", row["unit"])
            and name in row["values"]["name"]
            and (words in row["values"]["name"] or words in row["unit"])
        ]
        limit, offset = chance.choice((1, 7, 500)), chance.choice((0, 0, 3, 50))
        page = list_records(runtime, query, Disclosure(), (limit, offset))
        assert [row["id"] for row in page["records"]] == right[offset:][:limit], query
        assert (page["total"], page["total_is_least"]) == (len(right), False), query

"""How many there are: the same however it is worked out, and never of yesterday."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

from service.access.scope import EVERYTHING, Scope
from service.operations.records import Disclosure, list_records
from service.runtime import Runtime
from service.store.documents import add_document
from service.store.records import AcceptedForm, RecordQuery, keep_accepted, supersede_accepted
from service.store.submissions import change_submission, open_submission
from tests.jobs.contract.backends import new_database, server

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


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with server("postgresql") as started:
        yield started.url


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
    )
    found = [total(runtime, EVERYTHING, **one) for one in asked]
    assert found == [7, 6, 4, 5, 6, 1, 2, 0, 2]
    whole = [len(list_records(runtime, RecordQuery(**one), Disclosure(), (100, 0))["records"]) for one in asked]
    assert whole == found
    pages = [list_records(runtime, RecordQuery(words="张"), Disclosure(), (2, at))["records"] for at in range(0, 7, 2)]
    every = list_records(runtime, RecordQuery(words="张"), Disclosure(), (100, 0))["records"]
    assert [row for page in pages for row in page] == every, "pages follow each other without a gap"
    assert total(runtime, Scope(), name="张") == 0, "another's total is not told"


def test_a_total_is_counted_again_when_the_store_has_changed_and_only_then(runtime: Runtime) -> None:
    first = accept(runtime, UNITS[0], NAMES)
    counted: list[str] = []

    @event.listens_for(runtime.database.engine, "before_cursor_execute")
    def _note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:  # the driver's
        if "count(*)" in statement and ("LIKE" in statement or "@>" in statement):
            counted.append(statement)

    assert [total(runtime, name="张") for _ in range(3)] == [2, 2, 2]
    assert len(counted) == 1
    accept(runtime, UNITS[1], NAMES)
    assert total(runtime, name="张") == 4
    time.sleep(0.01)
    with runtime.database.transaction() as connection:
        supersede_accepted(connection, first)
        change_submission(connection, first, state="superseded")
    assert [total(runtime, name="张"), total(runtime), total(runtime, state="all")] == [2, 3, 6]

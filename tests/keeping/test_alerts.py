"""What somebody should look at is told: on the health page, to Prometheus, and in the log when it begins and ends."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from sqlalchemy import insert

from service.application import create_app
from service.audit.chain import record
from service.audit.events import Action, AuditEvent, Result
from service.operations import alerts as watching
from service.operations.alerts import CODES, Alert, Watched, alerts
from service.operations.daily import Daily
from service.operations.health import weaknesses
from service.operations.watermark import marked, words_of
from service.runtime import Runtime
from service.store.jobs import now
from service.store.records import AcceptedForm, keep_accepted
from service.store.tables import jobs
from tests.keeping.conftest import NUMBER, hand_in
from tests.service.making import filled


def codes(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as connection:
        return [alert.code for alert in alerts(connection, runtime.settings)]


def events(
    action: Action, number: int, *, count: int = 0, what: str = "", result: Result = Result.DONE
) -> Callable[[Runtime], None]:
    def make(runtime: Runtime) -> None:
        with runtime.database.transaction() as connection:
            for _ in range(number):
                record(connection, AuditEvent(action, what, count=count, result=result))

    return make


def footer(sheet: Any, place: str) -> str:
    """A part of a sheet's footer; openpyxl has no types for it."""
    return str(getattr(sheet.oddFooter, place).text)


def a_job(state: str, ago: float) -> Callable[[Runtime], None]:
    def make(runtime: Runtime) -> None:
        with runtime.database.transaction() as connection:
            when = now(connection) - ago
            row = {"id": "0" * 36, "kind": "fill-forms", "arguments": {}, "state": state, "run_at": when, "total": 1}
            ended = when if state != "queued" else None
            connection.execute(insert(jobs).values(created_at=when, priority=0, finished_at=ended, **row))

    return make


@pytest.mark.parametrize(
    ("code", "quiet", "loud"),
    [
        ("jobs-dead", a_job("dead", 2 * 24 * 3600), a_job("dead", 60)),
        ("queue-stuck", a_job("queued", 60), a_job("queued", 3600)),
        ("sign-in-failures", events(Action.SIGN_IN_FAILED, 30), events(Action.SIGN_IN_FAILED, 31)),
        ("denials", events(Action.DENIED, 50), events(Action.DENIED, 51)),
        ("plain-numbers", events(Action.PLAIN_ID, 5, count=100), events(Action.PLAIN_ID, 6, count=100)),
        ("malware", events(Action.UPLOAD, 1), events(Action.MALWARE, 1)),
        (
            "audit-broken",
            events(Action.VERIFY, 1, what="audit"),
            events(Action.VERIFY, 1, what="audit", result=Result.FAILED),
        ),
        (
            "store-damaged",
            events(Action.VERIFY, 1, what="store"),
            events(Action.VERIFY, 1, what="store", result=Result.FAILED),
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
@pytest.mark.parametrize("is_loud", [False, True], ids=["below", "above"])
def test_an_alert_is_given_when_its_time_has_come(
    runtime: Runtime,
    code: str,
    quiet: Callable[[Runtime], None],
    loud: Callable[[Runtime], None],
    is_loud: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    (loud if is_loud else quiet)(runtime)
    assert codes(runtime) == ([code] if is_loud else [])


def test_a_disk_that_fills_is_told_before_it_is_full(runtime: Runtime) -> None:
    full = replace(runtime.settings, reserve_mib=1 << 40)
    with runtime.database.reading() as connection:
        assert [alert.code for alert in alerts(connection, full)] == ["disk-low"]
        assert next(line for line in weaknesses(connection, full)).startswith("警报:磁盘只剩")


def test_prometheus_is_told_of_each_alert_and_the_log_when_it_begins_and_ends(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(runtime).test_client()
    text = client.get("/metrics").get_data(as_text=True)
    for code in CODES:
        assert f'service_alert{{code="{code}"}} 0.0' in text
    a_job("dead", 60)(runtime)
    assert 'service_alert{code="jobs-dead"} 1.0' in client.get("/metrics").get_data(as_text=True)
    with caplog.at_level(logging.INFO):
        Daily(runtime).close()
    (told,) = [line for line in caplog.records if "alert jobs-dead" in line.getMessage()]
    assert told.levelno == logging.ERROR
    watched = Watched()
    one = Alert("jobs-dead", "x")
    assert watched.changes([one]) == ([one], [])
    assert watched.changes([one]) == ([], [])
    assert watched.changes([]) == ([], [one])
    assert set(watching.CODES) >= {"jobs-dead"}


def test_an_exported_workbook_says_who_took_it_when_and_how_many(runtime: Runtime) -> None:
    identity, _ = hand_in(runtime, b"paper")
    person = {"name": {"value": "张三", "code": None}, "id_number": {"value": NUMBER, "code": None}}
    with runtime.database.transaction() as connection:
        form = AcceptedForm(0, "attachment-1", "r1", "第二中学", {}, [], [person])
        keep_accepted(connection, identity, [form], "甲")
    client = create_app(runtime).test_client()
    answer = client.get("http://127.0.0.1:8000/api/v1/records.xlsx?plain=1&by=李干事&unit=第二中学")
    assert answer.status_code == 200, answer.get_json()
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    said = footer(book.worksheets[0], "left")
    assert "导出:李干事 20" in said
    assert "共1人 证件号已遮盖" in said


def test_the_mark_changes_nothing_else_of_an_official_file() -> None:
    plain = filled("attachment-2")
    before, after = (
        openpyxl.load_workbook(io.BytesIO(one)) for one in (plain, marked(plain, words_of("甲&乙", 3, whole=True)))
    )
    for old, new in zip(before.worksheets, after.worksheets, strict=True):
        assert [[cell.value for cell in row] for row in old] == [[cell.value for cell in row] for row in new]
        assert "导出:甲&" in footer(new, "left")
        assert "含完整证件号" in footer(new, "left")
        for place in ("center", "right"):
            assert footer(new, place) == footer(old, place)
        assert old.page_setup.orientation == new.page_setup.orientation

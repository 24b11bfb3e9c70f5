"""Pages of who looks after the installation: what was done, what is under way, the rules, the guide."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from forms.rules.registry import RULES
from service.application import create_app
from service.audit.chain import record
from service.audit.events import Action, AuditEvent, Result
from service.jobs.tasks import TASKS
from service.runtime import Runtime
from service.store.jobs import EDGES, add_job, cancel
from service.web.audit import ACTIONS
from service.web.help import CHAPTERS, PICTURES, chapter_of, chapters
from service.web.jobs import KINDS, STATES


@pytest.fixture
def kept(make_runtime: Callable[..., Runtime]) -> Runtime:
    runtime = make_runtime()
    with runtime.database.transaction() as connection:
        for number in range(70):
            record(connection, AuditEvent(Action.EXPORT, "records", f"no-{number}", count=number, who="赵一"))
        record(connection, AuditEvent(Action.DENIED, "pack", "x", Result.REFUSED, details={"note": "=1+1"}, who="钱二"))
    return runtime


@pytest.fixture
def client(kept: Runtime) -> FlaskClient:
    return create_app(kept).test_client()


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_what_was_done_is_found_by_each_condition_a_page_at_a_time(client: FlaskClient) -> None:
    assert "共 71 条" in page(client, "/audit")
    assert "共 70 条" in page(client, "/audit?action=export")
    assert "共 1 条" in page(client, "/audit?who=钱")
    assert "共 1 条" in page(client, "/audit?result=refused")
    assert "共 1 条" in page(client, "/audit?thing=no-7")
    assert "共 0 条" in page(client, "/audit?last=2020-01-01")
    assert "没有符合条件" in page(client, "/audit?first=2999-01-01")
    second = page(client, "/audit?action=export&limit=50&offset=50")
    assert "no-19" in second
    assert "no-20" not in second
    assert client.get("/audit?first=yesterday").status_code == 422


def test_looking_is_itself_written_down_and_the_chain_is_verified(client: FlaskClient) -> None:
    page(client, "/audit")
    assert "看审计记录" in page(client, "/audit?action=audit-read")
    answer = client.post("/audit/verify")
    assert "没有被改动、缺失" in answer.get_data(as_text=True)


def test_a_row_that_was_altered_is_named(kept: Runtime, client: FlaskClient) -> None:
    with kept.database.engine.begin() as connection:
        connection.exec_driver_sql("drop trigger audit_event_no_update")
        connection.exec_driver_sql("update audit_event set who = '无名' where number = 5")
    answer = client.post("/audit/verify").get_data(as_text=True)
    assert "第 5 条被改动过" in answer


def test_the_table_of_what_was_done_holds_no_formula(client: FlaskClient) -> None:
    text = client.get("/audit.csv?action=denied").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 2
    assert not any(cell.startswith(("=", "+", "@")) for cell in rows[1])


def test_a_job_is_stopped_and_tried_again(kept: Runtime, client: FlaskClient) -> None:
    with kept.database.transaction() as connection:
        job = add_job(connection, "fill-forms", {})
        other = add_job(connection, "cross-check", {})
        cancel(connection, other, {"code": "job-cancelled", "message_zh": "已取消", "message_en": "cancelled"})
    assert "没有做完 1" in page(client, "/jobs")
    assert client.post(f"/jobs/{job}/cancel").status_code == 303
    assert "没有做成 2" in page(client, "/jobs?group=undone")
    assert client.post(f"/jobs/{other}/retry").status_code == 303
    assert "跨单位核对" in page(client, "/jobs")
    assert client.post(f"/jobs/{other}/retry").status_code == 404, "it waits already"
    assert client.post("/jobs/00000000-0000-4000-8000-000000000000/cancel").status_code == 404


def test_every_word_of_the_pages_has_its_chinese() -> None:
    assert set(ACTIONS) == set(Action)
    assert set(STATES) == EDGES.keys()

    assert set(KINDS) == set(TASKS) - {"contract"}  # a kind of the tests, there where they ran in this process


def test_every_rule_stands_on_its_page_and_is_found_by_its_words(client: FlaskClient) -> None:
    every = page(client, "/rules")
    assert [rule.code for rule in RULES if f'id="{rule.code}"' not in every] == []
    assert "共 1 条" in page(client, "/rules?q=GB 32100")


def test_every_chapter_that_a_page_leads_to_is_there_with_its_pictures(client: FlaskClient, root: Path) -> None:
    names = [chapter.name for chapter in chapters()]
    assert {name for _, name in CHAPTERS} <= set(names)
    assert len(names) == len(set(names))
    guide = (root / "docs" / "guide.zh.md").read_text(encoding="utf-8")
    told = set(re.findall(r"\(pictures/guide/([^)]+)\)", guide))
    assert told == {path.name for path in PICTURES.iterdir()}
    for name in names:
        for picture in re.findall(r'src="(/help/pictures/[^"]+)"', page(client, f"/help/{name}")):
            assert client.get(picture, buffered=True).mimetype == "image/webp"
    assert client.get("/help/none").status_code == 404
    assert client.get("/help/pictures/..%2fstart").status_code == 404


def test_each_page_leads_to_the_chapter_that_speaks_of_it(client: FlaskClient) -> None:
    assert chapter_of("/packs/1") == "packs"
    assert chapter_of("/accounts") == "admin"
    assert chapter_of("/account") == "account"
    assert chapter_of("/") == "start"
    assert 'href="/help/records"' in page(client, "/records")
    assert 'href="/help/account"' in page(client, "/sign-in")

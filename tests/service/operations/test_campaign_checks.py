"""A campaign's rules change: its documents are checked again in order, and nothing that people did is touched."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.application import create_app
from service.jobs.worker import run_next
from service.operations.campaign_checks import RECHECK_JOB, check_if_rules_changed
from service.runtime import Runtime
from service.store.jobs import find_job, list_jobs
from service.store.tables import jobs
from tests.service.making import another, filled

API = "/api/v1"
RULES = ("S1", "X-", "L-")


@pytest.fixture
def runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    return make_runtime(year=2026)


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


def work(runtime: Runtime) -> None:
    while run_next(runtime):
        pass


def upload(client: FlaskClient, content: bytes) -> str:
    sent = {"file": (io.BytesIO(content), "附件2.xlsx"), "unit": "第一中学"}
    answer = client.post(f"{API}/documents", data=sent, content_type="multipart/form-data").get_json()
    return str(answer["documents"][0]["id"])


def show(client: FlaskClient, identity: str) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{API}/documents/{identity}").get_json()
    return body


def of_rules(client: FlaskClient, identity: str) -> tuple[list[str], list[str]]:
    """The findings of the rules as the document and as the list of findings have them."""
    own = [found["code"] for item in show(client, identity)["documents"] for found in item["findings"]]
    listed = client.get(f"{API}/findings?document={identity}").get_json()["findings"]
    return sorted(c for c in own if c.startswith(RULES)), sorted(
        f["code"] for f in listed if f["code"].startswith(RULES)
    )


def notes(client: FlaskClient, identity: str) -> list[str]:
    steps = client.get(f"{API}/documents/{identity}/history").get_json()["history"]
    return [step["reason"] for step in steps if step["action"] == "noted"]


def test_findings_go_and_come_with_the_rules_and_what_people_entered_stays(
    client: FlaskClient, runtime: Runtime
) -> None:
    content = filled("attachment-2")
    edited, accepted, returned = (upload(client, another(content)) for _ in range(3))
    work(runtime)
    # nobody is dismissed before they were hired: S1 and L rules speak
    entry = {"path": "records[0].dismissed_on", "value": "2001-01-01", "reason": "原件如此", "as_written": True}
    for identity in (edited, accepted, returned):
        done = client.patch(f"{API}/documents/{identity}/entries", json=[entry])
        assert done.status_code == 200, done.get_json()
    over = {"override": True, "reason": "已核"}
    assert client.post(f"{API}/documents/{accepted}/accept", json=over).status_code == 200
    assert client.post(f"{API}/documents/{returned}/return", json={"note": "请改"}).status_code == 200
    work(runtime)
    before = {
        identity: (show(client, identity), of_rules(client, identity)) for identity in (edited, accepted, returned)
    }
    told = before[edited][1]
    assert told[0], "the rules say something of it"
    assert told[0] == told[1]
    (campaign,) = client.get(f"{API}/campaigns").get_json()["campaigns"]
    same = client.patch(f"{API}/campaigns/{campaign['id']}", json={"hand_in_by": "2026-09-30"}).get_json()
    assert same["rechecks"] == 0, "no rule looks at that day"
    changed = client.patch(f"{API}/campaigns/{campaign['id']}", json={"packs": ["F"]}).get_json()
    assert changed["rechecks"] == 2, "what was returned stays as its notice says"
    with runtime.database.reading() as connection:
        query = (
            select(jobs.c.arguments).where(jobs.c.kind == RECHECK_JOB, jobs.c.state == "queued").order_by(jobs.c.run_at)
        )
        assert [one["document_id"] for one in connection.scalars(query)] == [edited, accepted], "in the order they came"
    work(runtime)
    for identity in (edited, accepted):
        now = show(client, identity)
        assert of_rules(client, identity) == ([], [])
        assert now["state"] == before[identity][0]["state"]
        value = now["documents"][0]["records"][0]["dismissed_on"]
        assert (value["value"], value["origin"]) == ("2001-01-01", "human")
        (note,) = [line for line in notes(client, identity) if "批次规则" in line]
        assert "新增 无;消失 " in note
        assert told[0][0] in note
    assert of_rules(client, returned) == before[returned][1]
    client.patch(f"{API}/campaigns/{campaign['id']}", json={"packs": campaign["packs"]})
    work(runtime)
    assert of_rules(client, edited) == told
    assert "消失 无" in notes(client, edited)[-1]


def test_what_was_read_by_the_rules_of_before_is_checked_again(client: FlaskClient, runtime: Runtime) -> None:
    identity = upload(client, another(filled("attachment-2")))
    work(runtime)
    (campaign,) = client.get(f"{API}/campaigns").get_json()["campaigns"]
    with runtime.database.reading() as connection:
        job = find_job(connection, show(client, identity)["job"])
    assert job is not None
    with runtime.database.transaction() as connection:
        check_if_rules_changed(connection, identity, job)
        assert not list_jobs(connection, {"queued"}), "nobody has changed it"
    client.patch(f"{API}/campaigns/{campaign['id']}", json={"title": "另一名称"})
    with runtime.database.transaction() as connection:
        check_if_rules_changed(connection, identity, replace(job, started_at=9e9))
        assert not list_jobs(connection, {"queued"})
        check_if_rules_changed(connection, identity, job)
        assert [one.kind for one in list_jobs(connection, {"queued"})] == [RECHECK_JOB]
    work(runtime)
    assert not [line for line in notes(client, identity) if "批次规则" in line]

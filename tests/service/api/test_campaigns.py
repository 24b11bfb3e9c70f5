"""Campaigns over HTTP, on the page and on the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.application import create_app
from service.cli.main import main
from service.runtime import Runtime
from tests.service.making import filled

API = "/api/v1/campaigns"


@pytest.fixture
def own(make_runtime: Callable[..., Runtime]) -> FlaskClient:
    """An installation of its own, with no campaign yet."""
    return create_app(make_runtime(year=2026)).test_client()


def upload(client: FlaskClient, content: bytes | None = None, **fields: str) -> Any:
    sent = {"file": (io.BytesIO(content or filled("attachment-2")), "附件2.xlsx"), **fields}
    return client.post("/api/v1/documents", data=sent, content_type="multipart/form-data")


def currents(client: FlaskClient) -> list[str]:
    return [item["title"] for item in client.get(API).get_json()["campaigns"] if item["current"]]


def test_the_first_upload_makes_the_campaign_of_the_year_with_the_days_of_the_plan(own: FlaskClient) -> None:
    assert own.get(API).get_json() == {"current": None, "campaigns": []}
    answer = upload(own)
    assert answer.status_code == 202
    (made,) = own.get(API).get_json()["campaigns"]
    assert (made["year"], made["self_check_on"], made["hand_in_by"]) == (2026, "2026-07-20", "2026-08-31")
    assert made["current"] is True
    assert made["packs"] == ["F", "L", "S1", "X"]
    assert made["forms_due"]["town"]["attachment-5"] == "always"
    assert made["forms_due"]["town"]["attachment-4"] == "loans"
    assert "attachment-4" not in made["forms_due"]["headquarters"]
    shown = own.get(answer.get_json()["documents"][0]["href"]).get_json()
    assert shown["campaign"] == made["id"]


def test_exactly_one_of_the_open_campaigns_is_current(own: FlaskClient) -> None:
    first = own.post(API, json={"year": 2025, "title": "甲"}).get_json()
    second = own.post(API, json={"year": 2026, "title": "乙"}).get_json()
    assert currents(own) == ["甲"]
    assert own.patch(f"{API}/{second['id']}", json={"current": True}).status_code == 200
    assert currents(own) == ["乙"]
    assert own.patch(f"{API}/{second['id']}", json={"current": False}).status_code == 422
    assert own.patch(f"{API}/{second['id']}", json={"state": "closed"}).status_code == 200
    assert currents(own) == ["甲"]
    assert own.patch(f"{API}/{second['id']}", json={"current": True}).status_code == 422
    assert own.patch(f"{API}/{first['id']}", json={"state": "closed"}).status_code == 200
    assert currents(own) == []
    assert upload(own).get_json()["code"] == "campaign-closed"
    assert own.patch(f"{API}/{second['id']}", json={"state": "open"}).status_code == 200
    assert currents(own) == ["乙"]
    assert upload(own).status_code == 202


def test_an_upload_names_its_campaign_by_id_title_or_year(own: FlaskClient) -> None:
    first = own.post(API, json={"year": 2025, "title": "甲"}).get_json()
    own.post(API, json={"year": 2026, "title": "乙", "current": True})
    for name in (first["id"], "甲", "2025"):
        answer = upload(own, campaign=name).get_json()
        assert own.get(answer["documents"][0]["href"]).get_json()["campaign"] == first["id"]
    assert upload(own, campaign="2031").status_code == 404
    assert upload(own, campaign="' or 1=1 --").status_code == 404
    own.patch(f"{API}/{first['id']}", json={"state": "closed"})
    assert upload(own, campaign="甲").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": 1999},
        {"year": "2026"},
        {"year": True},
        {"title": ""},
        {"title": "长" * 101},
        {"self_check_on": "7月20日"},
        {"hand_in_by": "2026-02-30"},
        {"self_check_on": "2026-09-01"},
        {"packs": ["S9"]},
        {"packs": "S1"},
        {"state": "ended"},
        {"forms_due": {"village": []}},
        {"forms_due": {"town": {"attachment-2": "sometimes"}}},
        {"forms_due": []},
        {"current": 1},
        {"colour": "red"},
    ],
    ids=json.dumps,
)
def test_what_no_campaign_can_be_is_refused_and_changes_nothing(own: FlaskClient, wrong: dict[str, Any]) -> None:
    made = own.post(API, json={"year": 2026, "title": "甲"}).get_json()
    answer = own.patch(f"{API}/{made['id']}", json=wrong)
    assert answer.status_code == 422, answer.get_json()
    assert own.get(f"{API}/{made['id']}").get_json() == made
    assert own.post(API, json={"year": 2026, "title": "乙", **wrong}).status_code == 422
    assert len(own.get(API).get_json()["campaigns"]) == 1


def test_two_people_do_not_overwrite_each_other_and_titles_are_their_own(own: FlaskClient) -> None:
    made = own.post(API, json={"title": "甲"}).get_json()
    own.post(API, json={"title": "乙"})
    assert own.patch(f"{API}/{made['id']}", json={"hand_in_by": "2026-09-05", "version": 1}).status_code == 200
    stale = own.patch(f"{API}/{made['id']}", json={"hand_in_by": "2026-09-06", "version": 1})
    assert (stale.status_code, stale.get_json()["code"]) == (412, "campaign-stale")
    assert own.patch(f"{API}/{made['id']}", json={"title": "乙"}).status_code == 422
    seen = own.get(f"{API}/{made['id']}")
    assert seen.headers["ETag"] == '"2"'
    assert seen.get_json()["hand_in_by"] == "2026-09-05"
    named = own.patch(f"{API}/{made['id']}", json={"forms_due": {"town": ["附件2", "attachment-5"]}}).get_json()
    assert named["forms_due"] == {"town": {"attachment-2": "always", "attachment-5": "always"}}


def test_the_page_adds_changes_and_closes(own: FlaskClient) -> None:
    assert "还没有批次" in own.get("/campaigns").get_data(as_text=True)
    said = {"title": "二〇二六年清理", "year": "2026", "self_check_on": "2026-07-20", "hand_in_by": "2026-08-31"}
    due = {"due:town:attachment-5": "always", "due:town:attachment-4": "loans"}
    assert own.post("/campaigns", data={**said, **due, "packs": ["F", "S1", "S2"]}).status_code == 303
    (made,) = own.get(API).get_json()["campaigns"]
    assert made["packs"] == ["F", "S1", "S2"]
    assert made["forms_due"]["town"] == {"attachment-4": "loans", "attachment-5": "always"}
    page = own.get("/campaigns").get_data(as_text=True)
    assert "二〇二六年清理" in page
    assert "当前批次" in page
    changed = {**said, "hand_in_by": "2026-09-10", "closed": "1", "version": str(made["version"]), "packs": ["F"]}
    assert own.post(f"/campaigns/{made['id']}", data=changed).status_code == 303
    assert own.get(f"{API}/{made['id']}").get_json()["state"] == "closed"
    refused = own.post(f"/campaigns/{made['id']}", data=changed)
    assert refused.status_code == 412
    assert "别人已改动" in refused.get_data(as_text=True)


def test_the_command_line_lists_adds_and_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["admin", "campaigns", *words, "--data", str(tmp_path / "data")])
        return int(ended.value.code or 0), capsys.readouterr().out

    code, out = run("add", "--year", "2025", "--hand-in", "2025-09-15", "--packs", "f,s1,s2")
    assert code == 0
    assert json.loads(out)["packs"] == ["F", "S1", "S2"]
    assert run("add", "--year", "2026", "--title", "新", "--current")[0] == 0
    assert run("change", "2025", "--state", "closed")[0] == 0
    code, out = run("list")
    found = [json.loads(line) for line in out.splitlines()]
    assert [(item["year"], item["state"], item["current"]) for item in found] == [
        (2026, "open", True),
        (2025, "closed", False),
    ]
    assert run("change", "1999", "--state", "open")[0] == 3
    assert run("add", "--year", "1", "--title", "早")[0] == 5

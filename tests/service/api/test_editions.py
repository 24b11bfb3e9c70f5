"""Editions over HTTP: listed, proposed of a blank, confirmed or refused; hostile and foreign files are told."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.application import create_app
from service.jobs.worker import run_next
from service.runtime import Runtime
from tests.parsers.building import workbook
from tests.writers.adopting.blanks import CATALOGUE, stripped

API = "/api/v1"
CARD = CATALOGUE.find("附件4")


@pytest.fixture
def own_runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    """An installation of the test's own: editions stay in it."""
    return make_runtime()


@pytest.fixture
def own(own_runtime: Runtime) -> FlaskClient:
    return create_app(own_runtime).test_client()


def sent(client: FlaskClient, url: str, content: bytes, name: str) -> TestResponse:
    return client.post(url, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def with_macro(content: bytes) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return target.getvalue()


def test_the_editions_are_listed_with_the_one_in_use(client: FlaskClient) -> None:
    found = client.get(f"{API}/editions").get_json()["editions"]
    assert [(one["form"], one["edition"], one["state"]) for one in found if one["own"]] == [
        (f"attachment-{number}", "r1", "used") for number in range(1, 6)
    ]
    assert "表的版本" in client.get("/editions").get_data(as_text=True)


@pytest.mark.parametrize("edition", ["r2", "r77", "..", "%2e%2e%2fr1", "R2"])
def test_a_proposal_that_nobody_made_is_not_found(client: FlaskClient, edition: str) -> None:
    url = f"{API}/forms/attachment-4/editions/{edition}"
    assert client.get(url).status_code == 404
    assert client.get(f"{url}/pictures/原表-1.png").status_code == 404
    assert client.post(f"{url}/confirm", json={}).status_code == 404


def test_the_edition_in_use_is_not_withdrawn(own: FlaskClient) -> None:
    url = f"{API}/forms/附件4/editions/r1"
    assert own.patch(url, json={"withdrawn": True}).status_code == 409
    assert own.patch(url, json={"use": True}).get_json()["state"] == "used"
    assert own.patch(url, json={}).status_code == 422
    assert own.patch(url, json={"withdrawn": "yes"}).status_code == 422


def made(client: FlaskClient, runtime: Runtime, form: str, content: bytes, name: str) -> dict[str, Any]:
    """The job that made a proposal of a blank, ended."""
    answer = sent(client, f"{API}/forms/{form}/editions", content, name)
    assert answer.status_code == 202, answer.get_json()
    asked = answer.get_json()
    assert client.get(asked["href"]).get_json()["state"] == "queued"
    while run_next(runtime):
        pass
    job: dict[str, Any] = client.get(asked["href"]).get_json()
    return {**job, "asked": asked}


def test_a_file_that_is_no_blank_of_the_form_is_told(own: FlaskClient, own_runtime: Runtime) -> None:
    url = f"{API}/forms/attachment-4/editions"
    strange = workbook((("订单号", "收货人", "金额"), ("", "", "")))
    assert sent(own, f"{API}/forms/none/editions", strange, "订单.xlsx").status_code == 404
    assert own.post(url, data={}, content_type="multipart/form-data").status_code == 400
    refused = {
        "blank-unknown": (strange, "订单.xlsx"),
        "macro-not-allowed": (with_macro(stripped(CARD)), "空白.docx"),
    }
    for code, (content, name) in refused.items():
        job = made(own, own_runtime, "attachment-4", content, name)
        assert (job["state"], job["problem"]["code"]) == ("failed", code)
        page = own.get(f"/editions/making/{job['id']}").get_data(as_text=True)
        assert job["problem"]["message_zh"] in page
        assert own.get(job["asked"]["proposal"]).status_code == 404, "nothing is left of it"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_blank_becomes_an_edition_that_is_filled(own: FlaskClient, own_runtime: Runtime) -> None:
    job = made(own, own_runtime, "附件4", stripped(CARD), "空白附件4.docx")
    assert (job["state"], job["result"]) == ("done", {"form": "attachment-4", "edition": "r2", "usable": True})
    assert job["progress"]["done"] == job["progress"]["total"]
    report = own.get(job["asked"]["proposal"]).get_json()
    assert (report["edition"], report["usable"], report["missing"]) == ("r2", True, [])
    assert {name.partition("-")[0] for name in report["pictures"]} == {"原表", "空白", "试填"}
    followed = own.get(f"/editions/making/{job['id']}")
    assert (followed.status_code, followed.location) == (303, "/forms/attachment-4/editions/r2")
    live = own.get(f"/editions/making/{job['id']}", headers={"HX-Request": "true"})
    assert live.headers["HX-Redirect"] == "/forms/attachment-4/editions/r2"
    assert not any((own_runtime.settings.data_dir / "adopting" / ".making").glob("*"))
    url = f"{API}/forms/attachment-4/editions/r2"
    picture = own.get(f"{url}/pictures/{report['pictures'][0]}")
    assert picture.get_data().startswith(b"\x89PNG")
    page = own.get("/forms/attachment-4/editions/r2").get_data(as_text=True)
    assert "启用这一版" in page
    assert page.count("<img ") == len(report["pictures"])
    assert own.post(f"{url}/confirm", json={"use": True}).get_json()["state"] == "used"
    assert own.post(f"{url}/confirm", json={}).status_code == 409
    assert own.get(f"{API}/forms/attachment-4").get_json()["edition"] == "r2"
    assert own.patch(f"{API}/forms/attachment-4/editions/r1", json={"use": True}).get_json()["state"] == "used"
    assert own.patch(url, json={"withdrawn": True}).get_json()["state"] == "withdrawn"


def test_a_proposal_that_is_stopped_leaves_the_earlier_one_and_can_be_taken_up_again(
    own: FlaskClient, own_runtime: Runtime
) -> None:
    waiting = own_runtime.settings.data_dir / "adopting"
    earlier = waiting / "attachment-4" / "r2" / "report.json"
    earlier.parent.mkdir(parents=True)
    earlier.write_text("{}", encoding="utf-8")
    asked = sent(own, f"{API}/forms/附件4/editions", stripped(CARD), "空白附件4.docx").get_json()
    page = f"/editions/making/{asked['job']}"
    assert "等待处理程序接手" in own.get(page).get_data(as_text=True)
    assert own.delete(asked["href"]).get_json()["state"] == "cancelled"
    left = waiting / ".making" / asked["job"]
    left.mkdir(parents=True)
    assert not run_next(own_runtime)
    assert earlier.read_text(encoding="utf-8") == "{}"
    assert "重做" in own.get(page).get_data(as_text=True)
    other = sent(own, f"{API}/forms/附件4/editions", workbook((("订单号",), ("",))), "订单.xlsx").get_json()
    while run_next(own_runtime):
        pass
    assert not left.exists(), "what a stopped job left is swept away"
    assert own.get(other["href"]).get_json()["state"] == "failed"
    assert own.post(f"{asked['href']}/resume").get_json()["state"] == "queued"
    assert own.post(f"{asked['href']}/resume").status_code == 404, "it waits already"
    assert own.post(f"{page}/cancel").status_code == 303
    assert own.get(asked["href"]).get_json()["state"] == "cancelled"
    assert own.post(f"{page}/resume").status_code == 303
    assert own.get(asked["href"]).get_json()["state"] == "queued"
    assert own.get(f"/editions/making/{'0' * 8}-0000-4000-8000-{'0' * 12}").status_code == 404

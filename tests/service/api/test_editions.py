"""Editions over HTTP: listed, proposed of a blank, confirmed or refused; hostile and foreign files are told."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.application import create_app
from service.runtime import Runtime
from tests.parsers.building import workbook
from tests.writers.adopting.blanks import CATALOGUE, stripped

API = "/api/v1"
CARD = CATALOGUE.find("附件4")


@pytest.fixture
def own(make_runtime: Callable[..., Runtime]) -> FlaskClient:
    """An installation of the test's own: editions stay in it."""
    return create_app(make_runtime()).test_client()


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


def test_a_file_that_is_no_blank_of_the_form_is_told(client: FlaskClient) -> None:
    url = f"{API}/forms/attachment-4/editions"
    strange = workbook((("订单号", "收货人", "金额"), ("", "", "")))
    assert sent(client, url, strange, "订单.xlsx").get_json()["code"] == "blank-unknown"
    assert sent(client, url, with_macro(stripped(CARD)), "空白.docx").get_json()["code"] == "macro-not-allowed"
    assert sent(client, f"{API}/forms/none/editions", strange, "订单.xlsx").status_code == 404
    assert client.post(url, data={}, content_type="multipart/form-data").status_code == 400


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


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_blank_becomes_an_edition_that_is_filled(own: FlaskClient) -> None:
    made = sent(own, f"{API}/forms/附件4/editions", stripped(CARD), "空白附件4.docx")
    assert made.status_code == 201
    report = made.get_json()
    assert (report["edition"], report["usable"], report["missing"]) == ("r2", True, [])
    assert {name.partition("-")[0] for name in report["pictures"]} == {"原表", "空白", "试填"}
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

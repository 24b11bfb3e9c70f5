"""``POST /forms/{form}/fills``."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api.job_progress import STREAMS
from tests.service.making import data_of


def fill(client: FlaskClient, form: str, body: Any) -> TestResponse:
    return client.post(f"/api/v1/forms/{form}/fills", json=body)


@pytest.mark.parametrize("form", ["attachment-2", "附件2", "海州区机关事业单位编外用工清退汇总表"])
def test_a_form_is_filled_by_its_id_number_or_title(client: FlaskClient, form: str) -> None:
    data = data_of("attachment-2")
    answer = fill(client, form, {"header": data["header"], "records": data["records"]})
    assert answer.status_code == 200
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    values = {cell.value for row in openpyxl.load_workbook(io.BytesIO(answer.data)).active or () for cell in row}
    assert data["records"][0]["name"] in values


def test_a_blank_form_carries_the_unit(client: FlaskClient) -> None:
    answer = fill(client, "attachment-5", {"purpose": "blank", "unit": "海州区民政局"})
    assert answer.status_code == 200
    values = {cell.value for row in openpyxl.load_workbook(io.BytesIO(answer.data)).active or () for cell in row}
    assert any("海州区民政局" in str(value) for value in values)


def test_several_approval_forms_come_as_a_zip_and_many_as_a_job(client: FlaskClient, work: Callable[[], None]) -> None:
    record = data_of("attachment-4")["records"][0]
    two = fill(client, "附件4", {"records": [record, record]})
    names = zipfile.ZipFile(io.BytesIO(two.data)).namelist()
    assert len(set(names)) == 2
    many = fill(client, "附件4", {"records": [record] * 5})
    assert many.status_code == 202
    place = many.headers["Location"]
    waiting = client.get(f"{place}/download")
    assert (waiting.status_code, waiting.get_json()["code"]) == (409, "not-ready")
    work()
    job = client.get(place).get_json()
    assert job["state"] == "done"
    made = client.get(f"{place}/download", buffered=True)
    assert len(set(zipfile.ZipFile(io.BytesIO(made.data)).namelist())) == 5
    events = client.get(f"{place}/events", buffered=True).get_data(as_text=True)
    assert '"state": "done"' in events


def test_when_too_many_follow_their_jobs_a_stream_ends_at_once_and_asks_to_be_called_again(client: FlaskClient) -> None:
    place = fill(client, "附件4", {"records": data_of("attachment-4")["records"] * 5}).headers["Location"]
    with contextlib.ExitStack() as others:
        while STREAMS.acquire(blocking=False):
            others.callback(STREAMS.release)
        events = client.get(f"{place}/events", buffered=True).get_data(as_text=True)
    assert events.startswith("retry: 3000\nevent: progress\n")
    assert client.delete(place).get_json()["state"] == "cancelled"
    followed = client.get(f"{place}/events", buffered=True).get_data(as_text=True)
    assert '"state": "cancelled"' in followed


@pytest.mark.parametrize("bad", ["\x0b", "\x00", "\ud800", "\ufffe"])
def test_a_character_that_no_file_can_carry_stops_everything(client: FlaskClient, bad: str) -> None:
    data = data_of("attachment-1")
    data["records"][1]["note"] = f"前{bad}后"
    answer = client.post("/api/v1/forms/附件1/fills", data=json.dumps(data), content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "illegal-character")
    assert "records[1].note" in answer.get_json()["message_zh"]


def test_marks_of_xml_and_formulas_arrive_as_they_are_typed(client: FlaskClient) -> None:
    data = data_of("attachment-2")
    typed = ["A<B & C", "=cmd|'/c calc'!A1", "{{7*7}}", "@SUM(A1)"]
    for record, text in zip(data["records"], typed, strict=False):
        record["note"] = text
    answer = fill(client, "附件2", data)
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    found = {cell.value: cell.data_type for row in sheet for cell in row}
    for text in typed:
        assert found[text] == "s"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 422, "data-invalid"),
        ("[]", 422, "bad-parameter"),
        ('{"records": 1}', 422, "data-invalid"),
        ('{"records": []}', 422, "bad-parameter"),
        ('{"records": [], "unit_id": 1}', 422, "unknown-field"),
        ('{"records": [], "records": []}', 422, "data-invalid"),
        ('{"records": [{"age": NaN}]}', 422, "data-invalid"),
        ('{"records": [{"age": ' + "9" * 5000 + "}]}", 422, "data-invalid"),
        ('{"records": ' + "[" * 100_000 + "]" * 100_000 + "}", 422, "data-invalid"),
        ('{"records": [{}], "as": "exe"}', 422, "format-unsupported"),
        ('{"records": [{}], "as": "xlsx"}', 422, "format-unsupported"),
        ('{"records": [{}], "purpose": "x"}', 422, "bad-parameter"),
        ('{"records": [{}], "print_mark": 1}', 422, "bad-parameter"),
        ('{"form": "attachment-1", "records": [{}]}', 422, "data-invalid"),
        ('{"records": [{"name": {"a": 1}}]}', 422, "data-invalid"),
    ],
)
def test_data_that_cannot_be_used_says_why(client: FlaskClient, body: str, status: int, code: str) -> None:
    answer = client.post("/api/v1/forms/附件4/fills", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_bytes_that_are_no_utf8_are_refused(client: FlaskClient) -> None:
    answer = client.post("/api/v1/forms/附件4/fills", data=b'{"unit": "\xff"}', content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-parameter")


def test_what_is_wrong_with_the_values_is_told_beside_the_file(client: FlaskClient) -> None:
    record = {**data_of("attachment-4")["records"][0], "nmae": "x"}
    answer = fill(client, "附件4", {"records": [record]})
    assert answer.status_code == 200
    found = json.loads(answer.headers["X-Findings"])
    assert int(answer.headers["X-Finding-Count"]) == len(found)
    assert any(finding["code"] == "unknown-key" for finding in found)

"""The import workbook on its way: out, back, previewed, marked, corrected, taken."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.service.making import ImportWorkbook, data_of, filled
from writers.annotating import FAULT_SHEET
from writers.workbook import ENTRY_SHEET

FORMS = ("attachment-1", "attachment-2", "attachment-3", "attachment-4", "attachment-5")


def send(client: FlaskClient, form: str, content: bytes, name: str = "导入.xlsx") -> TestResponse:
    data = {"file": (io.BytesIO(content), name)}
    return client.post(f"/api/v1/forms/{form}/imports", data=data, content_type="multipart/form-data")


@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_comes_back_as_data_that_fills_the_form(client: FlaskClient, form: str) -> None:
    book = ImportWorkbook(form, count=3)
    answer = send(client, form, book.content())
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["rows"] == 3
    assert [item["name"] for item in body["records"]] == [item["name"] for item in book.data["records"]]
    assert [item["id_number"] for item in body["records"]] == [item["id_number"] for item in book.data["records"]]
    taken = client.post(f"/api/v1/forms/{form}/imports/{body['id']}/confirm", json={"take": "all"}).get_json()
    for given, read in zip(book.data["records"], taken["records"], strict=True):
        expected = {key: value for key, value in given.items() if value != ""}
        assert {key: read.get(key) for key in expected} == expected
    again = client.post(f"/api/v1/forms/{form}/fills", json=taken)
    assert again.status_code == 200


def test_a_faulty_row_is_marked_in_the_cell_and_the_good_rows_can_be_taken_at_once(client: FlaskClient) -> None:
    book = ImportWorkbook("attachment-2", count=3)
    book.sheet[book.address(1, "id_number")].value = "320799198506150017"  # wrong check digit
    book.sheet[book.address(2, "name")].value = None
    body = send(client, "附件2", book.content()).get_json()
    assert (body["rows"], body["good"], body["bad"]) == (3, 1, 2)
    faults = {finding["address"] for finding in body["findings"] if finding["severity"] == "error"}
    wanted = {f"{ENTRY_SHEET}!{book.address(1, 'id_number')}", f"{ENTRY_SHEET}!{book.address(2, 'name')}"}
    assert wanted <= faults
    marked = client.get(f"/api/v1/forms/附件2/imports/{body['id']}/marked")
    sheet = openpyxl.load_workbook(io.BytesIO(marked.data))[ENTRY_SHEET]
    assert sheet[book.address(1, "id_number")].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet[book.address(2, "name")].comment is not None
    good = client.post(f"/api/v1/forms/附件2/imports/{body['id']}/confirm", json={}).get_json()
    assert [item["name"] for item in good["records"]] == [book.data["records"][0]["name"]]
    made = client.post(f"/api/v1/forms/附件2/imports/{body['id']}/confirm", json={"as": "xlsx"})
    assert made.status_code == 200


def test_a_marked_workbook_is_corrected_and_sent_again(client: FlaskClient) -> None:
    book = ImportWorkbook("attachment-2", count=2)
    address = book.address(0, "sex")
    book.sheet[address].value = "未知"
    first = send(client, "附件2", book.content()).get_json()
    assert first["bad"] == 1
    marked = openpyxl.load_workbook(io.BytesIO(client.get(f"/api/v1/forms/附件2/imports/{first['id']}/marked").data))
    assert FAULT_SHEET in marked.sheetnames
    marked[ENTRY_SHEET][address].value = book.data["records"][0]["sex"]
    corrected = io.BytesIO()
    marked.save(corrected)
    second = send(client, "附件2", corrected.getvalue()).get_json()
    assert (second["rows"], second["bad"]) == (2, 0)


def test_columns_may_change_places(client: FlaskClient) -> None:
    book = ImportWorkbook("attachment-2", count=2)
    sheet = book.sheet
    # 姓名 and 性别 stand in single cells of two merged head rows; swapping them swaps two whole columns
    name, sex = book.address(0, "name")[0], book.address(0, "sex")[0]
    for row in range(7, 12):
        one, other = sheet[f"{name}{row}"], sheet[f"{sex}{row}"]
        if type(one).__name__ == "Cell" and type(other).__name__ == "Cell":
            one.value, other.value = other.value, one.value
    body = send(client, "附件2", book.content()).get_json()
    assert [item["name"] for item in body["records"]] == [item["name"] for item in book.data["records"]]


def test_an_id_number_that_lost_its_digits_is_an_error(client: FlaskClient) -> None:
    book = ImportWorkbook("attachment-2", count=2)
    cell = book.sheet[book.address(0, "id_number")]
    cell.value, cell.number_format = 3.20799198506150e17, "General"
    body = send(client, "附件2", book.content()).get_json()
    assert any(finding["code"] == "id-lost-precision" for finding in body["findings"])
    assert body["bad"] == 1


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "空.xlsx", 422, "empty-file"),
        (b"text", "文字.xlsx", 415, "content-mismatch"),
    ],
)
def test_what_is_no_workbook_is_refused(client: FlaskClient, content: bytes, name: str, status: int, code: str) -> None:
    answer = send(client, "附件2", content, name)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_an_empty_workbook_and_one_of_another_form_are_refused(client: FlaskClient) -> None:
    empty = send(client, "附件2", client.get("/api/v1/forms/附件2/import-workbook").data)
    assert (empty.status_code, empty.get_json()["code"]) == (422, "data-invalid")
    other = send(client, "附件2", ImportWorkbook("attachment-1", count=1).content())
    assert other.status_code == 422 or other.get_json()["bad"] == other.get_json()["rows"]


def test_the_filled_official_form_can_be_imported_too(client: FlaskClient) -> None:
    body = send(client, "附件2", filled("attachment-2")).get_json()
    assert [item["name"] for item in body["records"]] == [item["name"] for item in data_of("attachment-2")["records"]]


def test_an_import_is_found_under_its_own_form_only(client: FlaskClient) -> None:
    body: dict[str, Any] = send(client, "附件2", ImportWorkbook("attachment-2", count=1).content()).get_json()
    assert client.get(f"/api/v1/forms/附件1/imports/{body['id']}/marked").status_code == 404
    assert client.post(f"/api/v1/forms/附件2/imports/{body['id']}/confirm", json={"take": "some"}).status_code == 422

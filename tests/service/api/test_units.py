"""The district's units over HTTP: a workbook out, in, previewed, confirmed, refused; lists, trees, pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from samples.units import sample_units
from service.application import create_app
from service.operations.unit_columns import UNIT_SHEET
from service.operations.unit_workbook import make_units_workbook
from service.runtime import Runtime

API = "/api/v1/units"


@pytest.fixture
def runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    return make_runtime()


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


def send(client: FlaskClient, content: bytes, path: str = f"{API}/import") -> TestResponse:
    return client.post(path, data={"file": (io.BytesIO(content), "名录.xlsx")}, content_type="multipart/form-data")


def filled(client: FlaskClient) -> None:
    preview = send(client, make_units_workbook(sample_units())).get_json()
    assert client.post(f"{API}/import/{preview['id']}/confirm").status_code == 200


def changed(client: FlaskClient, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The workbook of what is known, changed as a clerk would."""
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{API}/import-workbook?current=true").data))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def units(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{API}{query}").get_json()["units"]
    return found


def test_a_preview_changes_nothing_and_its_confirmation_everything_once(client: FlaskClient) -> None:
    preview = send(client, make_units_workbook(sample_units())).get_json()
    assert (preview["new"], preview["errors"], preview["can_confirm"]) == (len(sample_units()), 0, True)
    assert units(client) == []
    done = client.post(f"{API}/import/{preview['id']}/confirm")
    assert done.get_json()["new"] == len(sample_units())
    assert len(units(client)) == len(sample_units())
    again = client.post(f"{API}/import/{preview['id']}/confirm")
    assert (again.status_code, again.get_json()["code"]) == (409, "units-import-refused")


def test_what_goes_out_comes_in_again_without_a_change(client: FlaskClient) -> None:
    filled(client)
    again = send(client, client.get(f"{API}/import-workbook?current=true").data).get_json()
    assert (again["new"], again["changed"], again["same"]) == (0, 0, len(sample_units()))
    assert again["findings"] == []


def test_a_row_left_out_is_kept_and_one_changed_is_changed(client: FlaskClient) -> None:
    filled(client)

    def change(book: openpyxl.Workbook) -> None:
        book[UNIT_SHEET]["E2"].value = 99
        book[UNIT_SHEET].delete_rows(book[UNIT_SHEET].max_row)

    preview = send(client, changed(client, change)).get_json()
    assert (preview["changed"], preview["kept"], preview["errors"]) == (1, 1, 0)
    assert preview["changes"][0]["differences"][0]["after"] == "99"
    client.post(f"{API}/import/{preview['id']}/confirm")
    assert len(units(client)) == len(sample_units())
    assert units(client)[0]["posts_approved"] == 99


def test_one_wrong_cell_and_nothing_of_the_list_is_taken(client: FlaskClient) -> None:
    filled(client)

    def change(book: openpyxl.Workbook) -> None:
        book[UNIT_SHEET]["E2"].value = 99
        book[UNIT_SHEET]["D3"].value = "11320706PDY00001XQ"

    preview = send(client, changed(client, change)).get_json()
    (error,) = (finding for finding in preview["findings"] if finding["severity"] == "error")
    assert (error["code"], error["address"], preview["can_confirm"]) == ("F-15", "单位!D3", False)
    refused = client.post(f"{API}/import/{preview['id']}/confirm")
    assert refused.status_code == 409
    assert units(client)[0]["posts_approved"] != 99


def test_a_preview_that_no_longer_holds_is_refused(client: FlaskClient) -> None:
    filled(client)

    def first(book: openpyxl.Workbook) -> None:
        book[UNIT_SHEET]["E2"].value = 70

    def second(book: openpyxl.Workbook) -> None:
        book[UNIT_SHEET]["E2"].value = 80

    one = send(client, changed(client, first)).get_json()
    other = send(client, changed(client, second)).get_json()
    assert client.post(f"{API}/import/{other['id']}/confirm").status_code == 200
    late = client.post(f"{API}/import/{one['id']}/confirm")
    assert (late.status_code, units(client)[0]["posts_approved"]) == (409, 80)


def test_names_exchanged_under_their_codes_are_not_guessed_at(client: FlaskClient) -> None:
    filled(client)

    def change(book: openpyxl.Workbook) -> None:
        sheet = book[UNIT_SHEET]
        sheet["A2"].value, sheet["A3"].value = sheet["A3"].value, sheet["A2"].value

    preview = send(client, changed(client, change)).get_json()
    assert {item["code"] for item in preview["findings"] if item["severity"] == "error"} == {"unit-two-matches"}
    assert preview["can_confirm"] is False


def test_lists_are_filtered_and_the_tree_has_children(client: FlaskClient) -> None:
    filled(client)
    assert {unit["kind"] for unit in units(client, "?kind=headquarters")} == {"headquarters"}
    assert units(client, "?kind=指挥部") == units(client, "?kind=headquarters")
    below = units(client, "?parent=区教育局")
    assert below
    assert {unit["parent"]["name"] for unit in below} == {"海州区教育局"}
    assert [unit["name"] for unit in units(client, "?text=组织部")] == ["中共海州区委组织部"]
    tree = units(client, "?tree=true")
    assert all(unit["parent"] is None for unit in tree)
    education = next(unit for unit in tree if unit["name"] == "海州区教育局")
    assert len(education["children"]) == len(below)
    ended = next(unit for unit in units(client, "?text=浦东街道") if unit["ended_on"])
    assert ended["active"] is False


def test_mobile_numbers_are_masked_in_lists(client: FlaskClient) -> None:
    filled(client)
    phones = [unit["liaison_phone"] for unit in units(client)]
    assert any("****" in phone for phone in phones)
    assert not any(phone.isdigit() and len(phone) == 11 for phone in phones)


@pytest.mark.parametrize(
    ("query", "status"), [("?kind=ministry", 422), ("?tree=maybe", 422), ("?parent=没有的局", 404)]
)
def test_what_cannot_be_asked_is_answered_with_a_problem(client: FlaskClient, query: str, status: int) -> None:
    answer = client.get(f"{API}{query}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_the_workbook_has_drop_down_lists_and_notes(client: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{API}/import-workbook").data))
    sheet = book[UNIT_SHEET]
    assert sheet["A1"].comment is not None
    assert {str(rule.sqref) for rule in sheet.data_validations.dataValidation} == {"B2:B5001", "C2:C5001"}
    assert sheet.max_row == 1


@pytest.mark.parametrize("content", [b"", b"no workbook", make_units_workbook()[:2000]])
def test_what_is_no_workbook_is_refused(client: FlaskClient, content: bytes) -> None:
    assert send(client, content).status_code in {400, 415, 422}


def test_the_pages_show_preview_faults_and_the_list(client: FlaskClient) -> None:
    assert "名录还是空的" in client.get("/units").get_data(as_text=True)
    page = send(client, make_units_workbook(sample_units()), "/units/import").get_data(as_text=True)
    assert "确认导入" in page
    place = page.split('action="/units/import/')[1].split("/confirm")[0]
    assert client.post(f"/units/import/{place}/confirm").status_code == 303
    listed = client.get("/units?kind=headquarters").get_data(as_text=True)
    assert "海州区重点工程指挥部" in listed
    assert "海州区教育局" not in listed

    def change(book: openpyxl.Workbook) -> None:
        book[UNIT_SHEET]["C2"].value = "没有的局"

    faulty = send(client, changed(client, change), "/units/import").get_data(as_text=True)
    assert "单位!C2" in faulty
    assert "确认导入" not in faulty
    assert client.get("/units?parent=没有的局").status_code == 404

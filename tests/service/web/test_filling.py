"""A form filled in on its page: checked, pasted, drawn, made into the official file, handed in."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from service.runtime import Runtime
from tests.service.making import ImportWorkbook, data_of

FILL = "/forms/attachment-2/fill"
HTMX = {"HX-Request": "true"}


def typed_of(form: str) -> dict[str, str]:
    """The sample data as the fields of the page."""
    data = data_of(form)

    def text(value: Any) -> str:
        return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value or "")

    fields = {f"h.{key}": text(value) for key, value in data["header"].items()}
    for number, row in enumerate(data["records"][:2]):
        fields |= {f"r{number}.{key}": text(value) for key, value in row.items() if not isinstance(value, dict)}
    return fields


@pytest.fixture(autouse=True)
def _without_draft(client: FlaskClient) -> None:
    """Nothing typed by a test before this one, of whatever file and in whatever order, is found on the page."""
    client.post(FILL, data={"do": "discard"})


def test_each_form_has_a_page_with_all_its_fields_and_lists(client: FlaskClient, shared_runtime: Runtime) -> None:
    page = ""
    for definition in shared_runtime.catalogue.definitions:
        page = client.get(f"/forms/{definition.form}/fill").get_data(as_text=True)
        for item in definition.header:
            assert f'name="h.{item.key}"' in page
        for item in definition.fields:
            assert f'name="r0.{item.key}"' in page
    assert '<datalist id="list-ethnicity">' in page
    assert re.search(r'<select[^>]*name="r0.sex"', page)


def test_as_one_types_only_what_is_wrong_is_told_and_what_is_missing_kept_apart(client: FlaskClient) -> None:
    data = {"r0.name": "张三", "r0.id_number": "320799199001011235"}
    part = client.post(FILL, data=data, headers={**HTMX, "HX-Target": "findings"}).get_data(as_text=True)
    assert "<html" not in part
    assert 'data-place="r0.id_number"' in part
    assert re.search(r'<details class="fill-missing">', part)
    asked = client.post(FILL, data={**data, "do": "check"}, headers={**HTMX, "HX-Target": "findings"})
    assert "data-asked" in asked.get_data(as_text=True)


def test_without_script_rows_come_go_and_are_pasted_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    page = client.post(FILL, data={"h.contact": "李某", "r0.name": "张三", "r1.name": "李四", "do": "add"})
    assert 'name="r2.name"' in (text := page.get_data(as_text=True))
    assert 'value="李某"' in text
    assert 'value="李四"' in text
    gone = client.post(FILL, data={"r0.name": "张三", "r1.name": "李四", "do": "remove:0"}).get_data(as_text=True)
    assert "张三" not in gone
    assert 'value="李四"' in gone
    more = client.post(FILL, data={"r0.name": "张三", "do": "paste", "paste": "姓名\t性别\n<b>王五\t男\n"})
    assert 'value="&lt;b&gt;王五"' in more.get_data(as_text=True)


def test_the_official_file_is_made_of_what_was_typed(client: FlaskClient) -> None:
    answer = client.post(f"{FILL}/file", data={**typed_of("attachment-2"), "as": "xlsx"})
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert data_of("attachment-2")["records"][0]["name"] in cells


def test_what_no_file_can_carry_is_told_on_the_page_with_all_that_was_typed(client: FlaskClient) -> None:
    answer = client.post(f"{FILL}/file", data={"r0.name": "张\x07三", "r0.post": "保洁", "as": "xlsx"})
    assert answer.status_code == 422
    assert 'value="保洁"' in answer.get_data(as_text=True)


def test_a_form_with_errors_is_handed_in_only_on_purpose_and_then_read_like_any_other(
    client: FlaskClient, work: Callable[[], None]
) -> None:
    fields = {**typed_of("attachment-2"), "r0.id_number": "320799199001011235"}
    asked = client.post(f"{FILL}/hand-in", data=fields)
    assert asked.status_code == 422
    assert "仍有错误也上报" in asked.get_data(as_text=True)
    done = client.post(f"{FILL}/hand-in", data={**fields, "anyway": "1"})
    assert done.status_code == 303
    work()
    identity = re.search(r"/documents/([0-9a-f-]{36})", done.headers["Location"])
    assert identity is not None
    read = client.get(f"/api/v1/documents/{identity[1]}").get_json()
    assert read["state"] == "read"
    assert read["documents"][0]["records"][0]["id_number"]["value"] == "320799199001011235"
    assert len(read["documents"][0]["records"]) == 2
    line = client.get(f"/upload/lines?id={identity[1]}").get_json()["lines"][0]
    assert (line["is_done"], line["people"], line["errors"] > 0) == (True, 2, True)


def test_an_imported_workbook_is_gone_on_with_on_the_page(client: FlaskClient) -> None:
    book = ImportWorkbook("attachment-2", count=2)
    name = book.sheet[book.address(1, "name")].value
    sent = {"file": (io.BytesIO(book.content()), "导入.xlsx")}
    page = client.post("/forms/attachment-2/import", data=sent, content_type="multipart/form-data")
    way = re.search(r'href="(/forms/attachment-2/import/[0-9a-f-]{36}/edit)"', page.get_data(as_text=True))
    assert way is not None
    text = client.get(way[1]).get_data(as_text=True)
    assert text.count('name="r1.name"') == 1
    assert f'name="r1.name" type="text" value="{name}"' in text


@pytest.mark.parametrize("fields", [{"r0.note": "长" * 2001}, {f"r{number}.name": "甲" for number in range(1001)}])
def test_more_than_the_page_can_have_is_refused_and_not_cut(client: FlaskClient, fields: dict[str, str]) -> None:
    assert client.post(FILL, data=fields).status_code == 422


def hidden(page: str) -> dict[str, str]:
    """The names by which a page and the one that it goes on from are known."""
    return {name: re.findall(rf'name="{name}" value="(\w*)"', page)[0] for name in ("page", "base")}


def test_what_is_typed_is_a_draft_until_it_is_thrown_away(client: FlaskClient, shared_runtime: Runtime) -> None:
    fill = "/forms/attachment-5/fill"
    first = hidden(client.get(fill).get_data(as_text=True))
    typed = {"h.contact": "孙某某", "r0.name": "周小草", "r1.name": "吴大稿"}
    part = client.post(fill, data={**typed, **first}, headers={**HTMX, "HX-Target": "findings"})
    assert "草稿已保存" in part.get_data(as_text=True)
    with shared_runtime.database.reading() as connection:
        kept = connection.exec_driver_sql("select * from draft").fetchall()
    assert "周小草" not in str(kept), "sealed like all that names a person"
    again = client.get(fill).get_data(as_text=True)
    assert "已接上草稿" in again
    assert 'value="吴大稿"' in again
    assert "接着填" in client.get("/forms").get_data(as_text=True)
    client.post(fill, data={**first, "do": "discard"})
    assert "周小草" not in client.get(fill).get_data(as_text=True)


def test_a_draft_is_not_written_over_by_another_window_unless_somebody_says_so(client: FlaskClient) -> None:
    fill = "/forms/attachment-1/fill"
    one, other = (hidden(client.get(fill).get_data(as_text=True)) for _ in range(2))
    client.post(fill, data={"r0.name": "甲窗口", **one})
    told = client.post(fill, data={"r0.name": "乙窗口", **other}).get_data(as_text=True)
    assert "没有保存" in told
    assert 'value="乙窗口"' in told, "what was typed stays on the page"
    assert 'value="甲窗口"' in client.get(fill).get_data(as_text=True)
    client.post(fill, data={"r0.name": "乙窗口", **other, "do": "keep"})
    assert 'value="乙窗口"' in client.get(fill).get_data(as_text=True)
    client.post(fill, data={**other, "do": "discard"})


def test_what_is_clicked_twice_is_handed_in_once(client: FlaskClient) -> None:
    fill = "/forms/attachment-3/fill"
    page = hidden(client.get(fill).get_data(as_text=True))
    data = {**typed_of("attachment-3"), **page, "anyway": "1"}
    first, second = (client.post(f"{fill}/hand-in", data=data) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    other = client.post(f"{fill}/hand-in", data={**data, "h.contact": "钱某某"})
    assert other.location != first.location, "something else is another hand-in"


def fields_in(page: str) -> dict[str, str]:
    """What a browser sends of the page's grid: its inputs and the rows it carries along."""
    found = re.findall(r'<input[^>]* name="((?:r\d+\.|rows_)\w+)"(?: type="text")? value="([^"]*)"', page)
    return {name: html.unescape(text) for name, text in found}


def test_five_hundred_rows_are_pasted_turned_over_mended_and_kept(client: FlaskClient) -> None:
    text = "\n".join(f"人{number}\t男" for number in range(500))
    mine = {"page": "a" * 16, "base": ""}
    page = client.post(FILL, data={**mine, "do": "paste", "paste": text, "paste_at": "r0.name"}).get_data(as_text=True)
    assert "第 1–30 行，共 500 行" in page
    assert 'name="r30.name"' not in page
    there = client.post(FILL, data={**fields_in(page), **mine, "do": "at:r431.name"}).get_data(as_text=True)
    assert "第 421–450 行，共 500 行" in there
    rows = fields_in(there)
    assert rows["r431.name"] == "人431"
    mended = {**rows, **mine, "r431.name": "改过", "do": "check"}
    found = client.post(FILL, data=mended, headers={**HTMX, "HX-Target": "findings"}).get_data(as_text=True)
    assert 'value="at:r0.unit"' in found, "a fault of a row that is not there leads to it"
    assert 'href="#r431.unit"' in found or "另有" in found
    opened = client.get(FILL).get_data(as_text=True)
    assert "改过" in fields_in(opened)["rows_after"]
    assert fields_in(opened)["rows_after"].count("\n") == 471

"""A ledger over HTTP: taken, read with open columns, its columns confirmed, read again."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask.testing import FlaskClient
from openpyxl import Workbook

from tests.parsers.ledger.building import people
from tests.service.making import filled

URL = "/api/v1/documents"


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "姓名", "身份证号", "待遇"])
    for number, one in enumerate(people(3), start=1):
        sheet.append([number, one["name"], one["id_number"], 3200])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(client: FlaskClient, content: bytes, name: str, **fields: str) -> str:
    data = {"file": [(io.BytesIO(content), name)], **fields}
    answer = client.post(URL, data=data, content_type="multipart/form-data")
    assert answer.status_code == 202
    return str(answer.get_json()["documents"][0]["href"])


def test_confirmed_columns_are_used_at_once_and_for_the_next_file(
    client: FlaskClient, work: Callable[[], None]
) -> None:
    href = sent(client, workbook(), "台账.xlsx", form="ledger", unit="海州区接口示例局")
    work()
    (document,) = client.get(href).get_json()["documents"]
    assert document["form"] == "ledger"
    assert document["columns"][3]["status"] == "unsure"
    answer = client.patch(f"{href}/mapping", json={"columns": {"待遇": "monthly_wage"}})
    assert answer.status_code == 202
    assert answer.get_json()["unit"] == "海州区接口示例局"
    work()
    (document,) = client.get(href).get_json()["documents"]
    assert document["columns"][3]["status"] == "remembered"
    assert (
        document["records"][0]["monthly_wage"] | {"value": 3200, "review": False}
        == document["records"][0]["monthly_wage"]
    )
    again = sent(client, workbook(), "台账二.xlsx", form="ledger", unit="海州区接口示例局")
    work()
    assert client.get(again).get_json()["documents"][0]["columns"][3]["status"] == "remembered"


def test_what_cannot_be_confirmed_is_refused(client: FlaskClient, work: Callable[[], None]) -> None:
    href = sent(client, workbook(), "无单位.xlsx", form="ledger")
    other = sent(client, filled("attachment-4"), "附件4.docx")
    work()
    known = {"columns": {"待遇": "monthly_wage"}}
    assert client.patch(f"{href}/mapping", json=known).get_json()["code"] == "no-ledger"
    assert client.patch(f"{other}/mapping", json=known).get_json()["code"] == "no-ledger"
    wrong = client.patch(f"{href}/mapping", json={"columns": {"待遇": "salary"}, "unit": "某局"})
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "data-invalid")
    assert client.patch(f"{href}/mapping", json={"columns": {"没有": "post"}, "unit": "某局"}).status_code == 422
    missing = f"{URL}/00000000-0000-0000-0000-000000000000/mapping"
    assert client.patch(missing, json=known).status_code == 404

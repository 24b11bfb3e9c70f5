"""The ledger desk without script: columns told, remembered, rows corrected, on into 附件5."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.parsers.ledger.building import people
from tests.service.api.test_ledger_mapping import sent, workbook

Work = Callable[[], None]
UNIT = "海州区台账示例局"


def page_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def chosen(page: str) -> dict[str, str]:
    """What a browser would send of the columns, unchanged."""
    lists = re.findall(r'<select [^>]*name="(column:[^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    picked = {name: re.search(r'<option value="([^"]*)" selected', options) for name, options in lists}
    return {html.unescape(name): found[1] if found else "" for name, found in picked.items()}


def test_columns_are_told_rows_corrected_and_the_form_handed_in(client: FlaskClient, work: Work) -> None:
    identity = sent(client, workbook(), "名册.xlsx", form="ledger", unit=UNIT).rpartition("/")[2]
    work()
    assert f"/ledgers/{identity}" in page_of(client, "/ledgers")
    assert identity not in page_of(client, "/review"), "a ledger has its own desk"
    page = page_of(client, f"/ledgers/{identity}")
    assert "请确认" in page
    assert people(1)[0]["id_number"] not in page, "lists show no whole numbers"
    columns = chosen(page)
    assert columns["column:身份证号"] == "id_number"
    told = columns | {"column:待遇": "monthly_wage", "unit": UNIT}
    assert client.post(f"/ledgers/{identity}/columns", data=told).status_code == 303
    assert "正在按所说的栏目重新读取" in page_of(client, f"/ledgers/{identity}")
    work()
    page = page_of(client, f"/ledgers/{identity}")
    assert "上次确认过" in page
    assert "请确认" not in page
    again = sent(client, workbook(), "名册之二.xlsx", form="ledger", unit=UNIT).rpartition("/")[2]
    work()
    assert "上次确认过" in page_of(client, f"/ledgers/{again}"), "what was told is remembered for the same heads"
    assert "/accept" not in page_of(client, f"/review/{identity}"), "a ledger is no form to be accepted"
    entry = {"path": "documents[0].records[0].post", "value": "资料员"}
    assert client.patch(f"/api/v1/documents/{identity}/entries", json={"entries": [entry]}).status_code == 200
    assert "资料员" in page_of(client, f"/ledgers/{identity}/rows")
    done = client.post(f"/ledgers/{identity}/attachment-5", data={"by": "周审核"}).get_data(as_text=True)
    found = re.search(r'附件5已做好并交上.*?href="/documents/([0-9a-f-]+)"', done, re.DOTALL)
    assert found is not None, done
    work()
    made = client.get(f"/api/v1/documents/{found[1]}").get_json()
    (form,) = made["documents"]
    assert (form["form"], made["unit"]) == ("attachment-5", UNIT)
    assert [row["name"]["value"] for row in form["records"]] == [one["name"] for one in people(3)]
    assert (form["records"][0]["post"]["value"], form["records"][1]["monthly_wage"]["value"]) == ("资料员", 3200)
    twice = client.post(f"/api/v1/documents/{identity}/attachment-5", json={})
    assert (twice.status_code, twice.get_json()["id"]) == (202, found[1]), "unchanged, it is the same file"
    assert f"/documents/{found[1]}" in page_of(client, "/ledgers")


def test_what_nobody_confirmed_is_told_and_not_taken_along(client: FlaskClient, work: Work) -> None:
    identity = sent(client, workbook(), "未确认.xlsx", form="ledger", unit="海州区未确认局").rpartition("/")[2]
    work()
    answer = client.post(f"/api/v1/documents/{identity}/attachment-5", json={"by": "周审核"})
    body = answer.get_json()
    assert (answer.status_code, body["records"]) == (202, 3)
    assert {one["code"] for one in body["findings"]} == {"ledger-unconfirmed"}
    work()
    (form,) = client.get(body["href"]).get_json()["documents"]
    assert [row["monthly_wage"]["value"] for row in form["records"]] == ["", "", ""], "an unsure value stays out"


def test_what_cannot_be_done_is_said_on_the_page(client: FlaskClient, work: Work) -> None:
    nobodys = sent(client, workbook(), "无主.xlsx", form="ledger").rpartition("/")[2]
    work()
    answer = client.post(f"/ledgers/{nobodys}/attachment-5", data={})
    assert answer.status_code == 422
    assert "请先选定填报单位" in answer.get_data(as_text=True)
    wrong = client.post(f"/ledgers/{nobodys}/columns", data={"column:待遇": "salary", "unit": UNIT})
    assert wrong.status_code == 422
    assert "没有“salary”这一项" in wrong.get_data(as_text=True)
    missing = "00000000-0000-4000-8000-0000000000ff"
    assert client.get(f"/ledgers/{missing}").status_code == 404
    assert client.post(f"/ledgers/{missing}/attachment-5", data={}).status_code == 404

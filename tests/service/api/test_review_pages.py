"""The pages of a review: what a clerk can do without a script, and what comes back."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.service.making import another, data_of, filled

Work = Callable[[], None]


def take_in(client: FlaskClient, work: Work, form: str = "attachment-2", name: str = "附件2.xlsx") -> str:
    sent = {"file": (io.BytesIO(another(filled(form))), name)}
    answer = client.post("/upload", data=sent, content_type="multipart/form-data")
    work()
    return answer.headers["Location"].rpartition("/")[2]


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of a page's edit form, unchanged."""
    values = dict(re.findall(r'<input (?!type="checkbox")[^>]*?name="([^"]+)" (?:type="text" )?value="([^"]*)"', page))
    areas = re.findall(r'<textarea [^>]*?name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in (*values.items(), *areas)}


def test_a_value_is_corrected_on_a_page_and_the_document_shows_it(client: FlaskClient, work: Work) -> None:
    identity = take_in(client, work)
    page = client.get(f"/documents/{identity}").get_data(as_text=True)
    assert f"/documents/{identity}/edit?item=0&amp;part=1" in page
    edit = client.get(f"/documents/{identity}/edit?item=0&part=1").get_data(as_text=True)
    sent = fields_of(edit)
    assert sent["value:documents[0].records[1].name"] == data_of("attachment-2")["records"][1]["name"]
    sent |= {"value:documents[0].records[1].note": "经电话核实", "by": "周审核"}
    answer = client.post(f"/documents/{identity}/edit", data=sent)
    assert answer.status_code == 303
    shown = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "经电话核实" in shown
    assert "审核中" in shown
    body = client.get(f"/api/v1/documents/{identity}").get_json()
    entered = [key for key, entry in body["documents"][0]["records"][1].items() if entry["origin"] == "human"]
    assert entered == ["note"]
    assert "周审核" in client.get(f"/documents/{identity}/history").get_data(as_text=True)
    stale = client.post(f"/documents/{identity}/edit", data=sent | {"value:documents[0].records[1].note": "另一个"})
    assert stale.status_code == 412
    assert "别人已改动" in stale.get_data(as_text=True)


def test_an_unchanged_page_changes_nothing(client: FlaskClient, work: Work) -> None:
    identity = take_in(client, work, "attachment-4", "附件4.docx")
    before = client.get(f"/api/v1/documents/{identity}").get_json()
    for part in ("0", "header", "marks"):
        page = client.get(f"/documents/{identity}/edit?item=0&part={part}").get_data(as_text=True)
        assert client.post(f"/documents/{identity}/edit", data=fields_of(page)).status_code == 303
    assert client.get(f"/api/v1/documents/{identity}").get_json() == before
    assert client.get(f"/documents/{identity}/edit?item=0&part=7").status_code == 404
    assert client.get(f"/documents/{identity}/edit?item=x").status_code == 404


def test_marks_are_said_and_the_document_is_accepted(client: FlaskClient, work: Work) -> None:
    identity = take_in(client, work)
    refused = client.post(f"/documents/{identity}/accept", data={})
    assert refused.status_code == 409
    assert "未见盖章" in refused.get_data(as_text=True)
    page = client.get(f"/documents/{identity}/edit?item=0&part=marks").get_data(as_text=True)
    sent = fields_of(page) | dict.fromkeys(re.findall(r'<select [^>]*name="(mark:[^"]+)"', page), "true")
    assert client.post(f"/documents/{identity}/edit", data=sent).status_code == 303
    done = client.post(f"/documents/{identity}/accept", data={"by": "周审核"}, follow_redirects=True)
    assert "已接收" in done.get_data(as_text=True)
    name = data_of("attachment-2")["records"][0]["name"]
    records = client.get("/records?form=attachment-2").get_data(as_text=True)
    assert name in records
    assert data_of("attachment-2")["records"][0]["id_number"] not in records
    assert "已接收" in client.get("/").get_data(as_text=True)


def test_a_document_is_returned_on_a_page_with_links_to_its_notice(client: FlaskClient, work: Work) -> None:
    identity = take_in(client, work)
    done = client.post(
        f"/documents/{identity}/return", data={"note": "请补盖公章", "warnings": "1"}, follow_redirects=True
    )
    page = done.get_data(as_text=True)
    assert "已退回补正" in page
    assert f"/api/v1/documents/{identity}/notice.docx" in page
    assert f"/api/v1/documents/{identity}/marked" in page
    assert "退回并生成补正通知书" not in page
    listed = client.get("/findings?severity=error").get_data(as_text=True)
    assert f"/documents/{identity}" in listed

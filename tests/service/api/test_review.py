"""Correcting, accepting and returning over HTTP: the whole way of a document, and what is refused on it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms.catalogue import Catalogue
from forms.intake import take_in
from samples.records import make_records
from service.runtime import Runtime
from writers.filling import fill

API = "/api/v1"
Work = Callable[[], None]


def data(form: str, count: int = 3, seed: int = 5) -> dict[str, Any]:
    return make_records(form, count, seed)


def made(given: dict[str, Any]) -> bytes:
    intake = take_in(given, Catalogue.load())[0]
    return fill(intake.definition, intake.record, print_mark=False).content


def upload(client: FlaskClient, content: bytes, name: str, work: Work, **fields: str) -> str:
    sent = {"file": (io.BytesIO(content), name), **fields}
    answer = client.post(f"{API}/documents", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 202, answer.get_json()
    work()
    return str(answer.get_json()["documents"][0]["id"])


def show(client: FlaskClient, identity: str) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{API}/documents/{identity}").get_json()
    return body


def patch(client: FlaskClient, identity: str, *entries: dict[str, Any], **more: Any) -> TestResponse:
    return client.patch(f"{API}/documents/{identity}/entries", json={"entries": list(entries), **more})


def post(client: FlaskClient, identity: str, step: str, **body: Any) -> TestResponse:
    return client.post(f"{API}/documents/{identity}/{step}", json=body)


def seals(body: dict[str, Any]) -> list[dict[str, Any]]:
    """What a person says who has seen the paper: every mark that a rule misses is there."""
    missing = [item["path"] for item in body["documents"][0]["findings"] if item["path"].startswith("marks.")]
    said = {"seal": True, "signature": True, "opinion": "同意", "date": "2026-08-20"}
    return [{"path": path, "value": said[path.rpartition(".")[2]]} for path in dict.fromkeys(missing)]


def test_a_returned_form_is_corrected_accepted_listed_and_exported(  # noqa: PLR0915  # one journey
    client: FlaskClient, work: Work, shared_runtime: Runtime
) -> None:
    given = data("attachment-2", 3, seed=11)
    given["header"]["unit"] = "海州区示范教育局甲"
    right = given["records"][1]["id_number"]
    given["records"][1]["id_number"] = right[:-1] + ("0" if right[-1] != "0" else "1")
    identity = upload(client, made(given), "附件2.xlsx", work)
    body = show(client, identity)
    assert body["state"] == "read"
    assert "F-1" in {item["code"] for item in body["documents"][0]["findings"]}
    refused = post(client, identity, "accept")
    assert refused.status_code == 409
    assert refused.get_json()["code"] == "open-faults"
    assert "documents[0].records[1].id_number" in {item["path"] for item in refused.get_json()["blockers"]}

    answer = patch(
        client,
        identity,
        {"path": "records[1].id_number", "value": right, "reason": "对照身份证"},
        *seals(body),
        version=body["version"],
        by="李审核",
    )
    assert answer.status_code == 200, answer.get_json()
    changed = answer.get_json()
    assert changed["state"] == "review"
    assert changed["version"] == body["version"] + 1
    entry = changed["documents"][0]["records"][1]["id_number"]
    assert (entry["value"], entry["origin"], entry["review"]) == (right, "human", False)
    assert "F-1" not in {item["code"] for item in changed["documents"][0]["findings"]}
    assert [item for item in changed["documents"][0]["findings"] if item["severity"] == "error"] == []

    accepted = post(client, identity, "accept", by="李审核", version=changed["version"])
    assert accepted.status_code == 200, accepted.get_json()
    assert (accepted.get_json()["state"], accepted.get_json()["recorded"]) == ("accepted", 3)
    assert patch(client, identity, {"path": "records[0].name", "value": "王某"}).status_code == 409

    unit = "海州区示范教育局甲"
    listed = client.get(f"{API}/records", query_string={"unit": unit, "form": "附件2"}).get_json()
    assert listed["total"] == 3
    shown = listed["records"][1]["values"]["id_number"]
    assert shown != right
    assert "*" in shown
    found = client.get(f"{API}/records", query_string={"id_number": right}).get_json()
    assert [row["values"]["name"] for row in found["records"]] == [given["records"][1]["name"]]
    assert client.get(f"{API}/records", query_string={"unmask": "1", "unit": unit}).status_code == 422
    whole = client.get(f"{API}/records", query_string={"unmask": "1", "unit": unit, "reason": "核发通知"}).get_json()
    assert whole["records"][1]["values"]["id_number"] == right

    official = client.get(f"{API}/records.xlsx?form=attachment-2&unmask=1&reason=报送&unit={unit}")
    again = upload(client, official.data, "导出.xlsx", work)
    read = show(client, again)["documents"][0]
    assert [row["name"]["value"] for row in read["records"]] == [row["name"] for row in given["records"]]
    assert read["records"][1]["id_number"]["value"] == right
    assert read["header"]["unit"]["value"] == unit
    plain = openpyxl.load_workbook(io.BytesIO(client.get(f"{API}/records.xlsx?plain=1&unit={unit}").data))
    cells = [str(cell) for row in plain.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert given["records"][0]["name"] in cells
    assert right not in cells


def test_a_return_is_told_in_a_notice_and_a_marked_file_and_the_corrected_one_supersedes(  # noqa: PLR0915  # one journey
    client: FlaskClient, work: Work
) -> None:
    given = data("attachment-3", 3, seed=21)
    unit = given["header"]["unit"] = "海州区示范卫健委乙"
    right = given["records"][2]["id_number"]
    given["records"][2]["id_number"] = right[:-1] + ("0" if right[-1] != "0" else "1")
    wrong = made(given)
    identity = upload(client, wrong, "附件3.xlsx", work, unit=unit)
    patch(client, identity, {"path": "records[0].note", "value": "电话核实"}, by="王核")
    patch(client, identity, {"path": "records[1].post", "value": "保洁员"}, by="王核")
    limit = (dt.date.today() + dt.timedelta(days=10)).isoformat()  # noqa: DTZ011  # as the program decides
    answer = post(client, identity, "return", by="王核", deadline=limit, note="请本周内补齐")
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["state"] == "returned"

    notice = docx.Document(io.BytesIO(client.get(f"{API}/documents/{identity}/notice.docx").data))
    text = "\n".join(item.text for item in notice.paragraphs)
    assert unit in text
    assert "附件3" in text
    assert "请本周内补齐" in text
    day = dt.date.fromisoformat(limit)
    assert f"{day.year}年{day.month}月{day.day}日前" in text
    lines = [[cell.text for cell in row.cells] for row in notice.tables[0].rows]
    line = next(cells for cells in lines if "身份证号" in cells[3])
    assert given["records"][2]["name"] in line[2]
    assert "!" in line[1]
    assert "GB 11643" in line[6]
    assert right[:-1] not in "".join("".join(cells) for cells in lines)

    marked = openpyxl.load_workbook(io.BytesIO(client.get(f"{API}/documents/{identity}/marked").data))
    sheet, _, cell = line[1].rpartition("!")
    assert marked[sheet][cell].comment is not None

    given["records"][2]["id_number"] = right
    given["records"][1]["post"] = "门卫值班员"
    second = upload(client, made(given), "附件3_补正.xlsx", work, unit=unit)
    old, new = show(client, identity), show(client, second)
    assert (old["state"], old["superseded_by"]) == ("superseded", second)
    assert (new["state"], new["supersedes"]) == ("read", identity)
    found = new["documents"][0]
    assert found["records"][2]["id_number"]["value"] == right
    note, post_held = found["records"][0]["note"], found["records"][1]["post"]
    assert (note["value"], note["origin"], note["review"]) == ("电话核实", "human", False)
    assert (post_held["value"], post_held["review"]) == ("门卫值班员", True)
    assert "保洁员" in post_held["candidates"]
    differs = [item for item in found["findings"] if item["code"] == "entered-differs"]
    assert [item["path"] for item in differs] == ["records[1].post"]
    decided = patch(
        client, second, {"path": "records[1].post", "value": "门卫值班员"}, version=new["version"]
    ).get_json()
    assert "entered-differs" not in {item["code"] for item in decided["documents"][0]["findings"]}
    assert post(client, identity, "return").status_code == 409


def test_two_people_at_once_never_overwrite_each_other_unseen(client: FlaskClient, work: Work) -> None:
    identity = upload(client, made(data("attachment-2")), "附件2.xlsx", work)
    seen = show(client, identity)["version"]
    entry = {"path": "records[0].note", "value": "甲写的"}
    assert patch(client, identity, entry, version=seen, by="甲").status_code == 200
    stale = patch(client, identity, {"path": "records[0].note", "value": "乙写的"}, version=seen, by="乙")
    assert (stale.status_code, stale.get_json()["code"]) == (412, "stale-version")
    blind = patch(client, identity, {"path": "records[0].note", "value": "丙写的"}, by="丙")
    assert (blind.status_code, blind.get_json()["code"]) == (428, "version-needed")
    assert show(client, identity)["documents"][0]["records"][0]["note"]["value"] == "甲写的"
    tag = client.get(f"{API}/documents/{identity}").headers["ETag"]
    url = f"{API}/documents/{identity}/entries"
    sent = client.patch(url, json=[{"path": "records[0].note", "value": "乙再写"}], headers={"If-Match": tag})
    assert sent.status_code == 200
    steps = client.get(f"{API}/documents/{identity}/history?path=records[0].note").get_json()["history"]
    assert [step["action"] for step in steps] == ["read", "entered", "entered"]
    assert [step["after"]["value"] for step in steps[1:]] == ["甲写的", "乙再写"]
    assert steps[2]["before"]["value"] == "甲写的"
    assert steps[1]["by"] == "甲"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("records[0].id_number", "320799"),
        ("records[0].id_number", "320799199001011230"),
        ("records[0].dismissed_on", "2026年13月40日"),
        ("records[0].sex", "不详"),
        ("header.before_total", "很多"),
        ("records[0].nothing", "x"),
        ("records[99].name", "王某"),
        ("marks.unit_seal.date", "去年"),
        ("documents[3].records[0].name", "王某"),
        ("name", "王某"),
        ("records[0].name", None),
        ("records[0].name", "王\x0b某"),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_refused_with_its_path(
    client: FlaskClient, work: Work, path: str, value: Any, shared: str
) -> None:
    before = show(client, shared)
    answer = patch(client, shared, {"path": "records[1].note", "value": "好"}, {"path": path, "value": value})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "entry-invalid")
    assert path.rpartition(".")[2] in answer.get_json()["message"]
    assert show(client, shared) == before


@pytest.fixture(scope="module")
def shared(shared_runtime: Runtime) -> str:
    """One form that was read, for all that is refused."""
    from service.application import create_app  # noqa: PLC0415  # made once for the module, beside the client fixture
    from service.jobs.worker import run_next  # noqa: PLC0415  # as above

    def work() -> None:
        while run_next(shared_runtime):
            pass

    return upload(create_app(shared_runtime).test_client(), made(data("attachment-2", 2, 8)), "附件2.xlsx", work)


def test_what_the_paper_really_says_is_taken_with_a_reason_and_stays_an_error(client: FlaskClient, work: Work) -> None:
    identity = upload(client, made(data("attachment-2", 1, 9)), "附件2.xlsx", work)
    number = {"path": "records[0].id_number", "value": "320799199001011230", "as_written": True}
    assert patch(client, identity, number).status_code == 422
    answer = patch(client, identity, {**number, "reason": "原件如此"})
    assert answer.status_code == 200
    assert "F-1" in {item["code"] for item in answer.get_json()["documents"][0]["findings"]}
    forced = post(client, identity, "accept", override=True)
    assert (forced.status_code, forced.get_json()["code"]) == (422, "reason-needed")
    forced = post(client, identity, "accept", override=True, reason="领导同意先行登记")
    assert forced.status_code == 200
    assert forced.get_json()["overridden"] > 0
    assert post(client, identity, "accept").status_code == 409


def test_findings_of_all_documents_are_listed_and_filtered(client: FlaskClient, work: Work) -> None:
    given = data("attachment-2", 2, 13)
    given["header"]["unit"] = "海州区示范水利局丙"
    given["records"][0]["id_number"] = "320799199001011230"
    identity = upload(client, made(given), "附件2.xlsx", work)
    listed = client.get(f"{API}/findings", query_string={"unit": "海州区示范水利局丙", "code": "F-1"}).get_json()
    assert listed["total"] == 1
    assert listed["findings"][0]["document"] == identity
    assert listed["findings"][0]["path"] == "records[0].id_number"
    assert "320799199001011230" not in str(listed)
    errors = client.get(f"{API}/findings", query_string={"document": identity, "severity": "error"}).get_json()
    assert {item["severity"] for item in errors["findings"]} == {"error"}
    patch(
        client,
        identity,
        {"path": "records[0].id_number", "value": data("attachment-2", 1, 14)["records"][0]["id_number"]},
    )
    assert client.get(f"{API}/findings", query_string={"document": identity, "code": "F-1"}).get_json()["total"] == 0


def test_a_file_that_cannot_be_read_can_be_returned_and_not_accepted(client: FlaskClient, work: Work) -> None:
    identity = upload(client, b"%PDF-1.4 nothing", "扫描.pdf", work, unit="海州区示范民政局丁")
    assert show(client, identity)["state"] == "failed"
    assert post(client, identity, "accept").status_code == 409
    past = post(client, identity, "return", deadline="2020-01-01")
    assert (past.status_code, past.get_json()["code"]) == (422, "deadline-invalid")
    assert post(client, identity, "return", note="请重新扫描").status_code == 200
    text = "\n".join(
        cell.text
        for row in docx.Document(io.BytesIO(client.get(f"{API}/documents/{identity}/notice.docx").data)).tables[0].rows
        for cell in row.cells
    )
    assert "未能读取" in text
    marked = client.get(f"{API}/documents/{identity}/marked")
    assert (marked.status_code, marked.get_json()["code"]) == (422, "not-markable")


def test_a_word_form_comes_back_marked_and_can_be_read_again(client: FlaskClient, work: Work) -> None:
    content = made(data("attachment-4", 1, 31))
    identity = upload(client, content, "附件4.docx", work)
    assert post(client, identity, "return").status_code == 200
    name = client.get(f"{API}/documents/{identity}/marked")
    comments = list(docx.Document(io.BytesIO(name.data)).comments)
    assert any("盖章" in comment.text for comment in comments)
    second = upload(client, name.data, "附件4_改.docx", work)
    first, again = show(client, identity), show(client, second)
    values = [
        {key: entry["value"] for key, entry in item["documents"][0]["records"][0].items()} for item in (first, again)
    ]
    assert values[0] == values[1]
    assert first["superseded_by"] == second


def test_an_upload_names_the_document_that_it_corrects(client: FlaskClient, work: Work) -> None:
    identity = upload(client, made(data("attachment-2", 2, 41)), "附件2.xlsx", work)
    content = made(data("attachment-2", 2, 42))
    sent = {"file": (io.BytesIO(content), "附件2.xlsx"), "supersedes": identity}
    early = client.post(f"{API}/documents", data=sent, content_type="multipart/form-data")
    assert (early.status_code, early.get_json()["code"]) == (409, "wrong-state")
    assert post(client, identity, "return").status_code == 200
    second = upload(client, content, "附件2.xlsx", work, supersedes=identity)
    assert show(client, identity)["superseded_by"] == second


@pytest.mark.slow
def test_the_notice_is_there_as_pdf(client: FlaskClient, work: Work) -> None:
    identity = upload(client, made(data("attachment-2", 1, 51)), "附件2.xlsx", work)
    assert client.get(f"{API}/documents/{identity}/notice.pdf").status_code == 404
    post(client, identity, "return")
    assert client.get(f"{API}/documents/{identity}/notice.pdf").data.startswith(b"%PDF")
    assert client.get(f"{API}/documents/{identity}/notice.pdf").data.startswith(b"%PDF")

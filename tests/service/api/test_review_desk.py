"""The review desk without script: place after place, document after document, kind after kind; two people at once."""

from __future__ import annotations

import html
import io
import re
import uuid
from collections.abc import Callable

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from service.operations.desk import queue
from service.runtime import Runtime
from service.store import parts
from service.store.tables import disclosures
from tests.service.api.test_rows import made, uploaded
from tests.service.desks import ROW, doubt, take_in
from tests.service.making import data_of

Work = Callable[[], None]
PEOPLE = data_of("attachment-2")["records"]


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form of the place in hand."""
    form = re.search(r'<form [^>]*class="hand-form"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form is not None, page
    inputs = re.findall(r'<input (?!type="checkbox")[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form[1])
    return {name: html.unescape(value) for name, value in inputs}


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


@pytest.fixture
def waiting(client: FlaskClient, work: Work, shared_runtime: Runtime) -> str:
    identity = take_in(client, work)
    doubt(
        shared_runtime,
        identity,
        {(0, "name"): ("罗宏园",), (1, "id_number"): (), (2, "hired_on"): ("2019-01-08", "2019-04-08")},
    )
    return identity


def test_three_places_are_gone_through_and_the_document_is_accepted(client: FlaskClient, waiting: str) -> None:
    desk = f"/review/{waiting}"
    page = text_of(client, desk)
    assert "还有 <strong>3</strong> 处待核对" in page
    sent = fields_of(page)
    assert sent["path"] == ROW.format(0, "name")
    second = client.post(desk, data=sent | {"choice": "罗宏园"}, follow_redirects=True).get_data(as_text=True)
    sent = fields_of(second)
    assert sent["path"] == ROW.format(1, "id_number")
    assert sent["value"] == PEOPLE[1]["id_number"]
    third = client.post(desk, data=sent, follow_redirects=True).get_data(as_text=True)
    sent = fields_of(third)
    assert sent["path"] == ROW.format(2, "hired_on")
    wrong = client.post(desk, data=sent | {"value": "2019-13-40"})
    assert wrong.status_code == 422
    assert 'value="2019-13-40"' in wrong.get_data(as_text=True), "what was typed is still there"
    assert "documents[0]" not in re.sub(r"<[^>]+>", "", wrong.get_data(as_text=True)), "a clerk is told no path"
    last = client.post(desk, data=sent | {"choice": "2019-04-08"}, follow_redirects=True).get_data(as_text=True)
    assert "都核对过了" in last
    (version,) = re.findall(r'<form action="/review/[^"]*/accept".*?name="version" value="(\d+)"', last, re.DOTALL)
    done = client.post(f"{desk}/accept", data={"version": version, "by": "周审核"})
    assert (done.status_code, done.headers["Location"].startswith("/review")) == (303, True)
    body = client.get(f"/api/v1/documents/{waiting}").get_json()
    assert body["state"] == "accepted"
    row = body["documents"][0]["records"]
    assert (row[0]["name"]["value"], row[1]["id_number"]["origin"]) == ("罗宏园", "human")
    assert row[2]["hired_on"]["value"] == "2019-04-08"


def test_a_step_is_taken_back_as_a_step_of_its_own(client: FlaskClient, waiting: str) -> None:
    desk = f"/review/{waiting}"
    sent = fields_of(text_of(client, desk))
    after = client.post(desk, data=sent | {"empty": "1"}, follow_redirects=True).get_data(as_text=True)
    assert client.get(f"/api/v1/documents/{waiting}").get_json()["documents"][0]["records"][0]["name"]["value"] == ""
    undo = re.search(r'<form action="([^"]+/undo)".*?name="step" value="(\d+)".*?name="version" value="(\d+)"', after)
    assert undo is not None
    back = client.post(undo[1], data={"step": undo[2], "version": undo[3]}, follow_redirects=True)
    assert fields_of(back.get_data(as_text=True))["path"] == sent["path"]
    entry = client.get(f"/api/v1/documents/{waiting}").get_json()["documents"][0]["records"][0]["name"]
    assert (entry["value"], entry["review"]) == (PEOPLE[0]["name"], True)
    steps = client.get(f"/api/v1/documents/{waiting}/history").get_json()["history"]
    assert [step["action"] for step in steps][-2:] == ["entered", "entered"], "nothing is lost"
    again = client.post(undo[1], data={"step": undo[2], "version": undo[3]})
    assert again.status_code == 412


def test_two_people_at_once_keep_what_each_decided_and_a_conflict_is_told(client: FlaskClient, waiting: str) -> None:
    desk = f"/review/{waiting}"
    mine, other = (
        fields_of(text_of(client, f"{desk}?at={ROW.format(row, key)}")) for row, key in ((0, "name"), (1, "note"))
    )
    assert client.post(desk, data=other | {"value": "经电话核实"}).status_code == 303
    assert client.post(desk, data=mine | {"choice": "罗宏园"}).status_code == 303, "another place was changed meanwhile"
    rows = client.get(f"/api/v1/documents/{waiting}").get_json()["documents"][0]["records"]
    assert (rows[0]["name"]["value"], rows[1]["note"]["value"]) == ("罗宏园", "经电话核实")
    late = client.post(desk, data=mine | {"value": "罗红园"})
    assert late.status_code == 422
    assert "刚被别人改为“罗宏园”" in late.get_data(as_text=True)
    rows = client.get(f"/api/v1/documents/{waiting}").get_json()["documents"][0]["records"]
    assert rows[0]["name"]["value"] == "罗宏园", "a person's value is not overwritten by who had not seen it"


def test_rows_that_moved_do_not_get_the_decision_of_another(client: FlaskClient, waiting: str) -> None:
    desk = f"/review/{waiting}"
    seen = fields_of(text_of(client, f"{desk}?at={ROW.format(3, 'note')}"))
    gone = {"version": int(seen["version"]), "remove": [{"path": "records[1]", "reason": "误读"}]}
    assert client.patch(f"/api/v1/documents/{waiting}/entries", json=gone).status_code == 200
    answer = client.post(desk, data=seen | {"value": "乙"})
    assert answer.status_code == 422
    rows = client.get(f"/api/v1/documents/{waiting}").get_json()["documents"][0]["records"]
    assert "乙" not in [row.get("note", {}).get("value") for row in rows]


def test_what_the_paper_says_is_taken_with_a_reason(client: FlaskClient, waiting: str) -> None:
    desk = f"/review/{waiting}"
    sent = fields_of(text_of(client, f"{desk}?at={ROW.format(1, 'id_number')}")) | {"value": "320799199001011235"}
    assert client.post(desk, data=sent).status_code == 422
    assert "理由" in client.post(desk, data=sent | {"as_written": "1"}).get_data(as_text=True)
    assert client.post(desk, data=sent | {"as_written": "1", "reason": "对照原件"}).status_code == 303
    body = client.get(f"/api/v1/documents/{waiting}").get_json()["documents"][0]
    assert body["records"][1]["id_number"]["value"] == "320799199001011235"
    assert any(one["path"] == "records[1].id_number" and one["severity"] == "error" for one in body["findings"])


@pytest.mark.parametrize("few", [0, 1000], ids=["among many documents", "among few"])
def test_the_queue_goes_by_kind_across_documents(
    client: FlaskClient, work: Work, shared_runtime: Runtime, waiting: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_FEW", few)
    other = take_in(client, work)
    doubt(shared_runtime, other, {(4, "hired_on"): ("2020-02-02",), (0, "sex"): ()})
    before = {one["kind"]: one["waiting"] for one in client.get("/api/v1/review?limit=200").get_json()["kinds"]}
    assert before["date"] >= 2
    seen = []
    page = text_of(client, "/review/kinds/date")
    for _ in range(before["date"]):
        action = re.search(r'<form action="(/review/kinds/date/([0-9a-f-]+))"', page)
        assert action is not None
        seen.append((action[2], fields_of(page)["path"]))
        page = client.post(action[1], data=fields_of(page), follow_redirects=True).get_data(as_text=True)
    assert {(waiting, ROW.format(2, "hired_on")), (other, ROW.format(4, "hired_on"))} <= set(seen)
    assert "这一类都核对过了" in page
    undo = re.search(r'<form action="([^"]+/undo)".*?name="step" value="(\d+)"', page)
    assert undo is not None
    back = client.post(undo[1], data={"kind": "date", "step": undo[2], "version": "0"}, follow_redirects=True)
    again = fields_of(back.get_data(as_text=True))
    assert again["path"] == seen[-1][1], "the last one is in hand again"
    client.post(f"/review/kinds/date/{seen[-1][0]}", data=again)
    after = {one["kind"]: one["waiting"] for one in client.get("/api/v1/review").get_json()["kinds"]}
    assert after["date"] == 0
    assert after["choice"] == before["choice"], "other kinds are left as they were"
    assert client.get("/review/kinds/nothing").status_code == 404


def test_a_document_is_returned_with_the_notice_that_was_previewed(client: FlaskClient, waiting: str) -> None:
    page = text_of(client, f"/review/{waiting}/return?shown=1&warnings=1&note=请补盖公章&deadline=2099-05-06")
    assert "请补盖公章" in page
    assert "2099-05-06" in page
    assert client.get(f"/api/v1/documents/{waiting}").get_json()["state"] == "read", "a look changes nothing"
    (version,) = re.findall(r'name="version" value="(\d+)"', page)[:1]
    body = {"version": version, "shown": "1", "note": "请补盖公章", "deadline": "2001-01-01"}
    late = client.post(f"/review/{waiting}/return", data=body)
    assert late.status_code == 422
    assert "补正期限" in late.get_data(as_text=True)
    assert client.post(f"/review/{waiting}/return", data=body | {"deadline": "2099-05-06"}).status_code == 303
    told = client.get(f"/api/v1/documents/{waiting}").get_json()
    assert told["state"] == "returned"
    assert "已退回补正" in text_of(client, f"/review/{waiting}")


def test_parts_of_the_page_are_cut_where_the_value_stands(client: FlaskClient, waiting: str) -> None:
    places = client.get(f"/api/v1/documents/{waiting}/review").get_json()["places"]
    assert [one["path"] for one in places] == [
        ROW.format(*at) for at in ((0, "name"), (1, "id_number"), (2, "hired_on"))
    ]
    assert [one["value"] for one in places[0]["candidates"]] == ["罗宏园"]
    box = ",".join(map(str, places[1]["box"]))
    size = client.get(f"/api/v1/documents/{waiting}/pages/1").get_json()
    page = Image.open(io.BytesIO(client.get(f"/api/v1/documents/{waiting}/pages/1.jpg").get_data()))
    assert page.size == (size["width"], size["height"])
    left, top, right, bottom = (edge * size["scale"] for edge in places[1]["box"])
    assert 0 < left < right < page.width
    assert 0 < top < bottom < page.height
    part = client.get(f"/api/v1/documents/{waiting}/pages/1/crop.jpg?box={box}")
    cut = Image.open(io.BytesIO(part.get_data())).convert("L")
    assert right - left < cut.width < page.width / 2
    assert np.asarray(cut).min() < 100 < np.asarray(cut).max(), "there is writing on it"
    assert part.headers["Cache-Control"] == "no-store"
    for bad in ("", "1,2,3", "a,b,c,d", "9,9,1,1", "nan,1,2,3", "1e99,0,1,1"):
        assert client.get(f"/api/v1/documents/{waiting}/pages/1/crop.jpg?box={bad}").status_code == 422, bad
    assert client.get(f"/api/v1/documents/{waiting}/pages/9/crop.jpg?box={box}").status_code == 404


def test_lists_mask_numbers_and_who_saw_them_whole_is_kept(
    client: FlaskClient, shared_runtime: Runtime, waiting: str
) -> None:
    number = PEOPLE[1]["id_number"]
    page = text_of(client, f"/review/{waiting}?by=吴核对")
    shown = re.sub(r"<input[^>]*>", "", page)
    assert number not in shown, "only the place in hand shows it whole"
    assert number in text_of(client, f"/review/{waiting}?at={ROW.format(1, 'id_number')}&by=吴核对")
    with shared_runtime.database.reading() as connection:
        mine = connection.execute(select(disclosures).where(disclosures.c.who == "吴核对")).all()
    assert [(row.what, row.filters["document"], row.people, row.reason) for row in mine] == [
        ("desk", waiting, len(PEOPLE), "逐份核对")
    ]
    assert number not in text_of(client, "/review")


def test_a_file_without_pictures_is_gone_through_by_its_table(
    client: FlaskClient, work: Work, shared_runtime: Runtime
) -> None:
    identity = take_in(client, work, "")
    doubt(shared_runtime, identity, {(0, "name"): ()})
    page = text_of(client, f"/review/{identity}")
    assert "读出的内容" in page
    assert re.search(r"原件位置：\S*!?[A-Z]+\d+", page)
    sent = fields_of(page)
    assert client.post(f"/review/{identity}", data=sent).status_code == 303
    assert client.get(f"/api/v1/documents/{identity}/review").get_json()["waiting"] == 0


def test_a_long_list_is_opened_some_rows_at_a_time_and_nothing_in_it_is_passed_over(
    client: FlaskClient, work: Work, shared_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LONG", 8)
    monkeypatch.setattr(parts, "PIECE", 3)
    monkeypatch.setattr(queue, "ROWS", 4)
    identity = uploaded(client, work, made("attachment-2", 10, 37))
    doubt(shared_runtime, identity, {(6, "name"): (), (9, "post"): (), (1, "sex"): ()})
    desk = f"/review/{identity}"
    seen: list[str] = []
    page = text_of(client, f"{desk}?at={ROW.format(5, 'name')}")
    assert "第 5 行起的 4 行，共 10 行" in page
    for _ in range(3):
        page = text_of(client, f"{desk}?after={ROW.format(5, 'name')}" if not seen else f"{desk}?after={seen[-1]}")
        sent = fields_of(page)
        seen.append(sent["path"])
        assert client.post(desk, data=sent).status_code == 303
        work()
    assert seen == [ROW.format(6, "name"), ROW.format(9, "post"), ROW.format(1, "sex")], (
        "round the end to the beginning"
    )
    assert "都核对过了" in text_of(client, desk)


def test_a_file_that_could_not_be_read_waits_too_and_is_returned(client: FlaskClient, work: Work) -> None:
    sent = {"file": (io.BytesIO(b"%PDF-1.4\n" + uuid.uuid4().bytes.hex().encode()), "坏的.pdf")}
    taken = client.post("/api/v1/documents", data=sent, content_type="multipart/form-data").get_json()
    identity = taken["documents"][0]["id"]
    early = client.get(f"/review/{identity}")
    assert (early.status_code, early.headers["Location"]) == (303, f"/documents/{identity}")
    work()
    assert identity in text_of(client, "/review?offset=0")
    page = text_of(client, f"/review/{identity}")
    assert "没有读出表来" in page
    assert "文件有内容未能读取" in text_of(client, f"/review/{identity}/return")

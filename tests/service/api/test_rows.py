"""Rows that the reader missed or invented, steps taken back, and long lists that are checked a moment later."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms.catalogue import Catalogue
from forms.intake import take_in
from samples.records import make_records
from service.operations.row_numbers import RowStep, origins_of, row_now, rows_before
from service.runtime import Runtime
from service.store import parts
from tests.service.making import another
from writers.filling import fill

API = "/api/v1"
Work = Callable[[], None]
NEW = {"name": "补录甲", "sex": "男", "post": "保洁员"}


def made(form: str = "attachment-2", count: int = 4, seed: int = 31) -> bytes:
    intake = take_in(make_records(form, count, seed), Catalogue.load())[0]
    return another(fill(intake.definition, intake.record, print_mark=False).content)


@pytest.fixture
def identity(client: FlaskClient, work: Work) -> str:
    return uploaded(client, work, made())


def uploaded(client: FlaskClient, work: Work, content: bytes, name: str = "附件2.xlsx") -> str:
    sent = {"file": (io.BytesIO(content), name)}
    answer = client.post(f"{API}/documents", data=sent, content_type="multipart/form-data").get_json()
    work()
    return str(answer["documents"][0]["id"])


def show(client: FlaskClient, identity: str) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{API}/documents/{identity}").get_json()
    return body


def names(client: FlaskClient, identity: str) -> list[str]:
    return [row["name"]["value"] for row in show(client, identity)["documents"][0]["records"]]


def patch(client: FlaskClient, identity: str, **body: Any) -> TestResponse:
    body.setdefault("version", show(client, identity)["version"])
    return client.patch(f"{API}/documents/{identity}/entries", json=body)


def history(client: FlaskClient, identity: str, path: str = "") -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = client.get(f"{API}/documents/{identity}/history?path={path}").get_json()["history"]
    return steps


def test_a_missed_row_is_added_where_it_stands_and_an_invented_one_goes(client: FlaskClient, identity: str) -> None:
    before = names(client, identity)
    answer = patch(client, identity, add=[{"values": NEW, "after": "records[1]", "reason": "漏读"}], by="李")
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["renumbered"] == [{"path": "documents[0].records[2]", "by": 1}]
    assert names(client, identity) == [*before[:2], "补录甲", *before[2:]]
    row = show(client, identity)["documents"][0]["records"][2]
    assert set(row) == set(NEW), "what nobody said is not made up"
    assert (row["name"]["origin"], row["name"]["review"]) == ("human", False)
    missing = [item["path"] for item in show(client, identity)["documents"][0]["findings"] if item["code"] == "F-5"]
    assert "records[2].id_number" in missing, "the rules look at the new row too"
    gone = patch(client, identity, remove=[{"path": "records[0]", "reason": "表头误读"}])
    assert gone.get_json()["renumbered"] == [{"path": "documents[0].records[0]", "by": -1}]
    assert names(client, identity) == [before[1], "补录甲", *before[2:]]
    steps = history(client, identity)
    assert [step["action"] for step in steps][-2:] == ["row-added", "row-removed"]
    assert steps[-1]["before"]["name"]["value"] == before[0], "what was taken out stands in the history"


def test_several_at_once_go_by_the_numbers_that_the_caller_saw(client: FlaskClient, identity: str) -> None:
    one, two, three, four = names(client, identity)
    answer = patch(
        client,
        identity,
        entries=[{"path": "records[3].note", "value": "末行"}],
        remove=[{"path": "records[0]"}, {"path": "records[2]"}],
        add=[
            {"values": {"name": "在最后"}},
            {"values": {"name": "在三之位"}, "after": "records[2]"},
            {"values": {"name": "在二之前"}, "before": "records[1]"},
        ],
    )
    assert answer.status_code == 200, answer.get_json()
    assert names(client, identity) == ["在二之前", two, "在三之位", four, "在最后"]
    assert show(client, identity)["documents"][0]["records"][3]["note"]["value"] == "末行"
    assert {one, three}.isdisjoint(names(client, identity))


def test_findings_and_histories_follow_their_rows(client: FlaskClient, work: Work) -> None:
    data = make_records("attachment-2", 3, 33)
    number = data["records"][2]["id_number"]
    data["records"][2]["id_number"] = number[:-1] + ("0" if number[-1] != "0" else "1")
    intake = take_in(data, Catalogue.load())[0]
    identity = uploaded(client, work, another(fill(intake.definition, intake.record, print_mark=False).content))

    def wrong() -> list[str]:
        return [item["path"] for item in show(client, identity)["documents"][0]["findings"] if item["code"] == "F-1"]

    assert wrong() == ["records[2].id_number"]
    patch(client, identity, entries=[{"path": "records[2].note", "value": "甲注"}])
    patch(client, identity, remove=[{"path": "records[0]"}])
    assert wrong() == ["records[1].id_number"]
    patch(client, identity, add=[{"values": NEW, "before": "records[0]"}, {"values": NEW, "before": "records[0]"}])
    assert wrong() == ["records[3].id_number"]
    patch(client, identity, entries=[{"path": "records[3].note", "value": "乙注"}])
    life = history(client, identity, "records[3].note")
    assert [step["after"]["value"] for step in life if step["action"] == "entered"] == ["甲注", "乙注"]
    assert life[0]["action"] == "read"
    born = history(client, identity, "records[0].name")
    assert [step["action"] for step in born] == ["row-added"], "it was never read"


def test_each_kind_of_step_can_be_taken_back_once(client: FlaskClient, identity: str) -> None:
    first = show(client, identity)["documents"][0]["records"]
    patch(client, identity, entries=[{"path": "records[1].name", "value": "误改"}])
    changed = history(client, identity)[-1]["number"]
    patch(client, identity, remove=[{"path": "records[0]"}])
    removed = history(client, identity)[-1]["number"]
    patch(client, identity, add=[{"values": NEW}])
    added = history(client, identity)[-1]["number"]
    assert patch(client, identity, undo=[changed]).status_code == 200, "its row has another number now"
    assert patch(client, identity, undo=[removed]).status_code == 200
    assert patch(client, identity, undo=[added]).status_code == 200
    now = show(client, identity)["documents"][0]["records"]
    assert now == first, "value, origin and place are those of the reading again"
    for number in (changed, removed, added):
        assert patch(client, identity, undo=[number]).status_code == 422
    patch(client, identity, entries=[{"path": "records[1].note", "value": "一"}])
    earlier = history(client, identity)[-1]["number"]
    patch(client, identity, entries=[{"path": "records[1].note", "value": "二"}])
    refused = patch(client, identity, undo=[earlier])
    assert "之后又改过" in refused.get_json()["message_zh"]


@pytest.mark.parametrize(
    "body",
    [
        {"add": []},
        {"add": [{"values": {}}]},
        {"add": [{"values": {"colour": "红"}}]},
        {"add": [{"values": {"name": "甲", "id_number": "123"}}]},
        {"add": [{"values": NEW, "after": "records[9]"}]},
        {"add": [{"values": NEW, "after": "header.unit"}]},
        {"add": [{"values": NEW, "after": "records[0]", "before": "records[1]"}]},
        {"add": [{"values": NEW, "document": 3}]},
        {"add": "records"},
        {"remove": [{"path": "records[4]"}]},
        {"remove": [{"path": "records[0].name"}]},
        {"remove": [{}]},
        {"remove": [{"path": "records[0]"}], "add": [{"values": {"sex": "不明"}}]},
        {"undo": [0]},
        {"undo": ["1"]},
        {"undo": [1], "entries": [{"path": "records[0].note", "value": "核"}]},
        {},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_as_a_whole(client: FlaskClient, identity: str, body: dict[str, Any]) -> None:
    before = show(client, identity)
    answer = patch(client, identity, **body)
    assert answer.status_code == 422, answer.get_json()
    assert answer.get_json()["code"] == "entry-invalid"
    assert show(client, identity) == before


def test_rows_move_only_under_the_eyes_of_who_saw_them(client: FlaskClient, identity: str) -> None:
    url = f"{API}/documents/{identity}/entries"
    blind = client.patch(url, json={"remove": [{"path": "records[0]"}]})
    assert (blind.status_code, blind.get_json()["code"]) == (428, "version-needed")
    stale = client.patch(url, json={"remove": [{"path": "records[0]"}]}, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    assert len(names(client, identity)) == 4


def test_a_form_of_one_person_has_no_rows_to_move(client: FlaskClient, work: Work) -> None:
    identity = uploaded(client, work, made("attachment-4", 1), "附件4.docx")
    for body in ({"add": [{"values": {"name": "乙"}}]}, {"remove": [{"path": "records[0]"}]}):
        assert "一人一份" in patch(client, identity, **body).get_json()["message_zh"]


def test_a_page_adds_and_takes_out_a_row(client: FlaskClient, identity: str) -> None:
    page = client.get(f"/documents/{identity}").get_data(as_text=True)
    assert f"/documents/{identity}/edit?item=0&amp;part=new" in page
    form = client.get(f"/documents/{identity}/edit?item=0&part=new").get_data(as_text=True)
    assert 'name="new:name"' in form
    version = str(show(client, identity)["version"])
    sent = {
        "version": version,
        "item": "0",
        "after": "2",
        "new:name": "页面补录",
        "new:sex": "",
        "reason": "漏读",
    }
    answer = client.post(f"/documents/{identity}/rows/add", data=sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert names(client, identity)[2] == "页面补录"
    version = str(show(client, identity)["version"])
    out = client.post(f"/documents/{identity}/rows/remove", data={"version": version, "row": "documents[0].records[2]"})
    assert out.status_code == 303
    assert "页面补录" not in names(client, identity)
    told = client.get(f"/documents/{identity}/history").get_data(as_text=True)
    assert "增加一行" in told
    assert "删去一行" in told
    number = history(client, identity)[-1]["number"]
    version = str(show(client, identity)["version"])
    back = client.post(f"/documents/{identity}/undo", data={"version": version, "step": str(number)})
    assert back.status_code == 303
    assert names(client, identity)[2] == "页面补录"


@pytest.fixture
def long_list(client: FlaskClient, work: Work, monkeypatch: pytest.MonkeyPatch) -> str:
    """A list that is kept in pieces of three rows."""
    monkeypatch.setattr(parts, "LONG", 8)
    monkeypatch.setattr(parts, "PIECE", 3)
    return uploaded(client, work, made("attachment-2", 10, 35))


def test_a_long_list_is_changed_in_pieces_and_checked_a_moment_later(
    client: FlaskClient, work: Work, long_list: str, shared_runtime: Runtime
) -> None:
    before = show(client, long_list)
    people = names(client, long_list)
    assert (len(people), before["checked"]) == (10, True)
    number = before["documents"][0]["records"][7]["id_number"]["value"]
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    entry = {"path": "records[7].id_number", "value": wrong, "as_written": True, "reason": "原件如此"}
    answer = patch(
        client, long_list, entries=[entry, {"path": "header.contact", "value": "王联络"}], by="李"
    ).get_json()
    assert (answer["state"], answer["checked"], answer["version"]) == ("review", False, before["version"] + 1)
    assert "documents" not in answer, "a long list is not sent back for one value"
    now = show(client, long_list)["documents"][0]
    assert now["records"][7]["id_number"]["value"] == wrong
    assert now["header"]["contact"]["value"] == "王联络"
    assert now["records"][6] == before["documents"][0]["records"][6]
    work()
    checked = show(client, long_list)
    assert checked["checked"] is True
    assert checked["version"] == answer["version"]
    assert "records[7].id_number" in {
        item["path"] for item in checked["documents"][0]["findings"] if item["code"] == "F-1"
    }
    patch(client, long_list, remove=[{"path": "records[2]"}], add=[{"values": NEW, "after": "records[8]"}])
    expected = [*people[:2], *people[3:9], "补录甲", people[9]]
    assert names(client, long_list) == expected
    said = [item["path"] for item in show(client, long_list)["documents"][0]["findings"]]
    assert not [path for path in said if path.startswith("records[") and path[8] not in "01"]
    work()
    found = show(client, long_list)["documents"][0]["findings"]
    assert "records[6].id_number" in {item["path"] for item in found if item["code"] == "F-1"}
    step = next(step for step in history(client, long_list) if step["action"] == "row-removed")
    assert patch(client, long_list, undo=[step["number"]]).status_code == 200
    assert names(client, long_list) == [*people[:9], "补录甲", people[9]]
    listed = client.get(f"{API}/documents?limit=200").get_json()["documents"]
    assert next(item for item in listed if item["id"] == long_list)["records"] == 11
    accepted = client.post(f"{API}/documents/{long_list}/accept", json={"override": True, "reason": "试"})
    assert accepted.status_code == 200, accepted.get_json()
    assert accepted.get_json()["recorded"] == 11
    assert accepted.get_json()["checked"] is True, "what is accepted was checked as it stands"


def test_numbers_are_found_again_through_any_steps() -> None:
    steps = [
        RowStep(5, 0, 1, is_added=False),
        RowStep(6, 0, 0, is_added=True),
        RowStep(7, 1, 0, is_added=True),
        RowStep(8, 0, 4, is_added=True),
    ]
    assert origins_of(steps, 0, 4) == [None, 0, 2, 3, None]
    assert origins_of(steps, 1, 1) == [None, 0]
    assert [row_now(steps, 0, row, 0) for row in range(4)] == [1, None, 2, 3]
    assert rows_before(steps, 0, 2) == [(6, 2), (5, 1), (0, 2)]
    assert rows_before(steps, 0, 0) == [(6, 0)]

"""Whose a returned file is, when two uploads are one document, and the only ways a document may go."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from forms.catalogue import Catalogue
from forms.intake import take_in
from samples.records import make_records
from service.application import create_app
from service.jobs.worker import run_next
from service.operations.holding import EDGES, STATES
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.tables import documents
from service.store.units import Alias, Unit, UnitKind, keep_units
from tests.service.making import another
from writers.filling import fill

API = "/api/v1"
BUREAU, SCHOOL, TOWN = "海州区示范教育局", "海州区示范中学", "示范镇人民政府"
UNITS = (
    Unit("a", BUREAU, UnitKind.DEPARTMENT, aliases=(Alias("示范教育局", "2020-01-01", "2026-08-01"),)),
    Unit("b", SCHOOL, UnitKind.SUBORDINATE, "a"),
    Unit("c", TOWN, UnitKind.TOWN, aliases=(Alias("示范镇"),)),
)


def made(unit: str, form: str = "attachment-3", seed: int = 5, count: int = 2, filled_on: str = "2026-08-20") -> bytes:
    data = make_records(form, count, seed)
    data["header"] |= {"unit": unit, "filled_on": filled_on}
    intake = take_in(data, Catalogue.load())[0]
    return fill(intake.definition, intake.record, print_mark=False).content


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """An installation of these tests' own, with a few units."""
    opened = open_runtime(Settings(data_dir=tmp_path_factory.mktemp("data"), reserve_mib=1, year=2026))
    with opened.database.transaction() as connection:
        keep_units(connection, UNITS, {})
    yield opened
    opened.close()


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


def send(client: FlaskClient, content: bytes, name: str = "附件3.xlsx", **fields: str) -> TestResponse:
    sent = {"file": (io.BytesIO(content), name), **fields}
    return client.post(f"{API}/documents", data=sent, content_type="multipart/form-data")


def taken(client: FlaskClient, runtime: Runtime, content: bytes, **fields: str) -> dict[str, Any]:
    entry = send(client, content, **fields).get_json()["documents"][0]
    while run_next(runtime):
        pass
    return show(client, entry["id"])


def fresh(unit: str, filled_on: str = "2026-08-20") -> bytes:
    """A form that nobody has sent yet."""
    return another(made(unit, filled_on=filled_on))


def counted(runtime: Runtime, content: bytes) -> int:
    """How many documents have these bytes."""
    wanted = (
        select(func.count()).select_from(documents).where(documents.c.sha256 == hashlib.sha256(content).hexdigest())
    )
    with runtime.database.reading() as connection:
        return int(connection.execute(wanted).scalar_one())


def show(client: FlaskClient, identity: str) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{API}/documents/{identity}").get_json()
    return body


def told(body: dict[str, Any]) -> list[str]:
    found = body["documents"][0]["findings"]
    return [item["message"] for item in found if item["code"] in ("unit-unclear", "unit-differs")]


@pytest.mark.parametrize(
    ("written", "filled_on", "unit"),
    [
        (BUREAU, "2026-08-20", BUREAU),
        ("海州区 示范教育局", "2026-08-20", BUREAU),
        ("示范教育局", "2026-07-31", BUREAU),
        ("示范镇", "2026-08-20", TOWN),
        ("示范教育局", "2026-08-20", None),
        ("海州区示范教育", "2026-08-20", None),
        ("海州区另一局", "2026-08-20", None),
    ],
    ids=["full", "spaced", "alias-held", "open-alias", "alias-ended", "cut", "unknown"],
)
def test_the_unit_is_the_forms_own_where_the_list_knows_it_on_that_day_and_never_guessed(
    client: FlaskClient, runtime: Runtime, written: str, filled_on: str, unit: str | None
) -> None:
    body = taken(client, runtime, fresh(written, filled_on=filled_on))
    assert body["unit"] == unit
    assert body["unit_from"] == ("form" if unit else None)
    assert bool(told(body)) == (unit is None)


def test_the_senders_word_stands_and_another_unit_on_the_form_is_told(client: FlaskClient, runtime: Runtime) -> None:
    body = taken(client, runtime, fresh(TOWN), unit=BUREAU)
    assert (body["unit"], body["unit_from"]) == (BUREAU, "sender")
    assert TOWN in told(body)[0]
    under = taken(client, runtime, fresh(SCHOOL), unit=BUREAU)
    assert (under["unit"], told(under)) == (BUREAU, []), "a department hands in what its school filled"
    above = taken(client, runtime, fresh(BUREAU), unit=SCHOOL)
    assert BUREAU in told(above)[0]


def test_a_person_settles_the_unit_and_the_campaign_and_the_history_says_so(
    client: FlaskClient, runtime: Runtime
) -> None:
    body = taken(client, runtime, fresh("海州区示范教育"))
    assert BUREAU in told(body)[0], "the name that it may stand for is offered"
    url = f"{API}/documents/{body['id']}"
    assert client.patch(url, json={"unit": "没有的局", "by": "李"}).status_code == 422
    assert client.patch(url, json={"unit": BUREAU, "version": body["version"] + 7}).status_code == 412
    changed = client.patch(url, json={"unit": BUREAU, "version": body["version"], "by": "李", "reason": "电话核实"})
    assert changed.status_code == 200, changed.get_json()
    after = changed.get_json()
    assert (after["unit"], after["unit_from"], told(after)) == (BUREAU, "person", [])
    (step,) = client.get(f"{url}/history?path=unit").get_json()["history"]
    assert (step["before"], step["after"], step["by"], step["reason"]) == (None, BUREAU, "李", "电话核实")
    findings = client.get(f"{API}/findings?document={body['id']}").get_json()["findings"]
    assert {item["unit"] for item in findings} == {BUREAU}, "what is found is the unit's that was settled on"
    other = client.post(f"{API}/campaigns", json={"year": 2027, "packs": ["F"]}).get_json()
    moved = client.patch(url, json={"campaign": "2027", "by": "李"}).get_json()
    assert moved["campaign"] == other["id"]
    codes = {item["code"] for item in moved["documents"][0]["findings"]}
    assert not {code for code in codes if code.startswith(("S1", "X-", "L-"))}, "only the rules of its campaign"
    assert client.patch(url, json={"state": "accepted"}).status_code == 422


def test_the_rules_are_those_of_the_files_campaign(client: FlaskClient, runtime: Runtime) -> None:
    client.post(f"{API}/campaigns", json={"year": 2025, "title": "去年", "packs": ["S1"]})
    client.post(f"{API}/campaigns", json={"year": 2026, "title": "今年", "packs": ["F"]})
    content = made(TOWN, filled_on="2026-08-20")
    late = taken(client, runtime, content, campaign="去年")
    codes = {item["code"] for item in late["documents"][0]["findings"]}
    assert "S1-16" in codes, "filled a year after the last day of that campaign"
    now = taken(client, runtime, content, campaign="今年")
    assert now["id"] != late["id"]
    assert not {item["code"] for item in now["documents"][0]["findings"] if item["code"].startswith("S1")}


def test_the_same_bytes_for_the_same_unit_are_the_same_document(client: FlaskClient, runtime: Runtime) -> None:
    content = another(made(TOWN))
    first = send(client, content, unit=TOWN).get_json()["documents"][0]
    again = send(client, content, name="换个名.xlsx", unit="示范镇").get_json()["documents"][0]
    assert (again["id"], again["job"], again["duplicate"]) == (first["id"], first["job"], True)
    assert "duplicate" not in first
    while run_next(runtime):
        pass
    read = send(client, content, unit=TOWN).get_json()["documents"][0]
    assert (read["id"], read["state"]) == (first["id"], "read")
    foreign = send(client, content, unit=BUREAU).get_json()["documents"][0]
    assert foreign["id"] != first["id"]
    assert "duplicate" not in foreign, "nothing tells one unit of the other's file"
    assert foreign["state"] == "received"
    assert counted(runtime, content) == 2


def test_a_file_sent_again_under_another_form_is_read_again_as_the_same_document(
    client: FlaskClient, runtime: Runtime
) -> None:
    content = another(made(TOWN))
    first = taken(client, runtime, content)
    again = send(client, content, form="attachment-3").get_json()["documents"][0]
    assert again["id"] == first["id"]
    assert again["job"] != first["job"]
    while run_next(runtime):
        pass
    assert show(client, first["id"])["form"] == "attachment-3"


@pytest.mark.parametrize("touched", [False, True], ids=["as-read", "worked-on"])
def test_a_file_whose_sender_says_later_what_it_corrects_takes_over_then(
    client: FlaskClient, runtime: Runtime, *, touched: bool
) -> None:
    old = taken(client, runtime, another(made(TOWN, seed=41)))
    content = another(made(TOWN, seed=43))
    new = taken(client, runtime, content)
    assert new["supersedes"] is None
    assert step_to(client, runtime, old["id"], "returned") == "returned"
    if touched:
        assert step_to(client, runtime, new["id"], "review") == "review"
    again = send(client, content, supersedes=old["id"]).get_json()["documents"][0]
    assert (again["id"], again["duplicate"]) == (new["id"], True)
    while run_next(runtime):
        pass
    assert show(client, new["id"])["supersedes"] == old["id"]
    assert show(client, old["id"])["superseded_by"] == new["id"]
    note = show(client, new["id"])["documents"][0]["records"][0]["note"]
    assert (note["value"] == "核") is touched


def test_fifty_uploads_of_one_file_at_once_are_one_document(runtime: Runtime) -> None:
    app, content = create_app(runtime), another(made(TOWN))
    answers: list[tuple[int, str, str]] = []

    def upload() -> None:
        answer = send(app.test_client(), content)
        entry = answer.get_json()["documents"][0]
        answers.append((answer.status_code, entry["id"], entry["job"]))

    threads = [threading.Thread(target=upload) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 50
    assert len(set(answers)) == 1
    ran = 0
    while run_next(runtime):
        ran += 1
    assert ran == 1
    assert counted(runtime, content) == 1
    folder = runtime.settings.data_dir / "blobs"
    assert len(list(folder.rglob(hashlib.sha256(content).hexdigest()))) == 1
    assert list((folder / "incoming").iterdir()) == []


def test_a_broken_file_sent_twice_is_one_document_too(client: FlaskClient) -> None:
    broken = b"PK\x03\x04 not a workbook"
    first, again = (send(client, broken).get_json()["documents"][0] for _ in range(2))
    assert first["id"] == again["id"]
    assert (first["state"], again["state"]) == ("rejected", "rejected")


def brought_to(client: FlaskClient, runtime: Runtime, state: str) -> str:
    content = another(made(TOWN))
    if state == "received":
        return str(send(client, content).get_json()["documents"][0]["id"])
    if state == "failed":
        return str(send(client, b"no workbook", name="坏.xlsx").get_json()["documents"][0]["id"])
    identity = str(taken(client, runtime, content)["id"])
    if state == "read":
        return identity
    first = "accepted" if state == "superseded" else state
    assert step_to(client, runtime, identity, first) == first
    if state == "superseded":
        step_to(client, runtime, identity, "superseded")
    assert show(client, identity)["state"] == state
    return identity


def step_to(client: FlaskClient, runtime: Runtime, identity: str, target: str) -> str:
    """Try to bring a document to a state by the call that leads there; the state it is in then."""
    url = f"{API}/documents/{identity}"
    if target == "review":
        entries = [{"path": "records[0].note", "value": "核"}]
        client.patch(f"{url}/entries", json={"entries": entries, "version": show(client, identity)["version"]})
    elif target == "accepted":
        client.post(f"{url}/accept", json={"override": True, "reason": "试"})
    elif target == "returned":
        client.post(f"{url}/return", json={"note": "请补正"})
    elif target == "superseded":
        send(client, another(made(TOWN)), supersedes=identity)
        while run_next(runtime):
            pass
    elif target in ("read", "received", "failed"):
        for word in ({"state": target}, {"entries": [], "state": target}):
            client.patch(url, json=word)
            client.patch(f"{url}/entries", json=word)
    return str(show(client, identity)["state"])


REACHABLE = {
    ("read", "review"),
    ("read", "accepted"),
    ("read", "returned"),
    ("review", "accepted"),
    ("review", "returned"),
    ("failed", "returned"),
    ("accepted", "superseded"),
    ("returned", "superseded"),
}
"""Where one call may bring a document; accepting and returning pass through the review that they are."""
TRIED = ("received", "read", "failed", "review", "accepted", "returned", "superseded")


@pytest.mark.parametrize("state", TRIED)
def test_only_these_ways_lead_from_state_to_state(client: FlaskClient, runtime: Runtime, state: str) -> None:
    for target in TRIED:
        if target == state or (state == "received" and target == "superseded"):
            continue
        identity = brought_to(client, runtime, state)
        reached = step_to(client, runtime, identity, target)
        allowed = (state, target) in REACHABLE
        if state == "received":
            assert reached in ("received", "read"), target
            continue
        assert (reached == target) is allowed, (state, target, reached)
        for step in client.get(f"{API}/documents/{identity}/history").get_json()["history"]:
            if step["action"] == "moved":
                assert step["after"] in EDGES[step["before"]], step
    assert set(EDGES) <= set(STATES)


def test_the_page_says_that_a_file_came_before(client: FlaskClient, runtime: Runtime) -> None:
    content = fresh(TOWN)
    body = taken(client, runtime, content)
    sent = {"file": (io.BytesIO(content), "附件3.xlsx")}
    page = client.post("/upload", data=sent, content_type="multipart/form-data").get_data(as_text=True)
    assert "这份文件已经收到过" in page
    assert body["id"] in page

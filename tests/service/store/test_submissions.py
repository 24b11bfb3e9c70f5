"""An old data folder opens, and what was read in it can be reviewed; a reading never overwrites a person."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from service.application import create_app
from service.jobs.worker import run_next
from service.operations.rereading import take_reading
from service.runtime import Runtime
from service.store.documents import find_document
from tests.service.making import filled

NEW = ("submission", "entry_history", "notice", "record", "accepted_form", "finding", "disclosure")
API = "/api/v1"


def read_one(runtime: Runtime, client: FlaskClient) -> str:
    sent = {"file": (io.BytesIO(filled("attachment-2")), "附件2.xlsx")}
    answer = client.post(f"{API}/documents", data=sent, content_type="multipart/form-data").get_json()
    while run_next(runtime):
        pass
    return str(answer["documents"][0]["id"])


def test_a_database_of_an_earlier_release_opens_and_its_documents_go_on(
    make_runtime: Callable[..., Runtime], tmp_path: Path
) -> None:
    runtime = make_runtime()
    identity = read_one(runtime, create_app(runtime).test_client())
    runtime.close()
    with sqlite3.connect(tmp_path / "data" / "service.db") as old:
        for name in NEW:
            old.execute(f"delete from {name}")  # noqa: S608  # names of our own tables, as the migrations leave a database of that time
    old.close()
    again = make_runtime()
    client = create_app(again).test_client()
    with again.database.transaction() as connection:
        document = find_document(connection, identity)
    assert document is not None
    assert (document.stage, document.version) == ("read", 0)
    assert client.get(f"{API}/findings?document={identity}").get_json()["total"] > 0
    entry = {"path": "records[0].note", "value": "核实"}
    assert client.patch(f"{API}/documents/{identity}/entries", json=[entry]).get_json()["state"] == "review"
    assert client.post(f"{API}/documents/{identity}/return").status_code == 200


def test_the_same_file_read_again_keeps_what_people_entered(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    client = create_app(runtime).test_client()
    identity = read_one(runtime, client)
    entries: list[dict[str, Any]] = [
        {"path": "records[0].name", "value": "周某某"},
        {"path": "marks.unit_seal.seal", "value": True},
    ]
    assert client.patch(f"{API}/documents/{identity}/entries", json=entries).status_code == 200
    with runtime.database.transaction() as connection:
        document = find_document(connection, identity)
        assert document is not None
        assert document.reading is not None
        reading: dict[str, Any] = document.reading
        reading["documents"][0]["records"][0]["name"]["value"] = "另读的名"
        reading["documents"][0]["records"][1]["note"]["value"] = "新读出的"
        take_reading(runtime, connection, identity, reading)
    body = client.get(f"{API}/documents/{identity}").get_json()
    first = body["documents"][0]["records"][0]["name"]
    assert (first["value"], first["origin"], first["review"]) == ("周某某", "human", False)
    assert body["documents"][0]["records"][1]["note"]["value"] == "新读出的"
    seal = next(mark for mark in body["documents"][0]["marks"] if (mark["key"], mark["kind"]) == ("unit_seal", "seal"))
    assert seal["present"] is True
    assert body["state"] == "review"
    steps = client.get(f"{API}/documents/{identity}/history?path=records[1].note").get_json()["history"]
    assert steps[-1]["after"]["value"] == "新读出的"


def test_what_was_accepted_is_changed_by_no_reading(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    client = create_app(runtime).test_client()
    identity = read_one(runtime, client)
    forced = {"override": True, "reason": "试"}
    assert client.post(f"{API}/documents/{identity}/accept", json=forced).status_code == 200
    before = client.get(f"{API}/documents/{identity}").get_json()["documents"]
    with runtime.database.transaction() as connection:
        document = find_document(connection, identity)
        assert document is not None
        assert document.reading is not None
        take_reading(runtime, connection, identity, {**document.reading, "documents": []})
    assert client.get(f"{API}/documents/{identity}").get_json()["documents"] == before

"""Long lists as answers and pages: told piece by piece, shown row by row, sealed before anybody waits."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.access.sight import blurred
from service.api.context import json_bytes
from service.api.long_answers import answer_long
from service.operations.documents import described, document_of
from service.operations.rereading import make_ready, take_reading
from service.runtime import Runtime
from service.store import parts
from service.store.documents import add_document, find_fetched
from service.store.sealing.resealing import begin_rekey
from service.web import pages
from tests.service.api.test_rows import API, Work, made, patch, uploaded

HIDDEN = frozenset({"id_number", "name"})


@pytest.fixture
def long_list(client: FlaskClient, work: Work, monkeypatch: pytest.MonkeyPatch) -> str:
    """A list of ten people that is kept in pieces of three rows."""
    monkeypatch.setattr(parts, "LONG", 8)
    monkeypatch.setattr(parts, "PIECE", 3)
    return uploaded(client, work, made("attachment-2", 10, 36))


def whole(runtime: Runtime, identity: str, hidden: frozenset[str] = frozenset()) -> bytes:
    """What would be answered if it were made at once."""
    return json_bytes(blurred(described(document_of(runtime.database, identity)), hidden))


def test_a_long_list_is_answered_to_the_letter_as_any_other(
    client: FlaskClient, work: Work, long_list: str, shared_runtime: Runtime
) -> None:
    place = f"{API}/documents/{long_list}"
    assert client.get(place).data == whole(shared_runtime, long_list)
    changes = [{"path": "records[4].name", "value": "改过"}, {"path": "header.contact", "value": "某某"}]
    assert patch(client, long_list, entries=changes, remove=[{"path": "records[1]"}]).status_code == 200
    work()
    answer = client.get(place)
    assert answer.data == whole(shared_runtime, long_list)
    assert len(answer.get_json()["documents"][0]["records"]) == 9
    assert answer.headers["ETag"] == f'"{answer.get_json()["version"]}"'
    packed = client.get(place, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == answer.data


def test_a_long_list_hides_what_its_reader_may_not_see(app: Flask, long_list: str, shared_runtime: Runtime) -> None:
    with shared_runtime.database.reading() as connection:
        found = find_fetched(connection, long_list)
    assert found is not None
    with app.test_request_context():
        answer = answer_long(described(found[0]), found[1], HIDDEN)
        body = b"".join(answer.response)  # type: ignore[arg-type]  # bytes, as it was made
    assert body == whole(shared_runtime, long_list, HIDDEN)
    rows = json.loads(body)["documents"][0]["records"]
    assert {row["name"]["text"] for row in rows} == {"已隐藏"}


def test_a_page_opens_only_the_rows_that_it_shows(
    client: FlaskClient, long_list: str, shared_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ROWS_A_PAGE", 4)
    rows = described(document_of(shared_runtime.database, long_list))["documents"][0]["records"]
    names = [row["name"]["value"] for row in rows]

    def shown(start: int) -> str:
        return client.get(f"/documents/{long_list}?from={start}").get_data(as_text=True)

    first, last = shown(1), shown(9)
    assert [name in first for name in names] == [True] * 4 + [False] * 6
    assert [name in last for name in names] == [False] * 8 + [True] * 2
    assert "<strong>10</strong> 条记录" in first
    assert f"/documents/{long_list}?from=5" in first
    assert f"/documents/{long_list}?from=5" in last
    assert "part=9" in last
    edit = client.get(f"/documents/{long_list}/edit?item=0&part=9")
    assert names[9] in edit.get_data(as_text=True)
    assert client.get(f"/documents/{long_list}/edit?item=0&part=10").status_code == 404
    assert shown(500).count("<tbody></tbody>") == 1


def test_what_was_sealed_early_is_sealed_anew_when_the_key_has_changed(
    long_list: str, shared_runtime: Runtime, make_runtime: Callable[..., Runtime]
) -> None:
    reading = described(document_of(shared_runtime.database, long_list))
    runtime = make_runtime()
    with runtime.database.transaction() as connection:
        other = add_document(connection, sha256="1" * 64, name="另一.xlsx", size=1, form_hint=None, unit=None)
    ready = make_ready(runtime, other, reading)
    assert ready.pieces
    key = begin_rekey(runtime.database)
    with runtime.database.transaction() as connection:
        take_reading(runtime, connection, other, ready)
    assert described(document_of(runtime.database, other))["documents"] == reading["documents"]
    with runtime.database.reading() as connection:
        found = find_fetched(connection, other)
    assert found is not None
    assert all(sealed.startswith(f"s{key}.") for *_, sealed in found[1].pieces)

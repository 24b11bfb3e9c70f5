"""What is too old is cleared with a proof; what is still open, and everything else, stays."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text, update

from parsers.errors import EmptyFileError
from service.application import create_app
from service.operations.documents import unread
from service.runtime import Runtime
from service.store.blobs import BlobStore
from service.store.documents import add_document, find_document
from service.store.records import RecordQuery, find_records
from service.store.submissions import history_of
from service.store.tables import documents
from tests.keeping.conftest import NUMBER, Done, hand_in

OLD = 400 * 24 * 3600


def age(runtime: Runtime, identity: str) -> None:
    """Let a document have come long ago, with its file."""
    with runtime.database.transaction() as connection:
        before = time.time() - OLD
        connection.execute(update(documents).where(documents.c.id == identity).values(received_at=before))


def age_files(blobs: BlobStore, root: Path) -> None:
    for path in root.rglob("*"):
        if path.is_file():
            os.utime(path, (1.0, 1.0))


def test_settled_documents_are_cleared_after_their_time_and_others_stay(
    runtime: Runtime, admin: Callable[..., Done]
) -> None:
    old, old_file = hand_in(runtime, b"old")
    twin, twin_file = hand_in(runtime, b"shared")
    kept, kept_file = hand_in(runtime, b"shared", number="32079919900307121X")
    open_one, open_file = hand_in(runtime, b"open", state="review")
    for identity in (old, twin, open_one):
        age(runtime, identity)
    age_files(runtime.blobs, runtime.settings.data_dir / "blobs")
    shown = admin("purge", "--days", "365")
    assert shown.code == 0, shown.told
    assert {(line["kind"], line["what"]) for line in shown.lines} == {
        ("document", old),
        ("document", twin),
        ("kept", open_one),
    }
    assert runtime.blobs.has(old_file), "a preview changes nothing"
    done = admin("purge", "--days", "365", "--apply")
    assert ("file", old_file) in {(line["kind"], line["what"]) for line in done.lines}
    with runtime.database.transaction() as connection:
        found = find_document(connection, old)
        steps = history_of(connection, old)
        left = find_records(connection, RecordQuery(id_number=NUMBER))[0]
        events = connection.execute(text("select object_id, details from audit_event where action = 'purge'")).all()
        assert find_document(connection, kept) is not None
        assert find_records(connection, RecordQuery(id_number="32079919900307121X"))[0] == 1
    assert found is not None
    assert (found.name, found.reading, found.content, found.sha256) == ("(已清除)", None, None, "")
    assert found.stage == "accepted"
    assert [(step["who"], step["before"], step["reason"]) for step in steps] == [("甲", None, "")]
    assert left == 1, "the person of the open document"
    assert {event.object_id for event in events} == {old, twin}
    assert any(old_file in event.details for event in events), "the proof names the hash of what was there"
    assert not runtime.blobs.has(old_file)
    assert twin_file == kept_file
    assert runtime.blobs.has(kept_file), "another document still has this file"
    assert runtime.blobs.has(open_file)
    assert admin("verify-store").code == 0
    assert admin("verify-audit").code == 0
    again = admin("purge", "--days", "365", "--apply").lines
    assert [line["kind"] for line in again] == ["kept"]


def test_a_cleared_document_is_shown_and_its_original_is_gone(runtime: Runtime, admin: Callable[..., Done]) -> None:
    identity, _ = hand_in(runtime, b"old")
    age(runtime, identity)
    admin("purge", "--days", "365", "--apply")
    client = create_app(runtime).test_client()
    shown = client.get(f"/api/v1/documents/{identity}", base_url="http://127.0.0.1:8000")
    assert (shown.status_code, shown.get_json()["file"]) == (200, "(已清除)")
    gone = client.get(f"/api/v1/documents/{identity}/original", base_url="http://127.0.0.1:8000")
    assert (gone.status_code, gone.get_json()["code"]) == (404, "not-found")


def test_what_was_refused_is_kept_thirty_days_and_no_longer(runtime: Runtime, admin: Callable[..., Done]) -> None:
    with runtime.database.transaction() as connection:
        made = [
            add_document(connection, sha256=f"{number}" * 64, name="x.xlsx", size=1, form_hint=None, unit=None)
            for number in (1, 2)
        ]
        for identity, days in zip(made, (29, 31), strict=True):
            unread(connection, identity, EmptyFileError())
            old = update(documents).where(documents.c.id == identity)
            connection.execute(old.values(received_at=time.time() - days * 24 * 3600))
    told = admin("purge", "--days", "10", "--apply").lines
    assert [line for line in told if line["kind"] != "file"] == [{"kind": "document", "what": made[1], "count": 1}]


def test_without_a_retention_nothing_is_cleared(runtime: Runtime, admin: Callable[..., Done]) -> None:
    hand_in(runtime, b"x")
    assert admin("purge", "--apply").code == 2

"""A backup while the service works; restored elsewhere it is the same, and what is broken is found."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from service.audit.chain import Verdict, verify
from service.operations.backup import MANIFEST, BackupTargetError, back_up, restore
from service.operations.backup_files import FILES, SEALED, BackupDamagedError
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.documents import find_document
from service.store.errors import BlobDamagedError
from service.store.records import RecordQuery, find_records
from service.store.sealing.errors import KeyMissingError, KeyWrongError
from service.store.sealing.outer_key import beside, make_key_file
from tests.keeping.conftest import NUMBER, Done, hand_in

Admin = Callable[..., Done]


def elsewhere(settings: Settings, tmp_path: Path, *, with_key: bool = True) -> Settings:
    """A second installation with nothing in it; the key was carried there by hand."""
    other = replace(settings, data_dir=tmp_path / "elsewhere" / "data")
    other.data_dir.parent.mkdir()
    if with_key:
        shutil.copy(beside(settings.data_dir), beside(other.data_dir))
    return other


def test_a_backup_is_restored_elsewhere_and_is_the_same(
    runtime: Runtime, settings: Settings, admin: Admin, tmp_path: Path
) -> None:
    made = [hand_in(runtime, f"paper {count}".encode()) for count in range(5)]
    done = admin("backup", tmp_path / "backup")
    assert done.code == 0, done.told
    assert (done.lines[0]["rows"]["document"], done.lines[0]["blobs"], done.lines[0]["has_key"]) == (5, 5, False)
    assert [path for path in (tmp_path / "backup").rglob("*") if path.name.endswith("key")] == []
    other = elsewhere(settings, tmp_path)
    again = admin("restore", tmp_path / "backup", data=other.data_dir)
    assert again.code == 0, again.told
    opened = open_runtime(other)
    with opened.database.transaction() as connection:
        for identity, sha256 in made:
            found = find_document(connection, identity)
            assert found is not None
            assert (found.name, found.sha256) == (f"{NUMBER}.docx", sha256)
            assert opened.blobs.read(sha256).startswith(b"paper ")
        assert find_records(connection, RecordQuery(id_number=NUMBER))[0] == 5
    opened.close()
    assert admin("verify-store", data=other.data_dir).code == 0
    assert admin("verify-audit", data=other.data_dir).code == 0


def test_while_files_go_on_coming_a_backup_is_one_moment(runtime: Runtime, settings: Settings, tmp_path: Path) -> None:
    stop = threading.Event()
    made: list[str] = []

    def go_on() -> None:
        while not stop.is_set():
            made.append(hand_in(runtime, f"paper {len(made)}".encode())[0])

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        while len(made) < 5:
            stop.wait(0.05)
        before = len(made)
        manifest = back_up(settings, tmp_path / "backup")
    finally:
        stop.set()
        writer.join()
    assert before <= manifest.rows["document"] <= len(made)
    assert manifest.rows["document"] == manifest.rows["record"] == manifest.blobs
    other = elsewhere(settings, tmp_path)
    assert restore(other, tmp_path / "backup").rows == manifest.rows
    opened = open_runtime(other)
    with opened.database.transaction() as connection:
        assert verify(connection) == Verdict(manifest.audit_rows + 1), "the restoration itself was added"
        assert all(find_document(connection, identity) for identity in made[:before])
    opened.close()


def test_nothing_is_restored_over_something(runtime: Runtime, settings: Settings, admin: Admin, tmp_path: Path) -> None:
    identity, _ = hand_in(runtime, b"paper")
    back_up(settings, tmp_path / "backup")
    with pytest.raises(BackupTargetError):
        restore(settings, tmp_path / "backup")
    with pytest.raises(BackupTargetError):
        back_up(settings, tmp_path / "backup")
    assert admin("restore", tmp_path / "backup").code == 2
    with runtime.database.transaction() as connection:
        assert find_document(connection, identity) is not None


def test_without_the_key_of_the_backup_nothing_is_begun(runtime: Runtime, settings: Settings, tmp_path: Path) -> None:
    hand_in(runtime, b"paper")
    back_up(settings, tmp_path / "backup")
    other = elsewhere(settings, tmp_path, with_key=False)
    with pytest.raises(KeyMissingError):
        restore(other, tmp_path / "backup")
    make_key_file(beside(other.data_dir))
    with pytest.raises(KeyWrongError):
        restore(other, tmp_path / "backup")
    assert list(other.data_dir.iterdir()) == []


def test_a_key_is_in_it_only_when_asked_for_and_then_brought_along(
    runtime: Runtime, settings: Settings, tmp_path: Path
) -> None:
    identity, _ = hand_in(runtime, b"paper")
    back_up(settings, tmp_path / "backup", with_key=True)
    other = elsewhere(settings, tmp_path, with_key=False)
    restore(other, tmp_path / "backup")
    assert beside(other.data_dir).stat().st_mode & 0o777 == 0o400
    opened = open_runtime(other)
    with opened.database.transaction() as connection:
        assert find_document(connection, identity) is not None
    opened.close()


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


@pytest.mark.parametrize("broken", ["database", "file", "missing", "manifest", "heads", "count"])
def test_a_backup_that_was_broken_is_refused_and_leaves_nothing(
    runtime: Runtime, settings: Settings, tmp_path: Path, broken: str
) -> None:
    _, sha256 = hand_in(runtime, b"paper")
    folder = tmp_path / "backup"
    back_up(settings, folder)
    stored = folder / FILES / sha256[:2] / f"{sha256}{SEALED}"
    if broken == "missing":
        stored.unlink()
    elif broken == "manifest":
        (folder / MANIFEST).write_text("{}", encoding="utf-8")
    elif broken == "count":
        plain = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        plain["rows"]["document"] += 1
        (folder / MANIFEST).write_text(json.dumps(plain), encoding="utf-8")
    else:
        flip({"database": folder / "service.db", "file": stored, "heads": folder / "audit-heads.jsonl"}[broken])
    other = elsewhere(settings, tmp_path)
    with pytest.raises(BackupDamagedError):
        restore(other, folder)
    assert not other.data_dir.exists() or list(other.data_dir.iterdir()) == []


def test_a_damaged_file_stops_a_backup_and_a_lost_one_is_told(
    runtime: Runtime, settings: Settings, tmp_path: Path
) -> None:
    _, lost = hand_in(runtime, b"lost")
    _, damaged = hand_in(runtime, b"damaged")
    runtime.blobs.remove(lost)
    flip(runtime.blobs.path(damaged))
    with pytest.raises(BlobDamagedError):
        back_up(settings, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
    runtime.blobs.path(damaged).write_bytes(b"damaged")
    assert back_up(settings, tmp_path / "backup").missing == [lost]


def test_every_fault_of_the_store_is_found(runtime: Runtime, admin: Admin) -> None:
    papers = {name: hand_in(runtime, name.encode()) for name in ("lost", "damaged", "whole", "altered")}
    assert admin("verify-store").code == 0
    orphan = runtime.blobs.put([b"orphan"], 100).sha256
    let_be_old(runtime.blobs.path(orphan))
    runtime.blobs.remove(papers["lost"][1])
    flip(runtime.blobs.path(papers["damaged"][1]))
    with runtime.database.transaction() as connection:
        words = "update document set reading = (select reading from document where id = :a) where id = :b"
        connection.execute(text(words), {"a": papers["whole"][0], "b": papers["altered"][0]})
    done = admin("verify-store")
    assert done.code == 1
    found = {(line["kind"], line["what"]) for line in done.lines}
    assert found == {
        ("missing", papers["lost"][1]),
        ("damaged", papers["damaged"][1]),
        ("orphan", orphan),
        ("unreadable", f"document:{papers['altered'][0]}:reading"),
    }
    assert NUMBER not in json.dumps(done.lines)


def let_be_old(path: Path) -> None:
    os.utime(path, (1.0, 1.0))


def test_an_altered_event_is_named_by_the_command(runtime: Runtime, admin: Admin) -> None:
    for count in range(5):
        hand_in(runtime, f"{count}".encode())
    assert admin("verify-audit").lines[-1]["rows"] == 5
    with runtime.database.transaction() as connection:
        connection.execute(text("drop trigger audit_event_no_update"))
        connection.execute(text("update audit_event set who = 'x' where number = 3"))
    done = admin("verify-audit")
    assert (done.code, done.lines[0]["fault"], done.lines[0]["number"]) == (1, "altered", 3)
    listed = admin("audit", "--after", "4").lines
    assert [line["number"] for line in listed] == [5, 6, 7]
    assert listed[1]["action"] == "verify"

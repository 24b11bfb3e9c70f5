"""Stored files are sealed: nothing of them is readable on the disk, and every change of them is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from service.operations.backup import back_up, restore
from service.operations.backup_files import FILES, LISTING, copy_files
from service.operations.sealing import erase_file_keys, seal_files
from service.operations.verifying import verify_store
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.blobs import BlobStore
from service.store.database import Database
from service.store.errors import BlobDamagedError
from service.store.key_tables import file_keys
from service.store.sealing.files import CHUNK, SEALED_CHUNK, UnopenedFileError, key_number, opened, sealed
from service.store.sealing.outer_key import beside
from service.store.sealing.resealing import begin_rekey, end_rekey, reseal
from service.store.sealing.suites import KEY_BYTES, Suite
from service.store.sealing.vault import Key
from tests.keeping.conftest import NUMBER, Done, hand_in

ROOT = Path(__file__).parents[2]
PAPER = f"papers of {NUMBER}".encode()
KEYS = {suite: Key(7, suite, bytes(range(KEY_BYTES))) for suite in Suite}


def opened_with(key: Key, content: bytes) -> bytes:
    return b"".join(opened(BytesIO(content), {key.number: key}.get))


@given(pieces=st.lists(st.integers(0, 3 * CHUNK // 2), max_size=4), suite=st.sampled_from(Suite))
def test_what_is_sealed_opens_again_whatever_its_pieces(pieces: list[int], suite: Suite) -> None:
    chunks = [bytes([number % 251]) * size for number, size in enumerate(pieces)]
    shut = b"".join(sealed(chunks, KEYS[suite]))
    assert key_number(shut) == 7
    assert opened_with(KEYS[suite], shut) == b"".join(chunks)


HEAD = len(next(iter(sealed([], KEYS[Suite.INTL]))))


@pytest.mark.parametrize("suite", Suite)
@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_no_change_of_a_sealed_file_goes_unnoticed(size: int, suite: Suite) -> None:
    key = KEYS[suite]
    shut = b"".join(sealed([os.urandom(size)], key))
    other = b"".join(sealed([os.urandom(size)], key))
    first, rest = shut[HEAD : HEAD + SEALED_CHUNK], shut[HEAD + SEALED_CHUNK :]
    changed = [shut[:-1], shut + b"x", shut[:HEAD], shut[: HEAD - 1], b"", other[:HEAD] + shut[HEAD:]]
    changed += [
        shut[:at] + bytes([shut[at] ^ 1]) + shut[at + 1 :] for at in (0, 9, 15, HEAD, len(shut) // 2, len(shut) - 1)
    ]
    if rest:
        changed += [shut[:HEAD] + rest, shut[: HEAD + len(first)], shut[:HEAD] + first + first + rest]
    for content in changed:
        with pytest.raises(UnopenedFileError):
            opened_with(key, content)


def kept_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_nothing_of_a_file_is_readable_on_the_disk_and_its_readers_leave_nothing(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))
    (tmp_path / "work").mkdir()
    _, sha256 = hand_in(runtime, PAPER * 30_000)
    with runtime.blobs.opened(sha256) as path:
        assert path.read_bytes() == path.read_bytes() == PAPER * 30_000
        assert path.stat().st_size == len(PAPER) * 30_000
    with runtime.blobs.staging() as staging:
        blob = staging.put([PAPER], 100)
        assert PAPER not in kept_bytes(runtime.settings.data_dir)
        with staging.opened(blob) as path:
            assert path.read_bytes() == PAPER
    assert PAPER not in kept_bytes(runtime.settings.data_dir / "blobs")
    assert list((tmp_path / "work").iterdir()) == []


def test_a_plain_file_that_begins_as_a_sealed_one_is_what_it_is(tmp_path: Path, runtime: Runtime) -> None:
    trick = b"".join(sealed([b"trick"], KEYS[Suite.INTL]))
    plain = BlobStore(tmp_path / "blobs", reserve=0)
    blob = plain.put([trick], 1000)
    both = BlobStore(tmp_path / "blobs", reserve=0, keys=runtime.blobs.keys)
    assert both.read(blob.sha256) == trick
    assert list(both.damaged()) == []
    assert both.seal_anew(blob.sha256)
    assert both.read(blob.sha256) == trick


def test_files_of_an_earlier_release_stay_readable_and_are_sealed_by_a_command(
    settings: Settings, admin: Callable[..., Done]
) -> None:
    before = open_runtime(replace(settings, seal_files=False))
    made = [hand_in(before, PAPER + bytes([count]))[1] for count in range(3)]
    assert PAPER in kept_bytes(settings.data_dir / "blobs")
    before.close()
    runtime = open_runtime(settings)
    assert runtime.blobs.read(made[0]).startswith(PAPER)
    runtime.blobs.path(made[1]).write_bytes(b"spoilt")
    done = admin("seal-files")
    assert (done.code, done.lines[0], done.lines[1]["sealed_files"]) == (1, {"kind": "damaged", "what": made[1]}, 2)
    runtime.blobs.remove(made[1])
    assert PAPER not in kept_bytes(settings.data_dir / "blobs")
    assert [runtime.blobs.read(sha256)[-1] for sha256 in (made[0], made[2])] == [0, 2]
    assert [fault.kind for fault in verify_store(runtime)] == ["missing"]
    assert admin("seal-files").lines == [
        {"sealed_files": 0, "damaged_files": 0, "erased_file_keys": 0, "file_keys_kept": 0}
    ]
    runtime.close()


def retire_long_ago(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(update(file_keys).where(file_keys.c.retired_at.is_not(None)).values(retired_at=1.0))


def numbers(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.scalars(select(file_keys.c.id).order_by(file_keys.c.id)))


def test_a_change_of_keys_reaches_files_and_the_old_key_goes_when_nobody_can_need_it(runtime: Runtime) -> None:
    database, blobs = runtime.database, runtime.blobs
    made = [hand_in(runtime, PAPER + bytes([count]))[1] for count in range(3)]
    with blobs.staging() as staging:
        waiting = staging.put([b"begun under the old key"], 100)
        begin_rekey(database)
        old, new = numbers(database)
        steps = seal_files(blobs)
        next(steps)
        retire_long_ago(database)
        assert erase_file_keys(database, blobs) == (0, 1), "two files still have it"
        other = open_runtime(runtime.settings)
        assert [other.blobs.read(sha256)[-1] for sha256 in made] == [0, 1, 2]
        assert len(list(steps)) == 2
        assert erase_file_keys(database, blobs) == (0, 1), "one is on its way"
        staging.keep()
    assert blobs.key_number(waiting.sha256) == new
    list(reseal(database))
    end_rekey(database)
    assert erase_file_keys(database, blobs) == (1, 0)
    assert numbers(database) == [new]
    assert {blobs.key_number(sha256) for sha256 in made} == {new}
    assert other.blobs.read(waiting.sha256) == b"begun under the old key"
    other.close()
    assert old != new


def test_a_key_that_just_retired_stays_for_those_who_still_write_with_it(runtime: Runtime) -> None:
    begin_rekey(runtime.database)
    assert erase_file_keys(runtime.database, runtime.blobs) == (0, 1)


def test_the_command_changes_the_keys_of_files_too_and_gm_is_a_setting(settings: Settings, runtime: Runtime) -> None:
    _, sha256 = hand_in(runtime, PAPER)
    before = runtime.blobs.path(sha256).read_bytes()
    environment = {**os.environ, "HZFORMS_DATA_DIR": str(settings.data_dir), "HZFORMS_CRYPTO": "gm"}
    command = [sys.executable, "-m", "service", "admin", "rekey"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["erased_keys"], last["sealed_files"], last["file_keys_kept"]) == (1, 1, 1)
    assert runtime.blobs.path(sha256).read_bytes() != before
    assert runtime.blobs.read(sha256) == PAPER
    assert runtime.database.vault.keys.files[runtime.database.vault.keys.current_file].suite is Suite.GM


def test_a_backup_keeps_files_sealed_and_one_from_the_middle_of_a_change_of_keys_is_restored(
    runtime: Runtime, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [hand_in(runtime, PAPER + bytes([count]))[1] for count in range(3)]

    def keys_change_meanwhile(*arguments: object, **named: object) -> object:
        begin_rekey(runtime.database)
        list(seal_files(runtime.blobs))
        return copy_files(*arguments, **named)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr("service.operations.backup.copy_files", keys_change_meanwhile)
    folder = tmp_path / "backup"
    back_up(settings, folder)
    assert PAPER not in kept_bytes(folder / FILES)
    subprocess.run(["/usr/bin/sha256sum", "--quiet", "-c", LISTING], cwd=folder, check=True)
    other = replace(settings, data_dir=tmp_path / "elsewhere" / "data")
    other.data_dir.parent.mkdir()
    beside(other.data_dir).write_bytes(beside(settings.data_dir).read_bytes())
    beside(other.data_dir).chmod(0o400)
    restore(other, folder)
    again = open_runtime(other)
    assert [again.blobs.read(sha256)[-1] for sha256 in made] == [0, 1, 2]
    assert list(verify_store(again)) == []
    again.close()


def test_files_whose_key_is_gone_are_told_as_damaged(runtime: Runtime) -> None:
    _, sha256 = hand_in(runtime, PAPER)
    begin_rekey(runtime.database)
    with runtime.database.transaction() as connection:
        connection.execute(text("delete from file_key where retired_at is not null"))
    other = open_runtime(runtime.settings)
    with pytest.raises(BlobDamagedError):
        other.blobs.read(sha256)
    assert [(fault.kind, fault.what) for fault in verify_store(other)] == [("damaged", sha256)]
    other.close()


def test_pictures_of_pages_are_sealed_and_go_with_their_file(runtime: Runtime, admin: Callable[..., Done]) -> None:
    _, sha256 = hand_in(runtime, PAPER)
    runtime.derived.keep(sha256, "1.png", PAPER)
    kept = next((runtime.settings.data_dir / "derived").rglob("1.png"))
    assert PAPER not in kept.read_bytes()
    assert runtime.derived.find(sha256, "1.png") == PAPER
    kept.write_bytes(PAPER)
    assert runtime.derived.find(sha256, "1.png") is None, "a plain one of an earlier release is made again"
    with runtime.database.transaction() as connection:
        connection.execute(text("update document set sha256 = ''"))
    os.utime(runtime.blobs.path(sha256), (1.0, 1.0))
    admin("purge", "--days", "1", "--apply")
    assert not runtime.blobs.has(sha256)
    assert not kept.exists()

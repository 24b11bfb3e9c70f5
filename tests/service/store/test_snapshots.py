"""Long readers work in a copy: whoever writes meanwhile waits for nobody, and they see one moment all the while."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.store.database import Database, wal_is_safe
from service.store.snapshots import FOLDER, LEFT_SECONDS, copied
from service.store.unit_tables import units

pytestmark = pytest.mark.skipif(wal_is_safe(), reason="with WAL readers hold up nobody")


def add_unit(database: Database, number: int) -> None:
    row = {"id": f"u{number}", "name": f"单位{number}", "position": number, "kind": "department", "changed_at": 0.0}
    with database.transaction() as connection:
        connection.execute(units.insert().values(**row))


def count(connection: object) -> int:
    return int(connection.execute(select(func.count()).select_from(units)).scalar_one())  # type: ignore[attr-defined]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "service.db")


def test_who_writes_and_who_reads_wait_for_no_long_reader(database: Database, tmp_path: Path) -> None:
    add_unit(database, 1)
    with database.reading_long() as connection:
        assert count(connection) == 1
        began = time.monotonic()
        add_unit(database, 2)
        with database.reading() as other:
            assert count(other) == 2
        assert time.monotonic() - began < 5
        assert count(connection) == 1, "it still sees its own moment"
    assert list((tmp_path / FOLDER).iterdir()) == []
    database.close()


def test_without_room_for_a_copy_it_reads_the_file_itself(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_unit(database, 1)
    (tmp_path / FOLDER).write_text("no folder", encoding="utf-8")
    with database.reading_long() as connection:
        assert count(connection) == 1
    database.close()


def test_a_copy_is_gone_when_its_reader_fails(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), database.reading_long():
        raise ZeroDivisionError
    assert list((tmp_path / FOLDER).iterdir()) == []
    database.close()


def test_what_a_killed_process_left_is_cleared_a_day_later(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    sqlite3.connect(file).close()
    (tmp_path / FOLDER).mkdir()
    old, young = tmp_path / FOLDER / "old.db", tmp_path / FOLDER / "young.db"
    for left in (old, young):
        left.write_bytes(b"")
    os.utime(old, (time.time() - LEFT_SECONDS - 60,) * 2)
    with copied(file) as place:
        assert place is not None
        assert place.stat().st_mode & 0o077 == 0
    assert [left.name for left in (tmp_path / FOLDER).iterdir()] == ["young.db"]


def test_a_file_that_is_no_database_gives_no_copy(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with copied(broken) as place:
        assert place is None

"""The same keeping on PostgreSQL: sealed, chained, guarded, backed up and restored."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.audit.chain import Verdict, record, verify
from service.audit.events import Action, AuditEvent
from service.operations.backup import BackupTargetError, back_up, restore
from service.operations.backup_files import BackupDamagedError
from service.operations.verifying import verify_store
from service.runtime import open_runtime
from service.settings import Settings
from service.store.documents import find_document
from service.store.records import RecordQuery, find_records
from service.store.sealing.outer_key import beside
from service.store.sealing.resealing import begin_rekey, end_rekey, reseal
from tests.jobs.contract.backends import new_database
from tests.keeping.conftest import NUMBER, hand_in

pytestmark = pytest.mark.xdist_group("jobs-postgres")
Make = Callable[[str], Settings]


@pytest.fixture
def make(postgresql: str, tmp_path: Path) -> Make:
    """The settings of an installation with a database of its own."""

    def make(name: str) -> Settings:
        return Settings(data_dir=tmp_path / name / "data", database=new_database(postgresql), reserve_mib=1)

    return make


def test_nothing_is_readable_and_the_chain_is_guarded(make: Make) -> None:
    runtime = open_runtime(make("one"))
    hand_in(runtime, b"paper")
    with runtime.database.transaction() as connection:
        kept = connection.execute(text("select name, reading from document")).one()
        assert find_records(connection, RecordQuery(id_number=NUMBER))[0] == 1
    assert NUMBER not in str(kept)
    for words in ("update audit_event set who = 'x'", "delete from audit_event", "truncate audit_event"):
        with pytest.raises(DBAPIError, match="append-only"), runtime.database.transaction() as connection:
            connection.execute(text(words))
    with runtime.database.transaction() as connection:
        connection.execute(text("alter table audit_event disable trigger all"))
        connection.execute(text("update audit_event set who = 'x' where number = 1"))
        assert verify(connection) == Verdict(0, "altered", 1)
    runtime.close()


def test_keys_are_changed(make: Make) -> None:
    runtime = open_runtime(make("one"))
    identity, _ = hand_in(runtime, b"paper")
    begin_rekey(runtime.database)
    assert sum(rows for _, rows in reseal(runtime.database, 2)) > 0
    assert end_rekey(runtime.database) == 1
    with runtime.database.transaction() as connection:
        found = find_document(connection, identity)
        assert find_records(connection, RecordQuery(id_number=NUMBER))[0] == 1
    assert found is not None
    assert NUMBER in found.name
    runtime.close()


def test_a_backup_of_one_snapshot_is_restored_into_another_database(make: Make, tmp_path: Path) -> None:
    settings, other = make("one"), make("other")
    runtime = open_runtime(settings)
    made = [hand_in(runtime, f"paper {count}".encode())[0] for count in range(3)]
    manifest = back_up(settings, tmp_path / "backup")
    assert (manifest.kind, manifest.rows["document"], manifest.blobs) == ("postgresql", 3, 3)
    other.data_dir.parent.mkdir()
    shutil.copy(beside(settings.data_dir), beside(other.data_dir))
    with pytest.raises(BackupDamagedError):
        restore(replace(other, database=""), tmp_path / "backup")
    restore(other, tmp_path / "backup")
    opened = open_runtime(other)
    with opened.database.transaction() as connection:
        assert all(find_document(connection, identity) for identity in made)
        assert verify(connection) == Verdict(manifest.audit_rows + 1)
    made.append(hand_in(opened, b"later")[0])
    assert [fault for fault in verify_store(opened) if fault.is_loss] == []
    opened.close()
    shutil.rmtree(other.data_dir)
    with pytest.raises(BackupTargetError):
        restore(other, tmp_path / "backup")
    runtime.close()


def test_what_was_worked_out_is_kept_until_anybody_commits(make: Make) -> None:
    settings = make("one")
    runtime, other = open_runtime(settings), open_runtime(settings)  # the other as a worker beside the server
    worked: list[int] = []

    def work_out() -> int:
        worked.append(1)
        return len(worked)

    def ask() -> int:
        return runtime.memory.of(("kind",), work_out)

    assert [ask(), ask()] == [1, 1]
    with other.database.transaction() as connection:
        record(connection, AuditEvent(Action.CONFIG, "test"))
    assert [ask(), ask()] == [2, 2]
    hand_in(other, b"paper")
    found = ask()
    assert found > 2
    with other.database.reading() as connection:
        connection.execute(text("select count(*) from document"))
    assert ask() == found, "who only reads changes nothing"
    other.close()
    runtime.close()

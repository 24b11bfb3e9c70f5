"""From SQLite to PostgreSQL: all rows, or none and both as they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from service.cli.main import service
from service.opening import open_database
from service.operations.arrivals import Arrival
from service.operations.documents import UploadRequest, take_upload
from service.runtime import Runtime
from service.settings import read_settings
from service.store.database import Database
from service.store.errors import DatabaseMovedError, DatabaseNotEmptyError, UnmovableTextError
from service.store.jobs import add_job, find_job
from service.store.moving import move
from tests.jobs.contract.backends import new_database

pytestmark = pytest.mark.xdist_group("jobs-postgres")


@pytest.fixture
def full(make_runtime: Any) -> Runtime:
    """An installation with a few rows."""
    runtime: Runtime = make_runtime()
    for number in range(3):
        blob = runtime.blobs.put([b"%PDF-1.4 " + bytes([65 + number])], 1 << 20)
        take_upload(runtime.database, [Arrival(f"文件{number}.pdf", blob)], UploadRequest(), runtime.settings)
    return runtime


def tables(address: str) -> int:
    with psycopg.connect(address) as connection:
        row = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    assert row is not None
    return int(row[0])


def test_all_rows_arrive_and_the_program_goes_on_there(full: Runtime, postgresql: str, tmp_path: Path) -> None:
    with full.database.transaction() as connection:
        job = add_job(connection, "read-document", {"document_id": "x", "名": "值"})
    target = new_database(postgresql)
    full.database.close()
    environment = {"HZFORMS_DATA_DIR": str(full.settings.data_dir)}
    done = CliRunner().invoke(service, ["admin", "move-to", "--database", target], env=environment)
    assert done.exit_code == 0, done.output
    told = {line["table"]: line["rows"] for text in done.stdout.splitlines() if (line := json.loads(text))}
    assert (told["document"], told["job"]) == (3, 4)
    there = open_database(read_settings({**environment, "HZFORMS_DATABASE": target}))
    with there.reading() as connection:
        found = find_job(connection, job)
    assert found is not None
    assert found.arguments == {"document_id": "x", "名": "值"}
    with there.transaction() as connection:
        assert find_job(connection, add_job(connection, "read-document", {})) is not None
    there.close()
    with pytest.raises(DatabaseMovedError):
        open_database(full.settings)


def test_a_target_with_something_in_it_is_refused(full: Runtime, postgresql: str) -> None:
    target = new_database(postgresql)
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("create table theirs (id int)")
    path = full.settings.data_dir / "service.db"
    with pytest.raises(DatabaseNotEmptyError):
        move(full.database, path, target)
    assert (tables(target), path.is_file()) == (1, True)


def test_a_move_that_fails_leaves_both_as_they_were(full: Runtime, postgresql: str) -> None:
    target = new_database(postgresql)
    with full.database.transaction() as connection:
        connection.exec_driver_sql("update job set stage = 'a' || char(0) || 'b'")
    path = full.settings.data_dir / "service.db"
    with pytest.raises(UnmovableTextError):
        move(full.database, path, target)
    assert (tables(target), path.is_file()) == (0, True)
    again = Database(path)
    again.close()

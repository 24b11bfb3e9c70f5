"""Other keys: everything sealed anew, also when it is killed half-way, and the old key erased."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, text

from service.store.database import Database
from service.store.documents import add_document, find_document, set_reading
from service.store.key_tables import data_keys
from service.store.records import AcceptedForm, RecordQuery, find_records, keep_accepted
from service.store.sealing.errors import KeyWrongError
from service.store.sealing.outer_key import OuterKey, beside
from service.store.sealing.resealing import begin_rekey, end_rekey, left_to_reseal, reseal, sealed_columns
from service.store.sealing.suites import Suite
from service.store.submissions import Change, add_changes

ROOT = Path(__file__).parents[2]
PEOPLE = 60


def number(line: int) -> str:
    return f"3207991980010{line:04d}X"


def fill(database: Database, documents: int = 20) -> list[str]:
    """Documents with people, findings left out, so that several tables have rows to seal."""
    made = []
    with database.transaction() as connection:
        for count in range(documents):
            identity = add_document(
                connection, sha256="a" * 64, name=f"{count}.docx", size=1, form_hint=None, unit=None
            )
            set_reading(connection, identity, "read", {"documents": [], "number": count})
            add_changes(
                connection, identity, [Change("甲", "entered", f"p{step}", None, {"value": step}) for step in range(3)]
            )
            made.append(identity)
        people = [{"name": {"value": "张三"}, "id_number": {"value": number(line)}} for line in range(PEOPLE)]
        keep_accepted(connection, made[0], [AcceptedForm(0, "attachment-1", "2026", "一中", {}, [], people)], "甲")
    return made


def require_whole(database: Database, made: list[str]) -> None:
    with database.transaction() as connection:
        for count, identity in enumerate(made):
            found = find_document(connection, identity)
            assert found is not None
            assert (found.name, found.reading) == (f"{count}.docx", {"documents": [], "number": count})
        for line in (0, PEOPLE - 1):
            total, rows = find_records(connection, RecordQuery(id_number=number(line)))
            assert (total, rows[0]["line"]) == (1, line)
        for table in sealed_columns():
            connection.execute(select(table)).all()


def keys(database: Database) -> list[int]:
    with database.transaction() as connection:
        return list(connection.scalars(select(data_keys.c.id).where(data_keys.c.purpose == "data")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "service.db"


def test_all_is_sealed_anew_with_the_other_algorithms_and_the_old_key_is_erased(path: Path) -> None:
    database = Database(path)
    made = fill(database)
    old = keys(database)
    database.close()
    database = Database(path, suite=Suite.GM)
    begin_rekey(database)
    assert sum(rows for _, rows in reseal(database, 7)) >= len(made) + PEOPLE
    assert end_rekey(database) == 1
    require_whole(database, made)
    assert set(keys(database)).isdisjoint(old)
    with database.transaction() as connection:
        assert left_to_reseal(connection) == 0
        assert connection.execute(text("select count(*) from record where entries like 's1.%'")).scalar_one() == 0
    assert sum(rows for _, rows in reseal(database)) == 0
    database.close()


def test_half_way_everything_is_read_and_found_and_another_process_seals_with_the_new_key(path: Path) -> None:
    database, other = Database(path), Database(path)
    made = fill(database)
    number_of_key = begin_rekey(database)
    steps = reseal(database, 5)
    for _ in range(6):
        next(steps)
    require_whole(database, made)
    require_whole(other, made)
    with other.transaction() as connection:
        add_document(connection, sha256="b" * 64, name="neu", size=1, form_hint=None, unit=None)
        kept = connection.execute(text("select name from document where size = 1 and sha256 like 'bb%'")).scalar_one()
    assert kept.startswith(f"s{number_of_key}.")
    assert end_rekey(database) == 0, "something is still sealed with the old key"
    assert begin_rekey(database) == number_of_key, "it goes on with the key of before"
    database.close()
    other.close()


def test_killed_half_way_it_goes_on_where_it_stopped(path: Path) -> None:
    database = Database(path)
    made = fill(database)
    environment = {**os.environ, "HZFORMS_DATA_DIR": str(path.parent)}
    command = [sys.executable, "-m", "service", "admin", "rekey", "--together", "2"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        lines = [json.loads(running.stdout.readline()) for _ in range(4)]
        running.send_signal(signal.SIGKILL)
    with database.transaction() as connection:
        left = left_to_reseal(connection)
    assert 0 < left < len(made) * 4 + PEOPLE
    assert lines[0]["rows"] == 2
    require_whole(database, made)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["key"], last["erased_keys"]) == (lines[0]["key"], 1)
    assert last["resealed"] <= left
    require_whole(database, made)
    with database.transaction() as connection:
        steps = connection.execute(text("select details from audit_event where action = 'key'")).scalars().all()
    assert [json.loads(step)["step"] for step in steps] == ["rekey-begin", "rekey-begin", "rekey-end"]
    database.close()


def test_another_outer_key_opens_it_and_the_old_one_no_more(path: Path, tmp_path: Path) -> None:
    database = Database(path)
    made = fill(database, 2)
    database.close()
    environment = {**os.environ, "HZFORMS_DATA_DIR": str(path.parent)}
    command = [sys.executable, "-m", "service", "admin", "rekey", "--key-file", str(tmp_path / "new.key")]
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert (tmp_path / "new.key").stat().st_mode & 0o777 == 0o400
    with pytest.raises(KeyWrongError):
        Database(path, OuterKey(beside(path.parent)))
    again = Database(path, OuterKey(tmp_path / "new.key"))
    require_whole(again, made)
    again.close()

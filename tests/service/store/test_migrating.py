"""The schema: from an empty database, from one of before there were migrations, twice, and by two at once."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, create_engine, inspect

from service.store.database import Database
from service.store.errors import DatabaseNewerError
from service.store.migrating import head, revision_of
from service.store.sealing.columns import Sealed
from service.store.tables import metadata

BEFORE_MIGRATIONS = Path(__file__).parent / "before_migrations.sql"


def shape(path: Path) -> dict[str, Any]:
    """All that the database knows of its tables, but for the table of Alembic."""
    engine = create_engine(f"sqlite:///{path}")
    look = inspect(engine)
    found = {
        name: {
            "columns": {item["name"]: (str(item["type"]), item["nullable"]) for item in look.get_columns(name)},
            "key": look.get_pk_constraint(name)["constrained_columns"],
            "references": sorted(
                (item["constrained_columns"], item["referred_table"], item["referred_columns"], str(item["options"]))
                for item in look.get_foreign_keys(name)
            ),
            "unique": sorted(item["column_names"] for item in look.get_unique_constraints(name)),
            "checks": sorted(item["sqltext"].replace("\n", " ") for item in look.get_check_constraints(name)),
            "indexes": sorted(
                (str(item["name"]), item["column_names"], item["unique"]) for item in look.get_indexes(name)
            ),
        }
        for name in look.get_table_names()
        if name != "alembic_version"
    }
    engine.dispose()
    return found


def revision(path: Path) -> str | None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = revision_of(connection)
    engine.dispose()
    return found


def old_database(path: Path) -> Path:
    """A database of before there were migrations, with rows in it."""
    with sqlite3.connect(path) as connection:
        connection.executescript(BEFORE_MIGRATIONS.read_text(encoding="utf-8"))
    connection.close()
    return path


def is_sealed(column: Column[Any]) -> bool:
    return isinstance(column.type, Sealed)


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What an old database has in its old columns, but for those that are sealed since (``tests/keeping``)."""
    columns_now = [column for table in metadata.tables.values() for column in table.c]
    sealed = {(column.table.name, column.name) for column in columns_now if is_sealed(column)}
    sealed |= {("record", "id_number"), ("job", "token")}  # the token of a job that has ended is nobody's any more
    connection = sqlite3.connect(path)
    wanted = (
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> 'alembic_version'"
    )
    found = {}
    old = sqlite3.connect(":memory:")
    old.executescript(BEFORE_MIGRATIONS.read_text(encoding="utf-8"))
    for (table,) in old.execute(wanted):
        names = [row[1] for row in old.execute(f'pragma table_info("{table}")')]
        columns = ", ".join(f'"{name}"' for name in names if (table, name) not in sealed)
        found[table] = sorted(connection.execute(f'select {columns} from "{table}"').fetchall(), key=repr)  # noqa: S608  # names of our own tables
    connection.close()
    old.close()
    return found


def test_the_migrations_make_of_nothing_what_the_program_writes_to(tmp_path: Path) -> None:
    Database(tmp_path / "new.db").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'wanted.db'}")
    metadata.create_all(engine)
    engine.dispose()
    assert shape(tmp_path / "new.db") == shape(tmp_path / "wanted.db")
    assert revision(tmp_path / "new.db") == head()


def test_an_old_database_comes_to_the_same_shape_and_keeps_all_its_rows(tmp_path: Path) -> None:
    old = old_database(tmp_path / "old.db")
    before = rows(old)
    assert before["unit"], "there is something to lose"
    Database(old).close()
    Database(tmp_path / "new.db").close()
    assert shape(old) == shape(tmp_path / "new.db")
    assert revision(old) == head()
    assert rows(old) == before


def test_an_older_database_gets_the_tables_it_has_not(tmp_path: Path) -> None:
    old = old_database(tmp_path / "old.db")
    with sqlite3.connect(old) as connection:
        connection.execute("drop table disclosure")
        connection.execute("drop index finding_by_unit")
    connection.close()
    Database(old).close()
    Database(tmp_path / "new.db").close()
    assert shape(old) == shape(tmp_path / "new.db")


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    Database(path).close()
    before = path.read_bytes()
    Database(path).close()
    assert path.read_bytes() == before


def open_at_once(path: Path, start: Any) -> None:
    start.wait()
    Database(path).close()


@pytest.mark.parametrize("old", [False, True], ids=["empty", "old"])
def test_processes_that_start_at_once_migrate_once(tmp_path: Path, old: bool) -> None:  # noqa: FBT001  # a case
    path = tmp_path / "shared.db"
    if old:
        old_database(path)
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    processes = [context.Process(target=open_at_once, args=(path, start)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert revision(path) == head()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = '9999_of_tomorrow'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseNewerError) as caught:
        Database(path)
    assert "9999_of_tomorrow" in caught.value.message_zh
    assert "9999_of_tomorrow" in caught.value.message_en
    assert path.read_bytes() == before

"""The audit chain: written with the effect, and every altered or missing row is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from service.audit.chain import Head, Verdict, events, head_of, record, verify
from service.audit.events import Action, Actor, AuditEvent, Result, acting
from service.audit.heads import HeadFileError, export_head, exported_heads, heads_file
from service.store.database import Database
from service.store.sealing.suites import Suite

NUMBER = "320799198001010016"


@pytest.fixture(params=list(Suite))
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "data" / "service.db", suite=request.param)
    yield opened
    opened.close()


def fill(connection: Connection, count: int) -> None:
    for number in range(count):
        record(connection, AuditEvent(Action.UPLOAD, "document", f"d{number}", count=number))


@pytest.fixture(scope="module")
def long_chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of a thousand events, and its key."""
    folder = tmp_path_factory.mktemp("chain")
    opened = Database(folder / "data" / "service.db", suite=Suite.GM)
    with opened.transaction() as connection:
        fill(connection, 1000)
    opened.close()
    return folder


def tamper(database: Database, words: str, guards: tuple[str, ...] = ("update", "delete")) -> None:
    """Change the table as one who may change triggers too."""
    with database.transaction() as connection:
        for verb in guards:
            connection.execute(text(f"drop trigger audit_event_no_{verb}"))
        connection.execute(text(words))


def verdict(database: Database, exported: tuple[Head, ...] = ()) -> Verdict:
    with database.transaction() as connection:
        return verify(connection, exported)


def test_what_is_recorded_is_read_again_in_order_with_who_did_it(database: Database) -> None:
    with acting(Actor("李四", "R", "区人社局", "10.0.0.7", "r1")), database.transaction() as connection:
        record(connection, AuditEvent(Action.EXPORT, "records", count=12, details={"form": "attachment-1"}))
    with database.transaction() as connection:
        record(connection, AuditEvent(Action.DENIED, result=Result.REFUSED, who="王五"))
        first, second = events(connection)
    assert (first["number"], first["who"], first["role"], first["unit"]) == (1, "李四", "R", "区人社局")
    assert (first["address"], first["request_id"], first["count"]) == ("10.0.0.7", "r1", 12)
    assert first["details"] == {"form": "attachment-1"}
    assert (second["number"], second["who"], second["result"]) == (2, "王五", "refused")
    assert second["at"].endswith("+00:00")
    assert verdict(database) == Verdict(2)


def test_no_whole_number_is_ever_written_into_it(database: Database) -> None:
    told = AuditEvent(Action.SEARCH_ID, "records", NUMBER, details={"why": f"{NUMBER} 13900000017"}, who=NUMBER)
    with acting(Actor(NUMBER, NUMBER, NUMBER, NUMBER, NUMBER)), database.transaction() as connection:
        record(connection, told)
        written = json.dumps(list(events(connection)), ensure_ascii=False)
    assert NUMBER not in written
    assert "13900000017" not in written


def test_an_action_whose_event_cannot_be_written_is_not_done(database: Database) -> None:
    def act() -> None:
        with database.transaction() as connection:
            connection.execute(text("insert into answer values ('k', 'h', 200, 'x', 1.0)"))
            record(connection, AuditEvent(Action.EDIT))

    with database.transaction() as connection:
        connection.execute(text("alter table audit_event rename to elsewhere"))
    with pytest.raises(DBAPIError):
        act()
    with database.transaction() as connection:
        assert connection.execute(text("select count(*) from answer")).scalar_one() == 0


@pytest.mark.parametrize("words", ["update audit_event set who = 'x'", "delete from audit_event"])
def test_the_database_refuses_to_change_or_remove_a_row(database: Database, words: str) -> None:
    with database.transaction() as connection:
        fill(connection, 3)
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as connection:
        connection.execute(text(words))
    assert verdict(database) == Verdict(3)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("update audit_event set who = '别人' where number = 500", Verdict(499, "altered", 500)),
        ("update audit_event set count = count + 1 where number = 500", Verdict(499, "altered", 500)),
        ("update audit_event set details = '{\"a\": 1}' where number = 1", Verdict(0, "altered", 1)),
        ("delete from audit_event where number = 500", Verdict(499, "missing", 500)),
        ("delete from audit_event where number = 1", Verdict(0, "missing", 1)),
        ("delete from audit_event where number = 1000", Verdict(999, "missing", 1000)),
        ("delete from audit_event", Verdict(0, "missing", 1)),
        ("update audit_event set mac = previous where number = 700", Verdict(699, "altered", 700)),
        ("update audit_head set seal = mac", Verdict(1000, "head", 1000)),
        ("delete from audit_head", Verdict(1000, "head", 1000)),
    ],
)
def test_of_a_thousand_rows_the_one_that_was_changed_is_named(
    long_chain: Path, tmp_path: Path, words: str, found: Verdict
) -> None:
    shutil.copytree(long_chain, tmp_path / "copy")
    database = Database(tmp_path / "copy" / "data" / "service.db")
    assert verdict(database) == Verdict(1000)
    tamper(database, words)
    assert verdict(database) == found
    database.close()


def test_a_row_put_in_by_hand_is_named(database: Database) -> None:
    with database.transaction() as connection:
        fill(connection, 5)
        columns = "at, action, result, who, role, unit, address, request_id, object_type, object_id, count, details"
        connection.execute(
            text(
                f"insert into audit_event (number, {columns}, previous, mac)"  # noqa: S608  # names of our own columns
                f" select 6, {columns}, mac, mac from audit_event where number = 5"
            )
        )
    assert verdict(database) == Verdict(5, "altered", 6)


def test_a_database_put_back_to_yesterday_is_told_by_the_exported_head(database: Database, tmp_path: Path) -> None:
    path = heads_file(tmp_path)
    with database.transaction() as connection:
        fill(connection, 10)
        old = connection.execute(text("select number, mac, seal from audit_head")).one()
        fill(connection, 5)
        assert export_head(connection, path)
        assert not export_head(connection, path), "once a day"
        assert export_head(connection, path, daily=False)
    tamper(database, "delete from audit_event where number > 10")
    with database.transaction() as connection:
        words = "update audit_head set number = :number, mac = :mac, seal = :seal"
        connection.execute(text(words), dict(old._mapping))
    assert verdict(database) == Verdict(10), "the chain itself is whole"
    heads = tuple(exported_heads(path, database.vault))
    assert [head.number for head in heads] == [15, 15]
    assert verdict(database, heads) == Verdict(10, "missing", 11)


def test_a_chain_written_anew_is_told_by_the_exported_head(database: Database, tmp_path: Path) -> None:
    with database.transaction() as connection:
        fill(connection, 4)
        known = head_of(connection)
    tamper(database, "delete from audit_event")
    with database.transaction() as connection:
        connection.execute(text("delete from audit_head"))
        fill(connection, 6)
    assert verdict(database, (known,)) == Verdict(3, "altered", 4)


def test_a_line_of_the_file_of_heads_that_others_wrote_is_refused(database: Database, tmp_path: Path) -> None:
    path = heads_file(tmp_path)
    with database.transaction() as connection:
        fill(connection, 2)
        export_head(connection, path)
    path.write_text(path.read_text(encoding="utf-8").replace('"number": 2', '"number": 1'), encoding="utf-8")
    with pytest.raises(HeadFileError):
        list(exported_heads(path, database.vault))

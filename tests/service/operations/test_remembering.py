"""What is worked out of the whole store is kept until anybody writes, whoever that is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.operations.remembering import MOST_OF_A_KIND, Memory, Pieces
from service.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "data" / "service.db")
    yield opened
    opened.close()


def write(database: Database) -> None:
    with database.transaction() as connection:
        record(connection, AuditEvent(Action.CONFIG, "test"))


def test_it_is_worked_out_once_and_anew_after_every_commit(database: Database, tmp_path: Path) -> None:
    memory = Memory(database)
    worked: list[int] = []

    def ask(*asked: object) -> int:
        return memory.of(("kind", *asked), work_out)

    def work_out() -> int:
        worked.append(1)
        return len(worked)

    assert [ask("a"), ask("a"), ask("b"), ask("a")] == [1, 1, 2, 1]
    write(database)
    assert [ask("a"), ask("a")] == [3, 3]
    other = Database(tmp_path / "data" / "service.db")  # as a worker or a command beside the server
    write(other)
    other.close()
    assert [ask("b"), ask("b")] == [4, 4]
    with database.reading():
        pass
    assert ask("b") == 4, "who only reads changes nothing"
    memory.close()


def undone(database: Database) -> None:
    with database.transaction() as connection:
        record(connection, AuditEvent(Action.CONFIG, "test"))
        raise RuntimeError


def test_a_transaction_that_was_undone_changes_nothing(database: Database) -> None:
    memory = Memory(database)
    first = memory.of(("kind",), object)
    with pytest.raises(RuntimeError):
        undone(database)
    assert memory.of(("kind",), object) is first
    memory.close()


def test_it_forgets_what_nobody_will_be_told_again(database: Database) -> None:
    memory = Memory(database)
    kept = [memory.of(("kind", number), object) for number in range(MOST_OF_A_KIND + 3)]
    assert memory.of(("kind", MOST_OF_A_KIND + 2), object) is kept[-1]
    assert memory.of(("kind", 0), object) is not kept[0]
    memory.close()


def test_what_is_made_of_the_same_holds_though_something_else_was_written(database: Database) -> None:
    memory, made_of = Memory(database), ["a"]
    first = memory.of(("kind",), object, lambda: list(made_of))
    write(database)
    assert memory.of(("kind",), object, lambda: list(made_of)) is first
    write(database)
    made_of.append("b")
    second = memory.of(("kind",), object, lambda: list(made_of))
    assert second is not first
    assert memory.of(("kind",), object, lambda: list(made_of)) is second
    memory.close()


def test_what_changed_while_it_was_worked_out_is_not_taken_for_the_same(database: Database) -> None:
    memory, made_of = Memory(database), ["a"]

    def work_out() -> object:
        made_of.append("b")
        write(database)
        return object()

    first = memory.of(("kind",), work_out, lambda: list(made_of))
    made_of.remove("b")  # as it was, but for what was worked out meanwhile
    write(database)
    assert memory.of(("kind",), object, lambda: list(made_of)) is not first
    memory.close()


def test_pieces_are_read_once_and_forgotten_when_they_are_too_many() -> None:
    pieces: Pieces[int, str] = Pieces(most=3)
    read: list[int] = []

    def bring(names: list[int]) -> dict[int, str]:
        read.extend(names)
        return {name: f"of {name}" for name in names}

    assert pieces.of([2, 1], bring) == {2: "of 2", 1: "of 1"}
    assert list(pieces.of([1, 2, 3], bring)) == [1, 2, 3]
    assert read == [2, 1, 3]
    pieces.of([3, 4], bring)
    pieces.of([1], bring)
    assert read == [2, 1, 3, 4, 1]

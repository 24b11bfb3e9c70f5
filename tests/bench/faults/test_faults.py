"""A few rounds of what ``make faults`` does two hundred times."""

from __future__ import annotations

import pytest

from bench.faults.killing import kill_rounds
from bench.faults.load import counted
from bench.faults.mutated import hand_in
from bench.faults.mutating import sources, spoilt
from bench.faults.outages import database_killed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_or_done_twice_when_processes_are_killed(database: str) -> None:
    found = kill_rounds(database, rounds=3, seed=7)
    assert found.kills >= 2
    assert found.accepted > 0
    assert found.kept, found


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_numbers_counted_up_by_many_at_once_come_out_right(database: str) -> None:
    assert counted(database, turns=25)


def test_a_database_that_is_killed_costs_nothing_but_time() -> None:
    assert database_killed(2)


def test_spoilt_files_get_a_stated_answer_and_leave_nothing() -> None:
    files = list(spoilt(sources([]), 11, seed=5))
    assert files == list(spoilt(sources([]), 11, seed=5)), "the same ones for the same seed"
    found = hand_in(files, workers=1)
    assert found.kept, (found.falls, found.left, found.grown)
    assert found.answers.total() == len(files)

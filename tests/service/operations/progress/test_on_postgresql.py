"""The same board, lists and charts on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.operations.progress.charts import figures_of
from service.operations.progress.law import State
from service.operations.progress.reminders import AskedList, lists_of
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from tests.jobs.contract.backends import new_database
from tests.service.operations.progress.district import AFTER, District, loan, worker
from writers.letters.reminding import Topic

pytestmark = pytest.mark.xdist_group("jobs-postgres")


@pytest.fixture
def runtime(postgresql: str, tmp_path: Path) -> Iterator[Runtime]:
    database = new_database(postgresql)
    made = open_runtime(Settings(data_dir=tmp_path / "data", database=database, reserve_mib=1, year=2026))
    yield made
    made.close()


def test_what_sqlite_tells_postgresql_tells_too(runtime: Runtime) -> None:
    district = District(runtime)
    district.accept(district.hand_in("school", "attachment-2", worker(0), worker(1)))
    people = loan(0, "2026-01-01", "2026-09-20"), loan(1, "2026-01-01", "2026-09-01")
    district.accept(district.hand_in("town", "attachment-1", *people))
    district.accept(district.hand_in("town", "attachment-4", people[0]))
    district.send_back(district.hand_in("town", "attachment-5", worker(2)), AFTER, AFTER)
    board = district.board(AFTER)
    assert board.sums["attachment-2"][State.ACCEPTED] == 1
    assert board.sums["attachment-5"][State.RETURNED] == 1
    cell = next(row for row in board.rows if row.unit.name == "测试镇").cells["attachment-4"]
    assert (cell.duty.needed, cell.duty.missing) == (2, 1)
    found = lists_of(runtime, AskedList(Topic.ENDING, day=AFTER))
    assert {topic: len(one.people) for topic, one in found.items()} == {
        Topic.ENDING: 1,
        Topic.OVERDUE: 1,
        Topic.OVERLONG: 0,
        Topic.ASSESSMENT: 2,
        Topic.DISPATCH: 0,
    }
    by_kind = next(chart for chart in figures_of(runtime, board) if chart.key == "kind")
    assert by_kind.series["清退"] == [2]

"""What stands below the head: persons, struck lines, marks for 同上, sums, several pages."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forms.catalogue import Catalogue
from forms.record import ColumnStatus
from parsers.document import Cell, Document, Grid, Page
from parsers.ledger.extracting import extract_ledgers
from parsers.ledger.options import LedgerOptions
from parsers.ledger.struck import rejoined
from parsers.reading import ReadOptions, read_path
from samples.ledgers.drawing import draw_ledger
from samples.ledgers.files import as_docx, as_html, as_xlsx
from samples.ledgers.making import make_ledger
from tests.parsers.ledger.building import ledger, people, values

HEAD = ("序号", "姓名", "所在科室", "月工资")


def rows_of(*wages: object) -> list[tuple[object, ...]]:
    return [
        (index + 1, one["name"], "办公室", wage)
        for index, (one, wage) in enumerate(zip(people(len(wages)), wages, strict=True))
    ]


@pytest.mark.parametrize("word", ["同上", "〃", "同", "如上", '"'])
def test_same_as_above_is_resolved_and_looked_at(tmp_path: Path, word: str) -> None:
    rows = rows_of(3000, 3100, 3200)
    rows[1] = (2, rows[1][1], word, 3100)
    found = ledger(tmp_path, HEAD, *rows)
    entry = found.record.rows[1]["department"]
    assert (entry.value, entry.review) == ("办公室", True)


def test_same_as_beside_is_not_guessed(tmp_path: Path) -> None:
    rows = rows_of(3000, 3100, 3200)
    rows[1] = (2, rows[1][1], "同左", 3100)
    entry = ledger(tmp_path, HEAD, *rows).record.rows[1]["department"]
    assert (entry.value, entry.review) == (None, True)


def test_struck_lines_are_history_and_not_current(tmp_path: Path) -> None:
    found = ledger(tmp_path, HEAD, *rows_of(3000, 3100, 3200, 3300), struck=(3,))
    assert values(found, "monthly_wage") == [3000, 3200, 3300]
    (past,) = found.history
    assert past["monthly_wage"].value == 3100
    assert all(entry.review for entry in past.values() if entry.value != "")
    assert any(one.code == "row-struck" for one in found.findings)


def test_carried_sums_that_are_right_change_nothing(tmp_path: Path) -> None:
    rows = rows_of(3000, 3100, 3200, 3300)
    found = ledger(
        tmp_path,
        HEAD,
        *rows[:2],
        (None, "本页小计", None, 6100),
        (None, "过次页", None, 6100),
        HEAD,
        (None, "承前页", None, 6100),
        *rows[2:],
        (None, "合计4人", None, 12600),
    )
    assert values(found, "monthly_wage") == [3000, 3100, 3200, 3300]
    assert not any(entry.review for row in found.record.rows for entry in row.values())
    assert not any(one.code.startswith("total-") for one in found.findings)
    assert found.record.header["total"].value == 4


@pytest.mark.parametrize(("words", "figure"), [("合计", 9999), ("过次页", 9999), ("小计", 9999)])
def test_a_sum_that_is_wrong_puts_its_rows_in_doubt(tmp_path: Path, words: str, figure: int) -> None:
    found = ledger(tmp_path, HEAD, *rows_of(3000, 3100, 3200), (None, words, None, figure))
    assert any(one.code == "total-differs" for one in found.findings)
    assert all(row["monthly_wage"].review for row in found.record.rows)
    assert not found.record.rows[0]["name"].review


def test_a_number_of_persons_that_is_wrong_is_said(tmp_path: Path) -> None:
    found = ledger(tmp_path, HEAD, *rows_of(3000, 3100, 3200), (None, "合计5人", None, 9300))
    assert any(one.code == "total-differs" and "5" in one.message for one in found.findings)


@pytest.mark.parametrize("seed", [3, 17, 26])
@pytest.mark.parametrize("kind", ["xlsx", "docx", "xls"])
def test_nothing_is_wrong_in_silence(tmp_path: Path, seed: int, kind: str) -> None:
    sample = make_ledger(seed)
    path = tmp_path / f"ledger.{kind}"
    path.write_bytes({"xlsx": as_xlsx, "docx": as_docx, "xls": as_html}[kind](sample))
    reading = read_path(path, path.name, ReadOptions(form="ledger", checked=False))
    rows = [row for found in reading.documents for row in found.record.rows]
    assert len(rows) == len(sample.truth)
    for truth, row in zip(sample.truth, rows, strict=True):
        for key, entry in row.items():
            assert entry.review or entry.value in (truth.get(key, ""), None), (key, entry)
    assert sum(len(found.history) for found in reading.documents) == len(sample.struck)


@pytest.mark.xdist_group("ocr")
def test_a_scanned_ledger_with_a_struck_line(tmp_path: Path) -> None:
    sample = make_ledger(1, rows=6)
    path = tmp_path / "scan.png"
    Image.fromarray(draw_ledger(sample)[0].picture).save(path, dpi=(200, 200))
    reading = read_path(path, path.name, ReadOptions(form="ledger", checked=False))
    (found,) = reading.documents
    truth = [sample.truth[line.person] for line in sample.pages[0] if line.person is not None]
    assert len(found.record.rows) == len(truth)
    assert len(found.history) == sum(line.kind == "struck" for line in sample.pages[0])
    for due, row in zip(truth, found.record.rows, strict=True):
        assert row["name"].review or row["name"].value == due["name"]
        assert row["name"].region is not None
        assert row["name"].region.box is not None
        for key, entry in row.items():
            assert entry.review or entry.value in (due.get(key, ""), None), (key, entry)
    assert any(one.status is ColumnStatus.KNOWN for one in found.columns)


def halved(confidence: float) -> Grid:
    """Six rows of 20 points, the fourth in two halves."""
    edges = np.array([0, 20, 40, 60, 70, 80, 100, 120])
    cells = tuple(
        Cell(row, column, "字", box=(50.0 * column, float(top), 50.0 * column + 50, float(bottom)), ink=True,
             confidence=confidence if row in (3, 4) else 0.99)
        for row, (top, bottom) in enumerate(pairwise(edges))
        for column in range(3)
    )  # fmt: skip
    return Grid(7, 3, cells)


def test_two_half_rows_that_cannot_be_read_are_one_struck_row() -> None:
    grid = rejoined(halved(0.2))
    struck = [cell for cell in grid.cells if cell.struck]
    assert {cell.row for cell in struck} == {3}
    assert struck[0].box == (0.0, 60.0, 50.0, 80.0)


def test_two_low_rows_that_can_be_read_stay_two() -> None:
    assert rejoined(halved(0.97)) == halved(0.97)


def test_a_column_without_a_head_on_some_pages_parts_no_ledger() -> None:
    """Such as the one that the edge of the paper cuts: it is there where it holds values."""
    rows = rows_of(3000, 3100, 3200, 3300)

    def page(index: int, *own: tuple[object, ...]) -> Page:
        lines = [(*HEAD, ""), *own]
        cells = tuple(
            Cell(row, place, str(text)) for row, texts in enumerate(lines) for place, text in enumerate(texts)
        )
        return Page(index, (Grid(len(lines), len(HEAD) + 1, cells),))

    pages = (page(0, (*rows[0], ""), (*rows[1], "")), page(1, (*rows[2], "续"), (*rows[3], "")))
    (found,) = extract_ledgers(Document("docx", pages), Catalogue.load(), LedgerOptions())
    assert values(found, "monthly_wage") == [3000, 3100, 3200, 3300]
    assert values(found, "no") == [1, 2, 3, 4]

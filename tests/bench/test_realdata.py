"""What others transcribed is scored by label: beside it, behind it in one cell, ticks, and what must stay empty."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.realdata import score_document
from parsers.document import Cell, Document, Grid, Page, SealSeen, TextLine

ROOT = Path(__file__).parents[2]


def document(*rows: tuple[str, ...], seals: tuple[SealSeen, ...] = (), line: str = "") -> Document:
    cells = tuple(
        Cell(row, column, text, ink=bool(text), confidence=0.95)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    blocks = (Grid(len(rows), 3, cells), TextLine(line))
    return Document("image", (Page(0, blocks, scanned=True, seals=seals),), scanned=True)


TRUTH = {"姓名": "王小明", "证件": "A1", "签证": {"有": True, "无": False}, "备注": None}


def test_values_beside_and_behind_their_labels_and_ticks() -> None:
    read = document(("姓名", "王 小明", ""), ("证件：A1 签证：☑有□无 备注：", "", ""))
    score = score_document(read, {"fields": TRUTH})
    assert (score.labels, score.values, score.ticks, score.empty) == ([True] * 4, [True] * 2, [True] * 2, [True])


def test_what_is_wrong_is_said() -> None:
    read = document(("姓名", "王小朋", ""), ("证件：A1 签证：□有□无 备注：x", "", ""))
    score = score_document(read, {"tables": [TRUTH], "seal": "甲局", "text": "同意"})
    assert (score.values, score.marked, score.ticks) == ([False, True], [False], [False, True])
    assert (score.empty, score.seals, score.lines) == ([False], [False], [False])
    assert len(score.said) == 5


def test_seals_and_lines() -> None:
    read = document(("", "", ""), seals=(SealSeen((0, 0, 9, 9), text="甲局", below="专用章"),), line="我是中国人")
    score = score_document(read, {"seal": "甲局", "inner": "专用章", "text": "我是中国人"})
    assert (score.seals, score.lines, score.invented) == ([True, True], [True], 0)


def test_words_where_no_ink_was_seen_are_invented() -> None:
    grid = Grid(1, 1, (Cell(0, 0, "王", ink=False),))
    assert score_document(Document("image", (Page(0, (grid,)),)), {}).invented == 1


def test_without_the_files_the_bench_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HZFORMS_REALDATA", raising=False)
    for more in ([], ["--folder", str(tmp_path)]):
        command = [sys.executable, "-m", "bench.realdata", *more]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # our own module
        assert (done.returncode, "not measured" in done.stdout) == (0, True)

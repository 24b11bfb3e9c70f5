"""A filled roster (attachment-5, xlsx) read into checked records, against openpyxl reading the bare values.

Ours finds the columns by their labels, reads every value by its type, and runs the rules over the whole roster. The
peer opens the same file and takes each cell's value, as a program does that already knows where everything stands.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from bench.people import definition_of, records_of
from parsers.reading import ReadOptions, read_path
from writers.filling import fill

TITLE = "附件5 from xlsx into checked records"
UNIT = "rows"
PEER = "openpyxl: load, take every value"
SIZES = (100, 1_000, 10_000)
PEER_SIZES = (100, 1_000, 10_000)
QUICK = (500,)
LEAST = 1.0
MOST_MB: float | None = None

FORM = "attachment-5"


@lru_cache(maxsize=1)
def _sheet(size: int) -> bytes:
    return fill(definition_of(FORM), records_of(FORM, size)[0]).content


def ours(size: int) -> Callable[[], None]:
    """Read and check; fails when a row is lost."""
    content = _sheet(size)
    with TemporaryDirectory() as folder:
        warm = Path(folder) / "warm.xlsx"
        warm.write_bytes(fill(definition_of(FORM), records_of(FORM, 3)[0]).content)
        read_path(warm, warm.name, ReadOptions())

    def work() -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "roster.xlsx"
            path.write_bytes(content)
            found = read_path(path, path.name, ReadOptions())
        if len(found.documents[0].record.rows) != size:
            raise AssertionError(found.problem)

    return work


def peer(size: int) -> Callable[[], None]:
    """All values of the sheet."""
    content = _sheet(size)

    def work() -> None:
        book = load_workbook(io.BytesIO(content), data_only=True)
        values = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
        if len(values) < size:
            raise AssertionError(len(values))

    return work

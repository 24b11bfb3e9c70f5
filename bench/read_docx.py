"""Filled approvals (attachment-4, docx) read into records, against python-docx walking the same tables."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from docx import Document

from bench.people import definition_of, records_of
from parsers.reading import ReadOptions, read_path
from writers.filling import fill

TITLE = "附件4 from docx into records"
UNIT = "documents"
PEER = "python-docx: open, walk the cells of every table"
SIZES = (10, 100, 1_000)
PEER_SIZES = (10, 100)
QUICK = (20,)
LEAST = 1.0
MOST_MB: float | None = None

FORM = "attachment-4"
DIFFERENT = 50
"""Documents that are made; larger sizes read them again and again."""


def _documents(size: int) -> list[bytes]:
    made = [fill(definition_of(FORM), record).content for record in records_of(FORM, min(size, DIFFERENT))]
    return [made[number % len(made)] for number in range(size)]


def ours(size: int) -> Callable[[], None]:
    """Read and check each file."""
    documents = _documents(size)

    def work() -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "card.docx"
            for content in documents:
                path.write_bytes(content)
                found = read_path(path, path.name, ReadOptions())
                if not found.documents[0].record.rows[0]["name"].value:
                    raise AssertionError(found.problem)

    return work


def peer(size: int) -> Callable[[], None]:
    """The text of each cell."""
    documents = _documents(size)

    def work() -> None:
        for content in documents:
            document = Document(io.BytesIO(content))
            texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
            if not texts:
                raise AssertionError

    return work

"""Ledgers for tests: a workbook of rows, read as a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from forms.catalogue import Catalogue
from forms.record import ColumnChoice, Extraction
from parsers.ledger.extracting import extract_ledgers
from parsers.ledger.options import LedgerOptions
from parsers.readers import xlsx
from samples.records import People

Cells = Sequence[object]


def people(count: int, seed: int = 5) -> list[dict[str, str]]:
    """Invented persons: name, sex, id_number."""
    source = People(seed)
    return [source.person() for _ in range(count)]


def ledgers(
    folder: Path,
    *rows: Cells,
    merged: Sequence[str] = (),
    struck: Sequence[int] = (),
    options: LedgerOptions | None = None,
) -> tuple[Extraction, ...]:
    """The ledgers in a sheet of these rows; ``struck`` are rows, from one, with a line through them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.number_format = "@"
            if cell.row in struck:
                cell.font = Font(strike=True)
    for area in merged:
        sheet.merge_cells(area)
    path = folder / "ledger.xlsx"
    book.save(path)
    return extract_ledgers(xlsx.read(path), Catalogue.load(), options or LedgerOptions())


def ledger(folder: Path, *rows: Cells, **more: Sequence[str] | Sequence[int] | LedgerOptions) -> Extraction:
    """The one ledger in a sheet of these rows."""
    (found,) = ledgers(folder, *rows, **more)  # type: ignore[arg-type]  # handed on as they are
    return found


def column(found: Extraction, label: str) -> ColumnChoice:
    """The column of that head."""
    return next(one for one in found.columns if one.label == label)


def values(found: Extraction, key: str) -> list[object]:
    """What stands under a key, person by person."""
    return [row[key].value if key in row else None for row in found.record.rows]


def is_open(found: Extraction, key: str) -> bool:
    """Whether every value of a key is for a person to look at."""
    return all(row[key].review for row in found.record.rows if key in row and row[key].value != "")

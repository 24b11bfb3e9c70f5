"""Ledgers without rules: a PDF with its text, a drawn page, a page that was not made out, running text."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from forms.catalogue import Catalogue
from forms.record import Extraction
from parsers.document import Cell, Document, Grid, Page, TextLine
from parsers.ledger.extracting import extract_ledgers
from parsers.ledger.options import LedgerOptions
from parsers.ledger.tableless import lost_pages
from parsers.readers import pdf
from parsers.scan.red import binarised
from parsers.scan.ruling import find_rules
from parsers.scan.unruled import find_unruled
from samples.ledgers.drawing import draw_ledger
from samples.ledgers.making import make_ledger
from samples.ledgers.ruling import LEVEL, NONE, PLUMB, THREE
from tests.parsers.ledger.building import people, values

HEAD = ("序号", "姓名", "性别", "身份证号", "月工资")
PLACES = (40, 80, 150, 200, 340)


def written(folder: Path, *rows: tuple[str, ...], rules: tuple[int, ...] = ()) -> Path:
    """A PDF of rows at the same places, with level rules above some of them."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont("STSong-Light", 10)
    for number, row in enumerate(rows):
        for place, text in zip(PLACES, row, strict=False):
            canvas.drawString(place, 700 - 20 * number, text)
        if number in rules:
            canvas.line(40, 713 - 20 * number, 400, 713 - 20 * number)
    canvas.save()
    path = folder / "ledger.pdf"
    path.write_bytes(out.getvalue())
    return path


def read(path: Path) -> tuple[Extraction, ...]:
    return extract_ledgers(pdf.read(path, unruled=True), Catalogue.load(), LedgerOptions())


@pytest.mark.parametrize("rules", [(), (0, 1, 5)])
def test_a_pdf_whose_table_has_no_rules_or_three(tmp_path: Path, rules: tuple[int, ...]) -> None:
    own = people(4)
    rows = [(str(n), one["name"], one["sex"], one["id_number"], "3100") for n, one in enumerate(own, start=1)]
    (found,) = read(written(tmp_path, HEAD, *rows, rules=rules))
    for key in ("name", "sex", "id_number"):
        assert values(found, key) == [one[key] for one in own]
    assert not any(row["name"].review for row in found.record.rows)


def test_an_empty_cell_takes_nothing_from_its_neighbours(tmp_path: Path) -> None:
    own = people(4)
    rows = [(str(n), one["name"], one["sex"], one["id_number"], "3100") for n, one in enumerate(own, start=1)]
    rows[2] = (*rows[2][:2], "", *rows[2][3:])
    (found,) = read(written(tmp_path, HEAD, *rows))
    assert values(found, "sex")[2] == ""
    assert values(found, "id_number")[2] == own[2]["id_number"]


def test_an_empty_cell_beside_a_border_in_doubt_is_looked_at() -> None:
    own = people(3)
    rows = [HEAD, *((str(n), one["name"], "", one["id_number"], "3100") for n, one in enumerate(own, start=1))]
    cells = tuple(
        Cell(row, column, text, notes=("border-missing",) * (column == 2 and row > 0))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    document = Document("pdf", (Page(0, (Grid(4, 5, cells),)),))
    (found,) = extract_ledgers(document, Catalogue.load(), LedgerOptions())
    assert all(row["sex"].review for row in found.record.rows)


def test_running_text_is_no_ledger(tmp_path: Path) -> None:
    text = "各单位要高度重视,认真组织,按时完成;逾期不报的,予以通报。"
    assert read(written(tmp_path, *((text[n:] + text[:n],) for n in range(12)))) == ()


@pytest.mark.parametrize("ruling", [LEVEL, PLUMB, THREE, NONE])
def test_a_drawn_page_by_its_writing_alone(ruling: str) -> None:
    sample = make_ledger(545)
    gray = np.ascontiguousarray(draw_ledger(sample, ruling=ruling)[0].picture[..., 0])
    found = find_unruled(binarised(gray), *find_rules(gray))
    assert found is not None
    assert (found.rows, found.columns) == (sample.levels + len(sample.pages[0]), len(sample.columns))
    assert not any(cell.notes for cell in found.cells)


def test_persons_on_a_page_whose_table_was_not_made_out_are_told_of() -> None:
    lines = tuple(TextLine(f"{n} 某某 {one['sex']} {one['id_number']}") for n, one in enumerate(people(3)))
    (told,) = lost_pages([Page(1, lines), Page(2, (TextLine("注:每季度更新。"),))])
    assert (told.code, told.path, told.severity.value) == ("grid-missing", "pages[1]", "error")
    assert extract_ledgers(Document("image", (Page(0, lines),)), Catalogue.load(), LedgerOptions()) == ()

"""Long Word tables taken apart for LibreOffice: every row once and in order, under the same head."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from forms.catalogue import Catalogue
from forms.intake import take_in
from samples.records import make_records
from writers.filling import fill
from writers.longtables import LONGEST, PIECE, for_printing
from writers.packing.printcheck import body_of, page_texts, require_printed, squeezed, word_blocks
from writers.rendering import to_pdf


def table_of(rows: int, merged: int = -1) -> bytes:
    """A file with one table whose first row is its head; ``merged`` is a row that the one before reaches into."""
    document = docx.Document()
    table = document.add_table(rows=rows + 1, cols=2)
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for number, row in enumerate(table.rows):
        row.cells[0].text = "序号" if number == 0 else str(number)
    if merged > 0:
        table.cell(merged, 1).merge(table.cell(merged + 1, 1))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(("rows", "merged"), [(LONGEST - 1, -1), (LONGEST, -1), (500, -1), (200, PIECE), (61, -1)])
def test_every_row_stands_once_and_in_order_under_the_head(rows: int, merged: int) -> None:
    content = table_of(rows, merged)
    tables = docx.Document(io.BytesIO(for_printing(content))).tables
    told = [[row.cells[0].text for row in table.rows] for table in tables]
    assert all(piece[0] == "序号" for piece in told)
    assert [text for piece in told for text in piece[1:]] == [str(number + 1) for number in range(rows)]
    assert (for_printing(content) == content) == (rows + 1 <= LONGEST)
    if merged > 0:
        assert str(merged + 1) not in [piece[1] for piece in told]


@pytest.mark.slow
@pytest.mark.xdist_group("office")
def test_a_long_roster_in_word_is_printed_whole_each_piece_on_a_new_page() -> None:
    record = take_in(make_records("attachment-1", 150, 31), Catalogue.load())[0].record
    made = fill(Catalogue.load().find("attachment-1"), record)
    (pdf,) = to_pdf([(made.content, "docx")])
    pages = page_texts(pdf)
    require_printed(list(word_blocks(body_of(made.content))), pages)
    first = squeezed(str(record.rows[PIECE]["id_number"].value))
    page = next(text for text in pages if first in text)
    assert squeezed(str(record.rows[PIECE - 1]["id_number"].value)) not in page

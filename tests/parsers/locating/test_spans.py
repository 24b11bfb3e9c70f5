"""Cells of a scanned roster that span several persons."""

from __future__ import annotations

from forms.catalogue import Catalogue
from parsers.document import Cell, Document, Grid, Page, TextLine, Word
from parsers.extracting import extract
from tests.parsers.building import scanned_row


def test_a_cell_over_two_persons_with_a_line_for_each_is_for_a_person() -> None:
    """The rule between them was lost; a value that was merged on purpose stands there once."""
    head = scanned_row(0, "序号", "用工单位", "所在科室", "姓名", "性别", "身份证号", "学历", "岗位", "用工形式")
    people = [
        scanned_row(index, str(index), "海州区示例中心", "", name, "男", "", "", "", "")
        for index, name in ((1, "王小明"), (2, "李小红"))
    ]
    box = (160.0, 120.0, 240.0, 160.0)
    lines = tuple(
        Word(text, (170.0, top, 230.0, top + 10), 0.99) for text, top in (("服务大厅", 125.0), ("综合科", 145.0))
    )
    for words, doubted in ((lines, True), (lines[:1], False)):
        text = "\n".join(word.text for word in words)
        over = Cell(1, 2, text, row_span=2, box=box, ink=True, confidence=0.999, words=words)
        cells = (*head, *(cell for line in people for cell in line if cell.column != 2), over)
        page = Page(
            0,
            (TextLine("海州区机关事业单位编外用工备案花名册", confidence=0.99), Grid(3, 9, cells)),
            842.0,
            595.0,
            scanned=True,
        )
        (found,) = extract(Document("image", (page,), scanned=True), Catalogue.load())
        assert [person["department"].review for person in found.record.rows] == [doubted] * 2

"""Rows of which the rule between was not seen are told as several persons, and no other row is."""

from __future__ import annotations

from dataclasses import replace

from forms.catalogue import Catalogue
from forms.record import Extraction
from parsers.document import Cell, Document, Grid, Page, TextLine, Word
from parsers.extracting import extract
from tests.parsers.building import scanned_row

HEAD = scanned_row(0, "序号", "姓名", "性别", "身份证号", "用工单位", "岗位")
PERSON = scanned_row(1, "1", "王小明", "男", "320799198006150036", "海州区示例中心", "驾驶员")


def stacked(cell: Cell, *lines: str) -> Cell:
    """The cell with these lines in it, one below the other."""
    assert cell.box is not None
    left, top, right, _ = cell.box
    words = tuple(
        Word(text, (left, top + 30.0 * place, right, top + 30.0 * place + 10), 0.999)
        for place, text in enumerate(lines)
    )
    return replace(cell, text="\n".join(lines), words=words)


def read(*row: Cell) -> Extraction:
    grid = Grid(3, 6, (*HEAD, *PERSON, *row))
    title = TextLine("附件2 编外用工清退汇总表", confidence=0.99)
    document = Document("image", (Page(0, (title, grid), 842.0, 595.0, scanned=True),), scanned=True)
    (found,) = extract(document, Catalogue.load())
    return found


def row_of(**lines: tuple[str, ...]) -> list[Cell]:
    plain = scanned_row(2, "2", "李晓", "女", "320799198006150036", "海州区示例局", "窗口服务")
    keys = ("no", "name", "sex", "id_number", "unit", "post")
    return [stacked(cell, *lines[key]) if key in lines else cell for cell, key in zip(plain, keys, strict=True)]


def test_three_persons_in_one_row_go_to_a_person_whole() -> None:
    found = read(*row_of(no=("2", "3", "4"), sex=("女", "男", "男"), unit=("海州区示例局",) * 3))
    first, merged = found.record.rows
    assert not any(entry.review for entry in first.values() if entry.value)
    assert all(entry.review for entry in merged.values() if entry.text)
    assert "rows-merged" in {finding.code for finding in found.findings}


def test_a_value_in_two_lines_is_one_person() -> None:
    found = read(*row_of(id_number=("3207991980", "06150036"), unit=("海州区", "示例局"), post=("窗口", "服务")))
    assert "rows-merged" not in {finding.code for finding in found.findings}
    assert not found.record.rows[1]["unit"].review


def test_a_correction_in_one_cell_is_one_person() -> None:
    found = read(*row_of(sex=("男", "女")))
    assert "rows-merged" not in {finding.code for finding in found.findings}


def test_a_name_of_several_persons_is_never_sure() -> None:
    found = read(*row_of(name=("李晓", "马航", "赵宁")))
    name = found.record.rows[1]["name"]
    assert (name.value, name.review) == ("李晓马航赵宁", True)


def test_a_day_is_no_unit() -> None:
    """Glare took the label of the day in the line of the unit."""
    cells = row_of()
    read_as = replace(cells[4], text="年8月20日")
    unit = read(*cells[:4], read_as, *cells[5:]).record.rows[1]["unit"]
    assert (unit.value, unit.review) == ("年8月20日", True)
    assert not read(*cells).record.rows[1]["unit"].review

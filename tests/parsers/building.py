# ruff: noqa: E501 - rows of forms stand on a line as they stand on paper
"""Small Word and Excel files for the readers' tests, as clerks make them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import docx
import openpyxl
from docx.document import Document as WordDocument
from openpyxl.worksheet.worksheet import Worksheet

from forms.catalogue import Catalogue
from forms.identity import id_check_character
from forms.record import Extraction
from parsers.document import Cell
from parsers.extracting import extract
from parsers.gate import photoset
from parsers.readers import docx as docx_reader
from parsers.readers import xlsx as xlsx_reader

Line = Sequence[object]
TITLE_2 = "海州区机关事业单位编外用工清退汇总表"
TITLE_4 = "海州区机关事业单位借用人员审批表"
HEADER = ("填报单位（盖章）：海州区示例街道办事处    填报日期：2026年8月20日    单位：人",)
HEAD_2 = (
    "序号", "用工单位", "姓名", "性别", "身份证号", "学历", "岗位", "用工形式", "到岗时间", "是否签订劳动合同",
    "合同起始日期", "合同终止日期", "经费来源", "清退时间", "清退方式", "经济补偿情况", "人员去向", "备注",
)  # fmt: skip


def id_number(order: int, year: int = 1980) -> str:
    """A made-up identity number of an address code that nobody has."""
    body = f"320799{year}0615{order:03d}"
    return body + id_check_character(body)


def person_2(order: int, name: str) -> tuple[object, ...]:
    """A row of attachment-2 in the order of :data:`HEAD_2`."""
    return (
        order, "海州区示例中心小学", name, "男" if (2 * order + 1) % 2 else "女", id_number(2 * order + 1), "大学本科", "保安",
        "单位直签劳动合同", "2015年3月1日", "是", "2024年1月1日", "2026年12月31日", "财政拨款", "2026年8月10日", "合同期满终止", "12000",
        "自主就业", "",
    )  # fmt: skip


def workbook(
    lines: Sequence[Line], *, arrange: Callable[[Worksheet], None] | None = None, title: str = "Sheet1"
) -> bytes:
    """An xlsx whose first sheet has these lines; ``arrange`` may merge, hide and strike."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for line in lines:
        sheet.append(list(line))
    if arrange is not None:
        arrange(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(make: Callable[[WordDocument], None]) -> bytes:
    """A docx made by ``make``."""
    document = docx.Document()
    make(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add_table(document: WordDocument, lines: Sequence[Line]) -> None:
    """A table of these lines; ``None`` joins a cell with the one to its left."""
    width = max(len(line) for line in lines)
    table = document.add_table(rows=len(lines), cols=width)
    for row, line in enumerate(lines):
        anchor = None
        for column in range(width):
            value = line[column] if column < len(line) else ""
            cell = table.cell(row, column)
            if value is None and anchor is not None:
                anchor = anchor.merge(cell)
                continue
            cell.text = str(value)
            anchor = cell


def read_xlsx(data: bytes, form: str | None = None) -> tuple[Extraction, ...]:
    """The forms in a workbook."""
    return extract(xlsx_reader.read_bytes(data), Catalogue.load(), form)


def read_docx(data: bytes, form: str | None = None) -> tuple[Extraction, ...]:
    """The forms in a Word file."""
    return extract(docx_reader.read_bytes(data), Catalogue.load(), form)


def values(extraction: Extraction, index: int = 0) -> Mapping[str, object]:
    """The values of a record by key."""
    return {key: entry.value for key, entry in extraction.record.rows[index].items()}


def codes(extraction: Extraction) -> set[str]:
    """The codes of all findings."""
    return {finding.code for finding in extraction.findings}


def scanned_row(number: int, *texts: str) -> tuple[Cell, ...]:
    """A row of a scanned grid, 20 points high, its cells 80 points wide and surely read."""
    high = 100.0 + 20 * number
    places = [(80.0 * column, high, 80.0 * column + 80, high + 20) for column in range(len(texts))]
    return tuple(
        Cell(number, column, text, box=place, ink=bool(text), confidence=0.999)
        for column, (text, place) in enumerate(zip(texts, places, strict=True))
    )


def kept_photos(path: Path, *contents: bytes) -> Path:
    """A file of photos kept together, of these bytes."""
    with path.open("wb") as target:
        photoset.write(((f"{place}.jpg", nullcontext(io.BytesIO(one))) for place, one in enumerate(contents)), target)
    return path

# ruff: noqa: S311 - layouts of made-up blanks, not secrets
"""Blank forms as another office would lay them out: our fields in other words, other orders, other tables."""

from __future__ import annotations

import io
import random
import re
import zipfile
from dataclasses import dataclass, field

import docx
import openpyxl
from docx.shared import Pt
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from forms.catalogue import Catalogue
from forms.definition import Field, FormDefinition, OpinionBox

CATALOGUE = Catalogue.load()
DAY = "    年  月  日"
OPTIONS = "□区委区政府临时性重要任务  □重点工作  □阶段性季节性工作\n具体说明：\n"
COUNTS = {
    2: "清理前编外用工总数：    人    清退：    人    保留：    人",
    3: "清理前编外用工总数：    人    清退：    人    保留：    人",
}


_Pair = tuple[str, str, str]
"""A label, the key that belongs to it, and what is printed in its cell."""
_Wide = tuple[str, str, tuple[str, ...]]
"""The same for a box over the whole width, with all keys that belong to it."""


@dataclass
class Blank:
    """A blank and where the values of each key belong: row and column in its table."""

    content: bytes = b""
    format: str = "docx"
    wanted: dict[str, tuple[int, int]] = field(default_factory=dict)


def stripped(definition: FormDefinition) -> bytes:
    """Our own official file as it was before it had tags, with six empty rows of persons in Word."""
    source = zipfile.ZipFile(definition.template_path)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "word/document.xml":
                data = _without_marks(data.decode()).encode()
            if item.filename == "word/document.xml" or item.filename.startswith("xl/"):
                data = _without_tags(data.decode()).encode()
            made.writestr(item, data)
    return target.getvalue()


def _without_marks(text: str) -> str:
    row = r"<w:tr[ >](?:(?!</w:tr>).)*"
    text = re.sub(rf"{row}\{{%tr (?:if|endif|endfor)[^%]*%\}}.*?</w:tr>", "", text, flags=re.DOTALL)
    loop = re.search(rf"{row}\{{%tr for(?:(?!</w:tr>).)*</w:tr>", text, flags=re.DOTALL)
    if loop is None:
        return text
    text = text[: loop.start()] + text[loop.end() :]
    person = re.compile(rf"{row}</w:tr>", re.DOTALL).search(text, loop.start())
    assert person is not None
    return text[: person.end()] + person.group() * 5 + text[person.end() :]


def _without_tags(text: str) -> str:
    text = re.sub(r"\{\{ tick\.[^}]*\}\}", "□", text)
    text = re.sub(r"\{\{ (?:box\.\w+\.date|record\.\w+_(?:on|date)|header\.filled_on) \}\}", DAY, text)
    return re.sub(r"\{\{[^}]*\}\}", "", text)


def card(seed: int, file_format: str = "docx") -> Blank:
    """附件4 with one to three pairs of label and value a row, any synonyms, boxes over the whole width."""
    dice, definition = random.Random(seed), CATALOGUE.find("附件4")
    size = dice.choice([9, 10, 12])
    title = dice.choice([definition.title, "海州区2026年借用人员审批表"])
    heading = ("附件4", title, f"填表日期：{DAY}          编号：________")
    own = [item for item in definition.fields if item.key not in ("filled_on", "serial", "reason", "reason_category")]
    period = {"start_date", "end_date", "months"} if dice.random() < 0.5 else set()
    cells = [(_word(dice, item), item.key, _guide(dice, item)) for item in own if item.key not in period]
    if period:
        cells.append(("借调期限", "start_date", f"自{DAY}至{DAY}，共    个月"))
    columns = dice.choice([1, 2, 3]) * 2
    boxes = [
        ("借用事由", OPTIONS, ("reason_category", "reason")),
        *((dice.choice([box.label, *box.synonyms]), _box(dice, box), (f"box.{box.key}",)) for box in definition.boxes),
    ]
    pairs = [cells[first : first + columns // 2] for first in range(0, len(cells), columns // 2)]
    if file_format == "xlsx":
        return _sheet_card(dice, heading, pairs, boxes)
    return _word_card(size, heading, pairs, boxes)


def _word_card(size: int, heading: tuple[str, ...], pairs: list[list[_Pair]], boxes: list[_Wide]) -> Blank:
    document, blank, columns = docx.Document(), Blank(), 2 * len(pairs[0])
    document.styles["Normal"].font.size = Pt(size)
    for text in heading:
        document.add_paragraph(text)
    table = document.add_table(rows=0, cols=columns)
    table.style = "Table Grid"
    for line in pairs:
        row = table.add_row().cells
        for place, (label, key, guide) in enumerate(line):
            row[2 * place].text, row[2 * place + 1].text = label, guide
            blank.wanted[key] = (len(table.rows) - 1, 2 * place + 1)
    for label, text, keys in boxes:
        row = table.add_row().cells
        row[0].text = label
        (row[1].merge(row[columns - 1]) if columns > 2 else row[1]).text = text
        blank.wanted.update(dict.fromkeys(keys, (len(table.rows) - 1, 1)))
    blank.content = _saved(document)
    return blank


def _sheet_card(dice: random.Random, heading: tuple[str, ...], pairs: list[list[_Pair]], boxes: list[_Wide]) -> Blank:
    """The same in a workbook: each box merged over one row or three, lines around everything."""
    book, blank, columns = openpyxl.Workbook(), Blank(format="xlsx"), 2 * len(pairs[0])
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    line = Side(style="thin")

    def put(area: tuple[int, int, int, int], text: str) -> None:
        top, left, bottom, right = area
        sheet.cell(top, left, text or None).alignment = Alignment(wrap_text=True, vertical="center")
        if (top, left) != (bottom, right):
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                sheet.cell(row, column).border = Border(line, line, line, line)

    for row, text in enumerate(heading, start=1):
        sheet.cell(row, 1, text)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    row = len(heading)
    for one in pairs:
        row += 1
        sheet.row_dimensions[row].height = 24
        for place, (label, key, guide) in enumerate(one):
            put((row, 2 * place + 1, row, 2 * place + 1), label)
            put((row, 2 * place + 2, row, 2 * place + 2), guide)
            blank.wanted[key] = (row - 1, 2 * place + 1)
    for label, text, keys in boxes:
        top, row = row + 1, row + dice.choice([1, 3])
        put((top, 1, row, 1), label)
        put((top, 2, row, columns), text)
        blank.wanted.update(dict.fromkeys(keys, (top - 1, 1)))
    for column in range(columns):
        sheet.column_dimensions["ABCDEF"[column]].width = 80 / columns
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = 9, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target = io.BytesIO()
    book.save(target)
    blank.content = target.getvalue()
    return blank


def roster(seed: int, number: int, file_format: str) -> Blank:
    """A roster with its columns in another order and other words, one column more, and its footer in one line."""
    dice, definition = random.Random(seed), CATALOGUE.find(f"附件{number}")
    rest = list(definition.fields[1:])
    dice.shuffle(rest)
    columns = [(_head(dice, item), item.key) for item in (definition.fields[0], *rest)]
    columns.insert(dice.randrange(3, len(columns)), ("户籍所在地", ""))
    lines = [f"填报单位（盖章）：____________    填报日期：{DAY}    计量单位：人", *filter(None, [COUNTS.get(number)])]
    foot = "单位主要负责人：              填表人：            联络员：            联系电话：            "
    make = _sheet if file_format == "xlsx" else _word_roster
    rows, has_total = dice.choice([1, 4, 9]), dice.random() < 0.7
    return make(definition, columns, (*lines, foot), (rows, has_total))


def _word_roster(
    definition: FormDefinition, columns: list[tuple[str, str]], lines: tuple[str, ...], rows: tuple[int, bool]
) -> Blank:
    document = docx.Document()
    for text in (f"附件{definition.number}", definition.title, *lines[:-1]):
        document.add_paragraph(text)
    table = document.add_table(rows=1 + rows[0] + rows[1], cols=len(columns))
    table.style = "Table Grid"
    for place, (label, _) in enumerate(columns):
        table.cell(0, place).text = label
    for row in range(rows[0]):
        table.cell(row + 1, 0).text = str(row + 1)
    if rows[1]:
        table.cell(rows[0] + 1, 0).text = "合计"
    document.add_paragraph(lines[-1])
    wanted = {key: (2, place) for place, (_, key) in enumerate(columns) if key}
    return Blank(_saved(document), "docx", wanted)


def _sheet(
    definition: FormDefinition, columns: list[tuple[str, str]], lines: tuple[str, ...], rows: tuple[int, bool]
) -> Blank:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    texts = [f"附件{definition.number}", definition.title, *lines[:-1]]
    for row, text in enumerate(texts, start=1):
        sheet.cell(row, 1, text)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(columns))
    head = len(texts) + 1
    for place, (label, _) in enumerate(columns, start=1):
        sheet.cell(head, place, label)
        sheet.merge_cells(start_row=head, end_row=head + 1, start_column=place, end_column=place)
    for row in range(rows[0]):
        sheet.cell(head + 2 + row, 1, row + 1)
    foot = head + 2 + rows[0]
    if rows[1]:
        sheet.cell(foot, 1, "合计")
        sheet.cell(foot, len(columns), "=SUM(A1:A2)")
        foot += 1
    sheet.cell(foot, 1, lines[-1])
    sheet.merge_cells(start_row=foot, end_row=foot, start_column=1, end_column=len(columns))
    target = io.BytesIO()
    book.save(target)
    wanted = {key: (head + 1, place) for place, (_, key) in enumerate(columns) if key}
    return Blank(target.getvalue(), "xlsx", wanted)


def _word(dice: random.Random, item: Field) -> str:
    word = dice.choice([item.label, *item.synonyms])
    return "其他说明" if word == "其他" else word


def _head(dice: random.Random, item: Field) -> str:
    word = item.group + item.label if item.group and len(item.label) == 1 else item.label
    words = [word, *item.synonyms] if dice.random() < 0.5 else [word]
    return dice.choice([one for one in words if one != "其他"])


def _guide(dice: random.Random, item: Field) -> str:
    if dice.random() < 0.5:
        return ""
    return DAY if item.type.name == "day" else f"    {item.suffix}" if item.suffix else ""


def _box(dice: random.Random, box: OpinionBox) -> str:
    lines = [""] * dice.randint(1, 3)
    lines += ["负责人签字："] if "signature" in box.parts else []
    lines += [dice.choice(["（盖章）", "单位（盖章）"])] if "seal" in box.parts else []
    return "\n".join([*lines, DAY])


def _saved(document: docx.document.Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()

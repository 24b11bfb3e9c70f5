"""The workbook of the list of units: heads with notes and drop-down lists to type into, empty or with what is known."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from service.operations.unit_columns import (
    ALIAS,
    ALIAS_COLUMNS,
    ALIAS_SHEET,
    HELP_SHEET,
    KIND,
    LISTS_SHEET,
    NAME,
    PARENT,
    UNIT_COLUMNS,
    UNIT_SHEET,
    Column,
)
from service.store.units import LABELS, Unit
from writers.workbook import MADE

WORKBOOK_NAME = "单位名录_导入表.xlsx"
_LAST_ROW = 5_000
_NUMBERS = frozenset({"posts_approved", "posts_filled", "posts_borrowed"})
_RULES = (
    "1. “单位”页一行一个单位,“别名”页一行一个简称或曾用名;不要改列名,可以调换列的位置。",
    "2. 再次导入时按统一社会信用代码、其次按单位全称对应到已有单位;表中没有的单位不会删除。",
    "3. 空着的格不改动已有内容;要清除已有内容,填“无”。",
    "4. 单位更名:信用代码不变、改写全称即可,旧名自动作为别名保留。单位撤销:填“撤销日期”,不要删行。",
    "5. 信用代码、电话、日期一律按文本填写;日期如 2026-07-20。",
    "6. 上传后先看预览;有一处错误就整表不导入,改好再传。",
)


def make_units_workbook(units: Sequence[Unit] = ()) -> bytes:
    """The workbook to type into, with these units in it. The same units give the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": "单位名录", "keywords": "import units", "created": MADE})
        looks = _looks(book)
        entry, aliases = book.add_worksheet(UNIT_SHEET), book.add_worksheet(ALIAS_SHEET)
        explanation, lists = book.add_worksheet(HELP_SHEET), book.add_worksheet(LISTS_SHEET)
        lists.write_column(0, 0, list(LABELS.values()))
        lists.hide()
        _write_heads(entry, UNIT_COLUMNS, looks)
        _write_heads(aliases, ALIAS_COLUMNS, looks)
        _validate(entry, UNIT_COLUMNS, KIND, f"='{LISTS_SHEET}'!$A$1:$A${len(LABELS)}")
        names = f"='{UNIT_SHEET}'!$A$2:$A${_LAST_ROW}"
        _validate(entry, UNIT_COLUMNS, PARENT, names)
        _validate(aliases, ALIAS_COLUMNS, NAME, names)
        _write_units(entry, units)
        _write_aliases(aliases, units)
        _explain(explanation, looks)
    return buffer.getvalue()


def _looks(book: xlsxwriter.Workbook) -> dict[str, Format]:
    head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#E8EEF7"}
    return {
        "head": book.add_format(head),
        "needed": book.add_format({**head, "font_color": "#C00000"}),
        "text": book.add_format({"num_format": "@", "valign": "vcenter"}),
        "number": book.add_format({"valign": "vcenter"}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top", "border": 1}),
    }


def _write_heads(sheet: Worksheet, columns: Sequence[Column], looks: dict[str, Format]) -> None:
    for index, column in enumerate(columns):
        label, look = (f"*{column.label}", "needed") if column.is_needed else (column.label, "head")
        sheet.set_column(index, index, column.width, looks["number" if column.key in _NUMBERS else "text"])
        sheet.write_string(0, index, label, looks[look])
        sheet.write_comment(0, index, f"{column.hint}\n例:{column.example}", {"x_scale": 2, "author": HELP_SHEET})
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 1)


def _validate(sheet: Worksheet, columns: Sequence[Column], key: str, source: str) -> None:
    """A drop-down list. A warning, not a stop: a superior may already be in the directory and not on the sheet."""
    index = next(at for at, column in enumerate(columns) if column.key == key)
    message = {"error_type": "warning", "error_title": columns[index].label, "error_message": columns[index].hint}
    sheet.data_validation(1, index, _LAST_ROW, index, {"validate": "list", "source": source, **message})


def _write_units(sheet: Worksheet, units: Sequence[Unit]) -> None:
    names = {unit.id: unit.name for unit in units}
    for row, unit in enumerate(units, start=1):
        shown = {KIND: unit.kind.label, PARENT: names.get(unit.parent_id or "", "")}
        for index, column in enumerate(UNIT_COLUMNS):
            value = shown[column.key] if column.key in shown else getattr(unit, column.key)
            if isinstance(value, int):
                sheet.write_number(row, index, value)
            elif value:
                sheet.write_string(row, index, value)


def _write_aliases(sheet: Worksheet, units: Sequence[Unit]) -> None:
    row = 0
    for unit in units:
        for alias in unit.aliases:
            row += 1
            values = {NAME: unit.name, ALIAS: alias.name, "valid_from": alias.valid_from, "valid_to": alias.valid_to}
            for index, column in enumerate(ALIAS_COLUMNS):
                if values[column.key]:
                    sheet.write_string(row, index, values[column.key])


def _explain(sheet: Worksheet, looks: dict[str, Format]) -> None:
    for index, width in enumerate((14, 22, 66, 30)):
        sheet.set_column(index, index, width)
    for row, text in enumerate(_RULES):
        sheet.merge_range(row, 0, row, 3, text, looks["wrapped"])
    top = len(_RULES) + 1
    for index, text in enumerate(("工作表", "栏目", "怎样填", "例")):
        sheet.write_string(top, index, text, looks["head"])
    both = [(UNIT_SHEET, column) for column in UNIT_COLUMNS] + [(ALIAS_SHEET, column) for column in ALIAS_COLUMNS]
    for row, (name, column) in enumerate(both, start=top + 1):
        choices = f"\n可选:{'、'.join(LABELS.values())}" if column.key == KIND else ""
        for index, text in enumerate((name, column.label, column.hint + choices, column.example)):
            sheet.write_string(row, index, text, looks["wrapped"])

"""The import workbook of a form: an .xlsx to type into, made from the definition alone.

Offices know this shape from the 实名制 systems: required heads red and starred, closed lists chosen and not typed, ID
numbers as text, a note on each head, an example row, and a sheet that explains. Sent back, it is read by the same
reader as any returned file, for its heads are the official labels.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from forms.definition import Field, FormDefinition, Requirement

ENTRY_SHEET = "录入"
HELP_SHEET = "填表说明"
LISTS_SHEET = "码表"
EXAMPLE = "示例"
ENTRY_ROWS = 10_000
MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The time the file says it was made at, so that the same definition gives the same bytes."""
SHOWN_CHOICES = 12
HEADER_PAIRS = 3
"""Header fields a line; each takes a label cell and a value of three merged cells."""

_TEXT_TYPES = frozenset({"id_number", "phone", "credit_code", "text", "name", "unit", "day", "month"})
_REQUIREMENT = {
    Requirement.REQUIRED: "必填",
    Requirement.CONDITIONAL: "按情况填",
    Requirement.OPTIONAL: "选填",
}


@dataclass(frozen=True, slots=True)
class _Looks:
    title: Format
    label: Format
    required: Format
    value: Format
    text: Format
    example: Format
    wrapped: Format


def make_import_workbook(definition: FormDefinition) -> bytes:
    """The workbook of that form, ready to be downloaded. The same definition gives the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        keywords = f"import {definition.form} {definition.edition}"
        book.set_properties({"title": definition.title, "keywords": keywords, "created": MADE})
        book.set_custom_property("form", definition.form)
        book.set_custom_property("edition", definition.edition)
        looks = _make_looks(book)
        entry = book.add_worksheet(ENTRY_SHEET)
        explanation = book.add_worksheet(HELP_SHEET)
        lists = book.add_worksheet(LISTS_SHEET)
        ranges = _write_lists(lists, definition)
        first_row = _write_entry_sheet(entry, definition, looks)
        _validate(entry, definition.fields, ranges, first_row)
        _write_explanation(explanation, definition, looks)
        lists.hide()
    return buffer.getvalue()


def _make_looks(book: xlsxwriter.Workbook) -> _Looks:
    head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#E8EEF7"}
    cell = {"border": 1, "valign": "vcenter"}
    return _Looks(
        title=book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
        label=book.add_format(head),
        required=book.add_format({**head, "font_color": "#C00000"}),
        value=book.add_format(cell),
        text=book.add_format({**cell, "num_format": "@"}),
        example=book.add_format({**cell, "italic": True, "font_color": "#7F7F7F", "num_format": "@"}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top", "border": 1}),
    )


def _write_lists(sheet: Worksheet, definition: FormDefinition) -> dict[str, str]:
    """A column of the lists sheet for each closed list; the range of each field by key.

    Lists stand in cells because Excel refuses inline lists of more than 255 characters or with commas.
    """
    ranges: dict[str, str] = {}
    columns: dict[tuple[str, ...], str] = {}
    for item in definition.fields:
        choices = item.type.choices()
        if not choices:
            continue
        if choices not in columns:
            column = len(columns)
            sheet.write_column(0, column, choices)
            letter = xlsxwriter.utility.xl_col_to_name(column)
            columns[choices] = f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(choices)}"
        ranges[item.key] = columns[choices]
    return ranges


def _write_entry_sheet(sheet: Worksheet, definition: FormDefinition, looks: _Looks) -> int:
    """Title, header fields, heads and the example row; returns the first row to type into."""
    width = max(len(definition.fields), 2)
    sheet.merge_range(0, 0, 0, min(width, 12) - 1, definition.title, looks.title)
    sheet.set_row(0, 30)
    row = _write_header_fields(sheet, definition.header, looks)
    row = _write_heads(sheet, definition.fields, looks, row)
    for column, item in enumerate(definition.fields):
        example = EXAMPLE if column == 0 else item.example
        sheet.write_string(row, column, example, looks.example)
        shape = looks.text if item.type.name in _TEXT_TYPES else looks.value
        sheet.set_column(column, column, _column_width(item), shape)
    sheet.freeze_panes(row, 3)
    return row + 1


def _write_header_fields(sheet: Worksheet, header: Sequence[Field], looks: _Looks) -> int:
    row = 1
    for number, item in enumerate(header):
        row = 1 + number // HEADER_PAIRS
        column = (number % HEADER_PAIRS) * 4
        _write_label(sheet, row, column, item, looks)
        sheet.merge_range(row, column + 1, row, column + 3, "", looks.text)
    return row + 2 if header else 2


def _write_label(sheet: Worksheet, row: int, column: int, item: Field, looks: _Looks) -> None:
    needed = item.required is Requirement.REQUIRED
    label, look = (f"*{item.label}", looks.required) if needed else (item.label, looks.label)
    sheet.write_string(row, column, label, look)
    sheet.write_comment(row, column, _note(item), {"x_scale": 2, "author": "填表说明"})


def _note(item: Field) -> str:
    parts = [_REQUIREMENT[item.required]]
    if item.hint:
        parts.append(item.hint)
    choices = item.type.choices()
    if choices:
        rest = "……" if len(choices) > SHOWN_CHOICES else ""
        parts.append(f"请从下拉列表中选:{'、'.join(choices[:SHOWN_CHOICES])}{rest}")
    if item.example:
        parts.append(f"例:{item.example}")
    return "\n".join(parts)


def _write_heads(sheet: Worksheet, fields: Sequence[Field], looks: _Looks, row: int) -> int:
    """One head line, or two where fields stand under a common head; returns the row below."""
    if not any(item.group for item in fields):
        for column, item in enumerate(fields):
            _write_label(sheet, row, column, item, looks)
        sheet.set_row(row, 36)
        return row + 1
    column = 0
    while column < len(fields):
        item = fields[column]
        if not item.group:
            sheet.merge_range(row, column, row + 1, column, "", looks.label)
            _write_label(sheet, row, column, item, looks)
            column += 1
            continue
        last = column
        while last + 1 < len(fields) and fields[last + 1].group == item.group:
            last += 1
        if last > column:
            sheet.merge_range(row, column, row, last, item.group, looks.label)
        else:
            sheet.write_string(row, column, item.group, looks.label)
        for place in range(column, last + 1):
            _write_label(sheet, row + 1, place, fields[place], looks)
        column = last + 1
    return row + 2


def _column_width(item: Field) -> float:
    if item.type.name == "id_number":
        return 21
    if item.width_mm:
        return max(8.0, item.width_mm / 2)
    return max(8.0, 2.4 * len(item.label))


def _validate(sheet: Worksheet, fields: Sequence[Field], ranges: dict[str, str], first: int) -> None:
    last = first + ENTRY_ROWS - 1
    for column, item in enumerate(fields):
        if item.key in ranges:
            # A warning, not a stop: some codes may be followed by words (合同期满终止,2026年7月31日).
            sheet.data_validation(
                first,
                column,
                last,
                column,
                {
                    "validate": "list",
                    "source": ranges[item.key],
                    "error_type": "warning",
                    "error_title": item.label,
                    "error_message": "请从下拉列表中选择",
                },
            )
        elif item.type.name == "id_number":
            sheet.data_validation(
                first,
                column,
                last,
                column,
                {
                    "validate": "length",
                    "criteria": "==",
                    "value": 18,
                    "error_type": "warning",
                    "error_title": item.label,
                    "error_message": "身份证号应为 18 位,请按文本填写",
                },
            )


def _write_explanation(sheet: Worksheet, definition: FormDefinition, looks: _Looks) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 70)
    sheet.set_column(3, 3, 28)
    sheet.write_string(0, 0, f"{definition.title} {HELP_SHEET}", looks.title)
    general = (
        "1. 在“录入”页从“示例”行的下一行起填写,一人一行;“示例”行不计入。",
        "2. 红色带 * 的列必须填;有下拉列表的列请选择,不要自己写。",
        "3. 不要合并单元格;可以调换列的位置,不要改列名。身份证号一律按文本填写。",
        "4. 没有的内容填“无”或“/”;不知道的留空。",
        *definition.notes,
    )
    for number, text in enumerate(general):
        sheet.merge_range(number + 1, 0, number + 1, 3, text, looks.wrapped)
    row = len(general) + 2
    for column, text in enumerate(("栏目", "要求", "怎样填", "例")):
        sheet.write_string(row, column, text, looks.label)
    for offset, item in enumerate((*definition.header, *definition.fields), start=1):
        label = f"{item.group} {item.label}".strip()
        choices = item.type.choices()
        how = item.hint + ("" if not choices else ("\n" if item.hint else "") + "可选:" + "、".join(choices))
        sheet.write_string(row + offset, 0, label, looks.wrapped)
        sheet.write_string(row + offset, 1, _REQUIREMENT[item.required], looks.wrapped)
        sheet.write_string(row + offset, 2, how, looks.wrapped)
        sheet.write_string(row + offset, 3, item.example, looks.wrapped)

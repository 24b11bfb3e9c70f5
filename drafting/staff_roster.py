"""附件2, 3 and 5: rosters of staff outside the establishment, as worksheets that print on lying A4."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Border
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from drafting.paper import (
    A4_LONG_MM,
    LABEL_FONT,
    LATIN_FONT,
    NOTE_FONT,
    SEAL_MM,
    SIZE_2,
    SIZE_3,
    SIZE_6,
    TEXT_FONT,
    TITLE_FONT,
    Face,
)
from drafting.parts import SEAL_HERE, box_of, column_head, has_totals, header_of, numbered_notes, tag
from drafting.sheetstyle import alignment, column_width, font, lines_needed, row_height, ruling
from drafting.stable import repack
from forms.definition import Field, FormDefinition

MARGIN_MM: Final = 10.0
TOP_MM: Final = 12.0
BOTTOM_MM: Final = 16.0
A4: Final = 9
"""The paper size's number in a workbook."""

_HEADER_FACE: Final = Face(TEXT_FONT, 11.0)
_COLUMN_HEAD: Final = Face(LABEL_FONT, 8.0)
_CELL: Final = Face(TEXT_FONT, 8.0)
_LABEL: Final = Face(LABEL_FONT, 10.0)
_VALUE: Final = Face(TEXT_FONT, 10.0)
_TEXT_TYPES: Final = frozenset({"id_number", "phone", "day", "month"})
"""Types whose values a spreadsheet would spoil if they were not kept as text."""

_UNBROKEN: Final = frozenset({"id_number", "phone"})
"""Types that stay on one line, whatever their width."""

_HEAD_LINE_MM: Final = 3.8

_COUNTS: Final = (
    ("before_total", "dismissed_total", "retained_total"),
    ("as_of", "added", "renewed", "changed", "removed", "in_post"),
)
_SIGNATORIES: Final = (
    ("principal", "principal_signature", "分管负责人签字"),
    ("filled_by", "contact", "contact_phone"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Cells of one row, from column to column (both from one), that are merged into one."""

    first: int
    last: int


class Layout:
    """Where the columns of a sheet lie, and how the width of the sheet is shared out."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self.fields = fields
        self.edges = [0.0]
        for field in fields:
            self.edges.append(self.edges[-1] + (field.width_mm or 0.0))

    @property
    def width_mm(self) -> float:
        """Width of the whole grid."""
        return self.edges[-1]

    @property
    def scale(self) -> float:
        """How much smaller the sheet is printed so that it is one page wide; 1.0 when it fits as it is."""
        return min(1.0, (A4_LONG_MM - 2 * MARGIN_MM) / self.width_mm)

    def share(self, *parts: float) -> list[Span]:
        """The columns shared out in these parts of the width, each at the nearest column edge."""
        spans: list[Span] = []
        reached, column = 0.0, 0
        for index, part in enumerate(parts):
            reached += part / sum(parts) * self.width_mm
            last = len(parts) - 1 - index
            end = len(self.fields) if last == 0 else self._nearest(reached, column + 1, len(self.fields) - last)
            spans.append(Span(column + 1, end))
            column = end
        return spans

    def _nearest(self, millimetres: float, low: int, high: int) -> int:
        return min(range(low, high + 1), key=lambda index: abs(self.edges[index] - millimetres))


class StaffRoster:
    """Draws one roster from the top down."""

    def __init__(self, definition: FormDefinition) -> None:
        self.definition = definition
        self.layout = Layout(definition.fields)
        self.columns = len(definition.fields)
        self.book = Workbook()
        self.sheet: Worksheet = self.book.worksheets[0]
        self.sheet.title = f"附件{definition.number}"
        self.row = 0

    def draw(self) -> bytes:
        """The official ``.xlsx``."""
        for number, field in enumerate(self.definition.fields, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = column_width(field.width_mm or 0.0)
        self._title()
        self._top_lines()
        head = self._column_heads()
        self._person()
        if has_totals(self.definition):
            self._totals()
        self._sign_off()
        self._notes()
        self._page(head)
        target = io.BytesIO()
        self.book.save(target)
        return repack(target.getvalue(), self.definition.title)

    def _next(self, height_mm: float) -> int:
        self.row += 1
        self.sheet.row_dimensions[self.row].height = row_height(height_mm)
        return self.row

    def _put(self, span: Span, text: str, face: Face, horizontal: str = "left", vertical: str = "center") -> None:
        cell = self.sheet.cell(self.row, span.first, text)
        cell.font = font(face)
        cell.alignment = alignment(horizontal, vertical)
        if span.last > span.first:
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=span.first, end_column=span.last)

    def _title(self) -> None:
        whole = Span(1, self.columns)
        self._next(8)
        self._put(whole, f"附件{self.definition.number}", Face(LABEL_FONT, SIZE_3))
        self._next(13)
        self._put(whole, self.definition.title, Face(TITLE_FONT, SIZE_2), "center")

    def _top_lines(self) -> None:
        unit, day = (header_of(self.definition, key) for key in ("unit", "filled_on"))
        self._next(7)
        texts = (
            (f"{unit.label}（盖章）：{tag('header', 'unit')}", "left"),
            (f"{day.label}：{tag('header', 'filled_on')}", "left"),
            ("计量单位：人", "right"),
        )
        for span, (text, side) in zip(self.layout.share(0.5, 0.3, 0.2), texts, strict=True):
            self._put(span, text, _HEADER_FACE, side)
        for keys in _COUNTS:
            if self.definition.header_field(keys[0]) is not None:
                self._next(7)
                for span, key in zip(self.layout.share(*[1.0] * len(keys)), keys, strict=True):
                    field = header_of(self.definition, key)
                    self._put(span, f"{field.label}：{tag('header', key)}{field.suffix}", _HEADER_FACE)

    def _column_heads(self) -> tuple[int, int]:
        """The heads, in two levels where fields stand under one parent; first and last row of them."""
        fields = self.definition.fields
        levels = 2 if any(field.group for field in fields) else 1
        first = self.row + 1
        lines = [lines_needed(field.label, field.width_mm or 0.0, _COLUMN_HEAD.size) for field in fields]
        height = max(14.0, (max(lines) + 1) * _HEAD_LINE_MM + 1)
        for _ in range(levels):
            self._next(height / levels)
        last = self.row
        for column, field in enumerate(fields, 1):
            if field.group:
                self._head_cell(last, column, field.label)
                if column == 1 or fields[column - 2].group != field.group:
                    width = sum(1 for other in fields if other.group == field.group)
                    self._head_cell(first, column, field.group)
                    self._merge(first, first, column, column + width - 1)
            else:
                self._head_cell(first, column, field.label)
                self._merge(first, last, column, column)
        self._rule(first, last, bottom=False)
        return first, last

    def _head_cell(self, row: int, column: int, text: str) -> None:
        width = self.definition.fields[column - 1].width_mm or 0.0
        cell = self.sheet.cell(row, column, column_head(text, _COLUMN_HEAD.size, width))
        cell.font = font(_COLUMN_HEAD)
        cell.alignment = alignment()

    def _merge(self, first: int, last: int, left: int, right: int) -> None:
        if (first, left) != (last, right):
            self.sheet.merge_cells(start_row=first, end_row=last, start_column=left, end_column=right)

    def _rule(self, first: int, last: int, *, top: bool = True, bottom: bool = True) -> None:
        """Lines round every cell of these rows, thick where they are the frame."""

        def frame(top_row: int, left: int, bottom_row: int, right: int) -> Border:
            return ruling(
                left=left == 1,
                right=right == self.columns,
                top=top and top_row == first,
                bottom=bottom and bottom_row == last,
            )

        for row in range(first, last + 1):
            for column in range(1, self.columns + 1):
                self.sheet.cell(row, column).border = frame(row, column, row, column)
        for merged in self.sheet.merged_cells.ranges:
            if first <= merged.min_row <= last:  # some programs take the border of a merged cell from its first cell
                corner = self.sheet.cell(merged.min_row, merged.min_col)
                corner.border = frame(merged.min_row, merged.min_col, merged.max_row, merged.max_col)

    def _person(self) -> None:
        """The one row of tags that stands for every person."""
        self._next(10)
        for column, field in enumerate(self.definition.fields, 1):
            cell = self.sheet.cell(self.row, column, tag("row", field.key))
            cell.font = font(_CELL)
            cell.alignment = alignment(shrink=field.type.name in _UNBROKEN)
            if field.type.name in _TEXT_TYPES:
                cell.number_format = "@"
        self._rule(self.row, self.row, top=False, bottom=not has_totals(self.definition))

    def _totals(self) -> None:
        """合计 before the name, the number of persons under it, a stroke where nothing is to be added up."""
        total = header_of(self.definition, "total")
        summed = {item.key for item in self.definition.totals}
        name = next(index for index, field in enumerate(self.definition.fields, 1) if field.key == "name")
        self._next(8)
        self._put(Span(1, name - 1), total.label, _COLUMN_HEAD, "center")
        self._put(Span(name, name), f"{tag('header', 'total')}{total.suffix}", _CELL, "center")
        for column in range(name + 1, self.columns + 1):
            key = self.definition.fields[column - 1].key
            text = tag("header", key) if key in summed else "/"
            self._put(Span(column, column), text, _CELL, "center")
        self._rule(self.row, self.row, top=False)

    def _sign_off(self) -> None:
        """Who answers for the form, and the boxes for the seals, each at least as large as a seal."""
        self._next(2.5)
        first = self.row + 1
        for names in _SIGNATORIES:
            self._next(9)
            spans = self.layout.share(*[0.4, 0.6] * len(names))
            for index, name in enumerate(names):
                label, value = self._signatory(name)
                self._put(spans[2 * index], label, _LABEL, "center")
                self._put(spans[2 * index + 1], value, _VALUE, "center")
        self._seals()
        self._rule(first, self.row)

    def _seals(self) -> None:
        seals = [box for box in self.definition.boxes if "seal" in box.parts]
        self._next((SEAL_MM + 1) / self.layout.scale)
        side = (SEAL_MM + 1) / self.layout.scale
        label = min(30.0, max(8.0, self.layout.width_mm / len(seals) - side))
        spans = self.layout.share(*[label, self.layout.width_mm / len(seals) - label] * len(seals))
        for index, box in enumerate(seals):
            self._put(spans[2 * index], box.label, _LABEL, "center")
            self._put(spans[2 * index + 1], f"{SEAL_HERE}\n{tag('box', box.key, 'date')}", _VALUE, "center")

    def _signatory(self, name: str) -> tuple[str, str]:
        if self.definition.header_field(name) is not None:
            return header_of(self.definition, name).label, tag("header", name)
        if any(box.key == name for box in self.definition.boxes):
            return box_of(self.definition, name).label, tag("box", name, "signature")
        return name, ""

    def _notes(self) -> None:
        text = numbered_notes(self.definition)
        lines = -(-len(text) * SIZE_6 * 1.06 * 25.4 / 72 // self.layout.width_mm)
        self._next(lines * 3.6 + 1)
        self._put(Span(1, self.columns), text, Face(NOTE_FONT, SIZE_6, LATIN_FONT), "left", "top")

    def _page(self, head: tuple[int, int]) -> None:
        sheet = self.sheet
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = A4
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        sheet.page_margins.left = sheet.page_margins.right = MARGIN_MM / 25.4
        sheet.page_margins.top = TOP_MM / 25.4
        sheet.page_margins.bottom = BOTTOM_MM / 25.4
        sheet.page_margins.header = sheet.page_margins.footer = 7 / 25.4
        sheet.print_title_rows = f"{head[0]}:{head[1]}"
        sheet.print_area = f"A1:{get_column_letter(self.columns)}{self.row}"
        name = next(index for index, field in enumerate(self.definition.fields, 1) if field.key == "name")
        sheet.freeze_panes = f"{get_column_letter(name + 1)}{head[1] + 1}"
        sheet.HeaderFooter.differentOddEven = True
        number = '&"宋体,Regular"&14— &P —'
        sheet.HeaderFooter.oddFooter = HeaderFooterItem(right=_HeaderFooterPart(text=f"{number}　"))
        sheet.HeaderFooter.evenFooter = HeaderFooterItem(left=_HeaderFooterPart(text=f"　{number}"))


def draw(definition: FormDefinition) -> bytes:
    """The official file of 附件2, 附件3 or 附件5."""
    return StaffRoster(definition).draw()

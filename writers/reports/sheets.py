"""The tables of a consolidation written as sheets: a workbook of their own, or behind the form in its official file.

The official sheet is not touched: its part of the file is copied byte by byte, and the whole file is proved again.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from lxml import etree
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from forms.consolidating import ConsolidatedForm, Consolidation
from forms.finding import Finding, Severity
from forms.illegal import without_illegal
from forms.record import Record
from writers.archive import deflate, write_archive
from writers.errors import OutputCheckFailedError
from writers.filling import FilledForm, fill
from writers.packing.fixed import fixed_office
from writers.proving import prove
from writers.reports.subtotals import SheetTable, Shown, figure_table, source_table, subtotal_table
from writers.sheetproving import LONG

EXCEL = "xlsx"
SHEETS_APART = "consolidated-sheets-apart"
"""Finding code: subtotals and sources are not in the official file, whose reader would take them for the form."""
_STYLES = "xl/styles.xml"
_WORKBOOK, _RELATIONS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_A4 = 9
_HEAD_ROWS = 3
_LINE = 15.0
"""Points of a line of text."""
_FEW = 3


def consolidated_file(
    form: ConsolidatedForm, *, as_format: str = "", print_mark: bool = False, document_id: str | None = None
) -> FilledForm:
    """The official file of a consolidated form, filled and proved; a workbook has its subtotals and sources behind it.

    A Word file and a PDF hold the form alone: their subtotals are in :func:`subtotals_workbook`. The options are those
    of :func:`writers.filling.fill`, which see for what it raises.
    """
    made = fill(form.definition, form.record, as_format=as_format, print_mark=print_mark, document_id=document_id)
    if made.format != EXCEL or made.record is None:
        return made
    tables = (subtotal_table(form), source_table(form))
    try:
        _prove(form, made.record, made.content, tables)
    except OutputCheckFailedError:
        message = "小计、来源两页与正式表的文字相混，没有附在本表之后，请见另附的小计表"
        return replace(made, findings=(*made.findings, Finding(SHEETS_APART, "", message, Severity.INFO)))
    return replace(made, content=with_sheets(made.content, tables))


def _prove(form: ConsolidatedForm, record: Record, content: bytes, tables: Sequence[SheetTable]) -> None:
    """Our reader must find the form and nothing else in the file.

    A long form has been proved by itself and its sheet is copied byte by byte: what stands behind it is proved behind
    a form of few rows. The reader judges a sheet by its first rows, so of long tables only these are looked at.

    Raises:
        OutputCheckFailedError: it reads something else.
    """
    few = record
    if len(record.rows) >= LONG:
        few = replace(record, header={}, rows=record.rows[:_FEW])
        made = fill(form.definition, few, print_mark=False)
        few, content = made.record or few, made.content
    near = [replace(table, rows=table.rows[:LONG]) for table in tables]
    prove(form.definition, few, with_sheets(content, near), EXCEL)


def with_sheets(content: bytes, tables: Sequence[SheetTable]) -> bytes:
    """A workbook with sheets put behind its own, which stay as they are, byte by byte.

    Raises:
        OutputCheckFailedError: a sheet of that name stands in the workbook already.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist() if not item.is_dir()}
    book, relations, types = (etree.fromstring(parts[name]) for name in (_WORKBOOK, _RELATIONS, _TYPES))
    listed = book.find(f"{{{_MAIN}}}sheets")
    if listed is None or {item.get("name") for item in listed} & {table.name for table in tables}:
        raise OutputCheckFailedError(differences="工作簿里已有同名的工作表")
    number = max(int(item.get("sheetId", "0")) for item in listed)
    parts[_STYLES], looks = _with_looks(parts[_STYLES])
    for place, table in enumerate(tables, start=1):
        name, link = f"xl/worksheets/consolidated{place}.xml", f"rIdConsolidated{place}"
        attributes = {"name": table.name, "sheetId": str(number + place), f"{{{_LINK}}}id": link}
        etree.SubElement(listed, f"{{{_MAIN}}}sheet", attributes)
        target = {"Id": link, "Type": f"{_LINK}/worksheet", "Target": name.removeprefix("xl/")}
        etree.SubElement(relations, f"{{{_RELATION}}}Relationship", target)
        kind = {"PartName": f"/{name}", "ContentType": _SHEET_TYPE}
        etree.SubElement(types, f"{{{_TYPE}}}Override", kind)
        parts[name] = _sheet(table, looks)
    for name, tree in ((_WORKBOOK, book), (_RELATIONS, relations), (_TYPES, types)):
        parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return write_archive(deflate(name, data) for name, data in parts.items())


@dataclass(frozen=True, slots=True)
class _Looks:
    """The numbers of the styles of our sheets in the workbook: title, heads, cells."""

    title: int
    head: int
    cell: int


def _with_looks(styles: bytes) -> tuple[bytes, _Looks]:
    """The workbook's styles with ours behind its own, whose numbers stay."""
    tree = etree.fromstring(styles)
    fonts, borders, looks = (tree.find(f"{{{_MAIN}}}{name}") for name in ("fonts", "borders", "cellXfs"))
    if fonts is None or borders is None or looks is None:
        raise OutputCheckFailedError(differences="工作簿没有样式")
    bold = _add(fonts, '<font><b/><sz val="11"/><name val="宋体"/></font>')
    plain = _add(fonts, '<font><sz val="10"/><name val="宋体"/></font>')
    sides = "".join(f'<{side} style="thin"><color auto="1"/></{side}>' for side in ("left", "right", "top", "bottom"))
    ruled = _add(borders, f"<border>{sides}<diagonal/></border>")
    wrapped = '<alignment vertical="center" wrapText="1"/>'
    centred = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
    usual = 'numFmtId="0" fillId="0" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1"'
    made = _Looks(
        _add(looks, f'<xf {usual} fontId="{bold}" borderId="0"/>'),
        _add(looks, f'<xf {usual} fontId="{bold}" borderId="{ruled}">{centred}</xf>'),
        _add(looks, f'<xf {usual} fontId="{plain}" borderId="{ruled}">{wrapped}</xf>'),
    )
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True), made


def _add(parent: etree._Element, xml: str) -> int:
    """Append an element; returns its number."""
    parent.append(etree.fromstring(f"<all xmlns={quoteattr(_MAIN)}>{xml}</all>")[0])
    parent.set("count", str(len(parent)))
    return len(parent) - 1


def _sheet(table: SheetTable, looks: _Looks) -> bytes:
    """The XML of a sheet; texts stand in their cells, so the workbook's own strings are not touched."""
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(table.widths, start=1)
    )
    letters = [xl_col_to_name(place) for place in range(len(table.heads))]
    lines = [_line(1, (table.title,), letters, looks.title)]
    for number, row in enumerate((table.groups, table.heads, *table.rows), start=2):
        look = looks.head if number <= _HEAD_ROWS else looks.cell
        tall = (2 if any(row) else 1) if row is table.groups else _lines(row, table.widths)
        lines.append(_line(number, row, letters, look, tall))
    pane = f'<pane ySplit="{_HEAD_ROWS}" topLeftCell="A{_HEAD_ROWS + 1}" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns={quoteattr(_MAIN)}>'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData>{_merges(table.groups)}"
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
    ).encode()


def _merges(groups: Sequence[str]) -> str:
    """Equal upper heads beside each other are one cell."""
    found = [f"{xl_col_to_name(first)}2:{xl_col_to_name(last)}2" for first, last in _runs(groups) if last > first]
    cells = "".join(f'<mergeCell ref="{place}"/>' for place in found)
    return f'<mergeCells count="{len(found)}">{cells}</mergeCells>' if found else ""


def _line(number: int, row: Sequence[Shown], letters: Sequence[str], look: int, lines: int = 1) -> str:
    cells = "".join(_cell(f"{letter}{number}", value, look) for letter, value in zip(letters, row, strict=False))
    height = f' ht="{lines * _LINE:g}" customHeight="1"' if lines > 1 else ""
    return f'<row r="{number}"{height}>{cells}</row>'


def _lines(row: Sequence[Shown], widths: Sequence[float]) -> int:
    """How many lines the longest text of a row takes; a Chinese character is two wide."""
    return max(
        (math.ceil(_wide(text) / width) for text, width in zip(row, widths, strict=True) if isinstance(text, str)),
        default=1,
    )


def _wide(text: str) -> float:
    return sum(1.1 if char.isascii() else 2.2 for char in text)


def _cell(place: str, value: Shown, look: int) -> str:
    if isinstance(value, str):
        text = escape(without_illegal(value))
        words = f'<is><t xml:space="preserve">{text}</t></is>' if text else ""
        return f'<c r="{place}" s="{look}" t="inlineStr">{words}</c>' if words else f'<c r="{place}" s="{look}"/>'
    return f'<c r="{place}" s="{look}"><v>{value}</v></c>'


def subtotals_workbook(consolidation: Consolidation) -> bytes:
    """All subtotals, sources and figures of a consolidation as .xlsx; the same input gives the same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    cell = {"border": 1, "text_wrap": True, "valign": "vcenter"}
    title = book.add_format({"bold": True, "font_size": 14})
    head, plain = book.add_format({**cell, "bold": True, "align": "center"}), book.add_format(cell)
    tables: list[SheetTable] = []
    for form in consolidation.forms.values():
        prefix = f"附件{form.definition.number}"
        tables += [subtotal_table(form, prefix=prefix), source_table(form, prefix=prefix)]
    for table in (*tables, figure_table(consolidation)):
        _write(book.add_worksheet(table.name), table, title, head, plain)
    book.close()
    return fixed_office(buffer.getvalue())


def _write(sheet: Worksheet, table: SheetTable, title: Format, head: Format, plain: Format) -> None:
    sheet.write_string(0, 0, without_illegal(table.title), title)
    for column, width in enumerate(table.widths):
        sheet.set_column(column, column, width)
    _write_groups(sheet, table.groups, head)
    for column, label in enumerate(table.heads):
        sheet.write_string(2, column, without_illegal(label), head)
    for number, row in enumerate((table.heads, *table.rows), start=_HEAD_ROWS - 1):
        if (lines := _lines(row, table.widths)) > 1:
            sheet.set_row(number, lines * _LINE)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, _HEAD_ROWS - 1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    for number, row in enumerate(table.rows, start=_HEAD_ROWS):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, without_illegal(value), plain)
            else:
                sheet.write_number(number, column, value, plain)
    sheet.freeze_panes(_HEAD_ROWS, 1)


def _write_groups(sheet: Worksheet, groups: Sequence[str], look: Format) -> None:
    """The upper heads; equal ones beside each other are one cell."""
    for first, last in _runs(groups):
        if last > first:
            sheet.merge_range(1, first, 1, last, groups[first], look)
        else:
            sheet.write_string(1, first, groups[first], look)


def _runs(groups: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first and last place of each upper head; those without words are left out."""
    start = 0
    for place in range(1, len(groups) + 1):
        if place < len(groups) and groups[place] == groups[start]:
            continue
        if groups[start]:
            yield start, place - 1
        start = place

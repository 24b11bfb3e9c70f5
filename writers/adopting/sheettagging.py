"""Tags written into an Excel blank: into its worksheet's own XML, so that nothing else of the file changes.

Formulas go, for the program fills in sums itself; printed rows of persons but one go, and what stands below moves up.
"""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from lxml import etree

from parsers.document import Cell, Document, Grid
from parsers.readers import xlsx as xlsx_reader
from parsers.readers.package import Element, parse_xml
from parsers.readers.sheetstyles import S, rich_text
from writers.adopting.model import Edit, Found, RowPlan, Spot
from writers.archive import deflate, read_parts_of, write_archive
from writers.references import Shift, column_letters, column_number, split_cell
from writers.sheet import AFTER_BREAKS, moved
from writers.sheetstrings import STRINGS_PART
from writers.xlsx import drawings_of, moved_drawing, moved_name, sheet_parts

_BOOK = "xl/workbook.xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CHAIN = "xl/calcChain.xml"
_BEHIND_FOOTER = frozenset(f"{S}{name}" for name in ("rowBreaks", *AFTER_BREAKS))
_ALIKE = 0.6
"""Share of a row's cells that must look as those of the first person's row for it to be one more of them."""


class Dropped(Shift):
    """Where rows go when some are taken out. An area that lay within them alone ends before it begins."""

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__(0, 0)
        object.__setattr__(self, "_rows", tuple(rows))

    _rows: tuple[int, ...]

    def start(self, row: int) -> int:
        """Where a row that begins an area goes: the first one left from there on."""
        return row - sum(gone < row for gone in self._rows)

    def end(self, row: int) -> int:
        """Where a row that ends an area goes: the last one left up to there."""
        return row - sum(gone <= row for gone in self._rows)


class SheetTagger:
    """An Excel blank, read."""

    def __init__(self, data: bytes) -> None:
        self._parts = read_parts_of(data)
        self.document: Document = xlsx_reader.read_bytes(data)
        """The blank as read; edits name its cells."""
        self._book = parse_xml(self._parts[_BOOK])
        strings = self._parts.get(STRINGS_PART)
        self._strings = [] if strings is None else list(parse_xml(strings).iterfind(f"{S}si"))
        self._sheets = sheet_parts(self._parts, self._book)

    def tagged(self, found: Found) -> tuple[bytes, list[str]]:
        """The blank with its tags, and what could not be written."""
        failed: list[str] = []
        roots = {name: parse_xml(self._parts[part]) for name, part in self._sheets.items()}
        formulas = sum(_without_formulas(root) for root in roots.values())
        if formulas:
            found.remarks.append(f"去掉了 {formulas} 处公式,合计由程序填写")
        self._drop_chain()
        for page, edits in groupby(sorted(found.edits, key=_by_spot), key=lambda edit: edit.spot.page):
            root = roots[self.document.pages[page].name]
            for spot, own in groupby(edits, key=lambda edit: edit.spot):
                failed.extend(self._write(root, spot, list(own)))
        if found.rows is not None:
            self._rows(roots, found.rows)
        for page in {edit.spot.page for edit in found.edits}:
            _with_footer(roots[self.document.pages[page].name])
        for name, root in roots.items():
            self._parts[self._sheets[name]] = _xml(root)
        return write_archive(deflate(name, data) for name, data in self._parts.items()), failed

    def _write(self, root: Element, spot: Spot, edits: Sequence[Edit]) -> list[str]:
        block = self.document.pages[spot.page].blocks[spot.block]
        if not isinstance(block, Grid):
            return [f"文本框里的文字不能写标签:{edits[0].text}" for _ in edits[:1]]
        shown = block.at(spot.row, spot.column)
        self._set(_cell_at(root, spot.row + 1, spot.column), shown, [_on_its_line(edit, shown.text) for edit in edits])
        return []

    def _set(self, cell: Element, shown: Cell, edits: Sequence[Edit]) -> None:
        """The cell's text with the changes, in its own runs where it has several."""
        source = cell.find(f"{S}is")
        value = cell.find(f"{S}v")
        if cell.get("t") == "s" and value is not None:
            source = self._strings[int(value.text or 0)]
        inline = etree.Element(f"{S}is")
        texts: list[Element] = []
        if source is not None and rich_text(source).text == shown.text:
            inline.extend(copy.deepcopy(child) for child in source if child.tag in (f"{S}t", f"{S}r"))
            texts = list(inline.iter(f"{S}t"))
        if "".join(item.text or "" for item in texts) != shown.text or not texts:
            for child in list(inline):
                inline.remove(child)
            texts = [etree.SubElement(inline, f"{S}t")]
            texts[0].text = shown.text
        for edit in reversed(edits):
            _change(texts, edit)
        for item in texts:
            item.set(_SPACE, "preserve")
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        cell.append(inline)

    def _drop_chain(self) -> None:
        """Without formulas there is no order in which to work them out."""
        if self._parts.pop(_CHAIN, None) is None:
            return
        for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            root = parse_xml(self._parts[name])
            for item in list(root):
                target = item.get("PartName") or item.get("Target") or ""
                if posixpath.basename(target) == posixpath.basename(_CHAIN):
                    root.remove(item)
            self._parts[name] = _xml(root)

    def _rows(self, roots: Mapping[str, Element], plan: RowPlan) -> None:
        name = self.document.pages[plan.page].name
        root = roots[name]
        prototype = plan.prototype + 1
        gone = _rows_alike(root, prototype, [row + 1 for row in plan.dropped])
        _without_merges_down(root, prototype)
        shift = Dropped(gone)
        _move_rows(root, shift, gone)
        _move_merges(root, shift)
        for child in root:
            if child.tag not in (f"{S}sheetData", f"{S}mergeCells", f"{S}dimension"):
                moved(child, shift)
        for part in drawings_of(self._parts, self._sheets[name]):
            self._parts[part] = moved_drawing(self._parts[part], shift)
        names = [sheet.get("name") for sheet in self._book.iterfind(f"{S}sheets/{S}sheet")]
        for defined in self._book.iterfind(f"{S}definedNames/{S}definedName"):
            local = defined.get("localSheetId")
            text = defined.text or ""
            is_ours = local is not None and names[int(local)] == name
            if is_ours and "!" in text:
                defined.text = ",".join(moved_name(area, shift) for area in text.split(","))
        self._title_rows(name, (shift.start(plan.head[0] + 1), shift.end(plan.head[1])))
        self._parts[_BOOK] = _xml(self._book)

    def _title_rows(self, name: str, head: tuple[int, int]) -> None:
        """Print the head of the table on every page, where the blank does not say so itself."""
        names = [sheet.get("name") for sheet in self._book.iterfind(f"{S}sheets/{S}sheet")]
        local = str(names.index(name))
        listing = self._book.find(f"{S}definedNames")
        own = () if listing is None else listing.iterfind(f"{S}definedName")
        if any(one.get("name") == "_xlnm.Print_Titles" and one.get("localSheetId") == local for one in own):
            return
        if listing is None:
            listing = etree.Element(f"{S}definedNames")
            sheets = self._book.find(f"{S}sheets")
            if sheets is None:
                return
            after = self._book.find(f"{S}externalReferences")
            (sheets if after is None else after).addnext(listing)
        defined = etree.SubElement(listing, f"{S}definedName")
        defined.set("name", "_xlnm.Print_Titles")
        defined.set("localSheetId", local)
        quoted = name.replace("'", "''")
        defined.text = f"'{quoted}'!${head[0]}:${head[1]}"


def _on_its_line(edit: Edit, text: str) -> Edit:
    """An edit that asks for a line of its own, with what ends the lines before and behind it."""
    if not edit.on_blank_line or not text.strip():
        return edit
    before, behind = text[: edit.start].rstrip(" \t\u3000"), text[edit.end :]
    starts_line = not before or before[-1] in "\n:："
    ends_line = not behind.strip(" \t\u3000") or behind.lstrip(" \t\u3000").startswith("\n")
    words = ("" if starts_line else "\n") + edit.text + ("" if ends_line else "\n")
    return replace(edit, text=words, on_blank_line=False)


def _by_spot(edit: Edit) -> tuple[int, int, int, int, int]:
    spot = edit.spot
    return spot.page, spot.block, spot.row, spot.column, edit.start


def _xml(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _without_formulas(root: Element) -> int:
    """Take out every formula with its result; how many there were."""
    count = 0
    for formula in list(root.iter(f"{S}f")):
        cell = formula.getparent()
        if cell is not None and cell.tag == f"{S}c":
            count += 1
            for child in list(cell):
                cell.remove(child)
            cell.attrib.pop("t", None)
    parts = root.find(f"{S}tableParts")
    if parts is not None:
        root.remove(parts)
    return count


def _with_footer(root: Element) -> None:
    """A place for the print mark, where the sheet has no footer yet."""
    if root.find(f"{S}headerFooter") is None:
        later = next((child for child in root if child.tag in _BEHIND_FOOTER), None)
        footer = etree.Element(f"{S}headerFooter")
        if later is None:
            root.append(footer)
        else:
            later.addprevious(footer)


def _change(texts: Sequence[Element], edit: Edit) -> None:
    """Put the words of an edit into the run where its stretch begins."""
    place, is_put = 0, False
    for item in texts:
        text = item.text or ""
        first, last = place, place + len(text)
        place = last
        start, end = max(edit.start, first), min(edit.end, last)
        is_last = item is texts[-1]
        if not is_put and (first <= edit.start < last or (edit.start == last and (is_last or edit.end == last))):
            item.text = text[: edit.start - first] + edit.text + text[max(edit.start, end) - first :]
            is_put = True
        elif start < end:
            item.text = text[: start - first] + text[end - first :]


def _row_at(root: Element, number: int) -> Element:
    """The row of that number, made where the sheet has none."""
    data = root.find(f"{S}sheetData")
    if data is None:
        data = etree.SubElement(root, f"{S}sheetData")
    after: Element | None = None
    for row in data.iterchildren(f"{S}row"):
        found = int(row.get("r") or 0)
        if found == number:
            return row
        if found > number:
            break
        after = row
    made = etree.Element(f"{S}row")
    made.set("r", str(number))
    if after is None:
        data.insert(0, made)
    else:
        after.addnext(made)
    return made


def _cell_at(root: Element, number: int, column: int) -> Element:
    """The cell at a row (from one) and column (from zero), made where the sheet has none."""
    row = _row_at(root, number)
    letters = column_letters(column + 1)
    after: Element | None = None
    for cell in row.iterchildren(f"{S}c"):
        own, _ = split_cell(cell.get("r") or f"{letters}{number}")
        if own == letters:
            return cell
        if column_number(own) > column + 1:
            break
        after = cell
    made = etree.Element(f"{S}c")
    made.set("r", f"{letters}{number}")
    if after is None:
        row.insert(0, made)
    else:
        after.addnext(made)
    return made


def _looks(row: Element) -> dict[str, str]:
    return {split_cell(cell.get("r") or "A1")[0]: cell.get("s") or "" for cell in row.iterchildren(f"{S}c")}


def _is_empty(row: Element) -> bool:
    return all(len(cell) == 0 for cell in row.iterchildren(f"{S}c"))


def _rows_alike(root: Element, prototype: int, named: Sequence[int]) -> list[int]:
    """The rows to take out: those named which look as the first person's does, and empty ones that follow alike."""
    rows = {int(row.get("r") or 0): row for row in root.iterfind(f"{S}sheetData/{S}row")}
    looks = _looks(rows[prototype]) if prototype in rows else {}

    def is_alike(number: int) -> bool:
        if number not in rows or not looks:
            return False
        own = _looks(rows[number])
        return sum(own.get(column) == style for column, style in looks.items()) >= _ALIKE * len(looks)

    gone = [number for number in named if not (number in rows and _is_empty(rows[number])) or is_alike(number)]
    following = max([prototype, *gone]) + 1
    while following in rows and _is_empty(rows[following]) and is_alike(following):
        gone.append(following)
        following += 1
    return sorted(set(gone))


def _without_merges_down(root: Element, prototype: int) -> None:
    """Merges that lead out of the person's row go: each person has a row of one height."""
    for merge in list(root.iterfind(f"{S}mergeCells/{S}mergeCell")):
        first, _, last = (merge.get("ref") or "A1").partition(":")
        top, bottom = split_cell(first)[1], split_cell(last or first)[1]
        parent = merge.getparent()
        if top <= prototype <= bottom and top != bottom and parent is not None:
            parent.remove(merge)


def _move_rows(root: Element, shift: Shift, gone: Sequence[int]) -> None:
    data = root.find(f"{S}sheetData")
    for row in [] if data is None else list(data.iterchildren(f"{S}row")):
        number = int(row.get("r") or 0)
        if number in gone and data is not None:
            data.remove(row)
            continue
        to = shift.start(number)
        row.set("r", str(to))
        for cell in row.iterchildren(f"{S}c"):
            if cell.get("r"):
                cell.set("r", f"{split_cell(cell.get('r') or '')[0]}{to}")


def _move_merges(root: Element, shift: Shift) -> None:
    listing = root.find(f"{S}mergeCells")
    if listing is None:
        return
    for merge in list(listing):
        first, _, last = (merge.get("ref") or "A1").partition(":")
        (left, top), (right, bottom) = split_cell(first), split_cell(last or first)
        above, below = shift.start(top), shift.end(bottom)
        if above > below or (above == below and left == right):
            listing.remove(merge)
        else:
            merge.set("ref", f"{left}{above}:{right}{below}")
    if len(listing):
        listing.set("count", str(len(listing)))
    else:
        root.remove(listing)

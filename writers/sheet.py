"""One worksheet of an Excel template: read once, written row by row.

The row that holds ``{{ row.* }}`` tags is the prototype. Its looks, height and merges are repeated for every person;
everything below moves down, ranges that reach over it (validations, conditional formats, merges) grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from lxml import etree

from writers.errors import TemplateInvalidError
from writers.references import Shift, column_letters, column_number, split_cell
from writers.sheetlooks import S
from writers.tags import Piece, Tag, ValuesEnvironment, parse, pieces_of

AFTER_BREAKS = (
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""What stands behind page breaks in a worksheet (ISO/IEC 29500-1, 18.3.1.99)."""
_TAGS_AFTER_BREAKS = frozenset(f"{S}{name}" for name in AFTER_BREAKS)
_BEFORE_MERGES = frozenset(
    f"{S}{name}"
    for name in (
        "sheetCalcPr",
        "sheetProtection",
        "protectedRanges",
        "scenarios",
        "autoFilter",
        "sortState",
        "dataConsolidate",
        "customSheetViews",
    )
)
_RANGED = {
    f"{S}autoFilter": "ref",
    f"{S}conditionalFormatting": "sqref",
    f"{S}dataValidation": "sqref",
    f"{S}hyperlink": "ref",
    f"{S}protectedRange": "sqref",
    f"{S}ignoredError": "sqref",
}
_MAIN = S[1:-1]

Element = etree._Element  # noqa: SLF001 - the only name lxml has for the type of an element


@dataclass(frozen=True, slots=True)
class CellForm:
    """A cell of the template: column, style, and either fixed content or pieces with tags.

    ``runs`` pairs the run properties (XML, may be empty) of a rich text with its pieces.
    """

    column: str
    style: int
    fixed: str = ""
    kind: str = ""
    runs: tuple[tuple[str, tuple[Piece, ...]], ...] = ()

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags of the cell."""
        return tuple(piece for _, pieces in self.runs for piece in pieces if isinstance(piece, Tag))

    @property
    def only_tag(self) -> Tag | None:
        """The tag that is the cell's whole content; ``None`` where other text stands beside it."""
        if len(self.runs) == 1 and len(self.runs[0][1]) == 1:
            piece = self.runs[0][1][0]
            return piece if isinstance(piece, Tag) else None
        return None


@dataclass(frozen=True, slots=True)
class RowForm:
    """A row of the template. ``attributes`` are those of the element but for its number and height."""

    number: int
    attributes: str
    height: float | None
    cells: tuple[CellForm, ...]


@dataclass
class SheetForm:
    """A worksheet taken apart: what stands before, in and after the prototype row."""

    root: Element
    rows: list[RowForm]
    prototype: int
    """Number of the prototype row, 0 when the sheet has none."""

    merges: list[str] = field(default_factory=list)

    @property
    def tags(self) -> frozenset[Tag]:
        """Every tag of the sheet."""
        return frozenset(tag for row in self.rows for cell in row.cells for tag in cell.tags)

    @property
    def last_row(self) -> int:
        """Number of the last row."""
        return max((row.number for row in self.rows), default=1)

    @property
    def last_column(self) -> str:
        """Letters of the last column that is used."""
        return column_letters(max(column_number(cell.column) for row in self.rows for cell in row.cells))

    def row(self, number: int) -> RowForm:
        """The row of that number."""
        return next(row for row in self.rows if row.number == number)

    def merge_at(self, column: str, row: int) -> tuple[str, int]:
        """The last column and last row of the merge that begins at a cell; the cell itself without one."""
        for merge in self.merges:
            first, _, last = merge.partition(":")
            if first == f"{column}{row}" and last:
                return split_cell(last)
        return column, row


def read_sheet(data: bytes, strings: Sequence[Element], environment: ValuesEnvironment, name: str) -> SheetForm:
    """A worksheet part as a form.

    Raises:
        TemplateInvalidError: formulas, tables, several prototype rows, or a merge down out of the prototype row.
        TemplateUnsafeError: a tag that is not allowed.
    """
    root = etree.fromstring(data)
    if root.find(f"{S}tableParts") is not None:
        raise TemplateInvalidError(faults=f"{name}: 模板不得使用“表格”(ListObject)")
    rows = [_row(row, strings, environment, name) for row in _rows_element(root)]
    merges = [merge.get("ref") or "" for merge in root.iterfind(f"{S}mergeCells/{S}mergeCell")]
    prototypes = [row.number for row in rows if any(tag.root == "row" for cell in row.cells for tag in cell.tags)]
    if len(prototypes) > 1:
        raise TemplateInvalidError(faults=f"{name}: 只能有一行人员标签,现有第 {'、'.join(map(str, prototypes))} 行")
    form = SheetForm(root, rows, prototypes[0] if prototypes else 0, merges)
    for merge in merges:
        first, _, last = merge.partition(":")
        top, bottom = split_cell(first)[1], split_cell(last or first)[1]
        if top <= form.prototype <= bottom and top != bottom:
            raise TemplateInvalidError(faults=f"{name}!{merge}: 人员行不得上下合并")
    return form


def _rows_element(root: Element) -> Element:
    found = root.find(f"{S}sheetData")
    if found is None:
        raise TemplateInvalidError(faults="工作表没有单元格")
    return found


def _row(row: Element, strings: Sequence[Element], environment: ValuesEnvironment, name: str) -> RowForm:
    height = row.get("ht")
    kept = {str(key): str(value) for key, value in row.attrib.items() if key not in ("r", "ht", "customHeight")}
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in kept.items() if not key.startswith("{"))
    cells = tuple(_cell(cell, strings, environment, name) for cell in row.iterchildren(f"{S}c"))
    return RowForm(int(row.get("r") or 0), attributes, float(height) if height else None, cells)


def _cell(cell: Element, strings: Sequence[Element], environment: ValuesEnvironment, name: str) -> CellForm:
    reference = cell.get("r") or ""
    column, _ = split_cell(reference)
    style, kind = int(cell.get("s") or 0), cell.get("t") or ""
    value = cell.find(f"{S}v")
    if cell.find(f"{S}f") is not None:
        raise TemplateInvalidError(faults=f"{name}!{reference}: 模板不得含公式,合计由程序填写")
    source = cell.find(f"{S}is")
    if kind == "s" and value is not None:
        source = strings[int(value.text or 0)]
    if source is not None:
        runs = _runs(source, environment, f"{name}!{reference}")
        if any(isinstance(piece, Tag) for _, pieces in runs for piece in pieces):
            return CellForm(column, style, runs=runs)
        return CellForm(column, style, _inner_xml(source), "inlineStr")
    if value is None:
        return CellForm(column, style)
    return CellForm(column, style, f"<v>{escape(value.text or '')}</v>", kind)


def _runs(source: Element, environment: ValuesEnvironment, place: str) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    """Run properties and pieces; a tag scattered over runs is drawn together into the run where it begins."""
    texts: list[tuple[str, str]] = []
    for run in source:
        if run.tag == f"{S}t":
            texts.append(("", run.text or ""))
        elif run.tag == f"{S}r":
            look = run.find(f"{S}rPr")
            xml = "" if look is None else _plain_xml(look)
            words = "".join(item.text or "" for item in run.iterfind(f"{S}t"))
            before = texts[-1][1] if texts else ""
            is_open = before.count("{{") > before.count("}}")
            if is_open or (before.endswith("{") and words.startswith("{")):
                texts[-1] = (texts[-1][0], before + words)
            else:
                texts.append((xml, words))
    if not any("{{" in words or "{%" in words or "{#" in words for _, words in texts):
        return tuple((look, (words,)) for look, words in texts)
    return tuple((look, pieces_of(parse(environment, words, place), place)) for look, words in texts if words)


def _inner_xml(source: Element) -> str:
    return "".join(_plain_xml(child) for child in source)


def _plain_xml(element: Element) -> str:
    """The element as text without its namespace declaration (it stands inside one of the same)."""
    return etree.tostring(element, encoding="unicode", with_tail=False).replace(f' xmlns="{_MAIN}"', "")


def sheet_head(form: SheetForm, last_column: str, last_row: int) -> str:
    """Everything before the rows, with the dimension put right."""
    root = etree.fromstring(etree.tostring(form.root))
    data = _rows_element(root)
    for later in (data, *data.itersiblings()):
        root.remove(later)
    dimension = root.find(f"{S}dimension")
    if dimension is not None:
        dimension.set("ref", f"A1:{last_column}{last_row}")
    text = etree.tostring(root, encoding="unicode")
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    if text.endswith("/>"):
        return f"{head}{text[:-2]}><sheetData>"
    return f"{head}{text.removesuffix('</worksheet>')}<sheetData>"


def sheet_foot(form: SheetForm, shift: Shift, merges: Iterable[str], breaks: str = "") -> Iterator[str]:
    """Everything after the rows, moved by ``shift``; ``merges`` come beside the template's own, ``breaks`` new."""
    yield "</sheetData>"
    later = _rows_element(form.root).itersiblings()
    rest = [etree.fromstring(etree.tostring(item, with_tail=False)) for item in later]
    place = next((index for index, item in enumerate(rest) if item.tag not in _BEFORE_MERGES), len(rest))
    for item in rest[:place]:
        yield _plain_xml(moved(item, shift))
    yield from _merges(form, shift, merges)
    for item in rest[place:]:
        if item.tag in _TAGS_AFTER_BREAKS:
            yield breaks
            breaks = ""
        if item.tag != f"{S}mergeCells" and not (breaks and item.tag == f"{S}rowBreaks"):
            yield _plain_xml(moved(item, shift))
    yield f"{breaks}</worksheet>"


def _merges(form: SheetForm, shift: Shift, more: Iterable[str]) -> Iterator[str]:
    own = [merge for merge in form.merges if split_cell(merge.partition(":")[0])[1] != form.prototype]
    refs = [shift.reference(merge) for merge in own]
    repeated = [merge.split(":") for merge in form.merges if merge not in own]
    for start, end in repeated:
        first, last = split_cell(start)[0], split_cell(end)[0]
        rows = range(form.prototype, form.prototype + shift.added + 1)
        refs.extend(f"{first}{row}:{last}{row}" for row in rows)
    refs.extend(more)
    if refs:
        yield f'<mergeCells count="{len(refs)}">'
        yield "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
        yield "</mergeCells>"


def moved(element: Element, shift: Shift) -> Element:
    """An element beside the rows with every range in it put where its rows went."""
    for item in element.iter():
        if not isinstance(item.tag, str):
            continue
        name = _RANGED.get(item.tag)
        if name is not None and (ref := item.get(name)):
            item.set(name, shift.reference(ref))
        elif item.tag == f"{S}brk" and element.tag == f"{S}rowBreaks":
            item.set("id", str(shift.end(int(item.get("id") or 0))))
    return element

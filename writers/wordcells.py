"""The cells of a Word template: how much room each offers, and the looks of the run each tag stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from writers.fitting import CellPlan, Paragraph, height_of, lines_of
from writers.tags import Piece, Tag, ValuesEnvironment, parse, pieces_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
TALLEST_PERSON = 150.0
"""The tallest row of a person on a roster in points; a text that needs more goes to the 续页."""

_TWIPS = 20.0
_CELL_MARGIN = 5.4
_DEFAULT_SIZE = 10.5
_SINGLE_LINE = 240.0
_PERSON_ROW = 20.0
_LINE = 1.3
_RESERVE = 6.0

Element = etree._Element  # noqa: SLF001 - the only name lxml has for the type of an element


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell or paragraph with tags: its measures, and the run properties (XML) of each of its tags."""

    plan: CellPlan
    looks: dict[Tag, str]
    label: str


class Styles:
    """Sizes of paragraph styles, by the part ``word/styles.xml``."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, tuple[float | None, str | None]] = {}
        self._default = _DEFAULT_SIZE
        self._normal: str | None = None
        if root is None:
            return
        stated = _size(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        self._default = stated or self._default
        for style in root.iterfind(f"{W}style"):
            name = style.get(f"{W}styleId") or ""
            based = style.find(f"{W}basedOn")
            parent = None if based is None else based.get(f"{W}val")
            self._styles[name] = (_size(style.find(f"{W}rPr")), parent)
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
                self._normal = name

    def size_of(self, run: Element, paragraph: Element) -> float:
        """The size in points of a run."""
        own = _size(run.find(f"{W}rPr"))
        if own is not None:
            return own
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        style = self._normal if named is None else named.get(f"{W}val")
        for _ in range(10):
            size, parent = self._styles.get(style or "", (None, None))
            if size is not None:
                return size
            style = parent
        return self._default


def slots_of(root: Element, styles: Styles, environment: ValuesEnvironment, *, is_card: bool) -> Iterator[Slot]:
    """Every place of fixed room that holds tags: all of a card's; the persons' of a roster."""
    for table in root.iter(f"{W}tbl"):
        yield from _TableSlots(table, styles, environment).slots(is_card=is_card)
    if not is_card:
        return
    width = _text_width(root)
    for paragraph in root.iter(f"{W}p"):
        if next(paragraph.iterancestors(f"{W}tc"), None) is None and _has_tag(paragraph):
            part, looks = _paragraph(paragraph, styles, environment)
            open_plan = CellPlan(width, 0.0, (part,))
            height = height_of(open_plan, lambda _: "字", {})
            yield Slot(CellPlan(width, height, (part,)), looks, "")


class _TableSlots:
    """Walks one table with its column widths and merges down the rows."""

    def __init__(self, table: Element, styles: Styles, environment: ValuesEnvironment) -> None:
        self._rows = list(table.iterchildren(f"{W}tr"))
        self._grid = [_number(column, "w") for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        self._margin = _side_margins(table.find(f"{W}tblPr/{W}tblCellMar"))
        self._styles = styles
        self._environment = environment
        self._heights = [_row_height(row) for row in self._rows]

    def slots(self, *, is_card: bool) -> Iterator[Slot]:
        for index, row in enumerate(self._rows):
            is_person = not is_card and not self._heights[index][1]
            if is_person and not _has_tag(row, "row."):
                continue
            column = _left_out(row)
            label = ""
            for cell in row.iterchildren(f"{W}tc"):
                span = int(_value(cell, "gridSpan") or 1)
                if _has_tag(cell):
                    slot = self._slot(cell, index, column, span, label)
                    yield _with_height(slot, TALLEST_PERSON) if is_person else slot
                else:
                    label = "".join(cell.itertext()).strip() or label
                column += span

    def _slot(self, cell: Element, index: int, column: int, span: int, label: str) -> Slot:
        width = sum(self._grid[column : column + span]) or _number(cell.find(f"{W}tcPr/{W}tcW"), "w")
        own = cell.find(f"{W}tcPr/{W}tcMar")
        inner = max(width - (self._margin if own is None else _side_margins(own)), 6.0)
        found = [_paragraph(item, self._styles, self._environment) for item in cell.iterchildren(f"{W}p")]
        paragraphs = tuple(part for part, _ in found)
        looks = {tag: look for _, part in found for tag, look in part.items()}
        natural = height_of(CellPlan(inner, 0.0, paragraphs), lambda _: "字", {})
        height = sum(self._heights[row][0] for row in self._merged_rows(cell, index, column))
        return Slot(CellPlan(inner, max(height, natural), paragraphs), looks, label)

    def _merged_rows(self, cell: Element, index: int, column: int) -> Iterator[int]:
        """The rows a cell reaches over: its own and those that continue its merge."""
        yield index
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        if merge is None:
            return
        for later in range(index + 1, len(self._rows)):
            below = _cell_at(self._rows[later], column)
            continued = None if below is None else below.find(f"{W}tcPr/{W}vMerge")
            if continued is None or continued.get(f"{W}val") == "restart":
                return
            yield later


def _with_height(slot: Slot, height: float) -> Slot:
    return replace(slot, plan=replace(slot.plan, height=max(height, slot.plan.height)))


def _cell_at(row: Element, column: int) -> Element | None:
    place = _left_out(row)
    for cell in row.iterchildren(f"{W}tc"):
        if place == column:
            return cell
        place += int(_value(cell, "gridSpan") or 1)
    return None


def _left_out(row: Element) -> int:
    before = row.find(f"{W}trPr/{W}gridBefore")
    return 0 if before is None else int(before.get(f"{W}val") or 0)


def _paragraph(paragraph: Element, styles: Styles, environment: ValuesEnvironment) -> tuple[Paragraph, dict[Tag, str]]:
    pieces: list[tuple[Piece, float]] = []
    looks: dict[Tag, str] = {}
    for run in paragraph.iter(f"{W}r"):
        size = styles.size_of(run, paragraph)
        properties = run.find(f"{W}rPr")
        look = "" if properties is None else _bare_xml(properties)
        for child in run:
            if child.tag == f"{W}t":
                for piece in _pieces(child.text or "", environment):
                    pieces.append((piece, size))
                    if isinstance(piece, Tag):
                        looks[piece] = look
            elif child.tag in (f"{W}br", f"{W}cr"):
                pieces.append(("\n", size))
            elif child.tag == f"{W}tab":
                pieces.append(("    ", size))
    spacing = paragraph.find(f"{W}pPr/{W}spacing")
    line, factor, around = _spacing(spacing)
    return Paragraph(tuple(pieces), line, factor, around), looks


def _pieces(text: str, environment: ValuesEnvironment) -> tuple[Piece, ...]:
    if "{{" not in text:
        return (text,) if text and "{%" not in text else ()
    return pieces_of(parse(environment, _without_blocks(text), "cell"), "cell")


def _without_blocks(text: str) -> str:
    """The text without ``{% … %}``: what a cell needs at most, whichever branch is taken."""
    kept: list[str] = []
    rest = text
    while "{%" in rest:
        before, _, after = rest.partition("{%")
        kept.append(before)
        rest = after.partition("%}")[2]
    return "".join((*kept, rest))


def _spacing(spacing: Element | None) -> tuple[float | None, float, float]:
    """Exact line height, factor of the natural one, and space around, in points."""
    if spacing is None:
        return None, 1.0, 0.0
    around = _number(spacing, "before") + _number(spacing, "after")
    line = _number(spacing, "line")
    match spacing.get(f"{W}lineRule"):
        case "exact" if line:
            return line, 1.0, around
        case "atLeast":
            return None, 1.0, around
        case _:
            return None, (line * _TWIPS / _SINGLE_LINE) or 1.0, around


def _row_height(row: Element) -> tuple[float, bool]:
    height = row.find(f"{W}trPr/{W}trHeight")
    if height is None:
        return 0.0, False
    return _number(height, "val"), height.get(f"{W}hRule") == "exact"


def _side_margins(margins: Element | None) -> float:
    if margins is None:
        return 2 * _CELL_MARGIN
    sides = [margins.find(f"{W}{name}") for name in ("left", "start", "right", "end")]
    stated = [_number(side, "w") for side in sides if side is not None]
    return sum(stated) if len(stated) == len(("left", "right")) else 2 * _CELL_MARGIN


def _text_width(root: Element) -> float:
    section = next(iter(reversed(list(root.iter(f"{W}sectPr")))), None)
    size = None if section is None else section.find(f"{W}pgSz")
    margin = None if section is None else section.find(f"{W}pgMar")
    if size is None or margin is None:
        return 442.0
    return _number(size, "w") - _number(margin, "left") - _number(margin, "right")


def _has_tag(element: Element, root: str = "") -> bool:
    return any("{{" in (text.text or "") and root in (text.text or "") for text in element.iter(f"{W}t"))


def _bare_xml(element: Element) -> str:
    """The element as it may stand within the document: without the namespaces its root already declares."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    head, _, rest = text.partition(">")
    words = [word for word in head.split(" ") if not word.startswith("xmlns:")]
    closing = "/" if head.endswith("/") and not words[-1].endswith("/") else ""
    return f"{' '.join(words)}{closing}>{rest}"


def _size(properties: Element | None) -> float | None:
    size = None if properties is None else properties.find(f"{W}sz")
    return None if size is None else float(size.get(f"{W}val") or 0) / 2 or None


def _value(cell: Element, name: str) -> str | None:
    found = cell.find(f"{W}tcPr/{W}{name}")
    return None if found is None else found.get(f"{W}val")


def _number(element: Element | None, name: str) -> float:
    """A measure in twentieths of a point, in points; 0 where it is not stated."""
    text = None if element is None else element.get(f"{W}{name}")
    return float(text) / _TWIPS if text and text.lstrip("-").isdigit() else 0.0


def rows_on_first_page(root: Element, styles: Styles) -> int:
    """How many rows of persons fill the first page of a roster beside everything else; at least one."""
    section = next(iter(reversed(list(root.iter(f"{W}sectPr")))), None)
    size = None if section is None else section.find(f"{W}pgSz")
    margin = None if section is None else section.find(f"{W}pgMar")
    room = (_number(size, "h") or 841.9) - (_number(margin, "top") or 72.0) - (_number(margin, "bottom") or 72.0)
    person = _PERSON_ROW
    width = _text_width(root)
    for row in root.iter(f"{W}tr"):
        words = "".join(text.text or "" for text in row.iter(f"{W}t"))
        if "{{ row." in words or "{{row." in words:
            person = max(_row_height(row)[0], person)
        elif "{%" not in words:
            room -= max(_row_height(row)[0], _PERSON_ROW * 0.8)
    for paragraph in root.iter(f"{W}p"):
        if next(paragraph.iterancestors(f"{W}tc"), None) is None:
            words = "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
            run = paragraph.find(f"{W}r")
            points = styles.size_of(paragraph if run is None else run, paragraph)
            line, factor, around = _spacing(paragraph.find(f"{W}pPr/{W}spacing"))
            room -= lines_of(words, points, width) * (line or points * _LINE * factor) + around
    return max(int((room - _RESERVE) / person), 1)

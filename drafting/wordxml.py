"""Elements of WordprocessingML: runs, paragraphs and ruled tables given in millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lxml import etree

from drafting.paper import INNER_RULE, OUTER_RULE, TEXT, Face, twips

NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

Element = etree._Element  # noqa: SLF001 - lxml gives its element class no public name


def element(tag: str, *children: Element, **attributes: str | float) -> Element:
    """``<w:tag w:name="value">`` with its children."""
    node = etree.Element(f"{{{NAMESPACE}}}{tag}", nsmap={"w": NAMESPACE})
    for name, value in attributes.items():
        node.set(f"{{{NAMESPACE}}}{name}", str(value))
    node.extend(children)
    return node


def fonts(face: Face) -> Element:
    """The fonts of a face, the East Asian one named as the office has it."""
    latin = face.latin or face.font
    return element("rFonts", ascii=latin, hAnsi=latin, eastAsia=face.font, cs=latin)


def run_properties(face: Face) -> Element:
    """How a run of that face is set."""
    half_points = round(face.size * 2)
    return element("rPr", fonts(face), element("sz", val=half_points), element("szCs", val=half_points))


def run(text: str, face: Face = TEXT) -> Element:
    """A run; a tag of the template stays whole in it."""
    content = element("t")
    content.text = text
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("r", run_properties(face), content)


def line_break() -> Element:
    """A new line inside a paragraph."""
    return element("r", element("br"))


def spacer(height: float, *, keep_next: bool = False) -> Element:
    """An empty line ``height`` points high; without one Word would join two tables into one."""
    return paragraph(Setting(line=height, keep_next=keep_next), run("", Face(TEXT.font, 1.0)))


def page_number(face: Face) -> tuple[Element, ...]:
    """``— 1 —`` with the number of the page."""
    field = element("fldSimple", run("1", face), instr=" PAGE ")
    return run("— ", face), field, run(" —", face)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set: alignment, exact line pitch and space around it in points."""

    align: str = "left"
    line: float = 12.0
    before: float = 0.0
    after: float = 0.0
    keep_next: bool = False
    right: float = 0.0
    left: float = 0.0
    """Indents in points."""


def paragraph(setting: Setting, *content: Element) -> Element:
    """A paragraph of runs."""
    properties = element("pPr")
    if setting.keep_next:
        properties.append(element("keepNext"))
    properties.append(element("autoSpaceDE", val=0))
    properties.append(element("autoSpaceDN", val=0))
    properties.append(element("snapToGrid", val=0))
    properties.append(
        element(
            "spacing",
            before=round(setting.before * 20),
            after=round(setting.after * 20),
            line=round(setting.line * 20),
            lineRule="exact",
        )
    )
    if setting.right or setting.left:
        properties.append(element("ind", left=round(setting.left * 20), right=round(setting.right * 20)))
    properties.append(element("jc", val=setting.align))
    return element("p", properties, *content)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row: its paragraphs and its width.

    ``merge`` is ``start`` or ``continue`` for a cell that goes on below. ``open_sides`` are sides without a line.
    """

    content: tuple[Element, ...]
    width_mm: float
    valign: str = "center"
    merge: str = ""
    open_sides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, its least height, and whether it repeats on each page."""

    cells: tuple[Cell, ...]
    height_mm: float
    repeats: bool = False


def text_cell(text: str, width_mm: float, face: Face, setting: Setting | None = None) -> Cell:
    """A cell with one line of text, centred unless ``setting`` says otherwise."""
    return Cell((paragraph(setting or Setting("center"), run(text, face)),), width_mm)


def table(rows: Sequence[Row], *, ruled: bool = True, padding_mm: float = 0.8) -> Element:
    """A table of fixed column widths; columns are wherever any row has an edge."""
    edges = _edges(rows)
    body = element("tbl", _table_properties(edges[-1], padding_mm, ruled=ruled))
    body.append(element("tblGrid", *(element("gridCol", w=right - left) for left, right in pairwise(edges))))
    body.extend(_row(row, edges) for row in rows)
    return body


def _edges(rows: Sequence[Row]) -> list[int]:
    found = {0}
    for row in rows:
        reached = 0.0
        for cell in row.cells:
            reached += cell.width_mm
            found.add(twips(reached))
    return sorted(found)


def _table_properties(width: int, padding_mm: float, *, ruled: bool) -> Element:
    properties = element(
        "tblPr",
        element("tblW", w=width, type="dxa"),
        element("jc", val="center"),
    )
    if ruled:
        properties.append(_borders())
    properties.append(element("tblLayout", type="fixed"))
    sides = (element(side, w=twips(padding_mm), type="dxa") for side in ("left", "right"))
    properties.append(element("tblCellMar", *sides))
    return properties


def _borders() -> Element:
    outer, inner = round(OUTER_RULE * 8), round(INNER_RULE * 8)
    lines = {"top": outer, "left": outer, "bottom": outer, "right": outer, "insideH": inner, "insideV": inner}
    return element(
        "tblBorders", *(element(side, val="single", sz=size, space=0, color="000000") for side, size in lines.items())
    )


def _row(row: Row, edges: list[int]) -> Element:
    properties = element("trPr", element("cantSplit"), element("trHeight", val=twips(row.height_mm), hRule="atLeast"))
    if row.repeats:
        properties.append(element("tblHeader"))
    line = element("tr", properties)
    reached = 0.0
    for cell in row.cells:
        left = edges.index(twips(reached))
        reached += cell.width_mm
        line.append(_cell(cell, edges.index(twips(reached)) - left, edges[edges.index(twips(reached))] - edges[left]))
    return line


def _cell(cell: Cell, span: int, width: int) -> Element:
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=span))
    if cell.merge:
        properties.append(element("vMerge", val="restart") if cell.merge == "start" else element("vMerge"))
    if cell.open_sides:
        properties.append(element("tcBorders", *(element(side, val="nil") for side in cell.open_sides)))
    properties.append(element("vAlign", val=cell.valign))
    # A piece of content may stand in several cells; an element of the tree has one place only.
    return element("tc", properties, *(deepcopy(piece) for piece in cell.content))

"""OFD (GB/T 33190) with text → Document: ruled tables as grids, all other text as lines.

An OFD page is laid out already, as a PDF page is: characters with their places, and paths that are the ruling. Only
what belongs to the pages and their templates is read. Annotations (watermarks) are passed over; pictures and electronic
seals are not read, and the pages and the document say so in their notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from forms.finding import Box
from parsers.document import Document, Page
from parsers.errors import DamagedFileError
from parsers.gate.archive import check_package, opened
from parsers.limits import DEFAULT_LIMITS, FileLimits
from parsers.readers.arranging import JOIN_WITHIN, SHORTEST_RULE, arranged
from parsers.readers.ofdparts import (
    CONTAINERS,
    DEEPEST,
    PageParts,
    boundary_of,
    child_of,
    has_signatures,
    kind_of,
    pages_of,
)
from parsers.readers.ofdshapes import Matrix, Rule, glyphs_of, rules_of
from parsers.readers.pdfgrid import Glyph

PAGE_UNREAD = "page-unread"
SIGNATURE_UNREAD = "ofd-signature-unread"
FEWEST_CHARACTERS = 8
PICTURE_SHARE = 0.6


@dataclass
class _Content:
    """What stands on one page, in points from its top left, as it is gathered."""

    glyphs: list[Glyph]
    rules: list[Rule]
    picture: float = 0.0
    has_unread: bool = False
    turned: int = 0


def read(path: Path, limits: FileLimits = DEFAULT_LIMITS) -> Document:
    """The document of an OFD file.

    Raises:
        DamagedFileError: a part is missing or is no XML.
        TooManyPagesError: more pages than the limit.
    """
    with opened(path, limits) as archive:
        check_package(archive)
        pages = [_page(parts) for parts in pages_of(archive, limits)]
        is_signed = has_signatures(archive)
    if not pages:
        raise DamagedFileError
    scanned = all(page.scanned for page in pages)
    return Document("ofd", tuple(pages), scanned=scanned, notes=(SIGNATURE_UNREAD,) if is_signed else ())


def _page(parts: PageParts) -> Page:
    content = _Content([], [])
    for root in parts.roots:
        _gather(root, parts.to_page, content)
    return _laid_out(parts.number, content, parts.size)


def _laid_out(number: int, content: _Content, size: tuple[float, float]) -> Page:
    if len(content.glyphs) < FEWEST_CHARACTERS and content.picture:
        return Page(number, (), *size, scanned=True, notes=(PAGE_UNREAD,))
    glyphs, rules = content.glyphs, content.rules
    if abs(content.turned) * 2 > len(glyphs):
        upright = _quarter_turn(size, clockwise=content.turned < 0)
        glyphs = [Glyph(one.text, *upright.box((one.left, one.top, one.right, one.bottom))) for one in glyphs]
        rules = [upright.box(rule) for rule in rules]
        size = (size[1], size[0])
    page = arranged(number, glyphs, _tables(rules), size)
    is_unread = content.has_unread or content.picture > PICTURE_SHARE * size[0] * size[1]
    return Page(number, page.blocks, *size, print_mark=page.print_mark, notes=(PAGE_UNREAD,) if is_unread else ())


def _quarter_turn(size: tuple[float, float], *, clockwise: bool) -> Matrix:
    """Turns a page of this size so that text running up (clockwise) or down comes to run level."""
    width, height = size
    return Matrix(0.0, 1.0, -1.0, 0.0, height, 0.0) if clockwise else Matrix(0.0, -1.0, 1.0, 0.0, 0.0, width)


def _gather(root: etree._Element, to_page: Matrix, content: _Content) -> None:
    """Take in the objects of a page or template, without recursion."""
    body = child_of(root, "Content")
    waiting = [] if body is None else [(element, 0) for element in reversed(body)]
    while waiting:
        element, depth = waiting.pop()
        kind = kind_of(element)
        if kind in CONTAINERS and depth < DEEPEST:
            waiting += [(inner, depth + 1) for inner in reversed(element)]
        elif kind == "TextObject":
            glyphs, turned = glyphs_of(element, to_page)
            content.glyphs += glyphs
            content.turned += turned
        elif kind == "PathObject":
            content.rules += rules_of(element, to_page)
        elif kind == "ImageObject":
            left, top, right, bottom = to_page.box(boundary_of(element))
            content.picture = max(content.picture, (right - left) * (bottom - top))
        elif kind in {"CompositeObject", *CONTAINERS}:
            content.has_unread = True


def _tables(rules: Sequence[Rule]) -> list[list[Box]]:
    """The cells that ruled lines enclose, table by table, as pdfplumber joins them on a PDF page."""
    edges = []
    for x0, top, x1, bottom in rules:
        if max(x1 - x0, bottom - top) >= SHORTEST_RULE:
            orientation = "h" if x1 - x0 >= bottom - top else "v"
            edge = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top}
            edges.append({**edge, "orientation": orientation, "object_type": "line"})
    joined = merge_edges(edges, JOIN_WITHIN, JOIN_WITHIN, JOIN_WITHIN, JOIN_WITHIN)
    cells = intersections_to_cells(edges_to_intersections(joined, JOIN_WITHIN, JOIN_WITHIN))
    return [
        [(float(x0), float(y0), float(x1), float(y1)) for x0, y0, x1, y1 in table] for table in cells_to_tables(cells)
    ]

"""OFD (GB/T 33190) with text → Document: ruled tables as grids, all other text as lines.

An OFD page is laid out already, as a PDF page is: characters with their places, and paths that are the ruling. Only
what belongs to the pages and their templates is read. Annotations (watermarks) are passed over; pictures and electronic
seals are not read, and the pages and the document say so in their notes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from forms.finding import Box
from parsers.document import Document, Page
from parsers.errors import DamagedFileError, TooManyPagesError
from parsers.gate.archive import Archive, check_package, opened
from parsers.gate.xml_prolog import check_prolog
from parsers.limits import DEFAULT_LIMITS, FileLimits
from parsers.readers.arranging import JOIN_WITHIN, SHORTEST_RULE, arranged
from parsers.readers.ofdshapes import Matrix, Rule, glyphs_of, numbers, rules_of
from parsers.readers.pdfgrid import Glyph

POINTS = 72 / 25.4
"""Points in a millimetre."""
PAGE_UNREAD = "page-unread"
SIGNATURE_UNREAD = "ofd-signature-unread"
CONTAINERS = {"Layer", "PageBlock"}
FEWEST_CHARACTERS = 8
PICTURE_SHARE = 0.6
DEEPEST = 50


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
        pages: list[Page] = []
        is_signed = False
        for body in _children(_parsed(archive, "OFD.xml"), "DocBody"):
            root = _text_of(body, "DocRoot")
            is_signed = is_signed or bool(_text_of(body, "Signatures"))
            pages += _pages(archive, _within("", root), limits, len(pages))
    if not pages:
        raise DamagedFileError
    scanned = all(page.scanned for page in pages)
    return Document("ofd", tuple(pages), scanned=scanned, notes=(SIGNATURE_UNREAD,) if is_signed else ())


def _pages(archive: Archive, name: str, limits: FileLimits, first: int) -> Iterator[Page]:
    root = _parsed(archive, name)
    common = _child(root, "CommonData")
    default = _page_box(common)
    templates = {
        template.get("ID", ""): _within(name, template.get("BaseLoc", ""))
        for template in (() if common is None else _children(common, "TemplatePage"))
    }
    listed = _child(root, "Pages")
    for number, entry in enumerate(() if listed is None else _children(listed, "Page"), first):
        if number >= limits.pdf_pages:
            raise TooManyPagesError
        yield _page(archive, number, _within(name, entry.get("BaseLoc", "")), (templates, default))


def _page(archive: Archive, number: int, name: str, shared: tuple[dict[str, str], Box | None]) -> Page:
    templates, default = shared
    root = _parsed(archive, name)
    box = _page_box(root) or default
    if box is None:
        raise DamagedFileError(pointer=name)
    to_page = Matrix(POINTS, 0.0, 0.0, POINTS, -box[0] * POINTS, -box[1] * POINTS)
    size = ((box[2] - box[0]) * POINTS, (box[3] - box[1]) * POINTS)
    content = _Content([], [])
    for used in _children(root, "Template"):
        template = templates.get(used.get("TemplateID", ""))
        if template is None:
            raise DamagedFileError(pointer=name)
        _gather(_parsed(archive, template), to_page, content)
    _gather(root, to_page, content)
    return _laid_out(number, content, size)


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
    body = _child(root, "Content")
    waiting = [] if body is None else [(element, 0) for element in reversed(body)]
    while waiting:
        element, depth = waiting.pop()
        kind = _kind(element)
        if kind in CONTAINERS and depth < DEEPEST:
            waiting += [(inner, depth + 1) for inner in reversed(element)]
        elif kind == "TextObject":
            glyphs, turned = glyphs_of(element, to_page)
            content.glyphs += glyphs
            content.turned += turned
        elif kind == "PathObject":
            content.rules += rules_of(element, to_page)
        elif kind == "ImageObject":
            left, top, right, bottom = to_page.box(_boundary(element))
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


def _parsed(archive: Archive, name: str) -> etree._Element:
    part = archive.find(name)
    if part is None:
        raise DamagedFileError(pointer=name)
    data = archive.read(part)
    check_prolog(data, name)
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise DamagedFileError(pointer=name) from error


def _within(base: str, location: str) -> str:
    """A location as the part ``base`` names it, in the package and nowhere else."""
    joined = location if location.startswith("/") else posixpath.join("/", posixpath.dirname(base), location)
    return posixpath.normpath(joined).lstrip("/")


def _kind(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: etree._Element, kind: str) -> list[etree._Element]:
    return [child for child in element if _kind(child) == kind]


def _child(element: etree._Element, kind: str) -> etree._Element | None:
    return next(iter(_children(element, kind)), None)


def _text_of(element: etree._Element, kind: str) -> str:
    child = _child(element, kind)
    return "" if child is None else (child.text or "").strip()


def _boundary(element: etree._Element) -> Box:
    left, top, width, height = numbers(element.get("Boundary", ""), 4)
    return (left, top, left + width, top + height)


def _page_box(element: etree._Element | None) -> Box | None:
    """The box of the paper, in millimetres, if one is set here."""
    area = None
    if element is not None:
        area = next((found for kind in ("Area", "PageArea") for found in _children(element, kind)), None)
    text = "" if area is None else _text_of(area, "PhysicalBox")
    if not text:
        return None
    left, top, width, height = numbers(text, 4)
    if width <= 0 or height <= 0:
        raise DamagedFileError
    return (left, top, left + width, top + height)

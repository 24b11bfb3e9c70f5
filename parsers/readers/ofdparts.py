"""The parts of an OFD package: its pages with their templates, and the elements in them (GB/T 33190)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from forms.finding import Box
from parsers.errors import DamagedFileError, TooManyPagesError
from parsers.gate.archive import Archive
from parsers.gate.xml_prolog import check_prolog
from parsers.limits import FileLimits
from parsers.readers.ofdshapes import Matrix, numbers

POINTS = 72 / 25.4
"""Points in a millimetre."""
CONTAINERS = {"Layer", "PageBlock"}
DEEPEST = 50


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page: its templates and itself in the order in which they are drawn, and how they come to lie.

    ``to_page`` leads from millimetres to points from the top left; ``size`` is in points; ``document`` names the part
    that says which resources there are.
    """

    number: int
    document: str
    roots: tuple[etree._Element, ...]
    to_page: Matrix
    size: tuple[float, float]


def pages_of(archive: Archive, limits: FileLimits) -> Iterator[PageParts]:
    """The pages of all documents of a package, counted from zero.

    Raises:
        DamagedFileError: a part is missing or is no XML.
        TooManyPagesError: more pages than the limit.
    """
    number = 0
    for body in children_of(parsed(archive, "OFD.xml"), "DocBody"):
        name = within("", text_of(body, "DocRoot"))
        root = parsed(archive, name)
        common = child_of(root, "CommonData")
        default = _page_box(common)
        templates = {
            template.get("ID", ""): within(name, template.get("BaseLoc", ""))
            for template in (() if common is None else children_of(common, "TemplatePage"))
        }
        listed = child_of(root, "Pages")
        for entry in () if listed is None else children_of(listed, "Page"):
            if number >= limits.pdf_pages:
                raise TooManyPagesError
            place = within(name, entry.get("BaseLoc", ""))
            yield _page(archive, number, (name, place), (templates, default))
            number += 1


def _page(
    archive: Archive, number: int, names: tuple[str, str], shared: tuple[dict[str, str], Box | None]
) -> PageParts:
    templates, default = shared
    document, name = names
    root = parsed(archive, name)
    box = _page_box(root) or default
    if box is None:
        raise DamagedFileError(pointer=name)
    roots = []
    for used in children_of(root, "Template"):
        template = templates.get(used.get("TemplateID", ""))
        if template is None:
            raise DamagedFileError(pointer=name)
        roots.append(parsed(archive, template))
    to_page = Matrix(POINTS, 0.0, 0.0, POINTS, -box[0] * POINTS, -box[1] * POINTS)
    size = ((box[2] - box[0]) * POINTS, (box[3] - box[1]) * POINTS)
    return PageParts(number, document, (*roots, root), to_page, size)


def has_signatures(archive: Archive) -> bool:
    """Whether the package has electronic signatures or seals, which stand in parts of their own."""
    bodies = children_of(parsed(archive, "OFD.xml"), "DocBody")
    return any(text_of(body, "Signatures") for body in bodies)


def parsed(archive: Archive, name: str) -> etree._Element:
    """The root of a part of the package.

    Raises:
        DamagedFileError: it is missing or is no XML.
    """
    part = archive.find(name)
    if part is None:
        raise DamagedFileError(pointer=name)
    data = archive.read(part)
    check_prolog(data, name)
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise DamagedFileError(pointer=name) from error


def within(base: str, location: str) -> str:
    """A location as the part ``base`` names it, in the package and nowhere else."""
    joined = location if location.startswith("/") else posixpath.join("/", posixpath.dirname(base), location)
    return posixpath.normpath(joined).lstrip("/")


def kind_of(element: etree._Element) -> str:
    """What an element is, without its namespace; empty for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children_of(element: etree._Element, kind: str) -> list[etree._Element]:
    """The elements of a kind right in this one."""
    return [child for child in element if kind_of(child) == kind]


def child_of(element: etree._Element, kind: str) -> etree._Element | None:
    """The first element of a kind in this one."""
    return next(iter(children_of(element, kind)), None)


def text_of(element: etree._Element, kind: str) -> str:
    """The words of the first element of a kind; empty without one."""
    child = child_of(element, kind)
    return "" if child is None else (child.text or "").strip()


def boundary_of(element: etree._Element) -> Box:
    """The box that an object says it takes."""
    left, top, width, height = numbers(element.get("Boundary", ""), 4)
    return (left, top, left + width, top + height)


def _page_box(element: etree._Element | None) -> Box | None:
    """The box of the paper, in millimetres, if one is set here."""
    area = None
    if element is not None:
        area = next((found for kind in ("Area", "PageArea") for found in children_of(element, kind)), None)
    text = "" if area is None else text_of(area, "PhysicalBox")
    if not text:
        return None
    left, top, width, height = numbers(text, 4)
    if width <= 0 or height <= 0:
        raise DamagedFileError
    return (left, top, left + width, top + height)

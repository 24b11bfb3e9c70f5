"""A Word document from its body: page set-up, page numbers, fonts, and nothing that a form does not need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from drafting.paper import A4_LONG_MM, A4_SHORT_MM, ALTERNATIVES, NUMBER_FONT, SIZE_4, TEXT, Face, twips
from drafting.stable import CORE, pack
from drafting.wordxml import Element, Setting, element, fonts, page_number, paragraph

_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_CONTENT: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS: Final = {
    "document": "document.main",
    "styles": "styles",
    "settings": "settings",
    "fontTable": "fontTable",
    "footer1": "footer",
    "footer2": "footer",
}
_NUMBER: Final = Face(NUMBER_FONT, SIZE_4)
_CORNER: Final = 2 * SIZE_4


@dataclass(frozen=True, slots=True)
class Margins:
    """Margins of the page in millimetres; ``footer`` is from the lower edge to the page number."""

    top: float
    right: float
    bottom: float
    left: float
    footer: float = 7.0


def document(body: Sequence[Element], title: str, margins: Margins, *, landscape: bool, numbered: bool) -> bytes:
    """The bytes of a ``.docx`` of A4 pages with ``body`` on them.

    A ``numbered`` document has ``— 1 —`` at the foot, on the right of odd pages and on the left of even ones.
    """
    names = [name for name in _PARTS if numbered or not name.startswith("footer")]
    section = _section(margins, landscape=landscape, numbered=numbered)
    parts = {
        "word/document.xml": element("document", element("body", *body, section)),
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(numbered=numbered),
        "word/fontTable.xml": _font_table(),
    }
    if numbered:
        parts["word/footer1.xml"] = _footer("right")
        parts["word/footer2.xml"] = _footer("left")
    packed = {name: _serialise(root) for name, root in parts.items()}
    packed["[Content_Types].xml"] = _content_types(names)
    packed["_rels/.rels"] = _package_relations()
    packed["word/_rels/document.xml.rels"] = _document_relations([name for name in names if name != "document"])
    packed["docProps/core.xml"] = CORE.format(title=title).encode()
    return pack(packed)


def _serialise(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _section(margins: Margins, *, landscape: bool, numbered: bool) -> Element:
    section = element("sectPr")
    if numbered:
        for identity, kind in (("footer1", "default"), ("footer2", "even")):
            reference = element("footerReference", type=kind)
            reference.set(f"{{{_RELATIONS}}}id", identity)
            section.append(reference)
    short, long = twips(A4_SHORT_MM), twips(A4_LONG_MM)
    if landscape:
        section.append(element("pgSz", w=long, h=short, orient="landscape"))
    else:
        section.append(element("pgSz", w=short, h=long))
    sides = {side: twips(getattr(margins, side)) for side in ("top", "right", "bottom", "left", "footer")}
    section.append(element("pgMar", **sides, header=twips(margins.footer), gutter=0))
    return section


def _footer(align: str) -> Element:
    """The page number, far enough from the corner to leave it to the print mark."""
    return element("ftr", paragraph(Setting(align, line=16, left=_CORNER, right=_CORNER), *page_number(_NUMBER)))


def _styles() -> Element:
    half_points = round(TEXT.size * 2)
    defaults = element(
        "rPr",
        fonts(TEXT),
        element("sz", val=half_points),
        element("szCs", val=half_points),
        element("lang", val="en-US", eastAsia="zh-CN"),
    )
    normal = element(
        "style", element("name", val="Normal"), element("qFormat"), type="paragraph", default=1, styleId="Normal"
    )
    plain = element("style", element("name", val="Normal Table"), type="table", default=1, styleId="TableNormal")
    return element(
        "styles", element("docDefaults", element("rPrDefault", defaults), element("pPrDefault")), normal, plain
    )


def _settings(*, numbered: bool) -> Element:
    modern = element("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    settings = element("settings")
    if numbered:
        settings.append(element("evenAndOddHeaders"))
    settings.append(element("characterSpacingControl", val="compressPunctuation"))
    settings.append(element("compat", modern))
    settings.append(element("themeFontLang", val="en-US", eastAsia="zh-CN"))
    return settings


def _font_table() -> Element:
    return element(
        "fonts", *(element("font", element("altName", val=other), name=name) for name, other in ALTERNATIVES.items())
    )


def _content_types(names: Sequence[str]) -> bytes:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_CONTENT}.{_PARTS[name]}+xml"/>' for name in names
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}"
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    ).encode()


def _relations(entries: Sequence[tuple[str, str, str]]) -> bytes:
    lines = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in entries)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'.encode()


def _package_relations() -> bytes:
    return _relations(
        [
            ("rId1", f"{_RELATIONS}/officeDocument", "word/document.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ]
    )


def _document_relations(names: Sequence[str]) -> bytes:
    return _relations([(name, f"{_RELATIONS}/{name.rstrip('12')}", f"{name}.xml") for name in names])

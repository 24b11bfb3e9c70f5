"""The print mark: a small QR code and the same words in letters, in the margin of every page.

A returned page, scanned askew among others, says by it which document it belongs to. In a Word file one picture
serves all pages (its QR leaves the page open, ``0``; the letters beside it end in a PAGE field); in a PDF each page
has its own; a workbook carries the letters alone, in its page footer.
"""

from __future__ import annotations

import hashlib
import io
import struct
import uuid
import zlib
from collections.abc import Callable

import numpy as np
import pikepdf
import zxingcpp
from lxml import etree

from parsers.document import PrintMark
from parsers.printmark import ID_ALPHABET, ID_LENGTH, format_mark

QR_SIDE = 34.0
"""Side of the QR code with its quiet zone, in points (12 mm)."""

EDGE = 6.0
"""Distance of the mark from the edges of the paper, in points."""

PLACEHOLDER = "HZBD1-DOCUMENT-ID"
"""Stands for the document id in the parts of a compiled template."""

PICTURE_PART = "word/media/printmark.png"
_FOOTER_PART = "word/footerprintmark.xml"
_RELATION = "rIdPrintMark"
_FOOTER_RELATION = "rIdPrintMarkFooter"
_EMU = 12700
_TWIPS = 20
_TEXT_WIDTH = 130
_TEXT_SIZE = 5
_PNG_SCALE = 4
_GREY = 128
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"


def new_document_id(seed: str | None = None) -> str:
    """A fresh document id, or the one that always belongs to ``seed``."""
    number = uuid.uuid4().int if seed is None else int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    return "".join(ID_ALPHABET[number >> 5 * place & 31] for place in range(ID_LENGTH))


def qr_modules(mark: PrintMark) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """The QR code with its quiet zone; ``True`` is black."""
    code = zxingcpp.create_barcode(format_mark(mark), zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture: np.ndarray[tuple[int, int], np.dtype[np.bool_]] = np.array(code.to_image(scale=1)) < _GREY
    return picture


def qr_png(mark: PrintMark) -> bytes:
    """The QR code as a one-bit PNG; the same mark gives the same bytes."""
    large = np.kron(~qr_modules(mark), np.ones((_PNG_SCALE, _PNG_SCALE), dtype=bool))
    rows = np.packbits(large, axis=1)
    lines = b"".join(b"\x00" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", large.shape[1], large.shape[0], 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def word_picture(document_id: str, form: str, edition: str) -> bytes:
    """The picture of a Word file's mark, whose page is left open."""
    return qr_png(PrintMark(document_id, -1, form, edition))


def add_word_mark(parts: dict[str, bytes], form: str, edition: str) -> dict[str, bytes]:
    """The parts of a docx with the mark in every footer; the id is :data:`PLACEHOLDER`, the picture not yet there."""
    marked = dict(parts)
    document = etree.fromstring(parts["word/document.xml"])
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    paper = _paper(document)
    picture, words = _picture_run(form, edition, *paper), _words_paragraph(form, edition, *paper)
    names = [f"word/{item.get('Target')}" for item in relations if (item.get("Type") or "").endswith("/footer")]
    if not any(reference.get(f"{{{_W}}}type") == "default" for reference in document.iter(f"{{{_W}}}footerReference")):
        names.append(_FOOTER_PART)
        marked[_FOOTER_PART] = f'<w:ftr xmlns:w="{_W}"/>'.encode()
        _add_relation(relations, _FOOTER_RELATION, "footer", _FOOTER_PART.removeprefix("word/"))
        marked["word/_rels/document.xml.rels"] = _xml(relations)
        for section in document.iter(f"{{{_W}}}sectPr"):
            reference = etree.Element(f"{{{_W}}}footerReference", nsmap={"r": _R})
            reference.set(f"{{{_W}}}type", "default")
            reference.set(f"{{{_R}}}id", _FOOTER_RELATION)
            section.insert(0, reference)
        marked["word/document.xml"] = _xml(document)
    for name in names:
        _mark_footer(marked, name, picture, words)
    marked["[Content_Types].xml"] = _content_types(parts["[Content_Types].xml"], has_new_footer=_FOOTER_PART in names)
    return marked


def _mark_footer(parts: dict[str, bytes], name: str, picture: str, words: str) -> None:
    """Anchor the picture in the footer's first paragraph, and put the framed words before it."""
    footer = etree.fromstring(parts[name])
    host = footer.find(f"{{{_W}}}p")
    if host is None:
        host = etree.SubElement(footer, f"{{{_W}}}p")
    wrapped = etree.fromstring(f'<w:ftr xmlns:w="{_W}" xmlns:r="{_R}">{picture}{words}</w:ftr>')
    host.append(wrapped[0])
    footer.insert(0, wrapped[0])
    parts[name] = _xml(footer)
    folder, _, base = name.rpartition("/")
    rels = f"{folder}/_rels/{base}.rels"
    root = etree.fromstring(parts.get(rels, f'<Relationships xmlns="{_RELS}"/>'.encode()))
    _add_relation(root, _RELATION, "image", PICTURE_PART.removeprefix("word/"))
    parts[rels] = _xml(root)


def _add_relation(root: etree._Element, name: str, kind: str, target: str) -> None:
    relation = etree.SubElement(root, f"{{{_RELS}}}Relationship")
    relation.set("Id", name)
    relation.set("Type", f"{_R}/{kind}")
    relation.set("Target", target)


def _content_types(data: bytes, *, has_new_footer: bool) -> bytes:
    root = etree.fromstring(data)
    if not any(item.get("Extension", "").lower() == "png" for item in root):
        item = etree.Element(f"{{{_TYPES}}}Default")
        item.set("Extension", "png")
        item.set("ContentType", "image/png")
        root.insert(0, item)
    if has_new_footer:
        override = etree.SubElement(root, f"{{{_TYPES}}}Override")
        override.set("PartName", f"/{_FOOTER_PART}")
        override.set("ContentType", _FOOTER_TYPE)
    return _xml(root)


def _paper(document: etree._Element) -> tuple[float, float]:
    """Width and height of the paper in points, of the last section."""
    size = next(iter(reversed(list(document.iter(f"{{{_W}}}pgSz")))), None)
    if size is None:
        return 595.3, 841.9
    return float(size.get(f"{{{_W}}}w") or 11906) / _TWIPS, float(size.get(f"{{{_W}}}h") or 16838) / _TWIPS


def _picture_run(form: str, edition: str, width: float, height: float) -> str:
    """A run that anchors the picture to the page; it takes no room in the footer."""
    left, top = width - EDGE - QR_SIDE, height - EDGE - QR_SIDE
    side = round(QR_SIDE * _EMU)
    open_page = format_mark(PrintMark(PLACEHOLDER, -1, form, edition))
    return (
        '<w:r><w:drawing><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="1" locked="1"'
        ' layoutInCell="0" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{round(left * _EMU)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{round(top * _EMU)}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{side}" cy="{side}"/><wp:wrapNone/>'
        f'<wp:docPr id="9001" name="printmark" descr="{open_page}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:nvPicPr><pic:cNvPr id="9001" name="printmark"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{_RELATION}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{side}" cy="{side}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:anchor></w:drawing></w:r>"
    )


def _words_paragraph(form: str, edition: str, width: float, height: float) -> str:
    """A framed paragraph left of the picture: the mark in letters, its page a field."""
    words = format_mark(PrintMark(PLACEHOLDER, 0, form, edition)).rpartition("|")[0] + "|"
    look = f'<w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/><w:sz w:val="{_TEXT_SIZE * 2}"/></w:rPr>'
    runs = (
        f"<w:t>{words}</w:t>",
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return (
        f'<w:p><w:pPr><w:framePr w:w="{_TEXT_WIDTH * _TWIPS}" w:h="{8 * _TWIPS}" w:hRule="exact" w:hSpace="0"'
        ' w:wrap="around" w:vAnchor="page" w:hAnchor="page"'
        f' w:x="{round((width - EDGE - QR_SIDE - _TEXT_WIDTH) * _TWIPS)}"'
        f' w:y="{round((height - EDGE - 10) * _TWIPS)}"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{7 * _TWIPS}" w:lineRule="exact"/><w:jc w:val="right"/></w:pPr>'
        + "".join(f"<w:r>{look}{run}</w:r>" for run in runs)
        + "</w:p>"
    )


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def mark_pdf(content: bytes, document_id: str, form: str, edition: str) -> bytes:
    """The PDF with the mark of each page drawn in its lower right corner; same input, same bytes."""
    return mark_pages(content, lambda number: PrintMark(document_id, number, form, edition))


def mark_pages(content: bytes, mark_of: Callable[[int], PrintMark]) -> bytes:
    """The same where the pages are of several documents: ``mark_of`` gives the mark of a page, counted from zero."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        for number, page in enumerate(pdf.pages):
            name = str(page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/PrintMarkFont")))
            left, bottom, right, _ = (float(value) for value in page.mediabox)
            page.contents_add(b"q\n", prepend=True)
            moved = f"Q q 1 0 0 1 {left:.2f} {bottom:.2f} cm\n".encode()
            page.contents_add(moved + _pdf_drawing(mark_of(number), right - left, name) + b"Q\n")
        result = io.BytesIO()
        pdf.save(result, deterministic_id=True)
    return result.getvalue()


def _pdf_drawing(mark: PrintMark, width: float, font: str) -> bytes:
    """The QR code as black rectangles, one for each run of modules, and the words to its left."""
    modules = qr_modules(mark)
    unit = QR_SIDE / modules.shape[0]
    left, top = width - EDGE - QR_SIDE, EDGE + QR_SIDE
    pieces = ["q 0 g"]
    for row, line in enumerate(modules):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], line, [False]))))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            x, y = left + start * unit, top - (row + 1) * unit
            pieces.append(f"{x:.2f} {y:.2f} {(end - start) * unit:.2f} {unit + 0.02:.2f} re")
    words = format_mark(mark)
    start_x = left - len(words) * _TEXT_SIZE * 0.56 - 4
    pieces.append(f"f BT {font} {_TEXT_SIZE} Tf {start_x:.2f} {EDGE + 3:.2f} Td ({words}) Tj ET Q\n")
    return "\n".join(pieces).encode()

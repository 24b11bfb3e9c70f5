"""Office files as they go to the printer inside a pack: without page numbers of their own, for the pack's run on."""

from __future__ import annotations

import io
import re
import zipfile

from lxml import etree

from writers.archive import deflate, write_archive

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = "word/document.xml"
_SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml$")
_FOOTER = re.compile(rb"<headerFooter\b[^>]*(?:/>|>.*?</headerFooter>)", re.DOTALL)
_NO_FOOTER = b"<headerFooter><oddHeader></oddHeader><oddFooter></oddFooter></headerFooter>"
"""Said outright: where a sheet says nothing, LibreOffice prints its name and ``Page 1``."""

_LONG_NUMBER = re.compile(rb'<c (r="[A-Z]+\d+" s="\d+")><v>(\d{6,}(?:\.\d{1,2})?)</v></c>')
_AS_TEXT = rb'<c \1 t="inlineStr"><is><t>\2</t></is></c>'
"""A total that is wider than its column is printed as ``###``; as text it goes on on the next line."""


def without_page_numbers(content: bytes, file_format: str) -> bytes:
    """A docx or xlsx of ours without its headers and footers: page numbers and print marks, which the pack has itself.

    Long numbers of a sheet become text, which no column is too narrow for.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist() if not item.is_dir()}
    if file_format == "docx":
        root = etree.fromstring(parts[BODY])
        for section in root.iter(f"{W}sectPr"):
            drop_references(section)
        parts[BODY] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    else:
        for name in filter(_SHEET.match, parts):
            parts[name] = _LONG_NUMBER.sub(_AS_TEXT, _FOOTER.sub(_NO_FOOTER, parts[name]))
    return write_archive(deflate(name, data, 1) for name, data in parts.items())


def drop_references(section: etree._Element) -> None:
    """Take header and footer from a section."""
    for kind in ("headerReference", "footerReference"):
        for reference in section.findall(f"{W}{kind}"):
            section.remove(reference)

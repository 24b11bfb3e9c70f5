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


def without_page_numbers(content: bytes, file_format: str) -> bytes:
    """A docx or xlsx of ours without headers and footers: page numbers and print marks, which the pack has itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist() if not item.is_dir()}
    if file_format == "docx":
        root = etree.fromstring(parts[BODY])
        for section in root.iter(f"{W}sectPr"):
            drop_references(section)
        parts[BODY] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    else:
        for name in filter(_SHEET.match, parts):
            parts[name] = _FOOTER.sub(_NO_FOOTER, parts[name])
    return write_archive(deflate(name, data, 1) for name, data in parts.items())


def drop_references(section: etree._Element) -> None:
    """Take header and footer from a section."""
    for kind in ("headerReference", "footerReference"):
        for reference in section.findall(f"{W}{kind}"):
            section.remove(reference)

"""Many one-page Word forms as one file, so that LibreOffice opens one file instead of a hundred.

The forms are of one template: their parts differ in the body (and in the print mark's footer, which is left out here:
a PDF's pages get marks of their own). Each form is a section, so that its pages begin and lie as they do alone.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from lxml import etree

from writers.archive import deflate, write_archive
from writers.errors import OutputCheckFailedError
from writers.packing.printcheck import Block, body_of, page_texts, require_printed, word_blocks
from writers.packing.printsource import BODY, W, drop_references


def join_cards(contents: Sequence[bytes]) -> bytes:
    """Filled files of one template as one Word file, a section each."""
    with zipfile.ZipFile(io.BytesIO(contents[0])) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist()}
    root = etree.fromstring(parts[BODY])
    whole = root.find(f"{W}body")
    if whole is None:
        raise OutputCheckFailedError(differences="Word 文件没有正文")
    for child in list(whole):
        whole.remove(child)
    for number, content in enumerate(contents, start=1):
        body = body_of(content)
        section = _section(body)
        whole.extend(child for child in body if child is not section)
        if number == len(contents):
            whole.append(section)
        else:
            _close(whole, section)
    parts[BODY] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return write_archive(deflate(name, data) for name, data in parts.items())


def _section(body: etree._Element) -> etree._Element:
    """The last section's properties, without its header and footer."""
    section = body.find(f"{W}sectPr")
    if section is None:
        raise OutputCheckFailedError(differences="Word 文件没有分节")
    drop_references(section)
    return section


def _close(whole: etree._Element, section: etree._Element) -> None:
    """End a section at the last paragraph; behind a table there is one of no height."""
    last = whole[-1]
    if last.tag != f"{W}p":
        last = etree.SubElement(whole, f"{W}p")
    look = last.find(f"{W}pPr")
    if look is None:
        look = etree.Element(f"{W}pPr")
        last.insert(0, look)
    look.append(section)


def card_starts(contents: Sequence[bytes], pdf: bytes) -> tuple[int, ...]:
    """The page, from zero, on which each of the joined forms begins; all of each form stands there and after.

    Raises:
        OutputCheckFailedError: something of a form is not on its pages, or a page belongs to none.
    """
    pages = page_texts(pdf)
    starts: list[int] = []
    at = 0
    for content in contents:
        blocks: list[Block] = list(word_blocks(body_of(content)))
        last = require_printed(blocks, pages, at)
        starts.append(at)
        at = last + 1
        if at >= len(pages) and len(starts) < len(contents):
            raise OutputCheckFailedError(differences=f"打印页只有 {len(pages)} 页")
    if at != len(pages):
        raise OutputCheckFailedError(differences=f"打印多出 {len(pages) - at} 页")
    return tuple(starts)

"""Does everything that stands in an Office file stand on its printed pages? Told from the text layer, page by page.

Each block of the file (a paragraph, or a row of a table) is looked for on the page where the one before it was found,
or on a later one; then each page must hold every text as often as the blocks found on it have it. So a value that was
cut off, printed as ``###`` or left out is noticed, without the cost of reading the pages back as a form (0.5 s a page
of a wide roster). Blanks and hyphens are not compared: lines end where they must.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pypdfium2
from lxml import etree
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from writers.errors import OutputCheckFailedError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TAB = f"{_W}tab"
_UNCOMPARED = re.compile(r"[\s\-\x02\xad\ufffe\u200b]+")
REACH = 3
"""A block stands on the page of the one before it or on one of the next two."""
LONGEST_BLOCK = 20
"""Pages over which a paragraph or row may run: one that names every unit of the district takes five."""
_SHOWN = 5
_LONGEST = 40

Block = tuple[frozenset[str] | str, ...]
"""Texts of a paragraph or row; a set holds the ways in which one number may be printed."""


def squeezed(text: str) -> str:
    """A text without what is not compared."""
    return _UNCOMPARED.sub("", text)


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page of a PDF of ours, squeezed."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = []
        for page in document:
            words = page.get_textpage()
            texts.append(squeezed(words.get_text_range()))
            words.close()
            page.close()
        return texts


def word_blocks(body: etree._Element) -> Iterator[Block]:
    """The paragraphs and table rows of a Word file's body, in order."""
    for child in body:
        if child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                yield tuple(text for paragraph in row.iter(f"{_W}p") for text in _texts(paragraph))
        elif child.tag == f"{_W}p":
            yield tuple(_texts(child))


def _texts(paragraph: etree._Element) -> Iterator[str]:
    """The words of a paragraph, taken apart at tabs, where dots may be printed."""
    words = "".join(item.text or "" if item.tag == f"{_W}t" else "\t" for item in paragraph.iter(f"{_W}t", _TAB))
    yield from filter(None, map(squeezed, words.split("\t")))


def body_of(content: bytes) -> etree._Element:
    """The body of a Word file of ours."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = etree.fromstring(archive.read("word/document.xml")).find(f"{_W}body")
    if body is None:
        raise OutputCheckFailedError(differences="Word 文件没有正文")
    return body


def sheet_blocks(content: bytes) -> Iterator[Block]:
    """The rows of the visible sheets of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheets_metadata:
        if sheet.visible is not SheetVisibleEnum.Visible:
            continue
        for row in book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=True):
            yield tuple(filter(None, map(_cell, row)))


def _cell(value: object) -> frozenset[str] | str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        ways = (f"{value:.0f}", f"{value:,.0f}", f"{value:g}", f"{value:.2f}", f"{value:,.2f}", str(value))
        return frozenset(squeezed(text) for text in ways if float(text.replace(",", "")) == value)
    return squeezed(str(value))


def require_printed(blocks: Sequence[Block], pages: Sequence[str], first: int = 0) -> int:
    """Find all blocks on the pages from ``first`` on; returns the page on which the last one stands.

    Raises:
        OutputCheckFailedError: something is not there, or not often enough.
    """
    at, missing = first, []
    wanted: dict[int, Counter[str]] = {}
    for block in blocks:
        if not block:
            continue
        found = next((page for page in range(at, min(at + REACH, len(pages))) if _stands(block, pages[page])), None)
        if found is None:
            ends = (_across(block, pages, page) for page in range(at, min(at + REACH, len(pages))))
            end = next((page for page in ends if page is not None), None)
            if end is None:
                missing.append(_told(block, pages[at]))
            at = at if end is None else end
            continue
        at = found
        wanted.setdefault(at, Counter()).update(text for text in block if isinstance(text, str))
    missing += _too_few(wanted, pages)
    if missing:
        shown = "、".join(f"“{text[:_LONGEST]}”" for text in missing[:_SHOWN])
        raise OutputCheckFailedError(differences=f"打印页上缺 {len(missing)} 处内容:{shown}")
    return at


def _too_few(wanted: Mapping[int, Counter[str]], pages: Sequence[str]) -> list[str]:
    """Texts that do not stand as often as they should; what a page lacks may stand on the one after it.

    The head of a table is found on the page of the table before it, which has the same head.
    """
    lacking: Counter[str] = Counter()
    for number in range(min(wanted, default=0), len(pages)):
        lacking += wanted.get(number, Counter())
        for text in list(lacking):
            count = pages[number].count(text)
            lacking[text] -= count if count >= lacking[text] else max(count, _mixed(text, pages[number]))
        lacking = +lacking
        if not lacking and number >= max(wanted, default=0):
            break
    return list(lacking)


def _is_on(text: str, page: str) -> bool:
    return text in page or _mixed(text, page) > 0


def _mixed(text: str, page: str) -> int:
    """How often the characters of a text stand together in whatever order.

    A rare character comes from another typeface, and PDFium then tells it before or behind its neighbours.
    """
    size = len(text)
    if size <= 1 or size > len(page) or not set(text) <= set(page):
        return 0
    lacking = Counter(text)
    lacking.subtract(page[:size])
    uneven, found = sum(count != 0 for count in lacking.values()), 0
    for came, went in zip(page[size:] + "\0", page, strict=False):
        found += uneven == 0
        for char, change in ((came, -1), (went, 1)):
            before = lacking[char]
            lacking[char] = before + change
            uneven += (before + change != 0) - (before != 0)
    return found


def _stands(block: Block, page: str) -> bool:
    return all(_is_on(text, page) if isinstance(text, str) else any(way in page for way in text) for text in block)


def _across(block: Block, pages: Sequence[str], first: int) -> int | None:
    """The last page of a block that stands on several from ``first`` on: each text on one of them, or over some."""
    ends = [_end(text, pages, first) for text in block]
    return None if None in ends else max((end for end in ends if end is not None), default=first)


def _end(text: frozenset[str] | str, pages: Sequence[str], first: int) -> int | None:
    for at in range(first, min(first + LONGEST_BLOCK, len(pages))):
        if _stands((text,), pages[at]):
            return at
        if isinstance(text, str):
            text = text[_begun(text, pages[at]) :]
    return None


def _begun(text: str, page: str) -> int:
    """How many of the first characters of a text stand on the page."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text[:middle] in page else (low, middle - 1)
    return low


def _told(block: Block, page: str) -> str:
    """The first text of a block that is not on the page, for the person who is told."""
    for text in block:
        if not _stands((text,), page):
            return text if isinstance(text, str) else min(text)
    return ""

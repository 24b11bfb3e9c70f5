"""One file for printing: parts in their order, each on a right-hand page, with bookmarks and continuous page numbers.

Pages count from the first page of the file, blank ones included, so that every odd number is a right-hand page when it
is printed on both sides. Blank pages carry no number (GB/T 9704-2012 §7.5), nor does the cover. Numbers stand where the
official forms have their own: at the foot, right on odd pages and left on even ones, one character in from the text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Name, OutlineItem

A4 = (595.28, 841.89)
NUMBER_SIZE = 10.5
FOOT, SIDE = 18.0, 88.0
"""Points from the foot and from the side of the page to the number; our print mark lies below and beside it."""
_DIGIT, _DASH, _BLANK = 0.5, 1.0, 0.25
"""Widths in Times, in ems."""
_FONT = "/PackNumber"


@dataclass(frozen=True, slots=True)
class Bound:
    """A part to be bound: its pages as a PDF of ours, and its bookmark.

    ``starts`` are bookmarks inside it: the page (from zero) and the title; a part that holds several documents
    begins each of them on a right-hand page. ``numbered`` is off for a cover. ``level`` 1 hangs the bookmark under the
    last one of level 0; a part without a title has none.
    """

    title: str
    content: bytes | Path
    level: int = 0
    starts: tuple[tuple[int, str], ...] = ()
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a part came to lie: its first page, from one, those of the documents in it, and how many pages it has.

    Blank pages are left out of the count.
    """

    first: int
    starts: tuple[int, ...]
    pages: int


def lay_out(lengths: Iterable[tuple[int, Sequence[int]]]) -> list[Laid]:
    """Where parts come to lie that have so many pages, with documents that begin at those pages inside."""
    laid: list[Laid] = []
    at = 0
    for pages, starts in lengths:
        at += at % 2
        first, begun = at + 1, []
        for _, count in _stretches(pages, starts):
            at += at % 2
            begun.append(at + 1)
            at += count
        laid.append(Laid(first, tuple(begun), pages))
    return laid


def _stretches(pages: int, starts: Sequence[int]) -> list[tuple[int, int]]:
    """First page and number of pages of each document of a part."""
    edges = sorted({0, *(page for page in starts if 0 < page < pages)})
    return [(first, last - first) for first, last in zip(edges, [*edges[1:], pages], strict=True)]


def bind(parts: Sequence[Bound], title: str, target: Path) -> int:
    """Write the parts as one PDF; the same parts give the same bytes. Returns how many pages it has."""
    whole = pikepdf.Pdf.new()
    font = whole.make_indirect(
        pikepdf.Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Times-Roman"), Encoding=Name.WinAnsiEncoding
        )
    )
    marks: list[tuple[int, str, int]] = []
    bare: list[tuple[int, int, str]] = []
    for part in parts:
        begin = len(whole.pages) + len(whole.pages) % 2
        _append(whole, part, font, marks)
        if not part.numbered:
            bare.append((begin, len(whole.pages), part.title))
    with whole.open_outline() as outline:
        _bookmark(outline.root, marks)
    whole.Root.PageLabels = pikepdf.Dictionary(Nums=_labels(bare, len(whole.pages)))
    whole.Root.PageMode = Name.UseOutlines
    whole.Root.ViewerPreferences = pikepdf.Dictionary(Duplex=Name.DuplexFlipLongEdge, DisplayDocTitle=True)
    whole.Root.Lang = pikepdf.String("zh-CN")
    whole.docinfo["/Title"] = pikepdf.String(title)
    whole.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return len(whole.pages)


def _append(whole: pikepdf.Pdf, part: Bound, font: pikepdf.Object, marks: list[tuple[int, str, int]]) -> None:
    titles = dict(part.starts)
    source_of = part.content if isinstance(part.content, Path) else io.BytesIO(part.content)
    with pikepdf.open(source_of) as source:
        _to_right_hand(whole)
        if part.title:
            marks.append((part.level, part.title, len(whole.pages)))
        for first, count in _stretches(len(source.pages), [page for page, _ in part.starts]):
            _to_right_hand(whole)
            if first in titles:
                marks.append((part.level + 1, titles[first], len(whole.pages)))
            begin = len(whole.pages)
            whole.pages.extend(source.pages[first : first + count])
            for number in range(begin, len(whole.pages)):
                _clean(whole.pages[number])
                if part.numbered:
                    _number(whole.pages[number], number + 1, font)


def _labels(bare: Sequence[tuple[int, int, str]], count: int) -> pikepdf.Array:
    """What a viewer calls each page (PDF 32000-1, 12.4.2): its printed number, and where it has none its part's title.

    ``bare`` are the parts without numbers: first page and the one behind the last, from zero, and the title. ``count``
    is how many pages there are.
    """
    labels: list[int | pikepdf.Object] = [0, pikepdf.Dictionary(S=Name.D)]
    for begin, end, title in bare:
        one = pikepdf.Dictionary(P=pikepdf.String(title))
        if end - begin > 1:
            one = pikepdf.Dictionary(P=pikepdf.String(f"{title} "), S=Name.r)
        if begin == 0:
            labels = []
        labels.extend([begin, one])
        if end < count:
            labels.extend([end, pikepdf.Dictionary(S=Name.D, St=end + 1)])
    return pikepdf.Array(labels)


def _to_right_hand(whole: pikepdf.Pdf) -> None:
    """A blank page where the next one would be a left-hand page."""
    if len(whole.pages) % 2:
        box = whole.pages[-1].mediabox
        size = (float(box[2]) - float(box[0]), float(box[3]) - float(box[1]))
        whole.add_blank_page(page_size=size)


def _clean(page: pikepdf.Page) -> None:
    """Without what leads into the file that the page came from."""
    for key in ("/Annots", "/StructParents", "/AA", "/Tabs"):
        if key in page.obj:
            del page.obj[key]


def _number(page: pikepdf.Page, number: int, font: pikepdf.Object) -> None:
    """Draw the number at the foot of the sheet."""
    words = f"\x97 {number} \x97".encode("latin-1")
    width = (len(str(number)) * _DIGIT + 2 * _DASH + 2 * _BLANK) * NUMBER_SIZE
    left, bottom, right, _ = (float(value) for value in page.mediabox)
    x = right - SIDE - width if number % 2 else left + SIDE
    matrix = f"1 0 0 1 {x:.2f} {bottom + FOOT:.2f}"
    name = str(page.add_resource(font, Name.Font, Name(_FONT)))
    page.contents_add(b"q\n", prepend=True)
    drawn = f"\nQ q 0 g BT {name} {NUMBER_SIZE:g} Tf {matrix} Tm (".encode() + words + b") Tj ET Q\n"
    page.contents_add(drawn)


def _bookmark(root: list[OutlineItem], marks: Sequence[tuple[int, str, int]]) -> None:
    lasts: list[OutlineItem] = []
    for level, title, page in marks:
        item = OutlineItem(title, page)
        del lasts[level:]
        (lasts[-1].children if lasts else root).append(item)
        item.is_closed = True
        lasts.append(item)

"""Draws what was seen over the page: cells and their readings, values and how sure they are, boxes, seals, leftovers.

Green needs nobody, amber goes to a person, blue was read and is no value, grey was seen to be empty, red are seals,
purple is what found no place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from forms.finding import Box
from forms.record import Entry, Extraction, Mark, MarkKind
from parsers.document import Document, Grid, Page
from parsers.errors import DamagedFileError
from parsers.pagepicture import text_pages
from parsers.scan.decoding import SURE
from parsers.scan.page import PageRead
from parsers.scan.units import WORK_DPI, to_points
from parsers.typeface import font_of

Colour = tuple[int, int, int]
GREEN, AMBER, GREY, RED = (20, 140, 60), (214, 120, 0), (150, 150, 150), (200, 20, 40)
BLUE, PURPLE, WHITE = (30, 80, 210), (160, 30, 160), (255, 255, 255)
LEGEND: tuple[tuple[Colour, str], ...] = (
    (GREEN, "无需查看"),
    (AMBER, "需人工核对"),
    (BLUE, "已识别,不是填写内容"),
    (GREY, "空格"),
    (RED, "印章"),
    (PURPLE, "未能归入任何栏目"),
)
KINDS = {MarkKind.OPINION: "意见", MarkKind.SIGNATURE: "签字", MarkKind.SEAL: "盖章", MarkKind.DATE: "日期"}
WORDS = {"None": "未读出", "True": "是", "False": "否"}
PRESENT = {True: "有", False: "无", None: "不明"}
SIZE, SMALLEST = 17, 11
"""Pixels of the letters drawn."""
LEAST_ROOM = 34
"""Pixels for words beside a box that is narrower."""
_POINTS = 72.0
_SAME = 0.8
"""Two boxes that share so much of the smaller one are about the same thing."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A rectangle in points with a word at its corner."""

    box: Box
    colour: Colour
    text: str = ""
    width: int = 2
    above: bool = False
    """The words stand above the rectangle, for what it encloses fills it."""


def page_name(index: int) -> str:
    """The file name of the picture of a page that counts from zero."""
    return f"page-{index + 1}.png"


def keep(read: PageRead, folder: Path) -> None:
    """Lay by the picture of a page as the scan reader saw it, for :func:`finish` to draw upon."""
    picture = Image.fromarray(read.pixels).convert("RGB")
    _draw(picture, WORK_DPI / _POINTS, list(_ticks(read)))
    picture.save(folder / page_name(read.page.index))


def finish(folder: Path, file: Path, document: Document, extractions: Sequence[Extraction]) -> None:
    """Draw every page that has a picture: those laid by with :func:`keep`, and the text pages of a PDF.

    Args:
        folder: where the pictures are and come to be.
        file: the returned file.
        document: what was read in it.
        extractions: what was made of it; none where no form was recognised.
    """
    pages = {page.index: page for page in document.pages}
    if document.format == "pdf":
        wanted = [index for index, page in pages.items() if not page.scanned]
        with suppress(DamagedFileError):  # what cannot be drawn may still have been read
            for index, picture in text_pages(file, wanted, WORK_DPI):
                picture.save(folder / page_name(index))
    for index, page in pages.items():
        path = folder / page_name(index)
        if path.is_file():
            with Image.open(path) as opened:
                picture = opened.convert("RGB")
            scale = picture.width / page.width if page.width else WORK_DPI / _POINTS
            _draw(picture, scale, list(_frames(page, extractions)))
            _with_legend(picture).save(path)


def draw(read: PageRead) -> Image.Image:
    """The page with all that the scan reader saw drawn over it, before anything was made of it."""
    picture = Image.fromarray(read.pixels).convert("RGB")
    _draw(picture, WORK_DPI / _POINTS, [*_ticks(read), *_seen(read.page, ())])
    return picture


def _frames(page: Page, extractions: Sequence[Extraction]) -> Iterator[_Frame]:
    lost = [
        _Frame(left.region.box, PURPLE, f"?{left.text}", 3)
        for extraction in extractions
        for left in extraction.unplaced
        if left.region is not None and left.region.page == page.index and left.region.box is not None
    ]
    made = list(_made(page, extractions))
    yield from _seen(page, [*made, *lost])
    yield from made
    yield from lost


def _made(page: Page, extractions: Iterable[Extraction]) -> Iterator[_Frame]:
    """The values and marks that were placed on the page, those of one place together."""
    places: dict[Box, list[Entry | Mark]] = {}
    for extraction in extractions:
        record = extraction.record
        rows = [one for row in record.rows for one in row.values()]
        written: list[Entry | Mark] = [*record.header.values(), *rows, *record.marks]
        for one in written:
            if one.region is not None and one.region.page == page.index and one.region.box is not None:
                places.setdefault(one.region.box, []).append(one)
    lines = {line.box for line in page.lines}
    for box, found in places.items():
        review = any(one.review for one in found)
        if not review and all(isinstance(one, Entry) and one.value == "" for one in found):
            yield _Frame(box, GREY, "", 1)
            continue
        text = " | ".join(said for one in found if (said := _said(one)))
        yield _Frame(box, AMBER if review else GREEN, text, 2 + review, box in lines)


def _said(one: Entry | Mark) -> str:
    if isinstance(one, Mark):
        return f"{KINDS[one.kind]}:{PRESENT[one.present]} {one.value or one.text}".strip().replace("\n", "/")
    sure = "" if one.confidence is None or one.value == "" else f" {one.confidence:.2f}"
    plain = one.value if isinstance(one.value, str) else WORDS.get(str(one.value), str(one.value))
    return f"{plain}{sure}".replace("\n", "/")


def _seen(page: Page, known: Sequence[_Frame]) -> Iterator[_Frame]:
    """Cells, lines and marks of the page; what is shown as a value already is not said twice."""
    for block in page.blocks:
        cells = block.cells if isinstance(block, Grid) else (block,)
        for cell in cells:
            if cell.box is None or any(_is_same(cell.box, frame.box) for frame in known):
                continue
            if isinstance(block, Grid) and (getattr(cell, "ink", None) is False or not cell.text):
                yield _Frame(_inner(cell.box), GREY, "", 1)
                continue
            sure = "" if cell.confidence is None else f" {cell.confidence:.2f}"
            colour = AMBER if cell.confidence is not None and cell.confidence < SURE and not known else BLUE
            above = not isinstance(block, Grid)
            yield _Frame(_inner(cell.box), colour, cell.text.replace("\n", "/") + sure, 1, above)
    for seal in page.seals:
        yield _Frame(seal.box, RED, f"{seal.shape} {seal.text} {seal.confidence or 0.0:.2f}", 3)
    for red in page.red:
        yield _Frame(red, RED, "", 1)
    for ink in page.ink:
        yield _Frame(ink.box, BLUE, "手写?", 2)


def _ticks(read: PageRead) -> Iterator[_Frame]:
    for one in read.cells:
        for line in one.lines:
            for tick in line.boxes:
                yield _Frame(to_points(tick.box), BLUE, "", 3)


def _is_same(first: Box, second: Box) -> bool:
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return False
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    return width * height >= _SAME * smaller


def _inner(box: Box) -> Box:
    left, top, right, bottom = box
    return left + 1.2, top + 1.2, right - 1.2, bottom - 1.2


def _draw(picture: Image.Image, scale: float, frames: Iterable[_Frame]) -> None:
    pen = ImageDraw.Draw(picture)
    for frame in frames:
        left, top, right, bottom = (round(edge * scale) for edge in frame.box)
        corner = (max(left + 1, right), max(top + 1, bottom))
        pen.rectangle(((left, top), corner), outline=frame.colour, width=frame.width)
        if frame.text:
            size, text = _fitted(pen, frame.text, max(right - left, LEAST_ROOM) - 6)
            _write(pen, (left + 4, top - size - 4 if frame.above else top + 2), text, frame.colour, size)


def _fitted(pen: ImageDraw.ImageDraw, text: str, room: float) -> tuple[int, str]:
    """A size of letters with which the text has room, and the text, cut where even the smallest is too large."""
    size = SIZE
    while size > SMALLEST and pen.textlength(text, font=font_of(size)) > room:
        size -= 1
    if pen.textlength(text, font=font_of(size)) <= room:
        return size, text
    while text and pen.textlength(f"{text}…", font=font_of(size)) > room:
        text = text[:-1]
    return size, f"{text}…"


def _write(pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, colour: Colour, size: int = SIZE) -> None:
    pen.text(place, text, fill=colour, font=font_of(size), stroke_width=2, stroke_fill=WHITE)


def _with_legend(picture: Image.Image) -> Image.Image:
    """The picture with a line below that says what the colours mean."""
    whole = Image.new("RGB", (picture.width, picture.height + 2 * SIZE), WHITE)
    whole.paste(picture)
    pen = ImageDraw.Draw(whole)
    left = float(SIZE)
    for colour, words in LEGEND:
        _write(pen, (left, picture.height + SIZE / 3), f"■ {words}", colour)
        left += pen.textlength(f"■ {words}", font=font_of(SIZE)) + SIZE
    return whole

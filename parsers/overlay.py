"""Draws what the scan reader saw over the page: cells, readings, how sure they are, seals, ink, tick boxes.

Green is sure, amber goes to a person, grey was seen to be empty, red are seals, blue is ink that may be a hand's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from forms.finding import Box
from parsers.document import TextLine
from parsers.scan.decoding import SURE
from parsers.scan.page import PageRead
from parsers.scan.units import to_pixels

GREEN, AMBER, GREY, RED, BLUE = (20, 140, 60), (214, 120, 0), (150, 150, 150), (200, 20, 40), (30, 80, 210)
FONT_FILES = ("NotoSansCJK-Regular.ttc", "LXGWWenKai-Regular.ttf", "NotoSerifCJK-Regular.ttc")
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
SIZE = 17
"""Pixels of the letters drawn."""


def save(read: PageRead, folder: Path, name: str) -> Path:
    """Writes the picture of a page as ``<name>-<page>.png`` and returns its path."""
    path = folder / f"{name}-{read.page.index + 1}.png"
    draw(read).save(path)
    return path


def draw(read: PageRead) -> Image.Image:
    """The page with everything seen drawn over it."""
    picture = Image.fromarray(read.pixels).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for box, colour, text, width in _frames(read):
        left, top, right, bottom = to_pixels(box)
        pen.rectangle((left, top, max(left + 1, right), max(top + 1, bottom)), outline=colour, width=width)
        if text:
            pen.text((left + 4, top + 2), text, fill=colour, font=_font(), stroke_width=2, stroke_fill=(255, 255, 255))
    return picture


def _frames(read: PageRead) -> Iterator[tuple[Box, tuple[int, int, int], str, int]]:
    for one in read.cells:
        cell = one.cell
        if cell.box is None:
            continue
        if cell.ink is False:
            yield _inner(cell.box), GREY, "", 1
            continue
        confidence = cell.confidence or 0.0
        text = f"{cell.text.replace(chr(10), '/')} {confidence:.2f}"
        yield _inner(cell.box), GREEN if confidence >= SURE else AMBER, text, 2
        for line in one.lines:
            for tick in line.boxes:
                left, top, right, bottom = (edge * 0.36 for edge in tick.box)
                yield (left, top, right, bottom), BLUE, "", 3
    for block in read.page.blocks:
        if isinstance(block, TextLine) and block.box is not None:
            sure = (block.confidence or 0.0) >= SURE
            yield block.box, GREEN if sure else AMBER, f"{block.text} {block.confidence or 0.0:.2f}", 1
    for seal in read.page.seals:
        yield seal.box, RED, f"{seal.shape} {seal.text} {seal.confidence or 0.0:.2f}", 3
    for ink in read.page.ink:
        yield ink.box, BLUE, "ink", 2


def _inner(box: Box) -> Box:
    left, top, right, bottom = box
    return left + 1.2, top + 1.2, right - 1.2, bottom - 1.2


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for folder in FONT_FOLDERS:
        for name in FONT_FILES:
            found = next(iter(sorted(folder.rglob(name))), None) if folder.is_dir() else None
            if found is not None:
                return ImageFont.truetype(str(found), SIZE)
    return ImageFont.load_default(SIZE)

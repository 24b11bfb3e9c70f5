"""The pages of an OFD file as pictures, to be printed: text, paths and embedded pictures, and nothing else of the file.

What is not drawn (electronic seals, clipped or composite objects, pictures of a kind that no office writes) is said at
the foot of each page that lacks it: a sheet behind a form must not look as if nothing were missing. Typefaces are ours;
the characters, their places and sizes are the file's.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from PIL import Image, ImageDraw

from parsers.errors import PageUnreadError
from parsers.gate.archive import Archive, check_package, opened
from parsers.gate.pages import PICTURE_FORMATS
from parsers.limits import DEFAULT_LIMITS, FileLimits
from parsers.readers.ofdcurves import outlines_of
from parsers.readers.ofdparts import (
    CONTAINERS,
    DEEPEST,
    PageParts,
    boundary_of,
    child_of,
    children_of,
    has_signatures,
    kind_of,
    pages_of,
    parsed,
    text_of,
    within,
)
from parsers.readers.ofdshapes import ASCENT, Matrix, glyphs_of, numbers, object_matrix
from parsers.typeface import font_of

INK = (0, 0, 0)
LEAST_LINE, DEFAULT_LINE = 1, 0.353
"""Pixels of the thinnest line, and millimetres of one whose width is not given (GB/T 33190: 0.353)."""
PASSED_OVER = {"CompositeObject"}
SEALS, OTHERS = "电子印章、电子签名", "部分图形"
NOTE = "（本页由 OFD 原件绘制，{what}未绘出，以电子原件为准）"
NOTE_POINTS = 9.0
POINTS_AN_INCH = 72.0


@dataclass
class _Canvas:
    picture: Image.Image
    pen: ImageDraw.ImageDraw
    to_pixels: Matrix
    scale: float
    resources: Mapping[str, str]
    lacking: list[str] = field(default_factory=list)


def draw(
    path: Path, dpi: float, limits: FileLimits = DEFAULT_LIMITS
) -> Iterator[tuple[Image.Image, tuple[float, float]]]:
    """The pages as RGB pictures with their sizes in points.

    Raises:
        DamagedFileError: a part is missing or is no XML.
        PageUnreadError: a page is too large to be drawn.
        TooManyPagesError: more pages than the limit.
    """
    with opened(path, limits) as archive:
        check_package(archive)
        lacking = [SEALS] if has_signatures(archive) else []
        resources: dict[str, dict[str, str]] = {}
        for page in pages_of(archive, limits):
            if page.document not in resources:
                resources[page.document] = _pictures(archive, page.document)
            canvas = _canvas(page, dpi / POINTS_AN_INCH, resources[page.document], limits)
            canvas.lacking += lacking
            for root in page.roots:
                _objects(archive, root, canvas, limits)
            _say_what_lacks(canvas)
            yield canvas.picture, page.size


def _canvas(page: PageParts, scale: float, resources: Mapping[str, str], limits: FileLimits) -> _Canvas:
    width, height = (max(1, round(side * scale)) for side in page.size)
    if width * height > limits.page_pixels:
        raise PageUnreadError(pages=str(page.number + 1))
    picture = Image.new("RGB", (width, height), "white")
    to_pixels = Matrix(scale, 0.0, 0.0, scale, 0.0, 0.0).after(page.to_page)
    return _Canvas(picture, ImageDraw.Draw(picture), to_pixels, scale, resources)


def _say_what_lacks(canvas: _Canvas) -> None:
    if not canvas.lacking:
        return
    words = NOTE.format(what="、".join(dict.fromkeys(canvas.lacking)))
    place = (canvas.picture.width / 2, canvas.picture.height - 8 * canvas.scale)
    canvas.pen.text(place, words, fill=INK, font=font_of(round(NOTE_POINTS * canvas.scale)), anchor="ms")


def _pictures(archive: Archive, document: str) -> dict[str, str]:
    """The parts of the pictures by the ids that pages call them by."""
    common = child_of(parsed(archive, document), "CommonData")
    found: dict[str, str] = {}
    for kind in ("PublicRes", "DocumentRes"):
        for listed in () if common is None else children_of(common, kind):
            name = within(document, (listed.text or "").strip())
            root = parsed(archive, name)
            base = within(name, f"{root.get('BaseLoc') or '.'}/x")
            for group in children_of(root, "MultiMedias"):
                for item in children_of(group, "MultiMedia"):
                    found[item.get("ID", "")] = within(base, text_of(item, "MediaFile"))
    return found


def _objects(archive: Archive, root: etree._Element, canvas: _Canvas, limits: FileLimits) -> None:
    """Draw what stands on a page or template, in order and without recursion."""
    body = child_of(root, "Content")
    waiting = [] if body is None else [(element, 0) for element in reversed(body)]
    while waiting:
        element, depth = waiting.pop()
        kind = kind_of(element)
        if kind in CONTAINERS and depth < DEEPEST:
            waiting += [(inner, depth + 1) for inner in reversed(element)]
        elif kind == "TextObject":
            _text(element, canvas)
        elif kind == "PathObject":
            _path(element, canvas)
        elif kind == "ImageObject":
            _image(archive, element, canvas, limits)
        elif kind in {*PASSED_OVER, *CONTAINERS}:
            canvas.lacking.append(OTHERS)


def _colour(element: etree._Element, kind: str) -> tuple[int, int, int]:
    """The plain colour that is set for filling or drawing; black where none is."""
    child = child_of(element, kind)
    values = numbers((child.get("Value") or "0 0 0") if child is not None else "0 0 0")
    if len(values) == 1:
        values = values * 3
    if len(values) != len(INK):
        return INK
    red, green, blue = (min(255, max(0, round(value))) for value in values)
    return red, green, blue


def _text(element: etree._Element, canvas: _Canvas) -> None:
    glyphs, turned = glyphs_of(element, canvas.to_pixels)
    colour = _colour(element, "FillColor")
    for glyph in glyphs:
        size = max(1, round((glyph.right - glyph.left) if turned else (glyph.bottom - glyph.top)))
        font = font_of(min(size, canvas.picture.height))
        if not turned:
            place = (glyph.left, glyph.top + ASCENT * (glyph.bottom - glyph.top))
            canvas.pen.text(place, glyph.text, fill=colour, font=font, anchor="ls")
            continue
        side = Image.new("L", (size + 2, size + 2))
        ImageDraw.Draw(side).text((0, ASCENT * size), glyph.text, fill=255, font=font, anchor="ls")
        side = side.transpose(Image.Transpose.ROTATE_270 if turned > 0 else Image.Transpose.ROTATE_90)
        canvas.picture.paste(colour, (round(glyph.left), round(glyph.top)), side)


def _path(element: etree._Element, canvas: _Canvas) -> None:
    matrix = object_matrix(element, canvas.to_pixels)
    width = numbers(element.get("LineWidth") or str(DEFAULT_LINE), 1)[0]
    thick = max(LEAST_LINE, round(width * math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))))
    is_filled, is_drawn = element.get("Fill") == "true", element.get("Stroke") != "false"
    for figure in outlines_of(element):
        points = [matrix.point(x, y) for x, y in figure]
        if is_filled and len(points) > 2:  # noqa: PLR2004  # a corner less is no area
            canvas.pen.polygon(points, fill=_colour(element, "FillColor"))
        if is_drawn and len(points) > 1:
            canvas.pen.line(points, fill=_colour(element, "StrokeColor"), width=thick)


def _image(archive: Archive, element: etree._Element, canvas: _Canvas, limits: FileLimits) -> None:
    """An embedded picture: its unit square is brought to the page by the object's matrix, or fills the boundary."""
    part = archive.find(canvas.resources.get(element.get("ResourceID", ""), ""))
    picture = _opened(archive.read(part), limits) if part is not None else None
    if picture is None:
        canvas.lacking.append(OTHERS)
        return
    left, top, right, bottom = boundary_of(element)
    matrix = object_matrix(element, canvas.to_pixels)
    if not element.get("CTM"):
        matrix = matrix.after(Matrix(right - left, 0.0, 0.0, bottom - top, 0.0, 0.0))
    area = matrix.a * matrix.d - matrix.b * matrix.c
    if abs(area) < 1.0:
        return
    wide, high = picture.size
    across = (matrix.d / area * wide, -matrix.c / area * wide)
    down = (-matrix.b / area * high, matrix.a / area * high)
    back = (
        *across,
        -(across[0] * matrix.e + across[1] * matrix.f),
        *down,
        -(down[0] * matrix.e + down[1] * matrix.f),
    )
    size = canvas.picture.size
    mask = Image.new("L", picture.size, 255) if "A" not in picture.getbands() else picture.getchannel("A")
    placed = picture.convert("RGB").transform(size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    canvas.picture.paste(placed, (0, 0), mask.transform(size, Image.Transform.AFFINE, back))


def _opened(content: bytes, limits: FileLimits) -> Image.Image | None:
    """A picture of a common format and of a size that may be drawn."""
    try:
        with Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as picture:
            if picture.width * picture.height > limits.page_pixels:
                return None
            picture.load()
            return picture.convert("RGBA" if "transparency" in picture.info or "A" in picture.getbands() else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None

"""Pages that we printed ourselves, borrowed by the id of their mark and laid under the picture that came back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2

from forms.errors import UnusableDataError
from forms.fieldmap import FieldMap, PrintedPage
from parsers.document import PrintMark
from parsers.issued import MAP_FILE, PRINT_FILE, Borrow
from parsers.ocr.sidebyside import all_threads, side_by_side
from parsers.picture import Picture
from parsers.scan.printmarks import MarkFound
from parsers.scan.registering import CodeSeen, drawn_out, drift, find_code, lay_over
from parsers.scan.units import WORK_DPI, Gray, PixelBox, Rgb, mm

Floats = npt.NDArray[np.float32]
QUIET, LETTERS = 2.0, 50.0
"""Millimetres around the code, and to its left, where nothing but our mark is printed."""
USUAL_DPI = (150.0, 200.0, 300.0)
BAND = 128
"""Rows that are moved together, few enough for a processor's own memory."""
ROUNDS = 2
"""Times that print is moved to its places."""
DRAWN = 2
"""Times finer than working resolution at which a print is drawn."""
FINER = 0.9
"""Scale below which a picture is made smaller before it is laid over the print, so that no line is skipped."""


@dataclass(frozen=True, slots=True)
class Met:
    """A page laid over the print it came from, in the print's own frame: pixels, mark, and how it was printed."""

    pixels: Rgb
    mark: PrintMark
    mark_box: PixelBox
    """The corner of the page where its mark is printed, code and letters."""
    prints: tuple[Gray, ...]
    """The page as we printed it, as a printer draws it and as a program does."""
    dpi: float
    """How fine the picture is, told by the size of the code."""
    field_map: FieldMap

    @property
    def found(self) -> MarkFound:
        """The mark and its place."""
        return MarkFound(self.mark, self.mark_box)

    @property
    def printed(self) -> Gray:
        """The page as a printer draws it."""
        return self.prints[0]

    @property
    def page(self) -> PrintedPage:
        """The page as printed."""
        return self.field_map.pages[self.mark.page]


@dataclass
class Library:
    """The documents borrowed while one file is read."""

    borrow: Borrow
    _known: dict[str, tuple[FieldMap, Path] | None] = field(default_factory=dict)

    def meet(self, picture: Picture) -> Met | None:
        """The page that a picture shows, if we printed it and it lies over its print."""
        gray = np.asarray(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        seen = find_code(gray)
        found = self._document(seen.mark) if seen is not None else None
        if seen is None or found is None:
            return None
        sheet = _Sheet(found[1], seen.mark.page)
        code = find_code(sheet.fine)
        if code is None or code.mark != seen.mark:
            return None
        return _laid(picture.pixels, gray, seen, sheet, code, found[0])

    def _document(self, mark: PrintMark) -> tuple[FieldMap, Path] | None:
        if mark.document_id not in self._known:
            folder = self.borrow(mark.document_id)
            self._known[mark.document_id] = None if folder is None else _opened(folder)
        found = self._known[mark.document_id]
        if found is None or not 0 <= mark.page < len(found[0].pages):
            return None
        return found if (found[0].form, found[0].edition) == (mark.form, mark.edition) else None


def _opened(folder: Path) -> tuple[FieldMap, Path] | None:
    try:
        return FieldMap.from_plain(json.loads((folder / MAP_FILE).read_text(encoding="utf-8"))), folder / PRINT_FILE
    except UnusableDataError:
        return None  # of an older version of the program


@dataclass(frozen=True)
class _Sheet:
    """A page of a print, drawn in colour, for PDFium's grey pictures are less true to the outlines."""

    path: Path
    page: int

    @cached_property
    def fine(self) -> Gray:
        """As a printer draws it.

        PDFium lays characters on whole pixels: the page is drawn finer and made smaller, as paper is by a scanner.
        """
        drawn = self._at(DRAWN * WORK_DPI)
        high, wide = drawn.shape
        return _resized(drawn, (round(wide / DRAWN), round(high / DRAWN)))

    def like(self, dpi: float) -> Gray:
        """As a program draws it that makes a picture of the usual resolution next to ``dpi``."""
        high, wide = self.fine.shape
        return _resized(self._at(min(USUAL_DPI, key=lambda usual: abs(usual - dpi))), (wide, high))

    def _at(self, dpi: float) -> Gray:
        with pypdfium2.PdfDocument(self.path) as document:
            drawn = document[self.page].render(scale=dpi / 72).to_numpy()
        return np.asarray(cv2.cvtColor(drawn, cv2.COLOR_BGR2GRAY), np.uint8)


def _resized(gray: Gray, size: tuple[int, int]) -> Gray:
    if gray.shape == size[::-1]:
        return gray
    how = cv2.INTER_AREA if gray.shape[1] > size[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, size, interpolation=how), np.uint8)


def _laid(pixels: Rgb, gray: Gray, seen: CodeSeen, sheet: _Sheet, code: CodeSeen, field_map: FieldMap) -> Met | None:
    factor = _side(code) / max(1.0, _side(seen))
    dpi = WORK_DPI / factor
    if factor < FINER:
        pixels = np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
        gray = np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
        seen = replace(seen, corners=(seen.corners + 0.5) * factor - 0.5)
    fine = sheet.fine
    with ThreadPoolExecutor(1) as beside:
        like = beside.submit(sheet.like, dpi)
        flat = _flat(pixels, gray, seen, fine, code)
        prints = (fine, like.result())
    return None if flat is None else Met(flat, seen.mark, _mark_box(code), prints, dpi, field_map)


def _flat(pixels: Rgb, gray: Gray, seen: CodeSeen, fine: Gray, code: CodeSeen) -> Rgb | None:
    """The picture laid over the print, ``None`` where it does not fit."""
    matrix = lay_over(gray, seen, fine, code)
    if matrix is None:
        return None
    high, wide = fine.shape
    paper = tuple(int(value) for value in np.percentile(pixels[::8, ::8].reshape(-1, 3), 80, axis=0))
    with all_threads():
        flat = cv2.warpPerspective(
            pixels, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
        )
    return _settled(np.asarray(flat, np.uint8), fine)


def _settled(flat: Rgb, printed: Gray) -> Rgb:
    """The page without what its paper and its feeder did to it in places."""
    gray = np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY), np.uint8)
    moved: Gray = gray
    offs: list[Sequence[Floats]] = []
    for number in range(ROUNDS):
        off = drift(moved, printed)
        if off is None:
            break
        offs.append(drawn_out(off))
        if number + 1 < ROUNDS:
            moved = _moved(gray, offs)
    return _moved(flat, offs) if offs else flat


def _moved(picture: Gray | Rgb, offs: Sequence[Sequence[Floats]]) -> npt.NDArray[np.uint8]:
    """A picture of which each pixel is taken from so many columns and rows beside it, those of all rounds together."""
    high, wide = picture.shape[:2]
    moved = np.empty_like(picture)

    def part(band: slice) -> None:
        along, across = (sum(planes[axis][band, :wide] for planes in offs) for axis in (0, 1))
        xs = along + np.arange(wide, dtype=np.float32)
        ys = across + np.arange(band.start, band.stop, dtype=np.float32)[:, None]
        moved[band] = cv2.remap(picture, xs, ys, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)

    side_by_side(part, [slice(top, min(top + BAND, high)) for top in range(0, high, BAND)])
    return moved


def _mark_box(code: CodeSeen) -> PixelBox:
    """The code with its quiet zone, and the letters to its left."""
    left, top = (int(edge) for edge in np.floor(code.corners.min(axis=0)))
    right, bottom = (int(edge) for edge in np.ceil(code.corners.max(axis=0)))
    edge = mm(QUIET)
    return max(0, left - mm(LETTERS)), max(0, top - edge), right + edge, bottom + edge


def _side(code: CodeSeen) -> float:
    return float(np.mean(np.linalg.norm(np.roll(code.corners, 1, axis=0) - code.corners, axis=1)))

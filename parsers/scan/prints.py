"""Pages that we printed ourselves, borrowed by the id of their mark and laid under the picture that came back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from forms.errors import UnusableDataError
from forms.fieldmap import FieldMap, PrintedPage
from parsers.document import PrintMark
from parsers.issued import MAP_FILE, PRINT_FILE, Borrow
from parsers.picture import Picture
from parsers.scan.registering import CodeSeen, find_code, lay_over
from parsers.scan.units import WORK_DPI, Gray, Rgb

FINER = 0.9
"""Scale below which a picture is made smaller before it is laid over the print, so that no line is skipped."""


@dataclass(frozen=True, slots=True)
class Met:
    """A page laid over the print it came from, in the print's own frame: pixels, mark, and how it was printed."""

    pixels: Rgb
    mark: PrintMark
    printed: Gray
    field_map: FieldMap

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
        printed = _drawn(found[1], seen.mark.page)
        code = find_code(printed)
        if code is None or code.mark != seen.mark:
            return None
        return _laid(picture.pixels, gray, seen, printed, code, found[0])

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


def _drawn(path: Path, page: int) -> Gray:
    """A page of a print at working resolution."""
    with pypdfium2.PdfDocument(path) as document:
        picture = document[page].render(scale=WORK_DPI / 72, grayscale=True).to_numpy()
        return np.ascontiguousarray(picture[..., 0] if picture.ndim == 3 else picture)


def _laid(pixels: Rgb, gray: Gray, seen: CodeSeen, printed: Gray, code: CodeSeen, field_map: FieldMap) -> Met | None:
    factor = _side(code) / max(1.0, _side(seen))
    if factor < FINER:
        pixels = np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
        gray = np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
        seen = replace(seen, corners=(seen.corners + 0.5) * factor - 0.5)
    matrix = lay_over(gray, seen, printed, code)
    if matrix is None:
        return None
    high, wide = printed.shape
    paper = tuple(int(value) for value in np.percentile(pixels[::8, ::8].reshape(-1, 3), 80, axis=0))
    flat = cv2.warpPerspective(
        pixels, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    )
    return Met(np.asarray(flat, np.uint8), seen.mark, printed, field_map)


def _side(code: CodeSeen) -> float:
    return float(np.mean(np.linalg.norm(np.roll(code.corners, 1, axis=0) - code.corners, axis=1)))

"""How much larger a page of a PDF is drawn than the scan that fills it: drawing adds nothing to what a scanner saw."""

from __future__ import annotations

import pypdfium2
from pypdfium2 import PdfiumError

FILLS = 0.7
"""Part of a page's longer side that a picture takes which is a scan of it."""


def enlarged(page: pypdfium2.PdfPage, pixels: int) -> float:
    """How many pixels of a page, drawn with ``pixels`` on its longer side, are one of the picture that fills it.

    1 where no picture does, or none whose size can be told.
    """
    longer = max(page.get_size())
    try:
        for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
            left, bottom, right, top = item.get_bounds()
            own = max(right - left, top - bottom)
            if own >= FILLS * longer:
                return float(pixels / longer * own / max(1, *item.get_px_size()))
    except PdfiumError:
        return 1.0  # a page is not lost for this
    return 1.0

"""Our print mark on a page: the QR code in the margin, and where its printed words stand, which are no data."""

from __future__ import annotations

import math
from dataclasses import dataclass

import zxingcpp

from parsers.document import PrintMark
from parsers.printmark import find_mark, parse_mark
from parsers.scan.units import Gray, PixelBox, mm

CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
"""Ours is one of these; to look for all that there are takes fifteen times as long."""
REACH = 4.0
"""Millimetres around the code within which its own words are printed."""


@dataclass(frozen=True, slots=True)
class MarkFound:
    """The mark and the box of its code in working pixels."""

    mark: PrintMark
    box: PixelBox
    turn: int = 0
    """Quarter turns, against the clock, that set the page upright: the code is printed upright on it."""


def find_print_mark(gray: Gray) -> MarkFound | None:
    """The mark of a page in any direction; ``None`` when it has none that can be read."""
    for found in zxingcpp.read_barcodes(gray, formats=CODES, try_invert=False):
        mark = parse_mark(found.text)
        if mark is not None:
            place = found.position
            xs = [corner.x for corner in (place.top_left, place.top_right, place.bottom_left, place.bottom_right)]
            ys = [corner.y for corner in (place.top_left, place.top_right, place.bottom_left, place.bottom_right)]
            run = place.top_right.x - place.top_left.x, place.top_right.y - place.top_left.y
            return MarkFound(mark, (min(xs), min(ys), max(xs), max(ys)), _turn(*run))
    return None


def _turn(right: float, down: float) -> int:
    """The quarter turns that make a direction point to the right; downwards is one."""
    return round(math.degrees(math.atan2(down, right)) / 90) % 4


def belongs_to_mark(text: str, box: PixelBox, found: MarkFound | None) -> bool:
    """Whether a line of text is the mark's own number, not data."""
    if find_mark(text) is not None or text.startswith("HZBD1"):
        return True
    if found is None:
        return False
    reach = mm(REACH)
    left, top, right, bottom = found.box
    inside = (
        left - reach <= (box[0] + box[2]) / 2 <= right + reach
        and top - reach <= (box[1] + box[3]) / 2 <= bottom + reach
    )
    bare = "".join(text.split())
    return inside or found.mark.document_id in bare or (len(bare) >= 6 and bare in found.mark.document_id)

"""Signatures that show where a copy's seals are not bleached, at places where none was found.

With a seal thin strokes go, and those of a pen paler than print come to pieces. What is found here a person looks at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from parsers.scan.daystrips import STROKE
from parsers.scan.inktest import Sheet
from parsers.scan.seals import SealFound
from parsers.scan.signatures import Signed, SignPlace, find_signatures
from parsers.scan.units import Gray, PixelBox


def signed_again(
    sheet: Sheet,
    plain: Gray,
    lacking: Sequence[SignPlace],
    height: float,
    circles: Sequence[SealFound],
    days: Sequence[PixelBox],
) -> tuple[Signed, ...]:
    """The signatures at places ``lacking`` one, on a page with seals that are not red; none on any other.

    Args:
        sheet: the page without these seals.
        plain: the same page with its seals and its rules.
        lacking: where no signature was found.
        height: of the page's ordinary type, in pixels.
        circles: the seals.
        days: where days are written.
    """
    if not circles or not lacking:
        return ()
    dark = (plain < 255 - (255 - sheet.black) * STROKE) & (sheet.ruled == 0)
    found = find_signatures(replace(sheet, ink=np.where(dark, 255, 0).astype(np.uint8)), lacking, height, circles, days)
    return tuple(one for one in found if one.sure and not one.aside)

"""The name of a seal cut out of the words along its rim, for a second look at what was not surely read.

The whole ring holds more than the name: rules of the form, print, strokes of a pen, rims of other seals, and, on a
copy, all of that as black as the name itself. Beside it the name is small, and the recogniser drops characters.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.seals import SealFound
from parsers.scan.sealtext import ARCHED, MARGIN, Around, closed, ring_of, widest_gap
from parsers.scan.units import Gray, Mask

GAPS = (0.2, 0.35)
"""Parts of the radius up to which a gap may be one inside the name: between characters set close, and set wide."""
NARROWEST = 0.4
"""Part of the radius that a name is wide at least."""
SHARPER, AROUND = 0.8, 2.0
"""How much of what a stroke differs from its surroundings is added to it, and pixels of the surroundings."""


def cuts_of(
    red_ink: Gray, seal: SealFound, others: Sequence[SealFound] = (), ruled: Mask | None = None
) -> tuple[Gray, ...]:
    """The name alone, as pictures of one line: what is written closest together, cut narrowly and widely, and sharper.

    Arguments as of :func:`parsers.scan.sealtext.strip_of`; ``ruled`` are the pixels of rules where these are of the
    seal's own colour: one more picture is without them, for they cross characters as strokes. A seal of another shape
    than a round or oval one has no such pictures.
    """
    if seal.shape not in ARCHED:
        return ()
    cuts = _cuts(red_ink, seal, others)
    if ruled is None:
        return cuts
    bare = np.asarray(np.where(ruled > 0, 255, red_ink), np.uint8)
    return (*cuts, *_cuts(bare, seal, others)[:1])


def _cuts(red_ink: Gray, seal: SealFound, others: Sequence[SealFound]) -> tuple[Gray, ...]:
    ring = ring_of(red_ink, seal, others)
    if ring is None:
        return ()
    radius = min(seal.axes)
    runs = dict.fromkeys(_longest(closed(ring.filled, round(gap * radius))) for gap in GAPS)
    named = [(start, length) for start, length in runs if length >= NARROWEST * radius]
    cuts = [_cut(ring, start, length, round(MARGIN * radius)) for start, length in named]
    return (*cuts, *(_sharper(cut) for cut in cuts[:1]))


def _longest(filled: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Start and length of the longest run of filled columns on a closed ring."""
    return widest_gap(~filled)


def _cut(ring: Around, start: int, length: int, margin: int) -> Gray:
    wide = min(ring.strip.shape[1], length + 2 * margin)
    return ring.laid(np.roll(ring.strip, margin - start, axis=1)[:, :wide])


def _sharper(cut: Gray) -> Gray:
    plain = cut.astype(np.float32)
    soft = cv2.GaussianBlur(plain, (0, 0), AROUND)
    return np.asarray(np.clip(plain + SHARPER * (plain - soft), 0, 255), np.uint8)

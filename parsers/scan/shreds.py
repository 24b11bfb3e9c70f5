"""Characters of pale small type that a copier left in shreds, each too small and too pale to be a stroke by itself.

Beside characters of the same line that came out better, shreds that lie together as high and as wide as a character,
and that are nearly as dark as those, are one, too: 刘良 is not all of 刘良顺.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.units import Gray, Mask, mm

TOGETHER = 0.3
"""Millimetres between shreds of one character."""
HIGH, WIDE = (0.6, 1.3), (0.35, 1.3)
"""Parts of the height of the line's other characters that one in shreds is high, and wide."""
LEVEL = 0.7
"""Part of its height that it shares with one of them."""
BESIDE = 1.4
"""Their heights that lie between it and one of them at most."""
AS_DARK = 0.5
"""Part of their darkness that its own is at least."""


@dataclass(frozen=True, slots=True)
class _Blob:
    left: int
    top: int
    right: int
    bottom: int
    darkness: float

    @property
    def height(self) -> int:
        return self.bottom - self.top


def in_shreds(gray: Gray, faint: Mask, strokes: Mask, near_red: Mask | None = None) -> Mask:
    """The pixels (255) of characters in shreds in a cell.

    Args:
        gray: the cell.
        faint: what is darker than paper in it, strokes and all.
        strokes: what is surely writing.
        near_red: where a seal's remains may be; nothing there is taken for a character.
    """
    found = np.zeros_like(strokes)
    rest = cv2.subtract(faint, cv2.dilate(strokes, np.ones((3, 3), np.uint8)))
    if near_red is not None:
        rest = cv2.subtract(rest, near_red)
    if not rest.any():
        return found
    written, _ = _blobs(gray, strokes)
    shreds, labels = _blobs(gray, np.asarray(rest, np.uint8))
    written = [blob for blob in written if blob.height >= mm(1)]
    if not written:
        return found
    usual = float(np.median([blob.height for blob in written]))
    dark = float(np.median([blob.darkness for blob in written]))
    open_ = {label: blob for label, blob in enumerate(shreds, start=1) if _is_character(blob, usual, dark)}
    while taken := [label for label, blob in open_.items() if any(_is_beside(blob, one, usual) for one in written)]:
        for label in taken:
            blob = open_.pop(label)
            written.append(blob)
            place = (slice(blob.top, blob.bottom), slice(blob.left, blob.right))
            found[place][(labels[place] == label) & (rest[place] > 0)] = 255
    return found


def _blobs(gray: Gray, mask: Mask) -> tuple[Sequence[_Blob], npt.NDArray[np.int32]]:
    """What lies together in a mask, in the order of its labels, and the label of each pixel."""
    reach = mm(TOGETHER)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    count, found, stats, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    labels = np.asarray(found, np.int32)
    blobs = []
    for label in range(1, count):
        left, top, wide, high, _ = (int(value) for value in stats[label])
        # Only where it lies: on a page of a thousand specks the whole page would be gone over a thousand times.
        place = (slice(top, top + high), slice(left, left + wide))
        own = gray[place][(labels[place] == label) & (mask[place] > 0)]
        darkness = 255.0 - float(np.percentile(own, 20)) if own.size else 0.0
        blobs.append(_Blob(left, top, left + wide, top + high, darkness))
    return blobs, labels


def _is_character(blob: _Blob, usual: float, dark: float) -> bool:
    wide = blob.right - blob.left
    return (
        HIGH[0] * usual <= blob.height <= HIGH[1] * usual
        and WIDE[0] * usual <= wide <= WIDE[1] * usual
        and blob.darkness >= AS_DARK * dark
    )


def _is_beside(blob: _Blob, other: _Blob, usual: float) -> bool:
    shared = min(blob.bottom, other.bottom) - max(blob.top, other.top)
    apart = max(blob.left - other.right, other.left - blob.right)
    return shared >= LEVEL * min(blob.height, other.height) and apart <= BESIDE * usual

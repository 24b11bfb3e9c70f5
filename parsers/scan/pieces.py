"""The connected pieces of a page's level runs, in labels of two bytes, which take a third of the time of four."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.units import Mask

MOST = 2**16 - 1
"""Labels that two bytes have."""

Labels = npt.NDArray[np.integer[Any]]


def pieces_of_runs(runs: Mask, least: int) -> tuple[Labels, npt.NDArray[np.int32]]:
    """The label of each pixel, and of each label left, top, width, height and area; label 0 is the ground.

    Args:
        runs: a mask of which every row holds nothing but runs of at least ``least`` pixels.
        least: a new piece begins with a run that touches none above it, so that the next one to begin in its row or
            in the row above stands as far off again: this bounds the labels that are ever handed out.
    """
    kind = cv2.CV_16U if runs.size < MOST * 2 * least else cv2.CV_32S
    _, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8, ltype=kind)
    return labels.astype(np.uint16 if kind == cv2.CV_16U else np.int32, copy=False), np.asarray(stats, np.int32)

"""The pieces of level runs, in small labels and in large ones."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.pieces import MOST, pieces_of_runs

LEAST = 20


@pytest.mark.parametrize("high", [300, MOST * 2 * LEAST // 500 + 1])
def test_pieces_are_those_of_the_library_whatever_the_labels(high: int) -> None:
    chance = np.random.default_rng(3)
    runs = np.zeros((high, 500), np.uint8)
    for row, left in zip(chance.integers(0, 300, 400), chance.integers(0, 500 - LEAST, 400), strict=True):
        runs[row, left : left + LEAST] = 255
    labels, stats = pieces_of_runs(runs, LEAST)
    _, wanted, boxes, _ = cv2.connectedComponentsWithStats(runs)
    assert labels.dtype == (np.uint16 if high == 300 else np.int32)
    assert np.array_equal(labels, wanted)
    assert np.array_equal(stats, boxes)

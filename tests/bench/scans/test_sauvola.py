"""The threshold lent to img2table."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.scans import sauvola


def test_strokes_stand_out_of_an_uneven_ground() -> None:
    ground = np.tile(np.linspace(120, 250, 200).astype(np.uint8), (40, 1))
    ground[18:21] = ground[18:21] // 3
    dark = sauvola.threshold(ground, 255, cv2.THRESH_BINARY_INV, 11, 0.2) == 255
    assert dark[19].all()
    assert not dark[:12].any()
    assert not dark[28:].any()


def test_what_img2table_does_not_ask_for_is_refused() -> None:
    with pytest.raises(ValueError, match="Sauvola"):
        sauvola.threshold(np.zeros((9, 9), np.uint8), 255, cv2.THRESH_BINARY, 11, 0.2)

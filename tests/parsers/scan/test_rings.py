"""Sums along rings, told by frequencies, beside those taken pixel by pixel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.rings import Floats, _contrast, _Waves, find_rings
from parsers.scan.units import mm


@pytest.mark.parametrize("shape", [(90, 70), (5, 120), (3, 3)])
@pytest.mark.parametrize("radius", [11, 35])
def test_sums_are_those_of_the_pixels(shape: tuple[int, int], radius: int) -> None:
    picture: Floats = np.random.default_rng(7).random(shape, np.float32)
    wanted = cv2.filter2D(picture, cv2.CV_32F, _contrast(radius), borderType=cv2.BORDER_CONSTANT)
    np.testing.assert_allclose(_Waves.of(picture, 35).summed(_contrast(radius)), wanted, atol=1e-5)


def test_a_ring_that_the_edge_cuts_is_not_sought_on_the_other_side() -> None:
    ink = np.zeros((mm(60), mm(90)), np.uint8)
    cv2.circle(ink, (mm(12), mm(30)), mm(18), 255, mm(0.8))
    (ring,) = find_rings(ink, 0.55)
    assert (ring.x, ring.y, ring.radius) == pytest.approx((mm(12), mm(30), mm(18)), abs=2)
    assert not ring.whole

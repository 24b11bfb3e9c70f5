"""Grain is smoothed where it lies; clean pages, noise, halftone-free copies and small print are left as they are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.picture import Picture
from parsers.scan.grain import find_grain, without_grain
from parsers.scan.units import Rgb
from samples.paper import copying, degrading
from tests.parsers.scan.printed import cards, dice, paper_of


def peppered(page: Rgb, share: float, rows: slice) -> Rgb:
    """The page with so many of the pixels of its rows black."""
    worn = page.copy()
    dots = np.random.default_rng(5).random(page.shape[:2]) < share
    worn[rows][dots[rows]] = 20
    return worn


@pytest.mark.parametrize("share", [0.15, 0.3])
def test_grain_is_found_where_it_lies_and_its_dots_go(share: float) -> None:
    page = paper_of(cards()[0])
    worn = peppered(page, share, slice(0, 800))
    found = find_grain(np.ascontiguousarray(worn[..., 0]))
    seen = cv2.resize(found, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_NEAREST)
    assert (seen[:700] > 0).mean() > 0.95
    assert (seen[950:] > 0).mean() == 0
    smooth = without_grain(Picture(worn)).pixels
    assert np.array_equal(smooth[950:], worn[950:])
    paper = page[:700, :, 0] > 250
    assert (smooth[:700, :, 0][paper] < 128).mean() < 0.5 * (worn[:700, :, 0][paper] < 128).mean()
    ink = cv2.erode((page[:700, :, 0] < 60).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert (smooth[:700, :, 0][ink] < 128).mean() > 0.95, "strokes stay"


@pytest.mark.parametrize("wear", [lambda page, _: page, copying.photocopied, copying.faxed, degrading.photographed])
def test_other_pages_stay_as_they_are(wear: object) -> None:
    assert callable(wear)
    picture = Picture(degrading.noisy(wear(paper_of(cards()[0]), dice(3)), 6, dice(4)))
    assert without_grain(picture) is picture

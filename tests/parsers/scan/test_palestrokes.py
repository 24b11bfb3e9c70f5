"""Strokes too pale to be ink are seen to stand somewhere; stains, edges of shadows and seals are none."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.palestrokes import pale_strokes, stands_in
from parsers.scan.seals import SealFound
from parsers.scan.units import Gray, PixelBox, mm

BOX: PixelBox = (mm(20), mm(20), mm(70), mm(50))
CIRCLE = SealFound((mm(25), mm(20), mm(65), mm(60)), "round", 0.95, (mm(45), mm(40)), (mm(20), mm(20)))


def page(*, written: bool) -> Gray:
    """Even paper with some black print, with or without a scrawl of a light pen."""
    paper = np.full((mm(80), mm(100)), 255, np.uint8)
    cv2.putText(paper, "2026", (mm(22), mm(45)), cv2.FONT_HERSHEY_SIMPLEX, 1, 0, 2)
    if written:
        points = np.array([[mm(30 + 3 * k), mm(28 + 4 * (k % 2))] for k in range(8)], np.int32)
        cv2.polylines(paper, [points], isClosed=False, color=195, thickness=4, lineType=cv2.LINE_AA)
    return paper


def ink(paper: Gray) -> Gray:
    return np.where(paper < 150, 255, 0).astype(np.uint8)


def test_a_light_pen_stands_somewhere() -> None:
    assert stands_in(pale_strokes(page(written=True), ink(page(written=True)), ()), BOX)


def test_print_alone_stands_nowhere() -> None:
    assert not pale_strokes(page(written=False), ink(page(written=False)), ()).any()


def test_the_edge_of_a_shadow_and_a_stain_are_no_strokes() -> None:
    paper = page(written=False)
    shade = np.clip((np.arange(paper.shape[1]) - mm(40)) / mm(2), 0, 1) * 70
    dim = np.minimum(paper, 255 - shade[None, :]).astype(np.uint8)
    cv2.circle(dim, (mm(30), mm(30)), mm(4), 190, -1)
    assert not stands_in(pale_strokes(dim, ink(paper), ()), BOX)


def test_strokes_within_a_grey_seal_are_its_own() -> None:
    assert not stands_in(pale_strokes(page(written=True), ink(page(written=True)), (CIRCLE,)), BOX)

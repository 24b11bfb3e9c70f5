"""A signature that went when a copied seal was bleached shows on the page as it came; a seal alone does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.seals import SealFound
from parsers.scan.signatures import SignPlace
from parsers.scan.signedagain import signed_again
from parsers.scan.units import Gray, mm
from tests.parsers.scan.drawing import paper, sheet_of
from tests.parsers.scan.test_signatures import CELL, HEIGHT, guide

MIDDLE, RADIUS = (mm(52), mm(36)), mm(19)
SEAL = SealFound(
    (MIDDLE[0] - RADIUS, MIDDLE[1] - RADIUS, MIDDLE[0] + RADIUS, MIDDLE[1] + RADIUS),
    "round",
    0.95,
    (float(MIDDLE[0]), float(MIDDLE[1])),
    (float(RADIUS), float(RADIUS)),
)


def copied(*, signed: bool) -> tuple[Gray, Gray, SignPlace]:
    """A box under a grey seal as it came, the same bleached, and the place: the pen is as pale as the seal."""
    bleached = paper(90, 60)
    place = SignPlace(CELL, (guide(bleached, "负责人签字：", (14, 26)),))
    page = bleached.copy()
    cv2.circle(page, MIDDLE, RADIUS, 130, mm(1))
    cv2.circle(page, MIDDLE, mm(5), 130, -1)
    for angle in range(200, 341, 20):
        at = (
            MIDDLE[0] + round(0.83 * RADIUS * np.cos(np.radians(angle))),
            MIDDLE[1] + round(0.83 * RADIUS * np.sin(np.radians(angle))),
        )
        cv2.rectangle(page, (at[0] - mm(1.5), at[1] - mm(1.5)), (at[0] + mm(1.5), at[1] + mm(1.5)), 130, 2)
    if signed:
        points = np.array([[mm(43 + 1.5 * k), mm(25 + 2.5 * (k % 2))] for k in range(10)], np.int32)
        cv2.polylines(page, [points], isClosed=False, color=130, thickness=3, lineType=cv2.LINE_AA)
    return page, bleached, place


@pytest.mark.parametrize("signed", [True, False])
def test_what_was_bleached_with_a_seal_is_seen_on_the_page_as_it_came(*, signed: bool) -> None:
    page, bleached, place = copied(signed=signed)
    found = signed_again(sheet_of(bleached), page, [place], HEIGHT, [SEAL], [])
    assert len(found) == signed


def test_without_a_copied_seal_there_is_no_second_look() -> None:
    page, bleached, place = copied(signed=True)
    assert signed_again(sheet_of(bleached), page, [place], HEIGHT, [], []) == ()

"""Streaks go, what lies under them stays, and no ruling is taken for a streak."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.picture import Picture
from parsers.scan.streaks import cleaned, find_streaks, with_lost_lines, without_streaks
from parsers.scan.units import Rgb, mm


def _page() -> Rgb:
    """A page of A4 with a table of thin rules and some writing."""
    page = np.full((2339, 1654, 3), 250, np.uint8)
    for x in range(200, 1500, 260):
        cv2.line(page, (x, 300), (x, 1900), (0, 0, 0), 2)
    for y in range(300, 1901, 160):
        cv2.line(page, (200, y), (1500, y), (0, 0, 0), 2)
    for y in range(380, 1880, 160):
        cv2.putText(page, "3207991985", (230, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0, 0, 0), 2)
    return page


def _streaked(page: Rgb, top: int, bottom: int, depth: int, wide: int = 2) -> Rgb:
    mask = np.zeros(page.shape[:2], np.uint8)
    cv2.line(mask, (top, 0), (bottom, page.shape[0] - 1), 255, wide)
    worn = page.astype(np.int16)
    worn[mask > 0] -= depth
    return np.clip(worn, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("top", "bottom"), [(333, 333), (333, 332), (700, 722), (1300, 1262)])
def test_a_streak_from_edge_to_edge_is_found_and_lifted(top: int, bottom: int) -> None:
    page = _page()
    worn = _streaked(page, top, bottom, 90)
    (streak,) = find_streaks(worn[..., 0])
    assert abs(streak.start - top) <= 3
    assert abs(streak.end - bottom) <= 3
    lifted = without_streaks(worn)
    paper, black = page.min(axis=2) > 200, page.max(axis=2) < 60
    assert (lifted[paper] < 190).mean() < 2e-4
    assert (lifted[black] > 100).mean() < 0.002, "what is written under it stays"


@pytest.mark.parametrize("edge", [9, 12, 40])
def test_a_black_edge_of_a_copy_hides_no_streak(edge: int) -> None:
    """An edge of little more than a millimetre was taken for the border of a table that fills the picture."""
    worn = _streaked(_page(), 333, 333, 90)
    worn[:edge] = worn[-edge:] = 40
    assert [round(streak.start / 10) for streak in find_streaks(worn[..., 0])] == [33]


def test_a_black_streak_is_closed_and_rules_across_stay() -> None:
    page = _page()
    lifted = without_streaks(_streaked(page, 333, 333, 240, wide=3))
    assert lifted[1000, 325:342].min() > 200
    assert lifted[460, 325:342].max() < 100


def test_streaks_across_are_lifted_too() -> None:
    page = np.ascontiguousarray(_page()[:1400].transpose(1, 0, 2))
    worn = _streaked(page, 77, 77, 80)
    assert (without_streaks(worn)[:, 70:85] < 190).mean() < (worn[:, 70:85] < 190).mean() / 10


def test_rules_of_a_table_that_fills_the_picture_are_no_streaks() -> None:
    table = np.ascontiguousarray(_page()[300:1900, 200:1500])
    assert without_streaks(table) is table


@pytest.mark.parametrize("side", ["right", "bottom"])
def test_rules_that_the_pages_edge_cuts_are_no_streaks(side: str) -> None:
    """A table that is wider than its paper: its rules fill nearly all of it, but not the margin where it begins."""
    page = np.full((1654, 2339, 3), 250, np.uint8)
    for y in range(250, 570, 63):
        cv2.line(page, (90, y), (2338, y), (0, 0, 0), 2)
    for x in range(90, 2300, 150):
        cv2.line(page, (x, 250), (x, 565), (0, 0, 0), 2)
    page = page if side == "right" else np.ascontiguousarray(page.transpose(1, 0, 2))
    assert without_streaks(page) is page


def test_ruled_paper_stays_as_it_is() -> None:
    page = np.full((2339, 1654, 3), 250, np.uint8)
    page[:, 100:1600:150] = 120
    assert without_streaks(page) is page


def test_a_clean_page_is_the_same_picture() -> None:
    picture = Picture(_page())
    assert cleaned(picture) is picture


def test_a_line_lost_by_a_fax_is_filled_where_strokes_go_on() -> None:
    bits = np.where(_page() < 128, 0, 255).astype(np.uint8)
    torn = bits.copy()
    torn[365] = 255
    assert np.array_equal(np.minimum(with_lost_lines(torn)[365], bits[365]), bits[365])
    assert (with_lost_lines(torn)[365] == 0).sum() > 0.5 * (bits[365] == 0).sum()
    assert with_lost_lines(bits) is bits


def test_a_small_or_black_picture_is_borne() -> None:
    for page in (
        np.zeros((900, 700, 3), np.uint8),
        np.full((3, 5000, 3), 255, np.uint8),
        np.zeros((1, 1, 3), np.uint8),
    ):
        assert without_streaks(page) is page
    assert mm(1) == 8


def test_a_rule_on_grainy_paper_is_no_streak() -> None:
    """In grain something dark lies beside every row of the margins, so every rule seems to run on to the edges."""
    page = np.full((1654, 2339, 3), 235, np.uint8)
    for y in range(400, 1000, 140):
        cv2.line(page, (93, y), (2248, y), (0, 0, 0), 2)
    noise = np.random.default_rng(7).normal(0, 22, (1654, 2339, 1))
    grainy = np.clip(page + noise, 0, 255).astype(np.uint8)
    assert without_streaks(grainy) is grainy
    worn = without_streaks(_streaked(grainy, 333, 333, 120))
    assert np.median(worn[1000:1100, 333]) > 180

"""What counts as a difference: a stroke more or less, not an edge beside its place, a thicker print or a seal."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from parsers.scan.difference import Difference, Verdict, compare
from parsers.scan.units import Gray, Mask, PixelBox

WORDS = ("320799 2026", "8613 5069", "4471 3825")
CELL = (200, 240, 700, 320)
OTHER = (200, 440, 700, 520)


def page(words: tuple[str, ...] = WORDS) -> Gray:
    """A page of three cells, drawn fine and made smaller as a scanner does."""
    large = np.full((2400, 3600), 255, np.uint8)
    for row, text in enumerate((*words, *WORDS * 3)):
        place = (840 + 1200 * (row % 2), 1180 + 200 * (row // 2) if row % 2 else 1180 + 800 * (row // 2) - 80)
        cv2.putText(large, text, place if row < 4 else (80, 200 * row), cv2.FONT_HERSHEY_SIMPLEX, 3.0, 0, 10)
    return np.asarray(cv2.resize(large, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), np.uint8)


def nothing(gray: Gray) -> Mask:
    return np.zeros_like(gray)


def difference(gray: Gray, red: Mask | None = None, dpi: float = 200.0) -> Difference | None:
    return compare(gray, nothing(gray) if red is None else red, nothing(gray), [page()], dpi)


def verdict(gray: Gray, box: PixelBox, red: Mask | None = None) -> Verdict:
    found = difference(gray, red)
    assert found is not None
    return found.judge(box)


def noisy(gray: Gray, sigma: float = 8.0) -> Gray:
    noise = np.random.default_rng(1).normal(0, sigma, gray.shape)
    return np.asarray(np.clip(gray + noise, 0, 255), np.uint8)


def shifted(gray: Gray, by: float) -> Gray:
    matrix = np.asarray([[1, 0, by], [0, 1, by]], np.float32)
    return np.asarray(cv2.warpAffine(gray, matrix, gray.shape[::-1], borderValue=(255,)), np.uint8)


def whole(gray: Gray) -> PixelBox:
    return 0, 0, gray.shape[1], gray.shape[0]


@pytest.mark.parametrize(
    "worn",
    [
        lambda gray: gray,
        noisy,
        lambda gray: shifted(gray, 0.15),
        lambda gray: np.asarray(cv2.GaussianBlur(gray, (0, 0), 0.9), np.uint8),
        lambda gray: np.asarray(np.clip(cv2.GaussianBlur(gray, (0, 0), 0.8) * 1.5 - 160.0, 0, 255), np.uint8),
        lambda gray: np.asarray(60 + gray * 0.7, np.uint8),
    ],
    ids=["clean", "noise", "shift", "blur", "thick", "pale"],
)
def test_a_worn_print_is_as_printed(worn: object) -> None:
    assert callable(worn)
    gray = worn(page())
    assert verdict(gray, whole(gray)) is Verdict.AS_PRINTED


def test_a_stroke_more_is_seen() -> None:
    gray = noisy(page())
    ys, xs = np.nonzero(page() < 128)
    x, y = int(xs[len(xs) // 2]), int(ys[len(ys) // 2])
    cv2.line(gray, (x - 6, y + 5), (x + 6, y + 4), 60, 2)
    assert verdict(gray, (x - 20, y - 20, x + 20, y + 20)) is Verdict.CHANGED


def test_a_stroke_less_is_seen() -> None:
    gray = noisy(page())
    ys, xs = np.nonzero(page() < 128)
    x, y = int(xs[len(xs) // 2]), int(ys[len(ys) // 2])
    gray[y - 5 : y + 5, x - 5 : x + 5] = 255
    assert verdict(gray, (x - 20, y - 20, x + 20, y + 20)) is Verdict.CHANGED


def test_what_a_seal_may_have_left_is_read_and_not_called_a_change() -> None:
    gray, red = noisy(page()), nothing(page())
    cv2.line(gray, (20, 20), (60, 60), 120, 2)
    cv2.line(red, (20, 20), (60, 60), 255, 6)
    assert verdict(gray, (10, 10, 80, 80), red) is Verdict.UNCLEAR


def test_red_that_is_no_seal_is_never_believed() -> None:
    gray = noisy(page())
    loose = nothing(gray)
    cv2.line(loose, (20, 20), (60, 60), 255, 4)
    found = compare(gray, loose, loose, [page()], 200.0)
    assert found is not None
    assert found.judge((10, 10, 80, 80)) is Verdict.UNCLEAR


def test_a_page_too_pale_to_tell_is_not_compared() -> None:
    assert difference(np.asarray(235 + page() * 0.08, np.uint8)) is None


def test_a_white_page_has_nothing_to_learn_from() -> None:
    blank = np.full((400, 600), 255, np.uint8)
    assert compare(blank, nothing(blank), nothing(blank), [blank], 200.0) is None


def test_the_likest_drawing_is_taken() -> None:
    gray = noisy(page())
    found = compare(gray, nothing(gray), nothing(gray), [shifted(page(), 2.0), page()], 200.0)
    assert found is not None
    assert found.judge(whole(gray)) is Verdict.AS_PRINTED

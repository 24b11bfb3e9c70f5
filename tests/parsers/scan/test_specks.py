"""Specks go from a page that is strewn with them; dots of the writing stay."""

from __future__ import annotations

import tracemalloc

import cv2
import numpy as np

from parsers.scan.specks import without_specks
from parsers.scan.units import Gray, Mask, mm

TEXT = (300, 400)


def _page() -> Gray:
    """Figures with a decimal point, a colon, a comma behind a character, a dot between two."""
    page = np.full((1400, 1000), 255, np.uint8)
    x, y = TEXT
    for place, text in ((0, "2026"), (90, "08")):
        cv2.putText(page, text, (x + place, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    for dot in ((x + 80, y - 1), (x + 160, y - 16), (x + 160, y - 4)):
        cv2.circle(page, dot, 2, 0, -1)
    for left in (300, 360):
        cv2.rectangle(page, (left, 600), (left + 24, 624), 0, 2)
    cv2.circle(page, (342, 612), 2, 0, -1)
    cv2.ellipse(page, (392, 622), (2, 4), 0, 0, 360, 0, -1)
    return page


def _ink(page: Gray) -> Mask:
    return np.asarray((page < 128).astype(np.uint8) * 255, np.uint8)


def _strewn(page: Gray) -> Gray:
    worn = page.copy()
    for step in range(40):
        cv2.circle(worn, (60 + 22 * step, 800 + (step * 97) % 500), 1 + step % 2, 50, -1)
    return worn


def test_specks_go_and_dots_of_writing_stay() -> None:
    page = _page()
    bare = without_specks(_strewn(page), _ink(_strewn(page)))
    assert np.array_equal(bare.ink, _ink(page))
    assert bare.gray[700:].min() > 200
    assert bare.open is not None
    assert bare.open[TEXT[1] - 1, TEXT[0] + 80] == 255, "a dot of a speck's size beside writing"


def test_a_page_with_few_dots_is_left_as_it_is() -> None:
    page = _page()
    cv2.circle(page, (700, 900), 2, 0, -1)
    ink = _ink(page)
    bare = without_specks(page, ink)
    assert bare.gray is page
    assert bare.ink is ink


def test_what_is_left_of_thin_strokes_stays() -> None:
    worn = _strewn(_page())
    for x, y in ((700, 300), (709, 305), (703, 314), (716, 312)):
        cv2.circle(worn, (x, y), 1, 0, -1)
    ink = without_specks(worn, _ink(worn)).ink
    assert np.count_nonzero(ink[290:325, 690 : 690 + mm(5)]) == np.count_nonzero(_ink(worn)[290:325, 690 : 690 + mm(5)])


def test_a_ditto_mark_stays() -> None:
    worn = _strewn(_page())
    for left in (700, 705):
        cv2.line(worn, (left + 2, 300), (left, 306), 0, 1)
    ink = without_specks(worn, _ink(worn)).ink
    assert np.count_nonzero(ink[298:309, 698:710]) == np.count_nonzero(_ink(worn)[298:309, 698:710])


def test_a_page_of_pepper_is_done_in_the_memory_of_a_page() -> None:
    """Twenty thousand dots, each beside each other, would be gigabytes."""
    page = _page()
    state = np.random.default_rng(5)
    page[state.integers(0, 1400, 20_000), state.integers(0, 1000, 20_000)] = 40
    tracemalloc.start()
    try:
        without_specks(page, _ink(page))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 200 * page.nbytes

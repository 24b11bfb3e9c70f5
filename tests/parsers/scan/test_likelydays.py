"""Days that lost their signs, held against the calendar and the room between what was read."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from forms.fieldtypes.registry import make_type
from parsers.decoder import Decoded
from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph
from parsers.scan.asking import Asked
from parsers.scan.likelydays import as_likely_day, likely_days
from parsers.scan.lines import compose
from parsers.scan.readlines import ReadLine

EM = 24


def written(said: str, meant: str = "", *, sure: float = 0.6, care: int = 3) -> ReadLine:
    """A line of which ``said`` was read where ``meant`` stands, character by character; _ in it: one that was lost."""
    meant = meant or said
    wide = [EM // 2 if mark.isdigit() else EM for mark in meant]
    lefts = [10 + sum(wide[:place]) for place in range(len(wide) + 1)]
    crop = np.full((30, lefts[-1] + 10), 255, np.uint8)
    line = compose(crop, [(0, 0, crop.shape[1], 30)], 30)
    middles = [(left + right) / 2 / line.crop.shape[1] for left, right in pairwise(lefts)]
    glyphs = tuple(Glyph(mark, 1.0, at) for mark, at in zip(said, middles, strict=True) if mark != "_")
    text = said.replace("_", "")
    read = LineReading(text, sure, glyphs, ())
    return ReadLine(line, read, read, text, sure, care=care)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2025年10595", "2025年10月9日"),
        ("2025年3月25月", "2025年3月25日"),
        ("2024年7月9E", "2024年7月9日"),
        ("2028年10_8日", "2028年10月8日"),
        ("2026年75295", "2026年7月29日"),
        ("2024年5_11日", "2024年5月11日"),
    ],
)
def test_the_calendar_and_the_room_tell_the_day(said: str, meant: str) -> None:
    assert likely_days([written(said, meant)])[0].text == meant


def test_a_day_over_two_lines_is_one() -> None:
    assert likely_days([written("2018年5"), written("号19E", "月19日")])[0].text == "2018年5月19日"


def test_what_is_no_day_stays_as_it_is() -> None:
    assert likely_days([written("办公会研究同意")]) == []
    assert likely_days([written("013")]) == []


def judged(line: ReadLine, decoded: Decoded) -> Decoded:
    return as_likely_day(Asked(0, [line], (0, 0, 400, 30), make_type("day")), decoded)


def test_a_day_that_was_made_out_goes_to_a_person() -> None:
    line = written("2025年10595", "2025年10月9日")
    found = judged(line, Decoded("2025年10595", 0.2, review=True))
    assert (found.text, found.review) == ("2025年10月9日", True)
    assert "2025年10595" in found.candidates


def test_a_day_written_that_no_month_has_stays_as_written() -> None:
    line = written("2026年2月30日", sure=0.99, care=1)
    found = judged(line, Decoded("2026年2月30日", 0.99, review=True))
    assert (found.text, found.review) == ("2026年2月30日", True)


def test_a_day_is_doubted_on_a_soft_page_beside_another_that_is_nearly_as_likely() -> None:
    line = written("2028年7月7日")
    seven = replace(line.reading.glyphs[5], probability=0.9, others=(("2", 0.08),))
    glyphs = (*line.reading.glyphs[:5], seven, *line.reading.glyphs[6:])
    line = replace(line, reading=replace(line.reading, glyphs=glyphs))
    found = judged(line, Decoded("2028年7月7日", 0.985, review=False))
    assert (found.text, found.review, found.candidates) == ("2028年7月7日", True, ("2028年2月7日",))
    assert judged(replace(line, care=1), Decoded("2028年7月7日", 0.985, review=False)).review is False


def test_the_room_between_the_signs_tells_a_lost_figure() -> None:
    line = written("2027年1_月1日", "2027年11月1日")
    assert judged(line, Decoded("2027年1月1日", 0.985, review=False)).review is True

"""Pages filled in by hand, read with less trust in what is small.

A gap in handwriting means nothing, a comma is easily passed over, and some hands close their 4 like a 9: none of these
is decided by one reader.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np

from parsers.scan.handmarks import Marked, marked, marks_of, passed_over, usual_step, with_page_widths
from parsers.scan.passedover import small_strokes
from parsers.scan.readlines import SPACE_CONFIDENCE, ReadLine
from parsers.scan.schools import SCHOOL
from parsers.scan.spacing import is_hanzi
from parsers.scan.unevenness import is_by_hand
from parsers.scan.units import Mask

GAP_CONFIDENCE, MARK_CONFIDENCE = 0.85, 0.5
"""How sure a line with a gap, and one with a mark that nothing was read of, can be at most."""
UNSEEN_STEP, UNSEEN_INK = 1.4, 0.16
"""Steps between two hanzi from which there is room for one more, and how far from half way its ink would stand."""
DOUBT = 3
"""The power that takes a probability to what it is worth in a hand: the recogniser is as sure of 枪 for 抢 as ever."""
AWAY = 0.42
"""Line heights from the middle of every character at which a small stroke is of none of them."""

ANSWER = re.compile("是(?!否)[\u4e00-\u9fff]|否[\u4e00-\u9fff]")
"""An answer with something right behind it: a mark has stood between."""
BORDER = re.compile("[局处委办部府院校站所室会团司心学](?=[\u4e00-\u9fff])|[^\u4e00-\u9fff]")
"""Where two parts of a value may meet that a space stands between: an office and a number, a school and a major."""


def with_care(
    ink: Mask, cells: list[list[ReadLine]], around: list[ReadLine]
) -> tuple[list[list[ReadLine]], list[ReadLine]]:
    """The lines of a page's cells and those around its grids; if written by hand, doubted where they must be."""
    if not is_by_hand(ink, [line for lines in cells for line in lines]):
        return cells, around
    beside = [replace(line, confidence=line.confidence**DOUBT, care=line.care * DOUBT, by_hand=True) for line in around]
    read = [[_read_with_care(ink, line, em) for line in lines] for lines in cells for em in (usual_step(ink, lines),)]
    return with_page_widths(read), beside


def _read_with_care(ink: Mask, line: ReadLine, em: float | None) -> Marked:
    """A line of such a page: without spaces that are but gaps, doubted for them and for marks that were passed over."""
    line = _but_for_steps(line)
    care = DOUBT if any(map(is_hanzi, line.text)) else 1
    text, most = line.text, 1.0
    has_gap = " " in text and len(line.line.pieces) == 1 and not line.boxes
    if has_gap:
        text = text.replace(" ", "")
    has_gap = has_gap or SCHOOL.search(text) is not None
    if has_gap:
        most = GAP_CONFIDENCE
    lacks_one = _may_lack_one(ink, line)
    if lacks_one:
        most = MARK_CONFIDENCE
    strokes = list(small_strokes(ink, line.line))
    lost = [place for place in strokes if _stands_alone(place, line)]
    after = passed_over(ink, line, strokes, em)
    lacks_answer_mark = ANSWER.match(text) is not None
    whole = not lacks_one and (line.passes_mark or not line.is_capped)
    is_answer_marked = lacks_answer_mark and 0 in after and whole
    if is_answer_marked and after == {0}:
        line, lost = replace(line, confidence=line.reading.confidence or 0.0, passes_mark=False), []
    elif lacks_answer_mark or lost:
        most, after = MARK_CONFIDENCE, after | ({0} if lacks_answer_mark else set())
    else:
        after = frozenset()
    doubted = replace(line, text=text, confidence=line.confidence**care).limited(most)
    one = marked(ink, doubted, after, em)
    fresh = replace(
        one.line,
        care=line.care * care,
        by_hand=True,
        may_have_space=line.may_have_space or has_gap,
        may_have_comma=whole and bool(lost) and not lacks_answer_mark,
        passes_mark=line.passes_mark and not lost and not lacks_one and not lacks_answer_mark,
    )
    return replace(one, line=fresh)


def _but_for_steps(line: ReadLine) -> ReadLine:
    """The line as sure as its characters where nothing but a hand's uneven steps made it less sure.

    They say nothing of a space where no two parts of a value meet; how wide a comma is, is told by the whole page.
    """
    may_have_space = line.may_have_space and BORDER.search(line.text) is not None
    is_of_steps = line.confidence == SPACE_CONFIDENCE and line.limit == 1 and not may_have_space
    if not is_of_steps:
        return line
    return replace(line, confidence=line.reading.confidence or 0.0, may_have_space=False)


def _may_lack_one(ink: Mask, line: ReadLine) -> bool:
    """Whether ink stands between two hanzi where there is room for a third."""
    marks = marks_of(line)
    steps = [behind[1] - before[1] for before, behind in pairwise(marks)]
    if len(steps) < 2 or not all(is_hanzi(mark) for mark, _ in marks):
        return False
    usual = float(np.median(steps))
    left, top, _, bottom = line.line.box
    for step, (before, behind) in zip(steps, pairwise(marks), strict=True):
        middle, reach = (before[1] + behind[1]) / 2, UNSEEN_INK * usual
        if step < UNSEEN_STEP * usual:
            continue
        if ink[top:bottom, max(left, round(middle - reach)) : round(middle + reach)].any():
            return True
    return False


def _stands_alone(place: float, line: ReadLine) -> bool:
    """Whether no character was read at a place, nor near it."""
    high = line.line.box[3] - line.line.box[1]
    return all(abs(place - middle) >= AWAY * high for _, middle in marks_of(line))

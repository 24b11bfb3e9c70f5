"""Finds the rules of a page: straight dark runs, long and thin, level or plumb, that meet others.

A stroke of a character may look like a short rule, so a run counts only when it meets at least two runs of the other
direction; the rest is thrown away until nothing changes. All lengths are on paper, not in pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from parsers.ocr.sidebyside import side_by_side
from parsers.scan.pieces import pieces_of_runs
from parsers.scan.units import WORK_DPI, Gray, Mask, mm

MIN_RUN = 5.0
"""Millimetres: the shortest dark run that may belong to a rule; taller than the strokes of ordinary type."""
HAIR = 0.3
"""Millimetres of the white hairs by which a printer short of ink breaks a rule again and again."""
BETWEEN_HAIRS = 2.0
"""Millimetres of a rule between two hairs, at least."""
MAX_GAP = 3.0
"""Millimetres that a rule may be broken without being two."""
SIDE_LEVEL = 150.0
"""Grey of the paper beside a short rule, at least."""
MAX_OVERHANG = 1.0
"""Millimetres that a short rule may go on beyond the last one it meets; the rim of a grey seal goes on further."""
MAX_BRIDGE = 14.0
"""Millimetres bridged between two runs in line of which one ends in the open."""
MAX_LOST = 60.0
"""Millimetres of a rule that may be lost altogether between two sure pieces of it, or at its end."""
SURELY_RULE = 18.0
"""Millimetres from which a run is no stroke of a character."""
NO_STROKE = 11.0
"""Millimetres that one of two pieces must have to be joined over any gap."""
ROUNDS = 2
"""A rule carried on may be what another one was short of."""
SMALL_HOLE = 3.0
"""Millimetres at the end of a rule that may fail it without a word."""
WRITTEN = 0.06
"""Part of a stretch that is dark from which something is written there."""
REACH = 1.6
"""Millimetres by which a rule may miss the one it meets."""
STRAIGHT_FROM = 25.0
"""Millimetres: shorter runs must be straight, for the top of a seal's rim is a level run too."""
MAX_BEND = 0.055
"""Millimetres by which a short run may stray from a straight line."""
MOSTLY = 0.45
"""Part of a run on the rim of a seal from which it is that rim."""
PAPER, LEAST_DARK = 235, 400
"""Grey from which a pixel is paper, and how many others a page needs to tell its black from."""
PALE, FULL = 100.0, 60.0
"""Grey of a page's black from which it is pale, and what it is made then."""
MAX_WEIGHT = 1.8
"""Millimetres: nothing thicker is a rule."""

_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class Rule:
    """A level rule from ``start`` to ``end`` (pixels along it); ``at`` and ``lean`` give its place across.

    Plumb rules are the same with the axes swapped.
    """

    start: float
    end: float
    at: float
    lean: float = 0.0
    """Change of place a pixel of length, from the middle."""
    guessed: bool = False
    """No rule was seen: others end here as if there were one."""
    holes: tuple[tuple[float, float], ...] = ()
    """Stretches along it where nothing was seen, for it was broken there by more than a fold or a seal breaks it."""

    def place(self, along: float) -> float:
        """Where the rule lies across, at a place along it."""
        return self.at + self.lean * (along - (self.start + self.end) / 2)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one page or of one grid, and the pixels they cover."""

    level: tuple[Rule, ...]
    plumb: tuple[Rule, ...]


def joined(rules: Rules, others: Rules) -> Rules:
    """Both sets of rules, what is in both once."""
    level = [rule for rule in others.level if not any(is_part(rule, other) for other in rules.level)]
    plumb = [rule for rule in others.plumb if not any(is_part(rule, other) for other in rules.plumb)]
    return Rules((*rules.level, *level), (*rules.plumb, *plumb))


def find_rules(gray: Gray, rims: Mask | None = None) -> tuple[Rules, Mask]:
    """All runs that may be rules, and the mask of their pixels; ``rims`` are rims of seals, which are none."""
    gray = _in_full_black(gray)
    dark = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, mm(4) | 1, 14)
    rules, mask = _both_ways(np.asarray(dark, np.uint8), gray)
    if rims is None or not rims.any():
        return rules, mask
    # A rim cut out takes the end of a rule along, a rim left in bends a rule that it touches: what either way shows.
    bare, bare_mask = _both_ways(np.where(rims > 0, 0, dark).astype(np.uint8), gray)
    level = [rule for rule in rules.level if not _is_rim(rule, rims)]
    plumb = [rule for rule in rules.plumb if not _is_rim(rule, rims.T)]
    outside = np.where(rims > 0, 0, mask).astype(np.uint8)
    level += [rule for rule in bare.level if not any(is_part(rule, other) for other in level)]
    plumb += [rule for rule in bare.plumb if not any(is_part(rule, other) for other in plumb)]
    return Rules(tuple(level), tuple(plumb)), np.asarray(cv2.bitwise_or(bare_mask, outside), np.uint8)


def _in_full_black(gray: Gray) -> Gray:
    """A pale page with its contrast stretched, and smoothed so that its noise does not stretch as well."""
    sample = gray[::4, ::4]
    dark = sample[sample < PAPER]
    black = float(np.percentile(dark, 10)) if dark.size > LEAST_DARK else 0.0
    if black < PALE:
        return gray
    smooth = cv2.GaussianBlur(gray, (3, 3), 0.8).astype(np.float32)
    return np.asarray(np.clip(255 - (255 - smooth) * (255 - FULL) / max(20.0, 255 - black), 0, 255), np.uint8)


def _both_ways(dark: Mask, gray: Gray) -> tuple[Rules, Mask]:
    turned = (_without_hairs(np.asarray(cv2.transpose(dark), np.uint8)), np.asarray(cv2.transpose(gray), np.uint8))
    (level, level_mask), (plumb, plumb_mask) = side_by_side(lambda layers: runs(*layers), [(dark, gray), turned])
    mask = np.asarray(cv2.bitwise_or(level_mask, cv2.transpose(plumb_mask)), np.uint8)
    return Rules(tuple(level), tuple(plumb)), mask


def _without_hairs(dark: Mask) -> Mask:
    """Dark runs with the white hairs in them filled.

    For plumb rules alone: a printer short of ink leaves hairs along its head's way, and characters in a line stand as
    close to each other as the pieces between hairs do.
    """
    pieces = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, mm(BETWEEN_HAIRS)), np.uint8))
    filled = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((1, mm(HAIR) | 1), np.uint8))
    return np.asarray(cv2.bitwise_or(dark, filled), np.uint8)


def is_part(rule: Rule, other: Rule) -> bool:
    """Whether a run is another one, or a piece of it."""
    near = abs(other.place((rule.start + rule.end) / 2) - rule.at) <= mm(0.5)
    return near and other.start - mm(0.5) <= rule.start and rule.end <= other.end + mm(0.5)


def _is_rim(rule: Rule, rims: Mask) -> bool:
    """Whether a level run lies on a rim for the most part."""
    along = np.arange(round(rule.start), round(rule.end))
    across = np.rint(rule.at + rule.lean * (along - (rule.start + rule.end) / 2)).astype(int)
    return float(np.mean(rims[across.clip(0, rims.shape[0] - 1), along.clip(0, rims.shape[1] - 1)] > 0)) > MOSTLY


def runs(dark: Mask, gray: Gray) -> tuple[list[Rule], Mask]:
    """Level runs of dark pixels that may be rules, and their pixels; ``gray`` is the same picture."""
    thick = cv2.dilate(dark, np.ones((3, 1), np.uint8))
    opened = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, mm(MIN_RUN)), np.uint8))
    joined = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((1, mm(MAX_GAP)), np.uint8))
    labels, stats = pieces_of_runs(np.asarray(joined, np.uint8), mm(MIN_RUN))
    rules = []
    kept = np.zeros(dark.shape, np.uint8)
    for label, (left, top, wide, high, area) in enumerate(stats.tolist()):
        if not label or wide < mm(MIN_RUN) or area / wide > mm(MAX_WEIGHT) + 2 or high > max(mm(2), wide * 0.06):
            continue
        window = (slice(top, top + high), slice(left, left + wide))
        own = labels[window] == label
        ys, xs = np.nonzero(own)
        if wide < mm(STRAIGHT_FROM) and (
            _bend(xs, ys) > MAX_BEND * WORK_DPI / 25.4 or _is_edge(gray, xs + left, ys + top)
        ):
            continue
        lean = float(np.polyfit(xs, ys, 1)[0]) if wide > mm(20) else 0.0
        rules.append(Rule(left, left + wide, top + float(ys.mean()), lean))
        kept[window][own] = 255
    return rules, kept


def _bend(xs: npt.NDArray[np.int64], ys: npt.NDArray[np.int64]) -> float:
    """How far the middle of a run strays from a straight line, in pixels: the median, for text may touch it."""
    counts = np.bincount(xs)
    columns = np.flatnonzero(counts)
    middle = np.bincount(xs, ys)[columns] / counts[columns]
    off = middle - np.polyval(np.polyfit(columns, middle, 1), columns)
    return float(np.median(np.abs(off)))


def _is_edge(gray: Gray, xs: npt.NDArray[np.int64], ys: npt.NDArray[np.int64]) -> bool:
    """Whether a run is the edge of something dark (the star of a grey seal): paper lies on both sides of a rule."""
    away = mm(0.9)
    above = gray[np.clip(ys.min() - away, 0, gray.shape[0] - 1), np.unique(xs)]
    below = gray[np.clip(ys.max() + away, 0, gray.shape[0] - 1), np.unique(xs)]
    return float(min(np.median(above), np.median(below))) < SIDE_LEVEL


def meets(level: Rule, plumb: Rule, reach: float) -> bool:
    """Whether a level and a plumb rule touch or cross, give or take ``reach`` pixels."""
    x, y = plumb.place(level.at), level.place(plumb.at)
    return level.start - reach <= x <= level.end + reach and plumb.start - reach <= y <= plumb.end + reach


def bridged(rules: Rules, ink: Mask) -> Rules:
    """Rules broken in the open joined again: two runs in line with no rule of the other direction at the break.

    ``ink`` is everything dark on the page: what is written across a long break shows that no rule was there.
    """
    level = _bridge(rules.level, rules.plumb, ink)
    return Rules(level, _bridge(rules.plumb, rules.level, ink.T))


def _bridge(rules: Sequence[Rule], across: Sequence[Rule], ink: Mask) -> tuple[Rule, ...]:
    """Joins along one direction; ``across`` are the rules of the other, read with the axes swapped."""
    ordered = sorted(rules, key=lambda rule: rule.start)
    return taken_together(ordered, lambda rule, other: _broken(rule, other, across, ink), joined_over)


def taken_together(
    ordered: Sequence[_One], belong: Callable[[_One, _One], bool], together: Callable[[_One, _One], _One]
) -> tuple[_One, ...]:
    """Each of some things made one with the later ones that belong to it, again and again until none does."""
    left, done = list(ordered), list[_One]()
    while left:
        one = left.pop(0)
        partner = next((other for other in left if belong(one, other)), None)
        if partner is None:
            done.append(one)
            continue
        left.remove(partner)
        left.insert(0, together(one, partner))
    return tuple(done)


def _broken(rule: Rule, other: Rule, across: Sequence[Rule], ink: Mask) -> bool:
    gap = other.start - rule.end
    if not -mm(2) <= gap <= mm(MAX_LOST) or abs(rule.place(rule.end) - other.place(other.start)) > mm(0.7):
        return False
    if gap > mm(MAX_BRIDGE):
        if min(rule.end - rule.start, other.end - other.start) < mm(SURELY_RULE):
            return False
        if _is_written(ink, rule, (rule.end, other.start)):
            return False
    elif gap > 0 and not (_is_held(rule, across) and _is_held(other, across)):
        return False
    if gap > 0 and max(rule.end - rule.start, other.end - other.start) < mm(NO_STROKE):
        return False
    ends = ((rule.end, rule.place(rule.end)), (other.start, other.place(other.start)))
    return gap <= 0 or not all(any(_stops(end, line) for line in across) for end in ends)


def _is_written(ink: Mask, rule: Rule, span: tuple[float, float]) -> bool:
    """Whether something is written on a stretch of a rule that was not seen; a rule that crosses it is not writing."""
    along = np.arange(round(span[0]) + 1, max(round(span[0]) + 2, round(span[1])))
    across = np.rint(rule.at + rule.lean * (along - (rule.start + rule.end) / 2)).astype(int)
    dark = ink[across.clip(0, ink.shape[0] - 1), along.clip(0, ink.shape[1] - 1)] > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], dark.astype(np.int8), [0]])))
    strokes = [end - start for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return float(dark.mean()) > WRITTEN and len(strokes) > 2 * max(1, round((span[1] - span[0]) / mm(10)))


def _is_held(rule: Rule, across: Sequence[Rule]) -> bool:
    """Whether a run meets a rule of some length: strokes of a title stand in line with rules, but meet none."""
    return any(other.end - other.start >= mm(STRAIGHT_FROM) and _touches(rule, other) for other in across)


def _stops(end: tuple[float, float], line: Rule) -> bool:
    along, place = end
    return abs(line.place(place) - along) <= mm(REACH) and line.start - mm(REACH) <= place <= line.end + mm(REACH)


def joined_over(rule: Rule, other: Rule) -> Rule:
    """Two rules in line as one, with a hole where nothing was seen between them."""
    start, end = min(rule.start, other.start), max(rule.end, other.end)
    lean = (other.at - rule.at) / max(1.0, (other.start + other.end) / 2 - (rule.start + rule.end) / 2)
    middle = (start + end) / 2
    at = rule.at + lean * (middle - (rule.start + rule.end) / 2)
    hole = ((rule.end, other.start),) if other.start - rule.end > mm(MAX_BRIDGE) else ()
    return Rule(start, end, at, lean if abs(lean) < 0.02 else 0.0, holes=(*rule.holes, *hole, *other.holes))


def breaks_off(rules: Rules) -> bool:
    """Whether a rule of some length ends where no other runs."""
    both = ((rules.level, rules.plumb), (rules.plumb, rules.level))
    return any(
        not any(_stops((end, rule.place(end)), line) for line in across)
        for own, across in both
        for rule in own
        if rule.end - rule.start >= mm(STRAIGHT_FROM)
        for end in (rule.start, rule.end)
    )


def stretched(rules: Rules, ink: Mask) -> Rules:
    """Rules that end in the open carried on to the next one across: no rule of a table ends in the middle of a cell.

    Only what crosses or meets a rule is carried on; a line to write on meets none.
    """
    level, plumb = rules.level, rules.plumb
    for _ in range(ROUNDS):
        level = tuple(_stretch(rule, plumb, ink) for rule in level)
        plumb = tuple(_stretch(rule, level, ink.T) for rule in plumb)
    return Rules(level, plumb)


def _stretch(rule: Rule, across: Sequence[Rule], ink: Mask) -> Rule:
    if rule.end - rule.start < mm(SURELY_RULE) or not any(_touches(rule, other) for other in across):
        return rule
    for is_end in (False, True):
        edge = rule.end if is_end else rule.start
        if any(_stops((edge, rule.place(edge)), line) for line in across):
            continue
        sign = 1 if is_end else -1
        reached = [
            line.place(rule.place(edge))
            for line in across
            if line.start - mm(REACH) <= rule.place(edge) <= line.end + mm(REACH)
        ]
        ahead = [place for place in reached if 0 < (place - edge) * sign <= mm(MAX_LOST)]
        if not ahead:
            continue
        target = min(ahead, key=lambda place: abs(place - edge))
        span = (min(edge, target), max(edge, target))
        if _is_written(ink, rule, span):
            continue
        middle = (min(rule.start, target) + max(rule.end, target)) / 2
        hole = (span,) if span[1] - span[0] > mm(SMALL_HOLE) else ()
        rule = replace(
            rule,
            start=min(rule.start, target),
            end=max(rule.end, target),
            at=rule.place(middle),
            holes=(*rule.holes, *hole),
        )
    return rule


def _anchored(rule: Rule, across: Sequence[Rule]) -> Rule | None:
    """The rule from the first to the last it meets; ``None`` when most of it hangs in the air."""
    met = [other.place(rule.at) for other in across if _touches(rule, other)]
    if len(met) < 2:
        return None
    start, end = max(rule.start, min(met)), min(rule.end, max(met))
    overhang = max(start - rule.start, rule.end - end)
    if overhang > mm(MAX_OVERHANG) and rule.end - rule.start < mm(STRAIGHT_FROM):
        return None
    if end - start < mm(MIN_RUN) * 0.6:
        return None
    if rule.start >= min(met) - mm(REACH) and rule.end <= max(met) + mm(REACH):
        return rule
    middle = (start + end) / 2
    return replace(rule, start=start, end=end, at=rule.place(middle))


def _touches(rule: Rule, other: Rule) -> bool:
    reach = mm(REACH)
    along, place = other.place(rule.at), rule.place(other.place(rule.at))
    return rule.start - reach <= along <= rule.end + reach and other.start - reach <= place <= other.end + reach


def clustered(rules: Rules) -> tuple[Rules, ...]:
    """The rules that meet at least two others, in groups that hang together."""
    level, plumb = list(rules.level), list(rules.plumb)
    reach = mm(REACH)
    while True:
        kept_level = [kept for rule in level if (kept := _anchored(rule, plumb)) is not None]
        kept_plumb = [kept for rule in plumb if (kept := _anchored(rule, kept_level)) is not None]
        if kept_level == level and kept_plumb == plumb:
            break
        level, plumb = kept_level, kept_plumb
    groups: list[Rules] = []
    free_level, free_plumb = set(range(len(level))), set(range(len(plumb)))
    while free_level:
        in_level, in_plumb = {free_level.pop()}, set[int]()
        grown = True
        while grown:
            fresh_plumb = {p for p in free_plumb if any(meets(level[i], plumb[p], reach) for i in in_level)}
            in_plumb |= fresh_plumb
            free_plumb -= fresh_plumb
            fresh_level = {i for i in free_level if any(meets(level[i], plumb[p], reach) for p in fresh_plumb)}
            in_level |= fresh_level
            free_level -= fresh_level
            grown = bool(fresh_level)
        groups.append(Rules(tuple(level[i] for i in sorted(in_level)), tuple(plumb[p] for p in sorted(in_plumb))))
    return tuple(groups)

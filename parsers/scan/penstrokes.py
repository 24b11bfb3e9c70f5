"""Strokes of a pen through writing that lie like rules: what is struck out does not make two rows of one.

A rule has paper on both sides. Where writing hangs together with a run that is no longer than hands draw straight,
someone drew it there.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.ruling import Rule, Rules
from parsers.scan.units import Mask, mm

LONGEST = 60.0
"""Millimetres of the longest stroke of a hand that is as straight as a rule."""
BAND = 3.0
"""Millimetres on both sides of a run in which writing is looked for."""
MOST = 0.9
"""Part of the band on one side that a rule across fills, and no character."""
BESIDE = 2
"""Pixels beside the run from which ink is not its own edge."""
WRITTEN = 0.06
"""Part of a run on which writing hangs."""
FRAMED, FEWEST_CROSSED, APART = 1.0, 2, 4.0
"""Millimetres from the ends of a run to the rules that it ends at; how many it crosses between them; and how far those
are from its ends and each other: so a border of a table runs, and no stroke of a pen through one line of writing."""
BROKEN_OFF = 3.0
"""Millimetres by which one end of a border may fail to reach its rule."""
TOUCHED = 0.2
"""Part of such a border that writing may touch: full columns of a hand on both sides of it."""


def without_strokes(rules: Rules, ink: Mask) -> Rules:
    """The rules without those that are drawn through writing; ``ink`` is everything dark on the page."""
    across = ink.T
    return Rules(
        tuple(rule for rule in rules.level if not is_stroke(rule, ink, rules.plumb)),
        tuple(rule for rule in rules.plumb if not is_stroke(rule, across, rules.level)),
    )


def is_stroke(rule: Rule, ink: npt.NDArray[np.uint8], others: Sequence[Rule] = ()) -> bool:
    """Whether a level run is drawn through writing; ``others`` are the plumb runs that it may cross."""
    if rule.end - rule.start > mm(LONGEST):
        return False
    share = written_share(rule, ink)
    return share >= WRITTEN and not (share < TOUCHED and _is_border(rule, others))


def _is_border(rule: Rule, others: Sequence[Rule]) -> bool:
    """Whether a run begins and ends at other runs, one of them all but reached at least, and crosses some between."""
    near = mm(FRAMED)
    met = [other.at for other in others if other.start - near <= rule.at <= other.end + near]
    gaps = [min((abs(at - end) for at in met), default=np.inf) for end in (rule.start, rule.end)]
    if min(gaps) > near or max(gaps) > mm(BROKEN_OFF):
        return False
    crossed = sorted(at for at in met if rule.start - near <= at <= rule.end + near)
    last, count = rule.start, 0
    for at in crossed:
        if at >= last + mm(APART) and at <= rule.end - mm(APART):
            last, count = at, count + 1
    return count >= FEWEST_CROSSED


def written_share(rule: Rule, ink: npt.NDArray[np.uint8]) -> float:
    """The part of a level run on which writing hangs."""
    along = np.arange(max(0, round(rule.start)), min(ink.shape[1], round(rule.end)))
    if not len(along):
        return 0.0
    middle = np.rint(rule.at + rule.lean * (along - (rule.start + rule.end) / 2)).astype(int)
    reach = mm(BAND)
    rows = middle[None, :] + np.arange(-reach, reach + 1)[:, None]
    band = ((ink[rows.clip(0, ink.shape[0] - 1), along[None, :]] > 0) & (rows >= 0) & (rows < ink.shape[0])).astype(
        np.uint8
    )
    across = np.maximum(band[:reach].mean(axis=0), band[reach + 1 :].mean(axis=0)) >= MOST
    band[:, cv2.dilate(across.astype(np.uint8)[None, :], np.ones((1, 5), np.uint8))[0] > 0] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(band, connectivity=8)
    core = labels[reach - BESIDE : reach + BESIDE + 1]
    own = np.unique(core[core > 0])
    long = [label for label in own if stats[label, cv2.CC_STAT_WIDTH] >= mm(1.5)]
    thick = float(np.median(band[reach - 2 * BESIDE : reach + 2 * BESIDE + 1].sum(axis=0)))
    hanging = np.isin(labels, long)
    beside = round(thick / 2) + BESIDE
    hanging[reach - beside : reach + beside + 1] = False
    return float(np.mean(hanging.any(axis=0)))

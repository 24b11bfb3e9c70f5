"""Strokes of a pen through writing that lie like rules: what is struck out does not make two rows of one.

A rule has paper on both sides. Where writing hangs together with a run that is no longer than hands draw straight,
someone drew it there.
"""

from __future__ import annotations

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


def without_strokes(rules: Rules, ink: Mask) -> Rules:
    """The rules without those that are drawn through writing; ``ink`` is everything dark on the page."""
    return Rules(
        tuple(rule for rule in rules.level if not is_stroke(rule, ink)),
        tuple(rule for rule in rules.plumb if not is_stroke(rule, ink.T)),
    )


def is_stroke(rule: Rule, ink: npt.NDArray[np.uint8]) -> bool:
    """Whether a level run is drawn through writing."""
    return rule.end - rule.start <= mm(LONGEST) and written_share(rule, ink) >= WRITTEN


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

"""The conditions in which our forms come back: how they are endorsed, what the paper went through, how it was saved."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from samples.paper import copying, degrading, seals
from samples.paper.degrading import Rgb
from samples.paper.endorsing import Custom
from samples.paper.fonts import font_file
from samples.paper.rewriting import Hand

Wear = Callable[[Rgb, random.Random], Rgb]


class Saved(StrEnum):
    """How the pages are saved: as they are, as JPEG of the quality of phones and scanners, or as fax does."""

    WHOLE = "whole"
    LOSSY = "lossy"
    BILEVEL = "bilevel"


def _unworn(page: Rgb, _: random.Random) -> Rgb:
    return page


def _skewed(page: Rgb, chance: random.Random) -> Rgb:
    return degrading.skewed(page, chance.choice((-1, 1)) * chance.uniform(0.5, 3.0))


def _jpeg(page: Rgb, chance: random.Random) -> Rgb:
    return degrading.packed(degrading.noisy(page, 4, chance), 40)


def _noise(page: Rgb, chance: random.Random) -> Rgb:
    return degrading.noisy(page, 12, chance)


def _scanned(page: Rgb, chance: random.Random) -> Rgb:
    turned = degrading.skewed(page, chance.uniform(-2, 2))
    return degrading.packed(degrading.blurred(degrading.noisy(turned, 6, chance), 0.6), 60)


def _snapped(page: Rgb, chance: random.Random) -> Rgb:
    return degrading.packed(degrading.noisy(degrading.photographed(page, chance), 4, chance), 75)


def _bent(page: Rgb, chance: random.Random) -> Rgb:
    return _snapped(copying.shadowed(copying.curled(page, chance), chance), chance)


def _turned(page: Rgb, chance: random.Random) -> Rgb:
    return np.ascontiguousarray(np.rot90(_scanned(page, chance), chance.choice((1, 2, 3))))


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the table. ``group`` is the row of the promised figures that it belongs to.

    ``wear`` is done to each page of ``dpi``; ``hand`` writes the values by hand; ``corrections`` values are changed.
    """

    group: str
    dpi: int = 200
    wear: Wear = _unworn
    custom: Custom = field(default_factory=Custom)
    saved: Saved = Saved.WHOLE
    hand: Hand | None = None
    corrections: int = 0
    is_lasered: bool = False
    """The print has a laser's full black: where what is drawn would be lost on the way and print would not."""

    @property
    def is_possible(self) -> bool:
        """Whether the font that it needs is installed."""
        return self.hand is None or font_file(self.hand.look) is not None


_ACROSS = Custom(across=2)
_GREY = Custom(across=1, ink=seals.DARK)
CONDITIONS: dict[str, Condition] = {
    "print300": Condition("printed", 300),
    "print200": Condition("printed"),
    "skewed": Condition("printed", wear=_skewed),
    "stamped": Condition("printed", custom=_ACROSS),
    "jpeg": Condition("printed", wear=_jpeg),
    "noise": Condition("printed", wear=_noise),
    "scan": Condition("printed", wear=_scanned, custom=_ACROSS, saved=Saved.LOSSY),
    "scan150": Condition("copied", 150, wear=_scanned, custom=_ACROSS, saved=Saved.LOSSY, is_lasered=True),
    "fax": Condition("copied", 150, copying.faxed, saved=Saved.BILEVEL, is_lasered=True),
    "copier": Condition("copied", wear=copying.photocopied),
    "greyseal": Condition("copied", wear=degrading.copied, custom=_GREY),
    "margin": Condition("copied", wear=copying.margin_lost, saved=Saved.LOSSY),
    "photo": Condition("photo", wear=_snapped, saved=Saved.LOSSY),
    "curl": Condition("photo", wear=_bent, saved=Saved.LOSSY),
    "kai": Condition("hand", wear=_scanned, hand=Hand("kai", size=1.08)),
    "long-cang": Condition("hand", wear=_scanned, hand=Hand("long-cang")),
    "ma-shan-zheng": Condition("hand", wear=_scanned, hand=Hand("ma-shan-zheng", size=1.1)),
    "zhi-mang-xing": Condition("hand", wear=_scanned, hand=Hand("zhi-mang-xing")),
    "liu-jian-mao-cao": Condition("hand", wear=_scanned, hand=Hand("liu-jian-mao-cao")),
    "zcool-kuaile": Condition("hand", wear=_scanned, hand=Hand("zcool-kuaile", size=1.1)),
    "corrected": Condition("corrected", wear=_scanned, corrections=3),
    "turned": Condition("printed", wear=_turned, saved=Saved.LOSSY),
}
"""Name -> condition."""


def possible() -> list[str]:
    """The conditions that this machine has the fonts for."""
    return [name for name, condition in CONDITIONS.items() if condition.is_possible]

"""The conditions in which our forms come back: how they are endorsed, what the paper went through, how it was saved."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from samples.paper import degrading, seals
from samples.paper.degrading import Rgb
from samples.paper.endorsing import Custom

Wear = Callable[[Rgb, random.Random], Rgb]


def _unworn(page: Rgb, _: random.Random) -> Rgb:
    return page


def _skewed(page: Rgb, chance: random.Random) -> Rgb:
    return degrading.skewed(page, chance.choice((-1, 1)) * chance.uniform(0.5, 3.0))


def _scanned(page: Rgb, chance: random.Random) -> Rgb:
    turned = degrading.skewed(page, chance.uniform(-2, 2))
    return degrading.packed(degrading.blurred(degrading.noisy(turned, 6, chance), 0.6), 60)


def _snapped(page: Rgb, chance: random.Random) -> Rgb:
    return degrading.packed(degrading.noisy(degrading.photographed(page, chance), 4, chance), 75)


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the table. ``group`` is the row of issue 3's table that it belongs to.

    ``wear`` is done to each page of ``dpi``; ``fresh_dpi`` is the resolution of what comes out of it (fax, copier).
    """

    group: str
    dpi: int = 200
    wear: Wear = _unworn
    custom: Custom = field(default_factory=Custom)
    is_lossy: bool = False
    """Whether the file is saved as JPEG pages, as phones and most office scanners do."""


_ACROSS = Custom(across=2)
CONDITIONS: dict[str, Condition] = {
    "print300": Condition("printed", 300),
    "print200": Condition("printed"),
    "skewed": Condition("printed", wear=_skewed),
    "stamped": Condition("printed", custom=_ACROSS),
    "jpeg": Condition("printed", wear=lambda page, chance: degrading.packed(degrading.noisy(page, 4, chance), 40)),
    "noise": Condition("printed", wear=lambda page, chance: degrading.noisy(page, 12, chance)),
    "scan": Condition("printed", wear=_scanned, custom=_ACROSS, is_lossy=True),
    "photo": Condition("photo", wear=_snapped, is_lossy=True),
    "greyseal": Condition("copied", wear=degrading.copied, custom=Custom(across=1, ink=seals.DARK)),
}
"""Name -> condition."""

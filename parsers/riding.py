"""Seals over the edges of a pack's pages (骑缝章): parts at the edge of each page that make one seal together.

The pages are fanned out and one seal is pressed across their edges, so each keeps a strip of it, at the same height and
the same side. That none of a pack's pages was taken out or put in shows in there being a strip on every page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forms.finding import Box
from parsers.document import Page, SealSeen

NEAR_EDGE = 12.0
"""Points from the page's left or right edge within which a part ends."""
LEVEL = 0.5
"""Part of the lower one's height that two parts of one seal share at least."""
TALLEST = 150.0
"""Points that they are high together at most."""
HIGH = (40.0, 150.0)
"""Points that a part is high."""
WIDEST = 100.0
"""Points that a part is wide at most: a whole seal that only touches the edge is none."""


@dataclass(frozen=True, slots=True)
class EdgePart:
    """A part of a seal at the edge of a page: which page, which side, its box."""

    page: int
    side: str
    box: Box


@dataclass(frozen=True, slots=True)
class RidingSeal:
    """One seal across pages: its parts in order, and the pages between the first and the last that have none."""

    parts: tuple[EdgePart, ...]
    lacking: tuple[int, ...] = ()


def edge_parts(page: Page) -> tuple[EdgePart, ...]:
    """The parts of seals at the left and right edges of a page."""
    found = []
    for seal in page.seals:
        side = side_of(seal, page)
        if side:
            found.append(EdgePart(page.index, side, seal.box))
    return tuple(found)


def side_of(seal: SealSeen, page: Page) -> str:
    """At which edge a seal is cut, ``""`` when at none."""
    left, top, right, bottom = seal.box
    if seal.whole or not HIGH[0] <= bottom - top <= HIGH[1] or right - left > WIDEST or page.width is None:
        return ""
    if left <= NEAR_EDGE:
        return "left"
    return "right" if right >= page.width - NEAR_EDGE else ""


def riding_seals(pages: Sequence[Page]) -> tuple[RidingSeal, ...]:
    """The seals that lie across the pages of one document, given in their order; one part alone is none."""
    chains: list[list[EdgePart]] = []
    for page in pages:
        for part in edge_parts(page):
            chain = next((one for one in chains if _goes_on(one[-1], part)), None)
            if chain is None:
                chains.append([part])
            else:
                chain.append(part)
    order = [page.index for page in pages]
    return tuple(_riding(chain, order) for chain in chains if len(chain) > 1)


def _goes_on(before: EdgePart, part: EdgePart) -> bool:
    shared = min(part.box[3], before.box[3]) - max(part.box[1], before.box[1])
    whole = max(part.box[3], before.box[3]) - min(part.box[1], before.box[1])
    lower = min(part.box[3] - part.box[1], before.box[3] - before.box[1])
    return part.page != before.page and shared >= LEVEL * lower and whole <= TALLEST


def _riding(chain: Sequence[EdgePart], order: Sequence[int]) -> RidingSeal:
    first, last = order.index(chain[0].page), order.index(chain[-1].page)
    held = {part.page for part in chain}
    return RidingSeal(tuple(chain), tuple(page for page in order[first : last + 1] if page not in held))

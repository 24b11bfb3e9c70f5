"""Which seals belong to which named box, and which stretch of a page belongs to a box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from forms.finding import Box
from forms.record import Mark
from parsers.document import Page, SealSeen
from parsers.locating.boxes import BoxPlace
from parsers.sealing import share_within

_LINE_SEAL_UP, _LINE_SEAL_DOWN = 80.0, 90.0
_LEAST_SHARE, _SECOND_SHARE, _STRAY_SHARE = 0.3, 0.3, 0.6
"""Parts of a seal that lie in its box, in a second box that it is across, in a box that asks for no seal."""


@dataclass
class Claim:
    """What belongs to one box: its seals, name stamps at its signature, and seals that only touch it.

    ``across`` gives, by a seal's box, the other boxes that it lies in as well.
    """

    place: BoxPlace | None = None
    seals: list[SealSeen] = field(default_factory=list)
    stamps: list[SealSeen] = field(default_factory=list)
    touched: bool = False
    across: dict[Box, tuple[str, ...]] = field(default_factory=dict)


def claims_of(places: Sequence[BoxPlace]) -> dict[str, Claim]:
    """Each seal of the pages given to the box in which most of it lies."""
    claims: dict[str, Claim] = {}
    for page in {place.page.index: place.page for place in places}.values():
        own = [place for place in places if place.page.index == page.index]
        for seal in page.seals:
            _claim(seal, own, claims)
    return claims


def has_stray(places: Sequence[BoxPlace], claims: Mapping[str, Claim]) -> bool:
    """Whether a whole seal lies on a page of the boxes and none of them has claimed it: some label was not found."""
    held = {id(seal) for claim in claims.values() for seal in claim.seals}
    pages = {place.page.index: place.page for place in places}.values()
    return any(seal.whole and seal.shape != "stamp" and id(seal) not in held for page in pages for seal in page.seals)


def _claim(seal: SealSeen, places: Sequence[BoxPlace], claims: dict[str, Claim]) -> None:
    part = "signature" if seal.shape == "stamp" else "seal"
    ranked = sorted(((_share_of(place, seal), place) for place in places), key=lambda item: -item[0])
    asking = [(share, place) for share, place in ranked if part in place.box.parts]
    if not asking or asking[0][0] < _LEAST_SHARE:
        return
    share, place = asking[0]
    if ranked[0][0] >= _STRAY_SHARE and ranked[0][0] > share + _SECOND_SHARE:
        return
    claim = claims.setdefault(place.box.key, Claim())
    if part == "signature":
        claim.stamps.append(seal)
        return
    claim.place = place if claim.place is None else claim.place
    claim.seals.append(seal)
    beside = [(more, other) for more, other in asking[1:] if other.box.key != place.box.key]
    across = tuple(other.box.key for more, other in beside if more >= _SECOND_SHARE)
    if across:
        claim.across[seal.box] = across
    for key in across:
        claims.setdefault(key, Claim()).touched = True


def _share_of(place: BoxPlace, seal: SealSeen) -> float:
    """The part of a seal that lies in a box or on its label; a line of text stands for a strip around itself."""
    area = area_of(place, _LINE_SEAL_UP, _LINE_SEAL_DOWN)
    if area is None:
        return 0.0
    if area != place.cell.box:
        return 0.5 * share_within(seal.box, area)
    label = place.label.box if place.label is not None and place.label is not place.cell else None
    return share_within(seal.box, area) + (share_within(seal.box, label) if label is not None else 0.0)


def unclaimed_seals(page: Page, marks: Iterable[Mark]) -> tuple[SealSeen, ...]:
    """The seals and name stamps of a page that no box claimed."""
    taken = {mark.region.box for mark in marks if mark.present and mark.region}
    return tuple(seal for seal in page.seals if seal.box not in taken)


def area_of(place: BoxPlace, up: float, down: float) -> Box | None:
    """The stretch of page that belongs to a box; a line of text stands for a strip around itself."""
    box = place.cell.box
    if box is None:
        return None
    if place.cell.row >= 0 and box[3] - box[1] > up:
        return box
    return box[0], box[1] - up, max(box[2], box[0] + 200.0), box[3] + down


def touches(one: Box, other: Box) -> bool:
    """Whether two boxes share a point."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def is_within(inner: Box, area: Box | None) -> bool:
    """Whether the middle of a box lies in an area."""
    if area is None:
        return False
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]

"""Marks of the opinion boxes: opinions, signatures, seals and dates, from words, pictures, seals and ink."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from forms.cleaning import squeeze
from forms.definition import FormDefinition, OpinionBox
from forms.fieldtypes.registry import make_type
from forms.finding import Box, Region
from forms.record import Entry, Mark, MarkKind
from parsers.document import Page, SealSeen, Word
from parsers.locating.boxes import BoxPlace, BoxWords, words_of
from parsers.sealing import match_unit, share_within

_DAY = make_type("day")
_SURE = 0.9
_LINE_SEAL_UP, _LINE_SEAL_DOWN = 80.0, 90.0
_LINE_INK = 26.0
_LEAST_SHARE, _SECOND_SHARE, _STRAY_SHARE = 0.3, 0.3, 0.6
"""Parts of a seal that lie in its box, in a second box that it is across, in a box that asks for no seal."""
_TOUCHED = 0.12
"""Part of a seal that lies in a box without its being that box's matter."""
_VEILED = 0.95
"""Part of a signature under a seal from which what is printed there may have been taken for it."""
_LOOKED = 0.5
"""Part of a box that was looked at for a signature."""
_BLANK_DAY = re.compile(r"^[^\d年月日]*年月日$")
_DAY_LINE = re.compile(r"年.*月|月.*日|\d{4}\s*[-./]\s*\d")


class MarkReader:
    """Reads the marks of one document."""

    def __init__(
        self,
        definition: FormDefinition,
        header: Mapping[str, Entry],
        row: Mapping[str, Entry],
        units: Sequence[str] = (),
    ) -> None:
        """``units`` are the names of the district's units: any of them may have sealed in a wrong place."""
        self._definition = definition
        self._values = {**row, **header}
        self._units = units

    def read(self, places: Sequence[BoxPlace], *, scanned: bool) -> tuple[Mark, ...]:
        """One mark for every part of every box, in the definition's order; a box not found has unknown marks.

        On paper, where other boxes were found, the marks of one that a seal or a streak hides go to a person.
        """
        by_box: dict[str, list[BoxPlace]] = {}
        for place in places:
            by_box.setdefault(place.box.key, []).append(place)
        claims = claims_of(places) if scanned else {}
        marks: list[Mark] = []
        for box in self._definition.boxes:
            found = by_box.get(box.key)
            if found:
                claim = claims.get(box.key, Claim())
                place = claim.place if claim.place is not None and claim.seals else _fullest(found)
                marks.extend(self._marks(box, place, claim, scanned=scanned))
            elif scanned and by_box:
                marks.extend(Mark(box.key, MarkKind(part), None, review=True) for part in box.parts)
        return tuple(marks)

    def _marks(self, box: OpinionBox, place: BoxPlace, claim: Claim, *, scanned: bool) -> Iterable[Mark]:
        words = words_of(box, place.text)
        region = Region(place.page.index, place.cell.box, place.cell.address)
        if words.excused:
            for kind in box.parts:
                yield Mark(box.key, MarkKind(kind), present=False, text=words.opinion, region=region, excused=True)
            return
        doubted = scanned or bool(place.cell.notes)
        is_clean = scanned and _is_clean(place, words)
        if "opinion" in box.parts or words.opinion:
            yield self._opinion(box, words, region, place, doubted=doubted or bool(words.likely_name))
        if "signature" in box.parts or words.name:
            if scanned:
                yield _scanned_signature(box, words, region, place, claim)
            else:
                yield _signature(box, words, region, place)
        if "seal" in box.parts:
            yield self._scanned_seal(box, region, place, claim) if scanned else _seal(box, region, place)
        if "date" in box.parts or words.day:
            yield _day(box, words, region, place, doubted=doubted and not is_clean)

    @staticmethod
    def _opinion(box: OpinionBox, words: BoxWords, region: Region, place: BoxPlace, *, doubted: bool) -> Mark:
        confidence = place.cell.confidence
        is_sure = confidence is not None and confidence >= _SURE
        review = bool(words.opinion or words.likely_name) and doubted and not is_sure
        return Mark(
            box.key,
            MarkKind.OPINION,
            bool(words.opinion),
            words.opinion,
            region=region,
            confidence=confidence,
            review=review,
        )

    def _scanned_seal(self, box: OpinionBox, region: Region, place: BoxPlace, claim: Claim) -> Mark:
        kind = MarkKind.SEAL
        if not claim.seals:
            is_doubtful = place.cell.box is None or claim.touched or _has_loose_red(place) or _may_be_pale(place)
            return Mark(box.key, kind, present=False, region=region, review=is_doubtful)
        matched = [(seal, match_unit(seal, self._wanted(box), self._others(box))) for seal in claim.seals]
        seal, match = max(matched, key=lambda item: (item[1].sure, item[1].expected, item[0].confidence or 0.0))
        across = (*(("date",) if _is_over_day(place, seal) else ()), *claim.across.get(seal.box, ()))
        is_sure = match.sure and seal.whole and seal.colour == "red" and len(claim.seals) == 1
        return Mark(
            box.key,
            kind,
            present=True,
            text=seal.text,
            unit=match.unit,
            region=Region(place.page.index, seal.box, place.cell.address),
            confidence=seal.confidence,
            review=not is_sure or bool(claim.across.get(seal.box)),
            shape=seal.shape,
            whole=seal.whole,
            ink=seal.colour,
            across=across,
        )

    def _wanted(self, box: OpinionBox) -> list[str]:
        """The units whose seal belongs in a box."""
        return [*box.unit_names, *self._named(box)]

    def _others(self, box: OpinionBox) -> list[str]:
        """Every other unit that the form names, those of the other boxes, and the district's units."""
        named = [name for other in self._definition.boxes if other.key != box.key for name in self._wanted(other)]
        return [*named, *self._units]

    def _named(self, box: OpinionBox) -> list[str]:
        entry = self._values.get(box.unit_field) if box.unit_field else None
        return [entry.value] if entry is not None and isinstance(entry.value, str) and entry.value else []


def _signature(box: OpinionBox, words: BoxWords, region: Region, place: BoxPlace) -> Mark:
    """A signature in a digital file: a typed name, or a picture."""
    kind = MarkKind.SIGNATURE
    if words.name:
        return Mark(box.key, kind, present=True, text=words.name, region=region, review=bool(place.cell.notes))
    if words.likely_name:
        return Mark(box.key, kind, None, words.likely_name, region=region, review=True)
    if place.cell.pictures:
        is_alone = "seal" not in box.parts
        return Mark(box.key, kind, True if is_alone or place.cell.pictures > 1 else None, region=region, review=True)
    return Mark(box.key, kind, present=False, region=region)


def _scanned_signature(box: OpinionBox, words: BoxWords, region: Region, place: BoxPlace, claim: Claim) -> Mark:
    """A signature on paper, by its place and ink alone; ``text`` is what was read there and proves nothing."""
    kind = MarkKind.SIGNATURE
    ink = [one for one in place.page.ink if _is_within(one.box, _area(place, _LINE_INK, _LINE_INK))]
    sure = [one for one in ink if one.sure]
    where = Region(place.page.index, _around([one.box for one in ink]), place.cell.address) if ink else region
    if sure:
        typed = all(one.printed for one in sure)
        look = "print" if typed else "hand"
        is_veiled = all(any(share_within(one.box, seal.box) > _VEILED for seal in place.page.seals) for one in sure)
        may_be_seal = "seal" in box.parts and not claim.seals and _may_be_pale(place)
        copied = [seal.box for seal in place.page.seals if seal.colour == "grey"]
        in_copy = all(any(_touches(one.box, seal) for seal in copied) for one in sure)
        review = typed or is_veiled or may_be_seal or in_copy
        return Mark(box.key, kind, present=True, text=words.name, region=where, review=review, ink=look)
    if claim.stamps:
        stamp = claim.stamps[0]
        where = Region(place.page.index, stamp.box, place.cell.address)
        return Mark(
            box.key, kind, present=True, text=stamp.text, region=where, review=True, shape=stamp.shape, ink="stamp"
        )
    if words.likely_name:
        return Mark(box.key, kind, None, words.likely_name, region=region, review=True)
    is_doubtful = bool(ink) or bool(words.name) or not _was_looked_at(place) or _has_loose_red(place)
    return Mark(box.key, kind, None if ink else False, words.name, region=where, review=is_doubtful)


def _was_looked_at(place: BoxPlace) -> bool:
    """Whether signatures were looked for at a place, or it was seen to hold no ink at all."""
    box = place.cell.box
    if place.cell.ink is False:
        return True
    return box is not None and any(
        share_within(box, area) > _LOOKED or _is_within(area, box) for area in place.page.sign_places
    )


def _seal(box: OpinionBox, region: Region, place: BoxPlace) -> Mark:
    """A seal in a digital file: a picture that may be one."""
    if place.cell.pictures:
        return Mark(box.key, MarkKind.SEAL, present=True, region=region, review=True)
    return Mark(box.key, MarkKind.SEAL, present=False, region=region)


def _day(box: OpinionBox, words: BoxWords, region: Region, place: BoxPlace, *, doubted: bool) -> Mark:
    if not words.day:
        is_blank = any(
            _BLANK_DAY.match(squeeze(word.text)) and (word.confidence or 0.0) >= _SURE for word in place.cell.words
        )
        return Mark(
            box.key, MarkKind.DATE, present=False, region=region, review=doubted and place.page.scanned and not is_blank
        )
    reading = _DAY.read(words.day)
    value = str(reading.value) if reading.settled and reading.value else None
    lines = _day_lines(place)
    confidence = min((line.confidence or 0.0 for line in lines), default=place.cell.confidence or 0.0)
    where = Region(region.page, lines[-1].box, region.address) if lines else region
    return Mark(
        box.key,
        MarkKind.DATE,
        present=True,
        text=words.day,
        value=value,
        region=where,
        confidence=confidence if place.page.scanned else place.cell.confidence,
        review=value is None or (doubted and confidence < _SURE),
    )


def _day_lines(place: BoxPlace) -> list[Word]:
    """The lines of a scanned box that hold its date."""
    return [word for word in place.cell.words if _DAY_LINE.search(word.text)]


def _is_over_day(place: BoxPlace, seal: SealSeen) -> bool:
    """Whether a seal lies on the date of its box (骑年盖月)."""
    return any(share_within(word.box, seal.box) > _TOUCHED for word in _day_lines(place))


def _fullest(places: Sequence[BoxPlace]) -> BoxPlace:
    """Of several places of one box the one with the most in it."""
    return max(places, key=lambda place: (place.cell.pictures, len(squeeze(place.text)), place.cell.box is not None))


def _area(place: BoxPlace, up: float, down: float) -> Box | None:
    """The stretch of page that belongs to a box; a line of text stands for a strip around itself."""
    box = place.cell.box
    if box is None:
        return None
    if place.cell.row >= 0 and box[3] - box[1] > up:
        return box
    return box[0], box[1] - up, max(box[2], box[0] + 200.0), box[3] + down


def _is_clean(place: BoxPlace, words: BoxWords) -> bool:
    """Whether a scanned box was seen to hold its printed words and nothing else: no seal, no red, no strokes."""
    area = place.cell.box
    if area is None or place.cell.row < 0 or place.cell.notes:
        return False
    if words.opinion or words.name or words.likely_name or words.day or _is_stamped(place):
        return False
    return not any(_touches(ink.box, area) for ink in place.page.ink)


def _is_stamped(place: BoxPlace) -> bool:
    """Whether a seal, or red that may be one, lies over a box: strokes there may be the seal's."""
    area = place.cell.box
    marks = (*(seal.box for seal in place.page.seals), *place.page.red)
    return area is not None and any(_touches(mark, area) for mark in marks)


def _has_loose_red(place: BoxPlace) -> bool:
    """Whether red that belongs to no seal lies in a box: a faint seal, a cut one, red writing."""
    area = _area(place, _LINE_INK, _LINE_INK)
    return area is not None and any(share_within(red, area) > _TOUCHED for red in place.page.red)


def _may_be_pale(place: BoxPlace) -> bool:
    """Whether a seal may lie in a box without having been seen: the page is a copy of stamped paper."""
    return any(seal.colour == "grey" for seal in place.page.seals)


def _touches(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_within(inner: Box, area: Box | None) -> bool:
    if area is None:
        return False
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


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
    area = _area(place, _LINE_SEAL_UP, _LINE_SEAL_DOWN)
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

"""Marks of the opinion boxes: opinions, signatures, seals and dates, from words, pictures, seals and ink."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz

from forms.cleaning import squeeze
from forms.definition import FormDefinition, OpinionBox
from forms.fieldtypes.registry import make_type
from forms.finding import Box, Region
from forms.record import Entry, Mark, MarkKind
from parsers.document import Page, SealSeen
from parsers.locating.boxes import BoxPlace, BoxWords, words_of

_DAY = make_type("day")
_SURE_UNIT = 90.0
_LIKELY_UNIT = 75.0
_LINE_SEAL_UP, _LINE_SEAL_DOWN = 80.0, 90.0
_LINE_INK = 26.0
_SMALLEST_SIGNATURE = 120.0
_UNIT_PREFIX = re.compile(r"^(?:中共|连云港市|海州区|江苏省|区)+")


class MarkReader:
    """Reads the marks of one document."""

    def __init__(self, definition: FormDefinition, header: Mapping[str, Entry], row: Mapping[str, Entry]) -> None:
        self._definition = definition
        self._values = {**row, **header}

    def read(self, places: Sequence[BoxPlace], *, scanned: bool) -> tuple[Mark, ...]:
        """One mark for every part of every box, in the definition's order; a box not found has unknown marks."""
        by_box: dict[str, list[BoxPlace]] = {}
        for place in places:
            by_box.setdefault(place.box.key, []).append(place)
        marks: list[Mark] = []
        for box in self._definition.boxes:
            found = by_box.get(box.key)
            if found:
                marks.extend(self._marks(box, _fullest(found), scanned=scanned))
        return tuple(marks)

    def _marks(self, box: OpinionBox, place: BoxPlace, *, scanned: bool) -> Iterable[Mark]:
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
            yield self._signature(box, words, region, place, scanned=scanned, is_clean=is_clean)
        if "seal" in box.parts:
            yield self._seal(box, region, place, scanned=scanned, is_clean=is_clean)
        if "date" in box.parts or words.day:
            yield _day(box, words, region, place, doubted=doubted and not is_clean)

    @staticmethod
    def _opinion(box: OpinionBox, words: BoxWords, region: Region, place: BoxPlace, *, doubted: bool) -> Mark:
        confidence = place.cell.confidence
        is_sure = confidence is not None and confidence >= _SURE_UNIT / 100
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

    @staticmethod
    def _signature(  # what was found in the box, and how far it can be trusted
        box: OpinionBox, words: BoxWords, region: Region, place: BoxPlace, *, scanned: bool, is_clean: bool
    ) -> Mark:
        kind = MarkKind.SIGNATURE
        if scanned:
            ink = [one.box for one in place.page.ink if _is_within(one.box, _area(place, _LINE_INK, _LINE_INK))]
            area = sum((box[2] - box[0]) * (box[3] - box[1]) for box in ink)
            if ink:
                where = Region(place.page.index, _around(ink), place.cell.address)
                is_doubtful = area < _SMALLEST_SIGNATURE or _is_stamped(place)
                return Mark(box.key, kind, present=True, text=words.name, region=where, review=is_doubtful)
            return Mark(box.key, kind, bool(words.name), words.name, region=region, review=not is_clean)
        if words.name:
            return Mark(box.key, kind, present=True, text=words.name, region=region, review=bool(place.cell.notes))
        if words.likely_name:
            return Mark(box.key, kind, None, words.likely_name, region=region, review=True)
        if place.cell.pictures:
            is_alone = "seal" not in box.parts
            return Mark(
                box.key, kind, True if is_alone or place.cell.pictures > 1 else None, region=region, review=True
            )
        return Mark(box.key, kind, present=False, region=region)

    def _seal(self, box: OpinionBox, region: Region, place: BoxPlace, *, scanned: bool, is_clean: bool) -> Mark:
        kind = MarkKind.SEAL
        seals = _seals_in(place)
        if seals:
            seal = max(seals, key=lambda one: one.confidence or 0.0)
            unit, is_sure = self._unit(box, seal.text)
            where = Region(place.page.index, seal.box, place.cell.address)
            return Mark(
                box.key,
                kind,
                present=True,
                text=seal.text,
                unit=unit,
                region=where,
                confidence=seal.confidence,
                review=not is_sure or seal.colour != "red",
            )
        if scanned:
            return Mark(box.key, kind, present=False, region=region, review=not is_clean)
        if place.cell.pictures:
            return Mark(box.key, kind, present=True, region=region, review=True)
        return Mark(box.key, kind, present=False, region=region)

    def _unit(self, box: OpinionBox, text: str) -> tuple[str | None, bool]:
        """The unit whose seal belongs in the box, if the seal's words are its name; and whether that is sure."""
        words = squeeze(text)
        if not words:
            return None, False
        names = list(box.unit_names)
        entry = self._values.get(box.unit_field) if box.unit_field else None
        if entry is not None and isinstance(entry.value, str) and entry.value:
            names.append(entry.value)
        best, score = None, 0.0
        for name in names:
            bare = squeeze(name)
            value = 100.0 if words == bare else fuzz.ratio(_UNIT_PREFIX.sub("", words), _UNIT_PREFIX.sub("", bare))
            if value > score:
                best, score = name, value
        return (best, score >= _SURE_UNIT) if score >= _LIKELY_UNIT else (None, False)


def _day(box: OpinionBox, words: BoxWords, region: Region, place: BoxPlace, *, doubted: bool) -> Mark:
    if not words.day:
        return Mark(box.key, MarkKind.DATE, present=False, region=region, review=doubted and place.page.scanned)
    reading = _DAY.read(words.day)
    value = str(reading.value) if reading.settled and reading.value else None
    review = value is None or (doubted and (place.cell.confidence or 0.0) < _SURE_UNIT / 100)
    return Mark(
        box.key,
        MarkKind.DATE,
        present=True,
        text=words.day,
        value=value,
        region=region,
        confidence=place.cell.confidence,
        review=review,
    )


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


def _touches(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _seals_in(place: BoxPlace) -> list[SealSeen]:
    area = _area(place, _LINE_SEAL_UP, _LINE_SEAL_DOWN)
    if area is None:
        return []
    return [seal for seal in place.page.seals if _is_within(seal.box, area)]


def _is_within(inner: Box, area: Box | None) -> bool:
    if area is None:
        return False
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def unclaimed_seals(page: Page, marks: Iterable[Mark]) -> tuple[SealSeen, ...]:
    """The seals of a page that no box claimed."""
    taken = {mark.region.box for mark in marks if mark.kind is MarkKind.SEAL and mark.present and mark.region}
    return tuple(seal for seal in page.seals if seal.box not in taken)

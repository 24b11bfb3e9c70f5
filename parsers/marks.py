"""Marks of the opinion boxes: opinions, signatures, seals and dates, from words, pictures, seals and ink."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from forms.cleaning import squeeze
from forms.definition import FormDefinition, OpinionBox
from forms.finding import Box, Region
from forms.record import Entry, Mark, MarkKind
from parsers.document import SealSeen, Word
from parsers.locating.boxes import BoxPlace, BoxWords, words_of
from parsers.paperwords import OpinionRead, day_of, has_unread, is_blank_day, opinion_of, prints_day, strip_of
from parsers.sealclaims import Claim, area_of, claims_of, has_stray, is_within, touches
from parsers.sealing import match_unit, purpose_of, share_within

_SURE = 0.9
_LINE_INK = 26.0
_TOUCHED = 0.12
"""Part of a seal that lies in a box without its being that box's matter."""
_VEILED = 0.95
"""Part of a signature under a seal from which what is printed there may have been taken for it."""
_LOOKED = 0.5
"""Part of a box that was looked at for a signature."""
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
        self._has_stray = False
        self._prints_days = False

    def read(self, places: Sequence[BoxPlace], *, scanned: bool) -> tuple[Mark, ...]:
        """One mark for every part of every box, in the definition's order; a box not found has unknown marks.

        On paper, where other boxes were found, the marks of one that a seal or a streak hides go to a person.
        """
        by_box: dict[str, list[BoxPlace]] = {}
        for place in places:
            by_box.setdefault(place.box.key, []).append(place)
        claims = claims_of(places) if scanned else {}
        self._has_stray = scanned and has_stray(places, claims)
        self._prints_days = any(prints_day(place.text) for place in places)
        marks: list[Mark] = []
        for box in self._definition.boxes:
            found = by_box.get(box.key)
            if found:
                claim = claims.get(box.key, Claim())
                marks.extend(self._of_all(box, found, claim) if scanned else self._marks(box, _fullest(found), claim))
            elif scanned and by_box:
                marks.extend(Mark(box.key, MarkKind(part), None, review=True) for part in box.parts)
        return tuple(marks)

    def _of_all(self, box: OpinionBox, places: Sequence[BoxPlace], claim: Claim) -> Iterator[Mark]:
        """The marks of a box on paper whose label stands in several places.

        A cell is the box; a line of running text (``填报单位（盖章）：``) is it where no cell is, and else a place
        where its seal may lie. Where the cell is on another page, a person says whether that seal was meant for it.
        """
        cells = [place for place in places if place.cell.row >= 0] or [_fullest(places)]
        home = claim.place if claim.place is not None and claim.seals else _fullest(cells)
        kinds: dict[MarkKind, list[Mark]] = {}
        for place in sorted(cells, key=lambda one: one is not home):
            for mark in self._marks(box, place, claim, scanned=True):
                kinds.setdefault(mark.kind, []).append(mark)
        if home not in cells and MarkKind.SEAL in kinds:
            on_line = self._scanned_seal(box, _region_of(home), home, claim)
            is_elsewhere = any(place.page.index != home.page.index for place in cells)
            kinds[MarkKind.SEAL] = [replace(on_line, review=on_line.review or is_elsewhere)]
        for found in kinds.values():
            yield _one_of(found)

    def _marks(self, box: OpinionBox, place: BoxPlace, claim: Claim, *, scanned: bool = False) -> Iterable[Mark]:
        words = words_of(box, place.text)
        region = _region_of(place)
        if words.excused:
            for kind in box.parts:
                yield Mark(
                    box.key,
                    MarkKind(kind),
                    present=False,
                    text=words.opinion,
                    region=region,
                    review=scanned and not _is_sure(place),
                    excused=True,
                )
            return
        doubted = scanned or bool(place.cell.notes)
        is_clean = scanned and not self._has_stray and _is_clean(place, words)
        is_clean = is_clean and (prints_day(place.text) or not self._prints_days)
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
        is_doubtful = bool(words.opinion or words.likely_name) and doubted and not _is_sure(place)
        read = opinion_of(box, words, place) if place.page.scanned else OpinionRead(words.opinion, bool(words.opinion))
        return Mark(
            box.key,
            MarkKind.OPINION,
            read.present,
            read.text,
            region=region,
            confidence=confidence,
            review=is_doubtful or read.doubted,
        )

    def _scanned_seal(self, box: OpinionBox, region: Region, place: BoxPlace, claim: Claim) -> Mark:
        kind = MarkKind.SEAL
        if not claim.seals:
            is_doubtful = place.cell.box is None or claim.touched or _has_loose_red(place) or _may_be_pale(place)
            is_doubtful = is_doubtful or has_unread(place) or self._has_stray
            return Mark(box.key, kind, present=False, region=region, review=is_doubtful)
        matched = [(seal, match_unit(seal, self._wanted(box), self._others(box))) for seal in claim.seals]
        seal, match = max(matched, key=lambda item: (item[1].sure, item[1].expected, item[0].confidence or 0.0))
        across = (*(("date",) if _is_over_day(place, seal) else ()), *claim.across.get(seal.box, ()))
        is_plain = seal.whole and seal.colour == "red" and not purpose_of(seal)
        is_sure = match.sure and is_plain and len(claim.seals) == 1
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


def _is_sure(place: BoxPlace) -> bool:
    """Whether the words of a box were read so surely that nobody needs to look."""
    return (place.cell.confidence or 0.0) >= _SURE


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
    area = area_of(place, _LINE_INK, _LINE_INK)
    ink = [one for one in place.page.ink if not one.aside and is_within(one.box, area)]
    sure = [one for one in ink if one.sure]
    where = Region(place.page.index, _around([one.box for one in ink]), place.cell.address) if ink else region
    if sure:
        typed = all(one.printed for one in sure)
        look = "print" if typed else "hand"
        is_veiled = all(any(share_within(one.box, seal.box) > _VEILED for seal in place.page.seals) for one in sure)
        may_be_seal = "seal" in box.parts and not claim.seals and _may_be_pale(place)
        copied = [seal.box for seal in place.page.seals if seal.colour == "grey"]
        in_copy = all(any(touches(one.box, seal) for seal in copied) for one in sure)
        review = typed or is_veiled or may_be_seal or in_copy or any(one.hardly for one in sure)
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
        share_within(box, area) > _LOOKED or is_within(area, box) for area in place.page.sign_places
    )


def _seal(box: OpinionBox, region: Region, place: BoxPlace) -> Mark:
    """A seal in a digital file: a picture that may be one."""
    if place.cell.pictures:
        return Mark(box.key, MarkKind.SEAL, present=True, region=region, review=True)
    return Mark(box.key, MarkKind.SEAL, present=False, region=region)


def _day(box: OpinionBox, words: BoxWords, region: Region, place: BoxPlace, *, doubted: bool) -> Mark:
    read = day_of(words, place)
    if read is None:
        strip = strip_of(place)
        is_doubtful = doubted or (strip is not None and strip.unread)
        review = is_doubtful and place.page.scanned and not is_blank_day(place, _SURE)
        return Mark(box.key, MarkKind.DATE, present=False, region=region, review=review)
    lines = _day_lines(place)
    confidence = min((line.confidence or 0.0 for line in lines), default=place.cell.confidence or 0.0)
    where = read.region or (lines[-1].box if lines else region.box)
    return Mark(
        box.key,
        MarkKind.DATE,
        present=True,
        text=read.text,
        value=read.value,
        region=replace(region, box=where),
        confidence=confidence if place.page.scanned else place.cell.confidence,
        review=read.doubted or read.value is None or (doubted and (confidence < _SURE or bool(place.cell.notes))),
    )


def _day_lines(place: BoxPlace) -> list[Word]:
    """The lines of a scanned box that hold its date."""
    return [word for word in place.cell.words if _DAY_LINE.search(word.text)]


def _is_over_day(place: BoxPlace, seal: SealSeen) -> bool:
    """Whether a seal lies on the date of its box (骑年盖月)."""
    return any(share_within(word.box, seal.box) > _TOUCHED for word in _day_lines(place))


def _region_of(place: BoxPlace) -> Region:
    return Region(place.page.index, place.cell.box, place.cell.address)


def _one_of(marks: Sequence[Mark]) -> Mark:
    """The mark of a part that was looked for in several cells: what is there counts.

    Where two say otherwise a person looks; where nothing is, one doubt is enough.
    """
    there = [mark for mark in marks if mark.present]
    if not there:
        return next((mark for mark in marks if mark.review), marks[0])
    fullest = max(there, key=lambda mark: len(mark.text))
    agree = all((mark.text, mark.value, mark.unit) == (fullest.text, fullest.value, fullest.unit) for mark in there)
    return fullest if agree else replace(fullest, review=True)


def _fullest(places: Sequence[BoxPlace]) -> BoxPlace:
    """Of several places of one box the one with the most in it."""
    return max(places, key=lambda place: (place.cell.pictures, len(squeeze(place.text)), place.cell.box is not None))


def _is_clean(place: BoxPlace, words: BoxWords) -> bool:
    """Whether a scanned box was seen to hold its printed words and nothing else: no seal, no red, no strokes."""
    area = place.cell.box
    if area is None or place.cell.row < 0 or place.cell.notes:
        return False
    if words.opinion or words.name or words.likely_name or words.day or _is_stamped(place):
        return False
    return not any(touches(ink.box, area) for ink in place.page.ink)


def _is_stamped(place: BoxPlace) -> bool:
    """Whether a seal, or red that may be one, lies over a box: strokes there may be the seal's."""
    area = place.cell.box
    marks = (*(seal.box for seal in place.page.seals), *place.page.red)
    return area is not None and any(touches(mark, area) for mark in marks)


def _has_loose_red(place: BoxPlace) -> bool:
    """Whether red that belongs to no seal lies in a box: a faint seal, a cut one, red writing."""
    area = area_of(place, _LINE_INK, _LINE_INK)
    return area is not None and any(share_within(red, area) > _TOUCHED for red in place.page.red)


def _may_be_pale(place: BoxPlace) -> bool:
    """Whether a seal may lie in a box without having been seen: the page is a copy of stamped paper."""
    return any(seal.colour == "grey" for seal in place.page.seals)


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)

"""Opinions and days in a box on paper: what was read there, beside strokes, seals and guides that were not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.cleaning import squeeze
from forms.definition import OpinionBox
from forms.fieldtypes.registry import make_type
from forms.finding import Box
from parsers.document import DaySeen
from parsers.locating.boxes import BoxPlace, BoxWords
from parsers.sealclaims import area_of, is_within, touches
from parsers.sealing import share_within

_DAY = make_type("day")
_INK_ROOM = 26.0
_BLANK_DAY = re.compile(r"^[^\d年月日]*年月日$")
_WHOLE_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日?")
_OF_DAY = re.compile(r"[\d.,、]*[年月日][\d年月日.,、]*")
"""What is left of a written day of which a part was not read."""
_HANZI = re.compile(r"[\u3400-\u9fff]")
_SIGNING = re.compile(r"签|负责人|本人|经办人")
_LIKE_GUIDE = re.compile(
    r"[^\u3400-\u9fff]*[（(【\[]?[\u4e00-\u9fff]{1,2}[章童][)）】\]]?|[（(【\[][\u4e00-\u9fff]{2}[)）】\]]"
    r"|[（(【\[]盖.{0,6}"
)
"""A printed （盖章） that was misread: under a seal, in thin type."""
_WRITTEN = re.compile(r"同意|属实|可以|照办|不予|无误")
_ON_SEALS = frozenset("专用章")
_SAID, _HIDDEN = 0.6, 0.8
"""Part of a word's characters that a seal over the box has too, and of a line's box under the seal, from which they are
the seal's."""
_COVERED = 0.3
"""Part of a word's box under a signature from which the word is read off the signature."""


@dataclass(frozen=True, slots=True)
class OpinionRead:
    """The words of an opinion; ``present`` is ``None`` where ink was read as no words. ``doubted``: a person looks."""

    text: str
    present: bool | None
    doubted: bool = False


def opinion_of(box: OpinionBox, words: BoxWords, place: BoxPlace) -> OpinionRead:
    """The opinion without what was read off a signature or a misread guide, and whether something else stands there.

    An opinion is written in Chinese: a line without a hanzi is a stroke.
    """
    kept, strange, is_hidden = list[str](), list[str](), False
    for line in words.opinion.split("\n") if words.opinion else ():
        bare = squeeze(line)
        if "seal" in box.parts and _LIKE_GUIDE.fullmatch(bare) and not _WRITTEN.search(bare):
            is_hidden = True
            continue
        if _OF_DAY.fullmatch(bare):
            is_hidden = True
            continue
        if _HANZI.search(bare):
            words_left = _without_seals(line, place)
            kept += [words_left] if words_left else []
            is_hidden = is_hidden or words_left != line
        elif not _is_of_signature(bare, place):
            strange.append(line)
    if kept:
        return OpinionRead("\n".join(kept), present=True, doubted=bool(strange) or is_hidden)
    if strange:
        return OpinionRead("\n".join(strange), present=None, doubted=True)
    return OpinionRead("", present=False, doubted=is_hidden or has_unread(place))


def _without_seals(line: str, place: BoxPlace) -> str:
    """A line of an opinion without what was read off a seal of a copy: words under it, and words that it says."""
    seals = [seal for seal in place.page.seals if seal.colour == "grey"]
    over = [seal for seal in seals if place.cell.box is not None and touches(seal.box, place.cell.box)]
    if not over:
        return line
    said = {char for seal in over for char in seal.text} | _ON_SEALS
    bare = squeeze(line)
    own = [word for word in place.cell.words if bare and bare in squeeze(word.text)]
    if own and all(any(share_within(word.box, seal.box) > _HIDDEN for seal in over) for word in own):
        return ""
    parts = [part for part in line.split() if sum(char in said for char in part) < _SAID * len(part)]
    return " ".join(part for part in parts if _HANZI.search(part))


def _is_of_signature(text: str, place: BoxPlace) -> bool:
    """Whether a text was read off strokes that are the box's signature."""
    signed = [ink.box for ink in place.page.ink if ink.sure]
    own = [word for word in place.cell.words if text and text in squeeze(word.text)]
    return bool(own) and all(
        _SIGNING.search(word.text) or any(share_within(word.box, ink) > _COVERED for ink in signed) for word in own
    )


def has_unread(place: BoxPlace) -> bool:
    """Whether ink stands in a box that is neither print nor a signature nor any word that was read."""
    area = area_of(place, _INK_ROOM, _INK_ROOM)
    if area is None or place.cell.ink is False:
        return area is None
    if place.cell.notes or any(not word.text for word in place.cell.words):
        return True
    return any(not ink.sure and (touches(ink.box, area) or is_within(ink.box, area)) for ink in place.page.ink) or any(
        share_within(red, area) > 0 for red in place.page.red
    )


@dataclass(frozen=True, slots=True)
class DayRead:
    """The written day of a box: its words, its value, and whether a second look at it said otherwise."""

    text: str
    value: str | None
    doubted: bool
    region: Box | None = None


def day_of(words: BoxWords, place: BoxPlace) -> DayRead | None:
    """The day as read among the words of its box and in a strip of its own; ``None`` where neither has one."""
    strip = strip_of(place)
    own, again = _value(words.day), _value(_day_in(strip.text)) if strip is not None else None
    if own is not None and (strip is None or again == own):
        return DayRead(words.day, own, doubted=_is_read_once(place) if strip is None else strip.unread)
    if strip is None:
        return DayRead(words.day, own, doubted=True) if words.day else None
    if own is not None and (again is None or not (place.cell.notes or _is_fuller(strip.text, words.day))):
        return DayRead(words.day, own, doubted=True)
    if again is not None:
        return DayRead(_day_in(strip.text), again, doubted=True, region=strip.box)
    if words.day or re.search(r"\d", strip.text):
        return DayRead(words.day or strip.text, None, doubted=True, region=strip.box)
    return None


def _is_fuller(strip: str, words: str) -> bool:
    """Whether a strip has a figure more of the day than its box: strokes of a figure are lost, and hardly invented."""
    return len(re.findall(r"\d", _day_in(strip))) > len(re.findall(r"\d", words))


def _is_read_once(place: BoxPlace) -> bool:
    """Whether a day on paper stands in a cell where its words 年 月 日 were not found: nobody looked again."""
    return place.page.scanned and place.cell.row >= 0


def _day_in(text: str) -> str:
    """The day in the words of a strip, which may begin with the end of a signature."""
    found = _WHOLE_DAY.findall(text)
    return found[-1] if found else text


def strip_of(place: BoxPlace) -> DaySeen | None:
    """The strip in which a box's day was read again."""
    area = place.cell.box if place.cell.row >= 0 else None
    return next((day for day in place.page.days if is_within(day.box, area)), None)


def _value(text: str) -> str | None:
    if not text:
        return None
    reading = _DAY.read(text)
    return str(reading.value) if reading.settled and reading.value else None


def prints_day(text: str) -> bool:
    """Whether the words of a box hold the printed guides of a day, or what is left of them; a seal hides one or two."""
    return sum(char in text for char in "年月日") > 1


def is_blank_day(place: BoxPlace, sure: float) -> bool:
    """Whether the guides 年 月 日 were read with nothing written between them."""
    strip = [(day.text, 0.0 if day.unread else day.confidence) for day in filter(None, [strip_of(place)])]
    read = [*((word.text, word.confidence or 0.0) for word in place.cell.words)]
    blank = any(_BLANK_DAY.match(squeeze(text)) and confidence >= sure for text, confidence in read)
    return blank and all(_BLANK_DAY.match(squeeze(text)) and confidence >= sure for text, confidence in strip)

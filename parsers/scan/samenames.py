"""Names of units that a hand writes again and again: what was half read in one cell was surely read in others.

The rows of a form are mostly of one unit and of what is under it (板浦镇人民政府, its 第一中心). Where a
character of such a name is no more than likely, the same place of the same name elsewhere says which it is: on a seal,
which is print, or in other cells, if it was surely read there at least twice and nothing else was that it may be here.
A hand whose 板 is read as 坂 everywhere is not helped by its other cells, so that what was read otherwise here is shown
as the name that the others have, but never taken unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.decoder import Decoded
from parsers.document import SealSeen
from parsers.ocr.lattice import Glyph
from parsers.ocr.mistaken import lacks_number
from parsers.ocr.variants import is_rare
from parsers.scan.asking import MANY, Asked, bare
from parsers.scan.echoes import NUMERALS
from parsers.scan.proving import is_doubt_of_characters
from parsers.scan.readlines import ReadLine
from parsers.scan.units import PixelBox
from parsers.scan.witnessing import WITNESSED

FEWEST = 4
"""Characters of the shortest name that is no chance."""
SEALED = 0.9
"""How surely each character of a seal's name must have been read."""
SURELY, TIMES = 0.95, 2
"""How surely a character must have been read in other cells, and in how many."""
NEARLY = 0.8
"""How surely another one must have been read in some cell to speak against it."""
HALF_READ, BY_ITSELF = 0.3, 0.995
"""How surely a character must have been read in the cell itself to be borne out, and how surely to need no others."""
MOST_APART = 2
"""Characters in which two readings of one name differ at most."""
NAMED = frozenset({"unit", "text"})
"""Types whose values are names of units, or begin with one."""
LISTED = 0.5
"""How sure a name is at most that is shown as others have it."""
_STEM = re.compile("[\u4e00-\u9fff]{2,12}?(?:人民政府|办事处|管委会|委员会|[局委办院])")
_WORDS = re.compile("[\u4e00-\u9fff]+")
_COMMAS = frozenset(",，")


@dataclass(frozen=True, slots=True)
class Judged:
    """A name as other cells have it, and whether they bear out every character of what was read."""

    text: str
    is_borne_out: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    place: tuple[int, PixelBox]
    text: str
    glyphs: tuple[Glyph, ...]


class SameNames:
    """The cells of a document that were written by hand, character by character."""

    def __init__(self) -> None:
        self._cells: list[_Seen] = []
        self._sealed: set[str] = set()

    def seal(self, seals: Iterable[SealSeen]) -> None:
        """Take in the names on seals, which are print, where every character was surely read."""
        for seal in seals:
            is_whole = len(seal.text) >= FEWEST and len(seal.options) == len(seal.text)
            if is_whole and all(options[0][1] >= SEALED for options in seal.options):
                self._sealed.add(seal.text)

    def add(self, page: int, lines: Sequence[ReadLine]) -> None:
        """Take in a cell."""
        if lines and all(line.by_hand for line in lines):
            glyphs = _glyphs_of(lines)
            if len(glyphs) >= FEWEST:
                text = "".join(glyph.text for glyph in glyphs)
                self._cells.append(_Seen((page, lines[0].line.box), text, glyphs))

    def judged(self, page: int, lines: Sequence[ReadLine], text: str) -> Judged | None:
        """What other cells make of a text; ``None`` where its characters are not those of the lines, or too few.

        Of a text that goes on with figures or brackets only the words before them are judged.
        """
        glyphs = _glyphs_of(lines)
        words = _WORDS.match(text)
        end = words.end() if words else 0
        if end < FEWEST or "".join(glyph.text for glyph in glyphs[:end]) != text[:end]:
            return None
        name = text[:end]
        stem = _STEM.match(name) if end == len(text) else None
        reach = stem.end() if stem else end
        others = [seen for seen in self._cells if seen.place != (page, lines[0].line.box)]
        roots = [seen.glyphs[:reach] for seen in others if _is_near(seen.text[:reach], name[:reach])]
        wholes = [seen.glyphs for seen in others if _is_near(seen.text, name)]
        root = _STEM.match(name)
        sealed = self._sealed_like(glyphs[: root.end() if root else end])
        judged = [
            _judged(glyphs, index, roots if index < reach else wholes, reach if index < reach else end, sealed)
            for index in range(end)
        ]
        settled = [line.confidence >= WITNESSED for line in lines for glyph in line.reading.glyphs if _is_letter(glyph)]
        is_borne_out = len(glyphs) == end == len(text) and all(
            is_told or (is_settled and mark == own)
            for (mark, is_told), is_settled, own in zip(judged, settled, name, strict=True)
        )
        return Judged("".join(mark for mark, _ in judged) + text[end:], is_borne_out)

    def _sealed_like(self, glyphs: Sequence[Glyph]) -> str:
        """The name on a seal that a stem nearly is, and of which it has no character that was surely read otherwise."""
        text = "".join(glyph.text for glyph in glyphs)
        for name in sorted(self._sealed):
            if _is_near(name, text) and not any(
                glyph.text != mark and glyph.probability >= SURELY for glyph, mark in zip(glyphs, name, strict=True)
            ):
                return name
        return ""


def as_elsewhere(names: SameNames, asked: Asked, decoded: Decoded) -> Decoded:
    """A name of a unit, or a text that begins with one, as other cells by the same hand and seals have it."""
    if asked.kind.name not in NAMED or (not decoded.review and (decoded.confidence or 0.0) >= WITNESSED):
        return decoded
    text = bare(decoded.text)
    judged = names.judged(asked.page, asked.lines, text)
    if judged is None:
        return decoded
    if judged.text != text:
        marks = iter(judged.text)
        better = "".join(mark if mark.isspace() else next(marks) for mark in decoded.text)
        others = tuple(dict.fromkeys((decoded.text, *decoded.candidates)))[:MANY]
        return Decoded(better, min(decoded.confidence or 0.0, LISTED), review=True, candidates=others)
    is_plain = asked.guess(text, 0.0).passes and not lacks_number(text) and not any(map(is_rare, text))
    is_plain = is_plain and text == decoded.text and is_doubt_of_characters(asked)
    if asked.kind.name != "unit" or not judged.is_borne_out or not is_plain:
        return decoded
    return Decoded(text, WITNESSED, review=False, candidates=decoded.candidates)


def _judged(
    glyphs: Sequence[Glyph], index: int, family: Sequence[Sequence[Glyph]], reach: int, sealed: str
) -> tuple[str, bool]:
    """The character of a name at a place as other cells have it, and whether they bear out the one that was read."""
    own = glyphs[index]
    beside = [other[index] for other in family if _may_be_same(glyphs[:reach], other, index)]
    sure = [glyph.text for glyph in beside if glyph.probability >= SURELY]
    nearly = {glyph.text for glyph in beside if glyph.probability >= NEARLY}
    usual = max(sure, key=sure.count, default="")
    against = nearly - {usual}
    is_told = sure.count(usual) >= max(TIMES, TIMES * sum(mark in against for mark in sure))
    if index < len(sealed):
        usual, against, is_told = sealed[index], nearly - {sealed[index]}, True
        if usual == own.text:
            return usual, own.probability >= HALF_READ and not against & {mark for mark, _ in own.others}
    if not is_told:
        return own.text, own.probability >= BY_ITSELF
    if usual == own.text:
        may_be_other = against & {mark for mark, _ in own.others}
        return usual, own.probability >= (NEARLY if against else HALF_READ) and not may_be_other
    is_open = own.probability < NEARLY and not {usual, own.text} & NUMERALS
    return (usual if is_open else own.text), False


def _may_be_same(glyphs: Sequence[Glyph], other: Sequence[Glyph], index: int) -> bool:
    """Whether two names are not surely different in another place than this one."""
    return not any(
        own.text != its.text and min(own.probability, its.probability) >= SURELY
        for place, (own, its) in enumerate(zip(glyphs, other, strict=False))
        if place != index
    )


def _is_near(text: str, other: str) -> bool:
    """Whether two texts of one length differ in few characters, and in no numeral."""
    if len(text) != len(other) or len(text) < FEWEST:
        return False
    apart = [{mark, its} for mark, its in zip(text, other, strict=True) if mark != its]
    return len(apart) <= MOST_APART and not any(pair & NUMERALS for pair in apart)


def _glyphs_of(lines: Sequence[ReadLine]) -> tuple[Glyph, ...]:
    return tuple(glyph for line in lines for glyph in line.reading.glyphs if _is_letter(glyph))


def _is_letter(glyph: Glyph) -> bool:
    return glyph.text not in _COMMAS

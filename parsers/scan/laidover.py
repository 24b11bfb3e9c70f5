"""Texts that stand in several cells of a worn page, laid over each other: each is a witness of what the others say.

The rows of a form repeat its units, posts and reasons. On a fax each of them is misread in another character, so that
where most have 防汛 the one with 防讯 most likely has it too; and words tell 研究同意 from 研究问意. What is changed so
goes to a person with what was read: that two rows differ on purpose is always possible. Figures, numerals and points
of the compass have no witness but their own ink.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from rapidfuzz.distance import Levenshtein

from parsers.decoder import Decoded
from parsers.ocr.lattice import Glyph
from parsers.ocr.misreading import Prices, distance
from parsers.ocr.wording import words
from parsers.scan.asking import MANY, Asked
from parsers.scan.bilevel import is_coarse
from parsers.scan.echoes import NUMERALS
from parsers.scan.readlines import ReadLine
from parsers.scan.units import PixelBox

KINDS = frozenset({"text", "unit", "yes_no"})
"""Types that are written in words and have no list of their own, or free words beside it."""
SHORTEST, SHORT = 3, 5
"""Characters of the shortest text that has a witness, and of one that must be more alike for it."""
ALIKE, SHORT_ALIKE = 0.6, 0.66
"""How like each other two texts are, of 1, that may be one."""
UNTHOUGHT, UNTHOUGHT_MARK = 5.5, 2.5
"""How much less likely a character is, in natural logarithms, that the recogniser never thought of; a mark or space."""
OF_WITNESSES, MOST_WITNESSES = 0.7, 3
"""What a witness weighs beside the ink, and how many count: all are worn by one machine and share mistakes."""
OF_WORDS, LIKELY_MARK = 0.5, 4.0
"""What the chance of a text as words weighs, and by how much less likely than another a character is at most for it."""
STRANGE = 4.0
"""How much less likely a letter or a lone mark is than a hanzi where a witness has one."""
RUN = 3
"""Characters that may be misread one after the other between two that were read alike."""
MEASURED = 0.5
"""How sure a space or mark is that was measured or put in."""
UNSEEN = 0.93
"""A text read less surely than this goes to a person."""
SHOWN = 0.45
"""How sure a text is at most that was changed."""
PRICE, APART = 2.6, 5.0
"""The price of a character of a text of the same column that an illegible one is shown as, at most, and by how much
dearer every other one must be."""
PRICES = Prices(taken=lambda *_: UNTHOUGHT, lost=lambda _: 5.0, put=lambda mark: 4.0 if mark.isalnum() else 2.0)
_SIGNS = frozenset("年月日号")
Chances = Mapping[str, float]
"""Natural logarithms of what a character may be; "" is no character."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of a page, and what each of its characters may be."""

    place: PixelBox
    text: str
    chances: tuple[Chances, ...]


class LaidOver:
    """The texts of worn pages, by their cells."""

    def __init__(self) -> None:
        self._texts: dict[int, list[_Text]] = defaultdict(list)

    def add(self, page: int, lines: Sequence[ReadLine], text: str) -> None:
        """Take in a cell of a page; only what was printed on a worn one is kept."""
        if len(text) > 1 and lines and all(line.care > 1 and not line.by_hand for line in lines):
            self._texts[page].append(_Text(lines[0].line.box, text, _chances(text, lines)))

    def better(self, page: int, lines: Sequence[ReadLine], text: str) -> str:
        """A text as the other cells of its page and words have it; itself where none speaks against it."""
        if len(text) < SHORTEST or not lines or any(line.by_hand or line.care == 1 for line in lines):
            return text
        place = lines[0].line.box
        own = _Text(place, text, _chances(text, lines))
        others = [other for other in self._texts[page] if other.place != place]
        laid = _in_words(_laid_over(own, others))
        glyphs = [glyph for line in lines for glyph in line.reading.glyphs]
        return _known(glyphs, laid, [other.text for other in others if _is_below(other.place, place)]) or laid

    def usual(self, page: int, lines: Sequence[ReadLine], text: str) -> str:
        """What stands oftener in the column of a short text and differs from it in one character; else itself."""
        place = lines[0].line.box
        column = Counter(other.text for other in self._texts[page] if _is_below(other.place, place))
        for other, times in column.most_common():
            apart = [pair for pair in zip(text, other, strict=False) if pair[0] != pair[1]]
            is_twin = len(other) == len(text) <= SHORT and len(apart) == 1 and NUMERALS.isdisjoint(apart[0])
            if is_twin and times > max(1, column[text]) and all(map(_is_hanzi, apart[0])):
                return other
        return text


def as_laid_over(texts: LaidOver, asked: Asked, decoded: Decoded) -> Decoded:
    """A text that goes to a person, as the other cells of its page have it; one that does not, doubted beside them.

    Only where dots are large a text is doubted: there the recogniser is sure of wrong characters.
    """
    is_open = decoded.review or (decoded.confidence or 0.0) < UNSEEN
    if asked.kind.name not in KINDS or not (is_open or any(map(is_coarse, asked.lines))):
        return decoded
    better = texts.better(asked.page, asked.lines, decoded.text)
    if better == decoded.text and not is_open:
        better = texts.usual(asked.page, asked.lines, decoded.text)
    if better == decoded.text:
        return decoded
    if not is_open:
        others = tuple(dict.fromkeys((better, *decoded.candidates)))[:MANY]
        return replace(decoded, confidence=SHOWN, review=True, candidates=others)
    others = tuple(dict.fromkeys((decoded.text, *decoded.candidates)))[:MANY]
    return Decoded(better, min(decoded.confidence or 0.0, SHOWN), review=True, candidates=others)


def _chances(text: str, lines: Sequence[ReadLine]) -> tuple[Chances, ...]:
    """What each character of a text may be, by the glyph it was read as."""
    glyphs = [glyph for line in lines for glyph in line.reading.glyphs]
    found: list[Chances] = [{mark: math.log(MEASURED)} for mark in text]
    for block in Levenshtein.opcodes("".join(glyph.text[:1] for glyph in glyphs), text):
        if block.src_end - block.src_start == block.dest_end - block.dest_start:
            for passed in range(block.dest_end - block.dest_start):
                mark, glyph = text[block.dest_start + passed], glyphs[block.src_start + passed]
                own = {mark: math.log(max(glyph.probability, 0.02))}
                found[block.dest_start + passed] = {
                    **{other: math.log(chance) for other, chance in glyph.others if chance > 0},
                    **own,
                }
    return tuple(found)


def _laid_over(own: _Text, others: Sequence[_Text]) -> list[dict[str, float]]:
    """What each character of a text may be by its own ink and by its witnesses; before it, what may have been lost."""
    seen: list[list[Chances]] = [[] for _ in own.text]
    lost: list[Counter[str]] = [Counter() for _ in own.text]
    for other in others:
        for at, chances in _witness(own.text, other):
            seen[at].append(chances)
        for at, mark in _lost(own.text, other):
            lost[at][mark] += 1
    found = []
    for at, read in enumerate(own.text):
        mark = read
        whole = {one: _chance(own.chances[at], one) for one in {*own.chances[at], *(m for c in seen[at] for m in c)}}
        count = min(len(seen[at]), MOST_WITNESSES)
        for one in whole if count else ():
            mean = sum(_chance(chances, one) for chances in seen[at]) / len(seen[at])
            whole[one] += OF_WITNESSES * count * mean
        before, times = lost[at].most_common(1)[0] if lost[at] else ("", 0)
        if times >= 2 and times > len(seen[at]) / 2 and before not in NUMERALS:
            whole = {before + one: chance for one, chance in whole.items()}
            mark = before + read
        if _is_strange(read) and any(_is_hanzi(one) for one in whole):
            whole[mark] -= STRANGE
        found.append({one: chance for one, chance in whole.items() if one == mark or _may_be_taken(own, at, one[-1:])})
    return found


def _chance(chances: Chances, mark: str) -> float:
    if mark in chances:
        return chances[mark]
    return -(UNTHOUGHT if any(own.isalnum() for own in chances) else UNTHOUGHT_MARK)


def _may_be_taken(own: _Text, at: int, mark: str) -> bool:
    """Whether a character may be shown for the one read: a numeral only where the ink may be one, none for another."""
    read = own.text[at]
    if _is_hanzi(read) and not _is_hanzi(mark):
        return not mark
    if normalize("NFKC", read) == normalize("NFKC", mark):
        return False
    if mark in NUMERALS:
        return read not in NUMERALS and mark in own.chances[at]
    return read not in NUMERALS or mark in _SIGNS


def _is_hanzi(mark: str) -> bool:
    return "\u4e00" <= mark <= "\u9fff"


def _is_strange(mark: str) -> bool:
    return mark.isalpha() and not _is_hanzi(mark)


def _reach(text: str, other: str) -> tuple[int, int] | None:
    """How much of two texts may be one: all of both, or all of one and the beginning of the other."""
    ways = [(len(text), len(other))]
    if abs(len(text) - len(other)) > 1:
        ways.append((min(len(text), len(other)),) * 2)
    rated = [(Levenshtein.normalized_similarity(text[:own], other[:its]), own, its) for own, its in ways]
    best, own, its = max(rated)
    short = min(own, its)
    return None if short < SHORTEST or best < (SHORT_ALIKE if short < SHORT else ALIKE) else (own, its)


def _witness(text: str, other: _Text) -> Iterator[tuple[int, Chances]]:
    """What another text has at the places of a text where it reads alike, or otherwise between such."""
    reach = _reach(text, other.text)
    if reach is None:
        return
    blocks = list(Levenshtein.opcodes(text[: reach[0]], other.text[: reach[1]]))
    for place, block in enumerate(blocks):
        long = block.src_end - block.src_start
        is_held = all(
            beside.tag == "equal" for beside in (*blocks[max(0, place - 1) : place], *blocks[place + 1 : place + 2])
        )
        if block.tag == "equal" or (block.tag == "replace" and long <= RUN and is_held and len(blocks) > 1):
            for passed in range(long):
                yield block.src_start + passed, other.chances[block.dest_start + passed]
        elif block.tag == "delete" and long == 1 and is_held and block.src_end < reach[0]:
            yield block.src_start, {"": math.log(MEASURED)}


def _lost(text: str, other: _Text) -> Iterator[tuple[int, str]]:
    """The single characters that another text has before those of a text."""
    reach = _reach(text, other.text)
    if reach is None:
        return
    for block in Levenshtein.opcodes(text[: reach[0]], other.text[: reach[1]]):
        if block.tag == "insert" and block.dest_end - block.dest_start == 1 and block.src_start < reach[0]:
            yield block.src_start, other.text[block.dest_start]


def _in_words(chances: Sequence[dict[str, float]]) -> str:
    """The likeliest text by what each place may be and as words, changed a place at a time from the likeliest alone."""
    marks = [max(one, key=lambda mark: one[mark]) for one in chances]
    known = words()
    best = OF_WORDS * known.log_chance("".join(marks))
    for at, one in enumerate(chances):
        for mark, chance in one.items():
            if mark != marks[at] and chance > one[marks[at]] - LIKELY_MARK:
                made = OF_WORDS * known.log_chance("".join([*marks[:at], mark, *marks[at + 1 :]]))
                if made + chance > best + one[marks[at]]:
                    marks[at], best = mark, made
    return "".join(marks)


def _is_below(place: PixelBox, other: PixelBox) -> bool:
    """Whether two cells stand in one column, by the middles of their first lines."""
    return other[0] <= (place[0] + place[2]) / 2 <= other[2] or place[0] <= (other[0] + other[2]) / 2 <= place[2]


def _known(glyphs: Sequence[Glyph], laid: str, column: Sequence[str]) -> str | None:
    """The text of a column that an illegible one most likely is, where it is one that stands there more than once."""
    often = [text for text, times in Counter(column).items() if times > 1 and len(text) >= SHORTEST]
    if not often or laid in often or not NUMERALS.isdisjoint(laid):
        return None
    rated = sorted((distance(glyphs, text, PRICES), text) for text in often)
    price, best = rated[0]
    if price > PRICE * len(best) or (len(rated) > 1 and rated[1][0] - price < APART) or not NUMERALS.isdisjoint(best):
        return None
    return best

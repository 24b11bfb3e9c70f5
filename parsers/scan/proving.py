"""What a cell's type or its words prove: of all that the ink may say, how likely is what was read.

A recogniser spreads its doubt over thousands of characters, most of which make no date, no identity number and no word.
Weighed against what a field can hold alone, the same ink is often plain: a hand's 年 that may be 车 leaves a date no
less sure. The share of one value among all that are possible is what is left of the doubt (Bayes' rule over the
readings of the lattice; for words with the chance of each text as words, ``parsers/ocr/wording.py``).

Nothing is proven where something else than characters is in doubt, nor where another network read another value.

Counted on seeds 491 and 495 (four hands and a fax, five forms), among values that were to go to a person: of dates
without a 9 read by hand 133 had a share of .98 and none was wrong, of a fax's 79; of identity numbers 48, none wrong;
of texts of words 417 had a share of .95 and two were wrong, both of them lines of which a part was not read; of words
of a list 212 were read by the witness or were as likely as what was read, 103 of them in crowded cells, none wrong.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from parsers.ocr.lattice import Lattice, best_texts, probability_of, rewritten
from parsers.ocr.wording import Words, words
from parsers.scan.asking import Asked, bare
from parsers.scan.bilevel import is_coarse
from parsers.scan.listwords import surely_meant

PROVEN_FROM, HEARD_FROM = 0.98, 0.9
"""The share from which on a value is proven; that from which on it is where another network read the same."""
HEARD_BY_HAND = 0.97
"""The same for days and months by hand, of whose figures both may lose a thin 1: of 36 one had, with a share of .96."""
PROVEN = 0.985
"""How sure a proven value is."""
MANY_TEXTS = 40
"""Readings of a lattice that are weighed."""
LIKELY, OTHERS = 0.1, 0.01
"""A word of a list is meant that is this likely beside what was read, all others of it no more than this beside it."""
WORDED = frozenset({"text", "unit", "coded"})
"""Types that are written in words."""
SPACELESS = frozenset({"unit", "name", "coded"})
"""Types whose values have no spaces and no commas, so that it does not matter whether one was written."""
COMMALESS = frozenset({"unit", "coded"})
"""Types in which nobody writes a comma: a stroke that may be one is none there, but may be of a lost character."""
CALENDAR = frozenset({"day", "month"})
"""Types that hold so few texts that one network may prove a value; any other number must have been heard by two."""
LONGEST_OF_WORDS, LONGEST_BY_HAND = 14, 8
"""Characters of free text that words may prove: in longer ones a comma may have been passed over, in a hand sooner."""
READ_AT_ALL = 0.4
"""Lines of a page with large dots that were read less surely are proven by no words: 科员 was read as 科技 at 0.2."""
READ_WELL = 0.8
"""Printed lines read this surely have their commas, however long their text is."""
OF_WORDS, OF_LENGTH = 0.5, 2.5
"""What the chance of a text as words weighs beside that of its ink, and what makes up for that of a longer one."""
BESIDE_WORDS = frozenset("()（）,，、。;；")
"""Marks that may stand in a text that words prove."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reading, and its share among all that were weighed."""

    text: str
    share: float


def is_proven_by_type(asked: Asked, limited: Lattice, text: str) -> bool:
    """Whether a text's value is nearly all that the ink can say in a field of this type.

    Args:
        asked: the cell and its type.
        limited: its lattice, held to the type's characters.
        text: what was read, which the type takes.
    """
    if not is_doubt_of_characters(asked) or asked.has_closed_four:
        return False
    value = asked.value(text)
    heard = asked.value(asked.heard) if asked.heard and asked.guess(asked.heard, 0.0).passes else None
    if heard != value and (heard is not None or asked.kind.name not in CALENDAR or _has_other_figures(asked, text)):
        return False
    least = HEARD_BY_HAND if asked.kind.name in CALENDAR and _is_by_hand(asked) else HEARD_FROM
    return _share_of_value(asked, limited, value) >= (least if heard == value else PROVEN_FROM)


def _has_other_figures(asked: Asked, text: str) -> bool:
    """Whether what another network heard, though it is no value, has a figure that is not in the text.

    It often takes the signs of a date for something else (周15日 for 月15日), and loses a 1; a figure that it has and
    the first one has not was passed over: 2012年6周5日 was held to be 2012年6月5日.
    """
    own = iter(mark for mark in text if mark.isdigit())
    return not all(mark in own for mark in asked.heard if mark.isdigit())


def proven_word(asked: Asked) -> str | None:
    """The one word of the field's list that the ink can mean; of print that lost strokes, one that it hardly misses."""
    word = word_of_list(asked)
    if word is not None or not is_doubt_of_characters(asked) or not all(map(is_coarse, asked.lines)):
        return word
    return None if _is_by_hand(asked) else surely_meant(asked.glyphs, asked.kind.choices())


def word_of_list(asked: Asked) -> str | None:
    """The one word of the field's list that the ink can mean, though it was not read as it stands.

    Either another network read just that word, or it is all but as likely as what was read, no other word of the list
    is, and none is within one character of it. Brackets are no letters: engines lose them.
    """
    choices = asked.kind.choices()
    if not choices or not is_doubt_of_characters(asked):
        return None
    ink = rewritten(asked.lattice, lambda mark: mark if mark.isalnum() else "")
    chances = sorted(((probability_of(ink, letters(word)), word) for word in choices), reverse=True)
    best, word = chances[0]
    if any(letters(other) == letters(word) for other in choices if other != word):
        return None
    if asked.heard and letters(asked.heard) == letters(word) and best > 0:
        return word
    free = max((chance for _, chance in best_texts(ink)), default=0.0)
    is_likely = best >= LIKELY * free and sum(chance for chance, _ in chances[1:]) < OTHERS * best
    others = [letters(other) for other in choices if other != word]
    apart = all(Levenshtein.distance(letters(word), other) > 1 for other in others)
    return word if best > 0 and is_likely and apart else None


def letters(text: str) -> str:
    """A text without brackets, marks and white space."""
    return "".join(mark for mark in text if mark.isalnum())


def is_proven_by_words(asked: Asked, text: str) -> bool:
    """Whether a text is of common words, and nearly all that the ink can say in words."""
    if asked.kind.name not in WORDED or not is_doubt_of_characters(asked) or not _is_short(asked, text):
        return False
    if any(is_coarse(line) and (line.reading.confidence or 0.0) < READ_AT_ALL for line in asked.lines):
        return False
    known = words()
    own = bare(text)
    if not all("\u4e00" <= mark <= "\u9fff" or mark in BESIDE_WORDS for mark in own) or not known.is_of_words(own):
        return False
    best = in_words(asked.lattice, known)
    least = HEARD_FROM if letters(asked.heard) == letters(own) else PROVEN_FROM
    return best is not None and best.text == own and best.share >= least


def meant_in_words(asked: Asked, text: str, doubt: int = 1) -> str | None:
    """What a text that is none of words must mean, where the ink may say it as well and it is one of words.

    For a person: that somebody wrote what is no word is possible. ``doubt`` is the root of what the ink's chances are
    worth: in a hand engines are as sure of 全计 for 会计 as ever.
    """
    if asked.kind.name not in WORDED or any(line.boxes for line in asked.lines):
        return None
    known = words()
    if bare(text) != text or known.is_of_words(text):
        return None
    best = in_words(asked.lattice, known, doubt)
    if best is None or best.text == text or best.share < 0.5 or not known.is_of_words(best.text):
        return None
    return best.text


def in_words(lattice: Lattice, known: Words, doubt: int = 1) -> Weighed | None:
    """The likeliest reading of a lattice by its ink and as words; ``None`` where nothing was read.

    ``doubt`` as for :func:`meant_in_words`.
    """

    def weight(text: str, chance: float) -> float:
        return math.log(chance) / doubt + OF_WORDS * known.log_chance(text) + OF_LENGTH * len(text)

    return _likeliest(lattice, weight)


def _likeliest(lattice: Lattice, weight: Callable[[str, float], float]) -> Weighed | None:
    weights = {text: weight(text, chance) for text, chance in best_texts(lattice, MANY_TEXTS) if text and chance > 0}
    if not weights:
        return None
    best = max(weights, key=lambda text: weights[text])
    return Weighed(best, 1.0 / sum(math.exp(other - weights[best]) for other in weights.values()))


def _share_of_value(asked: Asked, limited: Lattice, value: object) -> float:
    shares: dict[object, float] = defaultdict(float)
    for text, chance in best_texts(limited, MANY_TEXTS):
        if text and asked.guess(text, 0.0).passes:
            shares[asked.value(text)] += chance
    whole = sum(shares.values())
    return shares.get(value, 0.0) / whole if whole else 0.0


def _is_by_hand(asked: Asked) -> bool:
    return any(line.by_hand for line in asked.lines)


def is_doubt_of_characters(asked: Asked) -> bool:
    """Whether nothing but the probability of its characters makes any line less sure."""
    return bool(asked.lattice) and not any(line.is_capped or line.boxes for line in asked.lines)


def _is_short(asked: Asked, text: str) -> bool:
    if asked.kind.name in SPACELESS:
        return True
    if _is_by_hand(asked):
        return len(text) <= LONGEST_BY_HAND
    return len(text) <= LONGEST_OF_WORDS or all((line.reading.confidence or 0.0) >= READ_WELL for line in asked.lines)

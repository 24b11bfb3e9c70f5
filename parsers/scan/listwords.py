"""Words of a closed list beside what was read: the one that a text is like, and those that stand apart from others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from parsers.ocr.lattice import Glyph
from parsers.ocr.misreading import Prices, distance, pairing
from parsers.scan.asking import bare

LIKE, LIKER, FEWEST_ALIKE = 50.0, 15.0, 3
"""How like a word of a list a text must be, in 100, to be shown as that word; by how much more than any other word;
and how many characters it takes."""

HARDLY, FAR, AS_WRITTEN = 1.6, 11.0, 0.9
"""The price of a character of a word that was hardly misread, at most; by how much dearer every other word is; and how
surely a character was read that stands on the paper. Of 67 words on faxes that went to a person for their characters
alone and were no dearer than 2.2, all others dearer by 8, none was wrong (seeds 553 to 556)."""
LOOKS_LIKE = 2.5
WORN: Mapping[str, str] = {"男": "里更勇强", "女": "又文Kk", "是": "足见明民", "否": "3子告古"}
"""What words of one character are read as when they lose strokes (faxes of seeds 553 to 556), and its price."""
PRICES = Prices(
    taken=lambda meant, read: LOOKS_LIKE if read in WORN.get(meant, "") else 5.5,
    lost=lambda mark: 5.0 if mark.isalnum() else 1.5,
    put=lambda mark: 4.0 if mark.isalnum() else 1.5,
)
"""What misreadings of a word of a list cost."""
MOST_OF_MARK, APART = 4.4, 3.0
"""The price of a character of a word that was read as something else, at most, and by how much dearer others are."""


def nearest(text: str, choices: Sequence[str]) -> str | None:
    """The one word of a list that a text is like."""
    if len(bare(text)) < FEWEST_ALIKE:
        return None
    alike = sorted(((fuzz.ratio(bare(text), word), word) for word in choices), reverse=True)
    if not alike or alike[0][0] < LIKE:
        return None
    return alike[0][1] if len(alike) == 1 or alike[0][0] - alike[1][0] >= LIKER else None


def likeliest(glyphs: Sequence[Glyph], choices: Sequence[str]) -> str | None:
    """The one word of a list that most likely was read as some glyphs; ``None`` where others are as likely."""
    rated = sorted((distance(glyphs, word, PRICES), word) for word in choices)
    if not glyphs or not rated:
        return None
    price, word = rated[0]
    is_alone = len(rated) == 1 or rated[1][0] - price >= APART
    return word if is_alone and price <= MOST_OF_MARK * max(len(word), len(glyphs)) else None


def surely_meant(glyphs: Sequence[Glyph], choices: Sequence[str]) -> str | None:
    """The word of a list that was hardly misread, and from which every other one is two characters or more away.

    None of its characters may have been surely read as another: somebody may have written that.
    """
    word = likeliest(glyphs, choices)
    if word is None or len(word) < FEWEST_ALIKE:
        return None
    price, *others = sorted(distance(glyphs, choice, PRICES) for choice in choices)
    if price > HARDLY * len(word) or (others and others[0] - price < FAR):
        return None
    at = {place for place, mark in pairing(glyphs, word, PRICES) if glyphs[place].text == word[mark]}
    is_open = all(glyph.probability < AS_WRITTEN for place, glyph in enumerate(glyphs) if place not in at)
    return word if is_open else None


def stands_apart(text: str, choices: Sequence[str]) -> bool:
    """Whether a text is a word of a list to which no other word is near: two characters would have to be misread.

    Of 152 such readings of hands, a fax and copies (seed 491), as little sure as 0.2, none was wrong.
    """
    word = bare(text)
    others = [choice for choice in choices if choice != word]
    return word in choices and len(word) >= FEWEST_ALIKE and all(Levenshtein.distance(word, o) > 1 for o in others)

"""Lines that were not surely read, surer where another network reads the same in them.

The witness (:data:`parsers.ocr.models.WITNESS`) reads hands and worn print nearly as well as the first reader. What
both read alike may still be wrong where both pass over the same mark, a comma or a space, or know the same wrong
character: so it is believed by how much the field itself can tell, a number with a check digit or a word of a list more
than free text, and a name not at all.

How often it was right is counted in ``docs/decisions/0020-witness.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forms.fieldtypes.base import FieldType
from parsers.ocr.variants import plain
from parsers.scan.readlines import ReadLine

LEAST = {"id_number": 0.5, "credit_code": 0.5, "coded": 0.5, "yes_no": 0.6, "day": 0.6, "month": 0.6, "unit": 0.8}
"""How surely both must have read a line by itself, by the field's type."""
LEAST_OF_OTHERS = 0.9
LONGEST_BY_HAND = 6
"""Characters of free text by hand that a witness may prove: in longer ones both pass over a comma or a space."""
UNBELIEVED = frozenset({"name"})
"""Types of which nothing but the characters says that they are right, and whose rare ones every network errs in."""
WITNESSED_BELOW = 0.999
"""Lines surer than this are not shown to the witness."""
OVERLOOKED_LIMIT = 0.5
"""No line by hand is surer in which the witness saw a mark of punctuation more."""
WITNESSED = 0.985
"""How sure a line is that both read alike."""


CHECKED = frozenset({"id_number", "credit_code"})
"""Types whose check digit tells a 9 from a 4 that a hand has closed, which both networks take for one.

Of 16 fours of hands that were read as 9 (seeds 540 and 541) the first network half saw the 4 in 15, and was sure of the
last at 0.948; of 897 nines it half saw a 4 in none, and was sure of 99 in 100 at 0.99. Where it was not, the other
network proves nothing.
"""
SURE_NINE = 0.99
"""A 9 by hand that was read less surely may be a 4."""
NEVER = 2.0


def least_of(kind: FieldType, lines: Sequence[ReadLine]) -> float:
    """How surely both must have read lines as a type for it to be believed; :data:`NEVER` where it is not."""
    is_long = sum(len(line.reading.text) for line in lines) > LONGEST_BY_HAND
    is_free = kind.name not in LEAST and kind.alphabet() is None
    by_hand = any(line.by_hand for line in lines)
    if kind.name in UNBELIEVED or may_be_fours(kind, lines) or (by_hand and is_free and is_long):
        return NEVER
    return LEAST.get(kind.name, LEAST_OF_OTHERS)


def may_be_fours(kind: FieldType, lines: Sequence[ReadLine]) -> bool:
    """Whether a 9 by hand may be a 4, which every reader takes for it, and no check digit can tell."""
    return kind.name not in CHECKED and any(
        line.by_hand
        and glyph.text == "9"
        and (glyph.probability < SURE_NINE or any(other == "4" for other, _ in glyph.others))
        for line in lines
        for glyph in line.reading.glyphs
    )


def may_be_witnessed(line: ReadLine) -> bool:
    """Whether the characters of a line are all that is unsure in it."""
    return bool(line.reading.text) and line.confidence < WITNESSED_BELOW and not line.is_capped


def witnessed(lines: Sequence[ReadLine], said: Sequence[tuple[str, float]], least: float) -> list[ReadLine]:
    """The lines, surer where the witness said the same, and doubted where it saw a mark in a hand that was passed over.

    Args:
        lines: what the first reader read.
        said: the witness's text of each and how sure it was.
        least: how sure both must be.
    """
    return [_judged(line, text, sure, least) for line, (text, sure) in zip(lines, said, strict=True)]


def _judged(line: ReadLine, text: str, sure: float, least: float) -> ReadLine:
    line = replace(line, heard=text)
    own = "".join(plain(character) or "" for character in line.reading.text)
    if may_be_witnessed(line) and text == own and min(sure, line.reading.confidence or 0.0) >= least:
        return replace(line, confidence=max(line.confidence, WITNESSED), is_witnessed=True)
    if line.by_hand and len(text) > len(own) and _without_marks(text) == _without_marks(own):
        return replace(line, confidence=min(line.confidence, OVERLOOKED_LIMIT))
    return line


def _without_marks(text: str) -> str:
    return "".join(character for character in text if character.isalnum())

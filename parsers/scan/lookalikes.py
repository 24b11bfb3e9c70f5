"""Characters as what they must be in a field that holds but a few of them."""

from __future__ import annotations

LOOKALIKES = {
    "O": "0",
    "o": "0",
    "〇": "0",
    "○": "0",
    "l": "1",
    "I": "1",
    "|": "1",
    "丨": "1",
    "x": "X",
    "一": "-",
    "—": "-",
    "～": "-",
    "~": "-",
}
"""What figures are taken for, in fields that hold nothing else."""


def as_allowed(character: str, alphabet: frozenset[str]) -> str | None:
    """A character as the one of an alphabet that it is or looks like, ``None`` where it is none of them.

    In a date a B is 日, which small type on a fax is read as.
    """
    if character in alphabet:
        return character
    fresh = LOOKALIKES.get(character, character.upper())
    fresh = "日" if character == "B" and "日" in alphabet else fresh
    return fresh if fresh in alphabet else None

"""Cells of one document that say the same but for a mark of punctuation: in one of them a comma was passed over."""

from __future__ import annotations

import unicodedata
from collections import defaultdict

FEWEST = 8
"""Letters of a text from which it is no chance that another has the same."""


class Twins:
    """The texts of a document's cells, by their letters and figures alone."""

    def __init__(self) -> None:
        self._by_letters: dict[str, dict[str, str]] = defaultdict(dict)

    def add(self, text: str) -> None:
        """Take in the text of a cell."""
        letters, marked = _letters(text), _marked(text)
        if len(letters) >= FEWEST:
            self._by_letters[letters].setdefault(marked, text)

    def marked_otherwise(self, text: str) -> tuple[str, ...]:
        """The texts of other cells with the same letters and other marks of punctuation; white space is none."""
        same = self._by_letters.get(_letters(text), {})
        return tuple(other for marked, other in same.items() if marked != _marked(text))


def _letters(text: str) -> str:
    return "".join(mark for mark in text if mark.isalnum())


def _marked(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())

"""Cell references of a worksheet, moved when rows are put in.

The prototype row of a template becomes many rows: what stands below moves down, ranges that reach over the prototype
row grow with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_RANGE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d{1,7})(?::(\$?[A-Z]{1,3}\$?)(\d{1,7}))?")
_ROWS = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Shift:
    """``added`` rows put in after row ``row`` (from one)."""

    row: int
    added: int

    def start(self, row: int) -> int:
        """Where a row that begins a range goes."""
        return row + self.added if row > self.row else row

    def end(self, row: int) -> int:
        """Where a row that ends a range goes: the prototype row itself grows."""
        return row + self.added if row >= self.row else row

    def reference(self, text: str) -> str:
        """Ranges such as ``A4:T9`` or ``C5 C7``, moved and grown."""
        return _RANGE.sub(self._range, text)

    def whole_rows(self, text: str) -> str:
        """Rows such as ``$1:$4`` (print titles), moved and grown."""
        return _ROWS.sub(
            lambda found: f"{found[1]}{self.start(int(found[2]))}:{found[3]}{self.end(int(found[4]))}", text
        )

    def _range(self, found: re.Match[str]) -> str:
        if found[3] is None:
            row = int(found[2])
            if row == self.row and self.added:
                return f"{found[1]}{row}:{found[1]}{row + self.added}"
            return f"{found[1]}{self.start(row)}"
        return f"{found[1]}{self.start(int(found[2]))}:{found[3]}{self.end(int(found[4]))}"


def split_cell(reference: str) -> tuple[str, int]:
    """``"AB12"`` → ``("AB", 12)``.

    Raises:
        ValueError: no cell reference.
    """
    found = _CELL.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    return found[1], int(found[2])


def column_number(letters: str) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → ``A``, 27 → ``AA``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

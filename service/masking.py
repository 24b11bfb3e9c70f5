"""Numbers of people as they are shown to who has no right or no reason to see them whole.

Of an identity number the first and the last two characters are shown. Beside a date of birth those would leave a
handful of numbers to choose from (the place is known, and the date is most of the number): there nothing is shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from forms.rules.rule import masked

MASKED_TYPES = frozenset({"id_number", "phone"})
TELLS_BIRTH = frozenset({"birth_month", "age"})
"""Fields beside which nothing of an identity number is shown."""
HIDDEN = "已隐藏"
_PHONE = re.compile(r"(?<![0-9])(1[0-9]{2})[0-9]{4}([0-9]{4})(?![0-9])")
_SHORTEST = 11
"""Characters of a mobile number, the shortest that is hidden in a text."""
_SHOWN_OF_ID = 2
_SHOWN_OF_PHONE = 4


def hide(kind: str, value: Any, beside: Collection[str] = ()) -> Any:  # noqa: ANN401  # a normal value
    """A value as lists show it; ``kind`` is the name of its field type, ``beside`` are the keys shown with it.

    Of identity and telephone numbers only a few characters stay, of other texts what is no such number.
    """
    if not isinstance(value, str) or not value:
        return value
    if kind not in MASKED_TYPES or not any(char.isdigit() for char in value):
        return hide_text(value)
    if kind == "id_number" and TELLS_BIRTH.intersection(beside):
        return HIDDEN
    keep = _SHOWN_OF_ID if kind == "id_number" else _SHOWN_OF_PHONE
    return f"{value[:1]}{'*' * max(1, len(value) - 1 - keep)}{value[-keep:]}" if len(value) > keep + 1 else "***"


def hide_text(text: str) -> str:
    """A text without whole identity numbers and mobile numbers."""
    if len(text) < _SHORTEST:
        return text
    return _PHONE.sub(r"\1****\2", masked(text))

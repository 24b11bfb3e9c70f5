"""The signs 年 月 日 of a written date: printed for somebody to write between, or taken for a figure."""

from __future__ import annotations

import re

_FIGURE_FOR_SIGN = re.compile(r"(\d{4}年\d{1,2}月\d{1,2})[0-9]")
_WITHOUT_DAY_SIGN = re.compile(r"\d{4}年\d{1,2}月\d{1,2}")
_FIGURE = re.compile(r"[\d〇零一二三四五六七八九十元]")
_GUIDE = 3
"""Signs of a guide."""


def is_guide(text: str) -> bool:
    """Whether a text is the printed 年 月 日 of a date nobody filled in, one sign of it misread.

    A date that was filled in has a figure before its 年.
    """
    bare = _bare(text)
    signs = sum(character in bare for character in "年月日")
    return signs >= 2 and len(bare) <= _GUIDE and (bare.startswith("年月") or not _FIGURE.search(bare))


def lacks_day_sign(text: str) -> bool:
    """Whether a date has its 年 and 月 but no 日: its last figure may be what the 日 was taken for."""
    return _WITHOUT_DAY_SIGN.fullmatch(_bare(text)) is not None


def without_last_figure(text: str) -> str:
    """Such a date as it is if its last figure is its 日."""
    return f"{_bare(text)[:-1]}日"


def with_day_sign(text: str) -> str | None:
    """A date with a figure too many at its end, as one whose 日 was read as a figure; ``None`` for other texts."""
    found = _FIGURE_FOR_SIGN.fullmatch(_bare(text))
    return f"{found[1]}日" if found else None


def _bare(text: str) -> str:
    return "".join(text.split())

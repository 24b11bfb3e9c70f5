"""The spellings of a date, taken apart without deciding anything: those of forms-reference §0.4 and more."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from forms.cleaning import fold
from forms.numerals import read_digits, read_number

FIRST_YEAR = 1900
LAST_YEAR = 2100

_GUIDE = re.compile(r"(?:19|20)?[_\s.]*年[_\s.]*月(?:[_\s.]*日)?|[_\s]*[-./][_\s]*[-./][_\s]*|[_\s]+")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_TIME = re.compile(r"(?<=[0-9日])[T\s]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$")
_AROUND = re.compile(r"^(?:自|从|由|于)|(?:起至?|始|止|前|开始|号起)$")
_CHINESE = re.compile(
    r"([0-9〇○Oo零一二三四五六七八九壹贰叁肆伍陆柒捌玖]{2,4})年(?:([^年月日号]{1,3})月(?:份)?(?:([^年月日号]{1,4})[日号])?)?"
)
_YEAR = r"([0-9]{4}|[0-9]{2})"
_SPELLINGS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}年([0-9]{{1,2}})月([0-9]{{1,2}})[日号]?",
        rf"{_YEAR}-([0-9]{{1,2}})-([0-9]{{1,2}})",
        rf"{_YEAR}\.([0-9]{{1,2}})\.([0-9]{{1,2}})",
        rf"{_YEAR}/([0-9]{{1,2}})/([0-9]{{1,2}})",
        r"([0-9]{4}) ([0-9]{1,2}) ([0-9]{1,2})",
        r"([0-9]{4})([0-9]{2})([0-9]{2})",
        rf"{_YEAR}年([0-9]{{1,2}})月(?:份)?()",
        rf"{_YEAR}[-./]([0-9]{{1,2}})(?:月(?:份)?)?()",
        r"([0-9]{4})([0-9]{2})()",
        r"([0-9]{4})年?()()",
    )
)
_VAGUE_DAY = re.compile(r"(?P<month>.+月)(?:份)?(?:上旬|中旬|下旬|初|中|底|末)")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_SHORT_SIX = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})")
_POINTS = str.maketrans({"。": ".", "、": ".", "·": ".", "•": ".", "．": ".", "⁄": "/"})
_FULL_YEAR = 4
_MONTHS = 12
_SHORT_YEARS = range(1930, 2051)
"""The years that two figures can mean on these forms: births and what is planned."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A date as written: ``month`` and ``day`` are ``None`` where they are missing, ``year`` may have two figures."""

    year: str
    month: int | None = None
    day: int | None = None

    @property
    def is_short(self) -> bool:
        """Written with a year of two figures."""
        return len(self.year) < _FULL_YEAR


def is_guide(text: str) -> bool:
    """Whether ``text`` is only the printed guide of an empty date: ``年 月 日``, ``20__年__月__日``."""
    return bool(_GUIDE.fullmatch(fold(text)))


def simplify(text: str) -> str:
    """``text`` in half width, without weekday, time, 自 and 起, and without blanks beside its separators."""
    bare = fold(text).translate(_POINTS)
    bare = _TIME.sub("", _WEEKDAY.sub("", bare).rstrip()).rstrip(" .,;")
    bare = _AROUND.sub("", _AROUND.sub("", bare.strip())).strip()
    bare = re.sub(r"\s*([-./年月日号])\s*", r"\1", bare)
    bare = re.sub(r"\s+", "" if "年" in bare else " ", bare)
    return re.sub(r"(?<=年)_*月_*日?$|(?<=月)_*日$", "", bare) if "_" in bare or "日" in bare[-1:] else bare


def take_apart(bare: str) -> Parts | None:
    """The parts of a simplified text; ``None`` for anything that is no single date."""
    if bare[:1] in "'’‘":
        bare = bare[1:]
    for spelling in _SPELLINGS:
        if found := spelling.fullmatch(bare):
            year, month, day = found.groups()
            return Parts(year, int(month) if month else None, int(day) if day else None)
    if found := _VAGUE_DAY.fullmatch(bare):
        return take_apart(found["month"])
    return _in_chinese(bare)


def _in_chinese(bare: str) -> Parts | None:
    found = _CHINESE.fullmatch(bare)
    if not found:
        return None
    year, month, day = found.groups()
    figures = year if year.isascii() and year.isdigit() else read_digits(re.sub("[Oo]", "〇", year))
    if figures is None:
        return None
    numbers = [_small(part) for part in (month, day) if part]
    if None in numbers:
        return None
    return Parts(figures, *numbers)


def _small(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text)
    for start, tens in (("廿", 20), ("卅", 30)):
        if text.startswith(start):
            rest = read_number(text[1:]) if len(text) > 1 else 0
            return None if rest is None else tens + rest
    return read_number(text.lstrip("零〇") or "零")


def other_orders(bare: str) -> tuple[Parts, ...]:
    """Dates that ``bare`` could be if it were written month first, day first, or in six figures."""
    if found := _MONTH_FIRST.fullmatch(bare):
        first, second, year = int(found[1]), int(found[2]), found[3]
        return (Parts(year, first, second), Parts(year, second, first))
    if found := _SHORT_SIX.fullmatch(bare):
        return (Parts(found[1], int(found[2]), int(found[3])),)
    return ()


def iso_of(parts: Parts) -> str | None:
    """``YYYY-MM-DD`` or ``YYYY-MM`` of parts with a full year; ``None`` if there is no such day or month."""
    year = int(parts.year)
    if parts.is_short or not FIRST_YEAR <= year <= LAST_YEAR or parts.month is None or not 1 <= parts.month <= _MONTHS:
        return None
    if parts.day is None:
        return f"{year:04d}-{parts.month:02d}"
    try:
        return dt.date(year, parts.month, parts.day).isoformat()
    except ValueError:
        return None


def with_century(parts: Parts) -> tuple[Parts, ...]:
    """Parts of a two-figure year in the centuries that can be meant on these forms, the likelier first."""
    if not parts.is_short:
        return (parts,)
    year = int(parts.year)
    years = [full for full in (2000 + year, 1900 + year) if full in _SHORT_YEARS]
    return tuple(Parts(str(full), parts.month, parts.day) for full in years)

"""What a workbook shows for a stored number: days, decimals, leading zeros.

A day that was typed as ``2015年3月`` is stored as the 1st and shown without a day; what is not shown was not stated.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

_BUILT_IN_DATES = {
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_BUILT_IN_NUMBERS = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_TEXT_FORMAT = 49
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DATE_TOKEN = re.compile(r"y+|m+|d+|h+|s+|a{3,4}", re.IGNORECASE)
_CHINESE_DIGITS = "〇一二三四五六七八九"
_GENERAL_DIGITS = 11
_TWO = 2


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """One number format, reduced to what matters: is it a day, which parts show, how a number is written."""

    pattern: str = ""
    is_date: bool = False
    shows: str = ""
    """Which of ``y``, ``m``, ``d`` a date format shows."""
    decimals: int | None = None
    zeros: int = 0
    percent: bool = False
    text: bool = False

    def show_day(self, moment: dt.datetime) -> str:
        """A day as this format shows it."""
        return _show_day(self.pattern, moment)

    def show_number(self, number: float) -> str:
        """A number as this format shows it (grouping commas left out)."""
        if self.percent:
            return f"{number * 100:.{self.decimals or 0}f}%"
        if self.decimals is not None:
            shown = f"{number:.{self.decimals}f}"
            return shown.zfill(self.zeros) if self.zeros else shown
        return general(number)


def general(number: float) -> str:
    """A number as Excel's General format shows it in a cell wide enough."""
    if number == int(number) and abs(number) < 10**_GENERAL_DIGITS:
        return str(int(number))
    if abs(number) >= 10**_GENERAL_DIGITS:
        mantissa, exponent = f"{number:.5E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"
    return f"{number:.10g}"


@cache
def number_format(identifier: int, code: str | None) -> NumberFormat:
    """The format of an id and, for custom ones, its code."""
    if identifier == _TEXT_FORMAT:
        return NumberFormat(text=True)
    if code is None:
        if identifier in _BUILT_IN_DATES:
            return _date_format(_BUILT_IN_DATES[identifier])
        code = _BUILT_IN_NUMBERS.get(identifier, "General")
    section = code.split(";")[0]
    if section.strip() == "@":
        return NumberFormat(text=True)
    bare = _LITERAL.sub("", section)
    if re.search(r"[yd]", bare, re.IGNORECASE) or ("m" in bare.lower() and "general" not in bare.lower()):
        return _date_format(section)
    return _plain_format(bare)


def _date_format(code: str) -> NumberFormat:
    tokens = [token[0].lower() for token in _DATE_TOKEN.findall(_LITERAL.sub("", code))]
    is_clock = "h" in tokens and "y" not in tokens and "d" not in tokens
    shows = "".join(part for part in "ymd" if part in tokens)
    return NumberFormat(code, is_date=not is_clock, shows=shows)


def _plain_format(bare: str) -> NumberFormat:
    if "0" not in bare or "e" in bare.lower():
        return NumberFormat()
    whole, _, fraction = bare.partition(".")
    zeros = whole.count("0")
    decimals = fraction.count("0")
    if "#" in fraction:
        return NumberFormat()
    return NumberFormat(decimals=decimals, zeros=zeros if zeros > 1 else 0, percent="%" in bare)


@cache
def _tokens(code: str) -> tuple[tuple[str, bool], ...]:
    """The pieces of a date code: (text, is it a token)."""
    pieces: list[tuple[str, bool]] = []
    position = 0
    section = code.split(";", maxsplit=1)[0]
    for match in re.finditer(rf"{_LITERAL.pattern}|(?P<token>{_DATE_TOKEN.pattern})", section, re.IGNORECASE):
        if match.start() > position:
            pieces.append((section[position : match.start()], False))
        if match.group("token"):
            pieces.append((match.group("token").lower(), True))
        else:
            pieces.append((match.group(1) or match.group(2) or "", False))
        position = match.end()
    pieces.append((section[position:], False))
    return tuple(pieces)


def _show_day(code: str, moment: dt.datetime) -> str:
    shown: list[str] = []
    after_hour = False
    chinese = "dbnum1" in code.lower()
    for piece, is_token in _tokens(code):
        if not is_token:
            shown.append("" if piece == "@" else piece)
            continue
        is_minute = piece[0] == "m" and after_hour
        after_hour = piece[0] == "h"
        shown.append(_token(piece, moment, is_minute=is_minute, chinese=chinese))
    return "".join(shown).strip()


def _token(token: str, moment: dt.datetime, *, is_minute: bool, chinese: bool) -> str:
    if is_minute:
        return f"{moment.minute:02d}"
    match token[0]:
        case "y":
            number, width = (moment.year % 100, 2) if len(token) <= _TWO else (moment.year, 4)
        case "m":
            number, width = moment.month, _TWO if len(token) == _TWO else 1
        case "d":
            number, width = moment.day, _TWO if len(token) == _TWO else 1
        case "h":
            number, width = moment.hour, 2
        case "s":
            number, width = moment.second, 2
        case _:
            return ""
    text = str(number).zfill(width)
    return _chinese(token[0], number) if chinese else text


def _chinese(part: str, number: int) -> str:
    if part == "y":
        return "".join(_CHINESE_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_CHINESE_DIGITS[tens]}十")
    return head + (_CHINESE_DIGITS[ones] if ones else "")

"""Check digits of identity numbers (GB 11643-1999) and unified social credit codes (GB 32100-2015)."""

from __future__ import annotations

import datetime as dt
import re
from operator import mul

ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
    ]
)
_EARLIEST_BIRTH = 1800  # an example of the standard itself was born in 1880
_LATEST_BIRTH = 2100


def id_check_character(body: str) -> str:
    """The 18th character that belongs to 17 digits."""
    if len(body) != len(_ID_WEIGHTS):
        raise ValueError(len(body))
    return _ID_CHECK[sum(map(mul, _ID_WEIGHTS, map(int, body))) % 11]


def has_valid_check(number: str) -> bool:
    """Whether 18 characters are an identity number whose check character fits."""
    return bool(ID_NUMBER.fullmatch(number)) and id_check_character(number[:17]) == number[17]


def birth_of(number: str) -> dt.date | None:
    """The day of birth in an 18-character number, ``None`` if there is no such day."""
    try:
        day = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return day if _EARLIEST_BIRTH <= day.year <= _LATEST_BIRTH else None


def sex_of(number: str) -> str:
    """``男`` or ``女`` by the parity of the 17th digit."""
    return "男" if int(number[16]) % 2 else "女"


def is_known_province(number: str) -> bool:
    """Whether the first two digits are a province's. An unknown code is no fault: codes of past years stay valid."""
    return number[:2] in _PROVINCES


def upgrade_15(number: str) -> str | None:
    """The 18-character number that a 15-digit one became; ``None`` if its day of birth does not exist."""
    body = f"{number[:6]}19{number[6:]}"
    full = body + id_check_character(body)
    return full if birth_of(full) else None


def credit_check_character(body: str) -> str:
    """The 18th character that belongs to the first 17 of a unified social credit code."""
    total = sum(weight * _CREDIT_ALPHABET.index(char) for weight, char in zip(_CREDIT_WEIGHTS, body, strict=True))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]


def has_valid_credit_check(code: str) -> bool:
    """Whether 18 characters are a unified social credit code whose check character fits."""
    return bool(CREDIT_CODE.fullmatch(code)) and credit_check_character(code[:17]) == code[17]

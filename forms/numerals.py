"""Numbers written in Chinese: ``十二``, ``二〇二四``, ``壹仟贰佰元整``."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {
    char: value
    for value, chars in enumerate(
        ("零〇○", "一壹弌", "二贰貳两", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TEN = 10
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_AMOUNT = re.compile(
    r"(?:人民币)?(?:(?P<yuan>[^元圆块角分整正]+)[元圆块])?(?:(?P<jiao>.)角)?零?(?:(?P<fen>.)分)?[整正]?"
)

NUMERALS = frozenset(_DIGITS) | frozenset(_SMALL) | frozenset(_LARGE)
"""Every character a Chinese number may be made of."""


def read_digits(text: str) -> str | None:
    """Digits read one by one: ``二〇二四`` → ``"2024"``; ``None`` if anything else is among them."""
    digits = [_DIGITS.get(char) for char in text]
    return "".join(map(str, digits)) if digits and None not in digits else None


def read_number(text: str) -> int | None:
    """A whole number with its units: ``一千二百零五`` → 1205.

    Spoken short forms such as ``一百五`` (105 or 150?) and malformed numbers give ``None``.
    """
    total = 0
    rest = text
    for unit in (10**8, 10**4):
        head, sign, tail = _cut(rest, unit)
        if sign:
            part = _read_section(head)
            if not part:
                return None
            total += part * unit
            rest = tail
    if not rest:
        return total or None
    last = _read_section(rest)
    if last is None or (total and len(rest) == 1):  # 一万二: 12000 or 10002?
        return None
    return total + last


def _cut(text: str, unit: int) -> tuple[str, str, str]:
    for char, value in _LARGE.items():
        if value == unit and char in text:
            return text.partition(char)
    return "", "", text


def _read_section(text: str) -> int | None:
    """A number below 10,000."""
    total, digit, last_unit, is_exact = 0, None, 10_000, True
    for place, char in enumerate(text):
        if (unit := _SMALL.get(char)) is not None:
            if unit >= last_unit or digit == 0 or (digit is None and (place or unit != _TEN)):
                return None
            total += unit * (1 if digit is None else digit)
            digit, last_unit, is_exact = None, unit, unit == _TEN
            continue
        value = _DIGITS.get(char)
        if value is None or digit not in {None, 0}:
            return None
        digit, is_exact = value, is_exact or value == 0
    if digit is None:
        return total or None
    return total + digit if is_exact else None


def read_amount(text: str) -> Decimal | None:
    """An amount of yuan in words: ``壹仟贰佰元整`` → 1200, ``叁元伍角`` → 3.5; ``None`` if it is none."""
    found = _AMOUNT.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    parts = []
    for part, weight in (("yuan", Decimal(1)), ("jiao", Decimal("0.1")), ("fen", Decimal("0.01"))):
        if (words := found[part]) is None:
            continue
        number = read_number(words)
        if number is None:
            return None
        parts.append(number * weight)
    return sum(parts, Decimal(0))

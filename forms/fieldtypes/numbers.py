"""Counts, amounts of money and running numbers."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from forms.cleaning import fold, squeeze
from forms.fieldtypes.base import Fault, Raw, Reading
from forms.fieldtypes.reading import ReadingType, unsettled
from forms.finding import Severity
from forms.numerals import NUMERALS, read_amount, read_number
from forms.record import Value

NUMBER_FAULT = "F-13"
"""A number that cannot be read or is out of its range."""

_NUMBER = re.compile(r"([+-]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,10})?)(万?)")
_STRAY_GAP = re.compile(r"[0-9] +(?![0-9]{3}(?![0-9]))[0-9]")
"""A blank inside a number that does not part thousands: perhaps two numbers."""
_LARGEST = Decimal(10) ** 12
_FLOAT_DUST = Decimal("0.000001")
_COUNT_UNITS = ("个月", "人次", "周岁", "人", "名", "个", "月", "岁", "位", "份", "次")
_MONEY_UNITS = ("元整", "圆整", "元/月", "元/人", "元每月", "元人民币", "元", "圆", "RMB", "CNY", "人民币", "/月")
_MONEY_SIGNS = ("人民币", "RMB", "CNY", "¥", "￥")
_ORDINAL = re.compile(r"[(\[]?([0-9]{1,7})[)\].、。,]?")
_DIGITS = frozenset("0123456789")


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _strip(text: str, starts: tuple[str, ...], ends: tuple[str, ...]) -> str:
    for start in starts:
        text = text.removeprefix(start)
    for end in ends:
        if text.endswith(end):
            return text.removesuffix(end)
    return text


def _parse(text: str) -> Decimal | None:
    """A figure or a Chinese number, with 万 multiplied out."""
    if found := _NUMBER.fullmatch(text):
        sign, digits, wan = found.groups()
        number = Decimal(digits.replace(",", "")) * (10_000 if wan else 1)
        return -number if sign == "-" else number
    words = read_number(text) if (text and NUMERALS.issuperset(text)) or text[-1:] in "万亿" else None
    return None if words is None else Decimal(words)


@dataclass(frozen=True)
class _NumberType(ReadingType):
    """A number with a range. ``None`` as a limit means none."""

    fault_code: ClassVar[str] = NUMBER_FAULT
    longest: ClassVar[int] = 60
    starts: ClassVar[tuple[str, ...]] = ()
    ends: ClassVar[tuple[str, ...]] = ()
    minimum: float | None = None

    def _read_typed(self, raw: Raw, bare: str, text: str) -> Reading:
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
            return self._unread(bare, text)
        number = Decimal(str(raw))
        cents = number.quantize(Decimal("0.01")) if abs(number) < _LARGEST else number
        return self._judge(cents if abs(cents - number) < _FLOAT_DUST else number, bare, text)

    def _read_text(self, bare: str, text: str) -> Reading:
        if _STRAY_GAP.search(fold(bare)):
            return self._unread(bare, text)
        words = squeeze(bare)
        number = _parse(_strip(words, self.starts, self.ends))
        if number is None:
            number = self._in_words(words)
        return self._unread(bare, text) if number is None else self._judge(number, bare, text)

    def _in_words(self, words: str) -> Decimal | None:  # noqa: ARG002 - a hook for amounts of money
        """A number written in a way of its own."""
        return None

    def _judge(self, number: Decimal, bare: str, text: str) -> Reading:
        if abs(number) >= _LARGEST:
            return unsettled(bare, text, NUMBER_FAULT, "数字过大")
        value = _plain(number)
        wrong = self._wrong(number)
        return unsettled(value, text, NUMBER_FAULT, wrong) if wrong else Reading(value, text)

    def _wrong(self, number: Decimal) -> str | None:
        if self.minimum is not None and number < Decimal(str(self.minimum)):
            return "不能为负数" if self.minimum == 0 else f"不能小于 {self.minimum:g}"
        return None

    def _unread(self, bare: str, text: str) -> Reading:
        return unsettled(bare, text, NUMBER_FAULT, f"“{bare[:40]}”不是数字")

    def _write(self, value: Value) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        return str(int(value)) if math.isfinite(value) and float(value).is_integer() else repr(value)


@dataclass(frozen=True)
class IntegerType(_NumberType):
    """A count. ``12人``, ``十二`` and ``1,200`` are read; a fraction is a fault."""

    name: ClassVar[str] = "integer"
    ends: ClassVar[tuple[str, ...]] = _COUNT_UNITS
    minimum: float | None = 0
    maximum: float | None = None

    def _wrong(self, number: Decimal) -> str | None:
        if number != number.to_integral_value():
            return "应为整数"
        if self.maximum is not None and number > Decimal(str(self.maximum)):
            return f"不能大于 {self.maximum:g}"
        return super()._wrong(number)

    def _schema(self) -> dict[str, object]:
        limits = {"minimum": self.minimum, "maximum": self.maximum}
        return {"type": "integer", **{key: limit for key, limit in limits.items() if limit is not None}}

    def alphabet(self) -> frozenset[str] | None:
        """Figures and the words that count."""
        return _DIGITS | frozenset("-/,人名个月岁")


@dataclass(frozen=True)
class MoneyType(_NumberType):
    """An amount in yuan, two decimals at most. ``¥1,234.50``, ``0.32万元`` and ``壹仟贰佰元整`` are read.

    With ``whole`` cents are a warning (P13: 工资取整).
    """

    name: ClassVar[str] = "money"
    starts: ClassVar[tuple[str, ...]] = _MONEY_SIGNS
    ends: ClassVar[tuple[str, ...]] = _MONEY_UNITS
    minimum: float | None = 0
    whole: bool = False

    def _in_words(self, words: str) -> Decimal | None:
        return read_amount(words)

    def _judge(self, number: Decimal, bare: str, text: str) -> Reading:
        found = super()._judge(number, bare, text)
        if self.whole and found.settled and number != number.to_integral_value():
            fault = Fault(NUMBER_FAULT, "金额应取整到元", Severity.WARNING, f"{number:.0f}")
            return Reading(found.value, text, faults=(fault,))
        return found

    def _wrong(self, number: Decimal) -> str | None:
        return "金额最多两位小数" if number != round(number, 2) else super()._wrong(number)

    def _write(self, value: Value) -> str:
        if isinstance(value, bool) or not isinstance(value, float) or not math.isfinite(value) or value.is_integer():
            return super()._write(value)
        cents = Decimal(str(value))
        return f"{cents:.2f}" if cents == round(cents, 2) else f"{cents:f}"

    def _schema(self) -> dict[str, object]:
        return {"type": "number", "minimum": self.minimum or 0}

    def alphabet(self) -> frozenset[str] | None:
        """Figures, separators and the signs of money."""
        return _DIGITS | frozenset("-/,.元¥万")


@dataclass(frozen=True)
class OrdinalType(_NumberType):
    """The running 序号: ``1``, ``1.``, ``(1)``, ``①``, ``001``."""

    name: ClassVar[str] = "ordinal"
    minimum: float | None = 1

    def _read_text(self, bare: str, text: str) -> Reading:
        if len(bare) == 1 and (number := unicodedata.numeric(bare, None)) and number == int(number):
            return self._judge(Decimal(int(number)), bare, text)
        if found := _ORDINAL.fullmatch(squeeze(bare)):
            return self._judge(Decimal(found[1]), bare, text)
        return super()._read_text(bare, text)

    def _wrong(self, number: Decimal) -> str | None:
        return "序号应为整数" if number != number.to_integral_value() else super()._wrong(number)

    def _schema(self) -> dict[str, object]:
        return {"type": "integer", "minimum": 1}

    def alphabet(self) -> frozenset[str] | None:
        """Figures."""
        return _DIGITS

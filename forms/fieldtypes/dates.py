"""Days and months. What is not written is never made up: a month where a day is due stays a month, and is reported."""

from __future__ import annotations

import datetime as dt
import math
import re
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from forms.cleaning import squeeze
from forms.fieldtypes.base import Fault, Raw, Reading
from forms.fieldtypes.datewords import Parts, is_guide, iso_of, other_orders, simplify, take_apart, with_century
from forms.fieldtypes.reading import ReadingType, unsettled
from forms.record import Value

DATE_FAULT = "F-12"
"""A date that cannot be read, does not exist, or is less exact than the form asks for."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_OPEN = {
    **dict.fromkeys(("至今", "今", "迄今", "现在"), "至今"),
    **dict.fromkeys(("长期", "长期有效", "永久"), "长期"),
    **dict.fromkeys(("无固定", "无固定期限", "无固定期"), "无固定"),
}
_SERIALS = range(9_862, 73_415)
"""Excel day numbers of 1927-01-01 to 2100-12-31 (1900 date system)."""
_EPOCH = dt.date(1899, 12, 30)
_YEAR_MONTH_FIGURES = range(19_501, 21_000)
_AMBIGUOUS_TENTH = 0.1
_CLOSE = 1e-6
_SERIAL_FIGURES = 5


def is_iso_day(value: str) -> bool:
    """Whether ``value`` is a day that exists, as ``YYYY-MM-DD``."""
    return bool(_DAY.fullmatch(value)) and iso_of(Parts(value[:4], int(value[5:7]), int(value[8:]))) == value


def is_iso_month(value: str) -> bool:
    """Whether ``value`` is a month, as ``YYYY-MM``."""
    return bool(_MONTH.fullmatch(value)) and iso_of(Parts(value[:4], int(value[5:]))) == value


@dataclass(frozen=True)
class _DateType(ReadingType):
    """What days and months share."""

    fault_code: ClassVar[str] = DATE_FAULT
    longest: ClassVar[int] = 60

    def _read_typed(self, raw: Raw, bare: str, text: str) -> Reading:
        if isinstance(raw, dt.date):
            return self._settle(bare[:10], text)
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
            return self._unread(bare, text)
        whole = int(raw)
        if whole in _SERIALS:
            return self._read_serial(whole, bare, text)
        if isinstance(raw, float) and raw != whole:
            return self._read_decimal(raw, bare, text)
        return self._read_text(bare, text)

    def _read_serial(self, serial: int, bare: str, text: str) -> Reading:
        day = (_EPOCH + dt.timedelta(days=serial)).isoformat()
        year, month = divmod(serial, 10)
        if serial in _YEAR_MONTH_FIGURES and month:
            candidates = (f"{year}-{month:02d}", day)
            return self._doubt(bare, text, f"“{bare}”可能是 {year} 年 {month} 月,也可能是日期序号", candidates)
        return self._settle(day, text)

    def _read_decimal(self, number: float, bare: str, text: str) -> Reading:
        """``2015.1`` in a number cell is January, or October with its zero lost."""
        year, fraction = divmod(round(number, 2), 1)
        if abs(fraction - _AMBIGUOUS_TENTH) < _CLOSE and take_apart(bare) is not None:
            candidates = (f"{int(year)}-01", f"{int(year)}-10")
            return self._doubt(bare, text, "数字单元格丢掉了末尾的 0,可能是 1 月或 10 月", candidates)
        return self._read_text(bare, text)

    def _read_text(self, bare: str, text: str) -> Reading:
        if is_guide(bare):
            return Reading("", text)
        if (word := _OPEN.get(squeeze(bare))) is not None:
            return self._open_end(word, text)
        simple = simplify(bare)
        parts = take_apart(simple)
        if parts is not None and (iso := iso_of(parts)) is not None:
            return self._settle(iso, text)
        if parts is None and simple.isdigit() and len(simple) == _SERIAL_FIGURES and int(simple) in _SERIALS:
            day = (_EPOCH + dt.timedelta(days=int(simple))).isoformat()
            return self._doubt(bare, text, f"“{bare}”像是 Excel 的日期序号", (day,))
        return self._explain(parts, simple, bare, text)

    def _explain(self, parts: Parts | None, simple: str, bare: str, text: str) -> Reading:
        """Why a text is no settled date, with the dates it may stand for."""
        guesses = (parts,) if parts is not None and parts.is_short else other_orders(simple)
        candidates = tuple(
            dict.fromkeys(iso for guess in guesses for full in with_century(guess) if (iso := iso_of(full)) is not None)
        )
        if candidates:
            return self._doubt(bare, text, f"“{bare}”的年份或顺序不明确", candidates)
        if parts is not None and parts.month is None:
            return unsettled(bare, text, DATE_FAULT, "只有年份,请补填月日", suggestion="写成“2024年7月1日”的样式")
        if parts is not None:
            return unsettled(bare, text, DATE_FAULT, f"没有“{bare}”这一天")
        return self._unread(bare, text)

    def _open_end(self, word: str, text: str) -> Reading:
        return unsettled(word, text, DATE_FAULT, f"不能填“{word}”,应填确定的日期")

    @abstractmethod
    def _settle(self, iso: str, text: str) -> Reading:
        """A reading of a real day or month (ISO)."""

    def _doubt(self, bare: str, text: str, why: str, candidates: tuple[str, ...]) -> Reading:
        shown = tuple(dict.fromkeys(self._as_candidate(item) for item in candidates))
        hint = "、".join(self.write(item) for item in shown)
        return unsettled(bare, text, DATE_FAULT, why, candidates=shown, suggestion=hint)

    def _as_candidate(self, iso: str) -> str:
        return iso

    def _unread(self, bare: str, text: str) -> Reading:
        message = f"“{bare[:40]}”不是可以认定的日期"
        return unsettled(bare, text, DATE_FAULT, message, suggestion="写成“2024年7月1日”的样式")

    def check(self, value: Value) -> tuple[Fault, ...]:
        """What is wrong with a normal value by itself; a value that is no text is no date."""
        if value is not None and not isinstance(value, str):
            return self._unread(str(value), "").faults
        return super().check(value)


@dataclass(frozen=True)
class DayType(_DateType):
    """A day. With ``open_ended`` 至今, 长期 and 无固定 are values too."""

    name: ClassVar[str] = "day"
    open_ended: bool = False

    def _settle(self, iso: str, text: str) -> Reading:
        if _DAY.fullmatch(iso):
            return Reading(iso, text)
        written = f"{int(iso[:4])}年{int(iso[5:])}月"
        return unsettled(iso, text, DATE_FAULT, f"只有年月({written}),请补填日", suggestion=f"{written}__日")

    def _open_end(self, word: str, text: str) -> Reading:
        return Reading(word, text) if self.open_ended else super()._open_end(word, text)

    def _write(self, value: Value) -> str:
        iso = str(value)
        if is_iso_day(iso):
            return f"{int(iso[:4])}年{int(iso[5:7])}月{int(iso[8:])}日"
        if is_iso_month(iso):
            return f"{int(iso[:4])}年{int(iso[5:])}月"
        return iso

    def _schema(self) -> dict[str, object]:
        day: dict[str, object] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        return {"anyOf": [day, {"enum": ["至今", "长期", "无固定"]}]} if self.open_ended else day

    def alphabet(self) -> frozenset[str] | None:
        """Figures, separators and the words of an open end."""
        return frozenset("0123456789年月日.-/") | (frozenset("至今长期无固定限") if self.open_ended else frozenset())


@dataclass(frozen=True)
class MonthType(_DateType):
    """A month, printed ``1990.03``. A full day is good input: its month is taken."""

    name: ClassVar[str] = "month"

    def _settle(self, iso: str, text: str) -> Reading:
        return Reading(iso[:7], text)

    def _as_candidate(self, iso: str) -> str:
        return iso[:7]

    def _write(self, value: Value) -> str:
        iso = str(value)
        return f"{iso[:4]}.{iso[5:7]}" if is_iso_month(iso) or is_iso_day(iso) else iso

    def _schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}

    def alphabet(self) -> frozenset[str] | None:
        """Figures and separators."""
        return frozenset("0123456789年月日.-/")

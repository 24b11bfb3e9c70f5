"""Telephone numbers: mobile ones, and local ones with or without their area code (forms-reference §0.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from forms.cleaning import fold
from forms.fieldtypes.base import Raw, Reading
from forms.fieldtypes.numbered import PHONE_FAULT
from forms.fieldtypes.reading import ReadingType, unsettled
from forms.record import Value

_COUNTRY = re.compile(r"^\(?(?:\+|00)86\)?[-\s]?(?=[0-9(])|^86[-\s](?=[0-9])|^86(?=1[3-9][0-9]{9}$)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_AREA = re.compile(r"010|02[0-9]|0[3-9][0-9]{2}")
_GROUPING = re.compile(r"[\s()\-.]")
_LOCAL = re.compile(
    r"(?:\(?(0[0-9]{2,3})\)?\s*-?\s*)?([2-9][0-9]{2,3})[\s-]?([0-9]{4})(?:\s*(?:转|-|ext\.?|分机)\s*([0-9]{1,6}))?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[,、;/|\n]\s*|\s+(?=1[3-9][0-9]{9}(?![0-9]))|(?<![0-9])\s+或\s*|或")
_NUMBERS_APART = re.compile(r"(?<=[0-9]{7})\s+(?=[0-9(])")
_LABEL = re.compile(r"^(?:电话|手机|联系电话|座机|办公电话|固话|tel)[:\s]*", re.IGNORECASE)
_GLUED = re.compile(r"[0-9]{14,24}")
_LIST_MARK = "、"
_OLD_LOCAL = 7


def read_phone(text: str) -> str | None:
    """One number in its normal form: ``13800138000``, ``0518-81589239``, ``81589239``; ``None`` if it is none."""
    bare = _COUNTRY.sub("", _LABEL.sub("", text.strip()))
    mobile = _GROUPING.sub("", bare)
    if _MOBILE.fullmatch(mobile):
        return mobile
    found = _LOCAL.fullmatch(bare)
    if not found or (found[1] and not _AREA.fullmatch(found[1])):
        return None
    area, first, second, extension = found.groups()
    number = f"{area}-{first}{second}" if area else first + second
    return f"{number}-{extension}" if extension else number


def split_glued(digits: str) -> tuple[tuple[str, str], ...]:
    """The ways to cut figures into two whole numbers: ``8158923985605580`` → 81589239 and 85605580."""
    pairs = []
    for cut in range(7, len(digits) - 6):
        first, second = read_phone(digits[:cut]), read_phone(digits[cut:])
        if first and second:
            pairs.append((first, second))
    full = [pair for pair in pairs if all(len(number.rsplit("-", maxsplit=1)[-1]) != _OLD_LOCAL for number in pair)]
    return tuple(full or pairs)


@dataclass(frozen=True)
class PhoneType(ReadingType):
    """A telephone number; with ``list`` several, joined by ``、``."""

    name: ClassVar[str] = "phone"
    fault_code: ClassVar[str] = PHONE_FAULT
    longest: ClassVar[int] = 200
    list: bool = False

    def _read_typed(self, raw: Raw, bare: str, text: str) -> Reading:
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            return self._unread(bare, text)
        return self._read_text(bare.split(".", maxsplit=1)[0], text)

    def _read_text(self, bare: str, text: str) -> Reading:
        folded = fold(bare)
        if (number := read_phone(folded)) is not None:
            return Reading(number, text)
        if _GLUED.fullmatch(folded) and (pairs := split_glued(folded)):
            return self._glued(pairs, bare, text)
        parts = [part for part in _BETWEEN.split(_NUMBERS_APART.sub(_LIST_MARK, folded)) if part and part.strip()]
        numbers = [read_phone(part) for part in parts]
        if len(parts) > 1 and None not in numbers:
            return self._several(tuple(number for number in numbers if number), text)
        return self._unread(bare, text)

    def _several(self, numbers: tuple[str, ...], text: str) -> Reading:
        joined = _LIST_MARK.join(numbers)
        if self.list:
            return Reading(joined, text)
        return unsettled(joined, text, PHONE_FAULT, "填了多个号码,请留一个", candidates=numbers)

    def _glued(self, pairs: tuple[tuple[str, str], ...], bare: str, text: str) -> Reading:
        joined = tuple(_LIST_MARK.join(pair) for pair in pairs)
        candidates = joined if self.list else (*joined, *dict.fromkeys(number for pair in pairs for number in pair))
        message = "像是两个电话号码连写,请用“、”分开"
        return unsettled(bare, text, PHONE_FAULT, message, candidates=candidates, suggestion="或".join(joined))

    def _unread(self, bare: str, text: str) -> Reading:
        message = f"“{bare[:40]}”不是电话号码"
        return unsettled(bare, text, PHONE_FAULT, message, suggestion="11 位手机号,或 0518-81234567 的样式")

    def _write(self, value: Value) -> str:
        return str(value)

    def _schema(self) -> dict[str, object]:
        one = r"(1[3-9][0-9]{9}|(0[0-9]{2,3}-)?[2-9][0-9]{6,7}(-[0-9]{1,6})?)"
        return {"type": "string", "pattern": f"^{one}(、{one})*$" if self.list else f"^{one}$"}

    def alphabet(self) -> frozenset[str] | None:
        """Figures and separators."""
        return frozenset("0123456789-()/、 ")

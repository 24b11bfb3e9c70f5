"""Numbers that identify: identity numbers, credit codes and telephone numbers. They are text, never arithmetic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from forms import identity
from forms.cleaning import squeeze
from forms.fieldtypes.base import Fault, Raw, Reading
from forms.fieldtypes.reading import ReadingType, doubtful, unsettled
from forms.finding import Severity
from forms.record import Value

ID_FAULT = "F-1"
PHONE_FAULT = "F-3"
CREDIT_FAULT = "F-15"
LOST_PRECISION = "id-lost-precision"
"""The number went through a program that keeps 15 figures only; the rest is gone."""

_SEPARATORS = str.maketrans("", "", " -.'`\"‘’")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
_EXACT_FIGURES = 15
_LENGTH = 18
_OLD_LENGTH = 15
_LOOKS_LIKE_X = str.maketrans(dict.fromkeys("x×✕✖╳ⅩⅹχΧхХ", "X"))
_FIGURE_FOR_LETTER = str.maketrans(
    {"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1", "Z": "2", "S": "5", "B": "8"}
)


@dataclass(frozen=True)
class IdNumberType(ReadingType):
    """A citizen's identity number, 18 characters, GB 11643. Its parts are compared with sex and birth by rule F-2."""

    name: ClassVar[str] = "id_number"
    fault_code: ClassVar[str] = ID_FAULT
    longest: ClassVar[int] = 60

    def _read_typed(self, raw: Raw, bare: str, text: str) -> Reading:
        figures = bare.lstrip("-").split(".")[0]
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            return unsettled(squeeze(bare).upper(), text, ID_FAULT, f"“{bare[:40]}”不是身份证号")
        if (isinstance(raw, float) and abs(raw) >= 10**_EXACT_FIGURES) or len(figures) > _EXACT_FIGURES:
            return self._lost(text)
        return self._read_text(figures, text)

    def _read_text(self, bare: str, text: str) -> Reading:
        squeezed = squeeze(bare)
        if _SCIENTIFIC.fullmatch(squeezed):
            return self._lost(text)
        number = squeezed.translate(_SEPARATORS).upper()
        if len(number) == _LENGTH and number[:17].isdigit():
            number = number[:17] + number[17].translate(_LOOKS_LIKE_X)
        if identity.ID_NUMBER.fullmatch(number):
            return self._judge(number, text)
        if len(number) == _OLD_LENGTH and number.isascii() and number.isdigit():
            return self._old(number, text)
        return self._malformed(number, squeezed, text)

    def _judge(self, number: str, text: str) -> Reading:
        valid = identity.has_valid_check(number)
        if number.endswith("000") and not valid:
            return self._lost(text)
        if identity.birth_of(number) is None:
            return unsettled(number, text, ID_FAULT, f"身份证号中的出生日期 {number[6:14]} 不存在")
        if not valid:
            return unsettled(number, text, ID_FAULT, "身份证号校验码不符,请与证件核对(GB 11643)")
        if number.endswith("000"):
            message = "身份证号末三位为 000,可能被 Excel 截断,请与证件核对"
            return doubtful(number, text, LOST_PRECISION, message)
        if not identity.is_known_province(number):
            fault = Fault(ID_FAULT, f"地址码 {number[:6]} 不在已知省份内,请留意", Severity.INFO)
            return Reading(number, text, faults=(fault,))
        return Reading(number, text)

    @staticmethod
    def _old(number: str, text: str) -> Reading:
        full = identity.upgrade_15(number)
        candidates = (full,) if full else ()
        message = "15 位旧身份证号已于 2013 年停用,请换填 18 位号码"
        return unsettled(number, text, ID_FAULT, message, candidates=candidates)

    @staticmethod
    def _malformed(number: str, squeezed: str, text: str) -> Reading:
        guess = number[:-1].translate(_FIGURE_FOR_LETTER) + number[-1:].translate(_FIGURE_FOR_LETTER)
        candidates = (guess,) if identity.has_valid_check(guess) and identity.birth_of(guess) else ()
        if len(number) == _LENGTH - 1 and number.isascii() and number.isdigit():
            candidates = (number + identity.id_check_character(number),)
        message = f"身份证号应为 18 位,现 {len(number)} 位" if len(number) != _LENGTH else "身份证号含有不该有的字符"
        return unsettled(squeezed, text, ID_FAULT, message, candidates=candidates)

    @staticmethod
    def _lost(text: str) -> Reading:
        message = "身份证号以数字存放,后几位已丢失;请把单元格设为文本后按证件重填"
        return unsettled(None, text, LOST_PRECISION, message)

    def _write(self, value: Value) -> str:
        return str(value)

    def _schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": "^[0-9]{17}[0-9X]$"}

    def alphabet(self) -> frozenset[str] | None:
        """Figures and X."""
        return frozenset("0123456789X")


@dataclass(frozen=True)
class CreditCodeType(ReadingType):
    """A unified social credit code, 18 characters, GB 32100."""

    name: ClassVar[str] = "credit_code"
    fault_code: ClassVar[str] = CREDIT_FAULT
    longest: ClassVar[int] = 60

    def _read_typed(self, raw: Raw, bare: str, text: str) -> Reading:
        if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) >= 10**_EXACT_FIGURES:
            return unsettled(None, text, LOST_PRECISION, "信用代码以数字存放,后几位已丢失;请按证照重填")
        return self._read_text(bare, text)

    def _read_text(self, bare: str, text: str) -> Reading:
        code = squeeze(bare).translate(_SEPARATORS).upper()
        if not identity.CREDIT_CODE.fullmatch(code):
            return unsettled(code, text, CREDIT_FAULT, "统一社会信用代码应为 18 位数字和大写字母(不含 I、O、S、V、Z)")
        if not identity.has_valid_credit_check(code):
            return unsettled(code, text, CREDIT_FAULT, "统一社会信用代码校验码不符,请与证照核对(GB 32100)")
        return Reading(code, text)

    def _write(self, value: Value) -> str:
        return str(value)

    def _schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": f"^{identity.CREDIT_CODE.pattern}$"}

    def alphabet(self) -> frozenset[str] | None:
        """Figures and the letters of the standard."""
        return frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")

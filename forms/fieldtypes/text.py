"""Free text, names of persons and names of units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from forms.cleaning import close_gaps, join_lines, squeeze
from forms.fieldtypes.base import Fault, Reading
from forms.fieldtypes.reading import ReadingType, unsettled
from forms.finding import Severity
from forms.illegal import CODE as ILLEGAL
from forms.illegal import illegal_characters
from forms.record import Value

TEXT_FAULT = "F-14"
"""Length or form of a text or a name."""

_SPACES = re.compile(r"\s+")
_NOTE = re.compile(r"\s*[(（\[【〔]([^()（）\[\]【】〔〕]*)[)）\]】〕]\s*")
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("•‧∙・･●.．﹒⋅", "·"))
_HARMLESS_NOTES = frozenset({"男", "女", "汉", "汉族"})
_LETTER = r"(?:[^\W\d_][\ufe00-\ufe0f\U000e0100-\U000e01ef]?)"
_NAME = re.compile(rf"{_LETTER}+(?:·{_LETTER}+)*|[A-Za-z]+(?:[ .'-]{{1,2}}[A-Za-z]+)*")
_SEAL_NOTE = re.compile(r"[(（](?:盖章|公章|章|单位公章|印章)[)）]$")
_NAME_LENGTH = (2, 20)
_JOINERS = dict.fromkeys([0x200C, 0x200D])
_SHORTEST_UNIT = 2
_CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def _illegal_faults(text: str) -> tuple[Fault, ...]:
    found = illegal_characters(text)
    return (Fault(ILLEGAL, f"含有无法写入文件的非法字符 {'、'.join(found)}"),) if found else ()


@dataclass(frozen=True)
class TextType(ReadingType):
    """Free text, kept as written but for blanks at its ends and invisible marks.

    Unless ``multiline``, line breaks inside are taken for wrapped lines and joined. ``min_length`` and ``cliches``
    (phrases that say nothing) are for the rules that ask for a real explanation: see :meth:`says_little`.
    """

    name: ClassVar[str] = "text"
    fault_code: ClassVar[str] = TEXT_FAULT
    min_length: int = 0
    max_length: int = 0
    multiline: bool = False
    cliches: tuple[str, ...] = ()

    def says_little(self, value: Value) -> str | None:
        """Why a text is no explanation: ``"empty"``, ``"cliche"``, ``"short"``; ``None`` for one that will do."""
        words = squeeze(value).strip("。.!;,、") if isinstance(value, str) else ""
        if not words:
            return "empty"
        if words in {squeeze(phrase) for phrase in self.cliches}:
            return "cliche"
        return "short" if len(words) < self.min_length else None

    def _read_text(self, bare: str, text: str) -> Reading:
        value = bare if self.multiline else join_lines(bare)
        faults = _illegal_faults(value)
        if self.max_length and len(value) > self.max_length:
            message = f"超过 {self.max_length} 字(现 {len(value)} 字)"
            faults += (Fault(TEXT_FAULT, message, Severity.WARNING, f"压缩到 {self.max_length} 字以内"),)
        return Reading(value, text, settled=not any(fault.code == ILLEGAL for fault in faults), faults=faults)

    def _write(self, value: Value) -> str:
        return str(value)

    def _schema(self) -> dict[str, object]:
        limit = {"maxLength": self.max_length} if self.max_length else {}
        return {"type": "string", **limit}


@dataclass(frozen=True)
class NameType(ReadingType):
    """A person's name: no inner blanks, ``·`` between the parts of a transcribed one. Source: forms-reference §0.4.

    A note in brackets is not part of the name: it stays in the text and is reported.
    """

    name: ClassVar[str] = "name"
    fault_code: ClassVar[str] = TEXT_FAULT
    longest: ClassVar[int] = 100

    def _read_text(self, bare: str, text: str) -> Reading:
        notes = tuple(squeeze(note) for note in _NOTE.findall(bare))
        value = _close_name(_NOTE.sub("", bare))
        if not value:
            return unsettled(bare, text, TEXT_FAULT, "姓名只有括注,没有姓名")
        wrong = self._wrong(value)
        if wrong:
            return Reading(value, text, settled=False, faults=(*_illegal_faults(value), Fault(TEXT_FAULT, wrong)))
        if not notes:
            return Reading(value, text)
        harmless = all(note in _HARMLESS_NOTES for note in notes)
        severity = Severity.INFO if harmless else Severity.WARNING
        fault = Fault(TEXT_FAULT, f"姓名栏带有括注“{'、'.join(notes)}”,应移到相应栏或备注", severity, value)
        return Reading(value, text, settled=harmless, faults=(fault,))

    @staticmethod
    def _wrong(value: str) -> str | None:
        low, high = _NAME_LENGTH
        if not low <= len(value) <= high:
            return f"姓名应为 {low}–{high} 字,现 {len(value)} 字"
        return None if _NAME.fullmatch(value) else "姓名含有数字或符号"

    def _write(self, value: Value) -> str:
        return str(value)

    def _schema(self) -> dict[str, object]:
        return {"type": "string", "minLength": _NAME_LENGTH[0], "maxLength": _NAME_LENGTH[1]}


def _close_name(text: str) -> str:
    """Blanks go from a Chinese name, a Latin one keeps single ones. Characters stay the ones that were written."""
    if _CJK.search(text):
        return _SPACES.sub("", text).translate(_JOINERS).translate(_MIDDLE_DOTS)
    return _SPACES.sub(" ", text).strip()


@dataclass(frozen=True)
class UnitType(ReadingType):
    """A unit's full name. With ``allow_same`` the words 本级 and 同单位 may stand for one (forms-reference §1.1)."""

    name: ClassVar[str] = "unit"
    fault_code: ClassVar[str] = "F-7"
    allow_same: bool = False

    SAME: ClassVar[frozenset[str]] = frozenset({"本级", "同单位", "本单位", "机关本级", "同单位意见"})

    def _read_text(self, bare: str, text: str) -> Reading:
        value = _SEAL_NOTE.sub("", close_gaps(join_lines(bare))).rstrip()
        if not value:
            return Reading("", text)
        faults = _illegal_faults(value)
        if faults:
            return Reading(value, text, settled=False, faults=faults)
        if value in self.SAME and not self.allow_same:
            return unsettled(value, text, "F-7", f"“{value}”不是单位名称,应填单位规范全称")
        if len(value) < _SHORTEST_UNIT or not any(char.isalpha() for char in value):
            return unsettled(value, text, "F-7", "不是单位名称,应填单位规范全称")
        return Reading(value, text)

    def _write(self, value: Value) -> str:
        return str(value)

    def _schema(self) -> dict[str, object]:
        return {"type": "string", "minLength": _SHORTEST_UNIT}

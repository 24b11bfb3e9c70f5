"""Values from a closed list: coded values, yes or no, and the compensation that may be either or an amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from forms.cleaning import fold, join_lines, squeeze
from forms.codes import Code, CodeMatch, CodeTable, load_table
from forms.fieldtypes.base import Fault, Raw, Reading
from forms.fieldtypes.numbers import NUMBER_FAULT, MoneyType
from forms.fieldtypes.reading import ReadingType, doubtful, unsettled
from forms.fieldtypes.ticks import Ticks, read_ticks
from forms.finding import Severity
from forms.record import Value

CODE_FAULT = "F-6"
"""A value outside its code table, or one that stands for several."""

_AFTER_NAME = re.compile(r"[(,:;。.\-—\s/、]")
_YES_WORDS = (
    "是 是的 有 对 √ ✓ ✔ ☑ ✅ y yes true 签订 有合同 已签 已签订 已签合同 已签劳动合同 已签订劳动合同",
    "已缴 已缴纳 已参保 已审批 已支付",
)
_NO_WORDS = (
    "否 不是 没有 不 × ✗ ✘ ☒ ❌ x n no false 无合同 未签 未签订 未签合同 未签劳动合同 未签订劳动合同",
    "未缴 未缴纳 未参保 未审批 未支付",
)
_YES = frozenset(word for words in _YES_WORDS for word in words.split())
_NO = frozenset(word for words in _NO_WORDS for word in words.split())
_YES_START = re.compile(r"(是|有|已)(?![^\s(,:;。]{0,1}否)")
_NO_START = re.compile(r"(否|没有|未|不)")


@dataclass(frozen=True)
class CodedType(ReadingType):
    """A value of a code table, kept as the standard's full name.

    With ``detail`` free words may follow the name; the value is then the text as written, its code beside it.
    """

    name: ClassVar[str] = "coded"
    fault_code: ClassVar[str] = CODE_FAULT
    longest: ClassVar[int] = 500
    table: str = ""
    detail: bool = False

    def __post_init__(self) -> None:
        load_table(self.table)

    @cached_property
    def codes(self) -> CodeTable:
        """The code table."""
        return load_table(self.table)

    @cached_property
    def _starts(self) -> tuple[tuple[str, CodeMatch], ...]:
        """The words of the table, the longest first."""
        return tuple(sorted(self.codes.words.items(), key=lambda item: -len(item[0])))

    def _read_text(self, bare: str, text: str) -> Reading:
        if (match := self.codes.find(bare)) is not None:
            return self._matched(match, bare, text)
        if (ticks := read_ticks(bare)) is not None:
            return self._ticked(ticks, bare, text)
        if self.detail and (found := self._with_detail(bare, text)) is not None:
            return found
        value = join_lines(bare)
        similar = self.codes.similar(bare)
        message = f"“{value[:40]}”不在码表内({self.codes.standard})"
        return unsettled(value, text, CODE_FAULT, message, candidates=similar)

    def _matched(self, match: CodeMatch, bare: str, text: str) -> Reading:
        if match.code is None:
            message = f"“{bare}”可指{'、'.join(match.candidates)},请写明是哪一种"
            return unsettled(join_lines(bare), text, CODE_FAULT, message, candidates=match.candidates)
        name = match.code.name
        if not match.hint:
            return Reading(name, text, match.code.code)
        fault = Fault(CODE_FAULT, f"“{bare}”应写全称“{name}”", Severity.INFO, name)
        return Reading(name, text, match.code.code, faults=(fault,))

    def _ticked(self, ticks: Ticks, bare: str, text: str) -> Reading:
        chosen, offered = ticks.chosen, ticks.offered
        if not chosen:
            known = any(self.codes.find(item) is not None for item in offered)
            if known:
                return Reading("", text)
            return unsettled(join_lines(bare), text, CODE_FAULT, "选项不在码表内")
        if len(chosen) == 1:
            found = self._read_text(chosen[0], text)
            return Reading(found.value, text, found.code, found.settled, found.faults, found.candidates)
        matches = [self.codes.find(item) for item in chosen]
        names = tuple(match.code.name for match in matches if match is not None and match.code is not None)
        return unsettled("、".join(chosen), text, CODE_FAULT, "勾选了多项,只能选一项", candidates=names)

    def _with_detail(self, bare: str, text: str) -> Reading | None:
        """A name of the table with words after it; several names, or words that run on, are for a person."""
        value = join_lines(bare)
        folded = fold(value)
        for word, match in self._starts:
            if folded.startswith(word) and len(folded) > len(word):
                code = match.code
                break
        else:
            return None
        if code is None:
            message = f"“{word}”可指{'、'.join(match.candidates)},请写明是哪一种"
            return unsettled(value, text, CODE_FAULT, message, candidates=match.candidates)
        if not _AFTER_NAME.match(folded[len(word)]) or self._names_another(folded[len(word) :], code):
            message = f"“{value[:40]}”与码表名称不完全一致,请确认是否为“{code.name}”"
            return doubtful(value, text, CODE_FAULT, message, (code.name,))
        return Reading(value, text, code.code)

    def _names_another(self, rest: str, code: Code) -> bool:
        others = (line for line in self.codes.codes if line is not code and line.name != "其他")
        return any(squeeze(line.name) in squeeze(rest) for line in others)

    def _write(self, value: Value) -> str:
        return str(value)

    def _schema(self) -> dict[str, object]:
        if self.detail:
            return {"type": "string", "examples": list(self.codes.names)}
        return {"enum": list(self.codes.names)}

    def alphabet(self) -> frozenset[str] | None:
        """The characters of the table's words; any, where free words may follow."""
        if self.detail:
            return None
        return frozenset("".join(self.codes.words)) | frozenset("".join(self.codes.names))

    def choices(self) -> tuple[str, ...]:
        """The names of the table."""
        return self.codes.names


@dataclass(frozen=True)
class YesNoType(ReadingType):
    """是 or 否. With ``detail`` free words may follow; the value is then the text as written.

    ``无`` is no clear answer: it may mean "no" or "nothing to state", so a person settles it.
    """

    name: ClassVar[str] = "yes_no"
    fault_code: ClassVar[str] = CODE_FAULT
    longest: ClassVar[int] = 500
    detail: bool = False

    def _placeholder(self, placeholder: str, text: str) -> Reading:
        if placeholder == "无":
            message = "“无”可能是“否”,也可能是不适用,请填“是”或“否”"
            return doubtful("无", text, CODE_FAULT, message, ("否", "/"))
        return Reading(placeholder, text)

    def _read_typed(self, raw: Raw, bare: str, text: str) -> Reading:
        if isinstance(raw, bool):
            return Reading(raw, text)
        return self._read_text(bare, text)

    def _read_text(self, bare: str, text: str) -> Reading:
        answer = bare_answer(bare)
        if answer is not None:
            return Reading(answer, text)
        if (ticks := read_ticks(bare)) is not None:
            return self._ticked(ticks, bare, text)
        value = bare if self.detail else join_lines(bare)
        if not self.detail:
            return unsettled(value, text, CODE_FAULT, f"“{value[:40]}”不是“是”或“否”", candidates=_likely(value))
        if starts_with_answer(value) is None:
            fault = Fault(CODE_FAULT, "未写明“是”或“否”", Severity.INFO)
            return Reading(value, text, faults=(fault,))
        return Reading(value, text)

    def _ticked(self, ticks: Ticks, bare: str, text: str) -> Reading:
        chosen, offered = ticks.chosen, ticks.offered
        if not chosen and all(bare_answer(item) is not None for item in offered):
            return Reading("", text)
        answers = {answer for item in chosen if (answer := bare_answer(item)) is not None}
        if len(chosen) == 1 and len(answers) == 1:
            return Reading(answers.pop(), text)
        return unsettled(join_lines(bare), text, CODE_FAULT, "“是”“否”勾选不清", candidates=("是", "否"))

    def _write(self, value: Value) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        return str(value)

    def _schema(self) -> dict[str, object]:
        return {"type": ["boolean", "string"]} if self.detail else {"type": "boolean"}

    def alphabet(self) -> frozenset[str] | None:
        """是 and 否 with their marks; any, where free words may follow."""
        return None if self.detail else frozenset("是否有无未已签√×/")

    def choices(self) -> tuple[str, ...]:
        """是 and 否."""
        return () if self.detail else ("是", "否")


def bare_answer(text: str) -> bool | None:
    """``True`` for 是 and its like, ``False`` for 否 and its like, ``None`` for anything else."""
    word = squeeze(text).casefold().rstrip("。.,;")
    if word in _YES:
        return True
    return False if word in _NO else None


def starts_with_answer(text: str) -> bool | None:
    """The answer that a longer text begins with (``是,海组干〔2024〕5号`` → ``True``), ``None`` without one."""
    word = squeeze(text)
    if word.startswith(("是否", "有无", "不详")):
        return None
    if _NO_START.match(word):
        return False
    return True if _YES_START.match(word) else None


def _likely(text: str) -> tuple[str, ...]:
    answer = starts_with_answer(text)
    return () if answer is None else ("是" if answer else "否",)


@dataclass(frozen=True)
class CompensationType(ReadingType):
    """Whether compensation was paid, or how much: an amount of yuan, or ``True`` / ``False``."""

    name: ClassVar[str] = "compensation"
    fault_code: ClassVar[str] = NUMBER_FAULT
    longest: ClassVar[int] = 200

    @cached_property
    def _money(self) -> MoneyType:
        return MoneyType()

    def _read_typed(self, raw: Raw, bare: str, text: str) -> Reading:  # noqa: ARG002 - the amount reads the raw number
        return Reading(raw, text) if isinstance(raw, bool) else self._money.read(raw)

    def _read_text(self, bare: str, text: str) -> Reading:
        answer = bare_answer(bare)
        if answer is None and squeeze(bare) in {"无补偿", "不支付", "未补偿", "无经济补偿"}:
            answer = False
        if answer is not None:
            return Reading(answer, text)
        if (ticks := read_ticks(bare)) is not None and len(ticks.chosen) == 1:
            return self._read_text(ticks.chosen[0], text)
        if squeeze(bare)[:1] in {"是", "有"}:
            rest = self._money.read(squeeze(bare)[1:].lstrip(",;:、。(").rstrip(")"))
            if rest.settled and isinstance(rest.value, int | float):
                return Reading(rest.value, text)
        found = self._money.read(bare)
        return Reading(found.value, text, None, found.settled, found.faults, found.candidates)

    def _write(self, value: Value) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        return self._money.write(value)

    def _schema(self) -> dict[str, object]:
        return {"type": ["number", "boolean"], "minimum": 0}

    def alphabet(self) -> frozenset[str] | None:
        """Those of an amount and of 是 and 否."""
        return (self._money.alphabet() or frozenset()) | frozenset("是否")

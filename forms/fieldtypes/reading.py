"""What all field types share: typed cells to text, blanks, placeholders, dittos, and a memory of texts already read."""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass, field, fields
from typing import ClassVar, Final

from forms.cleaning import squeeze, text_of, tidy
from forms.fieldtypes.base import Fault, FieldType, Raw, Reading
from forms.finding import Severity
from forms.record import PLACEHOLDERS, Value

_MEMORY: Final = 32768
"""Readings kept for each type. Rosters repeat most of their texts; unique ones only pass through."""

_LONGEST_REMEMBERED: Final = 200
_LARGEST_BITS: Final = 256
"""Numbers beyond are no figures of a form; as text they cannot overflow."""

_DITTOS = frozenset({"同上", "〃", "″", '"', "''", "“", "”", "同前", "々"})
_PLACEHOLDERS = {"无": "无", "/": "/", "\\": "/", "-": "—", "//": "/", "--": "—", "---": "—", "----": "—"}
_LONGEST_PLACEHOLDER = 6
_RULE = re.compile(r"[_＿]+")


@dataclass(frozen=True)
class ReadingType(FieldType):
    """Base of all field types: sub-classes are frozen dataclasses whose fields are their ``type_options``.

    A sub-class reads a tidy, non-empty text in :meth:`_read_text`; numbers and days of a workbook arrive as text too
    unless it also takes :meth:`_read_typed`.
    """

    fault_code: ClassVar[str]
    """Code of a text this type cannot make out."""
    longest: ClassVar[int] = 0
    """Characters beyond which a text is no value of this type, so that no hostile one costs time; 0 for no limit."""

    _memory: dict[object, Reading] = field(default_factory=dict, init=False, repr=False, compare=False)

    def read(self, raw: Raw) -> Reading:
        """The normal value of ``raw``, or as much of it as is certain. Remembers what it has read."""
        key = raw if type(raw) is str else (type(raw), raw)
        found = self._memory.get(key)
        if found is None:
            found = self._understand(raw)
            if len(found.text) <= _LONGEST_REMEMBERED:
                if len(self._memory) >= _MEMORY:
                    self._memory.clear()
                self._memory[key] = found
        return found

    def check(self, value: Value) -> tuple[Fault, ...]:
        """What is wrong with a normal value by itself: what reading it again finds."""
        return () if value is None else self.read(value).faults

    def write(self, value: Value) -> str:
        """The value as it is printed on the form."""
        if value is None or value == "":
            return ""
        return value if isinstance(value, str) and value in PLACEHOLDERS else self._write(value)

    def json_schema(self) -> dict[str, object]:
        """JSON Schema (2020-12) of the normal value, a blank or a placeholder."""
        return {"anyOf": [self._schema(), {"enum": ["", *sorted(PLACEHOLDERS), None]}]}

    def _understand(self, raw: Raw) -> Reading:
        text = text_of(raw)
        bare = tidy(text)
        if not bare or _RULE.fullmatch(bare):
            return Reading("", text)
        if len(bare) <= _LONGEST_PLACEHOLDER:
            short = squeeze(bare)
            if not short:
                return Reading("", text)
            if (placeholder := _PLACEHOLDERS.get(short)) is not None:
                return self._placeholder(placeholder, text)
            if short in _DITTOS or bare in _DITTOS:
                return unsettled(bare, text, "ditto-unresolved", f"“{bare}”不是确定的值,请填写与上一行相同的内容")
        if self.longest and len(bare) > self.longest:
            return unsettled(bare, text, self.fault_code, f"过长({len(bare)} 字),不是这一栏应有的内容")
        if isinstance(raw, str) or (isinstance(raw, int) and raw.bit_length() > _LARGEST_BITS):
            return self._read_text(bare, text)
        return self._read_typed(raw, bare, text)

    def _placeholder(self, placeholder: str, text: str) -> Reading:
        """A written answer that states nothing."""
        return Reading(placeholder, text)

    def _read_typed(self, raw: Raw, bare: str, text: str) -> Reading:  # noqa: ARG002 - a hook; most types read the text
        """A number, a flag or a day as a workbook or JSON gives it."""
        return self._read_text(bare, text)

    @abstractmethod
    def _read_text(self, bare: str, text: str) -> Reading:
        """Read ``bare`` (tidy, not empty, no placeholder); ``text`` is as written."""

    @abstractmethod
    def _write(self, value: Value) -> str:
        """Print a value that is neither blank nor a placeholder."""

    @abstractmethod
    def _schema(self) -> dict[str, object]:
        """JSON Schema of the value where it is neither blank nor a placeholder."""

    def __reduce__(self) -> tuple[object, ...]:
        """Crosses a process border without its memory."""
        return (_rebuild, (type(self), {item.name: getattr(self, item.name) for item in fields(self) if item.init}))


def _rebuild(kind: type[ReadingType], options: dict[str, object]) -> ReadingType:
    return kind(**options)


def unsettled(
    value: Value,
    text: str,
    code: str,
    message: str,
    *,
    candidates: tuple[str, ...] = (),
    suggestion: str | None = None,
) -> Reading:
    """A reading that a person must settle, with the one fault that says why."""
    hint = suggestion if suggestion is not None else "、".join(candidates) or None
    return Reading(
        value, text, settled=False, faults=(Fault(code, message, Severity.ERROR, hint),), candidates=candidates
    )


def doubtful(value: Value, text: str, code: str, message: str, candidates: tuple[str, ...] = ()) -> Reading:
    """A reading that is probably right, yet a person must look: the fault is a warning."""
    fault = Fault(code, message, Severity.WARNING, "、".join(candidates) or None)
    return Reading(value, text, settled=False, faults=(fault,), candidates=candidates)

"""What rules look at: a document as a sheet of lines whose values are taken apart once and remembered.

A value that is unread (``None``) or of which no single normal value is certain has no day, number, flag or code here,
so that no rule draws a conclusion from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property

from forms import identity
from forms.definition import Field, FormDefinition, Layout, Requirement
from forms.finding import Severity
from forms.record import PLACEHOLDERS, Entry, Mark, MarkKind, Record, Value
from forms.rules.base import CheckedDocument, CheckSettings

_YES = ("是", "有", "已")
_NO = ("否", "无", "未", "没")
_ISO_DAY = 10
_KINDS = frozenset(kind.value for kind in MarkKind)


def mask(id_number: str) -> str:
    """An identity number as messages show it: its first character and its last two."""
    return f"{id_number[:1]}{'*' * max(0, len(id_number) - 3)}{id_number[-2:]}"


def softer(severity: Severity) -> Severity:
    """The severity below, for a conclusion that rests on less."""
    return Severity.WARNING if severity is Severity.ERROR else Severity.INFO


class Line:
    """One person's entries, or those of the header."""

    __slots__ = ("_identity", "entries", "prefix", "sheet")

    def __init__(self, sheet: Sheet, prefix: str, entries: Mapping[str, Entry]) -> None:
        self._identity: str | bool | None = False  # not looked at yet
        self.sheet = sheet
        self.prefix = prefix
        self.entries = entries

    def path(self, key: str) -> str:
        """The path of a value in the output of ``service read``."""
        return f"{self.prefix}.{key}"

    def is_unread(self, key: str) -> bool:
        """The cell is there and nobody knows what stands in it."""
        entry = self.entries.get(key)
        return entry is not None and entry.value is None

    def is_blank(self, key: str) -> bool:
        """Nothing is stated: no such entry, an empty cell, or one of the placeholders. Unread is not blank."""
        entry = self.entries.get(key)
        return entry is None or (entry.value is not None and entry.is_blank)

    def is_stated(self, key: str) -> bool:
        """A value stands there."""
        entry = self.entries.get(key)
        return entry is not None and not entry.is_blank

    def value(self, key: str) -> Value:
        """The value, ``None`` unless it is stated."""
        entry = self.entries.get(key)
        if entry is None:
            return None
        value = entry.value
        return None if value == "" or value in PLACEHOLDERS else value

    def text(self, key: str) -> str:
        """The value as text, ``""`` unless it is stated."""
        value = self.value(key)
        return "" if value is None else value if isinstance(value, str) else str(value)

    def day(self, key: str) -> dt.date | None:
        """The day, if one is certain."""
        value = self.value(key)
        return self.sheet.day_of(value) if isinstance(value, str) else None

    def number(self, key: str) -> int | float | None:
        """The number, if one is certain."""
        value = self.value(key)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def flag(self, key: str) -> bool | None:
        """是 or 否, also where words follow it."""
        entry = self.entries.get(key)
        value = entry.value if entry is not None else None
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value:
            return True if value.startswith(_YES) else False if value.startswith(_NO) else None
        return None

    def code(self, key: str) -> str | None:
        """The code of a coded value, if it is certain which."""
        entry = self.entries.get(key)
        if entry is None or entry.is_blank:
            return None
        return entry.code or self.sheet.code_of(key, entry.value)

    def period(self, start: str, end: str) -> tuple[dt.date, dt.date] | None:
        """Two days that stand in order, if both are certain."""
        first, last = self.day(start), self.day(end)
        return (first, last) if first and last and first <= last else None

    @property
    def identity(self) -> str | None:
        """The identity number, if it is one."""
        known = self._identity
        if isinstance(known, bool):
            value = self.value("id_number")
            known = value if isinstance(value, str) and self.sheet.is_identity(value) else None
            self._identity = known
        return known

    @property
    def who(self) -> str:
        """The person as messages name them: running number and name, never the identity number."""
        name = self.text("name")
        if self.sheet.definition.layout is Layout.CARD:
            return name or "本表"
        number = self.text("no")
        place = f"序号{number}" if number else f"第{int(self.prefix[8:-1]) + 1}行"
        return f"{place} {name}" if name else place

    @property
    def unit(self) -> str:
        """The unit that uses the person: the row's own, else the reporting unit."""
        return self.text("unit") or self.text("borrowing_unit") or self.sheet.header.text("unit")


class Sheet:
    """One document under check."""

    def __init__(self, document: CheckedDocument, settings: CheckSettings, position: int = 0) -> None:
        self.settings = settings
        self.position = position
        self.record: Record = document.record
        self.definition: FormDefinition = document.definition
        self.form = document.record.form
        self.header = Line(self, "header", self.record.header)
        self.rows = tuple(Line(self, f"records[{index}]", row) for index, row in enumerate(self.record.rows))
        self._days: dict[str, dt.date | None] = {}
        self._codes: dict[tuple[str, Value], str | None] = {}
        self._identities: dict[str, bool] = {}

    @cached_property
    def required_fields(self) -> tuple[Field, ...]:
        """The fields every person must state and that the program cannot work out."""
        needed = (item for item in self.definition.fields if item.required is Requirement.REQUIRED)
        return tuple(item for item in needed if not item.calculated)

    @property
    def plan_day(self) -> dt.date:
        """The day the plan came into force: 20 July of the campaign's year. What began before it is existing stock."""
        return dt.date(self.settings.year, 7, 20)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The person's fields by key."""
        return {item.key: item for item in self.definition.fields}

    def line_of(self, key: str) -> Line:
        """Where a document's own value stands: around the grid, or on the card itself."""
        if key not in self.record.header and self.definition.layout is Layout.CARD and self.rows:
            return self.rows[0]
        return self.header

    def day_of(self, text: str) -> dt.date | None:
        """The day of a normal value, ``None`` for a month, an open end or anything else."""
        if text not in self._days:
            try:
                self._days[text] = dt.date.fromisoformat(text) if len(text) == _ISO_DAY else None
            except ValueError:
                self._days[text] = None
        return self._days[text]

    def code_of(self, key: str, value: Value) -> str | None:
        """The code the field's type finds for a value, ``None`` unless it is settled."""
        known = (key, value)
        if known not in self._codes:
            field = self.fields.get(key)
            reading = field.type.read(value) if field else None
            self._codes[known] = reading.code if reading and reading.settled else None
        return self._codes[known]

    def is_identity(self, number: str) -> bool:
        """Whether a text is an identity number with a day of birth and the right check character."""
        if number not in self._identities:
            valid = identity.has_valid_check(number) and identity.birth_of(number) is not None
            self._identities[number] = valid
        return self._identities[number]

    @cached_property
    def marks(self) -> dict[tuple[str, MarkKind], Mark]:
        """The marks by box and kind."""
        return {(item.key, item.kind): item for item in self.record.marks}

    @cached_property
    def mark_kinds(self) -> frozenset[MarkKind]:
        """The kinds of mark of which the source says anything; data without seals says nothing about seals."""
        return frozenset(item.kind for item in self.record.marks)

    def seen_at(self, path: str) -> Entry | Mark | None:
        """The entry or mark at a path."""
        head, _, key = path.rpartition(".")
        if head == "header":
            return self.record.header.get(key)
        if head.startswith("records["):
            index = int(head[8:-1])
            return self.record.rows[index].get(key) if index < len(self.record.rows) else None
        if head.startswith("marks.") and key in _KINDS:
            return self.marks.get((head[6:], MarkKind(key)))
        return None

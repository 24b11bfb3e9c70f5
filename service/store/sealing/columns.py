"""A column whose values are sealed on their way into the database and opened on their way out.

Who writes says which row the value is for (:class:`InRow`), who reads need not: the row's own keys are read with the
value. So a value that somebody moves to another row of the database does not open.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnClause, ColumnElement, Dialect, Label, Text, cast, type_coerce
from sqlalchemy.types import TypeDecorator

from service.store.sealing.vault import vault_of

BETWEEN = "|"


class Kind(Enum):
    """What is sealed: any JSON, or a text."""

    JSON = "json"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class InRow:
    """A value and the row it is written to: the row's key columns as the column names them, see :func:`row_of`."""

    row: str
    value: Any


@dataclass(frozen=True, slots=True)
class SealedEarly:
    """A value sealed before the transaction that writes it, with what it is, in case the keys change meanwhile."""

    plain: InRow
    sealed: str
    key: int


def row_of(*keys: object) -> str:
    """How a row is named by the values of its key columns."""
    return BETWEEN.join(str(key) for key in keys)


class Sealed(TypeDecorator[Any]):
    """The type of a sealed column, kept as text.

    ``place`` is ``table:column``, ``keys`` the columns that name a row; they must be filled when the value is written
    and never change.
    """

    impl = Text
    cache_ok = True

    def __init__(self, place: str, *keys: str, kind: Kind = Kind.JSON) -> None:
        super().__init__()
        self.place = place
        self.keys = keys
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401  # any JSON
        """Seal; a bare value is a fault of the program, for nobody could tell where it belongs."""
        if value is None:
            return None
        if isinstance(value, SealedEarly):
            if value.key == vault_of(dialect).keys.current:
                return value.sealed
            value = value.plain
        if not isinstance(value, InRow):
            raise TypeError(f"{self.place} takes a value with its row")
        if value.value is None:
            return None
        plain = value.value if self.kind is Kind.TEXT else json.dumps(value.value, ensure_ascii=False)
        return vault_of(dialect).seal(self.bound(value.row), plain.encode("utf-8", "surrogatepass"))

    def early(self, value: InRow, dialect: Dialect) -> SealedEarly:
        """Seal now what is written later, so that nobody waits for it then."""
        key = vault_of(dialect).keys.current
        return SealedEarly(value, self.process_bind_param(value, dialect) or "", key)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401  # any JSON
        """Open; the text is the sealed value and its row."""
        if value is None:
            return None
        plain = self.opened_text(value, dialect)
        return plain if self.kind is Kind.TEXT else json.loads(plain)

    def opened_text(self, value: str, dialect: Dialect) -> str:
        """Open, and leave JSON as the text that it is."""
        sealed, _, row = value.partition(BETWEEN)
        return vault_of(dialect).open(self.bound(row), sealed).decode("utf-8", "surrogatepass")

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The sealed value with the keys of its row."""
        column = column.element if isinstance(column, Label) else column
        if not isinstance(column, ColumnClause) or column.table is None:
            raise TypeError(f"{self.place} is read as a column of its table")
        found: ColumnElement[str] = type_coerce(column, Text)
        for key in self.keys:
            found = found + BETWEEN + cast(column.table.c[key], Text)
        return type_coerce(found, self)

    def bound(self, row: str) -> str:
        """What a value of that row is bound to: table, row and column."""
        table, _, column = self.place.partition(":")
        return f"{table}:{row}:{column}"


def opener(column: Column[Any], dialect: Dialect) -> Callable[[str], str]:
    """What opens the values of a sealed column, as the text of their JSON.

    Raises:
        TypeError: the column is not sealed.
    """
    return partial(sealed_kind(column).opened_text, dialect=dialect)


def sealed_text(column: Column[Any]) -> ColumnElement[str]:
    """A sealed column as text, with the keys of its row, for :func:`opener`."""
    return type_coerce(sealed_kind(column).column_expression(column), Text())


def sealed_kind(column: Column[Any]) -> Sealed:
    """The type of a sealed column; raises :class:`TypeError` for another one."""
    kind = column.type
    if not isinstance(kind, Sealed):
        raise TypeError(f"{column} is not sealed")
    return kind

"""The interface of a field type: it reads, writes and checks one kind of value and knows nothing of its place."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from forms.finding import Severity
from forms.record import Value

Raw = str | int | float | bool | dt.date | dt.datetime | None
"""What a reader or a JSON document hands over: text as written, or a typed cell of a workbook."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value, without its place (the caller adds path and region)."""

    code: str
    message: str
    severity: Severity = Severity.ERROR
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a field type made of a text.

    ``settled`` is ``False`` when the text allows no single normal value (``研究生``, a bare ``2015.3`` where a day is
    due); ``value`` then keeps the most that is certain, ``candidates`` the values it could stand for, and ``faults``
    says why. A blank text reads as ``""``, the placeholders 无, / and — as themselves, both settled.
    """

    value: Value
    text: str = ""
    code: str | None = None
    settled: bool = True
    faults: tuple[Fault, ...] = ()
    candidates: tuple[str, ...] = ()


class FieldType(ABC):
    """One kind of value. Instances are immutable and shared; parameters come from the definition's field.

    Laws (tests hold each type to them): ``read(write(v)).value == v`` for every normal value ``v``;
    ``write(read(t).value)`` is idempotent; ``read`` never raises, whatever the text.
    """

    name: ClassVar[str]

    @abstractmethod
    def read(self, raw: Raw) -> Reading:
        """The normal value of ``raw``, or as much of it as is certain."""

    @abstractmethod
    def write(self, value: Value) -> str:
        """The value as it is printed on the form (contract §2, ``forms-reference`` §0.4)."""

    @abstractmethod
    def check(self, value: Value) -> tuple[Fault, ...]:
        """What is wrong with a normal value by itself."""

    @abstractmethod
    def json_schema(self) -> dict[str, object]:
        """JSON Schema (2020-12) of the normal value."""

    def alphabet(self) -> frozenset[str] | None:
        """The characters a printed value may contain, for OCR decoding; ``None`` when any may."""
        return None

    def choices(self) -> tuple[str, ...]:
        """The closed list of values a person may choose from; empty when there is none."""
        return ()

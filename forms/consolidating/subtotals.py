"""Subtotals of a consolidated form: by unit, by code, and by code within each unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from forms.consolidating.shapes import Number, RowSource, Subtotal
from forms.definition import Field, FormDefinition
from forms.fieldtypes.choice import CodedType
from forms.record import Entry, Row

CODES = (
    "employment_form",
    "funding",
    "dismissal_method",
    "management",
    "post_category",
    "change",
    "proposal",
    "establishment_type",
)
"""The coded fields that are told apart, where a form has them."""

UNCERTAIN = "未填或未定"
"""The label of rows without a certain code."""


class Codes:
    """The codes of a coded field, each value read once."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self._known: dict[object, str] = {}
        kind = field.type
        self.labels: Mapping[str, str] = {}
        if isinstance(kind, CodedType):
            self.labels = {line.code: line.name for line in kind.codes.codes}

    def of(self, row: Row) -> str:
        """The code of a row's value, ``""`` where none is certain."""
        entry = row.get(self.field.key)
        if entry is None or entry.is_blank:
            return ""
        if entry.code and entry.code in self.labels:
            return entry.code
        code = self._known.get(entry.value)
        if code is None:
            reading = self.field.type.read(entry.value)
            code = self._known[entry.value] = (reading.code or "") if reading.settled else ""
        return code


def coded_fields(definition: FormDefinition) -> tuple[Codes, ...]:
    """The fields of a form by whose codes its rows are told apart."""
    return tuple(Codes(field) for key in CODES if (field := definition.field(key)) is not None)


def summed_keys(definition: FormDefinition) -> tuple[str, ...]:
    """The keys of the fields that the form's totals row adds up."""
    return tuple(total.how.removeprefix("sum:") for total in definition.totals if total.how.startswith("sum:"))


def subtotals_of(definition: FormDefinition, rows: Sequence[Row], sources: Sequence[RowSource]) -> tuple[Subtotal, ...]:
    """All subtotals of a consolidated form: units first, then codes over all units, then codes within each unit."""
    made = _Making(rows, summed_keys(definition))
    by_unit: dict[tuple[str, str | None], list[int]] = {}
    for number, source in enumerate(sources):
        by_unit.setdefault((source.unit, source.unit_id), []).append(number)
    found = [made.of(numbers, unit, unit_id) for (unit, unit_id), numbers in by_unit.items()]
    everywhere = {("", None): range(len(rows))}
    for codes in coded_fields(definition):
        given = [codes.of(row) for row in rows]
        for (unit, unit_id), numbers in (*everywhere.items(), *by_unit.items()):
            found.extend(made.of_codes(numbers, (unit, unit_id), codes, given))
    return tuple(sorted(found, key=lambda item: (bool(item.by), bool(item.unit))))  # stable


class _Making:
    """Makes subtotals over the rows of one form."""

    def __init__(self, rows: Sequence[Row], sums: Sequence[str]) -> None:
        self._amounts = {key: [amount(row.get(key)) for row in rows] for key in sums}

    def of(self, numbers: Sequence[int], unit: str, unit_id: str | None) -> Subtotal:
        """The subtotal of a unit."""
        return Subtotal(unit, unit_id, "", "", "", len(numbers), self._sums(numbers), tuple(numbers))

    def of_codes(
        self, numbers: Iterable[int], unit: tuple[str, str | None], codes: Codes, given: Sequence[str]
    ) -> Iterator[Subtotal]:
        """The subtotals of each code among some rows, in the order of the table; what has no code comes last."""
        by_code: dict[str, list[int]] = {}
        for number in numbers:
            by_code.setdefault(given[number], []).append(number)
        order = {code: place for place, code in enumerate((*codes.labels, ""))}
        for code in sorted(by_code, key=lambda item: order.get(item, len(order))):
            chosen = by_code[code]
            label = codes.labels.get(code, code) if code else UNCERTAIN
            yield Subtotal(*unit, codes.field.key, code, label, len(chosen), self._sums(chosen), tuple(chosen))

    def _sums(self, numbers: Sequence[int]) -> dict[str, Number]:
        return {
            key: whole(sum((found for number in numbers if (found := amounts[number]) is not None), Decimal(0)))
            for key, amounts in self._amounts.items()
        }


def amount(entry: Entry | None) -> Decimal | None:
    """The number of a value, ``None`` where it is none: 是 and 否 say nothing of how much."""
    value = None if entry is None else entry.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(str(value))


def whole(total: Decimal) -> Number:
    """A sum as it stands in JSON: whole where it is whole."""
    return int(total) if total == total.to_integral_value() else float(total)

"""What the program can work out by itself is worked out; what was given otherwise is kept and reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from forms.definition import Field, FormDefinition, Total
from forms.finding import Finding, Severity
from forms.identity import birth_of, has_valid_check
from forms.record import Entry, Origin, Record, Row, Value
from forms.rules.periods import whole_months

DIFFERS = "calculated-differs"
"""Finding code of a value that is not what the program works out from the others."""

_SUM = "sum:"
_DAY, _MONTH = len("2024-07-01"), len("2024-07")


def complete(definition: FormDefinition, record: Record) -> tuple[Record, tuple[Finding, ...]]:
    """The record with its calculated fields filled in where nothing was stated, and where what was given differs."""
    findings: list[Finding] = []
    fields = tuple(item for item in definition.fields if item.calculated)
    filled_on = _day(_value(record.header, "filled_on"))
    rows: list[Row] = []
    for index, row in enumerate(record.rows):
        filled = filled_on or _day(_value(row, "filled_on"))
        worked_out = {item.key: number for item in fields if (number := _of_row(item, row, index, filled)) is not None}
        rows.append(_merged(row, worked_out, definition.fields, f"records[{index}]", findings))
    complete_rows = replace(record, rows=tuple(rows))
    totals = {item.key: figure for item in definition.totals if (figure := total_of(item, complete_rows)) is not None}
    totals |= {item.key: len(rows) for item in definition.header if item.calculated == "count"}
    own = {item.key for item in definition.header}
    header = {key: figure for key, figure in totals.items() if key in own}
    merged = _merged(record.header, header, definition.header, "header", findings)
    return replace(complete_rows, header=merged), tuple(findings)


def total_of(total: Total, record: Record) -> int | float | None:
    """The figure of a totals row; ``None`` where no row has a number to add."""
    if total.how == "count":
        return len(record.rows)
    key = total.how.removeprefix(_SUM)
    numbers = [
        Decimal(str(value))
        for row in record.rows
        if isinstance(value := _value(row, key), int | float) and not isinstance(value, bool)
    ]
    if not numbers:
        return None
    whole = sum(numbers, Decimal(0))
    return int(whole) if whole == whole.to_integral_value() else float(whole)


def _merged(
    given: Mapping[str, Entry],
    worked_out: Mapping[str, int | float],
    fields: tuple[Field, ...],
    path: str,
    findings: list[Finding],
) -> dict[str, Entry]:
    merged = dict(given)
    for key, value in worked_out.items():
        entry = given.get(key)
        field = next(item for item in fields if item.key == key)
        if entry is not None and not (entry.value is None or entry.value == "") and entry.value != value:
            message = f"{field.label}填的是 {entry.value},按其他栏计算应为 {value},请核对"
            findings.append(Finding(DIFFERS, f"{path}.{key}", message, Severity.WARNING, suggestion=str(value)))
        if entry is None or entry.is_blank:
            merged[key] = Entry(value, field.type.write(value), origin=Origin.PREFILLED)
    return merged


def _of_row(field: Field, row: Row, index: int, filled_on: dt.date | None) -> int | None:
    match field.calculated:
        case "ordinal":
            return index + 1
        case "months":
            start, end = _day(_value(row, "start_date")), _day(_value(row, "end_date"))
            return None if start is None or end is None else whole_months(start, end) or None
        case "age":
            return None if filled_on is None else _age(row, filled_on)
        case _:
            return None


def _age(row: Row, on: dt.date) -> int | None:
    """Whole years of age on a day; ``None`` where the month of birth leaves it open."""
    number = str(_value(row, "id_number") or "")
    born = birth_of(number) if has_valid_check(number) else None
    month = str(_value(row, "birth_month") or "")
    if len(month) == _MONTH and month[:4].isdigit() and month[5:].isdigit():
        if born is None and int(month[5:]) == on.month:
            return None
        stated = (int(month[:4]), int(month[5:]))
        if born is None or (born.year, born.month) != stated:
            return max(on.year - stated[0] - (on.month < stated[1]), 0) if born is None else None
    if born is None:
        return None
    return max(on.year - born.year - ((on.month, on.day) < (born.month, born.day)), 0)


def _value(entries: Mapping[str, Entry], key: str) -> Value:
    entry = entries.get(key)
    return None if entry is None else entry.value


def _day(value: Value) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == _DAY else None
    except ValueError:
        return None

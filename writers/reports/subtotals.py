"""Subtotals, sources and figures of a consolidation as tables, to be written as sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forms.consolidating import ConsolidatedForm, Consolidation
from forms.consolidating.subtotals import coded_fields, summed_keys
from forms.record import Row
from writers.reports.tracing import stretches

Shown = str | int | float
SUBTOTALS, SOURCES, FIGURES = "小计", "来源", "数字出处"
ALL = "全部单位"
_STRETCHES = 1500
"""So many stretches of numbers go into one cell, which holds 32,767 characters at most."""
_WIDE, _USUAL, _HEADED, _ID = 28.0, 12.0, 17.0, 42.0


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet: its name, its title, two rows of heads (the upper one says what the lower ones tell apart), its rows.

    No title or head is worded like one of a form: the reader would take the sheet for one.
    """

    name: str
    title: str
    groups: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]
    widths: tuple[float, ...]


def subtotal_table(form: ConsolidatedForm, *, prefix: str = "") -> SheetTable:
    """Units down, what they count across: persons, sums, and each code of each coded field; all units last."""
    codes = coded_fields(form.definition)
    sums = summed_keys(form.definition)
    totals = {total.how.removeprefix("sum:"): total.label for total in form.definition.totals}
    groups: list[str] = ["", "", *("" for _ in sums)]
    heads: list[str] = ["归入单位", "人数", *(f"{totals[key]}（元）" for key in sums)]
    columns: list[tuple[str, str]] = []
    for found in codes:
        for item in form.of_codes(found.field.key):
            groups.append(f"按{found.field.label}分")
            heads.append(f"{item.label}人数")
            columns.append((found.field.key, item.code))
    counts = {(item.unit, item.unit_id, item.by, item.code): item.count for item in form.subtotals if item.by}
    of_units = [((item.unit, item.unit_id), item.count, item.sums) for item in form.of_units()]
    added = form.sums(sums)
    rows = tuple(
        (
            unit or ALL,
            count,
            *(amounts[key] for key in sums),
            *(counts.get((unit, unit_id, by, code), 0) for by, code in columns),
        )
        for (unit, unit_id), count, amounts in (*of_units, (("", None), len(form.record.rows), added))
    )
    title = f"{prefix}各单位小计"
    widths = (_WIDE, *(_USUAL for _ in heads[1:]))
    return SheetTable(f"{prefix}{SUBTOTALS}", title, tuple(groups), tuple(heads), rows, widths)


def source_table(form: ConsolidatedForm, *, prefix: str = "") -> SheetTable:
    """Where each row comes from: reporting unit, file, form and row in it, and the number under which it is kept."""
    rows = tuple(
        (
            number + 1,
            _name(row),
            source.unit,
            source.reported_by,
            form.source_forms[source.source].file or source.document_id,
            source.item + 1,
            source.line + 1,
            source.document_id,
        )
        for number, (row, source) in enumerate(zip(form.record.rows, form.sources, strict=True))
    )
    heads = ("汇总表序号", "人员", "归入单位", "来源单位", "来源文件", "文件中第几份表", "表中第几行", "文件编号")
    title = f"{prefix}各行来源"
    widths = (_USUAL, _USUAL, _WIDE, _WIDE, _WIDE, _HEADED, _USUAL, _ID)
    return SheetTable(f"{prefix}{SOURCES}", title, ("",) * len(heads), heads, rows, widths)


def _name(row: Row) -> str:
    entry = row.get("name")
    return "" if entry is None or entry.value is None else str(entry.value)


def figure_table(consolidation: Consolidation) -> SheetTable:
    """Every figure of the reports with all the rows that it counts."""
    heads = ("项目", "数字", "计量", "表", "所含的行（汇总表序号）")
    rows = tuple(_figures(consolidation))
    return SheetTable(
        FIGURES, "数字出处", ("",) * len(heads), heads, rows, (_WIDE * 2, _USUAL, _USUAL, _USUAL, _WIDE * 3)
    )


def _figures(consolidation: Consolidation) -> Iterator[tuple[Shown, ...]]:
    for figure in consolidation.figures.by_key.values():
        forms = dict.fromkeys(ref.form for ref in figure.rows)
        if not forms:
            yield (figure.label, figure.value, figure.measure, "", "没有此项")
        for form in forms:
            numbers = [ref.row + 1 for ref in figure.rows if ref.form == form]
            parts = stretches(numbers)
            for start in range(0, len(parts), _STRETCHES):
                words = "、".join(parts[start : start + _STRETCHES])
                yield (figure.label, figure.value, figure.measure, f"附件{form[-1]}", words)

"""Placed values → the header and the persons of a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from forms.cleaning import squeeze
from forms.definition import Field, FormDefinition
from forms.fieldtypes.registry import make_type
from forms.finding import Severity
from forms.record import Entry, Row
from parsers.combining import CombinedCell, read_combined
from parsers.document import Cell
from parsers.locating.card import Placed
from parsers.locating.roster import RosterContent
from parsers.valuing import Gathered, Valuer, region_of

_MONEY = make_type("money")


class Assembler:
    """Makes entries of what was placed, and says where two places disagree."""

    def __init__(self, definition: FormDefinition, valuer: Valuer, gathered: Gathered) -> None:
        self._definition = definition
        self._valuer = valuer
        self._gathered = gathered
        self._fields = {item.key: item for item in definition.fields}
        self._header = {item.key: item for item in definition.header}

    def header(self, placed: Sequence[Placed], roster: RosterContent) -> dict[str, Entry]:
        """The entries around the grid; the total of the totals row where no line states it."""
        entries = self._entries(placed, self._header, "header.")
        item = self._header.get("total")
        is_open = entries.get("total", Entry("")).value == ""
        if item is not None and is_open and roster.total is not None and roster.total_page is not None:
            entries["total"] = self._valuer.entry(item, roster.total_page, roster.total, "header.total")
        return entries

    def person(self, placed: Sequence[Placed], index: int) -> Row:
        """The entries of one card."""
        own = [one for one in placed if not one.header]
        return self._entries(own, self._fields, f"records[{index}].")

    def _entries(self, placed: Sequence[Placed], fields: Mapping[str, Field], prefix: str) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        known = {key for one in placed if "label-ambiguous" not in one.doubts for key in one.keys}
        for one in sorted(placed, key=lambda item: ("label-ambiguous" in item.doubts, item.combined is not None)):
            self._said(one, fields, prefix)
            if one.combined is not None:
                self._combined(one, fields, prefix, entries)
                continue
            key = one.keys[0]
            if "label-ambiguous" in one.doubts and key in known:
                if one.cell.text.strip():
                    label = one.label.text if one.label else ""
                    self._gathered.leave(one.cell.text, label, region_of(one.page, one.cell), path=f"{prefix}{key}")
                continue
            if key in fields:
                self._add(one, fields[key], prefix + key, entries)
        return entries

    def _combined(self, one: Placed, fields: Mapping[str, Field], prefix: str, entries: dict[str, Entry]) -> None:
        if one.combined is None:
            return
        if not one.cell.text.strip() and not one.cell.ink:
            for key in one.combined.keys:
                entries.setdefault(key, Entry("", region=region_of(one.page, one.cell)))
            return
        held = CombinedCell(one.combined, one.page, one.cell, prefix, one.doubts)
        read_combined(self._valuer, fields, held, entries)

    def _add(self, one: Placed, item: Field, path: str, entries: dict[str, Entry]) -> None:
        before = entries.get(item.key)
        if before is None or before.value == "":
            if before is not None and not one.cell.text.strip():
                return
            entries[item.key] = self._valuer.entry(item, one.page, _without_suffix(one.cell, item), path, one.doubts)
            return
        text = one.cell.text.strip()
        if not text or squeeze(text) == squeeze(before.text) or item.type.read(text).value == before.value:
            return
        self._gathered.find(
            "label-duplicate",
            path,
            f"“{item.label}”有两处且内容不同(“{before.text}”与“{text}”),请确认以哪处为准",
            Severity.WARNING,
            region_of(one.page, one.cell),
        )
        entries[item.key] = before.doubted(text)

    def _said(self, one: Placed, fields: Mapping[str, Field], prefix: str) -> None:
        """The findings of doubtful labels (their entries are marked when they are read)."""
        label = one.label.text.strip() if one.label else ""
        for code, words in (("label-ambiguous", "可能指不同的内容"), ("label-near", "与本表的栏目略有不同")):
            if code in one.doubts:
                names = "、".join(fields[key].label for key in one.keys if key in fields)
                region = region_of(one.page, one.label or one.cell)
                message = f"“{label}”{words},已按“{names}”取值,请确认"
                self._gathered.find(code, prefix + one.keys[0], message, Severity.WARNING, region)

    def sums(self, roster: RosterContent, rows: Sequence[Row]) -> None:
        """F-9 for sums that stand in the totals row alone."""
        for total in self._definition.totals:
            cell, source = roster.sums.get(total.key), total.how.partition(":")[2]
            if cell is None or roster.total_page is None:
                continue
            stated = _MONEY.read(cell.raw if cell.raw is not None else cell.text)
            values = [row[source].value for row in rows if source in row]
            if not isinstance(stated.value, int | float) or any(value is None for value in values):
                continue
            numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
            due = sum((Decimal(str(value)) for value in numbers), Decimal(0))
            if due != Decimal(str(stated.value)):
                message = f"合计行:“{total.label}”填{stated.value},明细相加为{due},请核对"
                self._gathered.find(
                    "F-9", f"header.{total.key}", message, Severity.ERROR, region_of(roster.total_page, cell)
                )


def _without_suffix(cell: Cell, item: Field) -> Cell:
    """``3人`` as ``3`` for a figure whose unit is printed behind it."""
    text = cell.text.strip()
    if not item.suffix or not text.endswith(item.suffix) or isinstance(cell.raw, int | float):
        return cell
    return replace(cell, text=text.removesuffix(item.suffix).strip(" _＿\u3000"))

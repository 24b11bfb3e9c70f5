"""Cells that hold several fields → their entries, and the entries of empty cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from forms.definition import Combined, Field, Requirement
from forms.record import Entry
from parsers.document import Cell, Page
from parsers.locating.splitting import split
from parsers.valuing import Valuer, region_of

_EMPTY = Entry("")


@dataclass(frozen=True, slots=True)
class CombinedCell:
    """A cell that holds several fields. ``prefix`` is the path of the record, ending in a dot."""

    combined: Combined
    page: Page
    cell: Cell
    prefix: str
    doubts: tuple[str, ...] = ()


def read_combined(valuer: Valuer, fields: Mapping[str, Field], held: CombinedCell, entries: dict[str, Entry]) -> None:
    """Add the entries of a cell that holds several fields."""
    combined, page, cell, prefix, doubts = held.combined, held.page, held.cell, held.prefix, held.doubts
    parts = split(combined, cell.text)
    codes = (*doubts, parts.doubt) if parts.doubt else doubts
    is_lone_day = cell.raw is not None and not isinstance(cell.raw, str)
    for key in combined.keys:
        item = fields.get(key)
        if item is None or (key in entries and entries[key].value != ""):
            continue
        if key not in parts.texts:
            entries[key] = replace(
                valuer.entry(item, page, replace(cell, raw=None, text=""), prefix + key, codes),
                value=None,
                text=cell.text,
                review=True,
            )
            continue
        text = parts.texts[key]
        if not text and not parts.doubt.startswith("period"):
            entries[key] = _blank_part(page, cell, item)
            continue
        part = cell if is_lone_day and text == cell.text else replace(cell, text=text, raw=None)
        is_whole = parts.doubt in ("period-end-missing", "period-start-missing") and bool(text)
        entry = valuer.entry(item, page, part, prefix + key, doubts if is_whole else codes)
        entries[key] = replace(entry, text=text)


def _blank_part(page: Page, cell: Cell, item: Field) -> Entry:
    """The entry of a part in which nothing stands; in a cell that could not be seen well something may have stood."""
    entry = blank_entry(page, cell, item)
    if not (cell.text and cell.notes and page.scanned):
        return entry
    return replace(entry, review=True, region=region_of(page, cell))


def blank_entry(page: Page, cell: Cell | None, item: Field) -> Entry:
    """The entry of an empty cell; one that must be filled says where it is."""
    if cell is None or item.required is Requirement.OPTIONAL:
        return _EMPTY
    return replace(_EMPTY, region=region_of(page, cell))

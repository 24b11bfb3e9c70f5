"""Which unit handed a file in: the one its sender named, else the one that the form names, else a person says.

A name counts only when the list of units knows it for exactly one unit on the day of the form: as its full name, or as
another name that held then. Anything else is told with the names it may stand for, and is never decided here.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from forms.finding import Finding, Severity
from forms.record import Entry, Extraction
from forms.rules.units import full_names
from service.operations.holding import Held
from service.operations.merging import UNIT_DIFFERS, UNIT_UNCLEAR
from service.operations.units import names_known
from service.store.handing_in import set_unit_of
from service.store.units import Unit, all_units

FROM_SENDER, FROM_FORM, FROM_PERSON = "sender", "form", "person"
SOURCES = {FROM_SENDER: "上传时写明", FROM_FORM: "表上所填", FROM_PERSON: "人工确定"}
MOST_NAMED = 5
_NOISE = re.compile(r"[\s·]")


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says: the one unit it means, or none and the full names of those that it may stand for."""

    unit: Unit | None
    candidates: tuple[str, ...] = ()


def unit_called(units: Sequence[Unit], name: str, day: dt.date) -> Named:
    """The unit that is called so on that day; also by its id or credit code."""
    wanted = _plain(name)
    found = {
        unit.id: unit
        for unit in units
        if name in (unit.id, unit.credit_code) or wanted in {_plain(one) for one in unit.names_on(day)}
    }
    if len(found) == 1:
        return Named(next(iter(found.values())))
    if found:
        return Named(None, tuple(unit.name for unit in found.values()))
    near = full_names(name, names_known(units, day))
    owners = [unit.name for one in near for unit in units if one in unit.names_on(day)]
    return Named(None, tuple(dict.fromkeys(owners)))


def _plain(name: str) -> str:
    """A name without the differences that typing makes: widths of characters, spaces, kinds of brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name))


def units_in(found: Iterable[Extraction]) -> list[str]:
    """The units that forms name as the one that hands them in, each once; an unsure name makes the whole list empty."""
    names: dict[str, None] = {}
    for item in found:
        entry = _unit_entry(item)
        if entry is None or entry.is_blank:
            continue
        if entry.review:
            return []
        names[str(entry.value)] = None
    return list(names)


def _unit_entry(found: Extraction) -> Entry | None:
    header = found.record.header.get("unit")
    if header is not None:
        return header
    return found.record.rows[0].get("borrowing_unit") if found.record.rows else None


def settle_unit(connection: Connection, held: Held, today: dt.date) -> None:
    """Enter the unit of a document as it stands, or say why it is not known; a person's word about it stays.

    Where the list of units is empty, the name that was read stands for itself and nothing is said.
    """
    document = held.document
    units = all_units(connection)
    if document.unit_from == FROM_PERSON or not units or not held.now:
        return
    held.now[0] = without_doubt(held.now[0])
    names = units_in(held.now)
    read = [unit_called(units, name, _day_of(held.now, today)) for name in names]
    if document.unit is not None and document.unit_from != FROM_FORM:
        _compare(connection, held, units, unit_called(units, document.unit, today), read)
        return
    means = {named.unit.id: named.unit for named in read if named.unit is not None}
    if len(means) == 1 and all(named.unit is not None for named in read):
        (unit,) = means.values()
        _set(connection, held, unit, FROM_FORM)
        return
    _say(held, UNIT_UNCLEAR, _why(names, read, several=len(means) > 1))


def without_doubt(found: Extraction) -> Extraction:
    """The document without what was said of its unit."""
    kept = tuple(one for one in found.findings if one.code not in (UNIT_UNCLEAR, UNIT_DIFFERS))
    return found if len(kept) == len(found.findings) else replace(found, findings=kept)


def _set(connection: Connection, held: Held, unit: Unit, source: str) -> None:
    set_unit_of(connection, held.identity, unit.name, source)
    held.document = replace(held.document, unit=unit.name, unit_from=source)


def _compare(connection: Connection, held: Held, units: Sequence[Unit], stated: Named, read: Sequence[Named]) -> None:
    """The sender's word stands; where the list does not know it, or the form names somebody else, a person is told."""
    if stated.unit is None:
        _say(held, UNIT_UNCLEAR, _why([held.document.unit or ""], [stated], several=False))
        return
    _set(connection, held, stated.unit, FROM_SENDER)
    by_id = {unit.id: unit for unit in units}
    for named in read:
        if named.unit is not None and not _is_within(named.unit, stated.unit.id, by_id):
            message = f"上传时写明的填报单位是“{stated.unit.name}”,表上填的是“{named.unit.name}”,请核对以哪个为准"
            _say(held, UNIT_DIFFERS, message)
            return


def _is_within(unit: Unit, top: str, by_id: dict[str, Unit]) -> bool:
    """Whether a unit is that one or stands anywhere under it: a department hands in what its units filled."""
    at: Unit | None = unit
    while at is not None:
        if at.id == top:
            return True
        at = by_id.get(at.parent_id or "")
    return False


def _why(names: Sequence[str], read: Sequence[Named], *, several: bool) -> str:
    if several:
        told = "、".join(f"“{name}”" for name in names[:MOST_NAMED])
        return f"文件里的表填了不同的单位({told}),未能确定是哪个单位报送的,请人工确定"
    unknown = [(name, named) for name, named in zip(names, read, strict=True) if named.unit is None]
    if not unknown:
        return "表上的填报单位没有填写或看不清,未能确定是哪个单位报送的,请人工确定"
    name, named = unknown[0]
    near = f",可能是{'、'.join(f'“{one}”' for one in named.candidates)}" if named.candidates else ""
    return f"单位名录里没有“{name}”{near},未能确定是哪个单位报送的,请人工确定"


def _say(held: Held, code: str, message: str) -> None:
    first = without_doubt(held.now[0])
    path = "header.unit" if "unit" in first.record.header else "records[0].borrowing_unit"
    held.now[0] = replace(first, findings=(*first.findings, Finding(code, path, message, Severity.WARNING)))


def _day_of(found: Sequence[Extraction], today: dt.date) -> dt.date:
    """The day by which the names of a file are judged: the one on which its first form was filled, else today."""
    for item in found:
        for row in (item.record.header, *item.record.rows[:1]):
            entry = row.get("filled_on")
            if entry is not None and not entry.review and isinstance(entry.value, str):
                try:
                    return dt.date.fromisoformat(entry.value)
                except ValueError:
                    continue
    return today

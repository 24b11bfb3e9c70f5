"""What people entered, carried over to a new reading: of the same file, or of the unit's corrected one.

A person is known again by the ID number. Where that is missing or another one, the name and the month of birth only say
that it may be the same person: a clerk decides. What a person entered is never overwritten: in the same file it stays;
in a corrected file it stays where the file says what it said before, and else both values are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from forms.definition import FormDefinition, Layout
from forms.finding import Finding, Severity
from forms.plain import entry_to_plain
from forms.record import Entry, Extraction, Mark, Origin, Record, Row
from forms.rules.rule import masked
from service.operations.entering import Place, with_entry
from service.store.submissions import Change

DIFFERS = "entered-differs"
"""Finding code: a person had entered another value than the new file has."""
GONE = "entered-person-gone"
"""Finding code: a person of whom something had been entered is not in the new file, or cannot be told in it."""
UNCLEAR = "correction-unclear"
"""Finding code: it may correct a document that was returned, and nobody can tell which or whether."""
UNIT_UNCLEAR = "unit-unclear"
"""Finding code: nobody can tell which unit of the list handed the file in."""
UNIT_DIFFERS = "unit-differs"
"""Finding code: the sender named one unit, the form another."""
KEPT = frozenset({DIFFERS, GONE, UNCLEAR, UNIT_UNCLEAR, UNIT_DIFFERS})
"""Findings that neither a reader nor a rule makes: they stay until a person has decided."""
MACHINE = "系统"


@dataclass(frozen=True, slots=True)
class Before:
    """A document as it was: ``read`` by the machine, and ``now`` with what people entered.

    ``marks`` are the box and kind of the marks that a person entered.
    """

    read: Extraction
    now: Extraction
    marks: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Merged:
    """The new extraction with what was carried over, and the steps to enter in the history."""

    found: Extraction
    steps: list[Change] = field(default_factory=list)


def carry_over(before: Before, found: Extraction, item: int, definition: FormDefinition, *, same_file: bool) -> Merged:
    """The new reading of a document with what people had entered in the earlier one.

    ``same_file``: the very same file was read again, so every human value stays, marks too. ``item`` is the number of
    the document in its file.
    """
    merged = Merged(found)
    rows = _same_rows(before, found, same_file=same_file, card=definition.layout is Layout.CARD)
    for key, entry in before.now.record.header.items():
        if entry.origin is Origin.HUMAN:
            read = before.read.record.header.get(key)
            _carry(merged, Place(item, header=key), entry, read, same_file=same_file, known=True)
    for old, row in enumerate(before.now.record.rows):
        entered = {key: entry for key, entry in row.items() if entry.origin is Origin.HUMAN}
        if not entered:
            continue
        match = rows.get(old)
        if match is None:
            _without_place(merged, row, item, same_file=same_file)
            continue
        reads = before.read.record.rows[old] if old < len(before.read.record.rows) else {}
        for key, entry in entered.items():
            place = Place(item, row=match.row, key=key)
            _carry(merged, place, entry, reads.get(key), same_file=same_file, known=match.sure)
    if same_file:
        _carry_marks(merged, before)
    return merged


@dataclass(frozen=True, slots=True)
class _Match:
    """The row in the new file; ``sure`` where the identity number says that it is the same person."""

    row: int
    sure: bool


def _same_rows(before: Before, found: Extraction, *, same_file: bool, card: bool) -> dict[int, _Match]:
    """For each old row the new one of the same person."""
    old, read, new = before.now.record.rows, before.read.record.rows, found.record.rows
    if same_file and len(read) == len(new):
        return {number: _Match(number, sure=True) for number in range(min(len(old), len(new)))}
    matches: dict[int, _Match] = {}
    for rows, key in ((old, "id_number"), (read, "id_number"), (old, "name"), (read, "name")):
        for first, second in _pairs(rows, new, key, matches):
            if key == "id_number" or _may_be_same(old[first], new[second]):
                matches[first] = _Match(second, sure=key == "id_number")
    if card and not matches and len(old) == len(new) == 1:
        matches[0] = _Match(0, sure=False)
    return matches


def _pairs(rows: Sequence[Row], new: Sequence[Row], key: str, taken: dict[int, _Match]) -> Iterator[tuple[int, int]]:
    """Old and new rows, not yet matched, that alone have the same value of a key."""
    used = {match.row for match in taken.values()}
    old_values = {number: text for number, row in enumerate(rows) if number not in taken and (text := _text(row, key))}
    new_values = {number: text for number, row in enumerate(new) if number not in used and (text := _text(row, key))}
    old_count, new_count = Counter(old_values.values()), Counter(new_values.values())
    place = {text: number for number, text in new_values.items()}
    for number, text in old_values.items():
        if old_count[text] == new_count.get(text, 0) == 1:
            yield number, place[text]


def _text(row: Row, key: str) -> str:
    entry = row.get(key)
    return str(entry.value) if entry is not None and not entry.is_blank else ""


def _may_be_same(old: Row, new: Row) -> bool:
    """Whether two of one name may be one person: unless both say when they were born, and not the same month."""
    births = _born(old), _born(new)
    return not all(births) or births[0] == births[1]


def _born(row: Row) -> str:
    """``YYYY-MM`` as stated; without that, by a number, which may be the very thing that was put right: nothing."""
    return _text(row, "birth_month")[:7]


def _carry(merged: Merged, place: Place, entry: Entry, read: Entry | None, *, same_file: bool, known: bool) -> None:
    record = merged.found.record
    now = record.header.get(place.header) if place.header is not None else _at(record, place)
    if same_file:
        kept = replace(entry, region=now.region if now is not None and now.region else entry.region)
        _put(merged, place, now, kept, "carried")
        return
    if now is not None and (now.origin is Origin.HUMAN or (now.value == entry.value and now.value is not None)):
        return
    is_sure = now is not None and now.value is not None and not now.review
    unchanged = is_sure and now is not None and read is not None and now.value == read.value
    absent = now is None and read is None
    if known and (unchanged or absent):
        _put(merged, place, now, replace(entry, region=now.region if now is not None else None), "carried")
        return
    shown = "未能读出" if now is None or now.value is None else f"“{now.value}”"
    message = f"上一份经人工填为“{entry.value}”,这一份读作{shown},请核对以哪个为准"
    other = now or Entry("", origin=Origin.DIGITAL)
    _put(merged, place, now, other.doubted(str(entry.value)), "conflict")
    _say(merged, DIFFERS, place.inner, message, now)


def _at(record: Record, place: Place) -> Entry | None:
    if place.row is None or place.key is None or place.row >= len(record.rows):
        return None
    return record.rows[place.row].get(place.key)


def _put(merged: Merged, place: Place, before: Entry | None, after: Entry, action: str) -> None:
    merged.found = replace(merged.found, record=with_entry(merged.found.record, place, after))
    shown = None if before is None else entry_to_plain(before)
    merged.steps.append(Change(MACHINE, action, place.path, shown, entry_to_plain(after)))


def _say(merged: Merged, code: str, path: str, message: str, entry: Entry | None) -> None:
    region = entry.region if entry is not None else None
    finding = Finding(code, path, masked(message), Severity.WARNING, None, region)
    merged.found = replace(merged.found, findings=(*merged.found.findings, finding))


def _without_place(merged: Merged, row: Row, item: int, *, same_file: bool) -> None:
    """A person of whom something was entered and who is not found again: kept in the same file, told in another."""
    who = _text(row, "name") or "(姓名不详)"
    if not same_file:
        _say(merged, GONE, "", f"上一份中经人工填写过的“{who}”在这一份中没有找到,原来填的内容未带入", None)
        return
    number = len(merged.found.record.rows)
    kept = {key: entry if entry.origin is Origin.HUMAN else entry.doubted() for key, entry in row.items()}
    merged.found = replace(merged.found, record=replace(merged.found.record, rows=(*merged.found.record.rows, kept)))
    _say(merged, GONE, f"records[{number}]", f"重新读取后没有找到经人工填写过的“{who}”,原来的一行保留在最后", None)
    for key, entry in row.items():
        if entry.origin is Origin.HUMAN:
            path = Place(item, row=number, key=key).path
            merged.steps.append(Change(MACHINE, "carried", path, None, entry_to_plain(entry)))


def _carry_marks(merged: Merged, before: Before) -> None:
    """Marks that a person judged stay with the same file; on another paper everything is to be seen anew."""
    kept = {
        (mark.key, mark.kind): mark for mark in before.now.record.marks if (mark.key, mark.kind.value) in before.marks
    }
    marks: list[Mark] = [kept.pop((mark.key, mark.kind), mark) for mark in merged.found.record.marks]
    record = replace(merged.found.record, marks=(*marks, *kept.values()))
    merged.found = replace(merged.found, record=record)


def pair_up(old: Sequence[Extraction], new: Sequence[Extraction], layout_of: Callable[[str], Layout]) -> dict[int, int]:
    """Which document of the old file each document of the new one takes after: new number → old number.

    Those of one form in their order; cards by their person.
    """
    pairs: dict[int, int] = {}
    for form in dict.fromkeys(item.record.form for item in new):
        olds = [number for number, item in enumerate(old) if item.record.form == form]
        news = [number for number, item in enumerate(new) if item.record.form == form]
        if layout_of(form) is not Layout.CARD or len(olds) == len(news) == 1:
            pairs.update(zip(news, olds, strict=False))
            continue
        for number in news:
            people = people_of((new[number],))
            same = [
                other
                for other in olds
                if other not in pairs.values() and people.may_be_those_of(people_of((old[other],)))
            ]
            if len(same) == 1:
                pairs[number] = same[0]
    return pairs


@dataclass(frozen=True, slots=True)
class People:
    """Who stands in documents of one form: their ID numbers, their names, and how many they are."""

    numbers: frozenset[str]
    names: frozenset[str]
    count: int

    def are_those_of(self, other: People) -> bool:
        """Whether two files speak of the same people: a number in common, and numbers or names of half of them."""
        least = min(self.count, other.count)
        shared = max(len(self.numbers & other.numbers), len(self.names & other.names))
        return bool(self.numbers & other.numbers) and 2 * shared >= least

    def may_be_those_of(self, other: People) -> bool:
        """Whether they have anybody in common, if only by name."""
        return bool(self.numbers & other.numbers or self.names & other.names)


def people_of(found: Iterable[Extraction]) -> People:
    """The people of documents."""
    rows = [row for item in found for row in item.record.rows]
    numbers, names = ({text for row in rows if (text := _text(row, key))} for key in ("id_number", "name"))
    return People(frozenset(numbers), frozenset(names), len(rows))

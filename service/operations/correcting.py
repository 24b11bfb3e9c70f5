"""A person corrects what was read: values, rows that the reader missed or invented, and steps that are taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from forms.definition import Layout
from forms.plain import extraction_from_plain, row_from_plain, row_to_plain
from forms.record import Row
from service.operations.documents import told
from service.operations.entering import Entered, Fault, Place, place_of, refusal, row_place_of
from service.operations.holding import SETTLED, Held, VersionNeededError, hold, move, rechecked, save, wrong_state
from service.operations.opened import OpenForm
from service.operations.rechecking import check_later
from service.operations.row_numbers import RowStep, moved, origins_of, row_now, row_steps
from service.operations.unit_settling import settle_unit
from service.operations.units import office_day
from service.runtime import Runtime
from service.store import parts
from service.store.documents import StoredDocument, find_light
from service.store.errors import NotFoundError
from service.store.submissions import ADDED, REMOVED, Change, history_of

UNDONE = "撤销第 {number} 步"
_UNIT_PLACES = frozenset({"header.unit", "records[0].borrowing_unit", "header.filled_on"})


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A row that the reader missed. ``after`` or ``before`` name a row as the caller saw them; neither means last."""

    values: Mapping[str, object]
    item: int | None = None
    after: str = ""
    before: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A row that nobody wrote, by its path as the caller saw it."""

    path: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person does to a document, all of it or nothing. ``undone`` are numbers of steps of its history."""

    entered: Sequence[Entered] = ()
    added: Sequence[AddedRow] = ()
    removed: Sequence[RemovedRow] = ()
    undone: Sequence[int] = ()


@dataclass
class _Work:
    """A correction under way: the forms that are opened, what cannot be taken, and the steps that are taken."""

    runtime: Runtime
    connection: Connection
    held: Held
    forms: dict[int, OpenForm]
    faults: list[Fault] = field(default_factory=list)
    steps: list[Change] = field(default_factory=list)
    settled: dict[int, set[str]] = field(default_factory=dict)
    moves: list[RowStep] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many forms the document has."""
        return len(self.forms)


def correct(runtime: Runtime, identity: str, asked: Correction, who: str, version: int | None = None) -> dict[str, Any]:
    """Take what a person enters, all of it or none; the rules are run again, on a long list a moment later.

    Returns:
        The document as it is now, with the rows that got other numbers; of a long list without its rows.

    Raises:
        NotFoundError: there is no such document.
        WrongStateError: it is not read yet, or accepted, returned or superseded.
        StaleVersionError: ``version`` is not the latest.
        VersionNeededError: no version was given, and a person had entered one of the values before, or rows move.
        EntryInvalidError: a value that its field cannot hold, or a place that is not there.
    """
    with runtime.database.transaction() as connection:
        is_split = parts.is_split(connection, identity)
        held = _light(connection, identity) if is_split else hold(connection, identity)
        if held.document.stage == "received" or held.document.stage in SETTLED:
            raise wrong_state(held.document.stage, "改动内容", "changed")
        held.require(version)
        if version is None and (asked.added or asked.removed or asked.undone):
            raise VersionNeededError(pointer="version", path="add、remove、undo")
        work = _Work(runtime, connection, held, _pieces(connection, held) if is_split else _whole(held))
        _take(work, asked, is_versioned=version is not None)
        if work.faults:
            raise refusal(work.faults)
        opening = [] if held.document.stage == "review" else held.require_edge("review", "改动内容", "changed")
        steps = [*opening, *work.steps]
        if is_split:
            _keep_pieces(work, who, steps)
        else:
            _keep_whole(work, who, steps)
    return {**told(runtime.database, identity), "renumbered": list(_renumbered(work))}


def _light(connection: Connection, identity: str) -> Held:
    """A long document without its content."""
    document = find_light(connection, identity)
    if document is None:
        raise NotFoundError
    return Held(document, [], [])


def _whole(held: Held) -> dict[int, OpenForm]:
    return {number: OpenForm.whole(number, found) for number, found in enumerate(held.now)}


def _pieces(connection: Connection, held: Held) -> dict[int, OpenForm]:
    """The forms of a long document, of which only what is touched is fetched."""

    def form(item: int, sizes: dict[int, int]) -> OpenForm:
        def fetch(number: int) -> list[Row]:
            return [row_from_plain(row) for row in parts.piece_of(connection, held.identity, item, number)]

        (head,) = parts.piece_of(connection, held.identity, item, parts.HEAD)
        return OpenForm(item, extraction_from_plain(head), sizes, fetch)

    return {item: form(item, sizes) for item, sizes in parts.sizes_of(connection, held.identity).items()}


def _take(work: _Work, asked: Correction, *, is_versioned: bool) -> None:
    places = [place_of(given.path, work.count) for given in asked.entered]
    work.faults += [place for place in places if isinstance(place, Fault)]
    if asked.undone and (asked.entered or asked.added or asked.removed):
        work.faults.append(Fault("undo", "撤销不能与其他改动一起提交", "is to come alone"))
    if work.faults:
        return
    for place, given in zip(places, asked.entered, strict=True):
        if isinstance(place, Place):
            _enter(work, place, given, is_versioned=is_versioned)
    gone = _remove_all(work, asked.removed)
    _add_all(work, asked.added, gone)
    for number in asked.undone:
        _undo(work, number)


def _enter(work: _Work, place: Place, given: Entered, *, is_versioned: bool) -> None:
    form = work.forms[place.item]
    before = form.seen(place)
    if not is_versioned and _is_second_hand(work, place, before):
        raise VersionNeededError(pointer=place.path, path=place.path)
    definition = work.runtime.catalogue.readable(form.head.record.form, form.head.record.edition)
    fault = form.enter(definition, place, given)
    if fault is not None:
        work.faults.append(fault)
        return
    work.steps.append(Change("", "entered", place.path, before, form.seen(place), given.reason))
    work.settled.setdefault(place.item, set()).add(place.inner)
    if place.box is not None and place.kind is not None:
        work.held.marks.add((place.item, place.box, place.kind.value))


def _is_second_hand(work: _Work, place: Place, before: Mapping[str, object] | None) -> bool:
    """Whether a person said something of this place before."""
    if place.box is None:
        return before is not None and before.get("origin") == "human"
    steps = history_of(work.connection, work.held.identity, place.path)
    return any(step["action"] == "entered" for step in steps)


def _remove_all(work: _Work, removed: Sequence[RemovedRow]) -> dict[int, set[int]]:
    """Take rows out, the last first, so that the numbers that the caller saw hold to the end."""
    wanted: dict[tuple[int, int], str] = {}
    for one in removed:
        place = _row_place(work, one.path)
        if place is not None:
            wanted[place] = one.reason
    gone: dict[int, set[int]] = {}
    for (item, row), reason in sorted(wanted.items(), reverse=True):
        gone.setdefault(item, set()).add(row)
        _remove(work, item, row, reason)
    return gone


def _row_place(work: _Work, path: str) -> tuple[int, int] | None:
    place = row_place_of(path, work.count)
    if isinstance(place, Fault):
        work.faults.append(place)
        return None
    item, row = place
    if not _is_list(work, item, path):
        return None
    if row >= work.forms[item].count:
        count = work.forms[item].count
        work.faults.append(Fault(path, f"表中只有 {count} 行", f"there are {count} rows"))
        return None
    return item, row


def _is_list(work: _Work, item: int, path: str) -> bool:
    record = work.forms[item].head.record
    if work.runtime.catalogue.readable(record.form, record.edition).layout is not Layout.CARD:
        return True
    work.faults.append(Fault(path, "一人一份的表不能增删行", "is a form of one person"))
    return False


def _remove(work: _Work, item: int, row: int, reason: str) -> None:
    before = row_to_plain(work.forms[item].remove(row))
    work.steps.append(Change("", REMOVED, f"documents[{item}].records[{row}]", before, None, reason))
    work.moves.append(RowStep(0, item, row, is_added=False))


def _insert(work: _Work, item: int, row: int, values: Row, reason: str) -> None:
    work.forms[item].insert(row, values)
    path = f"documents[{item}].records[{row}]"
    work.steps.append(Change("", ADDED, path, None, row_to_plain(values), reason))
    work.moves.append(RowStep(0, item, row, is_added=True))


def _add_all(work: _Work, added: Sequence[AddedRow], gone: Mapping[int, set[int]]) -> None:
    """Put rows in, by the numbers that the caller saw; those for one place in the order in which they were given."""
    wanted: list[tuple[int, int, int, AddedRow]] = []
    for order, one in enumerate(added):
        place = _place_for(work, one, f"add[{order}]", gone)
        if place is not None:
            wanted.append((*place, order, one))
    put: dict[int, int] = {}
    for item, row, order, one in sorted(wanted, key=lambda each: each[:3]):
        values = _values(work, item, one, f"add[{order}]")
        if values is not None:
            _insert(work, item, row + put.get(item, 0), values, one.reason)
            put[item] = put.get(item, 0) + 1


def _place_for(work: _Work, one: AddedRow, where: str, gone: Mapping[int, set[int]]) -> tuple[int, int] | None:
    """The form and the number that a new row gets once the rows that go are gone."""
    named = one.after or one.before
    if not named:
        item = one.item if one.item is not None else 0
        if item not in work.forms or (one.item is None and work.count != 1):
            work.faults.append(Fault(where, "请写明是第几份表(document)", "needs its document"))
            return None
        return (item, work.forms[item].count) if _is_list(work, item, where) else None
    place = row_place_of(named, work.count)
    if isinstance(place, Fault):
        work.faults.append(place)
        return None
    item, row = place
    taken = gone.get(item, set())
    if not _is_list(work, item, named):
        return None
    if row >= work.forms[item].count + len(taken):
        work.faults.append(Fault(named, "没有这一行", "is no row"))
        return None
    at = row - sum(one < row for one in taken)
    return item, at + (1 if one.after and row not in taken else 0)


def _values(work: _Work, item: int, one: AddedRow, where: str) -> Row | None:
    """The entries of a new row; only what was said is in it."""
    form = OpenForm.whole(
        item, replace(work.forms[item].head, record=replace(work.forms[item].head.record, rows=({},)))
    )
    definition = work.runtime.catalogue.readable(form.head.record.form, form.head.record.edition)
    if not one.values:
        work.faults.append(Fault(where, "没有填任何内容", "has no values"))
        return None
    faults = [
        fault
        for key, value in one.values.items()
        if (fault := form.enter(definition, Place(item, row=0, key=str(key)), Entered("", value, one.reason)))
    ]
    work.faults += [replace(fault, path=f"{where}.{fault.path.rpartition('.')[2]}") for fault in faults]
    return None if faults else form.row(0)


def _undo(work: _Work, number: int) -> None:
    """Take one step of the history back, if what it made still stands as it made it."""
    history = history_of(work.connection, work.held.identity)
    step = next((one for one in history if one["number"] == number), None)
    told = UNDONE.format(number=number)
    where = f"undo[{number}]"
    if step is None or step["action"] not in ("entered", ADDED, REMOVED) or not step["path"].startswith("documents["):
        work.faults.append(Fault(where, "没有可以撤销的这一步", "is no step that can be taken back"))
        return
    if any(one["reason"] == told for one in history):
        work.faults.append(Fault(where, "已撤销过", "was taken back before"))
        return
    rows = row_steps(history)
    if step["action"] == "entered":
        _undo_value(work, step, rows, told)
        return
    item, row = _of_row(step)
    if step["action"] == REMOVED:
        _insert(
            work,
            item,
            _place_again(rows, item, row, number, work.forms[item].count),
            row_from_plain(step["before"]),
            told,
        )
        return
    now = row_now(rows, item, row, number)
    if now is None or row_to_plain(work.forms[item].row(now)) != step["after"]:
        work.faults.append(Fault(where, "这一行之后又改过或已删去", "was changed since, or is gone"))
        return
    _remove(work, item, now, told)


def _of_row(step: Mapping[str, Any]) -> tuple[int, int]:
    place = row_place_of(step["path"], 1 << 20)
    if isinstance(place, Fault):
        raise NotFoundError
    return place


def _place_again(rows: Sequence[RowStep], item: int, row: int, since: int, count: int) -> int:
    """Where a row that was taken out belongs now, by what was added and taken out before it since."""
    for step in rows:
        if step.number > since and step.item == item and (step.row < row or (step.is_added and step.row == row)):
            row += 1 if step.is_added else -1
    return min(row, count)


def _undo_value(work: _Work, step: Mapping[str, Any], rows: Sequence[RowStep], told: str) -> None:
    place = place_of(step["path"], work.count)
    where = f"undo[{step['number']}]"
    if isinstance(place, Fault):
        work.faults.append(place)
        return
    if place.row is not None:
        now = row_now(rows, place.item, place.row, step["number"])
        if now is None:
            work.faults.append(Fault(where, "这一行已删去", "is in a row that is gone"))
            return
        place = replace(place, row=now)
    form = work.forms[place.item]
    current = form.seen(place)
    if current != step["after"]:
        work.faults.append(Fault(where, "此处之后又改过", "was changed since"))
        return
    form.put_back(place, step["before"])
    work.steps.append(Change("", "entered", place.path, current, step["before"], told))


def _renumbered(work: _Work) -> Iterator[dict[str, Any]]:
    """From which rows on the numbers have changed, and by how much, in the order of the steps."""
    for step in work.moves:
        yield {"path": f"documents[{step.item}].records[{step.row}]", "by": 1 if step.is_added else -1}


def _keep_whole(work: _Work, who: str, steps: list[Change]) -> None:
    held = work.held
    for item, form in work.forms.items():
        before = held.now[item]
        found = form.closed()
        mine = [step for step in work.moves if step.item == item]
        if mine:
            origins = origins_of(mine, item, len(before.record.rows))
            places = {old: new for new, old in enumerate(origins) if old is not None}
            found = replace(found, findings=moved(found.findings, places))
            held.row_steps.extend(mine)
        held.now[item] = found
        if mine or item in work.settled or any(step.path.startswith(f"documents[{item}].") for step in work.steps):
            held.now[item] = rechecked(held, item, work.runtime, frozenset(work.settled.get(item, ())))
    if any(_UNIT_PLACES & places for places in work.settled.values()):
        settle_unit(work.connection, held, office_day())
    save(work.connection, held, who, steps)


def _checked(document: StoredDocument) -> int:
    """The version that the findings are of."""
    return document.version if document.checked_version is None else document.checked_version


def _keep_pieces(work: _Work, who: str, steps: list[Change]) -> None:
    """Write what was touched; what rules say of it follows in a job, and the document says so until then."""
    identity = work.held.identity
    for item, form in work.forms.items():
        for number in form.touched:
            parts.put_piece(work.connection, identity, parts.NOW, item, number, form.plain_rows(number))
        if form.head_touched:
            parts.put_head(work.connection, identity, item, form.head)
        moves = [step.row for step in work.moves if step.item == item]
        if moves:
            parts.drop_row_findings(work.connection, identity, item, min(moves))
    move(work.connection, work.held, who, steps, checked_version=_checked(work.held.document))
    check_later(work.connection, work.held.document)

"""A reading arrives: what people entered stays, and a corrected document takes over from the one it corrects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from forms.finding import Finding, Severity
from forms.ledger import LEDGER
from forms.plain import extraction_from_plain
from forms.record import Extraction, Origin
from service.operations.belonging import is_of_same_unit, place_reading
from service.operations.desk.queue import count_read, waiting_in
from service.operations.entering import Place, seen_at
from service.operations.holding import (
    CORRECTABLE,
    SETTLED,
    Held,
    hold,
    index_findings,
    origins,
    rechecked,
    save,
    unit_named,
)
from service.operations.merging import MACHINE, UNCLEAR, Before, carry_over, pair_up, people_of
from service.operations.unit_settling import settle_unit
from service.operations.units import office_day
from service.runtime import Runtime
from service.store.cross import forget_findings
from service.store.documents import find_document, set_reading
from service.store.parts import READ, is_long, is_split, seal_early
from service.store.records import supersede_accepted
from service.store.submissions import (
    Change,
    add_changes,
    change_submission,
    find_submission,
    never_opened,
    open_submission,
    returned_documents,
)

MOST_STEPS = 5000


@dataclass(frozen=True, slots=True)
class ReadyReading:
    """A reading with what takes long to make of it: its forms and, of a long list, its pieces, sealed."""

    plain: dict[str, Any]
    found: list[Extraction]
    pieces: list[dict[str, Any]]


def make_ready(runtime: Runtime, identity: str, reading: dict[str, Any]) -> ReadyReading:
    """What can be done with a reading before anybody has to wait for its transaction."""
    plain = reading["documents"]
    pieces = seal_early(runtime.database.engine.dialect, identity, READ, plain) if is_long(plain) else []
    return ReadyReading(reading, [extraction_from_plain(item) for item in plain], pieces)


def take_reading(runtime: Runtime, connection: Connection, identity: str, taken: dict[str, Any] | ReadyReading) -> None:
    """Enter what was read of a document, in the transaction that ends its job.

    A document that was accepted, returned or superseded stays as it is.
    """
    ready = taken if isinstance(taken, ReadyReading) else make_ready(runtime, identity, taken)
    reading, found = ready.plain, list(ready.found)
    before = hold(connection, identity)
    if before.document.stage in SETTLED:
        add_changes(connection, identity, [Change(MACHINE, "noted", reason="重新读取的结果未采用:文件已审结")])
        return
    set_reading(connection, identity, reading["status"], reading, ready.pieces)
    place_reading(connection, identity, (item["form"] for item in reading["documents"]))
    submission = open_submission(connection, identity)
    steps = [Change(MACHINE, "read", "", before.document.state, reading["status"])]
    if before.document.content is not None:
        _read_again(runtime, connection, before, found, steps)
        if submission.supersedes and before.document.merged_from is None:
            _correct_late(runtime, connection, identity)
        return
    document = replace(before.document, state=reading["status"], reading=reading)
    document = replace(document, is_split=is_split(connection, identity))
    held = Held(document, list(found), list(found), campaign=before.campaign)
    settle_unit(connection, held, office_day())
    is_asked = bool(submission.supersedes) and submission.merged_from is None
    if found and (submission.version == 0 or is_asked):
        steps += _take_over(runtime, connection, held)
    if held.document.merged_from is None and held.now == held.read:
        change_submission(connection, identity)
        add_changes(connection, identity, steps)
        index_findings(connection, held.document, held.now)
        if document.form_hint != LEDGER:  # ledgers have a desk of their own
            count_read(connection, identity, submission.version + 1, waiting_in(reading["documents"]))
    else:
        save(connection, held, MACHINE, steps, merged_from=held.document.merged_from)


def _correct_late(runtime: Runtime, connection: Connection, identity: str) -> None:
    """The sender has said only now which document this one corrects."""
    held = hold(connection, identity)
    steps = _take_over(runtime, connection, held) if held.now else []
    if steps:
        save(connection, held, MACHINE, steps, merged_from=held.document.merged_from)


def _read_again(
    runtime: Runtime, connection: Connection, before: Held, found: list[Extraction], steps: list[Change]
) -> None:
    """The same file read again: what a person entered stays where it was entered."""
    held = hold(connection, before.identity)
    if (
        before.row_steps
        or len(found) < len(before.now)
        or any(one.record.form != other.record.form for one, other in zip(before.now, found, strict=False))
    ):
        # The reading fell apart, or its rows are not those of the person: what was worked on is not replaced by it.
        held.read, held.now, held.row_steps = before.read, before.now, before.row_steps
        set_reading(connection, before.identity, before.document.state, before.document.reading or {})
        why = "人工增删过行" if before.row_steps else "重新读取的结果与人工核对过的内容对不上"
        steps[:] = [Change(MACHINE, "noted", reason=f"{why},保留原内容,重新读取的结果未采用")]
        save(connection, held, MACHINE, steps)
        return
    held.read, held.now = list(found), list(found)
    for number, old in enumerate(before.now):
        marks = frozenset((box, kind) for item, box, kind in before.marks if item == number)
        read = before.read[number] if number < len(before.read) else old
        definition = runtime.catalogue.readable(found[number].record.form, found[number].record.edition)
        merged = carry_over(Before(read, old, marks), found[number], number, definition, same_file=True)
        held.now[number] = merged.found
        held.now[number] = rechecked(held, number, runtime)
        steps += _new_readings(number, old, found[number])
        steps += [step for step in merged.steps if step.before is not None and step.before["origin"] != "human"]
    settle_unit(connection, held, office_day())
    save(connection, held, MACHINE, steps[:MOST_STEPS])


def _new_readings(item: int, old: Extraction, found: Extraction) -> list[Change]:
    """The values that the machine now reads otherwise than before."""
    if len(old.record.rows) != len(found.record.rows):
        return []
    places = [Place(item, header=key) for key in found.record.header]
    places += [Place(item, row=number, key=key) for number, row in enumerate(found.record.rows) for key in row]
    steps: list[Change] = []
    for place in places:
        before, after = seen_at(old, place), seen_at(found, place)
        is_human = before is not None and before["origin"] == Origin.HUMAN.value
        if before is not None and after is not None and not is_human and before["value"] != after["value"]:
            steps.append(Change(MACHINE, "read", place.path, before, after))
    return steps


def _take_over(runtime: Runtime, connection: Connection, held: Held) -> list[Change]:
    """Supersede the document that this one corrects; the steps of what was carried over from it."""
    old = _corrected(connection, held)
    if old is None:
        return []
    pairs = pair_up(old.now, held.now, lambda form: runtime.catalogue.readable(form).layout)
    steps = [Change(MACHINE, "noted", reason=f"替代此前的文件 {old.identity}")]
    for number, other in pairs.items():
        read = _aligned(old, other) if other < len(old.read) else old.now[other]
        found = held.now[number]
        definition = runtime.catalogue.readable(found.record.form, found.record.edition)
        merged = carry_over(Before(read, old.now[other]), found, number, definition, same_file=False)
        held.now[number] = merged.found
        held.now[number] = rechecked(held, number, runtime)
        steps += merged.steps
    for other in set(range(len(old.now))) - set(pairs.values()):
        _tell_left(held, old.now[other])
    held.document = replace(held.document, merged_from=old.identity)
    change_submission(connection, old.identity, state="superseded", superseded_by=held.identity)
    moved = Change(MACHINE, "moved", "", old.document.stage, "superseded", f"由 {held.identity} 替代")
    add_changes(connection, old.identity, [moved])
    supersede_accepted(connection, old.identity)
    forget_findings(connection, old.identity)
    return steps


def _aligned(held: Held, item: int) -> Extraction:
    """A form as it was read, its rows in the order of those that it has now."""
    read = held.read[item]
    rows = tuple({} if row is None else read.record.rows[row] for row in origins(held, item))
    return replace(read, record=replace(read.record, rows=rows))


def _corrected(connection: Connection, held: Held) -> Held | None:
    """The document that this one corrects: named by its sender, or the one returned to that unit with these people."""
    submission = find_submission(connection, held.identity)
    if submission is not None and submission.supersedes:
        old = hold(connection, submission.supersedes)
        if old.document.stage in CORRECTABLE and _forms(old.now) & _forms(held.now):
            return old
        _doubt(held, f"指明替代的文件“{old.document.name}”不是同一种表,或已不能被替代,未替代,请核对")
        return None
    others = [one for one in returned_documents(connection) if one != held.identity]
    others = [one for one in others if is_of_same_unit(connection, one, held.identity)]
    waiting = [hold(connection, one) for one in others if _has_form(connection, one, _forms(held.now))]
    near = [old for old in waiting if _units(old) & _units(held)]
    people = people_of(held.now)
    sure = [old for old in near if people.are_those_of(people_of(old.now))]
    if len(sure) == 1:
        return sure[0]
    if any(people.may_be_those_of(people_of(old.now)) for old in near):
        _doubt(held, "该单位有已退回的同种表涉及相同的人员,未能确定这一份是不是它的补正件,请核对")
    return None


def _has_form(connection: Connection, identity: str, forms: set[str]) -> bool:
    document = find_document(connection, identity)
    return document is not None and any(item["form"] in forms for item in document.found)


def _forms(found: Sequence[Extraction]) -> set[str]:
    return {item.record.form for item in found}


def _units(held: Held) -> set[str]:
    named = {unit_named(held.document, item) for item in held.now}
    return {name for name in (*named, held.document.unit or "") if name}


def _doubt(held: Held, message: str) -> None:
    held.now[0] = _with(held.now[0], Finding(UNCLEAR, "", message, Severity.WARNING))


def _tell_left(held: Held, left: Extraction) -> None:
    names = "、".join(sorted(people_of((left,)).names)[:5]) or "无人员"
    _doubt(held, f"被替代的文件里另有一份表({names})在这一份中没有找到对应的,请核对是否漏报")


def _with(found: Extraction, finding: Finding) -> Extraction:
    return replace(found, findings=(*found.findings, finding))


def catch_up(connection: Connection) -> None:
    """Enter the findings of documents that were read before findings were kept by themselves."""
    for identity in never_opened(connection):
        held = hold(connection, identity)
        open_submission(connection, identity)
        index_findings(connection, held.document, held.now)

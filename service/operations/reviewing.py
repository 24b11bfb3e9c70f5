"""A person goes through what was read: corrects values, accepts the document, and can always see who said what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from forms.errors import FormServiceError
from forms.finding import Severity
from forms.plain import mark_to_plain
from forms.record import Extraction, Row
from service.operations.belonging import place_accepted
from service.operations.cross_units import CROSS_JOB
from service.operations.documents import told as told_of
from service.operations.entering import Fault, Place, place_of, refusal, seen_at
from service.operations.holding import (
    Held,
    hold,
    hold_apart,
    index_findings,
    move,
    rechecked,
    require_same,
    unit_named,
    wrong_state,
)
from service.operations.progress.facts import count_accepted, counted
from service.operations.row_numbers import row_steps, rows_before
from service.runtime import Runtime
from service.store.jobs import add_job
from service.store.records import AcceptedForm, keep_accepted
from service.store.submissions import Change, history_of

MOST_BLOCKERS = 500
OF_WHOLE = ("unit", "campaign")
"""Places in the history that are not of a value in the file: whose it is, and for which campaign."""


class OpenFaultsError(FormServiceError):
    """A document that is to be accepted though something in it is unsure or wrong; ``blockers`` lists it."""

    code = "open-faults"
    zh = "还有 {count} 处待核对或有错误,不能接收;确需接收的,请写明理由(override、reason)"
    en = "{count} values or findings are still open; to accept it all the same, give override and a reason"

    def __init__(self, blockers: Sequence[dict[str, Any]]) -> None:
        super().__init__(pointer=str(blockers[0]["path"]) or None, count=len(blockers))
        self.blockers = list(blockers[:MOST_BLOCKERS])

    def __reduce__(self) -> tuple[object, ...]:
        """The list is all it is made of."""
        return (OpenFaultsError, (self.blockers,))


class ReasonNeededError(FormServiceError):
    """A step that must be explained."""

    code = "reason-needed"
    zh = "请写明理由:{what_zh}"
    en = "A reason is needed: {what_en}"


def blockers_of(held: Held) -> list[dict[str, Any]]:
    """What keeps a document from being accepted: values and marks to be looked at, errors, pages not read."""
    found: list[dict[str, Any]] = []
    problem = (held.document.reading or {}).get("problem")
    if problem is not None:
        found.append({"kind": "problem", "path": "", "code": problem["code"], "message": problem["message"]})
    for number, item in enumerate(held.now):
        found.extend(_blockers(f"documents[{number}]", item))
    return found


def _blockers(prefix: str, found: Extraction) -> Iterator[dict[str, Any]]:
    record = found.record
    rows: list[tuple[str, Row]] = [("header", record.header)]
    rows += [(f"records[{number}]", row) for number, row in enumerate(record.rows)]
    for where, row in rows:
        for key, entry in row.items():
            if entry.review:
                yield {"kind": "review", "path": f"{prefix}.{where}.{key}", "code": None, "message": "待人工核对"}
    for mark in record.marks:
        if mark.review:
            path = f"{prefix}.marks.{mark.key}.{mark.kind.value}"
            yield {"kind": "review", "path": path, "code": None, "message": "待人工核对"}
    for finding in found.findings:
        if finding.severity is Severity.ERROR:
            path = f"{prefix}.{finding.path}" if finding.path else prefix
            yield {"kind": "finding", "path": path, "code": finding.code, "message": finding.message}


def accept(
    runtime: Runtime, identity: str, who: str, version: int | None = None, *, override: bool = False, reason: str = ""
) -> dict[str, Any]:
    """Take a document as it stands now: its people become records. Returns it with how many there are.

    Raises:
        NotFoundError: there is no such document.
        WrongStateError: it cannot be accepted from where it is, or nothing was read in it.
        StaleVersionError: ``version`` is not the latest.
        OpenFaultsError: something is unsure or wrong, and ``override`` was not asked for.
        ReasonNeededError: ``override`` without a reason.
    """
    if override and not reason:
        raise ReasonNeededError(what_zh="仍有问题而接收", what_en="accepting it with open faults")
    held = hold_apart(runtime.database, identity)
    steps = held.require_edge("accepted", "接收", "accepted")
    if not held.now:
        raise wrong_state(held.document.stage, "接收:没有读出任何一份表", "accepted: no form was read in it")
    held.require(version)
    if not held.document.is_checked:
        held.now = [rechecked(held, number, runtime) for number in range(len(held.now))]
    open_now = blockers_of(held)
    if open_now and not override:
        raise OpenFaultsError(open_now)
    told = f"{reason}(尚有 {len(open_now)} 处待核对或有错误)" if open_now else reason
    steps[-1:] = [Change("", "moved", "", steps[-1].before, steps[-1].after, told)]
    forms = [_accepted(held, number, found) for number, found in enumerate(held.now)]
    figures = {form.item: counted(runtime.catalogue, form) for form in forms}
    with runtime.database.transaction() as connection:
        require_same(connection, held)
        count = keep_accepted(connection, identity, forms, who, told)
        place_accepted(connection, identity)
        count_accepted(connection, identity, figures)
        add_job(connection, CROSS_JOB, {"document_id": identity})
        move(connection, held, who, steps, checked_version=None)
        if not held.document.is_checked:
            index_findings(connection, held.document, held.now)
    return {**told_of(runtime.database, identity), "recorded": count, "overridden": len(open_now)}


def _accepted(held: Held, number: int, found: Extraction) -> AcceptedForm:
    record = found.record
    return AcceptedForm(
        number,
        record.form,
        record.edition,
        unit_named(held.document, found),
        _plain(record.header),
        [mark_to_plain(mark) for mark in record.marks],
        [_plain(row) for row in record.rows],
    )


def _plain(row: Row) -> dict[str, Any]:
    return {
        key: {"value": entry.value, "code": entry.code, "origin": entry.origin.value, "review": entry.review}
        for key, entry in row.items()
    }


def history(runtime: Runtime, identity: str, path: str | None = None) -> list[dict[str, Any]]:
    """Who did what with a document, or with one value of it, the oldest first.

    A value's history begins with how it was printed or read.

    Raises:
        NotFoundError: there is no such document.
        EntryInvalidError: the path is no place of a value in it.
    """
    with runtime.database.transaction() as connection:
        held = hold(connection, identity)
        if path in OF_WHOLE:
            return [_step(item) for item in history_of(connection, identity, path)]
        if path is None:
            return [_step(item) for item in history_of(connection, identity)]
        place = place_of(path, max(len(held.read), len(held.now)))
        if isinstance(place, Fault):
            raise refusal([place])
        return list(_life(held, history_of(connection, identity), place))


def _life(held: Held, steps: Sequence[Mapping[str, Any]], place: Place) -> Iterator[dict[str, Any]]:
    """How a value came into the file, printed by us, read or added, and all that became of it, whatever its number."""
    if place.row is None:
        yield from _first(held, steps, place, place.path)
        yield from (_step(step) for step in steps if step["path"] == place.path)
        return
    told: list[dict[str, Any]] = []
    until, row = float("inf"), place.row
    for since, row in rows_before(row_steps(steps), place.item, place.row):
        paths = {replace(place, row=row).path, f"documents[{place.item}].records[{row}]"}
        mine = [step for step in steps if since <= step["number"] < until and step["path"] in paths]
        told = [*(_step(step) for step in mine), *told]
        until = since
    if until == 0:
        yield from _first(held, steps, replace(place, row=row), place.path)
    yield from told


def _first(held: Held, steps: Sequence[Mapping[str, Any]], place: Place, shown: str) -> Iterator[dict[str, Any]]:
    """How a value was printed or read, at the place that it had then."""
    seen = seen_at(held.read[place.item], place) if place.item < len(held.read) else None
    if seen is None:
        return
    read_at = next((row["at"] for row in steps if row["action"] == "read"), None)
    action = "printed" if seen.get("origin") == "prefilled" else "read"
    yield {
        "number": None,
        "at": read_at or held.document.received_at,
        "by": "系统",
        "action": action,
        "path": shown,
        "before": None,
        "after": seen,
        "reason": "",
    }


def _step(row: Any) -> dict[str, Any]:  # noqa: ANN401  # a row of the table
    names = ("number", "at", "action", "path", "before", "after", "reason")
    return {"by": row["who"], **{name: row[name] for name in names}}


def blockers(runtime: Runtime, identity: str) -> list[dict[str, Any]]:
    """What keeps a document from being accepted now.

    Raises:
        NotFoundError: there is no such document.
    """
    return blockers_of(hold_apart(runtime.database, identity))

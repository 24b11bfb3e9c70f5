"""The documents that wait for a person, and how many values of which field wait in each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Join,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
)

from forms.ledger import LEDGER
from service.store.tables import documents, submissions
from service.store.waiting_tables import waiting

Within = Callable[[ColumnElement[str]], ColumnElement[bool]]
"""Makes the condition on the ids that may be seen."""
MARKS = "marks"
COUNTED = ""
"""The row that says of which version the others are."""
_OPEN_STATES = ("read", "review")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that nobody has decided on yet: when it came, its version, and how many values wait in it.

    ``count`` is ``None`` while nobody has counted them since the last change.
    """

    id: str
    received_at: float
    version: int
    stage: str
    unit: str
    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the waiting documents: those that came later than ``after`` (time and id), ``within`` somebody's reach.

    ``what`` limits them to documents in which values of these fields wait, ``are_few`` says that not many documents
    have such values, ``but`` leaves one document out, ``only`` asks for one alone. Ledgers have a desk of their own:
    they are either left out or asked for alone.
    """

    after: tuple[float, str] | None = None
    within: Within | None = None
    what: Collection[str] | None = None
    are_few: bool = False
    but: str = ""
    only: str = ""
    ledgers: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a query over documents is limited by."""
        found = _open(self.within, ledgers=self.ledgers)
        if self.what is not None:
            having = _with(self.what)
            here = having.where(waiting.c.document_id == documents.c.id).correlate(documents)
            found.append(documents.c.id.in_(having) if self.are_few else exists(here))
        if self.after is not None:
            found.append(tuple_(documents.c.received_at, documents.c.id) > self.after)
        if self.but:
            found.append(documents.c.id != self.but)
        return [*found, documents.c.id == self.only] if self.only else found


def waiting_documents(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> list[Waiting]:
    """Documents that wait, those that came first at the beginning."""
    turn = (documents.c.received_at, documents.c.id)
    of_page = select(documents.c.id).select_from(_with_stage()).where(*wanted.conditions())
    page = of_page.order_by(*turn).limit(limit).offset(offset).subquery()  # the others are passed over by their index
    version, counted = func.coalesce(submissions.c.version, 0), waiting.alias("counted")
    of_now = and_(counted.c.document_id == documents.c.id, counted.c.what == COUNTED, counted.c.version == version)
    joined = _with_stage().join(page, page.c.id == documents.c.id).outerjoin(counted, of_now)
    columns = (documents.c.id, documents.c.received_at, documents.c.state, documents.c.unit, documents.c.name)
    since = (submissions.c.state.label("moved"), version.label("version"), counted.c.count.label("waiting"))
    rows = connection.execute(select(*columns, *since).select_from(joined).order_by(*turn))
    return [
        Waiting(
            row.id,
            row.received_at,
            row.version,
            row.moved if row.moved not in (None, "read") else row.state,
            row.unit or "",
            row.name,
            row.waiting,
        )
        for row in rows
    ]


def _with_stage() -> Join:
    return documents.outerjoin(submissions, submissions.c.document_id == documents.c.id)


def _open(within: Within | None, *, ledgers: bool = False) -> list[ColumnElement[bool]]:
    """Read, not decided on, not deleted, and within reach."""
    hint = documents.c.form_hint
    found: list[ColumnElement[bool]] = [
        hint == LEDGER if ledgers else or_(hint.is_(None), hint != LEDGER),
        documents.c.state != "received",
        documents.c.sha256 != "",
        or_(submissions.c.state.is_(None), submissions.c.state.in_(_OPEN_STATES)),
    ]
    return found if within is None else [*found, within(documents.c.id)]


def _with(what: Collection[str]) -> Select[Any]:
    return select(waiting.c.document_id).where(waiting.c.what.in_(sorted(what)), waiting.c.count > 0)


def count_waiting(connection: Connection, within: Within | None = None, *, ledgers: bool = False) -> int:
    """How many documents wait."""
    wanted = select(func.count()).select_from(_with_stage()).where(*_open(within, ledgers=ledgers))
    return int(connection.scalar(wanted) or 0)


@dataclass(frozen=True, slots=True)
class Count:
    """How many values wait, and in how many documents."""

    values: int
    documents: int


def counts_by_field(
    connection: Connection, within: Within | None = None, what: Collection[str] | None = None
) -> dict[str, Count]:
    """What waits of each field, or of each of these, in all documents within reach; nothing of fields without any."""
    query = select(waiting.c.what, func.sum(waiting.c.count), func.count())
    if within is not None:  # where everything is, only documents that wait have rows
        joined = waiting.join(documents, documents.c.id == waiting.c.document_id)
        joined = joined.outerjoin(submissions, submissions.c.document_id == documents.c.id)
        query = query.select_from(joined).where(*_open(within))
    named = waiting.c.what != COUNTED if what is None else waiting.c.what.in_(sorted(what))
    rows = connection.execute(query.where(named, waiting.c.count > 0).group_by(waiting.c.what))
    return {str(name): Count(int(values), int(number)) for name, values, number in rows}


def uncounted(connection: Connection, limit: int, within: Within | None = None) -> Sequence[str]:
    """Documents that wait and whose values were not counted since they were last changed: a change takes rows away."""
    counted = select(waiting.c.document_id).where(waiting.c.what == COUNTED)
    query = select(documents.c.id).select_from(_with_stage()).where(*_open(within), documents.c.id.not_in(counted))
    return list(connection.scalars(query.order_by(documents.c.received_at, documents.c.id).limit(limit)))


def keep_counts(connection: Connection, identity: str, version: int, counts: Mapping[str, int]) -> None:
    """Enter how many values of each field wait in that version of a document, instead of what was known."""
    connection.execute(delete(waiting).where(waiting.c.document_id == identity))
    rows = {COUNTED: sum(counts.values()), **counts}
    connection.execute(
        insert(waiting),
        [{"document_id": identity, "what": what, "version": version, "count": count} for what, count in rows.items()],
    )

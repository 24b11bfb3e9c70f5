"""Where to look for people by a part of their name, and for forms by a part of their unit's, so that little is read.

On PostgreSQL people with a part that few have are gathered first, by its characters, which the index
``record_name_parts`` has. A part that many have is met so often that a page of them is soon there when names are read
in the order of the list, while the index would bring all of them. Which it is, the planner's own statistics tell. They
may be wrong: that takes longer, and finds the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, FromClause, Text, cast, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.tables import accepted, records

MANY_NAMES = 3000
"""From so many people on a part of a name is looked for in the order of the list.

Of a million people 500 with such a part are met among 170,000 names, which takes as long as fetching 3000 people.
"""
_OTHER_WAYS = ("sort", "seqscan", "bitmapscan", "hashjoin", "mergejoin")
MOST_UNITS = 500
"""So many units are named one by one."""
# The expression of the index, word for word
_PLAN = text(
    "explain (format json) select 1 from record where regexp_split_to_array(name, '') @> cast(:characters as text[])"
)


def work_plainly(connection: Connection) -> None:
    """Let PostgreSQL answer the rest of this transaction in one process, and compile nothing.

    Either takes longer to begin than a page takes in all.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("set local max_parallel_workers_per_gather = 0; set local jit = off")


@contextmanager
def keeping_order(connection: Connection, *, wanted: bool = True) -> Iterator[None]:
    """Let PostgreSQL answer, if that is ``wanted``, by going through its indexes in the order of the list.

    How often a part of a name comes its planner guesses from a sample, in which most parts do not come at all.
    """
    is_set = wanted and connection.dialect.name != "sqlite"
    if is_set:
        connection.exec_driver_sql("; ".join(f"set local enable_{way} = off" for way in _OTHER_WAYS))
    yield
    if is_set:
        connection.exec_driver_sql("; ".join(f"set local enable_{way} = on" for way in _OTHER_WAYS))


def people_with(connection: Connection, part: str) -> FromClause:
    """The people among whom all those are that have this part in their name: the table, or a few of its rows."""
    characters = sorted(set(part))
    if not characters or connection.dialect.name == "sqlite" or _expected(connection, characters) >= MANY_NAMES:
        return records
    known = func.regexp_split_to_array(records.c.name, literal_column("''"))
    these = known.op("@>", is_comparison=True)(cast(characters, ARRAY(Text)))
    columns = (records.c[name] for name in ("id", "accepted_id", "line", "name", "id_index"))
    return select(*columns).where(these).cte().prefix_with("materialized", dialect="postgresql")


def _expected(connection: Connection, characters: list[str]) -> int:
    """In how many names PostgreSQL expects these characters; no name is read for it."""
    (plan,) = connection.execute(_PLAN, {"characters": characters}).scalar_one()
    return int(plan["Plan"]["Plan Rows"])


def of_unit(connection: Connection, words: str) -> ColumnElement[bool]:
    """Forms of units with these words in their name; on PostgreSQL the units are looked up first, if they are few."""
    holds: ColumnElement[bool] = accepted.c.unit.contains(words, autoescape=True)
    if connection.dialect.name == "sqlite":
        return holds
    units = list(connection.scalars(select(accepted.c.unit).where(holds).distinct().limit(MOST_UNITS + 1)))
    return accepted.c.unit.in_(units) if len(units) <= MOST_UNITS else holds

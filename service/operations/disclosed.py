"""Who saw or took away whole numbers, of which people, when and what for: what a report of a breach must tell.

Source: requirements E3 and E5 of the security design (个人信息保护法 第57条).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from service.store.tables import disclosures

ROWS = "rows"
"""The filter under which a disclosure names the people: ``DOCUMENT/FORM:FIRST-LAST,…`` with counts from zero."""


def rows_named(rows: Iterable[Mapping[str, Any]]) -> str:
    """The people of the store of records, by document, form in it, and lines without a gap as one."""
    lines: dict[tuple[str, int], set[int]] = {}
    for row in rows:
        lines.setdefault((str(row["document_id"]), int(row["item"])), set()).add(int(row["line"]))
    return " ".join(f"{document}/{item}:{_runs(sorted(found))}" for (document, item), found in lines.items())


def _runs(numbers: Sequence[int]) -> str:
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def disclosed(
    connection: Connection, first: dt.date | None = None, last: dt.date | None = None, document: str = ""
) -> Iterator[dict[str, Any]]:
    """Each time whole numbers were shown or given out on those days, the oldest first; or those of one document.

    What was asked for by other filters than a document names its people by ``rows``.
    """
    table = disclosures.c
    where = []
    if first is not None:
        where.append(table.at >= _begin(first))
    if last is not None:
        where.append(table.at < _begin(last + dt.timedelta(days=1)))
    for row in connection.execute(select(disclosures).where(*where).order_by(table.number)):
        filters: dict[str, str] = dict(row.filters)
        rows = filters.pop(ROWS, "")
        if document and document != filters.get("document") and f"{document}/" not in rows:
            continue
        yield {
            "at": dt.datetime.fromtimestamp(row.at, dt.UTC).astimezone().isoformat(timespec="seconds"),
            "who": row.who,
            "what": row.what,
            "people": row.people,
            "reason": row.reason,
            "filters": filters,
            "rows": rows,
        }


def _begin(day: dt.date) -> float:
    """The first moment of a day of the office's clock."""
    return dt.datetime.combine(day, dt.time.min).astimezone().timestamp()


def summed(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for each person who saw numbers: how often, and of how many people in all."""
    times, people = Counter[str](), Counter[str]()
    for one in found:
        times[one["who"]] += 1
        people[one["who"]] += one["people"]
    return [f"{who}:{count} 次,{people[who]} 人次" for who, count in times.most_common()]

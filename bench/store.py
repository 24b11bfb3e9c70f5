"""How fast a full store answers: filtered lists, a person by the whole identity number, findings across units.

    .venv/bin/python -m bench.store [--records 100000] [--postgresql | --database postgresql://…] [--rounds 100]

``--postgresql`` starts a server of its own, ends it afterwards, and takes a million records unless told otherwise.
``--keep FOLDER`` keeps the data folder, so that a store (on SQLite, or with ``--database``) is filled once and measured
again and again.

The people are invented and handed in by a thousand units; numbers are sealed and found by their blind index, as always.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bench.verdict import verdict
from forms.identity import id_check_character
from samples.records import make_records
from service.operations.cross_units import compare
from service.operations.records import Disclosure, list_records
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.documents import add_document, set_reading
from service.store.records import AcceptedForm, RecordQuery, keep_accepted
from service.store.submissions import change_submission, open_submission
from tests.jobs.contract.backends import new_database, server

FORMS = ("attachment-1", "attachment-2", "attachment-3", "attachment-5")
PEOPLE_A_FORM = 100
FORMS_TOGETHER = 20
"""Forms that one transaction keeps."""
FEW, MANY = 100_000, 1_000_000
"""Records on SQLite and on PostgreSQL."""
MOST_MS = 50.0
MOST_CROSS_SECONDS = 60.0
SHARE_TWICE = 0.01
"""So many people are reported by two units."""


def main() -> int:
    """Fill, measure, print; 1 when a promise is not kept."""
    arguments = argparse.ArgumentParser(prog="python -m bench.store", description=__doc__)
    arguments.add_argument("--records", type=int, default=None)
    arguments.add_argument("--postgresql", action="store_true", help="on a server of its own")
    arguments.add_argument("--rounds", type=int, default=100)
    arguments.add_argument("--database", default="")
    arguments.add_argument("--without-cross", action="store_true")
    arguments.add_argument("--keep", type=Path, help="a folder that keeps the store, or has one already")
    given = arguments.parse_args()
    with ExitStack() as closing:
        folder = given.keep or Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="forms-bench-store-")))
        database = given.database
        if given.postgresql:
            database = new_database(closing.enter_context(server("postgresql")).url)
        records = given.records or (MANY if database else FEW)
        runtime = open_runtime(Settings(data_dir=folder / "data", database=database))
        closing.callback(runtime.close)
        numbers = _filled(runtime, records, folder / "numbers.json")
        kept = [measured(name, look, given.rounds) for name, look in looks(runtime, numbers)]
        if not given.without_cross:
            kept.append(crossed(runtime))
    return 0 if all(kept) else 1


def _filled(runtime: Runtime, count: int, noted: Path) -> list[str]:
    """Fill the store, unless its folder has the note that this was done; returns some numbers that stand in it."""
    if noted.is_file():
        return list(json.loads(noted.read_text(encoding="ascii")))
    began = time.monotonic()
    numbers = fill(runtime, count)
    if not runtime.database.is_sqlite:  # its autovacuum does so within minutes, and nobody hands in a million at once
        with runtime.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
    print(f"{count} records kept in {time.monotonic() - began:.0f} s", flush=True)
    noted.write_text(json.dumps(numbers), encoding="ascii")
    return numbers


def fill(runtime: Runtime, count: int) -> list[str]:
    """Accepted forms with so many people in all; returns some of their numbers."""
    chance = random.Random(7)
    drawn = {form: make_records(form, PEOPLE_A_FORM, 7)["records"] for form in FORMS}
    shown: list[str] = []
    for first in range(0, count, PEOPLE_A_FORM * FORMS_TOGETHER):
        with runtime.database.transaction() as connection:
            for start in range(first, min(count, first + PEOPLE_A_FORM * FORMS_TOGETHER), PEOPLE_A_FORM):
                form = FORMS[start // PEOPLE_A_FORM % len(FORMS)]
                size = min(PEOPLE_A_FORM, count - start)
                people = [person(row, number_of(start + line, chance)) for line, row in enumerate(drawn[form][:size])]
                keep(connection, form, f"第{start // PEOPLE_A_FORM:04d}中学", people)
                shown.append(people[chance.randrange(size)]["id_number"]["value"])
    return shown


def number_of(count: int, chance: random.Random) -> str:
    """An identity number of the reserved district, another for each ``count`` but for a few that come twice."""
    if chance.random() < SHARE_TWICE:
        count = chance.randrange(max(1, count))
    days, sequence = divmod(count, 900)
    body = f"320799{1960 + days % 40:04d}{days // 40 % 12 + 1:02d}{days // 480 % 28 + 1:02d}{sequence + 100:03d}"
    return body + id_check_character(body)


def person(row: dict[str, Any], number: str) -> dict[str, Any]:
    """A row of the samples as the store keeps it, with another number."""
    values = {**row, "id_number": number}
    return {key: {"value": value, "code": None, "origin": "digital", "review": False} for key, value in values.items()}


def keep(connection: Connection, form: str, unit: str, people: list[dict[str, Any]]) -> None:
    """One accepted document."""
    identity = add_document(connection, sha256="0" * 64, name="表.xlsx", size=1, form_hint=form, unit=unit)
    set_reading(connection, identity, "read", {"status": "read", "documents": []})
    open_submission(connection, identity)
    change_submission(connection, identity, state="accepted")
    header = {"unit": {"value": unit, "code": None, "origin": "digital", "review": False}}
    keep_accepted(connection, identity, [AcceptedForm(0, form, "r1", unit, header, [], people)], "测量")


def looks(runtime: Runtime, numbers: list[str]) -> Iterator[tuple[str, Callable[[], None]]]:
    """What people ask for, a page of fifty each."""
    chance = random.Random(11)
    queries: dict[str, Callable[[], RecordQuery]] = {
        "by form": lambda: RecordQuery(form=chance.choice(FORMS)),
        "by unit": lambda: RecordQuery(unit=f"第{chance.randrange(len(numbers)):04d}中学"),
        "by form and unit": lambda: RecordQuery(form=FORMS[0], unit=f"第{chance.randrange(len(numbers)):04d}中学"),
        "by part of a name": lambda: RecordQuery(name=chance.choice("王李张刘陈")),
        "by words": lambda: RecordQuery(words=f"{chance.randrange(len(numbers)):04d}"),
        "by whole number": lambda: RecordQuery(id_number=chance.choice(numbers)),
        "everything": RecordQuery,
    }
    for name, query in queries.items():
        yield name, lambda query=query: _ask(runtime, query())  # type: ignore[misc]  # a lambda with its default


def _ask(runtime: Runtime, query: RecordQuery) -> None:
    list_records(runtime, query, Disclosure(), (50, 0))


def measured(name: str, look: Callable[[], None], rounds: int) -> bool:
    """Time so many looks; whether their p95 is what is promised."""
    times, work = [], []
    for _ in range(rounds):
        began, worked = time.monotonic(), time.process_time()
        look()
        times.append((time.monotonic() - began) * 1000)
        work.append((time.process_time() - worked) * 1000)
    p95, own = statistics.quantiles(times, n=20)[-1], statistics.quantiles(work, n=20)[-1]
    kept = p95 <= MOST_MS
    figures = f"p50 {statistics.median(times):7.1f} ms   p95 {p95:7.1f} ms   (cpu p95 {own:.1f} ms)"
    print(f"{name:<20} {figures}   {verdict(is_kept=kept)}, at most {MOST_MS:.0f} ms", flush=True)
    return kept


def crossed(runtime: Runtime) -> bool:
    """Time the findings across units."""
    began = time.monotonic()
    found = sum(1 for _ in compare(runtime))
    seconds = time.monotonic() - began
    kept = seconds <= MOST_CROSS_SECONDS
    told = f"{verdict(is_kept=kept)}, at most {MOST_CROSS_SECONDS:.0f} s"
    print(f"findings across units: {found} in {seconds:.1f} s   {told}", flush=True)
    return kept


if __name__ == "__main__":
    sys.exit(main())

"""Accepted forms of a thousand units in one form of each kind: rows, subtotals, sources, findings and figures.

Ours takes the forms as records. What the store needs besides, to read and open them, is measured by
``python -m bench.consolidation [--records 100000]``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.people import records_of
from bench.store import FORMS, PEOPLE_A_FORM, fill, number_of
from bench.verdict import verdict
from forms.catalogue import Catalogue
from forms.consolidating import SourceForm, UnitNode, consolidate_forms
from forms.record import Entry
from forms.rules.base import CheckSettings
from parsers.collecting import uncollected
from service.operations.consolidating import consolidate
from service.runtime import open_runtime
from service.settings import Settings

TITLE = "consolidation"
UNIT = "rows"
PEER = "the same rows sorted by unit, counted by unit and code and summed, without sources, findings and figures"
SIZES = (10_000, 30_000, 100_000)
PEER_SIZES = (100_000,)
QUICK = (2_000,)
LEAST = 0.004
MOST_MB: float | None = 2_000.0
STORED = (25_000, 50_000, 100_000)
"""Rows of the stores that ``python -m bench.consolidation`` fills."""
MOST_SECONDS = 10.0
"""The most that the largest size may take."""
MOST_GROWTH = 1.6
"""So many times what a row takes at the smallest size it may take at the largest: growth in a straight line."""

_RULES = CheckSettings(2026, dt.date(2026, 9, 1))


def forms_of(size: int) -> tuple[list[SourceForm], list[UnitNode]]:
    """Forms of a hundred people each, four a unit; a few people are reported by two units."""
    chance = random.Random(7)
    drawn = {form: records_of(form, PEOPLE_A_FORM)[0] for form in FORMS}
    found, units = [], [UnitNode(f"u{place}", _name(place), None, (), "镇街") for place in range(size // 400 + 1)]
    for start in range(0, size, PEOPLE_A_FORM):
        form = FORMS[start // PEOPLE_A_FORM % len(FORMS)]
        unit, key = _name(start // 400), "borrowing_unit" if form == "attachment-1" else "unit"
        own = {key: Entry(unit)}
        rows = tuple(
            {**row, **own, "id_number": Entry(number_of(start + line, chance))}
            for line, row in enumerate(drawn[form].rows)
        )
        record = replace(drawn[form], header={**drawn[form].header, "unit": Entry(unit)}, rows=rows)
        found.append(SourceForm(record, unit, None, f"d{start}", f"a{start}", 0, float(start)))
    return found, units


def _name(place: int) -> str:
    return f"第{place:04d}中学"


def ours(size: int) -> Callable[[], None]:
    """Consolidate."""
    forms, units = forms_of(size)
    catalogue = Catalogue.load()

    def work() -> None:
        with uncollected():
            made = consolidate_forms(forms, units, _RULES, catalogue=catalogue)
        if sum(len(item.record.rows) for item in made.forms.values()) != size:
            raise RuntimeError("rows were lost")

    return work


def peer(size: int) -> Callable[[], None]:
    """The least that anybody has to do."""
    forms, _ = forms_of(size)

    def work() -> None:
        for form in FORMS:
            rows = [(item.unit, row) for item in forms if item.form == form for row in item.record.rows]
            rows.sort(key=lambda item: item[0])
            Counter(unit for unit, _ in rows)
            for key in ("employment_form", "funding"):
                Counter((unit, row[key].value) for unit, row in rows if key in row)
            for key in ("compensation", "monthly_wage"):
                sum(float(row[key].value or 0) for _, row in rows if key in row)

    return work


def main() -> int:
    """From a store: read, open and consolidate; 1 when it takes more than it may, or more a row as it grows."""
    arguments = argparse.ArgumentParser(prog="python -m bench.consolidation", description=__doc__)
    arguments.add_argument("--records", type=int, default=STORED[-1], help="the most rows; half and a quarter before")
    most = arguments.parse_args().records
    sizes = [most * size // STORED[-1] for size in STORED]
    taken = [_stored(size) for size in sizes]
    growth = taken[-1] / sizes[-1] / (taken[0] / sizes[0])
    kept = (taken[-1] <= MOST_SECONDS, growth <= MOST_GROWTH)
    print(f"{sizes[-1]} rows from the store within {MOST_SECONDS:.0f} s: {verdict(is_kept=kept[0])}")
    print(
        f"a row takes {growth:.2f} times what it takes of {sizes[0]}, at most {MOST_GROWTH}: {verdict(is_kept=kept[1])}"
    )
    return 0 if all(kept) else 1


def _stored(size: int) -> float:
    """The seconds that so many rows take, read and opened from a store of their own."""
    with tempfile.TemporaryDirectory(prefix="forms-bench-consolidation-") as folder:
        runtime = open_runtime(Settings(data_dir=Path(folder, "data")))
        fill(runtime, size)
        began, worked = time.monotonic(), time.process_time()
        with runtime.database.reading() as connection:
            found = consolidate(runtime, connection, None, None)
        seconds, own = time.monotonic() - began, time.process_time() - worked
        runtime.close()
    if sum(len(item.record.rows) for item in found.forms.values()) != size:
        raise RuntimeError("rows were lost")
    told = f"{size} rows from the store in {seconds:.1f} s ({own:.1f} s of them at work)"
    print(f"{told}, {len(found.findings)} findings", flush=True)
    return seconds


if __name__ == "__main__":
    sys.exit(main())

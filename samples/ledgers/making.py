"""Ledgers as units keep them: columns under many names, many layouts, what hands do to them, and their truth.

Everything is invented. A ledger is first a table of texts (:class:`LedgerSample`) and then written as a workbook, a
Word file, a web page (``files``) or a drawn page (``drawing``).
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence

from samples.ledgers.columns import chance, columns_of
from samples.ledgers.shapes import Column, LedgerSample, Line, Truth
from samples.records import POSTS, UNITS, People, add_months

DITTOED = ("department", "employment_form", "funding", "post")
_FEWEST_TO_PART = 8


def make_ledger(seed: int, *, rows: int = 0, plain: bool = False) -> LedgerSample:
    """A ledger of a seed. ``plain`` leaves out unclear heads, struck lines, sums and 同上."""
    rng = random.Random(f"ledger-{seed}")
    people = People(seed)
    unit = rng.choice(UNITS)
    count = rows or rng.randrange(6, 16)
    truth = [_person(people, unit, number) for number in range(1, count + 1)]
    columns = columns_of(rng, plain=plain)
    lines: list[Line] = []
    dittos: set[tuple[int, str]] = set()
    for index, person in enumerate(truth):
        texts = [column.write(person) for column in columns]
        if not plain and index:
            for place, column in enumerate(columns):
                key = column.keys[0] if column.keys else ""
                if key in DITTOED and truth[index - 1].get(key) == person.get(key) and chance(rng, 0.5):
                    texts[place] = rng.choice(("同上", "〃"))
                    dittos.add((index, key))
        lines.append(Line("person", tuple(texts), index))
    struck: list[str] = []
    if not plain and chance(rng, 0.6):
        gone = _person(people, unit, 99)
        struck.append(str(gone["name"]))
        after = rng.randrange(1, len(lines))
        while after < len(lines) and any(key == lines[after].person for key, _ in dittos):
            after += 1
        lines.insert(after, Line("struck", tuple(column.write(gone) for column in columns)))
    pages = _paged(rng, columns, lines, truth, plain=plain)
    titles = [rng.choice((f"{unit}编外人员台账", "编外用工人员名册", f"{unit}聘用人员一览表", "人员情况登记表"))]
    if chance(rng, 0.4):
        titles.append(rng.choice(("(2026年上半年)", "二〇二六年度")))
    unit_line = rng.choice((f"填报单位:{unit}    填表日期:2026年8月20日", f"单位名称:{unit}", ""))
    notes = ("注:本台账每季度更新一次。",) if chance(rng, 0.5) else ()
    kept = tuple({key: value for key, value in person.items() if _is_held(key, columns)} for person in truth)
    return LedgerSample(
        tuple(titles), unit_line, tuple(columns), pages, kept, tuple(struck), notes, unit, frozenset(dittos)
    )


def _is_held(key: str, columns: Sequence[Column]) -> bool:
    return any(key in column.keys for column in columns)


def _person(people: People, unit: str, number: int) -> dict[str, Truth]:
    rng = people.rng
    person = people.person()
    hired = dt.date(rng.randrange(2018, 2026), rng.randrange(1, 13), rng.randrange(1, 28))
    start = dt.date(rng.randrange(2024, 2026), rng.randrange(1, 13), rng.randrange(1, 28))
    return {
        "no": number,
        "name": person["name"],
        "sex": person["sex"],
        "id_number": person["id_number"],
        "birth_month": person["birth_month"],
        "political_status": rng.choice(("群众", "中共党员", "共青团员")),
        "education": rng.choice(("大学本科", "大学专科", "中等专科")),
        "post": rng.choice(POSTS),
        "department": rng.choice(("办公室", "综合科", "服务大厅")),
        "employment_form": rng.choice(("单位直签劳动合同", "劳务派遣(区代理处)")),
        "hired_on": hired.isoformat(),
        "contract_start": start.isoformat(),
        "contract_end": (add_months(start, 24) - dt.timedelta(days=1)).isoformat(),
        "monthly_wage": rng.randrange(2600, 5200, 50),
        "funding": rng.choice(("财政拨款", "单位自筹")),
        "phone": f"15{rng.randrange(10**8, 10**9)}",
        "unit": unit,
        "note": rng.choice(("", "", "退役军人")),
    }


def _paged(
    rng: random.Random,
    columns: Sequence[Column],
    lines: Sequence[Line],
    truth: Sequence[Mapping[str, Truth]],
    *,
    plain: bool,
) -> tuple[tuple[Line, ...], ...]:
    wage = next((place for place, column in enumerate(columns) if column.keys == ("monthly_wage",)), None)
    with_sums = wage is not None and not plain and chance(rng, 0.7)
    half = len(lines) // 2
    parts = [lines] if len(lines) < _FEWEST_TO_PART or chance(rng, 0.5) else [lines[:half], lines[half:]]
    pages: list[tuple[Line, ...]] = []
    total = 0
    for number, part in enumerate(parts):
        page = list(part)
        carried = total
        total += sum(int(truth[line.person]["monthly_wage"]) for line in part if line.person is not None)
        if with_sums and wage is not None:
            if number:
                page.insert(0, _sum(columns, wage, "承前页", carried))
            page.append(_sum(columns, wage, "合计" if number == len(parts) - 1 else "过次页", total))
        pages.append(tuple(page))
    return tuple(pages)


def _sum(columns: Sequence[Column], wage: int, words: str, total: int) -> Line:
    texts = ["" for _ in columns]
    texts[1] = words
    texts[wage] = str(total)
    return Line("total", tuple(texts))

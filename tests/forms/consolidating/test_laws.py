"""What holds of every consolidation: each row once, sums equal, order stable, nothing repaired."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.catalogue import Catalogue
from forms.consolidating import Consolidation, SourceForm, UnitNode, Wanted, consolidate_forms
from forms.consolidating.tree import UnitTree
from forms.record import Entry, Record
from forms.rules.base import CheckSettings

RULES = CheckSettings(2026, dt.date(2026, 9, 1))
NAMES = tuple(f"海州区第{number}中学" for number in range(6))
FORMS = ("attachment-1", "attachment-2", "attachment-3", "attachment-5")
MONEY = {"attachment-2": "compensation", "attachment-3": "monthly_wage", "attachment-5": "monthly_wage"}
CODED = {
    "employment_form": ("劳务派遣(区代理处)", "人事代理", "", "不知道的形式"),
    "funding": ("财政拨款", "单位自筹", "/"),
}
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def trees(draw: st.DrawFn) -> tuple[UnitNode, ...]:
    """Some of the units, each at the top or under an earlier one."""
    count = draw(st.integers(0, len(NAMES)))
    parents = [draw(st.one_of(st.none(), st.integers(0, max(0, number - 1)))) for number in range(count)]
    return tuple(
        UnitNode(f"u{number}", NAMES[number], None if parent is None or number == 0 else f"u{parent}")
        for number, parent in enumerate(parents)
    )


@st.composite
def sources(draw: st.DrawFn) -> list[SourceForm]:
    """Forms of several units; rows name their own unit, another one, one that nobody knows, or none."""
    found = []
    for number in range(draw(st.integers(0, 7))):
        form = draw(st.sampled_from(FORMS))
        unit = draw(st.sampled_from(NAMES))
        rows = tuple(draw(row(form, f"人{number}之{line}")) for line in range(draw(st.integers(0, 4))))
        header = {"unit": Entry(unit), "total": Entry(draw(st.integers(0, 5)))}
        record = Record(form, "r1", header, rows)
        found.append(SourceForm(record, unit, None, f"文件{number}", f"a{number}", 0, float(number)))
    return found


@st.composite
def row(draw: st.DrawFn, form: str, name: str) -> dict[str, Entry]:
    """A person of an invented name, with money and codes that may be missing, unread or unknown."""
    key = "borrowing_unit" if form == "attachment-1" else "unit"
    entries = {"name": Entry(name), key: Entry(draw(st.sampled_from((*NAMES, "", "区外某单位"))))}
    if form in MONEY:
        amount = st.one_of(st.integers(0, 10**6), st.sampled_from((0.1, 0.2, 1234.56)), st.sampled_from(("", None)))
        entries[MONEY[form]] = Entry(draw(amount))
        entries |= {coded: Entry(draw(st.sampled_from(words))) for coded, words in CODED.items()}
    return entries


def made(forms: list[SourceForm], units: tuple[UnitNode, ...], top: str | None = None) -> Consolidation:
    return consolidate_forms(forms, units, RULES, Wanted(top), Catalogue.load())


def named(record: Record) -> list[object]:
    return [entries["name"].value for entries in record.rows]


@FEW
@given(sources(), trees())
def test_each_row_stands_in_it_once_and_unchanged(forms: list[SourceForm], units: tuple[UnitNode, ...]) -> None:
    found = made(forms, units)
    given_rows = Counter((form.form, line["name"].value) for form in forms for line in form.record.rows)
    assert Counter((form, name) for form, one in found.forms.items() for name in named(one.record)) == given_rows
    by_document = {form.document_id: form for form in forms}
    for one in found.forms.values():
        assert len(one.sources) == len(one.record.rows)
        for source, line in zip(one.sources, one.record.rows, strict=True):
            origin = by_document[source.document_id].record.rows[source.line]
            assert {key: entry for key, entry in line.items() if key != "no"} == origin
        assert [line["no"].value for line in one.record.rows] == list(range(1, len(one.record.rows) + 1))


@FEW
@given(sources(), trees())
def test_subtotals_add_up_to_the_rows(forms: list[SourceForm], units: tuple[UnitNode, ...]) -> None:
    for one in made(forms, units).forms.values():
        numbers = list(range(len(one.record.rows)))
        keys = {item.by for item in one.subtotals}
        for by in keys:
            whole = [number for item in one.subtotals if item.by == by and (item.unit or by) for number in item.rows]
            per_unit = [number for item in one.subtotals if item.by == by and item.unit for number in item.rows]
            assert sorted(per_unit) == numbers
            assert len(whole) == len(numbers) * (2 if by else 1)
        key = MONEY.get(one.record.form)
        if key:
            amounts = [line[key].value for line in one.record.rows]
            total = sum(Decimal(str(value)) for value in amounts if isinstance(value, int | float))
            assert sum((Decimal(str(item.sums[key])) for item in one.of_units()), Decimal(0)) == total
            for by in keys - {""}:
                assert sum((Decimal(str(x.sums[key])) for x in one.of_codes(by)), Decimal(0)) == total
        assert all(item.count == len(item.rows) for item in one.subtotals)


@FEW
@given(sources(), trees(), st.data())
def test_the_order_of_what_goes_in_does_not_matter(
    forms: list[SourceForm], units: tuple[UnitNode, ...], data: st.DataObject
) -> None:
    one, other = made(forms, units), made(data.draw(st.permutations(forms)), units)
    assert {form: (x.record, x.sources, x.subtotals) for form, x in one.forms.items()} == {
        form: (x.record, x.sources, x.subtotals) for form, x in other.forms.items()
    }
    assert one.findings == other.findings


@FEW
@given(sources(), trees())
def test_units_stand_in_tree_order_and_each_in_one_place(forms: list[SourceForm], units: tuple[UnitNode, ...]) -> None:
    order = {node.id: rank for rank, node in enumerate(UnitTree(units).nodes.values())}
    for one in made(forms, units).forms.values():
        ranks = [order[source.unit_id] for source in one.sources if source.unit_id is not None]
        assert ranks == sorted(ranks)
        groups = [(source.unit, source.unit_id) for source in one.sources]
        starts = [group for number, group in enumerate(groups) if number == 0 or groups[number - 1] != group]
        assert len(starts) == len(set(starts))


@FEW
@given(sources(), trees(), st.data())
def test_a_subtree_is_its_units_and_no_other(
    forms: list[SourceForm], units: tuple[UnitNode, ...], data: st.DataObject
) -> None:
    if not units:
        return
    top = data.draw(st.sampled_from([node.id for node in units]))
    below = {node.name for node in UnitTree(units).below(top)}
    found = made(forms, units, top)
    inside = [form for form in forms if form.unit in below]
    expected = Counter((form.form, line["name"].value) for form in inside for line in form.record.rows)
    assert Counter((form, name) for form, one in found.forms.items() for name in named(one.record)) == expected
    assert {home for one in found.forms.values() for home in one.homes} <= below


@FEW
@given(sources(), trees())
def test_every_figure_is_that_of_its_rows(forms: list[SourceForm], units: tuple[UnitNode, ...]) -> None:
    found = made(forms, units)
    for figure in found.figures.by_key.values():
        rows = [found.forms[ref.form].record.rows[ref.row] for ref in figure.rows]
        assert len(set(figure.rows)) == len(figure.rows)
        if figure.how == "count":
            assert figure.value == len(rows)
        else:
            key = figure.how.removeprefix("sum:")
            assert Decimal(str(figure.value)) == sum((Decimal(str(line[key].value)) for line in rows), Decimal(0))


@FEW
@given(sources(), trees())
def test_heads_agree_with_the_rows_whatever_units_state(forms: list[SourceForm], units: tuple[UnitNode, ...]) -> None:
    found = made(forms, units)
    counts = {form: len(one.record.rows) for form, one in found.forms.items()}
    for form, one in found.forms.items():
        head = {key: entry.value for key, entry in one.record.header.items()}
        assert head["total"] == counts[form]
        if "before_total" in head:
            assert head["dismissed_total"] == counts["attachment-2"]
            assert head["retained_total"] == counts["attachment-3"]
            assert head["before_total"] == counts["attachment-2"] + counts["attachment-3"]
    stated = {(form.document_id, form.record.header["total"].value, len(form.record.rows)) for form in forms}
    told = {item.document_id for item in found.findings if item.finding.code == "F-9"}
    assert {document for document, total, rows in stated if total != rows} <= told


def test_what_goes_in_is_not_touched() -> None:
    record = Record("attachment-2", "r1", {"unit": Entry(NAMES[0])}, ({"name": Entry("甲"), "no": Entry(7)},))
    before = replace(record, rows=tuple(dict(line) for line in record.rows))
    made([SourceForm(record, NAMES[0])], ())
    assert record == before

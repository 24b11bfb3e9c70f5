"""Forms of many units made into one form of each kind, with subtotals, sources, findings and figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from forms.catalogue import Catalogue
from forms.consolidating.checks import (
    Checked,
    form_findings,
    head_findings,
    missing_findings,
    reported_twice,
    row_units,
    unit_findings,
)
from forms.consolidating.figures import figures_of
from forms.consolidating.heads import Reporter, Staff, head_of, staff_of
from forms.consolidating.rows import Placed, gather, sorted_forms
from forms.consolidating.shapes import (
    ConsolidatedForm,
    Consolidation,
    ConsolidationFinding,
    SourceForm,
    UnitNode,
    UnitReturn,
)
from forms.consolidating.subtotals import subtotals_of
from forms.consolidating.tree import UnitTree
from forms.consolidating.twice import twice
from forms.definition import FormDefinition
from forms.record import Record
from forms.rules.base import CheckedDocument, CheckSet, CheckSettings
from forms.rules.books import Books
from forms.rules.view import Sheet

CONSOLIDATED = ("attachment-1", "attachment-2", "attachment-3", "attachment-5")
"""The forms that are consolidated: the rosters. An approval form (attachment-4) is one person's and stays as it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be consolidated.

    ``top`` is the id of the unit over whose subtree, ``None`` for all. ``due`` names by kind of unit (its label) the
    forms that are owed in any case; units that owe a form of which nothing is there are told. ``campaign_id`` goes
    through to the result.
    """

    top: str | None = None
    reporter: Reporter = field(default_factory=Reporter)
    due: Mapping[str, frozenset[str]] = field(default_factory=dict)
    campaign_id: str | None = None


def consolidate_forms(
    forms: Iterable[SourceForm],
    units: Sequence[UnitNode],
    settings: CheckSettings,
    wanted: Wanted | None = None,
    catalogue: Catalogue | None = None,
) -> Consolidation:
    """One form of each kind made from accepted forms of units, without any store.

    Every row of every form of the subtree stands in the result exactly once, by unit in tree order. Forms of units
    outside the subtree are left out; without a top, forms of units that the list does not have come last. Nothing is
    put right: differences are findings.

    Raises:
        KeyError: ``wanted.top`` is no unit of the list.
        UnknownFormError: a form that the catalogue does not have.
    """
    asked = wanted or Wanted()
    known = catalogue or Catalogue.load()
    given = sorted(
        (item for item in forms if item.form in CONSOLIDATED),
        key=lambda item: (item.order, item.document_id, item.item, item.accepted_id),
    )
    tree = UnitTree(units)
    tree = tree.with_names(item.unit for item in given if item.unit_id not in tree.nodes)
    placed = _placed(given, tree, asked.top)
    within = tree.below(asked.top)
    scope = frozenset(node.id for node in within)
    sheets, checked = _sheets(placed, settings, known)
    staff = staff_of(sheets, [item.placed.home.id for items in checked.values() for item in items])
    reporter = asked.reporter
    if not reporter.unit and asked.top is not None:
        reporter = replace(reporter, unit=tree.nodes[asked.top].name)
    made = {
        form: _consolidated(known.find(form), [item.placed for item in items], tree, scope, staff, reporter)
        for form, items in checked.items()
    }
    there = {item.placed.home.id for items in checked.values() for item in items}
    listed = tuple(node for node in within if node.listed and (node.owes or node.id in there))
    missing = _missing(made, listed, asked.due)
    books = Books(CheckSet(tuple(CheckedDocument(item.record, item.definition) for item in made.values()), settings))
    found: list[ConsolidationFinding] = []
    for form, items in checked.items():
        for item in items:
            found.extend(form_findings(item, made[form].definition))
        found.extend(row_units(items, tree, scope))
        found.extend(reported_twice(made[form]))
        found.extend(head_findings(made[form], [item.placed for item in items]))
    found.extend(unit_findings(checked))
    found.extend(twice(books, made))
    found.extend(missing_findings(missing))
    return Consolidation(
        reporter.unit,
        asked.top,
        asked.campaign_id,
        made,
        _zero(made),
        missing,
        tuple(found),
        figures_of(made, books.sheets, tree),
        listed,
    )


def _placed(forms: Iterable[SourceForm], tree: UnitTree, top: str | None) -> dict[str, tuple[Placed, ...]]:
    """The forms that count, by kind, sorted."""
    scope = frozenset(node.id for node in tree.below(top))
    found: dict[str, list[Placed]] = {form: [] for form in CONSOLIDATED}
    for item in forms:
        home = tree.home(item.unit_id, item.unit)
        if home is not None and home.id in scope:
            found[item.form].append(Placed(item, home))
    return {form: sorted_forms(items, tree) for form, items in found.items()}


def _sheets(
    placed: Mapping[str, Sequence[Placed]], settings: CheckSettings, catalogue: Catalogue
) -> tuple[dict[str, list[Sheet]], dict[str, list[Checked]]]:
    """The forms as rules look at them; each has its own number as ``position``."""
    checked: dict[str, list[Checked]] = {}
    number = 0
    for form, items in placed.items():
        checked[form] = []
        for item in items:
            record = item.source.record
            definition = _definition_of(record, catalogue)
            sheet = Sheet(CheckedDocument(record, definition, item.home.name), settings, number)
            checked[form].append(Checked(item, sheet))
            number += 1
    return {form: [item.sheet for item in items] for form, items in checked.items()}, checked


def _definition_of(record: Record, catalogue: Catalogue) -> FormDefinition:
    """The edition that a form is of; the newest one where that edition is there no more."""
    known = {item.edition: item for item in catalogue.definitions if item.form == record.form}
    return known.get(record.edition) or catalogue.find(record.form)


def _consolidated(
    definition: FormDefinition,
    forms: Sequence[Placed],
    tree: UnitTree,
    scope: frozenset[str],
    staff: Staff,
    reporter: Reporter,
) -> ConsolidatedForm:
    gathered = gather(definition, forms, tree, scope)
    head = head_of(definition, gathered.rows, forms, staff, reporter)
    record = Record(definition.form, definition.edition, head, gathered.rows)
    subtotals = subtotals_of(definition, gathered.rows, gathered.sources)
    return ConsolidatedForm(
        definition,
        record,
        subtotals,
        gathered.sources,
        tuple(item.source for item in forms),
        tuple(item.home.name for item in forms),
    )


def _zero(forms: Mapping[str, ConsolidatedForm]) -> tuple[UnitReturn, ...]:
    """零报告: units with accepted forms of a kind that list nobody, in order."""
    found: list[UnitReturn] = []
    for form, made in forms.items():
        counts: dict[str, int] = {}
        for home, item in zip(made.homes, made.source_forms, strict=True):
            counts[home] = counts.get(home, 0) + len(item.record.rows)
        for home, item in zip(made.homes, made.source_forms, strict=True):
            if counts.pop(home, 1) == 0:
                found.append(UnitReturn(home, item.unit_id, form, item.document_id, item.accepted_id))
    return tuple(found)


def _missing(
    forms: Mapping[str, ConsolidatedForm], units: Sequence[UnitNode], due: Mapping[str, frozenset[str]]
) -> tuple[UnitReturn, ...]:
    """Units that owe a form and of which neither a form nor a row is there."""
    found: list[UnitReturn] = []
    for form, made in forms.items():
        there = {*made.homes, *(source.unit for source in made.sources)}
        found.extend(
            UnitReturn(node.name, node.id, form)
            for node in units
            if node.owes and form in due.get(node.kind, frozenset()) and node.name not in there
        )
    return tuple(found)

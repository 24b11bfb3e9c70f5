"""What goes into a consolidation and what comes out of it: forms of many units in, one form of each kind out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from forms.definition import FormDefinition
from forms.finding import Finding
from forms.record import Entry, Origin, Record

Number = int | float


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit of the tree. ``names`` are other names that hold; ``kind`` is the kind's label (``镇街``), may be empty.

    ``listed`` is ``False`` for a unit that only a form names, ``owes`` for one that has no forms to hand in any more.
    """

    id: str
    name: str
    parent_id: str | None = None
    names: tuple[str, ...] = ()
    kind: str = ""
    listed: bool = True
    owes: bool = True


@dataclass(frozen=True, slots=True)
class SourceForm:
    """An accepted form that goes into a consolidation.

    ``unit`` is the reporting unit as stated and ``unit_id`` its place in the tree where that is known; without it the
    name is looked up. ``document_id``, ``accepted_id`` and ``item`` say where the form is kept; plain data may leave
    them out or give any name, ``file`` is the name of the returned file. ``order`` sorts forms of one unit (the store
    gives the time of acceptance).
    """

    record: Record
    unit: str = ""
    unit_id: str | None = None
    document_id: str = ""
    accepted_id: str = ""
    item: int = 0
    order: float = 0.0
    file: str = ""

    @property
    def form(self) -> str:
        """The form's id."""
        return self.record.form


@dataclass(frozen=True, slots=True)
class RowSource:
    """Where a row of a consolidated form comes from.

    ``source`` is the number of its form among :attr:`ConsolidatedForm.source_forms`, ``line`` its row there, from
    zero. ``unit`` is the unit under which it is grouped, ``unit_id`` that unit's id (``None`` for a name that the tree
    does not have), ``reported_by`` the unit that handed the form in.
    """

    source: int
    document_id: str
    accepted_id: str
    item: int
    line: int
    unit: str
    unit_id: str | None
    reported_by: str


@dataclass(frozen=True, slots=True)
class Subtotal:
    """So many rows, and the sums of their money.

    ``unit`` is the unit they are of, empty for all units together. ``by`` is the key of the coded field that is told
    apart (``employment_form``) and ``label`` the name of its code, both empty for a subtotal of the unit alone; rows
    without a certain code stand under ``未填或未定``. ``sums`` holds totals by key of the field (``compensation``).
    ``rows`` are the numbers of the rows in the consolidated record, from zero, in order.
    """

    unit: str
    unit_id: str | None
    by: str
    code: str
    label: str
    count: int
    sums: Mapping[str, Number]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ConsolidatedForm:
    """One form over a subtree: a record that the official file can be filled with, and where all of it comes from.

    ``sources`` has one entry for each row of ``record``. ``source_forms`` are the forms that went in, those that list
    nobody too, and ``homes`` the units that reported them, in the same order.
    """

    definition: FormDefinition
    record: Record
    subtotals: tuple[Subtotal, ...]
    sources: tuple[RowSource, ...]
    source_forms: tuple[SourceForm, ...]
    homes: tuple[str, ...]

    def of_units(self) -> tuple[Subtotal, ...]:
        """The subtotals of whole units, in the order of the rows."""
        return tuple(item for item in self.subtotals if item.unit and not item.by)

    def sums(self, keys: Iterable[str]) -> dict[str, Number]:
        """The money of all units together, by key of the field."""
        units = self.of_units()
        totals = {key: sum((Decimal(str(item.sums[key])) for item in units), Decimal(0)) for key in keys}
        return {key: int(one) if one == one.to_integral_value() else float(one) for key, one in totals.items()}

    def of_codes(self, by: str, unit: str = "") -> tuple[Subtotal, ...]:
        """The subtotals of a coded field, of all units together or of one of them, in the order of the code table."""
        return tuple(item for item in self.subtotals if item.by == by and item.unit == unit)


@dataclass(frozen=True, slots=True)
class UnitReturn:
    """A unit and one of its forms: a 零报告 (with the accepted form that lists nobody), or a form that is not there."""

    unit: str
    unit_id: str | None
    form: str
    document_id: str = ""
    accepted_id: str = ""


@dataclass(frozen=True, slots=True)
class ConsolidationFinding:
    """A finding of a consolidation.

    With a ``document_id`` (and ``accepted_id``, ``item``) the finding's path is in that accepted form; without one it
    is in the consolidated record of ``form``. ``unit`` is the unit that must answer it. ``others`` are the accepted
    forms that the finding also speaks of.
    """

    finding: Finding
    form: str
    unit: str = ""
    unit_id: str | None = None
    document_id: str = ""
    accepted_id: str = ""
    item: int = 0
    row: int | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowRef:
    """A row of a consolidated form: its form's id and its number in ``forms[form].record.rows``, from zero."""

    form: str
    row: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a report. ``value`` is what is told, ``rows`` exactly the rows that it counts or adds up.

    ``key`` is stable (``cleared``, ``kept.by.employment_form.1``); ``label`` is Chinese; ``measure`` 人, 元 or 个.
    ``how`` is ``count`` or ``sum:<key>``: what has to be done with the rows to get the value again. ``forms`` are the
    forms that it speaks of, also where no row is counted.
    """

    key: str
    label: str
    value: Number
    rows: tuple[RowRef, ...]
    forms: tuple[str, ...]
    measure: str = "人"
    how: str = "count"


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a consolidation for the reports, by key; each traceable to its rows."""

    by_key: Mapping[str, Figure] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Figure:
        return self.by_key[key]

    def __contains__(self, key: str) -> bool:
        return key in self.by_key

    def under(self, prefix: str) -> tuple[Figure, ...]:
        """The figures whose key begins with ``prefix`` and a dot, in order."""
        return tuple(item for key, item in self.by_key.items() if key.startswith(f"{prefix}."))


@dataclass(frozen=True, slots=True)
class Consolidation:
    """The forms of a subtree (or of the district) in one: see ``docs/consolidation.md``.

    ``unit`` is the name in the head, ``unit_id`` the top of the subtree (``None`` for the district). ``zero_units``
    handed in a form that lists nobody. ``missing`` owe a form of which nothing is accepted. ``units`` are those of the
    subtree in order; one that has ended is among them only with a form.
    """

    unit: str
    unit_id: str | None
    campaign_id: str | None
    forms: Mapping[str, ConsolidatedForm]
    zero_units: tuple[UnitReturn, ...]
    missing: tuple[UnitReturn, ...]
    findings: tuple[ConsolidationFinding, ...]
    figures: Figures
    units: tuple[UnitNode, ...] = ()

    def reported_by(self, unit: str, filled_on: str = "") -> Consolidation:
        """The same with who reports and the 填报日期 (``YYYY-MM-DD``) in each head; what is empty stays as it is."""
        said = {key: value for key, value in (("unit", unit), ("filled_on", filled_on)) if value}
        made = {
            form: replace(one, record=replace(one.record, header=_with(one, said))) for form, one in self.forms.items()
        }
        return replace(self, unit=unit or self.unit, forms=made)

    def only(self, forms: Collection[str]) -> Consolidation:
        """The same for somebody who gets some of the forms: nothing stays in it that speaks of others."""
        return replace(
            self,
            forms={form: made for form, made in self.forms.items() if form in forms},
            zero_units=tuple(item for item in self.zero_units if item.form in forms),
            missing=tuple(item for item in self.missing if item.form in forms),
            findings=tuple(item for item in self.findings if item.form in forms),
            figures=Figures({key: item for key, item in self.figures.by_key.items() if set(item.forms) <= set(forms)}),
        )


def _with(form: ConsolidatedForm, said: Mapping[str, str]) -> dict[str, Entry]:
    """A head in which that is said too."""
    fields = {item.key: item for item in form.definition.header}
    entries = {
        key: Entry(value, fields[key].type.write(value), origin=Origin.PREFILLED)
        for key, value in said.items()
        if key in fields
    }
    return {**form.record.header, **entries}

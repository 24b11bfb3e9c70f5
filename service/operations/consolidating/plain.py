"""A consolidation from plain data: the JSON of the contract's §3, with or without a list of units."""

from __future__ import annotations

from collections.abc import Sequence

from forms.catalogue import Catalogue
from forms.consolidating import CONSOLIDATED, Consolidation, Reporter, SourceForm, UnitNode, Wanted, consolidate_forms
from forms.intake import Intake, take_in
from parsers.collecting import uncollected
from service.operations.checking import check_settings
from service.settings import Settings


def consolidate_data(
    data: object,
    catalogue: Catalogue,
    settings: Settings,
    units: Sequence[UnitNode] = (),
    *,
    reporter: Reporter | None = None,
    name: str = "",
) -> Consolidation:
    """The rosters among the documents of ``data`` in one form of each kind; other forms stay out.

    ``name`` says where the data comes from; each document is then named ``name#number`` (from one) as a source. Without
    ``units`` the units stand in the order in which the data first names them.

    Raises:
        UnusableDataError: the data has another shape than the contract's §3.
        UnknownFormError: ``form`` names no form.
    """
    with uncollected():
        return _consolidate(data, catalogue, settings, units, reporter or Reporter(), name)


def _consolidate(  # what a consolidation is made of
    data: object, catalogue: Catalogue, settings: Settings, units: Sequence[UnitNode], reporter: Reporter, name: str
) -> Consolidation:
    taken = take_in(data, catalogue)
    forms = [_source(number, item, name) for number, item in enumerate(taken) if item.record.form in CONSOLIDATED]
    rules = check_settings(settings, [item.record for item in forms], units=[node.name for node in units])
    return consolidate_forms(forms, units, rules, Wanted(None, reporter), catalogue)


def _source(number: int, item: Intake, name: str) -> SourceForm:
    entry = item.record.header.get("unit")
    unit = "" if entry is None or entry.is_blank else str(entry.value)
    return SourceForm(item.record, unit, document_id=f"{name or '数据'}#{number + 1}", item=number, order=float(number))

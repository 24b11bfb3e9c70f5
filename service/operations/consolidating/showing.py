"""A consolidation as JSON and pages show it: figures of units and codes, and nobody's name."""

from __future__ import annotations

from collections import Counter
from typing import Any

from forms.consolidating import ConsolidatedForm, Consolidation, Subtotal, UnitReturn
from forms.consolidating.subtotals import coded_fields, summed_keys
from forms.finding import Severity
from parsers.collecting import uncollected
from service.access.scope import Scope
from service.operations.consolidating.gathering import gather, made_of
from service.operations.packs.asked import Asked
from service.operations.packs.jobs import require_reach
from service.operations.packs.stored import unit_asked
from service.operations.units import office_day
from service.runtime import Runtime
from writers.reports.tracing import rows_in_words

_FIGURES = ("total", "before_total", "dismissed_total", "retained_total", "added", "renewed", "changed", "removed")
_FIGURES_LAST = ("in_post", "as_of")


def consolidation_asked(runtime: Runtime, unit: str, campaign: str, scope: Scope) -> Consolidation:
    """The consolidation over a unit that is called so and all under it, or over the district where none is named.

    Raises:
        NotFoundError: no such unit or campaign, or a unit in it is not within reach.
    """
    asked = unit_asked(runtime, Asked(), unit, campaign, prefilled=False)
    with uncollected():
        with runtime.database.reading_long() as connection:
            require_reach(connection, scope, asked.unit_id)
            gathered = gather(runtime, connection, asked.unit_id, asked.campaign_id)
        return gathered.consolidated()


def figures_asked(runtime: Runtime, unit: str, campaign: str, scope: Scope) -> dict[str, Any]:
    """The same as JSON and pages show it, worked out once until anything is written.

    Raises:
        NotFoundError: no such unit or campaign, or a unit in it is not within reach.
    """
    asked = unit_asked(runtime, Asked(), unit, campaign, prefilled=False)
    with runtime.database.reading() as connection:
        require_reach(connection, scope, asked.unit_id)
    editions = tuple(item.edition for item in runtime.catalogue.definitions)
    key = ("consolidation", asked.unit_id, asked.campaign_id, office_day(), editions)
    return runtime.memory.of(
        key,
        lambda: consolidation_to_plain(consolidation_asked(runtime, unit, campaign, scope)),
        lambda: made_of(runtime, asked.unit_id, asked.campaign_id),
    )


def consolidation_to_plain(found: Consolidation) -> dict[str, Any]:
    """Forms with their subtotals, 零报告, what is missing, figures with the rows they count, findings by code."""
    return {
        "unit": found.unit,
        "unit_id": found.unit_id,
        "campaign": found.campaign_id,
        "units": len(found.units),
        "forms": [_form(form) for form in found.forms.values()],
        "zero": [_return(item) for item in found.zero_units],
        "missing": [_return(item) for item in found.missing],
        "findings": _findings(found),
        "figures": [
            {
                "key": item.key,
                "label": item.label,
                "value": item.value,
                "measure": item.measure,
                "rows": rows_in_words(item.rows),
            }
            for item in found.figures.by_key.values()
        ],
    }


def _form(form: ConsolidatedForm) -> dict[str, Any]:
    codes = coded_fields(form.definition)
    totals = {total.how.removeprefix("sum:"): total.label for total in form.definition.totals}
    sums = summed_keys(form.definition)
    head = form.record.header
    labels = {item.key: item.label for item in form.definition.header}
    return {
        "form": form.record.form,
        "number": form.definition.number,
        "title": form.definition.title,
        "rows": len(form.record.rows),
        "returned": len(form.source_forms),
        "header": [
            {"key": key, "label": labels[key], "value": head[key].value}
            for key in (*_FIGURES, *_FIGURES_LAST)
            if key in head
        ],
        "sums": [{"key": key, "label": totals[key]} for key in sums],
        "units": [_subtotal(item) for item in form.of_units()],
        "whole": {"count": len(form.record.rows), "sums": form.sums(sums)},
        "codes": [
            {
                "key": found.field.key,
                "label": found.field.label,
                "codes": [_subtotal(item) for item in form.of_codes(found.field.key)],
            }
            for found in codes
        ],
    }


def _subtotal(item: Subtotal) -> dict[str, Any]:
    named = {"code": item.code, "label": item.label} if item.by else {"unit": item.unit, "unit_id": item.unit_id}
    return {**named, "count": item.count, "sums": dict(item.sums)}


def _return(item: UnitReturn) -> dict[str, Any]:
    return {"unit": item.unit, "unit_id": item.unit_id, "form": item.form, "document": item.document_id or None}


def _findings(found: Consolidation) -> list[dict[str, Any]]:
    """How often each rule found something, the worst first; who it is about is for those who may see people."""
    counts = Counter((item.finding.severity, item.finding.code, item.finding.clause or "") for item in found.findings)
    order = list(Severity)
    ranked = sorted(counts.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    return [
        {"code": code, "severity": severity.value, "clause": clause, "count": count}
        for (severity, code, clause), count in ranked
    ]

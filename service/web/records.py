"""Pages that look into the store: the people of accepted forms, one of them, and what is wrong in all documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forms.definition import FormDefinition
from forms.rules.registry import RULES
from service.access.matrix import Action
from service.access.principal import current_principal
from service.api.access import current_scope, may
from service.api.context import runtime
from service.api.records import MOST_LISTED, answer_export, disclosure_asked, findings_asked, page_asked, query_asked
from service.operations.holding import STATES
from service.operations.locking import ALWAYS
from service.operations.records import list_findings, list_records, person_of
from service.operations.units import units_of
from service.store.errors import NotFoundError
from service.web.blueprints import page_blueprint
from service.web.linking import linking
from service.web.presenting import SEVERITIES, WORDS, label_of

blueprint = page_blueprint("record_pages", __name__)
RECORD_FILTERS = ("form", "unit", "state", "name", "id_number", "q", "document")
FINDING_FILTERS = ("form", "unit", "severity", "code", "document")
FARTHEST = 1_000_000


def unit_names() -> list[str]:
    """The names of the units in the caller's reach, to choose from."""
    scope = current_scope()
    return [unit.name for unit in units_of(runtime().database) if scope.covers_unit(unit.id)]


@blueprint.get("/records")
def show_records() -> str:
    """The people of accepted forms."""
    return _records_page(page_asked())


@blueprint.post("/records")
def find_records() -> AnyResponse | str:
    """The same for an identity number, which stands in no address; without one, at the address of the list."""
    if _asked(request.form).get("id_number"):
        return _records_page((MOST_LISTED, 0))
    return redirect(f"/records?{urlencode(_asked(request.form))}", 303)


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name in RECORD_FILTERS if (text := given.get(name, "").strip())}


def _records_page(part: tuple[int, int]) -> str:
    page = list_records(runtime(), query_asked(), disclosure_asked(), part, current_scope())
    asked = _asked(request.values)
    return render_template(
        "records.html",
        page=page,
        definitions=runtime().catalogue.definitions,
        asked=asked,
        units=unit_names(),
        query=urlencode(asked),
        link=linking("/records", RECORD_FILTERS),
        may_see_plain=current_principal().right(Action.PLAIN_IDS).is_given,
        may_export=may(Action.EXPORT_MASKED),
        may_export_plain=may(Action.EXPORT_PLAIN),
        needs_password=runtime().settings.export_lock == ALWAYS,
        reason=request.values.get("reason", ""),
    )


@blueprint.post("/records/export")
def export_locked() -> Response:
    """The list as a workbook that opens with the password alone."""
    return answer_export(request.form.get("password", ""))


@blueprint.get("/records/<uuid:identity>/<int:item>/<int:line>")
def show_record(identity: object, item: int, line: int) -> str:
    """All of one person, with the way each value came about."""
    if max(item, line) > FARTHEST:
        raise NotFoundError
    person = person_of(runtime(), str(identity), item, line, disclosure_asked())
    definition = runtime().catalogue.readable(person["form"], person["edition"])
    return render_template(
        "record.html",
        person=person,
        definition=definition,
        lines=_lines(definition, person),
        may_see_plain=current_principal().right(Action.PLAIN_IDS).is_given,
        reason=request.args.get("reason", ""),
    )


def _lines(definition: FormDefinition, person: dict[str, Any]) -> list[dict[str, str]]:
    """Label, value and place of each field, in the form's order."""
    place = f"documents[{person['item']}].records[{person['row']}]"
    values = person["values"]
    return [
        {
            "label": label_of(field),
            "value": _told(values[field.key]),
            "code": str(person["codes"].get(field.key) or ""),
            "path": f"{place}.{field.key}",
        }
        for field in definition.fields
        if field.key in values
    ]


def _told(value: Any) -> str:  # noqa: ANN401  # a normal value
    return WORDS[value] if value is None or isinstance(value, bool) else str(value)


@blueprint.get("/findings")
def show_findings() -> str:
    """What is wrong in all documents."""
    limit, offset = page_asked()
    page = list_findings(runtime(), findings_asked(), limit, offset, current_scope())
    asked = {name: text for name in FINDING_FILTERS if (text := request.args.get(name, "").strip())}
    return render_template(
        "findings.html",
        page=page,
        definitions=runtime().catalogue.definitions,
        severities=SEVERITIES,
        states=STATES,
        asked=asked,
        units=unit_names(),
        codes=[rule.code for rule in RULES],
        link=linking("/findings", FINDING_FILTERS),
    )

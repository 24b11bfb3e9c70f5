"""``POST /forms/{form}/fills``: forms made from data, at once or as a job."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from forms.plain import finding_to_plain
from service.access.matrix import Action
from service.api.access import current_scope
from service.api.context import answer_file, answer_json, json_body, runtime, text_parameter
from service.api.errors import BadRequestError
from service.operations.belonging import require_reach
from service.operations.filling import FillOptions, blank_record, chosen_format, refuse_illegal
from service.operations.making import fill_now, queue_fill
from service.operations.sources import intakes_for
from service.runtime import Runtime
from writers.filling import Purpose

blueprint = Blueprint("fills", __name__)
PURPOSES = tuple(purpose.value for purpose in Purpose)
DATA_KEYS = ("form", "edition", "header", "records", "marks")
ROWS_A_DOCUMENT = 20
"""A roster of so many rows takes about as long as one document."""
HEADER_BYTES = 4000
"""Findings that fit a header travel in ``X-Findings``; their number always does, in ``X-Finding-Count``."""


def require_own(parts: Runtime, unit: str) -> None:
    """Stop a form for a unit that is not within the caller's reach. Raises :class:`NotFoundError`."""
    current_scope()
    with parts.database.transaction() as connection:
        require_reach(connection, Action.FILL, unit.strip())


@blueprint.post("/forms/<form>/fills")
def make_fills(form: str) -> Response:
    """The filled file; 202 and a job when there are many records."""
    parts = runtime()
    definition = parts.catalogue.find(form)
    body = json_body(*DATA_KEYS, "purpose", "as", "print_mark", "unit")
    purpose = Purpose(text_parameter(body, "purpose", "blank" if "records" not in body else "final", PURPOSES))
    asked = chosen_format(definition, text_parameter(body, "as", ""))
    mark = body.get("print_mark", parts.settings.print_mark)
    if not isinstance(mark, bool):
        raise BadRequestError(name="print_mark", reason_zh="应为 true 或 false", reason_en="true or false")
    options = FillOptions(purpose, asked, print_mark=mark)
    if purpose is Purpose.BLANK and not body.get("records") and not body.get("header"):
        unit = text_parameter(body, "unit", "")
        require_own(parts, unit)
        record = blank_record(definition, unit)
        made = fill_now(definition, [record], options, parts.register)
        return answer_file(made.content, made.name)
    header = body.get("header")
    named = header.get("unit") if isinstance(header, dict) else None
    require_own(parts, named if isinstance(named, str) else "")
    data = {key: body[key] for key in DATA_KEYS if key in body}
    intakes = intakes_for(definition, data, parts.catalogue)
    refuse_illegal(intakes)
    if not intakes:
        raise BadRequestError(name="records", reason_zh="没有记录", reason_en="there are no records")
    people = sum(max(1, len(intake.record.rows)) for intake in intakes)
    if len(intakes) > parts.settings.fill_inline or people > parts.settings.fill_inline * ROWS_A_DOCUMENT:
        job = queue_fill(parts, definition, json.dumps(data), options, len(intakes))
        return answer_json({"job": job, "href": f"/api/v1/jobs/{job}"}, 202, Location=f"/api/v1/jobs/{job}")
    made = fill_now(definition, [intake.record for intake in intakes], options, parts.register)
    findings = [finding_to_plain(item) for intake in intakes for item in intake.findings]
    findings += [finding_to_plain(item) for item in made.findings]
    response = answer_file(made.content, made.name)
    response.headers["X-Finding-Count"] = str(len(findings))
    listed = json.dumps(findings)
    if len(listed) <= HEADER_BYTES:
        response.headers["X-Findings"] = listed
    return response

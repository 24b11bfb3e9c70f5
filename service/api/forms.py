"""``/forms``: the definitions and the official files."""

from __future__ import annotations

from flask import Blueprint, Response

from forms.definition import Field, FormDefinition
from forms.schema import data_schema, header_schema, record_schema
from service.api.context import answer_file, answer_json, runtime

blueprint = Blueprint("forms", __name__)


@blueprint.get("/forms")
def list_forms() -> Response:
    """All definitions."""
    return answer_json({"forms": [_short(definition) for definition in runtime().catalogue.definitions]})


@blueprint.get("/forms/<form>")
def show_form(form: str) -> Response:
    """One definition, with the JSON Schema of its data."""
    definition = runtime().catalogue.find(form)
    body = {
        **_short(definition),
        "header": [_field(item) for item in definition.header],
        "fields": [_field(item) for item in definition.fields],
        "boxes": [
            {"key": box.key, "label": box.label, "parts": list(box.parts), "required": box.required.value}
            for box in definition.boxes
        ],
        "notes": list(definition.notes),
        "clause": definition.clause,
        "schema": record_schema(definition),
        "header_schema": header_schema(definition),
        "data_schema": data_schema(definition),
    }
    return answer_json(body)


@blueprint.get("/forms/<form>/template")
def download_template(form: str) -> Response:
    """The official file with its tags, as an office may edit it."""
    definition = runtime().catalogue.find(form)
    return answer_file(definition.template_path.read_bytes(), definition.template_path.name)


def _short(definition: FormDefinition) -> dict[str, object]:
    return {
        "id": definition.form,
        "number": f"附件{definition.number}",
        "edition": definition.edition,
        "title": definition.title,
        "layout": definition.layout.value,
        "formats": [definition.file_format, "pdf"],
    }


def _field(item: Field) -> dict[str, object]:
    return {
        "key": item.key,
        "label": item.label,
        "group": item.group,
        "type": item.type.name,
        "required": item.required.value,
        "choices": list(item.type.choices()),
        "hint": item.hint,
        "example": item.example,
        "clause": item.clause,
        "sensitivity": item.sensitivity.value,
    }

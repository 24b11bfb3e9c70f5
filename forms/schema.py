"""JSON Schema (2020-12) of a form's data, made from its definition: for the API's description and its clients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from forms.definition import Field, FormDefinition, Layout, Requirement

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SPELLED: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
"""What intake reads: any spelling that people type."""


def record_schema(definition: FormDefinition) -> dict[str, Any]:
    """Schema of one person's normal values, as records come out (contract §2)."""
    return {
        "$schema": DIALECT,
        "title": definition.title,
        "type": "object",
        "properties": {field.key: _normal(field) for field in definition.fields},
        "required": _required(definition.fields),
        "additionalProperties": False,
    }


def header_schema(definition: FormDefinition) -> dict[str, Any]:
    """Schema of the normal values around the grid."""
    return {
        "$schema": DIALECT,
        "title": f"{definition.title}(表头表尾)",
        "type": "object",
        "properties": {field.key: _normal(field) for field in definition.header},
        "required": _required(definition.header),
        "additionalProperties": False,
    }


def data_schema(definition: FormDefinition) -> dict[str, Any]:
    """Schema of the data that may be handed in: the same keys, each in any spelling that intake reads."""
    record = {field.key: _spelled(field) for field in definition.fields}
    if definition.layout is Layout.CARD:
        record["opinions"] = _opinions(definition)
    return {
        "$schema": DIALECT,
        "title": definition.title,
        "type": "object",
        "properties": {
            "form": {"type": "string", "examples": [definition.form]},
            "edition": {"type": "string", "examples": [definition.edition]},
            "header": _object({field.key: _spelled(field) for field in definition.header}),
            "records": {"type": "array", "items": _object(record)},
            "marks": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["form", "records"],
        "additionalProperties": False,
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _normal(field: Field) -> dict[str, Any]:
    return {**_described(field), **field.type.json_schema()}


def _spelled(field: Field) -> dict[str, Any]:
    schema = {**_described(field), **_SPELLED}
    if choices := field.type.choices():
        schema["examples"] = list(choices)
    return schema


def _described(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {"title": field.group + field.label}
    if field.hint:
        described["description"] = field.hint
    if field.example:
        described["examples"] = [field.example]
    return described


def _required(fields: Iterable[Field]) -> list[str]:
    return [field.key for field in fields if field.required is Requirement.REQUIRED and not field.calculated]


def _opinions(definition: FormDefinition) -> dict[str, Any]:
    part = _object({name: {"type": "string"} for name in ("opinion", "signature", "date")})
    return _object({box.key: part for box in definition.boxes})

"""The API's own description: OpenAPI 3.1 at ``/openapi.json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response

from forms.schema import record_schema
from parsers.limits import DEFAULT_LIMITS, MIB
from service.api.access import COOKIE
from service.api.context import MOST_JSON, answer_json, runtime
from service.api.operations_table import OPERATIONS, Operation
from service.runtime import Runtime

blueprint = Blueprint("description", __name__)
GENERAL = ("400", "401", "403")
"""Any call may be made under a wrong name, by nobody, or by somebody who may not."""


@blueprint.get("/limits")
def show_limits() -> Response:
    """How large a request and a file may be; sizes in bytes."""
    settings = runtime().settings
    return answer_json(
        {
            "request_bytes": settings.request_limit_mib * MIB,
            "request_files": settings.upload_files,
            "json_bytes": MOST_JSON,
            "file": asdict(DEFAULT_LIMITS),
        }
    )


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description as JSON."""
    return answer_json(describe(runtime()))


def describe(parts: Runtime) -> dict[str, Any]:
    """The OpenAPI document of this installation, its record schemas made from the definitions."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "借用人员和编外用工五表服务",
            "version": "1",
            "description": "填表、读表、核对。错误一律为 application/problem+json(RFC 9457),带稳定的 code。",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "security": [{"session": []}, {"token": []}],
        "components": {
            "schemas": _schemas(parts),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _schemas(parts: Runtime) -> dict[str, Any]:
    schemas: dict[str, Any] = {definition.form: record_schema(definition) for definition in parts.catalogue.definitions}
    text = {"type": "string"}
    schemas["Problem"] = {
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "instance": text,
            "code": text,
            "request_id": text,
            "lang": text,
            "message_zh": text,
            "message_en": text,
            "errors": {"type": "array", "items": {"type": "object"}},
        },
    }
    return schemas


def _operation(operation: Operation) -> dict[str, Any]:
    answers: dict[str, Any] = {
        status: {"description": text, "content": {media: {"schema": {}}}} for status, media, text in operation.answers
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted({*operation.problems, *GENERAL}):
        answers[status] = {"description": "problem+json", "content": problem}
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": answers,
    }
    if operation.parameters:
        described["parameters"] = [
            {"name": name, "in": where, "required": where == "path", "schema": {"type": kind}, "description": text}
            for name, where, kind, text in operation.parameters
        ]
    if operation.body:
        media, schema = operation.body
        described["requestBody"] = {"required": True, "content": {media: {"schema": schema}}}
    return described

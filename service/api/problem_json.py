"""Faults as ``application/problem+json`` (RFC 9457), in the language the caller asked for."""

from __future__ import annotations

import json
import uuid

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from forms.errors import FormServiceError
from service.api.errors import BadRequestError, MethodNotAllowedError
from service.problems import outcome_of
from service.store.errors import NotFoundError, TooLargeUploadError


def problem_body(fault: FormServiceError, file: str | None = None) -> dict[str, object]:
    """The members of a problem document, without HTTP."""
    error = {"code": fault.code, "message_zh": fault.message_zh, "message_en": fault.message_en}
    if file is not None:
        error["file"] = file
    if fault.pointer:
        error["pointer"] = fault.pointer
    return {
        "type": f"/problems/{fault.code}",
        "code": fault.code,
        "message_zh": fault.message_zh,
        "message_en": fault.message_en,
        "errors": [error],
    }


def answer_problem(fault: FormServiceError) -> Response:
    """The problem as an answer of this request."""
    status = outcome_of(fault).status
    english = (request.accept_languages.best_match(["zh", "en"], default="zh") or "zh") == "en"
    message = fault.message_en if english else fault.message_zh
    body = {
        **problem_body(fault),
        "title": message.split("\n", 1)[0],
        "status": status,
        "detail": message,
        "instance": request.path,
        "request_id": g.get("request_id", ""),
        "lang": "en" if english else "zh-CN",
    }
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")


def install(app: Flask) -> None:
    """Turn every fault of a request into a problem document, and number the requests."""

    @app.before_request
    def _number() -> None:
        g.request_id = uuid.uuid4().hex

    @app.errorhandler(FormServiceError)
    def _known(fault: FormServiceError) -> Response:
        return answer_problem(fault)

    @app.errorhandler(HTTPException)
    def _http(fault: HTTPException) -> Response:
        return answer_problem(_as_known(fault))

    @app.errorhandler(500)
    def _unknown(_fault: Exception) -> Response:
        return answer_problem(FormServiceError())


def _as_known(fault: HTTPException) -> FormServiceError:
    if isinstance(fault, NotFound):
        return NotFoundError()
    if isinstance(fault, MethodNotAllowed):
        return MethodNotAllowedError()
    if isinstance(fault, RequestEntityTooLarge):
        return TooLargeUploadError(limit="request")
    if fault.code and fault.code < 500:  # noqa: PLR2004  # the caller's own fault
        return BadRequestError(name="request", reason_zh="请求无法理解", reason_en=str(fault.description or fault.name))
    return FormServiceError()

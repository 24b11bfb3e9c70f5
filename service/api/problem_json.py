"""Faults as ``application/problem+json`` (RFC 9457), in the language the caller asked for."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from forms.errors import FormServiceError
from service.api.context import json_bytes
from service.api.errors import BadRequestError, MethodNotAllowedError
from service.problems import outcome_of, problem_body
from service.store.errors import NotFoundError, TooLargeUploadError
from service.web.problems import is_page_asked, problem_page

MIB = 1024 * 1024


def answer_problem(fault: FormServiceError) -> Response:
    """The problem as an answer of this request: a page for who looks at pages, else JSON."""
    if is_page_asked():
        page, status = problem_page(fault)
        return Response(page, status, content_type="text/html; charset=utf-8")
    return answer_problem_body(problem_body(fault), outcome_of(fault).status)


def answer_problem_body(body: dict[str, Any], status: int) -> Response:
    """What :func:`service.problems.problem_body` made, with what HTTP adds, in the language asked for."""
    english = (request.accept_languages.best_match(["zh", "en"], default="zh") or "zh") == "en"
    message = str(body["message_en" if english else "message_zh"])
    full = {
        **body,
        "title": message.split("\n", 1)[0],
        "status": status,
        "detail": message,
        "instance": request.path,
        "request_id": g.get("request_id", ""),
        "lang": "en" if english else "zh-CN",
    }
    return Response(json_bytes(full), status, content_type="application/problem+json")


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
        return TooLargeUploadError(limit=f"{(request.max_content_length or 0) // MIB} MiB")
    if fault.code and fault.code < 500:  # noqa: PLR2004  # the caller's own fault
        return BadRequestError(name="request", reason_zh="请求无法理解", reason_en=str(fault.description or fault.name))
    return FormServiceError()

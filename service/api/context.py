"""What every view needs: the runtime, a JSON body, a file as an answer."""

from __future__ import annotations

import json
import os
from typing import IO, cast
from urllib.parse import quote

from flask import Response, current_app, request, send_file

from service.api.errors import BadRequestError, UnknownFieldError
from service.operations.sources import read_json
from service.runtime import Runtime

MOST_JSON = 64 * 1024 * 1024
LONGEST_NUMBER = 12
LONGEST_SHOWN = 60

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "png": "image/png",
}


def runtime() -> Runtime:
    """The installation that this request is for."""
    return cast("Runtime", current_app.extensions["runtime"])


def json_value() -> object:
    """The request's JSON, whatever it is.

    Raises:
        UnusableDataError: not JSON.
        BadRequestError: not in UTF-8.
        RequestEntityTooLarge: more bytes than :data:`MOST_JSON`.
    """
    request.max_content_length = MOST_JSON
    try:
        text = request.get_data(cache=False).decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadRequestError(name="body", reason_zh="不是 UTF-8", reason_en="not UTF-8") from fault
    return read_json(text)


def json_body(*known: str, value: object = ...) -> dict[str, object]:
    """The request's JSON object (or ``value``, where that was read before), with no keys but the known ones.

    Raises:
        UnusableDataError: not JSON.
        BadRequestError: not an object.
        UnknownFieldError: a key that is not known.
        RequestEntityTooLarge: more bytes than :data:`MOST_JSON`.
    """
    body = json_value() if value is ... else value
    if not isinstance(body, dict):
        raise BadRequestError(name="body", reason_zh="应为 JSON 对象", reason_en="a JSON object is needed")
    for key in body:
        if key not in known:
            raise UnknownFieldError(name=key[:LONGEST_SHOWN])
    return body


def text_parameter(body: dict[str, object], name: str, default: str, allowed: tuple[str, ...] = ()) -> str:
    """A text of the body, one of ``allowed`` where that is given.

    Raises:
        BadRequestError: of another kind, or none of the allowed.
    """
    value = body.get(name, default)
    if not isinstance(value, str) or (allowed and value not in allowed):
        choices = "、".join(allowed)
        raise BadRequestError(name=name, reason_zh=f"可用值:{choices}", reason_en=f"one of {', '.join(allowed)}")
    return value


def whole_number(name: str, default: int, least: int, most: int) -> int:
    """A whole number of the query, brought between its bounds.

    Raises:
        BadRequestError: something else was given.
    """
    text = request.args.get(name)
    if text is None:
        return default
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit() or len(text) > LONGEST_NUMBER:
        raise BadRequestError(name=name, reason_zh="应为整数", reason_en="a whole number is needed")
    return max(least, min(int(text), most))


def answer_json(body: object, status: int = 200, **headers: str) -> Response:
    """JSON with Chinese as it is."""
    response = Response(json_bytes(body), status, content_type="application/json")
    response.headers.update(headers)
    return response


def json_bytes(body: object) -> bytes:
    """JSON in UTF-8. Half a surrogate pair, which a request may bring, stays the escape it was."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")


def answer_file(content: bytes, name: str) -> Response:
    """A file to be saved under its Chinese name."""
    ending = name.rsplit(".", 1)[-1].lower()
    response = Response(content, content_type=TYPES.get(ending, "application/octet-stream"))
    response.headers["Content-Disposition"] = disposition(name)
    return response


def answer_stored(content: IO[bytes], name: str) -> Response:
    """A stored file, never shown inline and kept by no cache; it is closed when it was sent."""
    response = send_file(content, mimetype="application/octet-stream", etag=False)
    size = os.fstat(content.fileno()).st_size
    response.content_length = size
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"  # in the place of the framework's own
    return response


def disposition(name: str) -> str:
    """``attachment`` with the name in UTF-8 and an ASCII one for old clients (RFC 6266)."""
    ending = name.rsplit(".", 1)[-1] if "." in name else "bin"
    plain = "".join(char for char in ending if char.isascii() and char.isalnum()) or "bin"
    return f"attachment; filename=\"file.{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

"""The reading of a long list as an answer: written piece by piece, as it is opened, and packed for who takes that.

Byte for byte what :func:`service.api.context.answer_json` would answer, without ever holding all of it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Response, request

from service.access.sight import blurred
from service.store.parts import Fetched

TOGETHER = 1 << 16
GZIP = 31
"""The window of zlib that writes the frame of gzip."""
QUICK = 1


def answer_long(body: Mapping[str, Any], fetched: Fetched, hidden: frozenset[str]) -> Response:
    """``body`` with the forms of ``fetched`` under ``documents``, without the values of the ``hidden`` keys."""
    forms = _listed(_form(head, rows, hidden) for head, rows in fetched.forms())
    chunks = _gathered(_object(body, {"documents": forms}))
    response = Response(content_type="application/json")
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["ETag"] = f'"{body["version"]}"'
    if request.accept_encodings["gzip"] > 0:
        response.headers["Content-Encoding"] = "gzip"
        chunks = _packed(chunks)
    response.response = chunks
    return response


def _form(head: dict[str, Any], pieces: Iterator[str], hidden: frozenset[str]) -> Iterator[str]:
    (shown,) = blurred({"documents": [{**head, "records": []}]}, hidden)["documents"]
    return _object(shown, {"records": _rows(head, pieces, hidden)})


def _rows(head: dict[str, Any], pieces: Iterator[str], hidden: frozenset[str]) -> Iterator[str]:
    yield "["
    between = ""
    for piece in pieces:
        if hidden:
            (shown,) = blurred({"documents": [{**head, "records": json.loads(piece)}]}, hidden)["documents"]
            inner = _text(shown["records"])[1:-1]
        else:
            inner = piece[1:-1]
        if inner:
            yield between
            yield inner
            between = ", "
    yield "]"


def _object(plain: Mapping[str, Any], streams: Mapping[str, Iterator[str]]) -> Iterator[str]:
    """An object as JSON, the values of some keys as they come."""
    between = "{"
    for key, value in plain.items():
        yield f"{between}{_text(key)}: "
        between = ", "
        if key in streams:
            yield from streams[key]
        else:
            yield _text(value)
    yield "}"


def _listed(items: Iterable[Iterator[str]]) -> Iterator[str]:
    between = "["
    for item in items:
        yield between
        yield from item
        between = ", "
    yield "]" if between == ", " else "[]"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _gathered(texts: Iterator[str]) -> Iterator[bytes]:
    """The texts in UTF-8, in chunks worth sending."""
    waiting = bytearray()
    for text in texts:
        waiting += text.encode("utf-8", "backslashreplace")
        if len(waiting) >= TOGETHER:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _packed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(QUICK, zlib.DEFLATED, GZIP)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()

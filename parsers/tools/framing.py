"""Messages over a pipe: four bytes of length, then JSON. Both ends bound what they accept."""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Callable, Mapping
from typing import IO, Any

import orjson

LENGTH = struct.Struct(">I")
LARGEST = 512 << 20
"""Bytes of one message: a workbook at its limits, read, stays below."""
CHUNK = 1 << 20


class ClosedPipeError(Exception):
    """The other end has gone, or sends what is no message."""


class OverlongMessageError(Exception):
    """The other end announced more than :data:`LARGEST` bytes."""


class LateMessageError(Exception):
    """Nothing whole came before the deadline."""


def send(stream: IO[bytes], message: Mapping[str, Any]) -> None:
    """Write one message.

    Raises:
        ClosedPipeError: if the other end has gone.
    """
    data = orjson.dumps(message, option=orjson.OPT_NON_STR_KEYS)
    try:
        stream.write(LENGTH.pack(len(data)))
        stream.write(data)
        stream.flush()
    except OSError as error:
        raise ClosedPipeError from error


def receive(stream: IO[bytes], deadline: Callable[[], float] | None = None) -> dict[str, Any]:
    """Read one message, a JSON object.

    Args:
        stream: an unbuffered pipe; it is read by its descriptor.
        deadline: on the clock of ``time.monotonic``, asked anew whenever it seems to have passed; ``None`` waits for
            ever.

    Raises:
        ClosedPipeError: at the end of the pipe, or for what is no JSON object.
        OverlongMessageError: if more than :data:`LARGEST` bytes are announced.
        LateMessageError: at the deadline.
    """
    (length,) = LENGTH.unpack(_exactly(stream.fileno(), LENGTH.size, deadline))
    if length > LARGEST:
        raise OverlongMessageError
    try:
        message = orjson.loads(_exactly(stream.fileno(), length, deadline))
    except orjson.JSONDecodeError as error:
        raise ClosedPipeError from error
    if not isinstance(message, dict):
        raise ClosedPipeError
    return message


def _exactly(descriptor: int, size: int, deadline: Callable[[], float] | None) -> bytearray:
    data = bytearray()
    while len(data) < size:
        left = None if deadline is None else max(0.0, deadline() - time.monotonic())
        if not select.select([descriptor], [], [], left)[0]:
            if left == 0.0:
                raise LateMessageError
            continue
        chunk = os.read(descriptor, min(CHUNK, size - len(data)))
        if not chunk:
            raise ClosedPipeError
        data += chunk
    return data

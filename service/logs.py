"""Logs: one JSON object a line, without anybody's whole numbers, with the id of the request they belong to."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from contextvars import ContextVar
from typing import TextIO

from service.masking import hide_text

_REQUEST: ContextVar[str] = ContextVar("request", default="")
_FIELDS = "service_fields"


class JsonLines(logging.Formatter):
    """An event as one line: a line break in a message stays an escape, so nothing can pass for another event."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with every identity and telephone number in it masked."""
        event: dict[str, object] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := _REQUEST.get():
            event["request_id"] = request
        event |= getattr(record, _FIELDS, {})
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        clean = {key: hide_text(value) if isinstance(value, str) else value for key, value in event.items()}
        return json.dumps(clean, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")


def set_up_logging(stream: TextIO | None = None) -> None:
    """Let everything that this process logs come out in such lines, on standard error unless told otherwise."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def in_request(identity: str) -> None:
    """What this thread logs from now on belongs to that request; empty for none."""
    _REQUEST.set(identity)


def log_fields(logger: logging.Logger, message: str, **fields: str | float | bool | None) -> None:
    """An event with members of its own; never a person's name or number among them."""
    logger.info(message, extra={_FIELDS: fields})

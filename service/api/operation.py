"""What a call of the API is described by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

JSON = "application/json"
DOCUMENT = ("id", "path", "string", "文件编号")


@dataclass(frozen=True, slots=True)
class Operation:
    """One call. ``answers`` are (status, media type, meaning); ``problems`` the statuses of its problem documents."""

    name: str
    method: str
    path: str
    summary: str
    answers: tuple[tuple[str, str, str], ...]
    problems: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str, str, str], ...] = ()
    body: tuple[str, dict[str, Any]] | None = None

"""First answers under an ``Idempotency-Key``: sent twice, done once."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from sqlalchemy import Connection, insert, select

from service.store.sealing.columns import InRow
from service.store.tables import answers


def digest_of(request: str) -> str:
    """What a request asked for, as a hash."""
    return hashlib.sha256(request.encode("utf-8", "surrogatepass")).hexdigest()


def find_answer(connection: Connection, key: str) -> tuple[str, int, dict[str, Any]] | None:
    """Request hash, status and body of the first answer under that key."""
    row = connection.execute(select(answers).where(answers.c.key.in_((digest_of(key), key)))).first()
    return (row.request_hash, row.status, row.body) if row else None


def keep_answer(connection: Connection, key: str, request_hash: str, status: int, body: dict[str, Any]) -> None:
    """Remember an answer, in the transaction of its effect."""
    kept = digest_of(key)  # a caller may put anything into it
    row = {"key": kept, "request_hash": request_hash, "status": status, "body": InRow(kept, body)}
    connection.execute(insert(answers).values(created_at=time.time(), **row))

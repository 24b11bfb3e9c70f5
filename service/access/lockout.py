"""Too many failures: a name is shut for the address that failed, and for nobody else.

Source: requirement A3 of the security design, five failures in fifteen minutes shut for fifteen minutes.
"""

from __future__ import annotations

import hashlib
import time

from sqlalchemy import Connection

from service.access.errors import TooManyAttemptsError
from service.store.accounts import add_failure, failures_since, forget_failures, forget_old_failures

MOST_FAILURES = 5
SECONDS = 900.0


def who_typed(name: str) -> str:
    """A typed name as failures keep it."""
    return hashlib.sha256(name.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()


def require_unlocked(connection: Connection, name: str, address: str) -> None:
    """Stop when that name failed too often from that address; the same for names that nobody has.

    Raises:
        TooManyAttemptsError: with the time after which it may be tried again.
    """
    now = time.time()
    found = failures_since(connection, who_typed(name), address, now - SECONDS)
    if len(found) >= MOST_FAILURES:
        raise TooManyAttemptsError(max(1, round(found[0] + SECONDS - now)))


def count_failure(connection: Connection, name: str, address: str) -> None:
    """One more failure; those that count no more are forgotten."""
    forget_old_failures(connection, time.time() - SECONDS)
    add_failure(connection, who_typed(name), address)


def unlock(connection: Connection, name: str, address: str | None = None) -> None:
    """Forget the failures of a name, from one address or from all."""
    forget_failures(connection, who_typed(name), address)

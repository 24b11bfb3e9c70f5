"""The person for whom something is done, as each request finds them anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from service.access.matrix import EVERYTHING, Action, Right, Role
from service.access.policy import policy

DESK_ID = "desk"
DESK_NAME = "本机"
STEP_UP_SECONDS = 300.0
"""For so long after signing in, or after saying the password again, whole identity numbers may be asked for."""


class Step(StrEnum):
    """What a session still owes before it may do anything else."""

    CODE = "code"
    """The second factor: the password alone was right."""
    PASSWORD = "password"  # noqa: S105  # the name of a step
    """A password of one's own."""
    ENROL = "enrol"
    """A second factor, which the role must have."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who is known: an account that signed in or sent a token, or the local desk.

    ``role`` is ``None`` for the local desk, which may do everything: nobody signed in, and the call came from this
    machine. ``actions`` are those a token was limited to; ``verified_at`` (seconds since 1970) is when the person last
    proved who they are, never for a token. ``seen_at`` is when the session or token was last marked as used.
    """

    id: str
    name: str
    role: Role | None = None
    unit_id: str | None = None
    session_id: str | None = None
    actions: frozenset[Action] | None = None
    verified_at: float | None = None
    csrf: str = ""
    owes: Step | None = None
    token_id: str | None = None
    seen_at: float | None = None

    @property
    def is_desk(self) -> bool:
        """Whether it is the local desk."""
        return self.role is None

    @property
    def is_fresh(self) -> bool:
        """Whether the person proved who they are a moment ago; at the local desk there is nothing to prove."""
        return self.is_desk or (self.verified_at is not None and time.time() - self.verified_at <= STEP_UP_SECONDS)

    def right(self, action: Action) -> Right:
        """The cell of the matrix, empty for an action that a token does not have."""
        if self.role is None:
            return EVERYTHING
        if self.actions is not None and action not in self.actions:
            return Right()
        return policy().matrix[action][self.role]


DESK = Principal(DESK_ID, DESK_NAME)
_CURRENT: ContextVar[Principal | None] = ContextVar("principal", default=None)


def current_principal() -> Principal:
    """The person of this request.

    Raises:
        LookupError: nobody was established: the code runs outside a request, or on a public route.
    """
    found = _CURRENT.get()
    if found is None:
        raise LookupError("nobody was established for this request")
    return found


def known_principal() -> Principal | None:
    """The person of this request, if somebody was established."""
    return _CURRENT.get()


def set_principal(principal: Principal | None) -> None:
    """Establish who the rest of this request is done for; ``None`` at its end."""
    _CURRENT.set(principal)


@contextmanager
def acting_as(principal: Principal) -> Iterator[None]:
    """Do something for a person outside a request."""
    before = _CURRENT.set(principal)
    try:
        yield
    finally:
        _CURRENT.reset(before)

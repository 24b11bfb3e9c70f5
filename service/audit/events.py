"""What is written down of an action, and who acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum


class Action(StrEnum):
    """What can be done that must be written down."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    SIGN_IN_FAILED = "sign-in-failed"
    DENIED = "denied"
    ACCOUNT = "account"
    APPROVAL = "approval"
    UPLOAD = "upload"
    ORIGINAL = "download-original"
    SEARCH_ID = "search-by-id"
    PLAIN_ID = "view-plain-id"
    EXPORT = "export"
    PRINT = "print"
    EDIT = "edit"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    DELETE = "delete"
    TRANSFER = "transfer"
    IMPORT = "import"
    UNITS = "units"
    JOB_START = "job-start"
    JOB_END = "job-end"
    CONFIG = "config"
    KEY = "key"
    BACKUP = "backup"
    RESTORE = "restore"
    VERIFY = "verify"
    PURGE = "purge"
    AUDIT_READ = "audit-read"
    MALWARE = "malware"
    MESSAGE = "broker-message"


class Result(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and how they came: ``address`` is the caller's, ``request_id`` that of the answer."""

    name: str = "系统"
    role: str = ""
    unit: str = ""
    address: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that was done.

    ``object_type`` and ``object_id`` say to what, ``count`` to how many people or files. ``details`` are short texts
    and numbers; identity and telephone numbers in them are masked when they are written. ``who`` names the person where
    the actor of the moment (:func:`acting`) is not the one.
    """

    action: Action
    object_type: str = ""
    object_id: str = ""
    result: Result = Result.DONE
    count: int = 0
    details: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    who: str = ""


_NOBODY = Actor()
_ACTOR: ContextVar[Actor] = ContextVar("actor", default=_NOBODY)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Everything in here is done by that actor."""
    token = _ACTOR.set(actor)
    try:
        yield
    finally:
        _ACTOR.reset(token)


def set_actor(actor: Actor) -> None:
    """The actor from now on in this thread: of a request, set anew by the next one."""
    _ACTOR.set(actor)


def current_actor() -> Actor:
    """Who acts now."""
    return _ACTOR.get()

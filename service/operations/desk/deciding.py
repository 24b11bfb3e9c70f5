"""A person decides on one place: taken if what stands there is what the person saw, whoever else works on the file."""

from __future__ import annotations

from dataclasses import dataclass

from forms.errors import FormServiceError
from service.operations.correcting import UNDONE, Correction, correct
from service.operations.desk.queue import row_of, walked
from service.operations.desk.spots import MARK_KINDS, NO, YES, Spot, spots_of
from service.operations.entering import Entered
from service.operations.holding import StaleVersionError
from service.runtime import Runtime
from service.store.errors import NotFoundError
from service.store.submissions import last_changes

TRIES = 5
"""How often a decision is put in again when others were faster elsewhere in the document."""
LOOKED_BACK = 60
_SAYS = {YES: True, NO: False}


class PlaceChangedError(FormServiceError):
    """Somebody has changed this very place since the person looked at it; what was typed is not saved."""

    code = "place-changed"
    zh = "“{label}”刚被别人改为“{now}”,您填的“{mine}”没有保存;请看清后再确认或改正"
    en = "{label} was changed meanwhile to {now}; what you entered ({mine}) was not saved. Look again"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of a place: its value, as an input holds it, and what was seen there.

    ``seen`` is :attr:`Spot.seen` and ``version`` the document's, as they were shown. ``as_written`` takes a value that
    is no right one because the paper says so, with a ``reason``.
    """

    path: str
    value: str
    seen: str
    version: int
    reason: str = ""
    as_written: bool = False


def decide(runtime: Runtime, identity: str, made: Decision, who: str) -> int:
    """Enter a decision; returns the version of the document after it.

    Where others have changed other places meanwhile, theirs stays and this one is added to it.

    Raises:
        NotFoundError: there is no such document or place.
        PlaceChangedError: this very place says something else than was seen.
        WrongStateError, EntryInvalidError: as :func:`service.operations.correcting.correct`.
        StaleVersionError: others were faster each time.
    """
    entered = _entered(made)
    version = made.version
    for _ in range(TRIES):
        try:
            done = correct(runtime, identity, Correction([entered]), who, version)
        except StaleVersionError:
            version, spot = _as_it_is(runtime, identity, made.path)
            if spot.seen != made.seen:
                raise PlaceChangedError(
                    pointer=made.path, label=spot.label, now=spot.shown or "空白", mine=made.value or "空白"
                ) from None
        else:
            return int(done["version"])
    raise StaleVersionError(version=version)


def _entered(made: Decision) -> Entered:
    kind = made.path.rpartition(".")[2]
    is_mark = ".marks." in made.path and kind in MARK_KINDS
    value: str | bool = _SAYS.get(made.value, made.value) if is_mark else made.value
    if is_mark and value == "":
        value = False
    return Entered(made.path, value, made.reason, as_written=made.as_written and bool(made.reason))


def _as_it_is(runtime: Runtime, identity: str, path: str) -> tuple[int, Spot]:
    seen = next(walked(runtime, identity, row_of(path)))
    spot = next((one for one in spots_of(seen.windows, runtime.catalogue) if one.path == path), None)
    if spot is None:
        raise NotFoundError(pointer=path)
    return seen.document.version, spot


@dataclass(frozen=True, slots=True)
class Undoable:
    """A step of a person's own that can be taken back: its number in the history and its place."""

    number: int
    path: str


def undoable(runtime: Runtime, identity: str, who: str) -> Undoable | None:
    """The last value that this person entered in a document and that was not taken back."""
    with runtime.database.reading() as connection:
        steps = last_changes(connection, identity, LOOKED_BACK)
    back = {UNDONE.format(number=step["number"]) for step in steps}
    taken_back = {step["reason"] for step in steps} & back
    for step in steps:
        is_own = step["action"] == "entered" and step["who"] == who and step["path"]
        is_undoing = step["reason"] in back
        if is_own and not is_undoing and UNDONE.format(number=step["number"]) not in taken_back:
            return Undoable(step["number"], step["path"])
    return None


def undo(runtime: Runtime, identity: str, number: int, who: str) -> int:
    """Take a step back, as a step of its own; returns the version of the document after it.

    Raises:
        NotFoundError: there is no such document.
        WrongStateError: it is settled.
        EntryInvalidError: what the step made no longer stands, or it was taken back before.
        StaleVersionError: others were faster each time.
    """
    version = next(walked(runtime, identity)).document.version
    for _ in range(TRIES):
        try:
            done = correct(runtime, identity, Correction(undone=[number]), who, version)
        except StaleVersionError:
            version = next(walked(runtime, identity)).document.version
        else:
            return int(done["version"])
    raise StaleVersionError(version=version)

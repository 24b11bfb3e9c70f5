"""A document on the desk: the place in hand, those around it, and what is left to do before it can be decided on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.access.sight import blurred
from service.operations.desk.queue import following, row_of, walked
from service.operations.desk.spots import Spot, spots_of
from service.operations.holding import SETTLED
from service.operations.showing import Shown
from service.runtime import Runtime
from service.store.documents import StoredDocument
from service.store.windows import Window


@dataclass(frozen=True, slots=True)
class Desk:
    """What a desk shows of a document.

    ``spots`` are all places of the rows at hand, ``now`` the one in hand (``None`` when nothing waits any more).
    ``waiting`` values and marks are to be looked at in the whole document, ``errors`` findings keep it from being
    accepted; ``first`` and ``count`` say which rows are at hand, of how many.
    """

    document: StoredDocument
    windows: tuple[Window, ...]
    spots: tuple[Spot, ...]
    now: Spot | None
    waiting: int
    errors: int
    first: int
    count: int

    @property
    def is_settled(self) -> bool:
        """Whether it was accepted, returned or superseded: nothing can be changed any more."""
        return self.document.stage in SETTLED

    @property
    def open_spots(self) -> list[Spot]:
        """The places at hand that a person has to look at."""
        return [spot for spot in self.spots if spot.is_open]

    @property
    def marks(self) -> list[Spot]:
        """Opinions, signatures, seals and dates."""
        return [spot for spot in self.spots if spot.mark]

    @property
    def findings(self) -> list[tuple[Any, Spot | None]]:
        """What is said of the document, the worst first, each with the place at hand that it is about."""
        rank = {"error": 0, "warning": 1, "info": 2}
        places = {spot.path: spot for spot in self.spots}
        told = [
            (finding, places.get(f"documents[{item}].{finding['path']}"))
            for item, window in enumerate(self.windows)
            for finding in window.form["findings"]
        ]
        return sorted(told, key=lambda one: rank[one[0]["severity"]])

    def beside(self, step: int) -> Spot | None:
        """The place that many steps before or after the one in hand, among all at hand."""
        if self.now is None:
            return self.spots[0 if step > 0 else -1] if self.spots else None
        number = next(index for index, spot in enumerate(self.spots) if spot.path == self.now.path) + step
        return self.spots[number] if 0 <= number < len(self.spots) else None

    def open_beside(self, step: int) -> Spot | None:
        """The next (1) or the one before (-1) that a person has to look at, round the end to the beginning."""
        wanted = self.open_spots
        if not wanted:
            return None
        order = {spot.path: index for index, spot in enumerate(self.spots)}
        here = order[self.now.path] if self.now is not None else -1
        if step > 0:
            return next((spot for spot in wanted if order[spot.path] > here), wanted[0])
        return next((spot for spot in reversed(wanted) if order[spot.path] < here), wanted[-1])


def desk_of(
    runtime: Runtime, identity: str, *, at: str = "", after: str = "", hidden: frozenset[str] = frozenset()
) -> Desk:
    """A document with the place ``at`` in hand, else the next one after ``after`` that waits, else the first one.

    ``hidden`` are keys of fields that the person does not see even in files.

    Raises:
        NotFoundError: there is no such document.
    """
    best: tuple[Shown, list[Spot], Spot | None] | None = None
    for seen in walked(runtime, identity, row_of(at or after)):
        windows = _blurred(seen.windows, hidden)
        spots = spots_of(windows, runtime.catalogue)
        now = _in_hand(spots, at, after)
        if best is None or now is not None:
            best = replace(seen, windows=windows), spots, now
        if now is not None or at:
            break
    if best is not None and best[2] is None and not at and row_of(after):
        return desk_of(runtime, identity, hidden=hidden)  # nothing after it: from the beginning
    if best is None:
        raise AssertionError("a document is walked in at least one step")
    return _desk(*best)


def _in_hand(spots: Sequence[Spot], at: str, after: str) -> Spot | None:
    wanted = [spot for spot in spots if spot.is_open]
    if at:
        return next((spot for spot in spots if spot.path == at), None)
    if not after:
        return wanted[0] if wanted else None
    return following(wanted, list(spots), after) or (wanted[0] if wanted else None)


def _desk(seen: Shown, spots: list[Spot], now: Spot | None) -> Desk:
    windows = seen.windows
    return Desk(
        seen.document,
        windows,
        tuple(spots),
        now,
        sum(window.review for window in windows),
        sum(window.severities.get("error", 0) for window in windows),
        min((window.first for window in windows), default=0),
        max((window.count for window in windows), default=0),
    )


def _blurred(windows: tuple[Window, ...], hidden: frozenset[str]) -> tuple[Window, ...]:
    if not hidden:
        return windows
    forms = blurred({"documents": [window.form for window in windows]}, hidden)["documents"]
    return tuple(replace(window, form=form) for window, form in zip(windows, forms, strict=True))

"""A unit hands in what it looked through: the file goes to whoever decides, and the history says who stands for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.operations.documents import told as told_of
from service.operations.holding import EDGES, hold_apart, move, require_same, wrong_state
from service.operations.reviewing import blockers_of
from service.runtime import Runtime
from service.store.submissions import Change, history_of

SUBMITTED = "单位报送"
"""How the history names it, before whatever the unit says beside it."""
READ = frozenset({"read", "partial"})


def submit(runtime: Runtime, identity: str, who: str, version: int | None = None, note: str = "") -> dict[str, Any]:
    """Hand in a document that was read: it goes to review, or is noted as handed in where it is there already.

    What is still open in it keeps nobody from handing it in; how much that is stands in the answer (``open``). A second
    time, without a change in between, nothing is done.

    Raises:
        NotFoundError: there is no such document.
        WrongStateError: it was not read, or is settled.
        StaleVersionError: ``version`` is not the latest.
    """
    held = hold_apart(runtime.database, identity)
    held.require(version)
    stage = held.document.stage
    if stage not in READ | {"review"} or not held.now:
        raise wrong_state(stage, "报送", "handed in")
    words = f"{SUBMITTED}:{note}" if note else SUBMITTED
    step = Change(who, "noted", reason=words)
    if stage in READ and "review" in EDGES[stage]:
        step = replace(step, action="moved", before=stage, after="review")
    with runtime.database.transaction() as connection:
        require_same(connection, held)
        last = history_of(connection, identity)[-1:]
        if not (last and last[0]["reason"].startswith(SUBMITTED)):
            move(connection, held, who, [step])
    return {**told_of(runtime.database, identity), "open": len(blockers_of(held))}

"""A person deletes a document: a tombstone stays, and where the matrix asks for it another person has agreed."""

from __future__ import annotations

from dataclasses import dataclass

from service.access.approving import require_second
from service.access.errors import ForbiddenError
from service.access.matrix import Action as Right
from service.access.principal import current_principal
from service.audit.events import Action
from service.operations.clearing import clear
from service.operations.holding import SETTLED, StaleVersionError, wrong_state
from service.operations.reviewing import ReasonNeededError
from service.problems import JobCancelledError, problem_body
from service.runtime import Runtime
from service.store.cross import forget_findings
from service.store.documents import find_light
from service.store.errors import NotFoundError
from service.store.jobs import cancel
from service.store.submissions import Change, add_changes, change_submission, open_submission


@dataclass(frozen=True, slots=True)
class Removal:
    """Who deletes, why, what was seen, and the approval of a second person."""

    who: str
    reason: str
    approval: str = ""
    version: int | None = None


def remove(runtime: Runtime, identity: str, asked: Removal) -> dict[str, str]:
    """Empty a document for good; its people leave the store of records. Returns what is left to say of it.

    Raises:
        NotFoundError: there is no such document.
        WrongStateError: it was deleted or cleared before.
        ForbiddenError: it is settled, and the person may delete drafts alone.
        StaleVersionError: ``version`` is not the latest.
        ReasonNeededError: nothing says why.
        ApprovalNeededError, ApprovalInvalidError: a second person has not agreed to this.
    """
    if not asked.reason:
        raise ReasonNeededError(what_zh="删除文件", what_en="deleting a document")
    by = current_principal()
    with runtime.database.transaction() as connection:
        document = find_light(connection, identity)
        if document is None:
            raise NotFoundError
        if not document.sha256:
            raise wrong_state(document.stage, "再次删除", "deleted again")
        if asked.version is not None and asked.version != document.version:
            raise StaleVersionError(version=document.version)
        if by.right(Right.DELETE).drafts and document.stage in SETTLED:
            raise ForbiddenError
        require_second(connection, runtime.settings, by, "delete-document", {"document": identity}, asked.approval)
        if document.job_id is not None:
            cancel(connection, document.job_id, problem_body(JobCancelledError()))
        open_submission(connection, identity)
        change_submission(connection, identity)
        forget_findings(connection, identity)
        clear(connection, identity, Action.DELETE, {"stage": document.stage, "reason": asked.reason})
        add_changes(connection, identity, [Change(asked.who, "moved", "", document.stage, "deleted", asked.reason)])
        left = find_light(connection, identity)
    return {"id": identity, "state": left.stage if left is not None else "deleted"}

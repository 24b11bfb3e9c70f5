"""The same bytes again, for the same unit and campaign: the same document, whatever became of it since.

Another unit's document of the same bytes is a document of its own, and nothing tells the one of the other.
"""

from __future__ import annotations

from sqlalchemy import Connection

from service.operations.holding import SETTLED
from service.store.documents import StoredDocument, find_document, set_form_hint
from service.store.handing_in import find_arrival
from service.store.jobs import ENDED, find_job
from service.store.submissions import find_submission, open_submission, set_supersedes

PASSING = frozenset(
    {
        "job-dead",
        "job-cancelled",
        "parse-timeout",
        "parse-crashed",
        "conversion-failed",
        "ocr-crashed",
        "sandbox-unavailable",
    }
)
"""Why a file could not be read this time; another time it may be."""


def came_before(connection: Connection, key: str) -> StoredDocument | None:
    """The document that came under that key."""
    identity = find_arrival(connection, key)
    return find_document(connection, identity) if identity is not None else None


def same_again(connection: Connection, document: StoredDocument, form_hint: str | None, supersedes: str | None) -> bool:
    """Enter what a second upload says anew of a document; whether it is to be read once more.

    It is read again where the sender now says which form it is or which document it corrects, or where it could not be
    read for a reason that has passed; never while it is being read, and never once somebody accepted or returned it.
    """
    if document.job_id is None or document.stage in SETTLED:
        return False
    job = find_job(connection, document.job_id)
    if job is not None and job.state not in ENDED:
        return False
    is_corrected = supersedes not in (None, document.id) and _take_word(connection, document.id, supersedes)
    if form_hint is not None and form_hint != document.form_hint:
        set_form_hint(connection, document.id, form_hint)
        return True
    return is_corrected or _failed_in_passing(document)


def _take_word(connection: Connection, identity: str, supersedes: str | None) -> bool:
    """The sender's word which document this one corrects, if nobody said so before."""
    found = find_submission(connection, identity)
    if found is not None and (found.supersedes or found.merged_from):
        return False
    open_submission(connection, identity)
    set_supersedes(connection, identity, supersedes)
    return True


def _failed_in_passing(document: StoredDocument) -> bool:
    problem = (document.reading or {}).get("problem")
    return document.state == "failed" and problem is not None and problem["code"] in PASSING

"""The rules run again on a long list, beside those who write, and entered only if nobody changed it meanwhile."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from forms.plain import finding_to_plain
from service.operations.holding import SETTLED, hold_apart, rechecked, unit_named
from service.runtime import Runtime
from service.store.documents import StoredDocument, find_light, set_job
from service.store.jobs import ENDED, add_job, find_job
from service.store.records import change_findings, findings_of
from service.store.submissions import set_checked

RECHECK_JOB = "recheck-document"


def check_later(connection: Connection, document: StoredDocument) -> None:
    """Queue a check of a document, unless one is waiting or under way: that one looks at the newest version."""
    job = find_job(connection, document.job_id) if document.job_id else None
    if job is None or job.kind != RECHECK_JOB or job.state in ENDED:
        set_job(connection, document.id, add_job(connection, RECHECK_JOB, {"document_id": document.id}))


def recheck(runtime: Runtime, identity: str) -> dict[str, Any]:
    """What the rules say of a document at one moment: its version, the findings that go and those that come."""
    held = hold_apart(runtime.database, identity)
    with runtime.database.reading() as connection:
        known = findings_of(connection, identity)
    now = [rechecked(held, number, runtime) for number in range(len(held.now))]
    wanted = [
        (number, item.record.form, unit_named(held.document, item), finding_to_plain(finding))
        for number, item in enumerate(now)
        for finding in item.findings
    ]
    gone = {one_id: (item, body) for one_id, item, body in known}
    come: list[Any] = []
    by_place: dict[tuple[int, str, str], list[int]] = {}
    for one_id, item, body in known:
        by_place.setdefault((item, body["code"], body["path"]), []).append(one_id)
    for number, form, unit, body in wanted:
        same = [
            one for one in by_place.get((number, body["code"], body["path"]), ()) if gone.get(one) == (number, body)
        ]
        if same:
            del gone[same[0]]
        else:
            come.append([number, form, unit, body])
    return {"version": held.document.version, "gone": sorted(gone), "come": come}


def keep_recheck(connection: Connection, identity: str, made: dict[str, Any]) -> bool:
    """Enter what was found if the document is still as it was looked at, else look again; whether it was entered."""
    document = find_light(connection, identity)
    if document is None or document.stage in SETTLED:
        return False
    if document.version != made["version"]:
        set_job(connection, identity, add_job(connection, RECHECK_JOB, {"document_id": identity}))
        return False
    change_findings(connection, identity, made["gone"], [(*one,) for one in made["come"]])
    set_checked(connection, identity)
    return True

"""The rules run again, beside those who write, and entered only if nobody changed the document meanwhile.

Of a long list after a change in it; of every document of a campaign whose year or rules were changed, in the order in
which they came. What people entered, and where a document is on its way, stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from forms.plain import extraction_from_plain, extraction_to_plain, finding_to_plain
from service.operations.campaign_checks import CHECKED_STAGES, RECHECK_JOB
from service.operations.holding import hold, hold_apart, rechecked, save, unit_named
from service.runtime import Runtime
from service.store.documents import StoredDocument, find_light, set_job
from service.store.jobs import ENDED, add_job, find_job
from service.store.records import change_findings, findings_of
from service.store.submissions import Change, add_changes, set_checked

MACHINE = "系统"


def check_later(connection: Connection, document: StoredDocument) -> None:
    """Queue a check of a document, unless one is waiting or under way: that one looks at the newest version."""
    job = find_job(connection, document.job_id) if document.job_id else None
    if job is None or job.kind != RECHECK_JOB or job.state in ENDED:
        set_job(connection, document.id, add_job(connection, RECHECK_JOB, {"document_id": document.id}))


def recheck(runtime: Runtime, identity: str, campaign: str = "") -> dict[str, Any]:
    """What the rules say of a document at one moment: its version, the findings that go and those that come.

    ``campaign`` is the one whose change asked for it, empty for a change in the document.
    """
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
    told = {
        "gone_codes": sorted(gone[one][1]["code"] for one in gone),
        "findings": None if held.document.is_split else [[finding_to_plain(one) for one in it.findings] for it in now],
    }
    return {"version": held.document.version, "gone": sorted(gone), "come": come, "campaign": campaign, **told}


def keep_recheck(connection: Connection, identity: str, made: dict[str, Any]) -> bool:
    """Enter what was found if the document is still as it was looked at, else look again; whether it was entered."""
    document = find_light(connection, identity)
    if document is None or document.stage not in CHECKED_STAGES:
        return False
    if document.version != made["version"]:
        again = {"document_id": identity, "campaign": made["campaign"]}
        set_job(connection, identity, add_job(connection, RECHECK_JOB, again))
        return False
    if made["findings"] is None:
        change_findings(connection, identity, made["gone"], [(*one,) for one in made["come"]])
        set_checked(connection, identity)
        add_changes(connection, identity, _notes(made))
    elif made["gone"] or made["come"]:
        held = hold(connection, identity)
        held.now = [
            extraction_from_plain({**extraction_to_plain(item), "findings": found})
            for item, found in zip(held.now, made["findings"], strict=True)
        ]
        save(connection, held, MACHINE, _notes(made))
    return True


def _notes(made: dict[str, Any]) -> list[Change]:
    """What the history says of findings that a change of the campaign took away or brought; of an edit it says so."""
    if not made["campaign"] or not (made["gone"] or made["come"]):
        return []
    come, gone = _counted(body["code"] for *_, body in made["come"]), _counted(made["gone_codes"])
    return [Change(MACHINE, "noted", reason=f"批次规则改动后重新核对:新增 {come or '无'};消失 {gone or '无'}")]


def _counted(codes: Iterable[str]) -> str:
    return "、".join(f"{code}({count} 处)" for code, count in sorted(Counter(codes).items()))

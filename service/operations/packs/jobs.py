"""Packs as jobs: asked for, refused at once where something is missing, made, taken up again, and listed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection

from service.access.matrix import Action
from service.access.principal import known_principal
from service.access.scope import Scope
from service.audit.chain import record
from service.audit.events import Action as Audited
from service.audit.events import AuditEvent
from service.operations.belonging import made_by_caller
from service.operations.packs.asked import PREFILLED, Asked, Options, PackIncompleteError, Recipient
from service.operations.packs.contents import MOST_TOLD, Lack, counted, told
from service.operations.packs.gathering import campaign_asked
from service.operations.packs.making import PackMade
from service.operations.packs.stored import contents_now, pack_of_store
from service.operations.results import is_expired, result_of
from service.operations.submitters import require_submitter
from service.operations.units import office_day
from service.runtime import Runtime
from service.store.belonging import keep_belonging
from service.store.errors import NotFoundError
from service.store.jobs import Job, add_job, add_result, find_job, find_result, requeue
from service.store.pack_tables import packs
from service.store.packs import Pack, add_pack, find_pack, list_packs, new_pack_id
from service.store.units import Unit, all_units
from writers.packing.names import safe_part

PACK_JOB = "make-pack"
LARGEST_PACK = 32 << 30
CHUNK = 1 << 20
MOST_LISTED = 100
DISTRICT = "全区"
SHOWN_PROBLEMS = 50


def require_reach(connection: Connection, scope: Scope, unit_id: str | None) -> None:
    """Stop a pack over units that are not all within somebody's reach.

    Raises:
        NotFoundError: one of them is not.
    """
    if scope.everything:
        return
    below = _below(all_units(connection), unit_id)
    if unit_id is None or not below or not all(scope.covers_unit(identity) for identity in below):
        raise NotFoundError(pointer="unit")


def _below(units: tuple[Unit, ...], top: str | None) -> set[str]:
    found = {unit.id for unit in units if top is None or unit.id == top}
    while more := {unit.id for unit in units if unit.parent_id in found} - found:
        found |= more
    return found


def lacks_now(runtime: Runtime, asked: Asked) -> tuple[Lack, ...]:
    """What would keep the pack from being complete if it were made now.

    Raises:
        NotFoundError: there is no such unit or campaign.
    """
    if asked.kind == PREFILLED:
        return ()
    key = ("lacks", asked, office_day(), tuple(item.edition for item in runtime.catalogue.definitions))
    return runtime.memory.of(key, lambda: contents_now(runtime, asked).lacks)


def missing_body(lacks: tuple[Lack, ...]) -> dict[str, Any]:
    """What is missing or wrong, as JSON."""
    return {
        "complete": not lacks,
        "total": len(lacks),
        "summary": counted(lacks),
        "missing": [item.to_plain() for item in lacks[:MOST_TOLD]],
    }


def incomplete(lacks: tuple[Lack, ...]) -> PackIncompleteError:
    """The refusal of a pack in which that is missing or wrong."""
    return PackIncompleteError([item.to_plain() for item in lacks[:MOST_TOLD]], told(lacks))


def queue_pack(runtime: Runtime, asked: Asked, who: str) -> Pack:
    """A pack to be made by the worker, which looks once more at whether something is missing.

    Raises:
        NotFoundError: there is no such unit or campaign.
    """
    identity = new_pack_id()
    with runtime.database.transaction() as connection:
        campaign = campaign_asked(connection, asked.campaign_id)
        job = add_job(connection, PACK_JOB, {"pack": identity})
        made_by_caller(connection, "job", job)
        add_pack(
            connection,
            id=identity,
            job_id=job,
            kind=asked.kind,
            unit_id=asked.unit_id,
            unit=_unit_name(connection, asked.unit_id),
            recipient=asked.recipient.value,
            campaign_id=campaign.id if campaign else None,
            options=asked.options.to_plain(),
            made_by=who,
        )
        _place(connection, identity, asked)
        record(connection, AuditEvent(Audited.JOB_START, "pack", identity, details=_described(asked), who=who))
    return pack_of(runtime, identity)


def _unit_name(connection: Connection, unit_id: str | None) -> str:
    if unit_id is None:
        return DISTRICT
    found = next((unit.name for unit in all_units(connection) if unit.id == unit_id), None)
    if found is None:
        raise NotFoundError(pointer="unit")
    return found


def _place(connection: Connection, identity: str, asked: Asked) -> None:
    """Whose a pack is: of the unit over whose subtree it goes; the district's is of nobody but who sees everything."""
    principal = known_principal()
    values: dict[str, Any] = {"unit_id": asked.unit_id, "forms": set(asked.recipient.forms)}
    if principal is not None and not principal.is_desk:
        values["account_id"] = principal.id
    keep_belonging(connection, "pack", identity, **values)


def _described(asked: Asked) -> dict[str, str | bool]:
    return {
        "kind": asked.kind,
        "unit": asked.unit_id or DISTRICT,
        "recipient": asked.recipient.value,
        "with_errors": asked.options.with_errors,
    }


def pack_of(runtime: Runtime, identity: str) -> Pack:
    """The pack of that id.

    Raises:
        NotFoundError: there is none.
    """
    with runtime.database.reading() as connection:
        found = find_pack(connection, identity)
    if found is None:
        raise NotFoundError
    return found


def run_pack(runtime: Runtime, job: Job, tell: Callable[[int, int, str], None]) -> dict[str, Any]:
    """Make a pack that was asked for, with the right of whoever asked, and keep its file."""
    require_submitter(runtime.database, job.id, Action.EXPORT_PLAIN)
    pack = pack_of(runtime, str(job.arguments["pack"]))
    with tempfile.TemporaryFile() as target:
        made = pack_of_store(runtime, asked_of(pack), target, tell)
        target.seek(0)
        chunks: Iterator[bytes] = iter(lambda: target.read(CHUNK), b"")
        blob = runtime.blobs.put(chunks, LARGEST_PACK)
    return {"file": file_name(pack), "sha256": blob.sha256, "size": blob.size, **_told(made)}


def _told(made: PackMade) -> dict[str, Any]:
    shown = [item.to_plain() for item in made.problems[:SHOWN_PROBLEMS]]
    return {"documents": made.documents, "pages": made.pages, "problem_count": len(made.problems), "problems": shown}


def keep_pack(_runtime: Runtime, connection: Connection, job: Job, made: dict[str, Any]) -> dict[str, Any]:
    """The file becomes the job's."""
    add_result(connection, job, made["file"], made["sha256"], made["size"])
    return {key: value for key, value in made.items() if key != "sha256"}


def asked_of(pack: Pack) -> Asked:
    """What was asked for."""
    recipient = Recipient(pack.recipient)
    return Asked(pack.kind, pack.unit_id, recipient, pack.campaign_id, Options(**pack.options))


def file_name(pack: Pack) -> str:
    """Under which name a pack is downloaded."""
    what = "预填包" if pack.kind == PREFILLED else "报送包"
    to = "" if pack.kind == PREFILLED or pack.recipient == Recipient.ALL else f"_{Recipient(pack.recipient).label}"
    return f"{what}_{safe_part(pack.unit)}{to}.zip"


def resume_pack(runtime: Runtime, identity: str) -> Pack:
    """Take up again a pack that was cancelled or failed; what was finished of it is not made again.

    Raises:
        NotFoundError: there is no such pack.
    """
    pack = pack_of(runtime, identity)
    with runtime.database.transaction() as connection:
        requeue(connection, pack.job_id)
    return pack


def pack_body(runtime: Runtime, pack: Pack) -> dict[str, Any]:
    """A pack and how far it is, as JSON."""
    with runtime.database.reading() as connection:
        job = find_job(connection, pack.job_id)
        result = find_result(connection, pack.job_id)
    expired = job is not None and is_expired(runtime.settings, job)
    href = f"/api/v1/packs/{pack.id}"
    return {
        "id": pack.id,
        "kind": pack.kind,
        "unit": pack.unit,
        "unit_id": pack.unit_id,
        "recipient": pack.recipient,
        "campaign": pack.campaign_id,
        "options": pack.options,
        "made_at": pack.made_at,
        "made_by": pack.made_by,
        "job": pack.job_id,
        "state": job.state if job else "dead",
        "progress": {"done": job.done, "total": job.total, "stage": job.stage} if job else None,
        "problem": job.problem if job else None,
        "result": job.result if job else None,
        "sha256": result[1] if result else None,
        "href": href,
        "download": f"{href}/download" if result and not expired else None,
        "expired": expired,
    }


def packs_in_reach(connection: Connection, scope: Scope) -> list[Pack]:
    """The latest packs that somebody may see: over units within reach, or what that account made."""
    within = scope.within("pack")
    found = list_packs(connection, [] if within is None else [within(packs.c.id)], MOST_LISTED)
    if scope.everything:
        return found
    units = all_units(connection)
    return [pack for pack in found if all(map(scope.covers_unit, _below(units, pack.unit_id)))]


def pack_file(runtime: Runtime, identity: str) -> tuple[str, str] | None:
    """Name and SHA-256 of the file of a pack; ``None`` while it is not made.

    Raises:
        ResultExpiredError: it was made too long ago.
    """
    pack = pack_of(runtime, identity)
    with runtime.database.reading() as connection:
        job = find_job(connection, pack.job_id)
        return None if job is None else result_of(connection, runtime.settings, job)

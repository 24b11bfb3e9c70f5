"""``/jobs``: how long work is getting on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response

from service.access.matrix import Action
from service.access.principal import current_principal
from service.api.context import answer_json, answer_stored, runtime
from service.api.errors import NotReadyError
from service.audit.events import Action as Audited
from service.audit.noting import note_job
from service.jobs.cancelling import cancel_job
from service.operations.locking import require_fit_for_archive
from service.operations.packs.jobs import PACK_JOB
from service.operations.results import result_of
from service.runtime import Runtime
from service.store.errors import NotFoundError
from service.store.jobs import ENDED, Job, find_job, requeue

blueprint = Blueprint("jobs", __name__)
LONGEST_STREAM = 300.0
ASK_SECONDS = 0.5
QUIET_SECONDS = 10.0
"""After so long without news a comment is sent: only by sending is it seen that nobody listens any more."""
STREAMS = threading.BoundedSemaphore(4)
"""Each stream holds a thread of the server; the other threads stay for all other requests."""


@blueprint.get("/jobs/<uuid:identity>")
def show_job(identity: object) -> Response:
    """State, progress, problem and result of a job."""
    return answer_json(_told(_job(runtime(), str(identity)), whole=_content_seen()))


@blueprint.delete("/jobs/<uuid:identity>")
def stop_job(identity: object) -> Response:
    """Cancel a job that has not ended; a document that waited for it says that it was not read."""
    return answer_json(_described(cancel_job(runtime(), str(identity))))


@blueprint.post("/jobs/<uuid:identity>/resume")
def resume_job(identity: object) -> Response:
    """Queue a job anew that was cancelled or ended undone, with all its attempts before it."""
    parts = runtime()
    queue_anew(parts, str(identity))
    return answer_json(_described(_job(parts, str(identity))), 202)


def queue_anew(parts: Runtime, identity: str) -> None:
    """Queue a job anew, and write down who did.

    Raises:
        NotFoundError: there is none of that id that ended undone.
    """
    with parts.database.transaction() as connection:
        job = find_job(connection, identity)
        if job is None or not requeue(connection, job.id):
            raise NotFoundError
        note_job(connection, Audited.JOB_START, job)


@blueprint.get("/jobs/<uuid:identity>/download")
def download_result(identity: object) -> Response:
    """The file the job made."""
    parts = runtime()
    job = _job(parts, str(identity))
    if job.kind == PACK_JOB:
        require_fit_for_archive(parts.settings, "", "")
    with parts.database.reading() as connection:
        made = result_of(connection, parts.settings, job)
    if made is None:
        raise NotReadyError
    return answer_stored(parts.blobs.open(made[1]), made[0])


@blueprint.get("/jobs/<uuid:identity>/events")
def stream_job(identity: object) -> Response:
    """Progress as server-sent events, until the job ends or five minutes have gone.

    When too many follow their jobs already, the stream ends after the first event and asks to be called again.
    """
    parts = runtime()
    _job(parts, str(identity))
    # The events are made after the request has ended: what the caller sees of them is settled now
    events = _events(parts, str(identity), whole=_content_seen())
    return Response(events, content_type="text/event-stream")


def _events(parts: Runtime, identity: str, *, whole: bool) -> Iterator[str]:
    if not STREAMS.acquire(blocking=False):
        yield "retry: 3000\n" + _event(_job(parts, identity), whole=whole)
        return
    try:
        yield from _followed(parts, identity, whole=whole)
    finally:
        STREAMS.release()


def _followed(parts: Runtime, identity: str, *, whole: bool) -> Iterator[str]:
    began = told = time.monotonic()
    last = ""
    while (now := time.monotonic()) < began + LONGEST_STREAM:
        job = _job(parts, identity)
        event = _event(job, whole=whole)
        if event != last or now >= told + QUIET_SECONDS:
            yield event if event != last else ": \n\n"
            last, told = event, now
        if job.state in ENDED:
            return
        time.sleep(ASK_SECONDS)


def _event(job: Job, *, whole: bool) -> str:
    return f"event: progress\ndata: {json.dumps(_told(job, whole=whole), ensure_ascii=False)}\n\n"


def _job(parts: Runtime, identity: str) -> Job:
    with parts.database.reading() as connection:
        job = find_job(connection, identity)
    if job is None:
        raise NotFoundError
    return job


def _content_seen() -> bool:
    """Whether the caller sees what a job is about; who looks after all jobs sees only how they are."""
    return not current_principal().right(Action.ALL_JOBS).is_given or current_principal().is_desk


def _told(job: Job, *, whole: bool) -> dict[str, Any]:
    described = _described(job)
    if whole:
        return described
    code = {"code": described["problem"]["code"]} if described["problem"] else None
    return {**described, "problem": code, "result": None}


def _described(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "progress": {"done": job.done, "total": job.total, "stage": job.stage},
        "attempt": job.run,
        "problem": job.problem,
        "result": job.result,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }

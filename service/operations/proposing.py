"""A proposal of an edition as a job: asked for with a blank, made beside, and put in its place when the job ends.

What is made lies in a folder of the job until then. So a job that is cancelled, fails or loses its worker leaves the
proposals as they were, and one that is taken up again begins with an empty folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from service.access.matrix import Action
from service.operations.adopting import AdoptRequest
from service.operations.belonging import made_by_caller
from service.operations.editions import next_edition, require_free
from service.operations.proposals import asked_again, move_in, proposals_folder, propose_blank
from service.operations.submitters import require_submitter
from service.runtime import Runtime
from service.settings import Settings
from service.store.errors import NotFoundError
from service.store.jobs import ENDED, Job, add_job, find_job

ADOPT_JOB = "adopt-edition"
STEPS = 4
MAKING = ".making"
LARGEST_BLANK = 64 << 20

Tell = Callable[[int, int, str], None]


def queue_proposal(runtime: Runtime, sha256: str, name: str, request: AdoptRequest) -> Job:
    """A proposal to be made by the worker of a blank that is in the store; nothing of the installation changes.

    Raises:
        UnknownFormError: there is no such form.
        EditionRefusedError: the edition exists.
    """
    form = runtime.catalogue.find(request.form).form
    edition = request.edition or next_edition(runtime.settings, form)
    require_free(runtime.settings, form, edition)
    arguments = {
        "data": sha256,
        "name": name,
        "form": form,
        "edition": edition,
        "labels": dict(request.labels),
        "extras": dict(request.extras),
    }
    with runtime.database.transaction() as connection:
        identity = add_job(connection, ADOPT_JOB, arguments, STEPS)
        made_by_caller(connection, "job", identity)
    return proposal_job(runtime, identity)


def queue_again(runtime: Runtime, form: str, edition: str, labels: dict[str, str], extras: dict[str, str]) -> Job:
    """The same for a proposal that is there, of the blank that it was made of, with more of its labels decided.

    Raises:
        NotFoundError: no such proposal, or its blank was not kept.
        EditionRefusedError: the edition was installed meanwhile.
    """
    blank, name, request = asked_again(runtime.settings, form, edition, labels, extras)
    blob = runtime.blobs.put([blank.read_bytes()], LARGEST_BLANK)
    return queue_proposal(runtime, blob.sha256, name, request)


def proposal_job(runtime: Runtime, identity: str) -> Job:
    """The job of a proposal.

    Raises:
        NotFoundError: there is none of that id.
    """
    with runtime.database.reading() as connection:
        job = find_job(connection, identity)
    if job is None or job.kind != ADOPT_JOB:
        raise NotFoundError
    return job


def run_proposal(runtime: Runtime, job: Job, tell: Tell) -> dict[str, Any]:
    """Make the proposal in the job's own folder, with the right of whoever asked for it.

    Raises:
        FormServiceError: as :func:`service.operations.adopting.adopt`.
    """
    require_submitter(runtime.database, job.id, Action.PUBLISH_TEMPLATE)
    told = job.arguments
    request = AdoptRequest(told["form"], told["edition"], labels=told["labels"], extras=told["extras"])
    _sweep(runtime, job.id)
    folder = _folder(runtime.settings, job.id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with runtime.blobs.opened(told["data"]) as blank:
        report = propose_blank(
            runtime.settings, blank, told["name"], request, folder, lambda done, stage: tell(done, STEPS, stage)
        )
    return {"form": report["form"], "edition": report["edition"], "usable": report["usable"]}


def keep_proposal(runtime: Runtime, _connection: Connection, job: Job, made: dict[str, Any]) -> dict[str, Any]:
    """What was made goes where proposals wait, in place of an earlier one of that edition."""
    folder = _folder(runtime.settings, job.id)
    move_in(runtime.settings, folder, made["form"], made["edition"])
    shutil.rmtree(folder, ignore_errors=True)
    return made


def _folder(settings: Settings, identity: str) -> Path:
    return proposals_folder(settings).resolve() / MAKING / identity


def _sweep(runtime: Runtime, own: str) -> None:
    """Take away what jobs left behind that were cancelled or killed."""
    for folder in (proposals_folder(runtime.settings).resolve() / MAKING).glob("*"):
        if folder.name == own:
            continue
        with runtime.database.reading() as connection:
            job = find_job(connection, folder.name)
        if job is None or job.state in ENDED:
            shutil.rmtree(folder, ignore_errors=True)

"""What each kind of job does. Its work is done in a child process; its effect is stored together with the job's end.

``run`` computes and returns plain data, which may cross to another process. ``store`` writes it down, in the
transaction that ends the job, and returns the short result that ``GET /jobs/{id}`` shows.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection

from forms.errors import FormServiceError
from forms.plain import finding_to_plain
from service.access.matrix import Action
from service.operations.campaign_checks import RECHECK_JOB, check_if_rules_changed
from service.operations.campaigns import settings_for
from service.operations.cross_units import CROSS_JOB, compare
from service.operations.documents import READ_JOB, document_of, original_of, unread
from service.operations.filling import FillOptions, fill_records
from service.operations.ledgers import options_for
from service.operations.making import FILL_JOB, bundle_name, keep_zip
from service.operations.packs.jobs import PACK_JOB, keep_pack, run_pack
from service.operations.progress.posting import LETTERS_JOB, make_letters
from service.operations.proposing import ADOPT_JOB, keep_proposal, run_proposal
from service.operations.reading import read_checked
from service.operations.rechecking import keep_recheck, recheck
from service.operations.rereading import ReadyReading, make_ready, take_reading
from service.operations.sources import intakes_for
from service.operations.submitters import require_submitter
from service.runtime import Runtime
from service.store.cross import CrossFinding, replace_findings
from service.store.jobs import Job, add_result
from writers.filling import FilledForm, Purpose

Tell = Callable[[int, int, str], None]
"""Progress: done, total, stage. May raise :class:`StoppedError` when the work is to be left."""
Made = dict[str, Any]
"""What a task computed, as plain data."""

LOG = logging.getLogger(__name__)
SHOWN_FINDINGS = 200


class StoppedError(Exception):
    """The job was cancelled or taken away, or the worker stops. No fault of anyone."""


def as_made(_runtime: Runtime, _job: Job, made: Made) -> Made:
    """What was computed is written as it is."""
    return made


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job: what it computes, what is written of it, or when it never gets done; ``queue`` of a broker.

    ``ready`` makes of the computed what ``store`` writes, before the transaction in which nobody else can write.
    """

    run: Callable[[Runtime, Job, Tell], Made]
    store: Callable[[Runtime, Connection, Job, Any], dict[str, Any]]
    give_up: Callable[[Connection, Job, FormServiceError], None]
    queue: str
    ready: Callable[[Runtime, Job, Made], Any] = as_made


def read_document(runtime: Runtime, job: Job, tell: Tell) -> Made:
    """Read and check a returned file; a file that cannot be read is a result, not a failed job."""
    document = document_of(runtime.database, str(job.arguments["document_id"]))
    require_submitter(runtime.database, job.id, Action.UPLOAD, document.id)
    tell(0, 1, "读取")
    known = options_for(document, runtime)
    with runtime.database.reading() as connection:
        rules = settings_for(connection, runtime.settings, document.campaign_id)
    ruled = replace(runtime, settings=rules)
    with original_of(runtime.blobs, document) as original:
        return read_checked(original, document.name, document.form_hint, ruled, known)


def ready_reading(runtime: Runtime, job: Job, made: Made) -> ReadyReading:
    """The forms that were read, those of a long list sealed."""
    return make_ready(runtime, str(job.arguments["document_id"]), made)


def keep_reading(runtime: Runtime, connection: Connection, job: Job, ready: ReadyReading) -> dict[str, Any]:
    """What was read becomes the document's."""
    identity = str(job.arguments["document_id"])
    take_reading(runtime, connection, identity, ready)
    check_if_rules_changed(connection, identity, job)
    return {"document": identity, "status": ready.plain["status"]}


def leave_unread(connection: Connection, job: Job, fault: FormServiceError) -> None:
    """The document says that it could not be read, and why."""
    unread(connection, str(job.arguments["document_id"]), fault)


def fill_forms(runtime: Runtime, job: Job, tell: Tell) -> Made:
    """Make many forms and keep them as one file to download."""
    require_submitter(runtime.database, job.id, Action.FILL)
    arguments = job.arguments
    definition = runtime.catalogue.find(arguments["form"], arguments["edition"])
    intakes = intakes_for(definition, json.loads(runtime.blobs.read(arguments["data"])), runtime.catalogue)
    options = FillOptions(Purpose(arguments["purpose"]), arguments["as"], print_mark=arguments["print_mark"])
    forms = fill_records(definition, [intake.record for intake in intakes], options, runtime.register)
    blob, findings = keep_zip(runtime.blobs, _told(forms, len(intakes), tell))
    shown = [finding_to_plain(finding) for finding in findings[:SHOWN_FINDINGS]]
    return {
        "file": bundle_name(definition, len(intakes)),
        "sha256": blob.sha256,
        "size": blob.size,
        "finding_count": len(findings),
        "findings": shown,
    }


def keep_filled(_runtime: Runtime, connection: Connection, job: Job, made: Made) -> dict[str, Any]:
    """The file becomes the job's."""
    add_result(connection, job, made["file"], made["sha256"], made["size"])
    return {name: made[name] for name in ("file", "size", "finding_count", "findings")}


def _told(forms: Iterable[FilledForm], total: int, tell: Tell) -> Iterator[FilledForm]:
    for done, form in enumerate(forms, start=1):
        yield form
        tell(done, total, "生成")


def leave_unfilled(_connection: Connection, _job: Job, _fault: FormServiceError) -> None:
    """Nothing was promised beyond what the job itself says."""


def check_across(runtime: Runtime, job: Job, tell: Tell) -> Made:
    """What accepted forms show only together: all of them, or those with the people of one document."""
    tell(0, 1, "跨单位核对")
    return {"findings": [asdict(item) for item in compare(runtime, job.arguments.get("document_id"))]}


def keep_across(_runtime: Runtime, connection: Connection, job: Job, made: Made) -> dict[str, Any]:
    """What was found stands instead of what was known."""
    found = [CrossFinding(**item) for item in made["findings"]]
    return {"finding_count": replace_findings(connection, found, job.arguments.get("document_id"))}


def recheck_document(runtime: Runtime, job: Job, tell: Tell) -> Made:
    """What the rules say of a document as it stands now."""
    tell(0, 1, "核对")
    return recheck(runtime, str(job.arguments["document_id"]), str(job.arguments.get("campaign", "")))


def keep_rechecked(_runtime: Runtime, connection: Connection, job: Job, made: Made) -> dict[str, Any]:
    """Entered unless somebody changed the document meanwhile; then it is looked at once more."""
    entered = keep_recheck(connection, str(job.arguments["document_id"]), made)
    return {"entered": entered, "version": made["version"], "gone": len(made["gone"]), "come": len(made["come"])}


def write_letters(runtime: Runtime, job: Job, tell: Tell) -> Made:
    """The letters to all units concerned, as one file to download."""
    require_submitter(runtime.database, job.id, Action.EXPORT_MASKED)
    return make_letters(runtime, job.arguments, tell)


def keep_letters(_runtime: Runtime, connection: Connection, job: Job, made: Made) -> dict[str, Any]:
    """The file becomes the job's."""
    add_result(connection, job, made["file"], made["sha256"], made["size"])
    return {name: made[name] for name in ("file", "size", "letters")}


TASKS: dict[str, Task] = {
    READ_JOB: Task(read_document, keep_reading, leave_unread, "ocr", ready_reading),
    FILL_JOB: Task(fill_forms, keep_filled, leave_unfilled, "fill"),
    RECHECK_JOB: Task(recheck_document, keep_rechecked, leave_unfilled, "export"),
    LETTERS_JOB: Task(write_letters, keep_letters, leave_unfilled, "export"),
    PACK_JOB: Task(run_pack, keep_pack, leave_unfilled, "export"),
    ADOPT_JOB: Task(run_proposal, keep_proposal, leave_unfilled, "export"),
    CROSS_JOB: Task(check_across, keep_across, leave_unfilled, "export"),
}


def give_up(connection: Connection, job: Job, fault: FormServiceError) -> None:
    """Say that a job will never get done, where its result was awaited, in the transaction that ends it.

    Where nobody can be told, as its document was cleared meanwhile, the job ends all the same.
    """
    if job.kind not in TASKS:
        return
    try:
        with connection.begin_nested():
            TASKS[job.kind].give_up(connection, job, fault)
    except FormServiceError as silent:
        LOG.warning("nobody waits for job %s (%s) any more: %s", job.id, job.kind, silent.code)

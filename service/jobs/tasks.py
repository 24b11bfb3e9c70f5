"""What each kind of job does. A task computes; its effect is stored together with the job's end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from forms.errors import FormServiceError
from forms.plain import finding_to_plain
from service.operations.documents import READ_JOB, document_of, original_of, unread
from service.operations.filling import FillOptions, fill_records
from service.operations.ledgers import options_for
from service.operations.making import FILL_JOB, bundle_name, keep_zip
from service.operations.reading import read_checked
from service.operations.rereading import take_reading
from service.operations.sources import intakes_for
from service.runtime import Runtime
from service.store.errors import NotFoundError
from service.store.jobs import Job, add_result
from writers.filling import FilledForm, Purpose

Tell = Callable[[int, int, str], None]
"""Progress: done, total, stage. Raises :class:`StoppedError` when the work is to be left."""


SHOWN_FINDINGS = 200


class StoppedError(Exception):
    """The job was cancelled or taken away, or the worker stops. No fault of anyone."""


def _nothing(_connection: Connection, _job: Job) -> None:
    return


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job came to: a short result for ``GET /jobs/{id}`` and what is written when it ends."""

    result: dict[str, Any] = field(default_factory=dict)
    store: Callable[[Connection, Job], None] = _nothing


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job: what it does, and what is written when it never gets done."""

    run: Callable[[Runtime, Job, Tell], Outcome]
    give_up: Callable[[Connection, Job, FormServiceError], None]


def read_document(runtime: Runtime, job: Job, tell: Tell) -> Outcome:
    """Read and check a returned file; a file that cannot be read is a result, not a failed job."""
    identity = str(job.arguments["document_id"])
    document = document_of(runtime.database, identity)
    tell(0, 1, "读取")
    known = options_for(document, runtime)
    reading = read_checked(original_of(runtime.blobs, document), document.name, document.form_hint, runtime, known)

    def store(connection: Connection, _job: Job) -> None:
        take_reading(runtime, connection, identity, reading)

    return Outcome({"document": identity, "status": reading["status"]}, store)


def leave_unread(connection: Connection, job: Job, fault: FormServiceError) -> None:
    """The document says that it could not be read, and why."""
    unread(connection, str(job.arguments["document_id"]), fault)


def fill_forms(runtime: Runtime, job: Job, tell: Tell) -> Outcome:
    """Make many forms and keep them as one file to download."""
    arguments = job.arguments
    definition = runtime.catalogue.find(arguments["form"], arguments["edition"])
    path = runtime.blobs.path(arguments["data"])
    if not path.is_file():
        raise NotFoundError
    intakes = intakes_for(definition, json.loads(path.read_text(encoding="utf-8")), runtime.catalogue)
    options = FillOptions(Purpose(arguments["purpose"]), arguments["as"], print_mark=arguments["print_mark"])
    forms = fill_records(definition, [intake.record for intake in intakes], options, runtime.register)
    blob, findings = keep_zip(runtime.blobs, _told(forms, len(intakes), tell))
    name = bundle_name(definition, len(intakes))

    def store(connection: Connection, job: Job) -> None:
        add_result(connection, job, name, blob.sha256, blob.size)

    shown = [finding_to_plain(finding) for finding in findings[:SHOWN_FINDINGS]]
    return Outcome({"file": name, "size": blob.size, "finding_count": len(findings), "findings": shown}, store)


def _told(forms: Iterable[FilledForm], total: int, tell: Tell) -> Iterator[FilledForm]:
    for done, form in enumerate(forms, start=1):
        yield form
        tell(done, total, "生成")


def leave_unfilled(_connection: Connection, _job: Job, _fault: FormServiceError) -> None:
    """Nothing was promised beyond what the job itself says."""


TASKS: dict[str, Task] = {
    READ_JOB: Task(read_document, leave_unread),
    FILL_JOB: Task(fill_forms, leave_unfilled),
}

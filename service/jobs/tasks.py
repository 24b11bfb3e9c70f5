"""What each kind of job does. A task computes; its effect is stored together with the job's end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from service.operations.documents import READ_JOB, document_of, original_of
from service.operations.filling import FillOptions, fill_records
from service.operations.making import FILL_JOB, bundle
from service.operations.reading import read_checked
from service.operations.sources import intakes_for
from service.runtime import Runtime
from service.store.documents import set_reading
from service.store.errors import NotFoundError
from service.store.jobs import Job, add_result
from writers.filling import FilledForm, Purpose

Tell = Callable[[int, int, str], bool]
"""Progress: done, total, stage. ``False`` means that the job was cancelled or taken away."""


def _nothing(_connection: Connection, _job: Job) -> None:
    return


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job came to: a short result for ``GET /jobs/{id}`` and what is written when it ends."""

    result: dict[str, Any] = field(default_factory=dict)
    store: Callable[[Connection, Job], None] = _nothing


def read_document(runtime: Runtime, job: Job, tell: Tell) -> Outcome:
    """Read and check a returned file; a file that cannot be read is a result, not a failed job."""
    identity = str(job.arguments["document_id"])
    document = document_of(runtime.database, identity)
    tell(0, 1, "读取")
    reading = read_checked(original_of(runtime.blobs, document), document.name, document.form_hint, runtime)
    plain = reading.to_plain()

    def store(connection: Connection, _job: Job) -> None:
        set_reading(connection, identity, reading.status, plain)

    return Outcome({"document": identity, "status": reading.status}, store)


def fill_forms(runtime: Runtime, job: Job, tell: Tell) -> Outcome:
    """Make many forms and keep them as one file to download."""
    arguments = job.arguments
    definition = runtime.catalogue.find(arguments["form"], arguments["edition"])
    path = runtime.blobs.path(arguments["data"])
    if not path.is_file():
        raise NotFoundError
    intakes = intakes_for(definition, json.loads(path.read_text(encoding="utf-8")), runtime.catalogue)
    options = FillOptions(Purpose(arguments["purpose"]), arguments["as"], print_mark=arguments["print_mark"])
    made: list[FilledForm] = []
    for form in fill_records(definition, [intake.record for intake in intakes], options):
        made.append(form)
        if not tell(len(made), len(intakes), "生成"):
            return Outcome()
    result = bundle(definition, made)
    blob = runtime.blobs.put([result.content], 1 << 40)

    def store(connection: Connection, job: Job) -> None:
        add_result(connection, job, result.name, blob.sha256, blob.size)

    return Outcome({"file": result.name, "findings": len(result.findings)}, store)


TASKS: dict[str, Callable[[Runtime, Job, Tell], Outcome]] = {READ_JOB: read_document, FILL_JOB: fill_forms}

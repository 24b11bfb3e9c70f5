"""Filled files for the API: one file, a zip of many, or a job that makes them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile

from forms.definition import FormDefinition
from forms.finding import Finding
from forms.record import Record
from service.operations.belonging import made_by_caller
from service.operations.filling import FillOptions, fill_records, write_zip
from service.operations.issuing import IssueRegister
from service.runtime import Runtime
from service.store.blobs import Blob, BlobStore
from service.store.jobs import add_job
from writers.filling import FilledForm

FILL_JOB = "fill-forms"
MOST_DATA = 256 * 1024 * 1024
LARGEST_RESULT = 16 * MOST_DATA
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Made:
    """A file to hand out, and what had to be said while making it."""

    name: str
    content: bytes
    findings: tuple[Finding, ...]


def fill_now(
    definition: FormDefinition,
    records: Sequence[Record],
    options: FillOptions,
    register: IssueRegister | None = None,
) -> Made:
    """The one form, or a zip when there are several."""
    forms = fill_records(definition, records, options, register)
    if len(records) == 1:
        form = next(iter(forms))
        return Made(form.name, form.content, form.findings)
    buffer = io.BytesIO()
    findings = write_zip(forms, buffer)
    return Made(bundle_name(definition, len(records)), buffer.getvalue(), findings)


def bundle_name(definition: FormDefinition, count: int) -> str:
    """The name of a zip of so many forms."""
    return f"附件{definition.number}_{count}份.zip"


def keep_zip(store: BlobStore, forms: Iterable[FilledForm]) -> tuple[Blob, tuple[Finding, ...]]:
    """The forms as a zip in the store; they stand on the disk and never together in memory."""
    with TemporaryFile() as target:
        findings = write_zip(forms, target)
        target.seek(0)
        chunks: Iterator[bytes] = iter(lambda: target.read(CHUNK), b"")
        return store.put(chunks, LARGEST_RESULT), findings


def queue_fill(runtime: Runtime, definition: FormDefinition, data: str, options: FillOptions, total: int) -> str:
    """A job that makes the forms; its data is a blob, for job rows carry no personal data. Returns the job's id."""
    blob = runtime.blobs.put([data.encode("utf-8")], MOST_DATA)
    arguments = {
        "form": definition.form,
        "edition": definition.edition,
        "data": blob.sha256,
        "purpose": options.purpose.value,
        "as": options.as_format,
        "print_mark": options.print_mark,
    }
    with runtime.database.transaction() as connection:
        job = add_job(connection, FILL_JOB, arguments, total)
        made_by_caller(connection, "job", job)
        return job

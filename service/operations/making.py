"""Filled files for the API: one file, a zip of many, or a job that makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forms.definition import FormDefinition
from forms.finding import Finding
from forms.record import Record
from service.operations.filling import FillOptions, as_zip, fill_records
from service.runtime import Runtime
from service.store.jobs import add_job
from writers.filling import FilledForm

FILL_JOB = "fill-forms"
MOST_DATA = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """A file to hand out, and what had to be said while making it."""

    name: str
    content: bytes
    findings: tuple[Finding, ...]


def fill_now(definition: FormDefinition, records: Sequence[Record], options: FillOptions) -> Made:
    """The one form, or a zip when there are several."""
    return bundle(definition, list(fill_records(definition, records, options)))


def bundle(definition: FormDefinition, forms: Sequence[FilledForm]) -> Made:
    """One form as it is, several as a zip named after the form."""
    findings = tuple(finding for form in forms for finding in form.findings)
    if len(forms) == 1:
        return Made(forms[0].name, forms[0].content, findings)
    content = as_zip((form.name, form.content) for form in forms)
    return Made(f"附件{definition.number}_{len(forms)}份.zip", content, findings)


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
        return add_job(connection, FILL_JOB, arguments, total)

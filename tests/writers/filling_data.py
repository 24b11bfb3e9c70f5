"""Records for the tests of filling: whole ones by the sample maker, and changed in one place."""

from __future__ import annotations

from dataclasses import replace

from forms.catalogue import Catalogue
from forms.intake import take_in
from forms.record import Entry, Record, Value
from samples.records import make_records

FORMS = ("attachment-1", "attachment-2", "attachment-3", "attachment-4", "attachment-5")


def record_of(form: str, count: int = 3, seed: int = 7) -> Record:
    """The first invented record of a form; a roster of ``count`` persons."""
    return take_in(make_records(form, count, seed), Catalogue.load())[0].record


def with_values(record: Record, row: int = 0, **values: Value) -> Record:
    """The record with some values of one person changed."""
    rows = list(record.rows)
    rows[row] = {**rows[row], **{key: Entry(value) for key, value in values.items()}}
    return replace(record, rows=tuple(rows))

"""Invented records for the measurements, as intake makes them."""

from __future__ import annotations

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.intake import take_in
from forms.record import Record
from samples.records import make_records

SEED = 20260731


def definition_of(form: str) -> FormDefinition:
    """A form by its id."""
    return Catalogue.load().find(form)


def records_of(form: str, count: int) -> list[Record]:
    """``count`` approvals, or one roster of ``count`` persons."""
    return [intake.record for intake in take_in(make_records(form, count, SEED), Catalogue.load())]

"""A record moves between editions: the same keys, and what has no place is told."""

from __future__ import annotations

from dataclasses import replace

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.record import Mark, MarkKind
from tests.writers.filling_data import record_of
from writers.moving import LEFT_OUT, moved_to

BASE = Catalogue.load().find("attachment-4")


def narrower(*keys: str, box: str = "") -> FormDefinition:
    """The card in an edition without some fields and one box."""
    fields = tuple(item for item in BASE.fields if item.key not in keys)
    return replace(BASE, edition="r9", fields=fields, boxes=tuple(one for one in BASE.boxes if one.key != box))


def test_a_record_of_the_same_edition_stays_as_it_is() -> None:
    record = record_of("attachment-4", 1, 5)
    assert moved_to(BASE, record) == (record, ())


def test_keys_stay_and_what_is_left_out_is_told() -> None:
    record = record_of("attachment-4", 1, 5)
    moved, findings = moved_to(narrower("phone", "note"), record)
    assert moved.edition == "r9"
    assert dict(moved.rows[0]) == {key: entry for key, entry in record.rows[0].items() if key not in ("phone", "note")}
    assert [(one.code, one.path) for one in findings] == [(LEFT_OUT, "records[0].phone")]


def test_an_opinion_without_its_box_is_told() -> None:
    marks = (
        Mark("applicant", MarkKind.OPINION, present=True, text="同意"),
        Mark("applicant", MarkKind.SEAL, present=True),
    )
    record = replace(record_of("attachment-4", 1, 5), marks=marks)
    moved, findings = moved_to(narrower(box="applicant"), record)
    assert moved.marks == ()
    assert [one.path for one in findings] == ["marks.applicant.opinion"]


def test_a_key_that_no_edition_has_is_told_whatever_the_edition_says() -> None:
    record = record_of("attachment-4", 1, 5)
    strange = replace(record, edition="r9", rows=record.rows)
    assert moved_to(narrower("phone"), strange)[1][0].path == "records[0].phone"

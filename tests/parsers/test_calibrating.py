"""What a confidence is worth, and who goes to a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from forms.catalogue import Catalogue
from forms.finding import Region
from forms.record import Entry, Extraction, Origin, Record
from parsers import calibrating
from parsers.calibrating import AUDIT, CLEAN, KINDS, OTHER, WORN, Bin, Care, Curve, calibrate, count, curves, kind_of

FORM = Catalogue.load().find("attachment-4")


def read(care: Care, confidence: float = 0.9999, *, origin: Origin = Origin.OCR, review: bool = False) -> Extraction:
    entry = Entry("窗口受理员", "窗口受理员", origin=origin, confidence=confidence, review=review)
    record = Record(FORM.form, FORM.edition, {}, ({"post": entry},))
    return calibrate(Extraction(record, 1.0), FORM, care, "file")


def entry_of(extraction: Extraction) -> Entry:
    return extraction.record.rows[0]["post"]


BINS = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 50)), min_size=2, max_size=8)


@given(BINS)
def test_a_surer_reading_is_never_worth_less(counts: list[tuple[int, int]]) -> None:
    curve = Curve(tuple(Bin(place / 10, max(n, e), e) for place, (n, e) in enumerate(counts)))
    worths = [curve.worth(place / 10) for place in range(len(counts))]
    assert worths == sorted(worths)
    assert all(0.0 <= worth < 1.0 for worth in worths)


@given(BINS, st.sampled_from([0.0, 0.0002, 0.01, 0.1]))
def test_no_more_is_wrong_in_silence_than_was_allowed(counts: list[tuple[int, int]], rate: float) -> None:
    bins = tuple(Bin(place / 10, max(n, e), e) for place, (n, e) in enumerate(counts))
    least = Curve(bins).least_sure(rate)
    silent = sum(one.wrong for one in bins if one.least >= least)
    assert silent <= rate * sum(one.readings for one in bins)


def test_more_care_sends_more_to_a_person() -> None:
    curve = Curve((Bin(0.0, 100, 40), Bin(0.9, 1000, 10), Bin(0.99, 9000, 1)))
    assert curve.least_sure(0.0) > curve.least_sure(0.0002) > curve.least_sure(0.01)


def test_readings_of_which_little_is_known_are_not_taken_unseen() -> None:
    assert Curve((Bin(0.0, 2, 0), Bin(0.6, 3, 0))).least_sure(0.01) > 1.0


def test_an_unsure_reading_goes_to_a_person_and_a_sure_one_does_not() -> None:
    assert entry_of(read(Care(), 0.6)).review is True
    assert entry_of(read(Care(), 0.99999)).review is False
    assert entry_of(read(Care(), 0.99999, review=True)).review is True


def test_what_was_not_recognised_from_a_picture_stays_as_it_is() -> None:
    assert entry_of(read(Care(), 0.6, origin=Origin.DIGITAL)).confidence == 0.6
    assert entry_of(read(Care(None), 0.6)).review is False


def test_a_sample_of_the_sure_ones_is_drawn_and_said() -> None:
    everything = read(Care(audit_rate=1.0))
    assert entry_of(everything).review is True
    assert [found.code for found in everything.findings] == [AUDIT]
    assert read(Care(audit_rate=0.5)) == read(Care(audit_rate=0.5))


def test_readings_are_counted_by_kind_and_confidence() -> None:
    table = count([("name", 0.95, True), ("name", 0.99, False), ("text", 0.2, True)], (0.0, 0.9, 0.98))
    assert table["name"] == [[0.0, 0, 0], [0.9, 1, 0], [0.98, 1, 1]]
    assert table["text"][0] == [0.0, 1, 0]


@pytest.mark.parametrize("page", [CLEAN, WORN])
@pytest.mark.parametrize("kind", sorted({*KINDS.values(), OTHER}))
def test_the_stored_counts_know_every_kind(kind: str, page: str) -> None:
    curve = curves()[page, kind]
    assert sum(one.readings for one in curve.bins) > 0
    assert kind_of("id_number") == "number"


@pytest.fixture
def few_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Counts of texts alone: of surer ones of clean pages none was wrong, of worn ones one in ten."""
    clean, worn = [[0.0, 100, 50], [0.9, 9000, 0]], [[0.0, 100, 50], [0.9, 900, 90], [0.999, 900, 0]]
    stored = tmp_path / "calibration.json"
    stored.write_text(json.dumps({CLEAN: {OTHER: clean}, WORN: {OTHER: worn}}), encoding="utf-8")
    monkeypatch.setattr(calibrating, "COUNTS", stored)
    curves.cache_clear()
    yield
    curves.cache_clear()


@pytest.mark.usefixtures("few_counts")
@pytest.mark.parametrize(
    ("page", "worn", "review"), [(0, set(), False), (0, {1}, False), (1, {1}, True), (None, {1}, True)]
)
def test_what_a_hand_or_a_fax_is_worth_is_counted_by_itself(page: int | None, worn: set[int], *, review: bool) -> None:
    """A value of which no page is known is judged by the worse counts."""
    region = None if page is None else Region(page, (0.0, 0.0, 10.0, 10.0))
    entry = Entry("窗口受理员", "窗口受理员", origin=Origin.OCR, confidence=0.95, region=region)
    record = Record(FORM.form, FORM.edition, {}, ({"post": entry},))
    assert entry_of(calibrate(Extraction(record, 1.0), FORM, Care(), "file", worn)).review is review

"""Laws of checking: order does not matter, a correct entry adds no error, what is unread gives no conclusion."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.checking import check_document
from forms.finding import Finding, Severity
from forms.record import Entry
from forms.rules.base import CheckedDocument
from tests.forms.rules.builders import SETTINGS, Doc, number_of, person

ROSTERS = ("attachment-1", "attachment-2", "attachment-3", "attachment-5")
FORMS = (*ROSTERS, "attachment-4")
FAULTS: dict[str, list[dict[str, Any]]] = {
    "attachment-1": [
        {"name": ""},
        {"end_date": "2027-12-31"},
        {"approval": "否"},
        {"sex": "男"},
        person(1),
        {"end_date": ""},
    ],
    "attachment-2": [{"compensation": ""}, {"dismissed_on": "2026-10-01"}, {"education": "研究生"}, person(3)],
    "attachment-3": [
        {"retention_reason": ""},
        {"has_contract": False, "management": ""},
        {"post": "保洁员"},
        person(4),
    ],
    "attachment-5": [
        {"dispatch_agency": ""},
        {"contract_end": "2026-01-01"},
        {"approval": ""},
        person(4),
        {"change": "新增"},
    ],
}


def kinds(findings: tuple[Finding, ...]) -> Counter[tuple[str, str, str]]:
    """Findings without the place of their row."""
    return Counter((item.code, item.severity, re.sub(r"\[\d+\]", "", item.path)) for item in findings)


@st.composite
def faulty(draw: st.DrawFn) -> tuple[str, list[Mapping[str, Any]]]:
    form = draw(st.sampled_from(ROSTERS))
    rows = draw(st.lists(st.sampled_from([{}, *FAULTS[form]]), min_size=1, max_size=6))
    return form, list(rows)


@given(faulty(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_finding_but_for_its_path(
    case: tuple[str, list[Mapping[str, Any]]], rng: random.Random
) -> None:
    document = Doc(*case).checked()
    rows = list(document.record.rows)
    rng.shuffle(rows)
    shuffled = replace(document, record=replace(document.record, rows=tuple(rows)))
    assert kinds(check_document(document, SETTINGS)) == kinds(check_document(shuffled, SETTINGS))


@given(faulty())
def test_a_correct_row_more_adds_no_error(case: tuple[str, list[Mapping[str, Any]]]) -> None:
    form, rows = case
    fresh = {"name": "赵新新", "sex": "男", "id_number": number_of("1990-03-05", 501)}
    before = Doc(form, rows, _TOTALS).checked()
    after = Doc(form, [*rows, fresh], _TOTALS).checked()

    def errors(document: CheckedDocument) -> Counter[tuple[str, str]]:
        found = check_document(document, SETTINGS)
        return Counter((item.code, item.path) for item in found if item.severity is Severity.ERROR)

    assert errors(after) <= errors(before)


_TOTALS = {"before_total": "", "dismissed_total": "", "retained_total": ""}


@pytest.mark.parametrize("form", FORMS)
def test_a_correct_document_has_no_finding(form: str) -> None:
    assert check_document(Doc(form, marks={}).checked(), SETTINGS) == ()


@pytest.mark.parametrize("form", FORMS)
def test_what_could_not_be_read_gives_no_finding(form: str) -> None:
    document = Doc(form).checked()
    unread = Entry(None, review=True)
    for key in document.record.rows[0]:
        row = {**document.record.rows[0], key: unread}
        found = check_document(replace(document, record=replace(document.record, rows=(row,))), SETTINGS)
        assert found == (), (key, found)
    for key in document.record.header:
        header = {**document.record.header, key: unread}
        found = check_document(replace(document, record=replace(document.record, header=header)), SETTINGS)
        assert found == (), (key, found)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_row_names_each_required_field_once(form: str) -> None:
    document = Doc(form).checked()
    found = check_document(replace(document, record=replace(document.record, rows=({},))), SETTINGS)
    blank = [item.path for item in found if item.code == "F-5"]
    needed = [field.key for field in document.definition.fields if field.required == "R" and not field.calculated]
    assert sorted(blank) == sorted(f"records[0].{key}" for key in needed)

"""Every rule against its table of cases."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from forms.record import Row
from forms.rules.base import CheckSet
from forms.rules.books import Books
from forms.rules.cross_loans import LOAN_KEYS, untold_loans
from forms.rules.registry import RULES, rule_of
from tests.forms.rules.builders import check
from tests.forms.rules.cases import county, cross, fields, plan
from tests.forms.rules.cases.table import Case

CASES: list[Case] = [*fields.CASES, *plan.CASES, *cross.CASES, *county.CASES]


PATH = re.compile(r"(records\[\d+\]|header|marks\.[a-z_]+)\.[a-z_]+")
NUMBERED = [f"{case.code}-{case.severity or 'silent'}-{number}" for number, case in enumerate(CASES)]


@pytest.mark.parametrize("case", CASES, ids=NUMBERED)
def test_a_rule_fires_or_is_silent_as_its_case_says(case: Case) -> None:
    everything = check(*case.documents, settings=case.settings, extra=case.extra)
    found = [item for item in everything if item.code == case.code]
    for item in everything:
        rule = rule_of(item.code)
        assert rule is not None, item
        assert item.severity in rule.severities, item
        assert PATH.fullmatch(item.path), item
    at_place = [item for item in found if not case.path or item.path == case.path]
    if case.severity is None:
        assert not found, found
    else:
        assert at_place, [(item.code, item.path) for item in everything]
        assert case.severity in {item.severity for item in at_place}, at_place


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_every_rule_has_a_firing_and_a_silent_case(code: str) -> None:
    outcomes = {case.severity is not None for case in CASES if case.code == code}
    assert outcomes == {True, False}


def test_every_severity_that_a_case_expects_is_one_the_rule_documents() -> None:
    documented = {rule.code: set(rule.severities) for rule in RULES}
    assert all(case.severity in {None, *documented[case.code]} for case in CASES)


@pytest.mark.parametrize("case", [case for case in CASES if case.code == "X-08"])
def test_both_sides_of_a_loan_are_compared_by_the_entries_that_are_kept_for_it(case: Case) -> None:
    checked = [document.checked() for document in case.documents]
    few = [replace(item, record=replace(item.record, rows=tuple(map(_of_loan, item.record.rows)))) for item in checked]
    whole, short = (
        [(item.line.who, item.flaw) for item in untold_loans(Books(CheckSet(tuple(documents), case.settings)))]
        for documents in (checked, few)
    )
    assert whole == short
    assert bool(whole) == (case.severity is not None)


def _of_loan(row: Row) -> Row:
    return {key: row[key] for key in LOAN_KEYS if key in row}

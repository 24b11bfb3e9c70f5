"""All rules in the order of ``forms-reference`` §3 and §4; the one list that checking and the documentation use."""

from __future__ import annotations

from forms.rules import (
    county,
    cross_counts,
    cross_loans,
    cross_staff,
    fields,
    law,
    plan_approval,
    plan_filing,
    plan_loans,
    plan_staff,
    rosters,
)
from forms.rules.rule import Rule

PACKS = {
    "F": "格式与填写",
    "L": "法律",
    "S1": "海州方案(默认启用)",
    "X": "跨表一致性",
    "S2": "县讲话(默认不启用)",
}


def _place(rule: Rule) -> tuple[int, int]:
    return list(PACKS).index(rule.pack), int(rule.code.rpartition("-")[2])


RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *fields.RULES,
            *rosters.RULES,
            *law.RULES,
            *plan_loans.RULES,
            *plan_approval.RULES,
            *plan_staff.RULES,
            *plan_filing.RULES,
            *cross_staff.RULES,
            *cross_loans.RULES,
            *cross_counts.RULES,
            *county.RULES,
        ),
        key=_place,
    )
)


def rule_of(code: str) -> Rule | None:
    """The rule of a code."""
    return next((rule for rule in RULES if rule.code == code), None)

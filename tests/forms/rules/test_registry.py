"""The list of rules, and the page that shows it."""

from __future__ import annotations

import re
from pathlib import Path

from forms.rules.documentation import as_markdown
from forms.rules.registry import PACKS, RULES, rule_of

ROOT = Path(__file__).resolve().parents[3]
NUMBERED = [
    *(f"F-{n}" for n in range(1, 14)),
    *(f"L-{n}" for n in range(1, 5)),
    *(f"S1-{n:02d}" for n in range(1, 23)),
    *(f"S2-{n:02d}" for n in range(1, 14)),
    *(f"X-{n:02d}" for n in range(1, 16)),
]


def test_every_rule_of_the_reference_is_there_once() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert set(NUMBERED) <= set(codes)


def test_the_documentation_is_made_from_the_registry() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == as_markdown()


def test_every_rule_stands_in_the_documentation_with_its_clause() -> None:
    page = as_markdown()
    for rule in RULES:
        assert f"| {rule.code} | " in page
        assert rule.clause in page


def test_every_code_that_a_field_type_emits_is_a_rule() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "forms" / "fieldtypes").glob("*.py"))
    codes = set(re.findall(r'"([FLX]-\d+)"', source))
    assert codes
    assert all(rule_of(code) for code in codes)


def test_a_rule_belongs_to_a_known_pack_and_has_words() -> None:
    for rule in RULES:
        assert rule.pack in PACKS
        assert rule.code.startswith(rule.pack)
        assert rule.severities
        assert all((rule.clause, rule.checks, rule.needs))

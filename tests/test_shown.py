"""Every test that ``docs/shown.md`` names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHOWN = ROOT / "docs" / "shown.md"
NAMED = re.compile(r"`(tests/[a-z_/]+\.py)(?:::(\w+))?`")


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED.findall(SHOWN.read_text(encoding="utf-8"))
    assert len(named) > 60
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or (name and f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not missing


def test_every_line_of_the_threat_table_is_told() -> None:
    told = SHOWN.read_text(encoding="utf-8")
    lines = {"U": 15, "Z": 6, "X": 3, "M": 3, "P": 4, "I": 4, "T": 4, "W": 12, "R": 23}
    lines |= {"A": 7, "B": 5, "C": 3, "D": 4, "E": 6, "F": 3, "G": 5}
    covered: dict[str, set[int]] = {letter: set() for letter in lines}
    for letter, first, last in re.findall(r"\b([UZXMPITWRABCDEFG])(\d+)(?:–\1(\d+))?", told):
        covered[letter].update(range(int(first), int(last or first) + 1))
    missing = {letter: set(range(1, most + 1)) - covered[letter] for letter, most in lines.items()}
    assert not any(missing.values()), missing

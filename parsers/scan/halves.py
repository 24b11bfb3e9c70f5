"""A table of which glare has washed out the middle: its halves are one table, and their rows one person's each.

Read as two tables, what stands in the right half would be persons without a name. Halves lie side by side, their level
rules are in line, and some of those rules run on into the gap; tables that were drawn side by side end at a plumb rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.scan.ruling import Rule, Rules, is_part, joined_over, taken_together
from parsers.scan.units import mm

FEWEST = 3
"""Level rules in line from which two groups of rules may be halves."""
MOST_ODD = 1
"""Level rules of a half that have none in line in the other, at most."""
IN_LINE = 1.2
"""Millimetres by which a rule may miss the one in line with it over the gap."""
RUNS_ON = 2.0
"""Millimetres that a rule runs on into the gap beyond the last plumb rule it meets."""
FEWEST_OPEN = 2
"""Rules of both halves together that must do so."""


def with_halves_joined(groups: Sequence[Rules], seen: Rules) -> tuple[Rules, ...]:
    """The groups of rules, those that are halves of one table as one; ``seen`` are all rules as they were seen."""
    return taken_together(sorted(groups, key=_start), lambda group, other: _are_halves(group, other, seen), _as_one)


def _start(group: Rules) -> float:
    return min(rule.start for rule in group.level)


def _end(group: Rules) -> float:
    return max(rule.end for rule in group.level)


def _are_halves(first: Rules, second: Rules, seen: Rules) -> bool:
    if _end(first) >= _start(second):
        return False
    pairs = _pairs(first, second)
    most = max(len(first.level), len(second.level))
    if len(pairs) < max(FEWEST, most - MOST_ODD):
        return False
    ahead = [whole.end - rule.end for rule, _ in pairs for whole in seen.level if is_part(rule, whole)]
    behind = [rule.start - whole.start for _, rule in pairs for whole in seen.level if is_part(rule, whole)]
    return sum(over >= mm(RUNS_ON) for over in (*ahead, *behind)) >= FEWEST_OPEN


def _pairs(first: Rules, second: Rules) -> list[tuple[Rule, Rule]]:
    """The level rules of two groups that are in line."""
    pairs = []
    free = list(second.level)
    for rule in first.level:
        near = [other for other in free if _miss(rule, other) <= mm(IN_LINE)]
        if near:
            other = min(near, key=lambda one: _miss(rule, one))
            free.remove(other)
            pairs.append((rule, other))
    return pairs


def _miss(rule: Rule, other: Rule) -> float:
    """Pixels by which the ways of two rules miss each other in the middle of the gap between them."""
    middle = (rule.end + other.start) / 2
    return abs(rule.place(middle) - other.place(middle))


def _as_one(first: Rules, second: Rules) -> Rules:
    pairs = _pairs(first, second)
    paired = [rule for pair in pairs for rule in pair]
    rest = [rule for rule in (*first.level, *second.level) if rule not in paired]
    level = sorted([*(joined_over(*pair) for pair in pairs), *rest], key=lambda rule: rule.at)
    return Rules(tuple(level), (*first.plumb, *second.plumb))

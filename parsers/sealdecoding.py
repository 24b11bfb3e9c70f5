"""The likeliest unit of a seal whose words could not be read: which known name explains its columns best.

Each name is laid over the columns of every look at the seal (the best path through a CTC lattice, Graves 2006),
anything before and behind it left open at a cost. A name counts only if half of what tells it from other units was
seen, if it costs little, and if no other unit costs nearly as little. Who has been named in this way is told to a
person, never taken for read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Look

LEAST, REFUTED = 0.002, 0.0001
"""Probability of a character that is none of those which a column may be, and where that surely is another."""
SEEN = 0.1
"""Probability from which a character was seen in its column."""
OPEN, OPEN_LIKELY, OPEN_SURE = -0.5, -2.0, -4.0
"""What a column before or behind the name costs, one that likely is a character, and one that surely is."""
LIKELY, SURE = 0.6, 0.9
"""Probabilities from which it is one."""
WORST = -2.25
"""What each character of a name may cost at most, as the logarithm of a probability."""
CLEAR = 0.5
"""By how much less the best name must cost for each character than any other unit's."""
MATCHED = 0.5
"""Part of a name's own characters that must have been seen, and of those of the district before them."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A unit's ``name``, its ``core`` (equal for two ways to write one unit), and how it may stand on a seal.

    ``own`` are the characters that tell it from other units.
    """

    name: str
    core: str
    forms: tuple[str, ...]
    own: str


@dataclass(frozen=True, slots=True)
class _Way:
    """The best way to come to a place of a name: what it costs, and which of the characters were seen, as bits."""

    cost: float
    seen: int = 0


_NONE = _Way(-math.inf)


def likeliest(looks: Sequence[Look], spellings: Sequence[Spelling]) -> str | None:
    """The name that explains what was seen of a seal, ``None`` where none does or two do nearly as well."""
    glimpsed = {char for look in looks for column in look for char, _ in column}
    costs: dict[str, tuple[float, bool, str]] = {}
    for one in spellings:
        if sum(char in glimpsed for char in one.own) < MATCHED * len(one.own):
            continue
        cost, is_seen = max(
            (_cost(look, form, one) for look in looks if look for form in one.forms), default=(-math.inf, False)
        )
        if one.core not in costs or (cost, is_seen) > costs[one.core][:2]:
            costs[one.core] = cost, is_seen, one.name
    ranked = sorted(costs.values(), key=lambda item: -item[0])
    if not ranked:
        return None
    cost, is_seen, name = ranked[0]
    is_clear = len(ranked) == 1 or cost - ranked[1][0] >= CLEAR
    return name if is_seen and cost >= WORST and is_clear else None


def _cost(look: Look, form: str, spelling: Spelling) -> tuple[float, bool]:
    """What a form of a name costs for each character, against the best reading, and whether enough of it was seen."""
    way, free = _best_way(look, form)
    start = max(0, form.rfind(spelling.own))
    is_seen = all(
        sum(way.seen >> place & 1 for place in part) >= MATCHED * len(part)
        for part in (range(start), range(start, start + len(spelling.own)))
    )
    shorter = min(len(form), len(spelling.name))  # district and city put before a name make no fault of it smaller
    return (way.cost - free) / max(1, shorter), is_seen


def _best_way(look: Look, form: str) -> tuple[_Way, float]:
    """The best way through all columns, and what the best reading of them costs."""
    ends = 2 * len(form) + 2
    ways = [_NONE] * (ends + 1)
    ways[0] = _Way(0.0)  # before the name
    free = 0.0
    for column in look:
        chances = dict(column)
        best, highest = column[0]
        most = math.log(max(highest, LEAST))
        free += most
        least = REFUTED if best and highest >= SURE else LEAST
        is_open = most + _left_open(best, highest)
        fresh = [_went(ways[0], is_open)]
        for place in range(1, ends):
            came = max(_before(ways, place, form), key=lambda way: way.cost)
            char = form[place // 2 - 1] if place % 2 == 0 else ""
            chance = chances.get(char, 0.0)
            bit = 1 << (place // 2 - 1) if char and chance >= SEEN else 0
            fresh.append(_Way(came.cost + math.log(max(chance, least)), came.seen | bit))
        fresh.append(_went(max(ways[ends - 2 :], key=lambda way: way.cost), is_open))
        ways = fresh
    return max(ways[ends - 2 :], key=lambda way: way.cost), free


def _before(ways: Sequence[_Way], place: int, form: str) -> Sequence[_Way]:
    """The ways from which a place of the name is reached: even places are its characters, odd ones the gaps before."""
    at = place // 2 - 1
    is_repeated = place % 2 == 0 and at > 0 and form[at] == form[at - 1]
    return ways[max(0, place - (1 if place % 2 or is_repeated else 2)) : place + 1]


def _left_open(best: str, highest: float) -> float:
    if not best:
        return 0.0
    return OPEN_SURE if highest >= SURE else OPEN_LIKELY if highest >= LIKELY else OPEN


def _went(way: _Way, cost: float) -> _Way:
    return _Way(way.cost + cost, way.seen)

"""Web, worker and child killed at random moments, round after round, while files come in."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from bench.faults.installation import installation

VICTIMS = ("web", "worker", "child")
SETTLE_EVERY = 10
MANY_WAITING = 30
"""Jobs that wait when senders hold back: a queue that only grows would never be seen to end."""
LONGEST_WAIT = 1.2
MOMENT = 0.4
LONGEST_SETTLING = 180.0
"""Seconds for all that waits to be done when nobody is killed any more."""
LONGEST_ABSENCE = 30.0
"""Seconds until a worker or a child that was killed is there again at the latest, and can be killed once more."""


@dataclass
class Killed:
    """What the rounds came to."""

    rounds: int = 0
    kills: int = 0
    accepted: int = 0
    lost: int = 0
    double: int = 0
    broken: int = 0
    late: int = 0
    seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether every round killed somebody, and nothing was lost, done twice, damaged or late."""
        return self.kills == self.rounds and not (self.lost or self.double or self.broken or self.late)


def kill_rounds(database: str, rounds: int, seed: int) -> Killed:
    """So many rounds; prints a line for each, and returns what they came to."""
    chance = random.Random(seed)
    found, began = Killed(), time.monotonic()
    with installation(database) as (place, _):
        for number in range(1, rounds + 1):
            victim = chance.choice(VICTIMS)
            with place.handing_in(most=MANY_WAITING):
                time.sleep(chance.uniform(0.05, LONGEST_WAIT))
                until = time.monotonic() + LONGEST_ABSENCE
                while not (hit := place.kill(victim)) and time.monotonic() < until:
                    time.sleep(0.05)
                time.sleep(chance.uniform(0.0, MOMENT))
            took = place.settle(LONGEST_SETTLING) if number % SETTLE_EVERY == 0 or number == rounds else 0.0
            lost, double, integrity = len(place.missing()), place.doubles(), place.integrity()
            found.late += took is None
            found.kills += hit
            found.lost, found.double = lost, double
            found.broken += integrity != "ok"
            settled = "" if not took else f", all done after {took:.1f} s"
            print(
                f"{database} round {number}: killed {victim if hit else 'nobody'}, accepted {len(place.accepted.ids)}, "
                f"lost {lost}, double {double}, integrity {integrity}{settled}",
                flush=True,
            )
        found.rounds, found.accepted = rounds, len(place.accepted.ids)
        found.lost += place.unread()
    found.seconds = time.monotonic() - began
    return found

"""All faults, or those named; ends with 1 when something was lost, done twice, damaged or late."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.faults.history import history
from bench.faults.installation import DATABASES
from bench.faults.killing import kill_rounds
from bench.faults.load import PAGES, counted, crowd
from bench.faults.mutated import mutated
from bench.faults.outages import broker_away, database_killed, database_stopped, disk_full
from bench.faults.soak import soak

NAMES = ("counting", "crowd", "kills", "database", "broker", "disk", "mutated", "fuzz", "history", "soak")


def _kills(databases: list[str], rounds: int, seed: int) -> bool:
    kept = True
    for database in databases:
        found = kill_rounds(database, rounds, seed)
        kept = kept and found.kept
        print(
            f"{database}: {found.rounds} rounds, {found.kills} kills, accepted {found.accepted}, lost {found.lost}, "
            f"double {found.double}, integrity broken {found.broken}, late {found.late}, "
            f"in {found.seconds:.0f} s",
            flush=True,
        )
    return kept


def _fuzz(seconds: float) -> bool:
    from bench.faults.fuzz import fuzz  # noqa: PLC0415  # it changes the code of what it imports

    return fuzz(seconds)


def _every(measure: Callable[[str], bool], names: Sequence[str]) -> bool:
    """Measure all of them, also after one that did not keep."""
    kept = [measure(name) for name in names]
    return all(kept)


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="which ones; all by default")
    parser.add_argument("--rounds", type=int, default=200, help="rounds of killing for each database")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long servers are away")
    parser.add_argument("--database", choices=DATABASES, help="only this one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=PAGES, help="scanned pages that are read while the crowd comes")
    parser.add_argument("--files", type=int, default=300, help="files that are spoilt")
    parser.add_argument("--fuzz", type=float, default=30.0, help="seconds for each target of the fuzzer")
    parser.add_argument("--history", type=float, default=300.0, help="seconds of faults drawn by chance")
    parser.add_argument("--jobs", type=int, default=1000, help="jobs of the soak")
    parser.add_argument("--source", type=Path, action="append", default=[], help="a folder with more files to spoil")
    given = parser.parse_args()
    databases = [given.database] if given.database else list(DATABASES)
    faults: dict[str, Callable[[], bool]] = {
        "counting": lambda: _every(counted, databases),
        "crowd": lambda: _every(lambda name: crowd(name, given.pages), databases),
        "kills": lambda: _kills(databases, given.rounds, given.seed),
        "database": lambda: all([database_stopped(given.seconds), database_killed(given.seconds)]),
        "broker": lambda: _every(lambda kind: broker_away(kind, given.seconds), ("redis", "rabbitmq")),
        "disk": disk_full,
        "mutated": lambda: mutated(given.files, given.seed, given.source),
        "fuzz": lambda: _fuzz(given.fuzz),
        "history": lambda: history(given.history, given.seed),
        "soak": lambda: soak(given.jobs),
    }
    kept = {name: faults[name]() for name in given.names or NAMES}
    print(f"\n{sum(kept.values())} of {len(kept)} kept what is promised")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

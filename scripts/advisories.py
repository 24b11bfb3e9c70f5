#!/usr/bin/env python3
"""Compare the pinned Python packages with known faults, without asking anybody.

    .venv/bin/python scripts/advisories.py PLACE [PLACE …]

A PLACE is a folder or zip file with advisories in the OSV format, one JSON file each: osv.dev publishes one zip of all
for PyPI, github.com/pypa/advisory-database the same as YAML in a folder. It is fetched on a machine that may, and
carried over. Each fault of a pinned version is a line: package, version, advisory, the version that mends it. Ends with
1 when there is one, with 2 when a place holds no advisory at all.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # it has no types of its own
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
LISTS = ("requirements.txt", "requirements-dev.txt")
ENDINGS = (".json", ".yaml", ".yml")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fault:
    """A pinned package that an advisory speaks of; ``mended`` are the versions that it names as mended."""

    package: str
    version: str
    advisory: str
    mended: tuple[str, ...]


def normal(name: str) -> str:
    """Give the name by which two spellings of one package are equal."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lists: Iterable[Path]) -> dict[str, str]:
    """Give the pinned version of each package."""
    return {normal(name): version for path in lists for name, version in _PIN.findall(path.read_text(encoding="utf-8"))}


def advisories(place: Path) -> Iterator[dict[str, Any]]:
    """Give every advisory of a folder or zip file."""
    if place.is_dir():
        for path in sorted(path for path in place.rglob("*") if path.suffix in ENDINGS):
            yield from _parsed(path.name, path.read_text(encoding="utf-8"))
        return
    with zipfile.ZipFile(place) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(ENDINGS):
                yield from _parsed(name, archive.read(name).decode("utf-8"))


def _parsed(name: str, text: str) -> Iterator[dict[str, Any]]:
    content = json.loads(text) if name.endswith(".json") else yaml.safe_load(text)
    if isinstance(content, dict) and "affected" in content:
        yield content


def faults_of(advisory: dict[str, Any], pins: dict[str, str]) -> Iterator[Fault]:
    """Give what an advisory says of the pinned versions; one that was withdrawn says nothing."""
    if advisory.get("withdrawn"):
        return
    for affected in advisory["affected"]:
        package = affected.get("package", {})
        name = normal(package.get("name", ""))
        if package.get("ecosystem") != "PyPI" or name not in pins:
            continue
        version = pins[name]
        events = [one["events"] for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM"]
        if version in affected.get("versions", ()) or any(_is_within(version, each) for each in events):
            mended = tuple(event["fixed"] for each in events for event in each if "fixed" in event)
            yield Fault(name, version, str(advisory["id"]), mended)


def _is_within(version: str, events: list[dict[str, str]]) -> bool:
    """Say whether a version lies in a range: the last event at or before it decides."""
    ours, inside = Version(version), False
    for event in sorted(events, key=_version_of):
        kind = next(iter(event))
        at = _version_of(event)
        if kind == "introduced" and at <= ours:
            inside = True
        elif (kind == "fixed" and at <= ours) or (kind == "last_affected" and at < ours):
            inside = False
    return inside


def _version_of(event: dict[str, str]) -> Version:
    try:
        return Version(next(iter(event.values())))
    except InvalidVersion:
        return Version("0")


def main() -> int:
    """Compare and print."""
    places = [Path(text) for text in sys.argv[1:]]
    if not places:
        print(__doc__, file=sys.stderr)
        return 2
    pins = pinned(ROOT / name for name in LISTS)
    count, found = 0, set[Fault]()
    for place in places:
        for advisory in advisories(place):
            count += 1
            found.update(faults_of(advisory, pins))
    for fault in sorted(found, key=lambda one: (one.package, one.advisory)):
        print(f"{fault.package} {fault.version}: {fault.advisory}, mended in {', '.join(fault.mended) or 'no version'}")
    print(f"{count} advisories, {len(pins)} packages, {len(found)} faults")
    return 2 if not count else int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

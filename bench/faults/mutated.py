"""Spoilt files handed in over HTTP: each gets a stated answer, and nothing is left behind."""

from __future__ import annotations

import json
import os
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.faults.installation import NET_FAULTS, Installation, installation
from bench.faults.mutating import Spoilt, sources, spoilt
from parsers.tools.sandbox import MARKER
from service.problems import OUTCOMES

MOST_ANSWER = 30.0
MOST_JOB = 300.0
"""Seconds; a job that takes longer hangs."""
MOST_GROWTH = 100 * 1024
"""KiB by which the web process may have grown."""
SERVER_FAULT = 500
DYING = 10.0
"""Seconds that a process whose parent has ended may still be seen."""
LOCKS = f"forms-office-{os.getuid()}"
"""The empty files by which all processes of a user count how many converters run; they stay."""
DRAWN = (".pdf", ".ofd", ".jpg", ".png", ".tif")


@dataclass
class Outcome:
    """What became of the files: how often each answer was given, and what must not be."""

    answers: Counter[str] = field(default_factory=Counter)
    falls: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    grown: int = 0
    seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether every file got a stated answer in time and nothing was left."""
        return not self.falls and not self.left and self.grown < MOST_GROWTH


def mutated(count: int, seed: int, folders: Sequence[Path]) -> bool:
    """So many spoilt files; prints what became of them, and whether that is as promised."""
    found = hand_in(list(spoilt(sources(folders), count, seed)))
    for line in [*found.falls, *found.left]:
        print(f"  {line}", flush=True)
    told = ", ".join(f"{name} {times}" for name, times in found.answers.most_common())
    print(
        f"{count} spoilt files in {found.seconds:.0f} s: {told}; without a stated answer {len(found.falls)}, "
        f"left behind {len(found.left)}, web process grown by {found.grown // 1024} MiB "
        f"-> {'kept' if found.kept else 'NOT KEPT'}",
        flush=True,
    )
    return found.kept


def hand_in(files: Sequence[Spoilt], workers: int = 2) -> Outcome:
    """Hand them in to an installation of their own with so many workers, and look at what it says and leaves."""
    found = Outcome()
    began = time.monotonic()
    with _own_temporary_folder() as folder:
        with installation("sqlite", workers=str(workers), lease_seconds="60") as (place, _):
            _memory(place)
            before = _memory(place)
            taken = [(file, identity) for file in files if (identity := _upload(place, file, found)) is not None]
            for file, identity in taken:
                _follow(place, file, identity, found)
            found.grown = _memory(place) - before
        processes = [f"process {pid}: {words}" for pid, words in _still_marked(folder).items()]
        files_left = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != LOCKS)
        found.left = [*(str(path.relative_to(folder)) for path in files_left), *processes]
    found.seconds = time.monotonic() - began
    return found


def _upload(place: Installation, file: Spoilt, found: Outcome) -> str | None:
    """The document that it became, ``None`` when it was refused; a refused one is a document too, and looked at."""
    began = time.monotonic()
    label = f"{file.number} {file.name} {file.how}"
    try:
        entry = place.web.upload(file.content, f"{file.number}_{file.name}")
    except urllib.error.HTTPError as fault:
        code = _code(fault)
        if fault.code >= SERVER_FAULT or code not in OUTCOMES:
            found.falls.append(f"{label}: answered {fault.code} {code}")
        found.answers[f"{fault.code} {code}"] += 1
        return None
    except NET_FAULTS as fault:
        found.falls.append(f"{label}: {type(fault).__name__}")
        return None
    if time.monotonic() - began > MOST_ANSWER:
        found.falls.append(f"{label}: answered after {time.monotonic() - began:.0f} s")
    return str(entry["id"])


def _follow(place: Installation, file: Spoilt, identity: str, found: Outcome) -> None:
    """Wait for its reading, and look at what there is to be seen of it."""
    label = f"{file.number} {file.name} {file.how}"
    until = time.monotonic() + MOST_JOB
    shown: Any = {"state": "received"}
    while shown["state"] == "received" and time.monotonic() < until:
        time.sleep(0.1)
        shown = place.web.get(f"/api/v1/documents/{identity}")
    job = place.web.get(f"/api/v1/jobs/{shown['job']}") if shown.get("job") else {"state": "done"}
    code = (shown.get("problem") or {}).get("code", "")
    if shown["state"] == "received" or job["state"] not in {"done", "queued", "running"}:
        found.falls.append(f"{label}: {shown['state']}, job {job['state']}")
    if code and code not in OUTCOMES:
        found.falls.append(f"{label}: unknown problem {code}")
    found.answers[f"{shown['state']} {code}".strip()] += 1
    pages = [f"/documents/{identity}"]
    pages += [f"/api/v1/documents/{identity}/pages/1.png"] if file.name.lower().endswith(DRAWN) else []
    for path in pages:
        try:
            with urllib.request.urlopen(place.web.address + path, timeout=MOST_JOB) as answer:  # noqa: S310  # our own
                answer.read()
        except urllib.error.HTTPError as fault:
            if fault.code >= SERVER_FAULT:
                found.falls.append(f"{label}: {path.rpartition('/')[2]} answered {fault.code} {_code(fault)}")
        except NET_FAULTS as fault:
            found.falls.append(f"{label}: {path.rpartition('/')[2]} {type(fault).__name__}")


def _code(fault: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(fault)["code"])
    except (ValueError, KeyError, TypeError):
        return "no problem document"


def _memory(place: Installation) -> int:
    """KiB that the web process holds."""
    place.web.get("/api/v1/documents")
    lines = Path(f"/proc/{place.web.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@contextmanager
def _own_temporary_folder() -> Iterator[Path]:
    """All that is started inside keeps its temporary files in one folder."""
    before = os.environ.get("TMPDIR")
    place = tempfile.gettempdir()
    with tempfile.TemporaryDirectory(prefix="faults-tmp-", dir=place) as name, tempfile.TemporaryDirectory() as outside:
        os.environ["TMPDIR"] = name
        tempfile.tempdir = outside
        try:
            yield Path(name)
        finally:
            tempfile.tempdir = None
            os.environ.pop("TMPDIR")
            if before is not None:
                os.environ["TMPDIR"] = before


def _still_marked(folder: Path) -> dict[int, str]:
    """Those of ``_marked`` that are there after ``DYING`` too: a killed process is gone a moment later, not at once."""
    until = time.monotonic() + DYING
    while (found := _marked(folder)) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def _marked(folder: Path) -> dict[int, str]:
    """Processes that work in that folder, or were fenced from there, and are still alive: what they run, by number."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "environ").read_bytes()
            if str(folder).encode() in words or (MARKER.encode() in words and f"TMPDIR={folder}".encode() in words):
                found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
    return found

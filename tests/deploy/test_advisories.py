"""The pinned packages against known faults, and against what this program may never be built with."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pdfminer
import pdfplumber
import pytest
from packaging.version import Version

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "advisories.py"
LEAST = {
    "celery": "5.2.2",
    "defusedxml": "0.7.1",
    "jinja2": "3.1.6",
    "pdfminer-six": "20251230",
    "pillow": "12.3.0",
    "werkzeug": "3.0.6",
}
"""From which version on the faults of the security design (§1.3, §1.4) are mended."""
UNWANTED = {"pypdf2", "pymupdf", "gmssl", "huey", "rq", "dramatiq"}
"""Are no longer looked after, want another licence, have no constant time, or lose jobs when they are killed."""


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))


def test_every_pinned_package_is_new_enough_and_none_is_unwanted() -> None:
    running = pins("requirements.txt")
    assert set(LEAST) <= running.keys()
    old = {name: running[name] for name, least in LEAST.items() if Version(running[name]) < Version(least)}
    assert not old
    assert not UNWANTED & running.keys()


def test_what_reads_pdf_files_unpickles_nothing() -> None:
    """CVE-2025-64512: a file named a character map, and what lay there was unpickled."""
    for package in (pdfminer, pdfplumber):
        assert package.__file__ is not None
        sources = list(Path(package.__file__).parent.rglob("*.py"))
        assert len(sources) > 10
        assert not [path.name for path in sources if re.search(r"\bpickle\b", path.read_text(encoding="utf-8"))]


def advisory(number: int, package: str, *events: dict[str, str], **more: object) -> str:
    affected = {"package": {"ecosystem": "PyPI", "name": package}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return json.dumps({"id": f"TEST-{number}", "affected": [{**affected, **more}]})


def asked(place: Path) -> tuple[int, list[str]]:
    done = subprocess.run([sys.executable, SCRIPT, place], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("packed", [False, True], ids=["a folder", "a zip"])
def test_a_known_fault_of_a_pinned_version_is_told_without_asking_anybody(tmp_path: Path, packed: bool) -> None:  # noqa: FBT001  # a parameter of the test
    flask = pins("requirements.txt")["flask"]
    texts = [
        advisory(1, "Flask", {"introduced": "0"}, {"fixed": "999"}),
        advisory(2, "flask", {"introduced": "0"}, {"fixed": flask}),
        advisory(3, "flask", {"introduced": "0"}, {"last_affected": flask}),
        advisory(4, "flask", {"introduced": "999"}),
        advisory(5, "flask", versions=[flask]),
        advisory(6, "nobody-has-this", {"introduced": "0"}),
        advisory(7, "flask", {"introduced": "0"}).replace('"affected"', '"withdrawn": "2026-01-01", "affected"', 1),
    ]
    folder = tmp_path / "known"
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number}.json").write_text(text, encoding="utf-8")
    place = folder
    if packed:
        place = tmp_path / "all.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for path in folder.iterdir():
                archive.write(path, path.name)
    code, lines = asked(place)
    assert code == 1
    assert [line.partition(": ")[2] for line in lines[:-1]] == [
        "TEST-1, mended in 999",
        "TEST-3, mended in no version",
        "TEST-5, mended in no version",
    ]
    assert lines[-1].startswith("7 advisories, ")


def test_a_place_without_advisories_is_no_good_news(tmp_path: Path) -> None:
    assert asked(tmp_path)[0] == 2

#!/usr/bin/env python3
"""Write requirements.txt and requirements-dev.txt from the direct packages named in pyproject.toml.

    .venv/bin/python scripts/lock.py

Every package is pinned, those needed by others too, so that set-up installs with `pip install --no-deps` and two
machines get the same versions. Of the group `assets` only files for browsers are used: its packages come alone, without
what their Python would need. The answer is for the oldest Python the project supports, whatever runs this; newer
ones take it too. Only wheels are taken: a machine without a compiler must be able to install.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Debian 12's. The last part counts: some packages refuse the first releases of 3.11.
OLDEST_PYTHON = "3.11.2"

# Never together with opencv-python-headless: they overwrite one folder, and the others need a screen library.
UNWANTED = {"opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless"}

HEADER = """\
# {title}
# Written by scripts/lock.py from pyproject.toml: change it there. Install with `pip install --no-deps -r {name}`:
# the list is complete, and no package may bring a second OpenCV beside the headless one.
"""


def normal(name: str) -> str:
    """Give the name by which two spellings of one package are equal."""
    return re.sub(r"[-_.]+", "-", name).lower()


def resolve(requirements: list[str], *options: str) -> dict[str, str]:
    """Ask pip which versions fulfil the requirements; nothing is installed."""
    with tempfile.TemporaryDirectory() as folder:
        wanted, report = Path(folder, "wanted.txt"), Path(folder, "report.json")
        wanted.write_text("\n".join(requirements), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--only-binary=:all:", "--python-version", OLDEST_PYTHON, "--target", folder]
        command += ["--report", str(report), "--requirement", str(wanted), *options]
        subprocess.run(command, check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    versions = {normal(item["metadata"]["name"]): item["metadata"]["version"] for item in found}
    return {name: version for name, version in versions.items() if name not in UNWANTED}


def write(name: str, title: str, versions: dict[str, str], direct: set[str], first: str = "") -> None:
    """Write one list, what the project itself uses first."""
    lines = [HEADER.format(title=title, name=name) + first]
    for comment, chosen in (
        ("Used by the project", versions.keys() & direct),
        ("Needed by the packages above", versions.keys() - direct),
    ):
        lines.append(f"\n# {comment}\n")
        lines += [f"{package}=={versions[package]}\n" for package in sorted(chosen)]
    (ROOT / name).write_text("".join(lines), encoding="utf-8")


def names(requirements: list[str]) -> set[str]:
    """Give the bare names of requirements."""
    return {normal(re.split(r"[<>=!~\[; ]", text, maxsplit=1)[0]) for text in requirements}


def main() -> None:
    """Resolve both lists, the second on top of the first, and write them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    direct = project["project"]["dependencies"]
    tools = project["dependency-groups"]["dev"]
    assets = project["dependency-groups"]["assets"]
    running = {**resolve(assets, "--no-deps"), **resolve(direct)}
    without = names(assets)
    every = resolve([*tools, *(f"{name}=={version}" for name, version in running.items() if name not in without)])
    extra = {name: version for name, version in every.items() if name not in running}
    write("requirements.txt", "What the program runs with.", running, names([*direct, *assets]))
    write(
        "requirements-dev.txt",
        "What checks and tests need besides.",
        extra,
        names(tools),
        first="-r requirements.txt\n",
    )


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Write the bill of materials of the program, in CycloneDX 1.6 as JSON.

    .venv/bin/python scripts/sbom.py [FILE]        build/sbom.cdx.json by default

It names every Python package that requirements.txt pins, as installed here and with its licence and what it needs, and
the Debian packages that scripts/setup asks for, with their versions where this machine has them. A scanner (grype,
osv-scanner, Dependency-Track) compares it with lists of known faults. Ends with 1 when what is installed is not what
is pinned.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, License
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
FEW = 80
"""Characters of a licence's name; longer texts are licences themselves."""
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
_DEBIAN = re.compile(r"^packages=\((.*?)^\)", re.MULTILINE | re.DOTALL)


def normal(name: str) -> str:
    """Give the name by which two spellings of one package are equal."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licences(found: Distribution) -> list[License]:
    """Give the licence that a package states, as an expression or in few words, else the first of its classifiers."""
    words = found.metadata["License"] or ""
    stated = found.metadata["License-Expression"] or (words if len(words) < FEW and "\n" not in words else "")
    if stated:
        return [LicenseFactory().make_from_string(stated)]
    named = [text for text in found.metadata.get_all("Classifier") or [] if text.startswith("License ::")]
    return [DisjunctiveLicense(name=text.rpartition(" :: ")[2]) for text in named[:1]]


def python_packages(pins: dict[str, str], faults: list[str]) -> dict[str, Component]:
    """Give a component for each pinned package, by its name; what is not installed so is a fault."""
    made = {}
    for name, version in pins.items():
        try:
            found = distribution(name)
        except PackageNotFoundError:
            faults.append(f"{name} {version} is not installed")
            continue
        if found.version != version:
            faults.append(f"{name} is {found.version}, pinned is {version}")
        made[normal(name)] = Component(
            type=ComponentType.LIBRARY,
            name=name,
            version=found.version,
            description=found.metadata["Summary"],
            licenses=licences(found),
            purl=PackageURL("pypi", name=normal(name), version=found.version),
            bom_ref=f"pypi:{normal(name)}",
        )
    return made


def needs(name: str, known: dict[str, Component]) -> list[Component]:
    """Give the packages among them that a package asks for, in any case."""
    asked = {normal(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]) for line in distribution(name).requires or []}
    return [known[other] for other in sorted(asked) if other in known and other != name]


def debian_packages() -> list[Component]:
    """Give those that scripts/setup installs for the program to run."""
    listed = _DEBIAN.search((ROOT / "scripts" / "setup").read_text(encoding="utf-8"))
    names = re.sub(r"#.*", "", listed[1]).split() if listed else []
    asked = ["dpkg-query", "-W", "-f", "${Package}\t${Version}\n", *{one for name in names for one in name.split("|")}]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    rows = [line.split("\t") for line in sorted(said.splitlines()) if not line.endswith("\t")]
    return [
        Component(
            type=ComponentType.APPLICATION,
            name=name,
            version=version,
            purl=PackageURL("deb", "debian", name, version),
            bom_ref=f"deb:{name}",
        )
        for name, version in rows
    ]


def main() -> int:
    """Write it; 1 when something is not as it is pinned."""
    target = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "build" / "sbom.cdx.json"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = dict(_PIN.findall((ROOT / "requirements.txt").read_text(encoding="utf-8")))
    faults: list[str] = []
    program = Component(type=ComponentType.APPLICATION, name=project["name"], version=project["version"])
    program.licenses.add(LicenseFactory().make_from_string(project["license"]))
    bom, packages, debian = Bom(), python_packages(pins, faults), debian_packages()
    bom.metadata.component = program
    for component in (*packages.values(), *debian):
        bom.components.add(component)
    bom.register_dependency(program, [*packages.values(), *debian])
    for name, component in packages.items():
        bom.register_dependency(component, needs(name, packages))
    target.parent.mkdir(parents=True, exist_ok=True)
    writer = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    writer.output_to_file(str(target), allow_overwrite=True, indent=1)
    print(f"{target}: {len(packages)} Python packages, {len(debian)} Debian packages")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

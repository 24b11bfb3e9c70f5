"""``service admin units``: the district's units in from a workbook, listed, and out again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from forms.plain import finding_from_plain
from parsers.filenames import display_name
from service.cli.reporting import show_findings
from service.operations.unit_importing import confirm_unit_import, preview_of, take_unit_import
from service.operations.unit_workbook import make_units_workbook
from service.operations.units import UnitFilter, list_units, units_of, units_to_plain
from service.problems import Exit
from service.runtime import Runtime, open_runtime
from service.settings import read_settings
from service.store.units import LABELS, UnitKind

CHUNK = 1 << 20
LARGEST = 50 * 1024 * 1024
KINDS = {**{kind.value: kind for kind in UnitKind}, **{label: kind for kind, label in LABELS.items()}}
data_option = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder of the installation"
)


@contextmanager
def opened(data: Path | None) -> Iterator[Runtime]:
    """The installation of a data folder, or of the settings, for one command."""
    settings = read_settings()
    runtime = open_runtime(replace(settings, data_dir=(data or settings.data_dir).resolve()))
    try:
        yield runtime
    finally:
        runtime.close()


@click.group()
def units() -> None:
    """The district's units: import, list, export."""


@units.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--preview", is_flag=True, help="only show what would change")
@data_option
def import_units(file: Path, *, preview: bool, data: Path | None) -> int:
    """Take the list of units in the workbook FILE, whole or, when it has an error, not at all.

    Prints what changes as JSON; what is wrong is said by row and column on standard error, and ends with exit code 1.
    """
    with opened(data) as runtime:
        with file.open("rb") as stream:
            blob = runtime.blobs.put(iter(lambda: stream.read(CHUNK), b""), LARGEST)
        taken = take_unit_import(runtime, display_name(file.name), blob)
        if taken.plan.is_good and not preview:
            confirm_unit_import(runtime, taken.id)
        shown: dict[str, Any] = {**preview_of(taken), "imported": taken.plan.is_good and not preview}
    for finding in shown["findings"]:
        finding["path"] = finding.get("address") or finding["path"]
    show_findings(map(finding_from_plain, shown["findings"]), most=200)
    click.echo(json.dumps(shown, ensure_ascii=False))
    if not taken.plan.is_good:
        click.echo("有错误,没有导入任何内容 / nothing was imported", err=True)
        return Exit.ERRORS_FOUND
    return Exit.DONE


@units.command("list")
@click.option("--kind", type=click.Choice(list(KINDS)), default=None, help="one kind of unit")
@click.option("--parent", default="", metavar="NAME", help="those under a unit (name, credit code or id)")
@click.option("--text", default="", help="part of a name, other name, credit code or liaison person")
@click.option("--tree", is_flag=True, help="as an indented tree instead of JSON lines")
@data_option
def show_units(kind: str | None, parent: str, text: str, *, tree: bool, data: Path | None) -> None:
    """List the units, one JSON object a line."""
    with opened(data) as runtime:
        every = units_of(runtime.database)
    found = list_units(every, UnitFilter(KINDS[kind] if kind else None, parent, text), below=tree)
    plain = units_to_plain(found, every, tree=tree)
    if tree:
        _show_tree(plain, 0)
        return
    for unit in plain:
        click.echo(json.dumps(unit, ensure_ascii=False))


def _show_tree(plain: list[dict[str, Any]], depth: int) -> None:
    for unit in plain:
        ended = "" if unit["active"] else f"(已撤销 {unit['ended_on']})"
        click.echo(f"{'  ' * depth}{unit['name']}  [{unit['kind_label']}]{ended}")
        _show_tree(unit["children"], depth + 1)


@units.command("export")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="the .xlsx to write")
@click.option("--blank", is_flag=True, help="the empty workbook to type into")
@data_option
def export_units(out: Path, *, blank: bool, data: Path | None) -> None:
    """Write the units as the workbook that can be imported again."""
    with opened(data) as runtime:
        every = () if blank else units_of(runtime.database)
    out.write_bytes(make_units_workbook(every))
    click.echo(json.dumps({"file": str(out), "units": len(every)}, ensure_ascii=False))

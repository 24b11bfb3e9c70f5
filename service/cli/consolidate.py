"""``service consolidate``: the forms of a unit's subtree, or of plain data, in one form of each kind, with reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from forms.consolidating import Consolidation
from service.cli.installation import settings_of
from service.cli.reporting import show_findings
from service.operations.consolidating.files import ConsolidatedFile, files_of
from service.operations.editions import catalogue_of
from service.operations.packs.asked import Asked
from service.operations.packs.contents import Contents
from service.operations.packs.gathering import contents_of_store
from service.operations.packs.plain import contents_of_data
from service.operations.packs.stored import unit_asked
from service.operations.sources import read_json_file
from service.problems import Exit
from service.runtime import open_runtime
from service.settings import read_settings
from writers.reports import About


@click.command()
@click.option("--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON of many forms")
@click.option("--unit", default="", help="a unit, by name, other name or credit code, and all under it")
@click.option("--all", "everything", is_flag=True, help="the whole district")
@click.option("--campaign", default="", help="id, name or year; the current one without it")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="填报日期; blank without it")
@click.option("--store", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="a folder")
def consolidate(  # noqa: PLR0913  # one argument an option
    data: Path | None, unit: str, *, everything: bool, campaign: str, day: object, store: Path | None, out: Path
) -> int:
    """Make one form of each kind from those of many units; prints the path of each file made.

    Beside the official forms stand their subtotals and sources (汇总小计表), the 总结报告 and the 核查报告. What is
    wrong goes to standard error, and nothing is put right.
    """
    if (data is not None) + bool(unit) + everything != 1:
        raise click.UsageError("用 --data、--unit、--all 之一 / give one of --data, --unit, --all")
    on = f"{day:%Y-%m-%d}" if day else ""
    contents = _of_data(data, on) if data is not None else _of_store(store, unit, campaign, on)
    found = contents.consolidation
    if found is None:
        return Exit.DONE
    about = About(contents.unit, contents.title, on, whole=everything)
    show_findings([item.finding for item in found.findings])
    for path in _write(found, about, contents, out):
        click.echo(str(path))
    return Exit.DONE


def _of_data(data: Path, on: str) -> Contents:
    settings = read_settings()
    contents = contents_of_data(read_json_file(data), data.name, catalogue_of(settings), settings, Asked())
    found = contents.consolidation
    return replace(contents, consolidation=None if found is None else found.reported_by(contents.unit, on))


def _of_store(store: Path | None, unit: str, campaign: str, on: str) -> Contents:
    runtime = open_runtime(settings_of(store))
    try:
        asked = unit_asked(runtime, Asked(), unit, campaign, prefilled=False)
        with runtime.database.reading_long() as connection:
            contents = contents_of_store(runtime, connection, asked)
        found = contents.consolidation
        return replace(contents, consolidation=None if found is None else found.reported_by("", on))
    finally:
        runtime.close()


def _write(found: Consolidation, about: About, contents: Contents, out: Path) -> Iterator[Path]:
    out.mkdir(parents=True, exist_ok=True)
    for file in files_of(found, about, contents.findings):
        show_findings(file.findings)
        yield _put(out / file.name, file)


def _put(path: Path, file: ConsolidatedFile) -> Path:
    """The file appears whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(file.content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path

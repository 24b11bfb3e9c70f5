"""``service check``: findings for records or returned files, as JSON lines."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import click

from forms.catalogue import Catalogue
from forms.intake import take_in
from forms.plain import finding_to_plain
from service.cli.reporting import with_progress
from service.operations.checking import SourcedRecord, check_records, has_errors
from service.operations.reading import ReadRequest, read_returned
from service.operations.sources import JSON_ENDINGS, read_json_file
from service.problems import Exit
from service.settings import Settings, read_settings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--form", default=None, help="the form the files should be")
@click.option("--year", type=click.IntRange(2000, 2100), default=None, help="campaign year")
@click.option("--pack", "packs", multiple=True, help="rule pack to add, for example S2")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="the day to judge by")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="files read at the same time")
def check(
    files: tuple[Path, ...],
    form: str | None,
    year: int | None,
    packs: tuple[str, ...],
    today: dt.datetime | None,
    jobs: int,
) -> int:
    """Check FILES (JSON records or returned files) alone and together; prints one finding a line."""
    settings = _settings(year, packs)
    catalogue = Catalogue.load()
    sources: list[SourcedRecord] = []
    unreadable = False
    returned = [path for path in files if path.suffix.lower() not in JSON_ENDINGS]
    for path in files:
        if path.suffix.lower() in JSON_ENDINGS:
            sources.extend(
                SourcedRecord(intake.record, str(path), number, intake.findings)
                for number, intake in enumerate(take_in(read_json_file(path), catalogue))
            )
    readings = read_returned(returned, ReadRequest(form=form, jobs=jobs), settings)
    for reading in with_progress(readings, len(returned), "读取"):
        if reading.problem is not None:
            unreadable = True
            _print_problem(reading.file, reading.problem.to_plain())
        sources.extend(
            SourcedRecord(found.record, reading.file, number, found.findings)
            for number, found in enumerate(reading.documents)
        )
    findings = check_records(sources, catalogue, settings, today.date() if today else None)
    for item in findings:
        line = {"file": item.source, "document": item.number, "form": item.form, **finding_to_plain(item.finding)}
        click.echo(json.dumps(line, ensure_ascii=False))
    if unreadable:
        return Exit.UNREADABLE
    return Exit.ERRORS_FOUND if has_errors(findings) else Exit.DONE


def _settings(year: int | None, packs: tuple[str, ...]) -> Settings:
    settings = read_settings()
    chosen = ",".join(sorted(settings.rule_packs | {pack.upper() for pack in packs}))
    return replace(settings, packs=chosen, year=year or settings.year)


def _print_problem(file: str, problem: dict[str, object]) -> None:
    line = {"file": file, "document": None, "form": None, "severity": "error", "path": "", "clause": None, **problem}
    click.echo(json.dumps(line, ensure_ascii=False))

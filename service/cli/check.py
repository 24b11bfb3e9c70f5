"""``service check``: findings for records or returned files, as JSON lines."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from forms.catalogue import Catalogue
from forms.errors import FormServiceError
from forms.intake import take_in
from forms.plain import finding_to_plain
from service.cli.reporting import exit_for, with_progress
from service.operations.checking import SourcedRecord, check_records, has_errors
from service.operations.editions import catalogue_of
from service.operations.reading import ReadRequest, read_returned
from service.operations.sources import JSON_ENDINGS, read_json_file
from service.problems import Exit
from service.settings import Settings, read_settings
from service.store.errors import NotFoundError


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--form", default=None, help="the form the files should be")
@click.option("--year", type=click.IntRange(2000, 2100), default=None, help="campaign year")
@click.option("--pack", "packs", multiple=True, help="rule pack to add, for example S2")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="the day to judge by")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="files read at the same time")
def check(  # one argument an option
    files: tuple[Path, ...],
    form: str | None,
    year: int | None,
    packs: tuple[str, ...],
    today: dt.datetime | None,
    jobs: int,
) -> int:
    """Check FILES (JSON records or returned files) alone and together; prints one finding a line."""
    settings = _settings(year, packs)
    catalogue = catalogue_of(settings)
    known = catalogue.readable(form).form if form else None
    sources: list[SourcedRecord] = []
    problems: set[str] = set()
    returned = [path for path in files if path.suffix.lower() not in JSON_ENDINGS]
    for path in files:
        if path.suffix.lower() in JSON_ENDINGS:
            sources.extend(_of_json(path, catalogue, problems))
    readings = read_returned(returned, ReadRequest(form=known, jobs=jobs, checked=False), settings)
    for reading in with_progress(readings, len(returned), "读取"):
        if reading.problem is not None:
            problems.add(reading.problem.code)
            _print_problem(reading.file, reading.problem.code, reading.problem.message)
        sources.extend(
            SourcedRecord(found.record, reading.file, number, found.findings)
            for number, found in enumerate(reading.documents)
        )
    findings = check_records(sources, catalogue, settings, today.date() if today else None)
    for item in findings:
        line = {"file": item.source, "document": item.number, "form": item.form, **finding_to_plain(item.finding)}
        click.echo(json.dumps(line, ensure_ascii=False))
    if problems:
        return exit_for(problems)
    return Exit.ERRORS_FOUND if has_errors(findings) else Exit.DONE


def _of_json(path: Path, catalogue: Catalogue, problems: set[str]) -> Iterator[SourcedRecord]:
    """The records of a JSON file; one that cannot be used has its line like any other file."""
    try:
        taken = take_in(read_json_file(path), catalogue)
    except FileNotFoundError:
        problems.add(NotFoundError.code)
        _print_problem(path.name, NotFoundError.code, NotFoundError.zh)
    except FormServiceError as fault:
        problems.add(fault.code)
        _print_problem(path.name, fault.code, fault.message_zh)
    else:
        for number, intake in enumerate(taken):
            yield SourcedRecord(intake.record, path.name, number, intake.findings)


def _settings(year: int | None, packs: tuple[str, ...]) -> Settings:
    settings = read_settings()
    chosen = ",".join(sorted(settings.rule_packs | {pack.upper() for pack in packs}))
    return replace(settings, packs=chosen, year=year or settings.year)


def _print_problem(file: str, code: str, message: str) -> None:
    place = {"file": file, "document": None, "form": None, "path": "", "page": None, "box": None}
    line = {**place, "code": code, "severity": "error", "message": message, "clause": None, "suggestion": None}
    click.echo(json.dumps(line, ensure_ascii=False))

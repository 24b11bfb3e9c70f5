"""``service read``: returned files as JSON, one object a line."""

from __future__ import annotations

import json
from pathlib import Path

import click

from forms.catalogue import Catalogue
from service.cli.reporting import exit_for, with_progress
from service.operations.reading import ReadRequest, read_returned
from service.problems import Exit
from service.settings import read_settings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--form", default=None, help="the form the files should be")
@click.option("--engine", type=click.Choice(["auto", "rapid", "tesseract"]), default=None, help="OCR engine")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="files read at the same time")
@click.option(
    "--overlay",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="folder for a PNG of each page of scans and PDF files, with what was seen drawn over it",
)
def read(files: tuple[Path, ...], form: str | None, engine: str | None, jobs: int, overlay: Path | None) -> int:
    """Read returned FILES; prints one JSON object a line. A bad file never stops the others."""
    known = Catalogue.load().readable(form).form if form else None
    request = ReadRequest(form=known, engine=engine or "", jobs=jobs, overlay=overlay)
    if overlay is not None:
        overlay.mkdir(parents=True, exist_ok=True)
    problems: set[str] = set()
    for reading in with_progress(read_returned(files, request, read_settings()), len(files), "读取"):
        click.echo(json.dumps(reading.to_plain(), ensure_ascii=False))
        if reading.problem is not None:
            problems.add(reading.problem.code)
    return exit_for(problems) if problems else Exit.DONE

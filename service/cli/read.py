"""``service read``: returned files as JSON, one object a line."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.cli.reporting import with_progress
from service.operations.reading import ReadRequest, read_returned
from service.problems import Exit
from service.settings import read_settings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--form", default=None, help="the form the files should be")
@click.option("--engine", type=click.Choice(["auto", "rapid", "tesseract"]), default="auto", help="OCR engine")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="files read at the same time")
@click.option(
    "--overlay", type=click.Path(file_okay=False, path_type=Path), help="folder for pictures of what was seen"
)
def read(files: tuple[Path, ...], form: str | None, engine: str, jobs: int, overlay: Path | None) -> int:
    """Read returned FILES; prints one JSON object a line. A bad file never stops the others."""
    request = ReadRequest(form=form, engine=engine, overlay=overlay, jobs=jobs)
    failed = False
    for reading in with_progress(read_returned(files, request, read_settings()), len(files), "读取"):
        click.echo(json.dumps(reading.to_plain(), ensure_ascii=False))
        failed = failed or reading.status == "failed"
    return Exit.UNREADABLE if failed else Exit.DONE

"""``service read``: returned files as JSON, one object a line."""

from __future__ import annotations

import json
from pathlib import Path

import click

from forms.ledger import LEDGER
from parsers.ledger.options import Columns, LedgerOptions
from parsers.reading import FileReading
from service.cli.reporting import exit_for, with_progress
from service.operations.editions import catalogue_of
from service.operations.ledgers import columns_of_file, head_of, remember_all, remembered_of
from service.operations.reading import ReadRequest, read_returned
from service.problems import Exit
from service.settings import Settings, read_settings


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
@click.option("--unit", default="", help="with --form ledger: whose ledgers they are")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="with --form ledger: JSON of head text and key, for what a person knows of the columns",
)
@click.option(
    "--together",
    is_flag=True,
    help="pictures among FILES are the pages of one paper, and so are those of each zip: read as one file",
)
@click.option("--remember", is_flag=True, help="with --mapping: remember it for the unit and this head row")
def read(  # noqa: PLR0913  # one argument an option
    files: tuple[Path, ...],
    form: str | None,
    engine: str | None,
    jobs: int,
    *,
    overlay: Path | None,
    unit: str,
    mapping: Path | None,
    together: bool,
    remember: bool,
) -> int:
    """Read returned FILES; prints one JSON object a line. A bad file never stops the others."""
    settings = read_settings()
    known = catalogue_of(settings).readable(form).form if form else None
    if known != LEDGER and (unit or mapping or remember):
        raise click.UsageError("--unit、--mapping、--remember 只用于 --form ledger / only with --form ledger")
    if remember and mapping is None:
        raise click.UsageError("--remember 要与 --mapping 同用 / --remember needs --mapping")
    columns = None if mapping is None else columns_of_file(mapping)
    ledger = LedgerOptions(unit, columns, remembered_of(settings) if known == LEDGER else ())
    request = ReadRequest(form=known, engine=engine or "", jobs=jobs, overlay=overlay, ledger=ledger, together=together)
    if overlay is not None:
        overlay.mkdir(parents=True, exist_ok=True)
    problems: set[str] = set()
    for reading in with_progress(read_returned(files, request, settings), len(files), "读取"):
        click.echo(json.dumps(reading.to_plain(), ensure_ascii=False))
        if reading.problem is not None:
            problems.add(reading.problem.code)
        if columns is not None:
            _say_of_mapping(reading, columns)
        if remember and columns is not None:
            _remember(reading, settings, unit, columns)
    return exit_for(problems) if problems else Exit.DONE


def _say_of_mapping(reading: FileReading, columns: Columns) -> None:
    """Say what of the mapping is in no head of the file: a misspelt head would do nothing in silence."""
    heads = {head for found in reading.documents for head in head_of(found.columns).split("|")}
    last = {head.rpartition("/")[2] for head in heads}
    for label in columns:
        if label not in heads | last:
            click.echo(f"警告 {reading.file}:表头里没有“{label}” / no head {label}", err=True)


def _remember(reading: FileReading, settings: Settings, unit: str, columns: Columns) -> None:
    units = remember_all(settings, reading.documents, unit, columns)
    for name in dict.fromkeys(units):
        click.echo(f"已记住 {name} 的这种表头 / remembered for {name}", err=True)
    if reading.documents and not units:
        click.echo(f"警告 {reading.file}:不知道是哪个单位的台账,没有记住;请加 --unit / name the --unit", err=True)

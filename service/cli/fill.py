"""``service fill``: official forms from data, or blank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.intake import Intake
from forms.record import Record
from service.cli.reporting import show_findings, with_progress
from service.operations.editions import catalogue_of
from service.operations.filling import (
    FillOptions,
    blank_record,
    chosen_format,
    fill_records,
    intake_findings,
    named_apart,
    refuse_illegal,
    write_zip,
)
from service.operations.importing import read_workbook
from service.operations.issuing import open_register
from service.operations.sources import WORKBOOK_ENDINGS, intakes_for, read_json_file
from service.problems import Exit
from service.settings import read_settings
from writers.filling import FilledForm, Purpose
from writers.joining import join_pdfs

OWN_ENDINGS = {".docx", ".xlsx", ".pdf"}


@click.command()
@click.argument("form")
@click.option("--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON or import workbook")
@click.option("--blank", is_flag=True, help="the empty form")
@click.option("--unit", default="", help="with --blank: the unit that will fill it in")
@click.option("--rows", type=click.IntRange(0, 100_000), default=None, help="with --blank: how many empty rows")
@click.option("--as", "as_format", default="", help="docx, xlsx or pdf; else as PATH ends, or the form's own")
@click.option("--purpose", type=click.Choice(["prefilled", "final"]), default="final", help="prefilled leaves blanks")
@click.option("--no-print-mark", is_flag=True, help="leave our mark out of the margin")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="a file, a .zip or a folder")
def fill(  # noqa: PLR0913  # one argument an option
    form: str,
    data: Path | None,
    *,
    blank: bool,
    unit: str,
    rows: int | None,
    as_format: str,
    purpose: str,
    no_print_mark: bool,
    out: Path,
) -> int:
    """Fill FORM from data, or make it blank; prints the path of each file made."""
    if blank == (data is not None):
        raise click.UsageError("用 --data FILE 或 --blank 之一 / give either --data FILE or --blank")
    catalogue = catalogue_of(read_settings())
    definition = catalogue.find(form)
    intakes: tuple[Intake, ...] = ()
    if data is None:
        records: Sequence[Record] = (blank_record(definition, unit),)
    else:
        intakes = _take_in(definition, data, catalogue)
        records = [intake.record for intake in intakes]
        show_findings(intake_findings(intakes))
        refuse_illegal(intakes)
    asked = as_format or (out.suffix.lstrip(".").lower() if out.suffix.lower() in OWN_ENDINGS else "")
    options = FillOptions(
        purpose=Purpose.BLANK if blank else Purpose(purpose),
        as_format=chosen_format(definition, asked),
        print_mark=not no_print_mark,
        blank_rows=rows,
    )
    register = open_register(read_settings()) if options.print_mark else None
    made = with_progress(fill_records(definition, records, options, register), len(records), definition.title)
    for path in _write(made, out, len(records), options.as_format):
        click.echo(str(path))
    return Exit.DONE


def _take_in(definition: FormDefinition, data: Path, catalogue: Catalogue) -> tuple[Intake, ...]:
    if data.suffix.lower() in WORKBOOK_ENDINGS:
        return read_workbook(data, definition)
    return intakes_for(definition, read_json_file(data), catalogue)


def _write(made: Iterator[FilledForm], out: Path, count: int, as_format: str) -> Iterator[Path]:
    """Write the forms as they come, and give the path of each file that is finished."""
    if out.suffix.lower() == ".zip":
        with _finished_or_not(out) as part, part.open("wb") as target:
            findings = write_zip(made, target)
        show_findings(findings)
        yield out
    elif out.is_dir() or not out.suffix:
        for name, form in named_apart(made):
            yield _put(out / name, form)
    elif count == 1:
        yield _put(out, next(made))
    elif as_format == "pdf":
        forms = list(made)
        with _finished_or_not(out) as part:
            part.write_bytes(join_pdfs([form.content for form in forms]))
        show_findings([finding for form in forms for finding in form.findings])
        yield out
    else:
        raise click.UsageError(
            f"共 {count} 份文件,--out 请给出文件夹或 .zip / {count} files: give a folder or a .zip as --out"
        )


def _put(path: Path, form: FilledForm) -> Path:
    with _finished_or_not(path) as part:
        part.write_bytes(form.content)
    show_findings(form.findings)
    return path


@contextmanager
def _finished_or_not(path: Path) -> Iterator[Path]:
    """A path beside the wanted one; it takes its place once all is written, and is removed if that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

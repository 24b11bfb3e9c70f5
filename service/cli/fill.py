"""``service fill``: official forms from data, or blank."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.intake import Intake
from forms.record import Record
from service.cli.reporting import show_findings, with_progress
from service.operations.filling import (
    FillOptions,
    as_zip,
    blank_record,
    chosen_format,
    fill_records,
    intake_findings,
)
from service.operations.sources import WORKBOOK_ENDINGS, intakes_for, read_json_file
from service.problems import Exit
from writers.filling import FilledForm, Purpose
from writers.joining import join_pdfs
from writers.workbook import read_import_workbook


@click.command()
@click.argument("form")
@click.option("--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON or import workbook")
@click.option("--blank", is_flag=True, help="the empty form")
@click.option("--unit", default="", help="with --blank: the unit that will fill it in")
@click.option("--rows", type=click.IntRange(0, 100_000), default=None, help="with --blank: how many empty rows")
@click.option("--as", "as_format", default="", help="docx, xlsx or pdf; without it the ending of PATH, or the form's own")
@click.option("--purpose", type=click.Choice(["prefilled", "final"]), default="final", help="prefilled leaves blanks")
@click.option("--no-print-mark", is_flag=True, help="leave our mark out of the margin")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="a file, a .zip or a folder")
def fill(
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
    catalogue = Catalogue.load()
    definition = catalogue.find(form)
    intakes: tuple[Intake, ...] = ()
    if data is None:
        records: Sequence[Record] = (blank_record(definition, unit),)
    else:
        intakes = _take_in(definition, data, catalogue)
        records = [intake.record for intake in intakes]
        show_findings(intake_findings(intakes))
    asked = as_format or (out.suffix.lstrip(".").lower() if out.suffix.lower() in {".docx", ".xlsx", ".pdf"} else "")
    options = FillOptions(
        purpose=Purpose.BLANK if blank else Purpose(purpose),
        as_format=chosen_format(definition, asked),
        print_mark=not no_print_mark,
        blank_rows=rows,
    )
    made = with_progress(fill_records(definition, records, options), len(records), definition.title)
    for path in _write(made, out, len(records), options.as_format):
        click.echo(str(path))
    return Exit.DONE


def _take_in(definition: FormDefinition, data: Path, catalogue: Catalogue) -> tuple[Intake, ...]:
    if data.suffix.lower() in WORKBOOK_ENDINGS:
        return read_import_workbook(data.read_bytes(), definition)
    return intakes_for(definition, read_json_file(data), catalogue)


def _write(made: object, out: Path, count: int, as_format: str) -> list[Path]:
    forms: list[FilledForm] = list(made)  # type: ignore[call-overload]
    for form in forms:
        show_findings(form.findings)
    if out.suffix.lower() == ".zip":
        return [_put(out, as_zip((form.name, form.content) for form in forms))]
    if out.is_dir() or not out.suffix:
        out.mkdir(parents=True, exist_ok=True)
        return [_put(out / form.name, form.content) for form in forms]
    if count == 1:
        return [_put(out, forms[0].content)]
    if as_format == "pdf":
        return [_put(out, join_pdfs([form.content for form in forms]))]
    raise click.UsageError(
        f"共 {count} 份文件,--out 请给出文件夹或 .zip / {count} files: give a folder or a .zip as --out"
    )


def _put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
    return path

"""Forms out: blank, prefilled and final, one or many, in the format asked for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from forms.definition import FormDefinition, Layout
from forms.errors import FormServiceError
from forms.finding import Finding
from forms.intake import Intake
from forms.record import Entry, Record
from writers.filling import FilledForm, FillJob, Purpose, fill_many


class FormatUnsupportedError(FormServiceError):
    """A form is asked for in a format it does not come in."""

    code = "format-unsupported"
    zh = "{form}不能导出为 {format};可用:{known}"
    en = "{form} cannot be made as {format}; available: {known}"


@dataclass(frozen=True, slots=True)
class FillOptions:
    """How forms are to be made."""

    purpose: Purpose = Purpose.FINAL
    as_format: str = ""
    print_mark: bool = True
    blank_rows: int | None = None


def formats_of(definition: FormDefinition) -> tuple[str, ...]:
    """The formats a form can be made in: its own and PDF."""
    return (definition.file_format, "pdf")


def chosen_format(definition: FormDefinition, asked: str) -> str:
    """The format asked for, or the form's own.

    Raises:
        FormatUnsupportedError: a Word form as xlsx, or the other way round.
    """
    wanted = (asked or definition.file_format).lower()
    if wanted not in formats_of(definition):
        raise FormatUnsupportedError(form=definition.title, format=wanted, known=", ".join(formats_of(definition)))
    return wanted


def blank_record(definition: FormDefinition, unit: str = "") -> Record:
    """A record with nothing in it but, if given, the unit that will fill it in."""
    header: dict[str, Entry] = {}
    row: dict[str, Entry] = {}
    if unit:
        if definition.header_field("unit"):
            header["unit"] = Entry(unit, unit)
        elif definition.field("borrowing_unit"):
            row["borrowing_unit"] = Entry(unit, unit)
    rows = (row,) if definition.layout is Layout.CARD else ()
    return Record(definition.form, definition.edition, header, rows)


def fill_records(
    definition: FormDefinition, records: Iterable[Record], options: FillOptions
) -> Iterator[FilledForm]:
    """One filled file for each record, in order, each proved by reading it back.

    Raises:
        FormServiceError: nothing is handed out for a record that could not be filled or proved.
    """
    wanted = chosen_format(definition, options.as_format)
    jobs = (
        FillJob(
            definition,
            record,
            purpose=options.purpose,
            as_format=wanted,
            print_mark=options.print_mark,
            blank_rows=options.blank_rows,
        )
        for record in records
    )
    return fill_many(jobs)


def intake_findings(intakes: Sequence[Intake]) -> tuple[Finding, ...]:
    """What intake had to say, with the document's number in front where there are several."""
    if len(intakes) == 1:
        return intakes[0].findings
    return tuple(
        finding.under(f"documents[{number}]") for number, intake in enumerate(intakes) for finding in intake.findings
    )


def as_zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The files as a zip whose Chinese names open rightly everywhere, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()

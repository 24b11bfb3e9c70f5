"""Forms out: blank, prefilled and final, one or many, in the format asked for."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from forms.definition import FormDefinition, Layout
from forms.finding import Finding
from forms.intake import Intake
from forms.record import Entry, Record
from service.operations.issuing import IssueRegister
from writers.errors import FormatUnsupportedError, IllegalCharacterError
from writers.filling import FilledForm, FillJob, Purpose, fill_many, formats_of

SHOWN_PLACES = 10


@dataclass(frozen=True, slots=True)
class FillOptions:
    """How forms are to be made."""

    purpose: Purpose = Purpose.FINAL
    as_format: str = ""
    print_mark: bool = True
    blank_rows: int | None = None


def chosen_format(definition: FormDefinition, asked: str) -> str:
    """The format asked for, or the form's own.

    Raises:
        FormatUnsupportedError: a Word form as xlsx, or the other way round.
    """
    wanted = (asked or definition.file_format).lower()
    if wanted not in formats_of(definition):
        raise FormatUnsupportedError(form=definition.title, asked=wanted, available="、".join(formats_of(definition)))
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
    definition: FormDefinition,
    records: Iterable[Record],
    options: FillOptions,
    register: IssueRegister | None = None,
) -> Iterator[FilledForm]:
    """One filled file for each record, in order, each proved by reading it back.

    Those with a print mark are entered in ``register``, so that they are known again when they come back.

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
    forms = fill_many(jobs)
    return register.kept(forms, options.purpose) if register is not None and options.print_mark else forms


def intake_findings(intakes: Sequence[Intake]) -> tuple[Finding, ...]:
    """What intake had to say, with the document's number in front where there are several."""
    if len(intakes) == 1:
        return intakes[0].findings
    return tuple(
        finding.under(f"documents[{number}]") for number, intake in enumerate(intakes) for finding in intake.findings
    )


def refuse_illegal(intakes: Sequence[Intake]) -> None:
    """Stop before anything is made when a value holds what no Office file can carry.

    Raises:
        IllegalCharacterError: with the first places.
    """
    places = [item.path for item in intake_findings(intakes) if item.code == IllegalCharacterError.code]
    if places:
        rest = f"……共 {len(places)} 处" if len(places) > SHOWN_PLACES else ""
        raise IllegalCharacterError(pointer=places[0], places="、".join(places[:SHOWN_PLACES]) + rest)


def named_apart(forms: Iterable[FilledForm]) -> Iterator[tuple[str, FilledForm]]:
    """Each form with a name of its own: two people of one name do not overwrite each other."""
    taken: set[str] = set()
    for form in forms:
        stem, _, ending = form.name.rpartition(".")
        name, count = form.name, 1
        while name in taken:
            count += 1
            name = f"{stem}-{count}.{ending}"
        taken.add(name)
        yield name, form


def write_zip(forms: Iterable[FilledForm], target: IO[bytes]) -> tuple[Finding, ...]:
    """The forms as a zip, each written as it comes; returns what had to be said while making them.

    Names in Chinese open rightly everywhere; the same forms give the same bytes.
    """
    findings: list[Finding] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # what is in it is packed already
        for name, form in named_apart(forms):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, form.content)
            findings.extend(form.findings)
    return tuple(findings)

"""Returned files in: each read in a fenced child, its records checked, one result a file whatever happens."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from forms.catalogue import Catalogue
from forms.checking import check_document, merge_findings
from forms.record import Extraction
from forms.rules.base import CheckedDocument
from parsers.calibrating import Care
from parsers.fenced import FencedReader, Returned, kept_together
from parsers.issued import lend_nothing
from parsers.ledger.options import LedgerOptions
from parsers.reading import FileReading, ReadOptions
from service.operations.checking import check_settings
from service.operations.editions import catalogue_of, readable_folder
from service.operations.issuing import find_register
from service.operations.units import known_to, names_known, office_day, units_of
from service.runtime import Runtime
from service.settings import Settings
from service.store.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What the caller knows of the files: the form they should be, the engine, how many are read at once."""

    form: str | None = None
    engine: str = ""
    jobs: int = 1
    checked: bool = True
    """Whether the rules are run on each document by itself."""
    overlay: Path | None = None
    """A folder for pictures of the pages with what was seen in them."""
    ledger: LedgerOptions = field(default_factory=LedgerOptions)
    """What is known of the columns of ledgers."""
    together: bool = False
    """Whether all pictures, or all of one bundle, are the pages of one paper."""


def read_returned(files: Sequence[Path], request: ReadRequest, settings: Settings) -> Iterator[FileReading]:
    """One reading for each file in the order given (one an entry of a bundle), its records checked.

    Never raises for one bad file; one that is not there, or may not be read, has that as its problem.
    """
    catalogue = catalogue_of(settings)
    units = known_to(settings)
    options = _options(request.form, request.engine or settings.engine, settings, units)
    options = replace(options, overlay=request.overlay, ledger=request.ledger, together=request.together)
    register = find_register(settings)
    lend = register.lend if register is not None else lend_nothing
    see = [folder for folder in (readable_folder(settings),) if folder is not None]
    with ExitStack() as opened:
        returned = [Returned(path, path.name) for path in files]
        if request.together:
            folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="forms-photos-"))
            returned = kept_together(returned, Path(folder))
        present = [os.access(file.path, os.R_OK) and file.path.is_file() for file in returned]
        reader = opened.enter_context(FencedReader(request.jobs, lend=lend, see=see))
        readings = reader.read_all((file for file, there in zip(returned, present, strict=True) if there), options)
        for file, there in zip(returned, present, strict=True):
            if not there:
                yield FileReading.failed(file.name, "", "", NotFoundError(pointer=file.name), 0.0)
                continue
            for reading in next(readings):
                yield checked(reading, catalogue, settings, units) if request.checked else reading


def read_checked(
    path: Path, name: str, form_hint: str | None, runtime: Runtime, ledger: LedgerOptions | None = None
) -> dict[str, Any]:
    """What ``service read`` prints for a stored file that was sent under ``name``."""
    units = names_known(units_of(runtime.database), office_day())
    options = _options(form_hint, runtime.settings.engine, runtime.settings, units)
    reading = runtime.reader.read(path, replace(options, ledger=ledger or LedgerOptions()), name)[0]
    return checked(reading, runtime.catalogue, runtime.settings, units).to_plain()


def _options(form: str | None, engine: str, settings: Settings, units: tuple[str, ...]) -> ReadOptions:
    """The rules are run here and not in the child, for they depend on this installation's settings."""
    care = Care(settings.silent_rate, settings.audit_rate)
    editions = readable_folder(settings)
    return ReadOptions(form=form, engine=engine, checked=False, care=care, units=units, editions=editions)


def checked(reading: FileReading, catalogue: Catalogue, settings: Settings, units: Sequence[str] = ()) -> FileReading:
    """The reading with what the rules say of each document, under this installation's settings and known units."""
    return replace(reading, documents=tuple(_checked(item, catalogue, settings, units) for item in reading.documents))


def _checked(extraction: Extraction, catalogue: Catalogue, settings: Settings, units: Sequence[str]) -> Extraction:
    record = extraction.record
    document = CheckedDocument(record, catalogue.readable(record.form, record.edition))
    found = check_document(document, check_settings(settings, [record], units=units))
    return replace(extraction, findings=merge_findings(extraction.findings, found))

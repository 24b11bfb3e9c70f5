"""What was handed out is remembered, so that it is known again when it comes back on paper."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy.exc import OperationalError

from forms.record import Record
from parsers.issued import MAP_FILE, PRINT_FILE
from parsers.printmark import ID_ALPHABET, ID_LENGTH
from service.opening import has_database, open_blobs, open_database
from service.settings import Settings
from service.store.blobs import MIB, BlobStore
from service.store.database import Database
from service.store.errors import StorageFullError
from service.store.issued import Issued, find_issued, find_print, keep_issued
from writers.filling import PDF, FilledForm, Purpose

logger = logging.getLogger(__name__)

TOGETHER = 50
"""Documents entered in one transaction."""
LARGEST_PRINT = 256 * MIB
_ID = re.compile(rf"[{ID_ALPHABET}]{{{ID_LENGTH}}}")


@dataclass(frozen=True)
class IssueRegister:
    """The documents of one installation that were handed out with a print mark."""

    database: Database
    blobs: BlobStore

    def kept(self, forms: Iterable[FilledForm], purpose: Purpose) -> Iterator[FilledForm]:
        """The forms as they come, each entered before it is given on; a full disk stops the entering, not the forms."""
        waiting = iter(forms)
        while batch := list(islice(waiting, TOGETHER)):
            self._enter(batch, purpose)
            yield from batch

    def _enter(self, forms: Sequence[FilledForm], purpose: Purpose) -> None:
        try:
            documents = [self._issued(form, form.record, purpose) for form in forms if form.record is not None]
            with self.database.transaction() as connection:
                keep_issued(connection, documents)
        except (StorageFullError, OperationalError, OSError):
            logger.info("%d documents were handed out and not entered: the data folder cannot be written", len(forms))

    def _issued(self, form: FilledForm, record: Record, purpose: Purpose) -> Issued:
        print_sha256 = None
        if form.format == PDF and form.field_map is not None:
            print_sha256 = self.blobs.put([form.content], LARGEST_PRINT).sha256
        return Issued(
            form.document_id,
            record.form,
            record.edition,
            form.format,
            purpose.value,
            record,
            form.field_map,
            print_sha256,
        )

    def find(self, document_id: str) -> Issued | None:
        """What was handed out under that print mark."""
        with self.database.reading() as connection:
            return find_issued(connection, document_id)

    def lend(self, document_id: str, folder: Path) -> bool:
        """Put the print of a document and its field map into a folder, for a reader that has seen its mark.

        Only who holds the paper knows the id: it is drawn from 2 to the 60 and never listed. Returns whether the
        document is known as a print.
        """
        if not _ID.fullmatch(document_id):
            return False
        with self.database.reading() as connection:
            found = find_print(connection, document_id)
        if found is None or not self.blobs.has(found[1]):
            return False
        (folder / MAP_FILE).write_bytes(found[0])
        with self.blobs.open(found[1]) as content, (folder / PRINT_FILE).open("wb") as copy:
            shutil.copyfileobj(content, copy)
        return True


def open_register(settings: Settings) -> IssueRegister | None:
    """The register of the installation's data folder, made where it is missing; ``None`` where nothing can be kept."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = open_database(settings)
        return IssueRegister(database, open_blobs(settings, database))
    except (OSError, OperationalError):
        return None


def find_register(settings: Settings) -> IssueRegister | None:
    """The register, where there is one already: reading makes no data folder."""
    return open_register(settings) if has_database(settings) else None

"""The parts one running installation consists of, put together once."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from forms.catalogue import Catalogue
from parsers.fence import Fence
from parsers.fenced import FencedReader
from service.access.policy import put_in_force, read_policy
from service.opening import open_blobs, open_database
from service.operations.editions import catalogue_of, editions_folder
from service.operations.issuing import IssueRegister
from service.operations.later import Later
from service.operations.listing import Listing
from service.operations.remembering import Memory, Pieces
from service.settings import PROJECT, Settings
from service.store.blobs import BlobStore
from service.store.database import Database
from service.store.derived import DerivedFiles
from service.store.progress import DatedForm, DatedRow


@dataclass(frozen=True)
class Runtime:
    """Settings, definitions, database and files of an installation, and where files from outside are opened.

    ``fence`` does single tasks while somebody waits; ``reader`` reads returned files and keeps its engines loaded.
    Neither starts a process before its first file. ``listing``, ``memory`` and ``days`` remember what lists
    and boards say; ``later`` works out what takes long while whoever asked does something else.
    """

    settings: Settings
    database: Database
    blobs: BlobStore
    fence: Fence
    reader: FencedReader
    closing: ExitStack = field(repr=False)
    memory: Memory = field(repr=False)
    later: Later = field(repr=False)
    days: Pieces[DatedForm, list[DatedRow]] = field(default_factory=Pieces, repr=False)
    listing: Listing = field(default_factory=Listing, repr=False)

    @property
    def catalogue(self) -> Catalogue:
        """The definitions, with the editions that the installation has added; read again when one came or went."""
        return catalogue_of(self.settings)

    @property
    def derived(self) -> DerivedFiles:
        """What was made of the files and may be made again."""
        return DerivedFiles(self.settings.data_dir / "derived", self.blobs.keys)

    @property
    def register(self) -> IssueRegister:
        """The documents that were handed out."""
        return IssueRegister(self.database, self.blobs)

    def close(self) -> None:
        """End the fenced children and let go of the database."""
        self.closing.close()


def open_runtime(settings: Settings) -> Runtime:
    """Open (and on first start create) the data folder."""
    put_in_force(read_policy(None if settings.rights_file == Path() else settings.rights_file))
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    closing = ExitStack()
    database = open_database(settings)
    closing.callback(database.close)
    blobs = open_blobs(settings, database)
    memory = Memory(database)
    closing.callback(memory.close)
    later = Later()
    closing.callback(later.close)
    editions = editions_folder(settings).resolve()
    editions.mkdir(exist_ok=True)
    return Runtime(
        settings,
        database,
        blobs,
        closing.enter_context(Fence(settings.readers, see=(PROJECT / "writers", editions))),
        closing.enter_context(FencedReader(1, lend=IssueRegister(database, blobs).lend, see=(editions,))),
        closing,
        memory,
        later,
    )

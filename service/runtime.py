"""The parts one running installation consists of, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from forms.catalogue import Catalogue
from parsers.fence import Fence
from service.settings import PROJECT, Settings
from service.store.blobs import BlobStore
from service.store.database import Database

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Runtime:
    """Settings, definitions, database and files of an installation, and the fence in which files from outside open."""

    settings: Settings
    catalogue: Catalogue
    database: Database
    blobs: BlobStore
    fence: Fence

    def close(self) -> None:
        """End the fenced children and let go of the database."""
        self.fence.close()
        self.database.close()


def open_runtime(settings: Settings) -> Runtime:
    """Open (and on first start create) the data folder."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Runtime(
        settings,
        Catalogue.load(),
        Database(settings.data_dir / "service.db"),
        BlobStore(settings.data_dir / "blobs", settings.reserve_mib * MIB),
        Fence(settings.readers, see=(PROJECT / "writers",)),
    )

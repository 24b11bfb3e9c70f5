"""The parts one running installation consists of, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from forms.catalogue import Catalogue
from service.settings import Settings
from service.store.blobs import BlobStore
from service.store.database import Database


@dataclass(frozen=True, slots=True)
class Runtime:
    """Settings, definitions, database and files of an installation."""

    settings: Settings
    catalogue: Catalogue
    database: Database
    blobs: BlobStore


def open_runtime(settings: Settings) -> Runtime:
    """Open (and on first start create) the data folder."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Runtime(
        settings,
        Catalogue.load(),
        Database(settings.data_dir / "service.db"),
        BlobStore(settings.data_dir / "blobs"),
    )

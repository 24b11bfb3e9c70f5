"""The database of an installation, wherever its settings say that it is."""

from __future__ import annotations

from service.settings import Settings
from service.store.database import Database


def open_database(settings: Settings) -> Database:
    """The database, made on the first start and brought to this program's schema.

    Raises:
        DatabaseAddressError, DatabaseAwayError, DatabaseNewerError: it cannot be used.
        KeyMissingError, KeyWrongError: its keys cannot be opened.
    """
    return Database(settings.place, settings.outer_key, settings.suite)


def has_database(settings: Settings) -> bool:
    """Whether there is one already, as far as that shows without opening it."""
    return bool(settings.database) or (settings.data_dir / "service.db").is_file()

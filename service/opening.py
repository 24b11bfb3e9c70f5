"""The database of an installation, wherever its settings say that it is."""

from __future__ import annotations

from service.settings import Settings
from service.store.blobs import MIB, BlobStore
from service.store.database import Database
from service.store.sealing.files import FileKeys
from service.store.sealing.suites import use_provider


def open_database(settings: Settings) -> Database:
    """The database, made on the first start and brought to this program's schema.

    Raises:
        DatabaseAddressError, DatabaseAwayError, DatabaseNewerError: it cannot be used.
        KeyMissingError, KeyWrongError: its keys cannot be opened.
        CryptoSelfTestError: the module that is to compute SM3 and SM4 is not there, or computes wrongly.
    """
    use_provider(settings.crypto_provider)
    return Database(settings.place, settings.outer_key, settings.suite)


def open_blobs(settings: Settings, database: Database) -> BlobStore:
    """The received files: in the data folder, or in a store that speaks S3, sealed with the keys of the database.

    Raises:
        BlobAddressError: the setting names no such store.
    """
    root, reserve = settings.data_dir / "blobs", settings.reserve_mib * MIB
    keys = FileKeys(database.vault, database.look_again, seals=settings.seal_files)
    if not settings.blobs:
        return BlobStore(root, reserve, keys)
    from service.store.s3_blobs import S3Address, S3BlobStore  # noqa: PLC0415  # boto3 is for those who chose it

    key, secret = settings.s3_key, settings.s3_secret
    address = S3Address(settings.blobs, settings.s3_endpoint, settings.s3_region, key, secret)
    return S3BlobStore(root, address, reserve, keys)


def has_database(settings: Settings) -> bool:
    """Whether there is one already, as far as that shows without opening it."""
    return bool(settings.database) or (settings.data_dir / "service.db").is_file()

"""A backup while the service works, and its restoration: nothing is taken as restored that was not compared.

The folder of a backup holds the database of one moment, every stored file that it speaks of, the editions of forms that
the installation has added, the heads of the audit chain and a manifest with the hash of each file. Keys are not in it
unless asked for: without them it opens nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import Connection, delete

from forms.errors import FormServiceError
from service.audit.chain import head_of, record, verify
from service.audit.events import Action, AuditEvent
from service.audit.heads import export_head, exported_heads, heads_file
from service.opening import open_blobs, open_database
from service.operations.backup_files import FILES, BackupDamagedError, bring_files, copy_files, require_files
from service.operations.editions import editions_folder
from service.settings import Settings
from service.store.blobs import BlobStore, hash_of
from service.store.copying import read_tables, row_counts, write_tables
from service.store.database import Database
from service.store.key_tables import data_keys, file_keys
from service.store.migrating import head, revision_of
from service.store.references import referenced_files
from service.store.sealing.vault import Keys

MANIFEST = "manifest.json"
DATABASE = "service.db"
TABLES = "tables"
EDITIONS = "editions"
HEADS = "audit-heads.jsonl"
KEY = "outer.key"


class BackupTargetError(FormServiceError):
    """A folder for a backup, or an installation to restore into, that is not empty."""

    code = "target-not-empty"
    zh = "目标 {name} 不是空的,未作改动"
    en = "The target {name} is not empty; nothing was changed"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: ``files`` are the hashes of its own files by path, ``blobs`` how many stored files."""

    made_at: str
    revision: str
    kind: str
    rows: dict[str, int]
    audit_rows: int
    audit_mac: str
    blobs: int
    blob_bytes: int
    missing: list[str]
    has_key: bool
    files: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def read(folder: Path) -> Manifest:
        """The manifest of a backup.

        Raises:
            BackupDamagedError: there is none, or it is none.
        """
        try:
            return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as fault:
            raise BackupDamagedError(what=MANIFEST) from fault


def back_up(settings: Settings, target: Path, *, with_key: bool = False) -> Manifest:
    """Write a backup into a folder that is not there yet; the service may go on meanwhile.

    Raises:
        BackupTargetError: the folder is there and not empty.
        BlobDamagedError: a stored file is damaged; a backup of it would hide that.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupTargetError(name=target.name)
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    database = open_database(settings)
    try:
        blobs = open_blobs(settings, database)
        manifest = _write(settings, database, blobs, part, with_key=with_key)
        with database.transaction() as connection:
            record(connection, AuditEvent(Action.BACKUP, "backup", target.name, count=manifest.blobs))
    finally:
        database.close()
    if target.exists():
        target.rmdir()
    part.rename(target)
    return manifest


def _write(settings: Settings, database: Database, blobs: BlobStore, part: Path, *, with_key: bool) -> Manifest:
    export_to = heads_file(settings.data_dir)
    with database.transaction() as connection:
        export_head(connection, export_to, daily=False)
    shutil.copyfile(export_to, part / HEADS)  # before the database: no head may be newer than the chain beside it
    kept = _copy_database(database, part)
    if with_key:
        make_copy_of_key(settings, part / KEY)
    if editions_folder(settings).is_dir():
        shutil.copytree(editions_folder(settings), part / EDITIONS, ignore=shutil.ignore_patterns(".*"))
    copied = copy_files(blobs, kept.files, part, kept.keys)
    listed = sorted(path for path in part.rglob("*") if path.is_file() and path.parent.parent.name != FILES)
    for path in part.rglob("*"):
        _sync(path)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    manifest = Manifest(
        now,
        kept.revision,
        "sqlite" if database.is_sqlite else "postgresql",
        kept.rows,
        kept.audit_rows,
        kept.audit_mac,
        len(kept.files) - len(copied.missing),
        copied.size,
        copied.missing,
        with_key,
        {str(path.relative_to(part)): hash_of(path) for path in listed},
    )
    (part / MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
    _sync(part / MANIFEST)
    return manifest


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the copied database says of itself."""

    revision: str
    rows: dict[str, int]
    audit_rows: int
    audit_mac: str
    files: frozenset[str]
    keys: Keys


def _copy_database(database: Database, part: Path) -> _Kept:
    """Copy one moment of the database, and look at the copy, not at what goes on."""
    if not database.is_sqlite:
        with database.reading() as connection:
            write_tables(connection, part / TABLES)
            return _look(connection, database.vault.keys)
    target = part / DATABASE
    with database.engine.connect() as connection:
        source = connection.connection.driver_connection
        if not isinstance(source, sqlite3.Connection):
            raise TypeError("a SQLite database is reached through sqlite3")
        copy = sqlite3.connect(target)
        source.backup(copy)  # in one go: copied in steps, it would begin anew with every write in between
        copy.close()
    opened = Database(target, database.vault.outer, database.vault.suite)
    try:
        with opened.reading() as connection:
            return _look(connection, opened.vault.keys)
    finally:
        opened.close()


def _look(connection: Connection, keys: Keys) -> _Kept:
    last = head_of(connection)
    files = frozenset(referenced_files(connection))
    return _Kept(revision_of(connection) or "", row_counts(connection), last.number, last.mac, files, keys)


def make_copy_of_key(settings: Settings, path: Path) -> None:
    """The outer key as a file of a backup, readable for its owner alone."""
    outer = settings.outer_key
    text = outer.text or outer.file.read_text(encoding="ascii")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def restore(settings: Settings, source: Path) -> Manifest:
    """Bring a backup into an installation that has nothing yet, and compare all of it.

    Raises:
        BackupDamagedError: the backup is not whole; or what came out is not what was put in.
        BackupTargetError: there is something already.
        KeyMissingError, KeyWrongError: the key is not there, or not the one of this backup.
    """
    manifest = Manifest.read(source)
    require_whole(source, manifest)
    if (manifest.kind == "sqlite") == bool(settings.database):
        raise BackupDamagedError(what=f"made of {manifest.kind}, the installation has another database")
    if settings.data_dir.exists() and any(settings.data_dir.iterdir()):
        raise BackupTargetError(name=settings.data_dir.name)
    if manifest.has_key and not settings.key and not settings.outer_key.file.exists():
        settings.outer_key.file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / KEY, settings.outer_key.file)
        settings.outer_key.file.chmod(0o400)
    settings.outer_key.read()  # without the key of the backup nothing is begun
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        _bring(settings, source, manifest)
    except BaseException:
        for left in settings.data_dir.iterdir():  # it was empty before: half a restoration is none
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        raise
    return manifest


def _bring(settings: Settings, source: Path, manifest: Manifest) -> None:
    if settings.database:
        _enter_rows(settings, source)
    else:
        shutil.copyfile(source / DATABASE, settings.data_dir / DATABASE)
    shutil.copyfile(source / HEADS, heads_file(settings.data_dir))
    if (source / EDITIONS).is_dir():
        shutil.copytree(source / EDITIONS, editions_folder(settings), dirs_exist_ok=True)
    database = open_database(settings)
    try:
        blobs = open_blobs(settings, database)
        bring_files(source, blobs, database.vault.keys)
        _compare(database, blobs, manifest, settings)
    finally:
        database.close()


def _enter_rows(settings: Settings, source: Path) -> None:
    """The rows into a database that has none but the keys which opening it made; those of the backup replace them."""
    database = open_database(settings)
    try:
        with database.transaction() as connection:
            keys = {table.name: table for table in (data_keys, file_keys)}
            if any(count for name, count in row_counts(connection).items() if name not in keys):
                raise BackupTargetError(name="database")
            for table in keys.values():
                connection.execute(delete(table))
            read_tables(connection, source / TABLES)
    finally:
        database.close()


def require_whole(source: Path, manifest: Manifest) -> None:
    """Compare every file of a backup with its hash.

    Raises:
        BackupDamagedError: one is missing, changed, or too many.
    """
    for name, sha256 in manifest.files.items():
        path = source / name
        if not path.is_file() or hash_of(path) != sha256:
            raise BackupDamagedError(what=name)
    require_files(source, manifest.blobs)


def _compare(database: Database, blobs: BlobStore, manifest: Manifest, settings: Settings) -> None:
    """What is there now is what the manifest says, row for row, file for file, and the audit chain is whole."""
    with database.transaction() as connection:
        rows = row_counts(connection)
        known = {name: count for name, count in manifest.rows.items() if name in rows}
        if differing := [name for name, count in known.items() if rows[name] != count]:
            raise BackupDamagedError(what=f"rows of {', '.join(differing)}")
        exported = list(exported_heads(heads_file(settings.data_dir), database.vault))
        verdict = verify(connection, exported)
        last = head_of(connection)
        if verdict.fault or (last.number, last.mac) != (manifest.audit_rows, manifest.audit_mac):
            raise BackupDamagedError(what=f"audit {verdict.fault} {verdict.number}")
        lost = [sha256 for sha256 in referenced_files(connection) if not blobs.has(sha256)]
        if sorted(lost) != sorted(manifest.missing):
            raise BackupDamagedError(what=f"{len(lost)} files")
        details: dict[str, str | int | float | bool | None] = {"made_at": manifest.made_at, "revision": head()}
        record(connection, AuditEvent(Action.RESTORE, "backup", count=manifest.blobs, details=details))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

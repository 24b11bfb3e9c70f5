"""``service admin rekey``: other keys, while the service works."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.cli.installation import data_option, settings_of
from service.opening import open_blobs, open_database
from service.operations.sealing import erase_file_keys, seal_files
from service.problems import Exit
from service.settings import Settings
from service.store.database import Database
from service.store.sealing.keyring import wrap_anew
from service.store.sealing.outer_key import OuterKey, make_key_file
from service.store.sealing.resealing import TOGETHER, begin_rekey, end_rekey, reseal


@click.command()
@data_option
@click.option(
    "--key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="change the outer key only: wrap the keys with the one of this file, made where it is not there",
)
@click.option("--together", type=click.IntRange(1, 10_000), default=TOGETHER, show_default=True, help="rows at a time")
def rekey(data: Path | None, key_file: Path | None, together: int) -> None:
    """Seal all numbers and files with a new key, and erase the old one. Broken off, it goes on where it stopped."""
    settings = settings_of(data)
    database = open_database(settings)
    try:
        if key_file is not None:
            _wrap(settings, database, key_file)
        else:
            _reseal(settings, database, together)
    finally:
        database.close()


@click.command("seal-files")
@data_option
def seal_stored_files(data: Path | None) -> int:
    """Seal the stored files that are plain or of an older key; broken off, it goes on where it stopped."""
    settings = settings_of(data)
    if not settings.seal_files:
        raise click.UsageError("设定为不加密保存文件 / HZFORMS_SEAL_FILES is off")
    database = open_database(settings)
    try:
        told = _seal_files(settings, database)
        _note(database, database.vault.keys.current_file, "seal-files")
    finally:
        database.close()
    click.echo(json.dumps(told))
    return Exit.ERRORS_FOUND if told["damaged_files"] else Exit.DONE


def _seal_files(settings: Settings, database: Database) -> dict[str, int]:
    """Seal them; a damaged one stays as it is and is told, with its key."""
    blobs = open_blobs(settings, database)
    done = list(seal_files(blobs))
    damaged = [one.sha256 for one in done if one.is_damaged]
    for sha256 in damaged:
        click.echo(json.dumps({"kind": "damaged", "what": sha256}))
    erased, left = erase_file_keys(database, blobs)
    return {
        "sealed_files": len(done) - len(damaged),
        "damaged_files": len(damaged),
        "erased_file_keys": erased,
        "file_keys_kept": left,
    }


def _reseal(settings: Settings, database: Database, together: int) -> None:
    number = begin_rekey(database)
    _note(database, number, "rekey-begin")
    total = 0
    for table, rows in reseal(database, together):
        total += rows
        click.echo(json.dumps({"key": number, "table": table, "rows": rows}))
    told = _seal_files(settings, database)
    erased = end_rekey(database)
    _note(database, number, "rekey-end")
    click.echo(json.dumps({"key": number, "resealed": total, "erased_keys": erased, **told}))


def _wrap(settings: Settings, database: Database, path: Path) -> None:
    make_key_file(path)
    with database.transaction() as connection:
        count = wrap_anew(connection, settings.outer_key.read(), OuterKey(path).read())
        record(connection, AuditEvent(Action.KEY, "outer-key", count=count, details={"step": "rewrap"}))
    click.echo(json.dumps({"keys": count, "key_file": path.name}))
    click.echo(f"今后请用 HZFORMS_KEY_FILE={path},并妥善另存;旧密钥文件不再能打开此库,可销毁。", err=True)


def _note(database: Database, number: int, step: str) -> None:
    with database.transaction() as connection:
        record(connection, AuditEvent(Action.KEY, "data-key", str(number), details={"step": step}))

"""``service admin rekey``: other keys, while the service works."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.cli.installation import data_option, settings_of
from service.opening import open_database
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
    """Seal all numbers with a new key, and erase the old one. Broken off, it goes on where it stopped."""
    settings = settings_of(data)
    database = open_database(settings)
    try:
        if key_file is not None:
            _wrap(settings, database, key_file)
        else:
            _reseal(database, together)
    finally:
        database.close()


def _reseal(database: Database, together: int) -> None:
    number = begin_rekey(database)
    _note(database, number, "rekey-begin")
    total = 0
    for table, rows in reseal(database, together):
        total += rows
        click.echo(json.dumps({"key": number, "table": table, "rows": rows}))
    erased = end_rekey(database)
    _note(database, number, "rekey-end")
    click.echo(json.dumps({"key": number, "resealed": total, "erased_keys": erased}))


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

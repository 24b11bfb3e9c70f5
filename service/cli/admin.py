"""``service admin``: what an installation needs now and then."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from parsers.ledger.options import columns_to_plain
from service.cli.lazily import LazyGroup
from service.jobs.worker import run_next
from service.operations.ledgers import forget_unit, remembered_of
from service.operations.samples import sample_returns
from service.runtime import open_runtime
from service.settings import read_settings

COMMANDS = {
    "adopt": "service.cli.editions:adopt_command",
    "audit": "service.cli.keeping:audit",
    "backup": "service.cli.keeping:backup",
    "campaigns": "service.cli.campaigns:campaigns",
    "disclosures": "service.cli.disclosures:disclosures",
    "editions": "service.cli.editions:editions",
    "jobs": "service.cli.jobs:jobs",
    "move-to": "service.cli.jobs:move_to",
    "progress": "service.cli.progress:progress",
    "purge": "service.cli.keeping:purge",
    "rekey": "service.cli.keys:rekey",
    "restore": "service.cli.keeping:restore",
    "seal-files": "service.cli.keys:seal_stored_files",
    "units": "service.cli.units:units",
    "users": "service.cli.users:users",
    "verify-audit": "service.cli.keeping:verify_audit",
    "verify-store": "service.cli.keeping:verify_store",
}


@click.group(cls=LazyGroup, places=COMMANDS)
def admin() -> None:
    """Look after an installation."""


@admin.command("ledger-mappings")
@click.option("--forget", default="", metavar="UNIT", help="forget all that is remembered for a unit")
def ledger_mappings(forget: str) -> None:
    """List what is remembered of the columns of units' ledgers, a line each."""
    settings = read_settings()
    if forget:
        click.echo(f"已忘记 {forget_unit(settings, forget)} 条 / forgotten", err=True)
    for item in remembered_of(settings):
        line = {"unit": item.unit, "head": item.head, "columns": columns_to_plain(item.columns)}
        click.echo(json.dumps(line, ensure_ascii=False))


@admin.command("sample-data")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
def sample_data(data: Path | None) -> None:
    """Put a few returned files of invented people into the data folder, and read them."""
    settings = read_settings()
    runtime = open_runtime(replace(settings, data_dir=(data or settings.data_dir).resolve()))
    try:
        for name, identity in sample_returns(runtime):
            click.echo(json.dumps({"file": name, "id": identity}, ensure_ascii=False))
        while run_next(runtime):
            pass
    finally:
        runtime.close()

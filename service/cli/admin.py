"""``service admin``: what an installation needs now and then."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from parsers.ledger.options import columns_to_plain
from service.cli.campaigns import campaigns
from service.cli.editions import adopt_command, editions
from service.cli.jobs import jobs, move_to
from service.cli.keeping import audit, backup, purge, restore, verify_audit, verify_store
from service.cli.keys import rekey
from service.cli.progress import progress
from service.cli.units import units
from service.cli.users import users
from service.jobs.worker import run_next
from service.operations.ledgers import forget_unit, remembered_of
from service.operations.samples import sample_returns
from service.runtime import open_runtime
from service.settings import read_settings


@click.group()
def admin() -> None:
    """Look after an installation."""


admin.add_command(units)
admin.add_command(users)
admin.add_command(campaigns)
admin.add_command(progress)
admin.add_command(jobs)
admin.add_command(move_to)
for command in (rekey, backup, restore, verify_store, verify_audit, audit, purge):
    admin.add_command(command)
admin.add_command(adopt_command)
admin.add_command(editions)


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

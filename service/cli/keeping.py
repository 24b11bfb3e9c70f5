"""``service admin backup``, ``restore``, ``verify-store``, ``verify-audit``, ``audit`` and ``purge``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from service.audit.chain import events, record, verify
from service.audit.events import Action, AuditEvent, Result
from service.audit.heads import exported_heads, heads_file
from service.cli.installation import data_option, settings_of
from service.opening import open_database
from service.operations.backup import Manifest, back_up
from service.operations.backup import restore as restore_backup
from service.operations.purging import purge as purge_old
from service.operations.verifying import verify_store as check_store
from service.problems import Exit
from service.runtime import open_runtime

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("target", type=FOLDER)
@data_option
@click.option("--with-key", is_flag=True, help="put the outer key into the backup: whoever has the folder can read all")
def backup(target: Path, data: Path | None, *, with_key: bool) -> None:
    """Write a backup into the folder TARGET, while the service may go on."""
    _show(back_up(settings_of(data), target.resolve(), with_key=with_key))


@click.command()
@click.argument("source", type=FOLDER)
@data_option
def restore(source: Path, data: Path | None) -> None:
    """Bring the backup in the folder SOURCE into an installation that has nothing yet, and compare everything."""
    _show(restore_backup(settings_of(data), source.resolve()))


def _show(manifest: Manifest) -> None:
    told = {key: value for key, value in asdict(manifest).items() if key != "files"}
    click.echo(json.dumps(told, ensure_ascii=False))
    if manifest.missing:
        click.echo(f"警告:有 {len(manifest.missing)} 个文件在存储里已经不见,备份中没有。", err=True)


@click.command("verify-store")
@data_option
def verify_store(data: Path | None) -> int:
    """Compare every stored file with its hash and its rows, and open every sealed value; a line for each fault."""
    runtime = open_runtime(settings_of(data))
    losses = 0
    try:
        for fault in check_store(runtime):
            losses += fault.is_loss
            click.echo(json.dumps(asdict(fault), ensure_ascii=False))
    finally:
        runtime.close()
    click.echo(f"发现 {losses} 处缺失或损坏 / {losses} missing or damaged", err=True)
    return Exit.ERRORS_FOUND if losses else Exit.DONE


@click.command("verify-audit")
@data_option
def verify_audit(data: Path | None) -> int:
    """Go through the audit chain; names the first row that was altered or is missing."""
    settings = settings_of(data)
    database = open_database(settings)
    try:
        heads = list(exported_heads(heads_file(settings.data_dir), database.vault))
        with database.transaction() as connection:
            verdict = verify(connection, heads)
            result = Result.FAILED if verdict.fault else Result.DONE
            record(connection, AuditEvent(Action.VERIFY, "audit", result=result, count=verdict.rows))
    finally:
        database.close()
    click.echo(json.dumps({**asdict(verdict), "heads": len(heads)}))
    return Exit.ERRORS_FOUND if verdict.fault else Exit.DONE


@click.command()
@data_option
@click.option("--after", type=click.IntRange(0), default=0, help="only events with a higher number")
def audit(data: Path | None, after: int) -> None:
    """Print what was done, one JSON object a line, the oldest first."""
    database = open_database(settings_of(data))
    try:
        with database.transaction() as connection:
            for event in events(connection, after):
                click.echo(json.dumps(event, ensure_ascii=False))
            record(connection, AuditEvent(Action.AUDIT_READ, "audit"))
    finally:
        database.close()


@click.command()
@data_option
@click.option("--days", type=click.IntRange(1), default=None, help="in place of HZFORMS_RETENTION_DAYS")
@click.option("--apply", "is_meant", is_flag=True, help="do it; without this, only tell what would be cleared")
def purge(data: Path | None, days: int | None, *, is_meant: bool) -> None:
    """Clear personal data whose time is over, a line for each thing; without --apply nothing is changed."""
    settings = settings_of(data)
    kept = days or settings.retention_days
    if not kept:
        raise click.UsageError("没有设定保存期限:HZFORMS_RETENTION_DAYS 或 --days / no retention is set")
    runtime = open_runtime(settings)
    try:
        for cleared in purge_old(runtime, kept, apply=is_meant):
            click.echo(json.dumps(asdict(cleared), ensure_ascii=False))
    finally:
        runtime.close()
    if not is_meant:
        click.echo("以上只是预览,加 --apply 才清除 / a preview: add --apply", err=True)

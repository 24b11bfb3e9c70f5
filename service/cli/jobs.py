"""``service admin jobs``: what waits and what failed; ``service admin move-to``: another database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from service.opening import open_database
from service.settings import Settings, read_settings
from service.store.database import Database
from service.store.errors import DatabaseAddressError, NotFoundError
from service.store.jobs import EDGES, Job, find_job, list_jobs, requeue
from service.store.moving import move

data_option = click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")


@click.group("jobs")
def jobs() -> None:
    """Long work: what there is of it, and trying again what ended undone."""


@jobs.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(sorted(EDGES)), help="only these; all but done")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@data_option
def list_(states: tuple[str, ...], limit: int, data: Path | None) -> None:
    """One JSON line for each job, the latest first."""
    with _opened(data) as database, database.reading() as connection:
        for job in list_jobs(connection, states or sorted(EDGES.keys() - {"done"}), limit):
            click.echo(json.dumps(_line(job), ensure_ascii=False))


@jobs.command("requeue")
@click.argument("identity")
@data_option
def requeue_(identity: str, data: Path | None) -> None:
    """Queue a job anew that failed, timed out, is dead or was cancelled."""
    with _opened(data) as database, database.transaction() as connection:
        if not requeue(connection, identity):
            raise NotFoundError
        job = find_job(connection, identity)
    if job is not None:
        click.echo(json.dumps(_line(job), ensure_ascii=False))


@click.command("move-to")
@click.option(
    "--database", "target", required=True, metavar="URL", help="an empty database, postgresql://user@host/name"
)
@data_option
def move_to(target: str, data: Path | None) -> None:
    """Move all rows from SQLite to PostgreSQL, compared row by row. Stop the service before."""
    settings = _chosen(data)
    if settings.database:
        raise DatabaseAddressError
    source = open_database(settings)
    try:
        for table in move(source, settings.data_dir / "service.db", target):
            click.echo(json.dumps({"table": table.name, "rows": table.rows, "sha256": table.sha256}))
    finally:
        source.close()
    click.echo("已迁移并逐行核对;请设置 HZFORMS_DATABASE 后启动 / moved; set HZFORMS_DATABASE and start", err=True)


@contextmanager
def _opened(data: Path | None) -> Iterator[Database]:
    database = open_database(_chosen(data))
    try:
        yield database
    finally:
        database.close()


def _chosen(data: Path | None) -> Settings:
    settings = read_settings()
    return replace(settings, data_dir=(data or settings.data_dir).resolve())


def _line(job: Job) -> dict[str, object]:
    code = job.problem["code"] if job.problem else None
    times = {name: getattr(job, name) for name in ("created_at", "run_at", "started_at", "finished_at")}
    counts = {"attempt": job.attempt, "lost": job.lost_count, "priority": job.priority}
    return {"id": job.id, "kind": job.kind, "state": job.state, **counts, "problem": code, **times}

"""``service serve`` and ``service worker``."""

from __future__ import annotations

import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click

from service.access.managing import first_token
from service.access.openness import is_desk_possible, open_doors
from service.application import create_app
from service.jobs.supervising import Crew, work
from service.logs import set_up_logging
from service.operations.daily import Daily
from service.operations.warming import Warming
from service.problems import Exit
from service.runtime import open_runtime
from service.server import make_server
from service.settings import Settings, read_settings
from service.store.database import Database
from service.web.patience import compile_templates

SWITCH_SECONDS = 0.001
"""After so long a thread lets others go on: with the usual 5 ms a list waits for each upload at every step it takes."""


@click.command()
@click.option("--host", default=None, help="address to bind to; 127.0.0.1 unless set")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="port; 8000 unless set")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
@click.option("--no-worker", is_flag=True, help="serve only; run `service worker` elsewhere")
def serve(host: str | None, port: int | None, data: Path | None, *, no_worker: bool) -> None:
    """Serve the pages and the API, with workers beside them."""
    settings = _chosen(host, port, data)
    set_up_logging()
    signal.signal(signal.SIGTERM, _end)
    runtime = open_runtime(settings)
    runtime.blobs.sweep()
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(runtime)
    server = make_server(app, settings)
    if settings.queue == "celery":
        from service.jobs.ringing import Doorbell  # noqa: PLC0415  # Celery is for those who chose it

        Doorbell(settings, runtime.database)
    crew = Crew(settings, 0 if no_worker or settings.queue == "celery" else settings.workers)
    daily, warming = Daily(runtime), Warming(runtime, lambda: compile_templates(app))
    try:
        _announce(settings, runtime.database)
        server.run()
    finally:
        daily.close()
        warming.close()
        crew.close()
        runtime.close()


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
@click.option("--count", type=click.IntRange(1, 256), default=1, show_default=True, help="how many at the same time")
def worker(data: Path | None, count: int) -> None:
    """Read returned files and make queued forms, until stopped."""
    set_up_logging()
    settings = _chosen(None, None, data)
    if settings.queue == "celery":
        from service.jobs.ringed import work_when_rung  # noqa: PLC0415  # as above

        work_when_rung(settings, count)
        return
    if count == 1:
        work(settings)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    open_runtime(settings).close()  # settings, schema and keys are right, or it ends here with its message
    crew = Crew(settings, count)
    stop.wait()
    crew.close()


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(Exit.DONE)


def _chosen(host: str | None, port: int | None, data: Path | None) -> Settings:
    settings = read_settings()
    return replace(
        settings,
        host=host or settings.host,
        port=port or settings.port,
        data_dir=(data or settings.data_dir).resolve(),
    )


def _announce(settings: Settings, database: Database) -> None:
    shown = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104  # compared, not bound
    click.echo(f"打开 http://{shown}:{settings.port}/  (接口说明 http://{shown}:{settings.port}/api/docs)")
    token = first_token(database)
    if token is None:
        click.echo(f"登录:http://{shown}:{settings.port}/sign-in")
    else:
        click.echo(f"建立第一个管理员:http://{shown}:{settings.port}/first-account  一次性令牌(24 小时内有效):{token}")
    with database.transaction() as connection:
        if is_desk_possible(connection, settings):
            click.echo("登录:目前没有账号,本机使用无需登录,只接受来自本机的连接;建立第一个管理员后即须登录。")
        for weak in open_doors(connection, settings):
            click.echo(f"注意:{weak}。", err=True)

"""``service serve`` and ``service worker``."""

from __future__ import annotations

import ipaddress
import logging
import multiprocessing
import signal
import threading
from dataclasses import replace
from pathlib import Path

import click
import waitress

from service.application import create_app
from service.jobs.worker import run_worker
from service.runtime import open_runtime
from service.settings import Settings, read_settings

THREADS = 8


@click.command()
@click.option("--host", default=None, help="address to bind to; 127.0.0.1 unless set")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="port; 8000 unless set")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
@click.option("--no-worker", is_flag=True, help="serve only; run `service worker` elsewhere")
def serve(host: str | None, port: int | None, data: Path | None, *, no_worker: bool) -> None:
    """Serve the pages and the API, with a worker beside them."""
    settings = _chosen(host, port, data)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    runtime = open_runtime(settings)
    runtime.blobs.sweep()
    app = create_app(runtime)
    if not no_worker:
        supervisor = threading.Thread(target=_supervise, args=(settings,), name="worker-supervisor", daemon=True)
        supervisor.start()
    _announce(settings)
    waitress.serve(
        app,
        host=settings.host,
        port=settings.port,
        threads=THREADS,
        max_request_body_size=settings.request_limit_mib * 1024 * 1024 + 1024 * 1024,
        channel_timeout=120,
        ident=None,
    )


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
def worker(data: Path | None) -> None:
    """Read returned files and make queued forms, until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    _work(_chosen(None, None, data))


def _chosen(host: str | None, port: int | None, data: Path | None) -> Settings:
    settings = read_settings()
    return replace(
        settings,
        host=host or settings.host,
        port=port or settings.port,
        data_dir=(data or settings.data_dir).resolve(),
    )


def _supervise(settings: Settings) -> None:
    """Keep one worker process alive; its lost jobs are run again when their lease has ended."""
    context = multiprocessing.get_context("spawn")
    pause = threading.Event()
    while True:
        process = context.Process(target=_work, args=(settings,), name="service-worker", daemon=True)
        process.start()
        process.join()
        logging.getLogger(__name__).warning("the worker ended with %s and is started again", process.exitcode)
        pause.wait(1.0)


def _work(settings: Settings) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_worker(open_runtime(settings), stop)


def _announce(settings: Settings) -> None:
    shown = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104  # compared, not bound
    click.echo(f"打开 http://{shown}:{settings.port}/  (接口说明 http://{shown}:{settings.port}/api/docs)")
    if _is_loopback(settings.host):
        click.echo("登录:本机使用,无需登录;只接受来自本机的连接。")
    else:
        click.echo("警告:监听的不是本机地址,而本版本没有登录;请只在受控网络内使用。", err=True)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

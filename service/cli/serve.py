"""``service serve`` and ``service worker``."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

import click

from service.application import create_app
from service.jobs.worker import run_worker
from service.problems import Exit
from service.runtime import open_runtime
from service.server import make_server
from service.settings import Settings, read_settings

DRAIN_SECONDS = 30.0
RESTART_SECONDS = 1.0


@click.command()
@click.option("--host", default=None, help="address to bind to; 127.0.0.1 unless set")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="port; 8000 unless set")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
@click.option("--no-worker", is_flag=True, help="serve only; run `service worker` elsewhere")
def serve(host: str | None, port: int | None, data: Path | None, *, no_worker: bool) -> None:
    """Serve the pages and the API, with a worker beside them."""
    settings = _chosen(host, port, data)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGTERM, _end)
    runtime = open_runtime(settings)
    runtime.blobs.sweep()
    server = make_server(create_app(runtime), settings)
    if not no_worker:
        threading.Thread(target=_supervise, args=(settings,), name="worker-supervisor", daemon=True).start()
    _announce(settings)
    server.run()
    runtime.close()


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
def worker(data: Path | None) -> None:
    """Read returned files and make queued forms, until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    _work(_chosen(None, None, data))


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


def _supervise(settings: Settings) -> None:
    """Keep one worker process alive; its lost jobs are run again when their lease has ended."""
    context = multiprocessing.get_context("spawn")
    pause = threading.Event()
    while True:
        process = context.Process(target=_work, args=(settings,), name="service-worker", daemon=True)
        process.start()
        process.join()
        logging.getLogger(__name__).warning("the worker ended with %s and is started again", process.exitcode)
        pause.wait(RESTART_SECONDS)


def _work(settings: Settings) -> None:
    """Work until told to stop, or until the server that started this worker is gone."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _drain(stop))
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive, args=(parent, stop), name="parent-watch", daemon=True).start()
    runtime = open_runtime(settings)
    run_worker(runtime, stop)
    runtime.close()


def _outlive(parent: BaseProcess, stop: threading.Event) -> None:
    parent.join()
    _drain(stop)


def _drain(stop: threading.Event) -> None:
    """Let the job under way finish, but not for longer than :data:`DRAIN_SECONDS`; its lease brings it back."""
    stop.set()
    last = threading.Timer(DRAIN_SECONDS, os._exit, (Exit.INTERRUPTED,))
    last.daemon = True
    last.start()


def _announce(settings: Settings) -> None:
    shown = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104  # compared, not bound
    click.echo(f"打开 http://{shown}:{settings.port}/  (接口说明 http://{shown}:{settings.port}/api/docs)")
    if settings.is_local:
        click.echo("登录:本机使用,无需登录;只接受来自本机的连接。")
    else:
        click.echo("警告:监听的不是本机地址,而本版本没有登录;请只在受控网络内使用。", err=True)

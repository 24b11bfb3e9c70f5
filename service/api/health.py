"""``/healthz``, ``/readyz`` and ``/metrics``: is it alive, can it work, what is weak, how much was done."""

from __future__ import annotations

import sqlite3
import sys

from flask import Blueprint, Response

from parsers.tools.sandbox import sandbox_level
from service.access.matrix import Action
from service.access.openness import open_doors
from service.access.principal import known_principal
from service.api.context import answer_json, runtime
from service.store.database import wal_is_safe
from service.store.jobs import counts

blueprint = Blueprint("health", __name__)
ZIP_FIXED = (3, 11, 8)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return answer_json({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> Response:
    """The database answers; what is weak is named."""
    parts = runtime()
    with parts.database.transaction() as connection:
        states = counts(connection)
        weak = [*open_doors(connection, parts.settings), *weaknesses()]
    principal = known_principal()
    if principal is None or not principal.right(Action.OPERATE).is_given:
        return answer_json({"status": "ok"})  # what is weak is no news for whoever asks
    return answer_json({"status": "ok", "jobs": states, "weak": weak})


def weaknesses() -> list[str]:
    """What an administrator should know of this machine, as sentences."""
    found = []
    level = sandbox_level()
    if level.value in {"none", "weak"}:
        found.append("没有可用的隔离环境:LibreOffice 转换已停用")
    if sys.version_info[:3] < ZIP_FIXED:
        found.append(f"Python {sys.version.split()[0]} 的 zipfile 有已知缺陷,已由程序自带的检查弥补")
    if not wal_is_safe():
        found.append(f"SQLite {sqlite3.sqlite_version} 的 WAL 模式有已知缺陷,已改用 DELETE 日志")
    return found


@blueprint.get("/metrics")
def metrics() -> Response:
    """Job counts in the Prometheus text format; no personal data."""
    with runtime().database.transaction() as connection:
        states = counts(connection)
    lines = ["# HELP service_jobs Jobs by state.", "# TYPE service_jobs gauge"]
    lines += [f'service_jobs{{state="{state}"}} {number}' for state, number in sorted(states.items())]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")

"""The page that says what is weak about this installation, and when it was last looked after."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, render_template

from service.access.openness import open_doors
from service.api.context import runtime
from service.audit.events import Action
from service.operations.health import last_time, versions, weaknesses

blueprint = Blueprint("health_pages", __name__, template_folder="templates")


@blueprint.get("/health")
def show_health() -> str:
    """What an administrator should know and perhaps change."""
    parts = runtime()
    with parts.database.reading() as connection:
        weak = [*open_doors(connection, parts.settings), *weaknesses(connection, parts.settings)]
        care = {"备份": last_time(connection, Action.BACKUP), "完整性核对": last_time(connection, Action.VERIFY)}
    return render_template("health.html", weak=weak, versions=versions(), care={k: _told(v) for k, v in care.items()})


def _told(at: dt.datetime | None) -> str:
    return "从未" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M")

"""The page that says what is weak about this installation, and when it was last looked after."""

from __future__ import annotations

import datetime as dt

from flask import render_template

from service.access.openness import open_doors
from service.api.context import runtime
from service.audit.events import Action
from service.operations.health import last_time, versions, weaknesses
from service.store.jobs import counts
from service.web.blueprints import page_blueprint
from service.web.jobs import STATES

blueprint = page_blueprint("health_pages", __name__)


@blueprint.get("/health")
def show_health() -> str:
    """What an administrator should know and perhaps change."""
    parts = runtime()
    with parts.database.reading() as connection:
        weak = [*open_doors(connection, parts.settings), *weaknesses(connection, parts.settings)]
        jobs = {STATES[state]: count for state, count in counts(connection).items()}
        care = {"备份": last_time(connection, Action.BACKUP), "完整性核对": last_time(connection, Action.VERIFY)}
    told = {what: _told(at) for what, at in care.items()}
    return render_template("health.html", weak=weak, versions=versions(), care=told, jobs=jobs)


def _told(at: dt.datetime | None) -> str:
    return "从未" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M")

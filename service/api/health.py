"""``/healthz``, ``/readyz`` and ``/metrics``: is it alive, can it work, what is weak, how much was done."""

from __future__ import annotations

import logging
import time

from flask import Blueprint, Flask, Response, current_app, g, request

from service.access.matrix import Action
from service.access.openness import open_doors
from service.access.principal import known_principal
from service.api.context import answer_json, runtime
from service.logs import in_request, log_fields
from service.operations.health import weaknesses
from service.operations.metrics import Metrics
from service.store.jobs import counts

blueprint = Blueprint("health", __name__)
LOG = logging.getLogger(__name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return answer_json({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> Response:
    """The database answers; what is weak is named."""
    parts = runtime()
    with parts.database.reading() as connection:
        states = counts(connection)
        weak = [*open_doors(connection, parts.settings), *weaknesses(connection, parts.settings)]
    principal = known_principal()
    if principal is None or not principal.right(Action.OPERATE).is_given:
        return answer_json({"status": "ok"})  # what is weak is no news for whoever asks
    return answer_json({"status": "ok", "jobs": states, "weak": weak})


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus in its text format; no personal data."""
    figures: Metrics = current_app.extensions["metrics"]
    return Response(figures.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def install(app: Flask) -> None:
    """Count the requests, and let what is logged meanwhile carry their id."""
    figures = Metrics(app.extensions["runtime"])
    app.extensions["metrics"] = figures

    @app.before_request
    def _begin() -> None:
        g.began = time.monotonic()
        in_request(g.get("request_id", ""))

    @app.after_request
    def _end(response: Response) -> Response:
        seconds = time.monotonic() - g.get("began", time.monotonic())
        route = request.url_rule.rule if request.url_rule else "-"
        figures.count(route, request.method, response.status_code, seconds)
        told = {"route": route, "method": request.method, "status": response.status_code, "seconds": round(seconds, 3)}
        log_fields(LOG, "request", **told)
        return response

    @app.teardown_request
    def _left(_fault: BaseException | None) -> None:
        in_request("")

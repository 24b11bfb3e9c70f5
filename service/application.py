"""The WSGI application: API and pages over one runtime."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from service.api import (
    access,
    accounts,
    across,
    auditing,
    campaigns,
    consolidation,
    description,
    desk,
    documents,
    editions,
    fills,
    forms,
    health,
    imports,
    job_progress,
    ledgers,
    packs,
    problem_json,
    progress,
    records,
    reminders,
    removals,
    review,
    sign_in,
    units,
)
from service.api.errors import CrossSiteError, HostNotAllowedError
from service.runtime import Runtime
from service.settings import Settings
from service.store.patience import PATIENCE
from service.web import accounts as account_pages
from service.web import across as across_pages
from service.web import admin as admin_pages
from service.web import assets, messages, navigation, pages, problems, wording
from service.web import audit as audit_pages
from service.web import campaigns as campaign_pages
from service.web import consolidation as consolidation_pages
from service.web import correcting as correcting_pages
from service.web import editions as edition_pages
from service.web import filling as form_pages
from service.web import health as health_pages
from service.web import help as help_pages
from service.web import home as home_pages
from service.web import jobs as job_pages
from service.web import ledgers as ledger_pages
from service.web import packs as pack_pages
from service.web import progress as progress_pages
from service.web import quarantine as quarantine_pages
from service.web import records as record_pages
from service.web import removals as removal_pages
from service.web import review as review_pages
from service.web import review_desk as review_desk_pages
from service.web import rules as rule_pages
from service.web import sign_in as sign_in_pages
from service.web import units as unit_pages
from service.web import upload as upload_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

API = "/api/v1"
MIB = 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_HOST = 100
AWAY, RETRY_SECONDS = 503, 5
OWN_SITES = frozenset({"same-origin", "none"})


def create_app(runtime: Runtime) -> Flask:
    """The application for that installation."""
    app = Flask("service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = runtime.settings.request_limit_mib * MIB
    app.config["MAX_FORM_PARTS"] = 1000
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    app.json.sort_keys = False  # type: ignore[attr-defined]  # as above
    app.extensions["runtime"] = runtime
    if runtime.settings.proxies:
        hops = runtime.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the documented way
    app.wsgi_app = _patient(app.wsgi_app, runtime.settings.wait_seconds)  # type: ignore[assignment,method-assign]  # as above
    problem_json.install(app)
    health.install(app)
    _install_guards(app, runtime.settings)
    access.install(app)
    auditing.install(app)
    app.register_blueprint(health_pages.blueprint)
    for blueprint in (
        forms.blueprint,
        fills.blueprint,
        imports.blueprint,
        documents.blueprint,
        review.blueprint,
        desk.blueprint,
        ledgers.blueprint,
        removals.blueprint,
        records.blueprint,
        job_progress.blueprint,
        units.blueprint,
        campaigns.blueprint,
        editions.blueprint,
        across.blueprint,
        consolidation.blueprint,
        packs.blueprint,
        progress.blueprint,
        reminders.blueprint,
        sign_in.blueprint,
        accounts.blueprint,
        description.blueprint,
    ):
        app.register_blueprint(blueprint, url_prefix=API)
    app.register_blueprint(health.blueprint)
    for support in (assets.blueprint, navigation.blueprint, messages.blueprint, problems.blueprint, wording.blueprint):
        app.register_blueprint(support)
    for daily in (home_pages, form_pages, upload_pages):
        app.register_blueprint(daily.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(review_pages.blueprint)
    app.register_blueprint(review_desk_pages.blueprint)
    app.register_blueprint(ledger_pages.blueprint)
    app.register_blueprint(record_pages.blueprint)
    for keeping in (admin_pages, audit_pages, help_pages, job_pages, quarantine_pages, rule_pages):
        app.register_blueprint(keeping.blueprint)
    app.register_blueprint(unit_pages.blueprint)
    app.register_blueprint(sign_in_pages.blueprint)
    app.register_blueprint(account_pages.blueprint)
    app.register_blueprint(campaign_pages.blueprint)
    app.register_blueprint(edition_pages.blueprint)
    app.register_blueprint(across_pages.blueprint)
    app.register_blueprint(consolidation_pages.blueprint)
    app.register_blueprint(pack_pages.blueprint)
    app.register_blueprint(progress_pages.blueprint)
    app.register_blueprint(correcting_pages.blueprint)
    app.register_blueprint(removal_pages.blueprint)
    return app


def _patient(wsgi: WSGIApplication, seconds: float) -> WSGIApplication:
    """Bound what one question to the database may take, also while an answer streams: its thread does nothing else."""

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        PATIENCE.set(seconds)
        return wsgi(environ, start_response)

    return call


def _install_guards(app: Flask, settings: Settings) -> None:
    allowed = settings.allowed_hosts

    @app.before_request
    def _known_host() -> None:
        """Only our own names: a page elsewhere must not reach us by pointing its name at this machine."""
        if allowed and _name_of(request.host) not in allowed:
            raise HostNotAllowedError(host=request.host[:LONGEST_HOST])

    @app.before_request
    def _same_site() -> None:
        """A page of another site cannot write here, though the browser would send it."""
        if request.method in SAFE:
            return
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None and site not in OWN_SITES:
            raise CrossSiteError
        origin = request.headers.get("Origin")
        if site is None and origin is not None and urlsplit(origin).netloc != request.host:
            raise CrossSiteError

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code == AWAY:
            response.headers.setdefault("Retry-After", str(RETRY_SECONDS))
        return response


def _name_of(host: str) -> str:
    """The host without its port, in lower case; an IPv6 address keeps its brackets."""
    name = host.lower()
    return name.rpartition(":")[0] if not name.endswith("]") and ":" in name else name

"""The page of files that were refused as they came; who sent one may have it back."""

from __future__ import annotations

from flask import render_template

from service.api.access import current_scope
from service.api.context import runtime
from service.api.records import page_asked
from service.operations.quarantine import QUARANTINE_DAYS, list_refused
from service.web.blueprints import page_blueprint

blueprint = page_blueprint("quarantine_pages", __name__)


@blueprint.get("/quarantine")
def show_quarantine() -> str:
    """Those in reach, and why each was refused."""
    limit, offset = page_asked()
    found = list_refused(runtime(), current_scope(), limit + 1, offset)
    return render_template(
        "quarantine.html",
        files=found[:limit],
        page=(limit, offset),
        is_more=len(found) > limit,
        days=QUARANTINE_DAYS,
    )

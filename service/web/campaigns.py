"""The page of campaigns: what is under way, by when, which forms who owes; add one, change one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.api.context import runtime
from service.api.errors import BadRequestError
from service.operations.campaigns import (
    CLOSED,
    FIRST_YEAR,
    LABELS,
    LAST_YEAR,
    LONGEST_TITLE,
    OPEN,
    PACKS,
    WHEN,
    CampaignAsked,
    campaigns_of,
    change,
    new_campaign,
    usual_values,
)
from service.operations.units import office_day
from service.problems import outcome_of, problem_body
from service.store.units import LABELS as KINDS

blueprint = Blueprint("campaign_pages", __name__, template_folder="templates")
PACK_NAMES = {"F": "格式与填写", "L": "法律", "S1": "海州方案", "S2": "县讲话", "X": "跨表一致性"}
LONGEST_NUMBER = 9


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.get("/campaigns")
def show_campaigns() -> str:
    """Every campaign, each with what can be changed, and a new one."""
    parts = runtime()
    return render_template(
        "campaigns.html",
        campaigns=campaigns_of(parts),
        usual=usual_values(parts.settings, parts.settings.year_on(office_day())),
        definitions=parts.catalogue.definitions,
        kinds={kind.value: label for kind, label in KINDS.items()},
        labels=LABELS,
        when=WHEN,
        packs={name: PACK_NAMES.get(name, name) for name in sorted(PACKS)},
        years=(FIRST_YEAR, LAST_YEAR),
    )


@blueprint.post("/campaigns")
def add_campaign() -> AnyResponse:
    """Enter a new one."""
    new_campaign(runtime(), _asked())
    return redirect(url_for("campaign_pages.show_campaigns"), 303)


@blueprint.post("/campaigns/<uuid:identity>")
def change_campaign(identity: object) -> AnyResponse:
    """Take what was changed."""
    change(runtime(), str(identity), _asked())
    return redirect(url_for("campaign_pages.show_campaigns"), 303)


def _asked() -> CampaignAsked:
    form = request.form
    due = {
        kind: {
            item.form: said
            for item in runtime().catalogue.definitions
            if (said := form.get(f"due:{kind}:{item.form}", "")) in WHEN
        }
        for kind in (kind.value for kind in KINDS)
    }
    return CampaignAsked(
        _number("year"),
        form.get("title", "").strip()[: LONGEST_TITLE + 1],
        form.get("self_check_on", ""),
        form.get("hand_in_by", ""),
        due,
        frozenset(form.getlist("packs")),
        CLOSED if "closed" in form else OPEN,
        True if "current" in form else None,
        _number("version"),
    )


def _number(name: str) -> int | None:
    text = request.form.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise BadRequestError(name=name, reason_zh="应为整数", reason_en="a whole number is needed")
    return int(text)

"""The page of the rules: each with its clause, what it looks at, and in which campaigns it is in force."""

from __future__ import annotations

from flask import render_template, request

from forms.rules.documentation import forms_named
from forms.rules.registry import PACKS, RULES
from service.api.context import runtime
from service.operations.campaigns import campaigns_of
from service.web.blueprints import page_blueprint
from service.web.presenting import SEVERITIES

blueprint = page_blueprint("rule_pages", __name__)
LONGEST = 60


@blueprint.get("/rules")
def show_rules() -> str:
    """All rules by pack, or those with some words in them."""
    words = request.args.get("q", "").strip()[:LONGEST]
    found = [rule for rule in RULES if words.lower() in f"{rule.code} {rule.clause} {rule.checks} {rule.needs}".lower()]
    campaigns = campaigns_of(runtime())
    return render_template(
        "rules.html",
        words=words,
        total=len(found),
        packs=[(name, title, [rule for rule in found if rule.pack == name]) for name, title in PACKS.items()],
        used={name: [item["title"] for item in campaigns if name in item["packs"]] for name in PACKS},
        severities=SEVERITIES,
        forms_named=forms_named,
    )

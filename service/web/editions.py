"""The page of editions: which there are, a blank file in, the proposal beside its pictures, its confirmation."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.access.matrix import Action
from service.access.principal import current_principal
from service.api.context import runtime
from service.api.editions import LONGEST_ID, changed, proposed, require_agreed
from service.operations.proposals import confirm_proposal, listed, proposal_of
from service.operations.proposals import propose_again as again
from service.web.blueprints import page_blueprint
from service.web.presenting import label_of

blueprint = page_blueprint("edition_pages", __name__)
STATES = {"used": "在用", "ready": "可用", "withdrawn": "已停用", "proposed": "待确认"}
KINDS = ("原表", "空白", "试填")
EXTRA = "+"
"""Before the type of a field that an edition has beyond those of its form."""
EXTRAS = {
    "+": "增加一栏（按名称判断内容）",
    "+text": "增加一栏：文字",
    "+integer": "增加一栏：整数",
    "+money": "增加一栏：金额",
    "+day": "增加一栏：日期",
    "+yes_no": "增加一栏：是或否",
    "+phone": "增加一栏：电话",
    "+unit": "增加一栏：单位",
}


@blueprint.get("/editions")
def show_editions() -> str:
    """Every edition, and where a blank is handed in."""
    parts = runtime()
    return render_template(
        "editions.html",
        editions=listed(parts.settings),
        states=STATES,
        definitions=parts.catalogue.definitions,
        second_person=_asks_second(),
    )


@blueprint.post("/forms/<form>/editions")
def propose_edition(form: str) -> AnyResponse:
    """Make a proposal of the uploaded blank."""
    report = proposed(form)
    return redirect(url_for("edition_pages.show_proposal", form=report["form"], edition=report["edition"]), 303)


@blueprint.get("/forms/<form>/editions/<edition>")
def show_proposal(form: str, edition: str) -> str:
    """A proposal: what is unsure first, then its pictures side by side, then every place."""
    parts = runtime()
    report = proposal_of(parts.settings, form, edition)
    pages = [
        [name for kind in KINDS for name in report["pictures"] if name == f"{kind}-{number}.png"]
        for number in range(1, len(report["pictures"]) + 1)
    ]
    definition = parts.catalogue.find(form)
    return render_template(
        "edition.html",
        report=report,
        definition=definition,
        pages=[page for page in pages if page],
        fields=[(field.key, label_of(field)) for field in (*definition.header, *definition.fields)],
        extras=EXTRAS,
        second_person=_asks_second(),
    )


def _asks_second() -> bool:
    by = current_principal()
    return runtime().settings.second_person and by.right(Action.PUBLISH_TEMPLATE).second


@blueprint.post("/forms/<form>/editions/<edition>/again")
def propose_again(form: str, edition: str) -> AnyResponse:
    """The proposal anew, with labels given to fields, or taken as fields of this edition alone."""
    labels: dict[str, str] = {}
    extras: dict[str, str] = {}
    for name, choice in request.form.items():
        kind, _, label = name.partition(":")
        if kind != "label" or not choice:
            continue
        if choice.startswith(EXTRA):
            extras[label] = choice.removeprefix(EXTRA)
        else:
            labels[label] = choice
    report = again(runtime().settings, form, edition, labels, extras)
    return redirect(url_for("edition_pages.show_proposal", form=report["form"], edition=report["edition"]), 303)


@blueprint.post("/forms/<form>/editions/<edition>/confirm")
def confirm_edition(form: str, edition: str) -> AnyResponse:
    """Install it."""
    parts = runtime()
    require_agreed(form, edition, request.form.get("approval", "")[:LONGEST_ID].strip())
    confirm_proposal(parts.settings, parts.database, form, edition, use="use" in request.form)
    return redirect(url_for("edition_pages.show_editions"), 303)


@blueprint.post("/forms/<form>/editions/<edition>")
def change_edition(form: str, edition: str) -> AnyResponse:
    """Fill the form in it, withdraw it, or offer it again."""
    done = request.form.get("done", "")
    approval = request.form.get("approval", "")[:LONGEST_ID].strip()
    withdrawn = {"withdraw": True, "restore": False}.get(done)
    changed(form, edition, use=done == "use", withdrawn=withdrawn, approval=approval)
    return redirect(url_for("edition_pages.show_editions"), 303)

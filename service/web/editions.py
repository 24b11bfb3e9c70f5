"""The page of editions: which there are, a blank file in, the proposal beside its pictures, its confirmation."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.access.matrix import Action
from service.access.principal import current_principal
from service.api.context import runtime
from service.api.editions import LONGEST_ID, changed, proposed, require_agreed
from service.api.job_progress import queue_anew
from service.jobs.cancelling import cancel_job
from service.operations.proposals import confirm_proposal, listed, proposal_of
from service.operations.proposing import proposal_job, queue_again
from service.store.jobs import ENDED, Job
from service.web.blueprints import page_blueprint
from service.web.jobs import STATES as JOB_STATES
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
    """Have a proposal made of the uploaded blank, and follow it."""
    return _followed(proposed(form))


def _followed(job: Job) -> AnyResponse:
    return redirect(url_for("edition_pages.show_making", identity=job.id), 303)


@blueprint.get("/editions/making/<uuid:identity>")
def show_making(identity: object) -> AnyResponse | str:
    """How far a proposal is; once it is made, the proposal itself."""
    parts = runtime()
    job = proposal_job(parts, str(identity))
    form, edition = job.arguments["form"], job.arguments["edition"]
    if job.state == "done":
        there = url_for("edition_pages.show_proposal", form=form, edition=edition)
        if "HX-Request" in request.headers:  # the page that follows it goes there as a whole
            return Response(headers={"HX-Redirect": there})
        return redirect(there, 303)
    return render_template(
        "edition_making.html",
        job=job,
        definition=parts.catalogue.find(form),
        edition=edition,
        states=JOB_STATES,
        is_open=job.state not in ENDED,
    )


@blueprint.post("/editions/making/<uuid:identity>/cancel")
def stop_making(identity: object) -> AnyResponse:
    """Stop it; there is no proposal then, or the earlier one."""
    parts = runtime()
    cancel_job(parts, proposal_job(parts, str(identity)).id)
    return redirect(url_for("edition_pages.show_making", identity=identity), 303)


@blueprint.post("/editions/making/<uuid:identity>/resume")
def resume_making(identity: object) -> AnyResponse:
    """Make it after all, of the blank that was uploaded."""
    parts = runtime()
    queue_anew(parts, proposal_job(parts, str(identity)).id)
    return redirect(url_for("edition_pages.show_making", identity=identity), 303)


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
    return _followed(queue_again(runtime(), form, edition, labels, extras))


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

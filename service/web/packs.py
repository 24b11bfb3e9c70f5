"""Pages of packs: for whom to make one, what is missing before it is made, how far it is, and its download."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.errors import FormServiceError
from service.api.access import current_scope
from service.api.context import runtime
from service.api.packs import KEYS, answer_pack, asked_in, own_pack, start_pack
from service.jobs.cancelling import cancel_job
from service.operations.campaigns import campaigns_of
from service.operations.locking import OPTIONAL
from service.operations.packs import jobs
from service.operations.packs.asked import PREFILLED, SUBMISSION, PackIncompleteError, Recipient
from service.operations.packs.contents import KINDS
from service.operations.units import units_of
from service.problems import outcome_of, problem_body
from service.store.jobs import ENDED, LEFT_UNDONE
from service.web.patience import as_of, come_back, worked_out

blueprint = Blueprint("pack_pages", __name__, template_folder="templates")
STATES = {
    "queued": "排队中",
    "running": "正在生成",
    "retry_wait": "稍后重试",
    "done": "已生成",
    "failed": "未生成",
    "timed_out": "超时",
    "dead": "未生成",
    "cancelled": "已停止",
}
NAMES = {SUBMISSION: "报送包", PREFILLED: "预填包"}
SHOWN = 200


@blueprint.errorhandler(FormServiceError)
def show_problem(fault: FormServiceError) -> tuple[str, int]:
    """A fault as a page that says what to do."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status


@blueprint.get("/packs")
def show_packs() -> str:
    """What can be asked for, what would be missing in it, and what was made lately."""
    said = {key: text for key, text in request.args.items() if key in KEYS}
    is_chosen = said.get("unit") or said.get("all")
    if not is_chosen:
        return _page(said, None)
    parts, asked = runtime(), asked_in(said)
    told = worked_out(("lacks", asked), lambda: jobs.lacks_now(parts, asked))
    if told is None:
        return come_back("报送包", "还缺什么")
    return _page(said, jobs.missing_body(told.result), as_of(told.as_of))


@blueprint.post("/packs")
def make_pack() -> AnyResponse | tuple[str, int]:
    """Ask for one; where something is missing, the page says what."""
    current_scope()
    said = {key: text for key, text in request.form.items() if key in KEYS}
    said |= {key: request.form.get(key, "0") for key in ("pdf", "scans")}
    try:
        pack = start_pack(said)
    except PackIncompleteError as fault:
        body = {"complete": False, "total": len(fault.lacks), "summary": fault.message_zh, "missing": fault.lacks}
        return _page(said, body), outcome_of(fault).status
    return redirect(url_for("pack_pages.show_pack", identity=pack.id), 303)


def _page(said: dict[str, str], missing: dict[str, object] | None, lacked_at: str = "") -> str:
    parts, scope = runtime(), current_scope()
    with parts.database.reading() as connection:
        found = jobs.packs_in_reach(connection, scope)
    return render_template(
        "packs.html",
        said=said,
        missing=missing,
        as_of=lacked_at,
        shown=SHOWN,
        lack_kinds=KINDS,
        is_whole=scope.everything,
        units=[unit for unit in units_of(parts.database) if scope.covers_unit(unit.id)],
        recipients=list(Recipient),
        campaigns=campaigns_of(parts),
        needs_password=parts.settings.export_lock != OPTIONAL,
        packs=[jobs.pack_body(parts, pack) for pack in found],
        states=STATES,
        names=NAMES,
        labels={item.value: item.label for item in Recipient},
    )


@blueprint.get("/packs/<uuid:identity>")
def show_pack(identity: object) -> str:
    """One pack: how far it is, what could not be put in, and its download."""
    parts = runtime()
    pack = jobs.pack_body(parts, own_pack(identity))
    return render_template(
        "pack.html",
        pack=pack,
        states=STATES,
        names=NAMES,
        labels={item.value: item.label for item in Recipient},
        is_open=pack["state"] not in ENDED,
        is_undone=pack["state"] in LEFT_UNDONE,
        needs_password=parts.settings.export_lock != OPTIONAL,
        days=parts.settings.result_days,
    )


@blueprint.post("/packs/<uuid:identity>/locked")
def download_locked(identity: object) -> AnyResponse:
    """The archive in another one that opens with the password alone."""
    return answer_pack(identity, request.form.get("password", ""))


@blueprint.post("/packs/<uuid:identity>/resume")
def resume_pack(identity: object) -> AnyResponse:
    """Go on with one that was stopped or failed."""
    own_pack(identity)
    jobs.resume_pack(runtime(), str(identity))
    return redirect(url_for("pack_pages.show_pack", identity=identity), 303)


@blueprint.post("/packs/<uuid:identity>/cancel")
def cancel_pack(identity: object) -> AnyResponse:
    """Stop making it."""
    cancel_job(runtime(), own_pack(identity).job_id)
    return redirect(url_for("pack_pages.show_pack", identity=identity), 303)

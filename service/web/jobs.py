"""The page of long work: what waits, runs, or ended undone; stop it, or have it tried again."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.access.matrix import Action
from service.access.principal import current_principal
from service.api.access import current_scope
from service.api.context import runtime
from service.api.job_progress import queue_anew
from service.api.records import page_asked
from service.jobs.cancelling import cancel_job
from service.operations.campaign_checks import RECHECK_JOB
from service.operations.cross_units import CROSS_JOB
from service.operations.documents import READ_JOB
from service.operations.making import FILL_JOB
from service.operations.packs.jobs import PACK_JOB
from service.operations.progress.posting import LETTERS_JOB
from service.operations.proposing import ADOPT_JOB
from service.store.job_lists import count_jobs, page_of_jobs
from service.store.jobs import EDGES, ENDED, LEFT_UNDONE
from service.web.blueprints import page_blueprint
from service.web.linking import linking

blueprint = page_blueprint("job_pages", __name__)
STATES = {
    "queued": "排队中",
    "running": "正在做",
    "retry_wait": "稍后重试",
    "done": "已完成",
    "failed": "失败",
    "timed_out": "超时",
    "dead": "多次失败，已停",
    "cancelled": "已取消",
}
KINDS = {
    READ_JOB: "读取文件",
    FILL_JOB: "批量填表",
    RECHECK_JOB: "重新核对",
    LETTERS_JOB: "生成函件",
    PACK_JOB: "生成报送包",
    ADOPT_JOB: "认空白表",
    CROSS_JOB: "跨单位核对",
}
OPEN, UNDONE, EVERY = "open", "undone", "all"
GROUPS = {OPEN: EDGES.keys() - ENDED, UNDONE: LEFT_UNDONE, "done": frozenset({"done"}), EVERY: EDGES.keys()}
GROUP_NAMES = {OPEN: "没有做完", UNDONE: "没有做成", "done": "已完成", EVERY: "全部"}


@blueprint.get("/jobs")
def show_jobs() -> str:
    """The jobs in reach, of one group of states."""
    scope, (limit, offset) = current_scope(), page_asked()
    asked = request.args.get("group", OPEN)
    group = asked if asked in GROUPS else OPEN
    with runtime().database.reading() as connection:
        counts = count_jobs(connection, scope.within("job"))
        found = page_of_jobs(connection, GROUPS[group], (limit, offset), scope.within("job"))
    sizes = {name: sum(counts.get(state, 0) for state in states) for name, states in GROUPS.items()}
    return render_template(
        "jobs.html",
        jobs=found,
        group=group,
        groups=GROUP_NAMES,
        sizes=sizes,
        total=sizes[group],
        page=(limit, offset),
        states=STATES,
        kinds=KINDS,
        ended=ENDED,
        undone=LEFT_UNDONE,
        may_stop=current_principal().right(Action.OWN_JOBS).is_given,
        link=linking("/jobs", ("group",)),
        is_keeper=not current_principal().is_desk and current_principal().right(Action.ALL_JOBS).is_given,
    )


@blueprint.post("/jobs/<uuid:identity>/cancel")
def stop_job(identity: object) -> AnyResponse:
    """Stop one; what it had brought so far is not kept."""
    cancel_job(runtime(), str(identity))
    return redirect(url_for("job_pages.show_jobs"), 303)


@blueprint.post("/jobs/<uuid:identity>/retry")
def retry_job(identity: object) -> AnyResponse:
    """Queue one anew that ended undone, with all its attempts before it."""
    queue_anew(runtime(), str(identity))
    return redirect(url_for("job_pages.show_jobs"), 303)

"""``/editions``: the editions of the forms, new ones made of a blank official file, and which one is filled."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from service.access.approving import require_second
from service.access.principal import current_principal
from service.api.context import answer_json, json_body, runtime
from service.api.errors import BadRequestError
from service.api.imports import receive_workbook
from service.api.operation import JSON, Operation
from service.api.review import flag, words
from service.operations.adopting import AdoptRequest
from service.operations.editions import use_edition, withdraw
from service.operations.proposals import (
    confirm_proposal,
    edition_of,
    listed,
    picture_of,
    proposal_of,
)
from service.operations.proposing import queue_proposal
from service.store.jobs import Job

blueprint = Blueprint("editions", __name__)
LONGEST_ID = 60


@blueprint.get("/editions")
def list_editions() -> Response:
    """Every edition of every form, and proposals that wait."""
    return answer_json({"editions": listed(runtime().settings)})


@blueprint.post("/forms/<form>/editions")
def propose_edition(form: str) -> Response:
    """A blank official file in: a job that makes a proposal of the next edition, which changes nothing."""
    job = proposed(form)
    told = {key: job.arguments[key] for key in ("form", "edition")}
    href = f"/api/v1/forms/{told['form']}/editions/{told['edition']}"
    return answer_json({"job": job.id, **told, "href": f"/api/v1/jobs/{job.id}", "proposal": href}, 202)


def proposed(form: str) -> Job:
    """The job that makes a proposal of the one file of the current request.

    Raises:
        FormServiceError: no such form, no file, or one that is too large.
    """
    parts = runtime()
    known = parts.catalogue.find(form).form
    asked = AdoptRequest(known, labels=_pairs("label"), extras=_pairs("extra"))
    name, blob = receive_workbook(parts)
    return queue_proposal(parts, blob.sha256, name, asked)


def _pairs(name: str) -> dict[str, str]:
    """``标签=键`` of a parameter that may come several times."""
    pairs = [text.rpartition("=") for text in request.args.getlist(name)]
    return {(label or key).strip(): key.strip() if label else "" for label, _, key in pairs}


@blueprint.get("/forms/<form>/editions/<edition>")
def show_proposal(form: str, edition: str) -> Response:
    """What a proposal found and how its trial went."""
    return answer_json(proposal_of(runtime().settings, form, edition))


@blueprint.get("/forms/<form>/editions/<edition>/pictures/<name>")
def show_picture(form: str, edition: str, name: str) -> Response:
    """A page of the blank, of the empty or of the filled form, as PNG."""
    return Response(picture_of(runtime().settings, form, edition, name), content_type="image/png")


@blueprint.post("/forms/<form>/editions/<edition>/confirm")
def confirm_edition(form: str, edition: str) -> Response:
    """Install a proposal, and fill the form in it if ``use`` says so."""
    parts = runtime()
    body = json_body("use", "approval")
    use = flag(body, "use", default=False)
    require_agreed(form, edition, words(body, "approval", LONGEST_ID))
    return answer_json(confirm_proposal(parts.settings, parts.database, form, edition, use=use))


@blueprint.patch("/forms/<form>/editions/<edition>")
def change_edition(form: str, edition: str) -> Response:
    """Fill the form in this edition (``use``), or withdraw it or offer it again (``withdrawn``)."""
    parts = runtime()
    body = json_body("use", "withdrawn", "approval")
    approval = words(body, "approval", LONGEST_ID)
    if len(body.keys() - {"approval"}) != 1:
        raise BadRequestError(name="use", reason_zh="use 与 withdrawn 给且只给一个", reason_en="give use or withdrawn")
    use = flag(body, "use", default=False)
    changed(form, edition, use=use, withdrawn=body.get("withdrawn"), approval=approval)
    return answer_json(edition_of(parts.settings, parts.catalogue.find(form).form, edition))


def require_agreed(form: str, edition: str, approval: str) -> None:
    """Stop where a second person has to agree that this edition is published or used, and has not.

    Raises:
        ApprovalNeededError, ApprovalInvalidError: see :func:`service.access.approving.require_second`.
    """
    parts = runtime()
    subject = {"form": parts.catalogue.find(form).form, "edition": edition}
    with parts.database.transaction() as connection:
        require_second(connection, parts.settings, current_principal(), "publish-template", subject, approval)


def changed(form: str, edition: str, *, use: bool, withdrawn: object, approval: str) -> None:
    """Change what an edition is for.

    Raises:
        FormServiceError: no such edition, one that is in use or withdrawn, or nobody has agreed to it.
    """
    parts = runtime()
    if use or withdrawn is False:  # to take one out of use needs nobody else
        require_agreed(form, edition, approval)
    if use:
        use_edition(parts.settings, parts.database, form, edition)
    elif isinstance(withdrawn, bool):
        withdraw(parts.settings, parts.database, form, edition, back=not withdrawn)
    else:
        raise BadRequestError(name="withdrawn", reason_zh="应为 true 或 false", reason_en="true or false is needed")


_FORM = ("form", "path", "string", "attachment-1 … attachment-5、附件1 … 附件5 或全称")
_EDITION = ("edition", "path", "string", "版名,如 r2")
_LABEL = ("label", "query", "string", "标签=键,可多个:表上的标签是哪一栏")
_EXTRA = ("extra", "query", "string", "标签 或 标签=类型,可多个:增加一栏")
_FILE: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
_USE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"use": {"type": "boolean"}, "approval": {"type": "string"}},
}
_CHANGE: dict[str, Any] = {**_USE, "properties": {**_USE["properties"], "withdrawn": {"type": "boolean"}}}

EDITION_OPERATIONS: tuple[Operation, ...] = (
    Operation("listEditions", "get", "/editions", "各表的版、哪一版在用、待确认的新版", (("200", JSON, "editions"),)),
    Operation(
        "proposeEdition",
        "post",
        "/forms/{form}/editions",
        "上传空白的官方表(docx、doc、wps、xlsx、xls),得到任务(job);做好后在 proposal 处取新版的建议:"
        "各栏位置、缺的栏、不认识的标签、试填结果;不改动任何东西",
        (("202", JSON, "job、form、edition、proposal"),),
        ("400", "404", "409", "413", "415", "422", "503", "507"),
        (_FORM, _LABEL, _EXTRA),
        ("multipart/form-data", _FILE),
    ),
    Operation(
        "showProposal",
        "get",
        "/forms/{form}/editions/{edition}",
        "一份建议",
        (("200", JSON, "建议"),),
        ("404",),
        (_FORM, _EDITION),
    ),
    Operation(
        "showProposalPicture",
        "get",
        "/forms/{form}/editions/{edition}/pictures/{name}",
        "原表、空白、试填的页面图",
        (("200", "image/png", "图片"),),
        ("404",),
        (_FORM, _EDITION, ("name", "path", "string", "图片名")),
    ),
    Operation(
        "confirmEdition",
        "post",
        "/forms/{form}/editions/{edition}/confirm",
        "启用一份建议;读回不一致的不启用,已有的版不改动",
        (("200", JSON, "版"),),
        ("404", "409", "422", "500"),
        (_FORM, _EDITION),
        (JSON, _USE),
    ),
    Operation(
        "changeEdition",
        "patch",
        "/forms/{form}/editions/{edition}",
        "改用这一版填表(use),或停用、恢复(withdrawn);停用的版照样能读",
        (("200", JSON, "版"),),
        ("404", "409", "422"),
        (_FORM, _EDITION),
        (JSON, _CHANGE),
    ),
)

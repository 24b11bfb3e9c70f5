"""``/packs``: what a unit or the district hands in, made by the worker, and packs to be sent out and filled in."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request

from service.access.approving import require_second
from service.access.matrix import Action
from service.access.principal import current_principal
from service.access.sight import require_plain
from service.api.access import acting_name, current_scope
from service.api.context import answer_json, answer_stored, json_body, runtime, text_parameter
from service.api.errors import BadRequestError, NotReadyError
from service.api.operation import JSON, Operation
from service.api.problem_json import answer_problem_body
from service.jobs.cancelling import cancel_job
from service.operations.entering import ANYBODY
from service.operations.locking import locked_archive, require_fit_for_archive
from service.operations.packs import jobs
from service.operations.packs.asked import (
    MOST_COPIES,
    PREFILLED,
    SUBMISSION,
    Asked,
    Options,
    PackIncompleteError,
    Recipient,
    recipient_called,
)
from service.operations.packs.stored import unit_asked
from service.problems import outcome_of, problem_body
from service.store.packs import Pack

blueprint = Blueprint("packs", __name__)
KINDS = (SUBMISSION, PREFILLED)
FLAGS = ("with_errors", "pdf", "scans")
KEYS = ("kind", "unit", "all", "recipient", "campaign", "copies", "day", "approval", *FLAGS)
LONGEST = 200


@blueprint.errorhandler(PackIncompleteError)
def show_incomplete(fault: PackIncompleteError) -> Response:
    """What is missing or wrong, one by one, beside the usual problem."""
    return answer_problem_body({**problem_body(fault), "missing": fault.lacks}, outcome_of(fault).status)


@blueprint.get("/packs")
def list_packs() -> Response:
    """The latest packs within reach."""
    parts, scope = runtime(), current_scope()
    with parts.database.reading() as connection:
        found = jobs.packs_in_reach(connection, scope)
    return answer_json({"packs": [jobs.pack_body(parts, pack) for pack in found]})


@blueprint.post("/packs")
def make_pack() -> Response:
    """Ask for a pack: 202 and where to look for it."""
    pack = start_pack(json_body(*KEYS))
    href = f"/api/v1/packs/{pack.id}"
    body = {"id": pack.id, "job": pack.job_id, "href": href, "events": f"/api/v1/jobs/{pack.job_id}/events"}
    return answer_json(body, 202, Location=href)


@blueprint.get("/packs/missing")
def show_missing() -> Response:
    """What would be missing or wrong in a pack made now."""
    asked = asked_in({key: text for key, text in request.args.items() if key in KEYS})
    return answer_json(jobs.missing_body(jobs.lacks_now(runtime(), asked)))


@blueprint.get("/packs/<uuid:identity>")
def show_pack(identity: object) -> Response:
    """A pack and how far it is."""
    return answer_json(jobs.pack_body(runtime(), own_pack(identity)))


@blueprint.post("/packs/<uuid:identity>/resume")
def resume_pack(identity: object) -> Response:
    """Take up again a pack that was cancelled or failed."""
    own_pack(identity)
    pack = jobs.resume_pack(runtime(), str(identity))
    return answer_json(jobs.pack_body(runtime(), pack), 202)


@blueprint.delete("/packs/<uuid:identity>")
def cancel_pack(identity: object) -> Response:
    """Stop making it; what was finished of it is kept for the next time."""
    pack = own_pack(identity)
    cancel_job(runtime(), pack.job_id)
    return answer_json(jobs.pack_body(runtime(), pack))


@blueprint.get("/packs/<uuid:identity>/download")
def download_pack(identity: object) -> Response:
    """The archive."""
    return answer_pack(identity)


@blueprint.post("/packs/<uuid:identity>/download")
def download_locked_pack(identity: object) -> Response:
    """The archive in another one that opens with a password; that comes in the body, as addresses are kept in logs."""
    return answer_pack(identity, text_parameter(json_body("password"), "password", ""))


def answer_pack(identity: object, password: str = "") -> Response:
    """The archive as it was made; with a password, as the one entry of an archive of that password."""
    parts = runtime()
    own_pack(identity)
    require_plain(current_principal(), Action.EXPORT_PLAIN)
    require_fit_for_archive(parts.settings, password, acting_name(ANYBODY))
    found = jobs.pack_file(parts, str(identity))
    if found is None:
        raise NotReadyError
    content = parts.blobs.open(found[1])
    if not password:
        return answer_stored(content, found[0])
    target = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it was sent
    with content:
        locked_archive(content, found[0], password, target)
    target.seek(0)
    return answer_stored(target, found[0])


def own_pack(identity: object) -> Pack:
    """The pack of that id, where all units that it goes over are within reach.

    Raises:
        NotFoundError: there is none, or they are not.
    """
    parts = runtime()
    pack = jobs.pack_of(parts, str(identity))
    with parts.database.reading() as connection:
        jobs.require_reach(connection, current_scope(), pack.unit_id)
    return pack


def start_pack(said: Mapping[str, object]) -> Pack:
    """Ask for a pack as a request says; with the proof of identity and the second person that it takes.

    Raises:
        FormServiceError: it cannot be asked for so, or not by this person, or something is missing.
    """
    parts, by = runtime(), current_principal()
    asked = asked_in(said)
    require_plain(by, Action.EXPORT_PLAIN)
    subject = {"pack": asked.kind, "unit": asked.unit_id or "", "recipient": asked.recipient.value}
    if not asked.options.with_errors and (lacks := jobs.lacks_now(parts, asked)):
        raise jobs.incomplete(lacks)
    with parts.database.transaction() as connection:
        require_second(connection, parts.settings, by, "export-plain", subject, _text(said, "approval"))
    return jobs.queue_pack(parts, asked, acting_name(ANYBODY))


def asked_in(said: Mapping[str, object]) -> Asked:
    """The pack that a request speaks of, over units within the caller's reach.

    Raises:
        BadRequestError: a value that cannot be.
        NotFoundError: no such unit or campaign, or one out of reach.
    """
    parts = runtime()
    kind = _text(said, "kind") or SUBMISSION
    if kind not in KINDS:
        raise BadRequestError(
            name="kind", reason_zh=f"可用值:{'、'.join(KINDS)}", reason_en=f"one of {', '.join(KINDS)}"
        )
    recipient = recipient_called(_text(said, "recipient") or "all")
    if recipient is None:
        ids = ", ".join(item.value for item in Recipient)
        raise BadRequestError(
            name="recipient", reason_zh="可用值:all、组织部、人社局、财政局", reason_en=f"one of {ids}"
        )
    unit, everything = _text(said, "unit"), _flag(said, "all", default=False)
    if bool(unit) == everything:
        raise BadRequestError(name="unit", reason_zh="unit、all 二选一", reason_en="give either unit or all")
    options = Options(
        _flag(said, "with_errors", default=False),
        _flag(said, "pdf", default=True),
        _flag(said, "scans", default=True),
        _copies(said),
        _day(said),
    )
    first = Asked(kind, None, recipient, None, options)
    asked = unit_asked(parts, first, unit, _text(said, "campaign"), prefilled=kind == PREFILLED)
    with parts.database.reading() as connection:
        jobs.require_reach(connection, current_scope(), asked.unit_id)
    return replace(asked, kind=kind)


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST or "\0" in value:
        raise BadRequestError(name=name, reason_zh="应为文字", reason_en="a text is needed")
    return value.strip()


def _flag(said: Mapping[str, object], name: str, *, default: bool) -> bool:
    value = said.get(name, default)
    words = {"1": True, "true": True, "on": True, "0": False, "false": False, "": False}
    known = words.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(known, bool):
        raise BadRequestError(name=name, reason_zh="应为 true 或 false", reason_en="true or false is needed")
    return known


def _copies(said: Mapping[str, object]) -> int:
    value = said.get("copies", 0) or 0
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_COPIES:
        reason = f"应为 0 至 {MOST_COPIES} 的整数"
        raise BadRequestError(name="copies", reason_zh=reason, reason_en=f"0 to {MOST_COPIES}")
    return number


def _day(said: Mapping[str, object]) -> str:
    text = _text(said, "day")
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date().isoformat() if text else ""  # noqa: DTZ007  # a day has no zone
    except ValueError as fault:
        raise BadRequestError(name="day", reason_zh="应为 YYYY-MM-DD", reason_en="YYYY-MM-DD is needed") from fault


_ID = ("id", "path", "string", "报送包编号")
_BODY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": list(KINDS)},
        "unit": {"type": "string"},
        "all": {"type": "boolean"},
        "recipient": {"enum": [item.value for item in Recipient]},
        "campaign": {"type": "string"},
        "with_errors": {"type": "boolean"},
        "pdf": {"type": "boolean"},
        "scans": {"type": "boolean"},
        "copies": {"type": "integer", "minimum": 0, "maximum": MOST_COPIES},
        "day": {"type": "string", "format": "date"},
        "approval": {"type": "string"},
    },
}
_PASSWORD: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["password"],
    "properties": {"password": {"type": "string"}},
}
_QUERY = (
    ("unit", "query", "string", "单位名称、曾用名或统一社会信用代码"),
    ("all", "query", "string", "true:全区"),
    ("recipient", "query", "string", "all、organization、hr 或 finance"),
    ("campaign", "query", "string", "工作批次的编号、名称或年度"),
)
PACK_OPERATIONS: tuple[Operation, ...] = (
    Operation("listPacks", "get", "/packs", "最近的报送包和预填包", (("200", JSON, "packs"),), ("403",)),
    Operation(
        "makePack",
        "post",
        "/packs",
        "生成单位(含下属)或全区的报送包,或发出去填的预填包(kind=prefilled);缺报、有错误时不生成,除非 with_errors",
        (("202", JSON, "编号和任务"),),
        ("403", "404", "409", "422"),
        (),
        (JSON, _BODY),
    ),
    Operation(
        "showMissing",
        "get",
        "/packs/missing",
        "现在生成的话还缺什么、有什么错误未改",
        (("200", JSON, "complete、total、summary、missing"),),
        ("403", "404", "422"),
        _QUERY,
    ),
    Operation("showPack", "get", "/packs/{id}", "进度和结果", (("200", JSON, "报送包"),), ("404",), (_ID,)),
    Operation("cancelPack", "delete", "/packs/{id}", "停止生成", (("200", JSON, "报送包"),), ("404",), (_ID,)),
    Operation(
        "resumePack",
        "post",
        "/packs/{id}/resume",
        "继续生成已停止或失败的包,做好的部分不重做",
        (("202", JSON, "报送包"),),
        ("404",),
        (_ID,),
    ),
    Operation(
        "downloadPack",
        "get",
        "/packs/{id}/download",
        "下载(zip)",
        (("200", "application/octet-stream", "zip"),),
        ("403", "404", "409", "410", "422"),
        (_ID,),
    ),
    Operation(
        "downloadLockedPack",
        "post",
        "/packs/{id}/download",
        "下载设了打开密码的压缩包(AES-256,用 7-Zip、WinRAR 等打开),里面是原来的 zip。密码用英文字母、数字和符号",
        (("200", "application/octet-stream", "zip"),),
        ("403", "404", "409", "410", "422"),
        (_ID,),
        (JSON, _PASSWORD),
    ),
)

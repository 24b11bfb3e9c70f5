"""``/review`` and ``/documents/{id}/review``: what waits for a person's eyes, and parts of pages as pictures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from service.access.principal import current_principal
from service.access.sight import sight_of
from service.api.access import current_scope
from service.api.context import answer_json, runtime, whole_number
from service.api.errors import BadRequestError
from service.api.operation import DOCUMENT, JSON, Operation
from service.masking import hide_text
from service.operations.crops import Box, crop, shown_page, size_of
from service.operations.desk.kinds import KINDS
from service.operations.desk.looking import Desk, desk_of
from service.operations.desk.queue import queue_of
from service.operations.showing import opening_of

blueprint = Blueprint("desk", __name__)
MOST_LISTED = 200
FARTHEST = 1_000_000
LONGEST_PATH = 200
LONGEST_BOX = 80
_EDGES = 4
_JPEG = "image/jpeg"
_PAGE = ("n", "path", "integer", "页码,从 1 起")

DESK_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "showReviewQueue",
        "get",
        "/review",
        "待核对的文件(先到先核对),和各类待核对的值有多少处",
        (("200", JSON, "total、documents、kinds"),),
        ("422",),
        (("limit", "query", "integer", "最多几份"), ("offset", "query", "integer", "从第几份起")),
    ),
    Operation(
        "showReview",
        "get",
        "/documents/{id}/review",
        "文件中待人核对的各处:现在的值、可选的值、在哪一页的什么位置、有什么问题",
        (("200", JSON, "version、waiting、errors、places"),),
        ("404", "422"),
        (DOCUMENT, ("at", "query", "string", "只要这一处(路径)")),
    ),
    Operation(
        "showPageSize",
        "get",
        "/documents/{id}/pages/{n}",
        "某一页图像的大小:宽、高(像素),一点(1/72 英寸)是几个像素",
        (("200", JSON, "width、height、scale"),),
        ("404", "422", "503"),
        (DOCUMENT, _PAGE),
    ),
    Operation(
        "showPagePhoto",
        "get",
        "/documents/{id}/pages/{n}.jpg",
        "某一页的图像,JPEG",
        (("200", _JPEG, "页面"),),
        ("404", "422", "503"),
        (DOCUMENT, _PAGE),
    ),
    Operation(
        "showCrop",
        "get",
        "/documents/{id}/pages/{n}/crop.jpg",
        "某一页上的一块",
        (("200", _JPEG, "图像"),),
        ("404", "422", "503"),
        (DOCUMENT, _PAGE, ("box", "query", "string", "左,上,右,下;单位为点(1/72 英寸)")),
    ),
)


@blueprint.get("/review")
def show_queue() -> Response:
    """The documents that wait, and how many values of each kind."""
    limit, offset = whole_number("limit", 50, 1, MOST_LISTED), whole_number("offset", 0, 0, FARTHEST)
    queue = queue_of(runtime(), current_scope(), limit, offset)
    listed = [
        {
            "id": one.id,
            "file": hide_text(one.name),
            "unit": one.unit,
            "state": one.stage,
            "received_at": one.received_at,
            "version": one.version,
            "waiting": one.count,
        }
        for one in queue.documents
    ]
    kinds = [{"kind": kind, "label": label, "waiting": queue.kinds[kind]} for kind, label in KINDS.items()]
    return answer_json({"total": queue.total, "documents": listed, "kinds": kinds, "uncounted": queue.uncounted})


@blueprint.get("/documents/<uuid:identity>/review")
def show_review(identity: object) -> Response:
    """The places of a document that wait, or one place."""
    at = request.args.get("at", "")[:LONGEST_PATH]
    hidden = sight_of(current_principal()).in_files
    desk = desk_of(runtime(), str(identity), at=at, hidden=hidden)
    return answer_json(_told(desk, at), ETag=f'"{desk.document.version}"')


def _told(desk: Desk, at: str) -> dict[str, Any]:
    places = [spot for spot in desk.spots if (spot.path == at if at else spot.is_open)]
    return {
        "id": desk.document.id,
        "version": desk.document.version,
        "state": desk.document.stage,
        "waiting": desk.waiting,
        "errors": desk.errors,
        "places": [spot.to_plain() for spot in places],
    }


@blueprint.get("/documents/<uuid:identity>/pages/<int:number>")
def show_page_size(identity: object, number: int) -> Response:
    """How large a page's picture is."""
    parts = runtime()
    size = size_of(parts, opening_of(parts.database, str(identity)), number)
    return answer_json({"width": size.width, "height": size.height, "scale": round(size.scale, 5)})


@blueprint.get("/documents/<uuid:identity>/pages/<int:number>.jpg")
def show_page_photo(identity: object, number: int) -> Response:
    """A page as JPEG."""
    parts = runtime()
    return _inline(shown_page(parts, opening_of(parts.database, str(identity)), number))


@blueprint.get("/documents/<uuid:identity>/pages/<int:number>/crop.jpg")
def show_crop(identity: object, number: int) -> Response:
    """A part of a page."""
    parts = runtime()
    return _inline(crop(parts, opening_of(parts.database, str(identity)), number, _box(request.args.get("box", ""))))


def _inline(content: bytes) -> Response:
    return Response(content, content_type=_JPEG, headers={"Content-Disposition": "inline"})


def _box(text: str) -> Box:
    edges = text.split(",") if len(text) <= LONGEST_BOX else []
    try:
        left, top, right, bottom = (float(edge) for edge in edges) if len(edges) == _EDGES else (0.0, 0.0, -1.0, 0.0)
    except ValueError as fault:
        raise _bad_box() from fault
    if not (-FARTHEST < left <= right < FARTHEST and -FARTHEST < top <= bottom < FARTHEST):
        raise _bad_box()
    return left, top, right, bottom


def _bad_box() -> BadRequestError:
    return BadRequestError(
        name="box", reason_zh="应为四个数:左,上,右,下", reason_en="four numbers: left, top, right, bottom"
    )

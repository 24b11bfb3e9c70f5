"""``/findings/across``: what accepted forms of different units show only together."""

from __future__ import annotations

from flask import Blueprint, Response

from service.access.errors import ForbiddenError
from service.api.access import current_scope
from service.api.context import answer_json, runtime
from service.api.operation import JSON, Operation
from service.api.records import findings_asked, page_asked
from service.operations.across import check_everything, list_across

blueprint = Blueprint("across", __name__)


@blueprint.get("/findings/across")
def show_across() -> Response:
    """What is found, each side told only what it may know."""
    limit, offset = page_asked()
    return answer_json(list_across(runtime(), findings_asked(), (limit, offset), current_scope()))


@blueprint.post("/findings/across")
def start_across() -> Response:
    """Compare all accepted forms anew."""
    if not current_scope().everything:
        raise ForbiddenError
    job = check_everything(runtime())
    return answer_json({"job": job}, 202, Location=f"/api/v1/jobs/{job}")


ACROSS_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "listFindingsAcross",
        "get",
        "/findings/across",
        "跨单位核对的结果:一人两单位、清退与保留、借用双方;只能看到一方的,不显示另一方是谁",
        (("200", JSON, "total 和 findings"),),
        ("404", "422"),
        (
            ("form", "query", "string", "哪种表"),
            ("unit", "query", "string", "填报单位全称"),
            ("severity", "query", "string", "error、warning 或 info"),
            ("code", "query", "string", "规则代码"),
            ("document", "query", "string", "文件编号"),
            ("limit", "query", "integer", "最多几条"),
            ("offset", "query", "integer", "从第几条起"),
        ),
    ),
    Operation(
        "startFindingsAcross",
        "post",
        "/findings/across",
        "把已接收的表全部重新跨单位核对(接收时已自动核对相关人员)",
        (("202", JSON, "任务编号"),),
        ("403",),
    ),
)

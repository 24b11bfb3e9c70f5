"""``/consolidation``: the accepted forms of a unit and all under it in one, told in figures."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.api.access import current_scope
from service.api.context import answer_json, runtime
from service.api.errors import BadRequestError
from service.api.operation import JSON, Operation
from service.operations.consolidating.showing import figures_asked

blueprint = Blueprint("consolidation", __name__)
LONGEST = 200


@blueprint.get("/consolidation")
def show_consolidation() -> Response:
    """Subtotals by unit and code, 零报告, what is missing, figures and findings by code."""
    return answer_json(figures_asked(runtime(), *wanted(), current_scope()))


def wanted() -> tuple[str, str]:
    """The unit and the campaign that the query names, empty where it names none.

    Raises:
        BadRequestError: a value that cannot be.
    """
    return _words("unit"), _words("campaign")


def _words(name: str) -> str:
    text = request.args.get(name, "").strip()
    if len(text) > LONGEST or "\0" in text:
        raise BadRequestError(name=name, reason_zh="应为文字", reason_en="a text is needed")
    return text


CONSOLIDATION_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "showConsolidation",
        "get",
        "/consolidation",
        "汇总:单位及其下属已接收的表合成一份的小计、零报告、缺报、问题数和报告所用的数字;不含个人信息",
        (("200", JSON, "forms、zero、missing、findings、figures"),),
        ("404", "422"),
        (
            ("unit", "query", "string", "单位:编号、全称、其他名称或信用代码;不写为全区"),
            ("campaign", "query", "string", "工作批次:编号、名称或年度;不写为当前批次"),
        ),
    ),
)

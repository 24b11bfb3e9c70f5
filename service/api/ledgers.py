"""``/documents/{id}/attachment-5``: a ledger goes on as 附件5 of its unit."""

from __future__ import annotations

from flask import Blueprint, Response

from service.api.context import answer_json, json_body, runtime
from service.api.operation import DOCUMENT, JSON, Operation
from service.api.review import who
from service.operations.ledger_desk import hand_in

blueprint = Blueprint("ledgers", __name__)

LEDGER_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "handInLedger",
        "post",
        "/documents/{id}/attachment-5",
        "把台账中已确认的内容做成附件5,作为该单位的文件上报;没有确认的不带入,逐处列出",
        (("202", JSON, "新文件的 id、任务、人数和没有带入的内容"),),
        ("404", "409", "422", "507"),
        (DOCUMENT,),
        (JSON, {"type": "object", "additionalProperties": False, "properties": {"by": {"type": "string"}}}),
    ),
)


@blueprint.post("/documents/<uuid:identity>/attachment-5")
def hand_in_ledger(identity: object) -> Response:
    """The form is made, entered as a file of the unit, and read like any other."""
    return answer_json(hand_in(runtime(), str(identity), who(json_body("by"))).to_plain(), 202)

"""The calls that delete a document or give it to another unit, and those of refused files."""

from __future__ import annotations

from typing import Any

from service.api.operation import DOCUMENT, JSON, Operation
from service.api.review_operations import BINARY, BY, SEEN, VERSION

APPROVAL: dict[str, Any] = {"type": "string", "maxLength": 60}
DELETE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["reason"],
    "properties": {"reason": {"type": "string"}, "approval": APPROVAL, "version": VERSION, "by": BY},
}
TRANSFER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["unit", "reason"],
    "properties": {"unit": {"type": "string", "maxLength": 200}, **DELETE["properties"]},
}

REMOVAL_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "deleteDocument",
        "post",
        "/documents/{id}/delete",
        "删除文件:只留编号、单位、状态和经过,内容、人员和文件不再可见;须写明理由,按权限须经第二人批准(delete-document)",
        (("200", JSON, "id 和 state"),),
        ("403", "404", "409", "412", "422"),
        (DOCUMENT, SEEN),
        (JSON, DELETE),
    ),
    Operation(
        "transferDocument",
        "post",
        "/documents/{id}/transfer",
        "把已接收的文件和其中人员移交另一单位;须写明理由,按权限须经第二人批准(transfer-document)",
        (("200", JSON, "id 和 unit"),),
        ("403", "404", "409", "412", "422"),
        (DOCUMENT, SEEN),
        (JSON, TRANSFER),
    ),
    Operation(
        "listQuarantine",
        "get",
        "/quarantine",
        "上传时即被拒收的文件:自己上传的;安全管理员看到全部",
        (("200", JSON, "documents"),),
        ("422",),
        (("limit", "query", "integer", "最多多少条"), ("offset", "query", "integer", "从第几条起")),
    ),
    Operation(
        "downloadQuarantined",
        "get",
        "/quarantine/{id}/original",
        "被拒收的文件原样下载:只给上传者和安全管理员",
        (("200", BINARY, "文件"),),
        ("403", "404", "500"),
        (DOCUMENT,),
    ),
)

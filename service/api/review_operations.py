"""The calls with which people review, accept and return documents, and look into the store of records."""

from __future__ import annotations

from typing import Any

from service.api.operation import DOCUMENT, JSON, Operation

BINARY = "application/octet-stream"
BY: dict[str, Any] = {"type": "string", "maxLength": 60}
VERSION: dict[str, Any] = {"type": "integer", "minimum": 0}
ENTRY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["path", "value"],
    "properties": {
        "path": {"type": "string"},
        "value": {"type": ["string", "number", "boolean"]},
        "reason": {"type": "string"},
        "as_written": {"type": "boolean"},
    },
}
ADDED: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["values"],
    "properties": {
        "values": {"type": "object"},
        "after": {"type": "string"},
        "before": {"type": "string"},
        "document": {"type": "integer", "minimum": 0},
        "reason": {"type": "string"},
    },
}
REMOVED: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["path"],
    "properties": {"path": {"type": "string"}, "reason": {"type": "string"}},
}
PATCH: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "entries": {"type": "array", "items": ENTRY},
        "add": {"type": "array", "items": ADDED},
        "remove": {"type": "array", "items": REMOVED},
        "undo": {"type": "array", "items": {"type": "integer"}},
        "version": VERSION,
        "by": BY,
    },
}
ACCEPT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"override": {"type": "boolean"}, "reason": {"type": "string"}, "version": VERSION, "by": BY},
}
SUBMIT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"note": {"type": "string"}, "version": VERSION, "by": BY},
}
NUMBER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"id_number": {"type": "string"}},
}
PASSWORD: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"password": {"type": "string"}},
}
RETURN: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "note": {"type": "string"},
        "deadline": {"type": "string"},
        "warnings": {"type": "boolean"},
        "version": VERSION,
        "by": BY,
    },
}
ASSIGN: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "unit": {"type": "string"},
        "campaign": {"type": "string"},
        "reason": {"type": "string"},
        "version": VERSION,
        "by": BY,
    },
}
SEEN = ("If-Match", "header", "string", "所看到的版本,同 version")
UNMASK = (
    ("unmask", "query", "string", "1:显示完整的身份证号、电话,须写明 reason,留有记录"),
    ("reason", "query", "string", "用途"),
    ("by", "query", "string", "何人;已登录时为账号本人"),
    ("approval", "query", "string", "导出完整证件号时:经第二人批准的申请编号"),
)
PAGED = (("limit", "query", "integer", "最多几条"), ("offset", "query", "integer", "从第几条起"))
OF_RECORDS = (
    ("form", "query", "string", "哪种表"),
    ("unit", "query", "string", "填报单位全称"),
    ("state", "query", "string", "accepted(默认)、superseded 或 all"),
    ("name", "query", "string", "姓名(可只写一部分)"),
    ("id_number", "query", "string", "身份证号(完整)"),
    ("q", "query", "string", "姓名或单位中的字"),
    ("document", "query", "string", "来源文件编号"),
)
OF_FINDINGS = (
    ("form", "query", "string", "哪种表"),
    ("unit", "query", "string", "填报单位全称"),
    ("severity", "query", "string", "error、warning 或 info"),
    ("code", "query", "string", "规则或问题代码"),
    ("document", "query", "string", "文件编号"),
)

REVIEW_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "patchEntries",
        "patch",
        "/documents/{id}/entries",
        "人工改正或确认读出的值,补上漏读的行(add),删去多出的行(remove),撤销某一步(undo);全部采用或全部不采用",
        (("200", JSON, "改后的文件"),),
        ("404", "409", "412", "422", "428"),
        (DOCUMENT, SEEN),
        (JSON, PATCH),
    ),
    Operation(
        "assignDocument",
        "patch",
        "/documents/{id}",
        "人工确定填报单位(名录中的全称、现用别名、信用代码或编号)、工作批次,记入经过",
        (("200", JSON, "文件"),),
        ("404", "409", "412", "422"),
        (DOCUMENT, SEEN),
        (JSON, ASSIGN),
    ),
    Operation(
        "submitDocument",
        "post",
        "/documents/{id}/submit",
        "报送:单位核对后交审;尚有几处待核对见 open",
        (("200", JSON, "文件"),),
        ("404", "409", "412", "422"),
        (DOCUMENT, SEEN),
        (JSON, SUBMIT),
    ),
    Operation(
        "acceptDocument",
        "post",
        "/documents/{id}/accept",
        "接收:记入记录库;还有待核对或错误的,须 override 并写明理由",
        (("200", JSON, "文件"),),
        ("404", "409", "412", "422"),
        (DOCUMENT, SEEN),
        (JSON, ACCEPT),
    ),
    Operation(
        "returnDocument",
        "post",
        "/documents/{id}/return",
        "退回:生成补正通知书,等待补正件",
        (("200", JSON, "文件"),),
        ("404", "409", "412", "422", "507"),
        (DOCUMENT, SEEN),
        (JSON, RETURN),
    ),
    Operation(
        "showHistory",
        "get",
        "/documents/{id}/history",
        "文件或其中一个值的来历:读出、何人何时填、前后各是什么",
        (("200", JSON, "history"),),
        ("404", "422"),
        (DOCUMENT, ("path", "query", "string", "如 records[0].name")),
    ),
    Operation(
        "showBlockers",
        "get",
        "/documents/{id}/blockers",
        "接收之前还要处理的:待核对的值和签章、错误、没有读出的页",
        (("200", JSON, "blockers"),),
        ("404",),
        (DOCUMENT,),
    ),
    Operation(
        "downloadNotice",
        "get",
        "/documents/{id}/notice.docx",
        "补正通知书(Word)",
        (("200", BINARY, "docx"),),
        ("404",),
        (DOCUMENT,),
    ),
    Operation(
        "downloadNoticePdf",
        "get",
        "/documents/{id}/notice.pdf",
        "补正通知书(PDF)",
        (("200", "application/pdf", "pdf"),),
        ("404", "422", "503"),
        (DOCUMENT,),
    ),
    Operation(
        "downloadMarkedDocument",
        "get",
        "/documents/{id}/marked",
        "退回件的原文件(xlsx、docx),问题已标在其中",
        (("200", BINARY, "xlsx 或 docx"),),
        ("404", "422"),
        (DOCUMENT,),
    ),
    Operation(
        "listRecords",
        "get",
        "/records",
        "已接收的表中的人员记录;身份证号、电话遮盖",
        (("200", JSON, "total 和 records"),),
        ("404", "422"),
        (*OF_RECORDS, *PAGED, *UNMASK),
    ),
    Operation(
        "searchRecords",
        "post",
        "/records/search",
        "同上,身份证号放在请求体中,不留在地址里;其余条件仍在地址中",
        (("200", JSON, "total 和 records"),),
        ("404", "422"),
        (*OF_RECORDS, *PAGED, *UNMASK),
        (JSON, NUMBER),
    ),
    Operation(
        "exportRecords",
        "get",
        "/records.xlsx",
        "导出记录:一种 Excel 表用官方样表,其余(或 plain=1)为普通表格",
        (("200", BINARY, "xlsx"),),
        ("404", "422", "500"),
        (*OF_RECORDS, ("plain", "query", "string", "1:普通表格"), *UNMASK),
    ),
    Operation(
        "exportLockedRecords",
        "post",
        "/records.xlsx",
        "同上,并给文件设打开密码(AES-256);密码只在请求体中,不留存、不记录",
        (("200", BINARY, "加密的 xlsx"),),
        ("404", "422", "500"),
        (*OF_RECORDS, ("plain", "query", "string", "1:普通表格"), *UNMASK),
        (JSON, PASSWORD),
    ),
    Operation(
        "listFindings",
        "get",
        "/findings",
        "各文件现有的问题(已被替代的文件除外)",
        (("200", JSON, "total 和 findings"),),
        ("404", "422"),
        (*OF_FINDINGS, *PAGED),
    ),
)

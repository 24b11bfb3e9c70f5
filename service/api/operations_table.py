"""Every call of the API, as data: what the description and its readable page are made from.

A test compares this table with the routes of the application, both ways.
"""

from __future__ import annotations

from typing import Any

from service.api.access_operations import ACCESS_OPERATIONS
from service.api.across import ACROSS_OPERATIONS
from service.api.campaigns import CAMPAIGN_OPERATIONS
from service.api.consolidation import CONSOLIDATION_OPERATIONS
from service.api.desk import DESK_OPERATIONS
from service.api.editions import EDITION_OPERATIONS
from service.api.ledgers import LEDGER_OPERATIONS
from service.api.operation import DOCUMENT, JSON, Operation
from service.api.packs import PACK_OPERATIONS
from service.api.progress_operations import PROGRESS_OPERATIONS
from service.api.removal_operations import REMOVAL_OPERATIONS
from service.api.review_operations import REVIEW_OPERATIONS

__all__ = ["OPERATIONS", "Operation"]

FORM = ("form", "path", "string", "attachment-1 … attachment-5、附件1 … 附件5 或全称")
JOB = ("id", "path", "string", "任务编号")
IMPORT = ("id", "path", "string", "导入编号")
MULTIPART: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "form": {"type": "string"},
        "unit": {"type": "string"},
    },
}
RETURNED: dict[str, Any] = {
    "type": "object",
    "properties": {
        **MULTIPART["properties"],
        "campaign": {"type": "string"},
        "supersedes": {"type": "string"},
        "together": {"type": "string", "enum": ["0", "1"]},
    },
}
"""``together``: the photos are the pages of one paper and entered as one file, those of each zip by themselves."""
WORKBOOK: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
FILL: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "form": {"type": "string"},
        "edition": {"type": "string"},
        "header": {"type": "object"},
        "records": {"type": "array", "items": {"type": "object"}},
        "marks": {"type": "array", "items": {"type": "object"}},
        "purpose": {"enum": ["blank", "prefilled", "final"]},
        "as": {"enum": ["docx", "xlsx", "pdf"]},
        "print_mark": {"type": "boolean"},
        "unit": {"type": "string"},
    },
}
CONFIRM: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "take": {"enum": ["all", "good"]},
        "as": {"enum": ["json", "docx", "xlsx", "pdf"]},
        "approval": {"type": "string"},
    },
}


MAPPING: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["columns"],
    "properties": {
        "columns": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "unit": {"type": "string"},
    },
}


OPERATIONS: tuple[Operation, ...] = (
    Operation("listForms", "get", "/forms", "五张表的定义", (("200", JSON, "定义列表"),)),
    Operation(
        "showForm",
        "get",
        "/forms/{form}",
        "一张表的定义和数据的 JSON Schema",
        (("200", JSON, "定义"),),
        ("404",),
        (FORM,),
    ),
    Operation(
        "downloadTemplate",
        "get",
        "/forms/{form}/template",
        "官方样表文件",
        (("200", "application/octet-stream", "docx 或 xlsx"),),
        ("404",),
        (FORM,),
    ),
    Operation(
        "makeFills",
        "post",
        "/forms/{form}/fills",
        "填表:空白、预填或成品;数量多时返回任务",
        (("200", "application/octet-stream", "文件(多份为 zip)"), ("202", JSON, "任务")),
        ("404", "422", "500", "503"),
        (FORM,),
        (JSON, FILL),
    ),
    Operation(
        "downloadImportWorkbook",
        "get",
        "/forms/{form}/import-workbook",
        "导入用的 Excel:下拉列表、必填标红、批注、示例行、填表说明",
        (("200", "application/octet-stream", "xlsx"),),
        ("404",),
        (FORM,),
    ),
    Operation(
        "startImport",
        "post",
        "/forms/{form}/imports",
        "上传填好的导入 Excel,得到预览",
        (("200", JSON, "预览"),),
        ("400", "404", "413", "415", "422", "507"),
        (FORM,),
        ("multipart/form-data", MULTIPART),
    ),
    Operation(
        "showMarkedImport",
        "get",
        "/forms/{form}/imports/{id}/marked",
        "原表标红批注后返回,改好可再次上传",
        (("200", "application/octet-stream", "xlsx"),),
        ("404", "422"),
        (FORM, IMPORT),
    ),
    Operation(
        "confirmImport",
        "post",
        "/forms/{form}/imports/{id}/confirm",
        "确认导入:全部行或只要没有错误的行;得到数据或填好的表",
        (("200", "application/octet-stream", "JSON 或文件"),),
        ("404", "422", "500"),
        (FORM, IMPORT),
        (JSON, CONFIRM),
    ),
    Operation(
        "uploadDocuments",
        "post",
        "/documents",
        "上传退回的表(可多份);每份一条结果。together=1:照片是同一份材料的各页,合成一份",
        (("202", JSON, "每份一条"),),
        ("400", "403", "404", "409", "413", "415", "422", "507"),
        (("Idempotency-Key", "header", "string", "同一键只生效一次"),),
        ("multipart/form-data", RETURNED),
    ),
    Operation(
        "listDocuments",
        "get",
        "/documents",
        "最近上传的文件",
        (("200", JSON, "列表"),),
        ("404", "422"),
        (
            ("unit", "query", "string", "填报单位名称的一部分"),
            ("form", "query", "string", "attachment-1 … attachment-5、附件1 … 附件5 或全称"),
            ("state", "query", "string", "文件的状态，如 read、review、accepted、returned"),
            ("limit", "query", "integer", "最多几条"),
            ("offset", "query", "integer", "从第几条起"),
        ),
    ),
    Operation(
        "showDocument",
        "get",
        "/documents/{id}",
        "读出的记录、印章签字和问题",
        (("200", JSON, "同 service read 的输出"),),
        ("404",),
        (DOCUMENT,),
    ),
    Operation(
        "confirmMapping",
        "patch",
        "/documents/{id}/mapping",
        "确认台账各栏对应的键;为该单位记住,并重新读取",
        (("202", JSON, "任务"),),
        ("404", "422"),
        (DOCUMENT,),
        (JSON, MAPPING),
    ),
    Operation(
        "showPage",
        "get",
        "/documents/{id}/pages/{n}.png",
        "某一页的图像",
        (("200", "image/png", "页面"),),
        ("404", "422", "503"),
        (DOCUMENT, ("n", "path", "integer", "页码,从 1 起")),
    ),
    Operation(
        "downloadOriginal",
        "get",
        "/documents/{id}/original",
        "收到的原件",
        (("200", "application/octet-stream", "原件"),),
        ("404",),
        (DOCUMENT,),
    ),
    *REVIEW_OPERATIONS,
    *DESK_OPERATIONS,
    *LEDGER_OPERATIONS,
    *REMOVAL_OPERATIONS,
    Operation("showJob", "get", "/jobs/{id}", "任务的进度和结果", (("200", JSON, "任务"),), ("404",), (JOB,)),
    Operation(
        "resumeJob", "post", "/jobs/{id}/resume", "重做没有做成的任务", (("202", JSON, "任务"),), ("403", "404"), (JOB,)
    ),
    Operation("stopJob", "delete", "/jobs/{id}", "取消任务", (("200", JSON, "任务"),), ("403", "404"), (JOB,)),
    Operation(
        "streamJob",
        "get",
        "/jobs/{id}/events",
        "任务进度(server-sent events)",
        (("200", "text/event-stream", "事件"),),
        ("404",),
        (JOB,),
    ),
    Operation(
        "downloadJobResult",
        "get",
        "/jobs/{id}/download",
        "任务生成的文件",
        (("200", "application/octet-stream", "文件"),),
        ("404", "409", "410", "422"),
        (JOB,),
    ),
    Operation(
        "listUnits",
        "get",
        "/units",
        "单位名录;tree=true 时为树,下级在 children 中。手机号中间四位不显示",
        (("200", JSON, "total 和 units"),),
        ("404", "422"),
        (
            (
                "kind",
                "query",
                "string",
                "organization、hr、finance、department、subordinate、town、zone、headquarters、group",
            ),
            ("parent", "query", "string", "上级单位:全称、现用别名、信用代码或编号;tree=true 时含各级下属"),
            ("text", "query", "string", "名称、别名、信用代码、联络员中的文字"),
            ("tree", "query", "boolean", "是否为树"),
        ),
    ),
    Operation(
        "downloadUnitWorkbook",
        "get",
        "/units/import-workbook",
        "单位名录的导入表;current=true 时带现有单位",
        (("200", "application/octet-stream", "xlsx"),),
        ("422",),
        (("current", "query", "boolean", "是否带现有单位"),),
    ),
    Operation(
        "startUnitImport",
        "post",
        "/units/import",
        "上传填好的单位名录,得到预览:新增、改动、按行列列出的错误;不改动名录",
        (("200", JSON, "预览"),),
        ("400", "413", "415", "422", "507"),
        (),
        ("multipart/form-data", WORKBOOK),
    ),
    Operation(
        "confirmUnitImport",
        "post",
        "/units/import/{id}/confirm",
        "确认导入:照预览整表写入,或一处都不写",
        (("200", JSON, "写入的内容,同预览"),),
        ("404", "409", "507"),
        (IMPORT,),
    ),
    *CAMPAIGN_OPERATIONS,
    *EDITION_OPERATIONS,
    *ACROSS_OPERATIONS,
    *CONSOLIDATION_OPERATIONS,
    *PACK_OPERATIONS,
    *PROGRESS_OPERATIONS,
    *ACCESS_OPERATIONS,
    Operation("showLimits", "get", "/limits", "一次请求和一份文件的上限", (("200", JSON, "上限"),)),
    Operation("describe", "get", "/openapi.json", "本说明", (("200", JSON, "OpenAPI 3.1"),)),
)

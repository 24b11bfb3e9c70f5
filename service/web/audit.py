"""The page of what was done: search, take away as a table, and go through the whole chain."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from itertools import islice

from flask import Response, render_template, request

from service.access.matrix import Role
from service.api.context import answer_file, runtime
from service.api.errors import BadRequestError
from service.api.records import page_asked
from service.audit.chain import Verdict, record, verify
from service.audit.events import Action, AuditEvent, Result
from service.audit.heads import exported_heads, heads_file
from service.audit.searching import AuditQuery, all_events, find_events
from service.web.blueprints import page_blueprint
from service.web.linking import linking

blueprint = page_blueprint("audit_pages", __name__)
ACTIONS = {
    Action.SIGN_IN: "登录",
    Action.SIGN_OUT: "退出登录",
    Action.SIGN_IN_FAILED: "登录失败",
    Action.DENIED: "越权被拒",
    Action.ACCOUNT: "账号",
    Action.APPROVAL: "批准",
    Action.UPLOAD: "上传",
    Action.ORIGINAL: "下载原件",
    Action.SEARCH_ID: "按证件号查人",
    Action.PLAIN_ID: "看完整证件号",
    Action.EXPORT: "导出",
    Action.PRINT: "印制",
    Action.EDIT: "改值",
    Action.ACCEPT: "接收",
    Action.RETURN: "退回",
    Action.SUBMIT: "报送上级",
    Action.DELETE: "删除",
    Action.TRANSFER: "移交",
    Action.IMPORT: "导入",
    Action.UNITS: "改单位名录",
    Action.JOB_START: "开始任务",
    Action.JOB_END: "结束任务",
    Action.CONFIG: "改设置",
    Action.KEY: "密钥",
    Action.BACKUP: "备份",
    Action.RESTORE: "恢复",
    Action.VERIFY: "核对完整性",
    Action.PURGE: "到期清除",
    Action.AUDIT_READ: "看审计记录",
    Action.MALWARE: "发现病毒",
    Action.MESSAGE: "拒收队列消息",
}
RESULTS = {Result.DONE: "完成", Result.REFUSED: "被拒", Result.FAILED: "失败"}
OBJECTS = {
    "document": "文件",
    "pack": "报送包",
    "job": "任务",
    "account": "账号",
    "edition": "表的版本",
    "server": "服务器",
}
OBJECTS |= {"backup": "备份", "data-key": "数据密钥", "outer-key": "主密钥", "unit": "单位", "records": "人员记录"}
OBJECTS |= {"campaign": "工作批次", "import": "导入表", "approval": "申请", "session": "登录", "token": "接口令牌"}
NAMES = {
    "sha256": "校验码",
    "unit": "单位",
    "form": "表",
    "reason": "理由",
    "filters": "条件",
    "step": "步骤",
    "file": "文件",
}
NAMES |= {
    "command": "命令",
    "what": "内容",
    "used": "启用",
    "route": "页面",
    "kind": "种类",
    "role": "角色",
    "state": "状态",
}
"""What things and particulars are called on the page; others stand as they are written down."""
FAULTS = {"altered": "被改动过", "missing": "缺失", "head": "链头不符"}
LONGEST = 100
MOST_EXPORTED = 100_000
COLUMNS = {
    "number": "序号",
    "at": "时间",
    "who": "何人",
    "role": "角色",
    "action": "做什么",
    "result": "结果",
    "object_type": "对象",
    "object_id": "编号",
    "count": "数量",
    "address": "来自",
    "details": "说明",
}


@blueprint.get("/audit")
def show_audit() -> str:
    """A page of the events that fit."""
    return _page(None)


def _page(verdict: Verdict | None) -> str:
    limit, offset = page_asked()
    with runtime().database.reading() as connection:
        total, found = find_events(connection, query_asked(), (limit, offset))
    return render_template(
        "audit.html",
        events=found,
        total=total,
        page=(limit, offset),
        asked=request.args,
        actions=ACTIONS,
        results=RESULTS,
        objects=OBJECTS,
        names=NAMES,
        roles={role.value: role.label for role in Role},
        faults=FAULTS,
        verdict=verdict,
        link=linking("/audit", ("action", "result", "who", "thing", "first", "last")),
        query=request.query_string.decode("utf-8", "replace"),
    )


@blueprint.get("/audit.csv")
def download_audit() -> Response:
    """The events that fit as a table for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS.values())
    with runtime().database.reading() as connection:
        writer.writerows(_rows(islice(all_events(connection, query_asked()), MOST_EXPORTED)))
    return answer_file(text.getvalue().encode("utf-8-sig"), "审计记录.csv")


def _rows(events: Iterator[dict[str, object]]) -> Iterator[list[str]]:
    """Cells in which nothing begins as a formula does."""
    for event in events:
        at = dt.datetime.fromtimestamp(float(str(event["at"]))).strftime("%Y-%m-%d %H:%M:%S")  # noqa: DTZ006  # the office's clock
        shown = {**event, "at": at, "action": ACTIONS.get(Action(str(event["action"])), "")}
        cells = [str(shown[name]) for name in COLUMNS]
        yield [f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell for cell in cells]


@blueprint.post("/audit/verify")
def verify_audit() -> str:
    """Go through the chain from the first row on, against the heads that were exported day by day."""
    parts = runtime()
    heads = list(exported_heads(heads_file(parts.settings.data_dir), parts.database.vault))
    with parts.database.reading() as connection:
        verdict = verify(connection, heads)
    with parts.database.transaction() as connection:
        result = Result.FAILED if verdict.fault else Result.DONE
        record(connection, AuditEvent(Action.VERIFY, "audit", result=result, count=verdict.rows))
    return _page(verdict)


def query_asked() -> AuditQuery:
    """The events that the address asks for.

    Raises:
        BadRequestError: a day that is none.
    """
    args = request.args
    action, result = args.get("action", ""), args.get("result", "")
    return AuditQuery(
        action if action in set(Action) else "",
        result if result in set(Result) else "",
        args.get("who", "").strip()[:LONGEST],
        args.get("thing", "").strip()[:LONGEST],
        _day("first"),
        _day("last"),
    )


def _day(name: str) -> dt.date | None:
    text = request.args.get(name, "").strip()
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise BadRequestError(name=name, reason_zh="应为日期，如 2026-08-31", reason_en="a day is needed") from fault

"""The calls of progress, as data for the description of the API."""

from __future__ import annotations

from typing import Any

from service.api.operation import JSON, Operation
from service.operations.progress.law import State
from writers.letters.reminding import Topic

_FILE = "application/octet-stream"
_DAY = (
    ("campaign", "query", "string", "工作批次:编号、名称或年度;不写为当前批次"),
    ("day", "query", "string", "按哪一天判断(YYYY-MM-DD),不写为今天;文件以现在的状态为准"),
)
_WANTED = (
    ("form", "query", "string", "哪种表"),
    ("state", "query", "string", f"{'、'.join(state.value for state in State)};complete 为全部接收的单位"),
    ("under", "query", "string", "主管(牵头)单位:编号或全称"),
    ("q", "query", "string", "单位名称中的文字"),
)
_PAGE = (("limit", "query", "integer", "最多几条"), ("offset", "query", "integer", "从第几条起"))
_LETTER = (
    ("signed", "query", "string", "落款单位,多个用顿号分开;不写为区委组织部、区人社局,主管部门为本部门"),
    ("contact", "query", "string", "联系人和电话;不写为方案载明的电话"),
    ("until", "query", "string", "请于哪天前补报(YYYY-MM-DD),不写为七天后"),
)
_UNIT = ("id", "path", "string", "单位编号")
_ENDING = ("ending", "path", "string", "docx 或 pdf")
_LIST = ("list", "path", "string", "、".join(topic.value for topic in Topic))
_DAYS = ("days", "query", "integer", "提前几天,默认 30")
_LETTERS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "list": {"enum": ["late", *(topic.value for topic in Topic)]},
        "as": {"enum": ["docx", "pdf"]},
        "days": {"type": "integer", "minimum": 0},
        **{name: {"type": "string"} for name in ("campaign", "day", "under", "signed", "contact", "until")},
    },
}

PROGRESS_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "showProgress",
        "get",
        "/progress",
        "报送进度:各单位各表的状态,按主管单位和全部合计;只含有权看到的单位",
        (("200", JSON, "sums、figures、supervising、units"),),
        ("404", "422"),
        (*_DAY, *_WANTED, *_PAGE),
    ),
    Operation(
        "downloadProgress",
        "get",
        "/progress.xlsx",
        "报送进度的 Excel:各单位、合计两页",
        (("200", _FILE, "xlsx"),),
        ("404", "422"),
        (*_DAY, *_WANTED),
    ),
    Operation(
        "showProgressFigures",
        "get",
        "/progress/figures",
        "图表的数字:报送状态、清退和保留人数(单位类别、用工形式、经费来源)",
        (("200", JSON, "charts"),),
        ("404", "422"),
        _DAY,
    ),
    Operation(
        "downloadLateList",
        "get",
        "/progress/late.{ending}",
        "未报名单:逾期未报的单位和所欠的表",
        (("200", _FILE, "docx、xlsx 或 pdf"),),
        ("404", "422", "503"),
        (("ending", "path", "string", "docx、xlsx 或 pdf"), *_DAY, *_WANTED),
    ),
    Operation(
        "downloadDunningLetter",
        "get",
        "/progress/units/{id}/letter.{ending}",
        "对一个逾期单位的催报函",
        (("200", _FILE, "docx 或 pdf"),),
        ("404", "409", "422", "503"),
        (_UNIT, _ENDING, *_DAY, *_LETTER),
    ),
    Operation(
        "makeLetters",
        "post",
        "/progress/letters",
        "给名单上每个单位各一封信,打成一个 zip:催报函(late)或各类提醒函",
        (("202", JSON, "任务"),),
        ("404", "422"),
        (),
        (JSON, _LETTERS),
    ),
    Operation(
        "listReminderLists",
        "get",
        "/progress/reminders",
        "提醒名单及人数",
        (("200", JSON, "lists"),),
        ("404", "422"),
        (*_DAY, _DAYS),
    ),
    Operation(
        "showReminderList",
        "get",
        "/progress/reminders/{list}",
        "一种提醒名单:借用将满、逾期未返回、超过一年、年度考核、派遣合同将到期;身份证号遮盖",
        (("200", JSON, "people"),),
        ("404", "422"),
        (_LIST, *_DAY, _DAYS, *_PAGE),
    ),
    Operation(
        "downloadReminderList",
        "get",
        "/progress/reminders/{list}/table.xlsx",
        "同上,全部人员的 Excel",
        (("200", _FILE, "xlsx"),),
        ("404", "422"),
        (_LIST, *_DAY, _DAYS),
    ),
    Operation(
        "downloadReminderLetter",
        "get",
        "/progress/reminders/{list}/units/{id}/letter.{ending}",
        "就名单上的人员给有关单位的信",
        (("200", _FILE, "docx 或 pdf"),),
        ("404", "422", "503"),
        (_LIST, _UNIT, _ENDING, *_DAY, _DAYS, *_LETTER),
    ),
)

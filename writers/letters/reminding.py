"""Letters about people: loans that end or have ended, loans over a year, who assesses whom, contracts that end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from docx.document import Document

from writers.letters.sheet import PLAN, PLAN_SHORT, Column, Sender, foot, in_words, table, title
from writers.officialpage import HEI, content_of, line, new_document
from writers.packing.fixed import fixed_office


class Topic(StrEnum):
    """What a letter, and the list behind it, is about."""

    ENDING = "ending"
    OVERDUE = "overdue"
    OVERLONG = "over-a-year"
    ASSESSMENT = "assessment"
    DISPATCH = "dispatch-ending"


TITLES = {
    Topic.ENDING: "关于借用人员借用期即将届满的提醒函",
    Topic.OVERDUE: "关于借用期满人员应及时返回的函",
    Topic.OVERLONG: "关于清理借用时间超过一年人员的函",
    Topic.ASSESSMENT: "关于做好{year}年度被借用人员考核工作的函",
    Topic.DISPATCH: "关于劳务派遣合同即将到期的提醒函",
}
HEADS: dict[Topic, tuple[str, ...]] = {
    Topic.ENDING: ("序号", "姓名", "身份证号", "借出单位", "借用起止日期", "剩余天数", "拟处理意见"),
    Topic.OVERDUE: ("序号", "姓名", "身份证号", "借出单位", "借用起止日期", "超期天数", "拟处理意见"),
    Topic.OVERLONG: ("序号", "姓名", "身份证号", "借出单位", "借用起止日期", "借用月数", "拟处理意见"),
    Topic.ASSESSMENT: ("序号", "姓名", "身份证号", "借出单位", "借用起止日期", "本年天数", "考核单位"),
    Topic.DISPATCH: ("序号", "姓名", "身份证号", "派遣单位", "合同起止日期", "剩余天数", "岗位"),
}
"""The columns of each list and letter."""
_NAMED = f"{PLAN}（以下简称{PLAN_SHORT}）"
_WIDTHS = (12.0, 16.0, 41.0, 24.0, 27.0, 13.0, 23.0)
_CENTRED = frozenset({"序号", "姓名", "身份证号", "剩余天数", "超期天数", "借用月数", "本年天数"})


@dataclass(frozen=True, slots=True)
class Reminder:
    """What stands in a letter: the people in rows under :data:`HEADS`, without their running numbers.

    ``by_borrower`` says for :attr:`Topic.ASSESSMENT` of each row whether the unit itself assesses. ``days`` is how far
    ahead was looked.
    """

    topic: Topic
    unit: str
    rows: tuple[tuple[str, ...], ...]
    year: int
    days: int = 30
    by_borrower: tuple[bool, ...] = ()


def make_reminder(reminder: Reminder, sender: Sender) -> bytes:
    """The letter as .docx; the same content gives the same bytes."""
    document = new_document()
    title(document, TITLES[reminder.topic].format(year=reminder.year))
    line(document, f"{reminder.unit}：")
    if reminder.topic is Topic.ASSESSMENT:
        _assessment(document, reminder)
    else:
        line(document, _opening(reminder, sender), indent=2)
        _people(document, reminder.topic, reminder.rows)
        line(document, _ASKED[reminder.topic], indent=2)
    foot(document, sender)
    return fixed_office(content_of(document))


def _opening(reminder: Reminder, sender: Sender) -> str:
    count, day = len(reminder.rows), in_words(sender.day)
    if reminder.topic is Topic.ENDING:
        return (
            f"{_NAMED}三（二）2（1）规定：“设定借用日期，借用期满后应及时返回原单位”。自{day}起{reminder.days}天内，"
            f"你单位下列 {count} 名借用人员的借用期将届满："
        )
    if reminder.topic is Topic.OVERDUE:
        return (
            f"{_NAMED}三（二）2（1）规定：“设定借用日期，借用期满后应及时返回原单位”。截至{day}，"
            f"你单位所报下列 {count} 名借用人员的借用期已满，未见返回或续借的记录："
        )
    if reminder.topic is Topic.OVERLONG:
        return (
            f"{_NAMED}三（三）2规定：“借用时间一般不得超过1年，借用超过1个月的必须履行审批手续”。截至{day}，你单位所报"
            f"下列 {count} 名借用人员的借用时间超过1年（含连续续借）："
        )
    return (
        f"根据{_NAMED}的要求，对劳务派遣人员进行跟踪管理。自{day}起{reminder.days}天内，你单位所报下列 {count} 名"
        "劳务派遣人员的劳动合同或派遣（使用）期限将到期："
    )


_ASKED = {
    Topic.ENDING: "请提前办理期满返回手续，并将返回情况告知我们；确因工作需要续借的，请在期满前按《实施方案》三（三）2"
    "的规定重新填报附件4，履行审批手续。",
    Topic.OVERDUE: "请核对以上人员现在何处：已返回的，请书面告知返回日期；未返回的，请立即安排返回，或者按《实施方案》"
    "三（三）2的规定补办审批手续。",
    Topic.OVERLONG: "请逐人提出处理意见：安排返回原单位，或者按规定办理调动；确需继续借用的，请书面说明理由，"
    "并按干部管理权限报批。",
    Topic.DISPATCH: "请会同派遣单位提前做好续订或终止的准备。《实施方案》三（二）2（2）规定，合同期满后如需续约"
    "也逐步改为由区劳动保障事务代理处统一管理；三（三）3规定，编外人员原则上统一由区劳动保障事务代理处进行劳务派遣。",
}


def _assessment(document: Document, reminder: Reminder) -> None:
    line(
        document,
        f"{_NAMED}三（三）2规定：“被借用人员借用时间超过考核年度半年的，由借入单位进行考核并给出考核等次，"
        "同时回原单位加章、汇总；未达到考核年度半年的，由原单位考核，借用单位应向原单位提供借用期间的表现鉴定情况”。"
        f"按所报借用起止日期计算，{reminder.year}年度你单位借入的 {len(reminder.rows)} 名人员分别按以下方式考核：",
        indent=2,
    )
    parts = (
        (True, "一、由你单位考核并给出考核等次，再送原单位加章、汇总"),
        (False, "二、由原单位考核，你单位向原单位提供表现鉴定"),
    )
    for here, words in parts:
        rows = [row for row, by in zip(reminder.rows, reminder.by_borrower, strict=True) if by is here]
        line(document, f"{words}（{len(rows)} 人）", font=HEI, indent=2)
        if rows:
            _people(document, reminder.topic, rows)
    line(document, "借用起止日期如有变化，请及时告知我们，以便重新确定考核单位。", indent=2)


def _people(document: Document, topic: Topic, rows: Sequence[Sequence[str]]) -> None:
    columns = [Column(head, width, centred=head in _CENTRED) for head, width in zip(HEADS[topic], _WIDTHS, strict=True)]
    table(document, columns, [(str(number), *row) for number, row in enumerate(rows, start=1)])

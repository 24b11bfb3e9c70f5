"""The words of the letters: what is owed, by when, by which clause, whom to ask; people with their numbers masked."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest
from docx.document import Document

from writers.letters.dunning import HEADS, TITLE, Dunning, Owed, make_dunning
from writers.letters.late_list import HEADS as LATE_HEADS
from writers.letters.late_list import LateList, LateUnit, make_late_list
from writers.letters.reminding import HEADS as PEOPLE_HEADS
from writers.letters.reminding import TITLES, Reminder, Topic, make_reminder
from writers.letters.sheet import Sender

DAY, LAST, UNTIL = dt.date(2026, 9, 12), dt.date(2026, 8, 31), dt.date(2026, 9, 19)
SENDER = Sender(("中共海州区委组织部", "海州区人力资源和社会保障局"), "王某 0518-80000001", DAY)
ROW = ("王甲", "3***************16", "海州区示例中心小学", "2026.1.1至2026.9.20", "8", "期满返回")


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def words_of(document: Document) -> str:
    return "\n".join(item.text for item in document.paragraphs)


def rows_of(document: Document, table: int = 0) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row.cells) for row in document.tables[table].rows]


def dunning() -> bytes:
    owed = (
        Owed("附件2《清退汇总表》", "方案三（二）2（2）", LAST, "未报送", 12),
        Owed("附件5《花名册》", "方案三（三）3", dt.date(2026, 9, 6), "退回后未重新报送", 6),
    )
    return make_dunning(Dunning("测试中学", LAST, UNTIL, owed, "海州区测试局"), SENDER)


def test_a_dunning_letter_says_what_is_owed_by_which_clause_until_when_and_whom_to_ask() -> None:
    document = opened(dunning())
    text = words_of(document)
    for said in (
        TITLE,
        "测试中学：",
        "三（二）3的要求",
        "2026年8月31日前",
        "下列 2 项材料逾期未报",
        "请于2026年9月19日前补报",
        "零报告",
        "王某 0518-80000001",
        "中共海州区委组织部",
        "海州区人力资源和社会保障局",
        "2026年9月12日（盖章）",
        "抄送：海州区测试局",
    ):
        assert said in text, said
    assert rows_of(document) == [
        HEADS,
        ("1", "附件2《清退汇总表》", "方案三（二）2（2）", "2026年8月31日", "未报送", "12天"),
        ("2", "附件5《花名册》", "方案三（三）3", "2026年9月6日", "退回后未重新报送", "6天"),
    ]


def test_the_same_letter_has_the_same_bytes() -> None:
    assert dunning() == dunning()


def test_the_list_of_who_is_late_names_each_unit_once() -> None:
    late = (
        LateUnit("测试中学", "海州区测试局", ("附件2", "附件5（退回未补）"), 12, "李某"),
        LateUnit("测试镇", "测试镇", ("附件3",), 3),
    )
    document = opened(make_late_list(LateList("2026年清理", LAST, 200, late), SENDER))
    assert "200 个单位中有 2 个单位逾期未报齐" in words_of(document)
    assert rows_of(document) == [
        LATE_HEADS,
        ("1", "测试中学", "海州区测试局", "附件2、附件5（退回未补）", "12天", "李某"),
        ("2", "测试镇", "测试镇", "附件3", "3天", ""),
    ]
    nobody = opened(make_late_list(LateList("2026年清理", LAST, 200, ()), SENDER))
    assert not nobody.tables
    assert "没有逾期未报的单位" in words_of(nobody)


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (Topic.ENDING, ("30天内", "下列 1 名借用人员的借用期将届满", "三（二）2（1）", "续借")),
        (Topic.OVERDUE, ("借用期已满", "已返回的，请书面告知返回日期")),
        (Topic.OVERLONG, ("一般不得超过1年", "超过1年（含连续续借）")),
        (Topic.DISPATCH, ("将到期", "区劳动保障事务代理处统一管理")),
    ],
)
def test_a_reminder_quotes_the_plan_and_says_what_to_do(topic: Topic, said: tuple[str, ...]) -> None:
    document = opened(make_reminder(Reminder(topic, "测试镇", (ROW,), 2026), SENDER))
    text = words_of(document)
    for words in (*said, TITLES[topic], "测试镇：", "实施方案", "王某 0518-80000001"):
        assert words in text, words
    assert rows_of(document) == [PEOPLE_HEADS[topic], ("1", *ROW)]


def test_the_letter_on_assessments_parts_who_is_assessed_here_from_who_is_not() -> None:
    rows = (ROW, ("王乙", *ROW[1:]), ("王丙", *ROW[1:]))
    reminder = Reminder(Topic.ASSESSMENT, "测试镇", rows, 2026, by_borrower=(True, False, True))
    document = opened(make_reminder(reminder, SENDER))
    text = words_of(document)
    assert "关于做好2026年度被借用人员考核工作的函" in text
    assert "一、由你单位考核并给出考核等次，再送原单位加章、汇总（2 人）" in text
    assert "二、由原单位考核，你单位向原单位提供表现鉴定（1 人）" in text
    assert [row[1] for row in rows_of(document, 0)[1:]] == ["王甲", "王丙"]
    assert [row[1] for row in rows_of(document, 1)[1:]] == ["王乙"]


def test_what_no_word_file_can_carry_is_shown_as_a_box() -> None:
    letter = make_dunning(Dunning("测试\x0b中学", LAST, UNTIL, (), ""), SENDER)
    assert "测试□中学：" in words_of(opened(letter))

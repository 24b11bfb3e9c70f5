"""Two practice forms with invented persons: an approval card and a roster."""

from __future__ import annotations

import random

from samples.paper.drawn import Box, Sheet
from samples.paper.people import invent

OPINIONS = ("同意借用。", "情况属实,同意借出。", "经研究,同意。", "同意该同志借用,请按规定办理。")


def approval_card(seed: int, *, empty: bool = False) -> Sheet:
    """A card of one person with opinion boxes; ``empty`` leaves every value out."""
    chance = random.Random(seed)
    person = invent(chance)

    def value(text: str) -> str:
        return "" if empty else text

    year, month, _ = person.born
    start = f"2026年{chance.randint(1, 9)}月{chance.randint(1, 28)}日"

    def pair(label: str, text: str, columns: int = 1) -> list[Box]:
        return [Box(label, label=True), Box(value(text), columns=columns)]

    chosen = chance.randrange(3)
    options = ("区委区政府临时性重要任务", "重点工作", "阶段性季节性工作")
    ticks = "  ".join(("☑" if index == chosen and not empty else "□") + text for index, text in enumerate(options))

    def opinion(label: str) -> list[Box]:
        text = value(chance.choice(OPINIONS))
        day = f"2026年{chance.randint(1, 12)}月{chance.randint(1, 28)}日" if not empty else "    年   月   日"
        return [Box(label, label=True), Box(f"{text}\n\n负责人(签字):\n(盖章)        {day}", columns=2, align="left")]

    rows = [
        [*pair("姓  名", person.name), *pair("性  别", person.sex), *pair("出生年月", f"{year}.{month:02d}")],
        [*pair("民  族", "汉族"), *pair("政治面貌", "中共党员"), *pair("参加工作\n时间", f"{year + 23}.07")],
        [*pair("身份证号", person.id_number, 2), *pair("联系电话", person.phone, 1), Box("")],
        [*pair("借出单位", person.unit, 2), *pair("现任职务", person.post, 2)],
        [*pair("借入单位", person.borrower, 2), *pair("借用岗位", person.post, 2)],
        [*pair("借用期限", f"自{start}至2027年3月{chance.randint(1, 28)}日,共{chance.randint(2, 9)}个月", 5)],
        [
            Box("借用事由", label=True),
            Box(ticks + "\n具体说明:" + value("承担全区重点项目推进会务保障和材料起草工作"), columns=5, align="left"),
        ],
        [*opinion("借出单位\n意    见"), *opinion("借入单位\n意    见")],
        [*opinion("区分管领导\n意    见"), *opinion("区组织人社\n部门审核意见")],
        [*pair("备  注", "", 5)],
    ]
    return Sheet(
        columns=(25, 32, 25, 32, 25, 31),
        heights=(10, 12, 10, 10, 10, 10, 20, 42, 42, 10),
        boxes=rows,
        title="借用人员审批表",
        head=f"填表日期:{value(start)}                                编号:{value(f'2026-{seed:03d}')}",
        foot=("注:1.本表一式五份。2.借用超过1个月的必须填写。",),
        top=42,
    )


ROSTER_HEADS = (
    "序号",
    "姓名",
    "性别",
    "出生年月",
    "身份证号",
    "政治\n面貌",
    "学历",
    "借出单位",
    "现任职务",
    "借入单位",
    "借用起\n始日期",
    "借用截\n止日期",
    "月数",
    "备注",
)
ROSTER_WIDTHS = (9, 16, 9, 16, 40, 18, 18, 34, 22, 34, 20, 20, 10, 11)


def roster(seed: int, rows: int = 15) -> Sheet:
    """A landscape roster of ``rows`` persons; the last column is empty but for a few rows."""
    chance = random.Random(seed)
    boxes = [[Box(head, label=True, size=9) for head in ROSTER_HEADS]]
    for number in range(1, rows + 1):
        person = invent(chance)
        start = f"2025.{chance.randint(1, 12):02d}.{chance.randint(1, 28):02d}"
        end = f"2026.{chance.randint(1, 12):02d}.{chance.randint(1, 28):02d}"
        values = (
            str(number), person.name, person.sex, f"{person.born[0]}.{person.born[1]:02d}", person.id_number,
            chance.choice(("群众", "中共党员", "共青团员")), chance.choice(("大学本科", "大学专科", "硕士研究生")),
            person.unit, person.post, person.borrower, start, end, str(chance.randint(1, 12)),
            chance.choice(("", "", "", "无", "/")),
        )  # fmt: skip
        boxes.append([Box(text, size=9) for text in values])
    unit = chance.choice(("海州区财政局", "海州区教育局"))
    return Sheet(
        columns=ROSTER_WIDTHS,
        heights=(11, *([8.0] * rows)),
        boxes=boxes,
        title="机关事业单位借用人员备案表",
        head=f"填报单位(盖章):{unit}          填报日期:2026年8月{chance.randint(1, 28)}日          单位:人",
        foot=("单位主要负责人(签字):          填表人:李明          联系电话:81580000",),
        landscape=True,
        left=10,
        top=40,
    )

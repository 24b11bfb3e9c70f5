"""The columns of ledgers: many names, some of which nobody can be certain of, and how values are written."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping

from samples.ledgers.shapes import Column, Truth

HEADS: Mapping[str, tuple[str, ...]] = {
    "no": ("序号", "序", "编号", "NO."),
    "name": ("姓名", "姓  名", "职工姓名", "人员姓名", "名字"),
    "sex": ("性别", "性 别", "男女"),
    "id_number": ("身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证"),
    "birth_month": ("出生年月", "出生日期", "出生时间", "生日"),
    "political_status": ("政治面貌", "党派", "政治面目"),
    "education": ("学历", "文化程度", "最高学历"),
    "post": ("岗位", "工作岗位", "工种", "从事工作", "岗位名称"),
    "department": ("部门", "科室", "所在科室", "工作部门", "使用科室"),
    "employment_form": ("用工形式", "用工性质", "聘用方式", "用工方式"),
    "hired_on": ("入职时间", "到岗时间", "聘用时间", "来单位时间", "上岗日期", "入职年月日"),
    "monthly_wage": ("月工资", "月工资(元)", "月薪", "每月工资"),
    "funding": ("经费来源", "资金来源", "经费渠道"),
    "phone": ("联系电话", "手机号码", "电话", "联系方式"),
    "unit": ("用工单位", "所在单位", "单位名称"),
    "note": ("备注", "备 注", "附注"),
}
"""Heads by which a column is known for certain."""
ODD: Mapping[str, tuple[str, ...]] = {
    "id_number": ("证件编码", "公民代码", "身份识别码"),
    "birth_month": ("何时出生", "生辰"),
    "post": ("职务", "干什么活", "职责"),
    "department": ("哪个股室", "归口管理"),
    "hired_on": ("时间", "进馆日期", "哪年来的", "工作时间"),
    "monthly_wage": ("工资", "应发数", "基本工资", "待遇(元)"),
    "phone": ("手提", "号码"),
    "employment_form": ("人员类别", "招聘渠道"),
    "sex": ("男/女", "别"),
    "unit": ("单位", "用人单位"),
    "name": ("何人", "人员"),
}
"""Heads of which nobody can be certain."""
FOREIGN: Mapping[str, Callable[[random.Random], str]] = {
    "家庭住址": lambda rng: f"示例路{rng.randrange(1, 300)}号",
    "籍贯": lambda rng: rng.choice(("江苏示例", "山东示例")),
    "婚姻状况": lambda rng: rng.choice(("已婚", "未婚")),
    "银行卡号": lambda rng: f"6222{rng.randrange(10**14, 10**15)}",
    "紧急联系人": lambda rng: rng.choice(("李建国", "王桂英", "周永强")),
    "紧急联系电话": lambda rng: f"139{rng.randrange(10**7, 10**8)}",
    "配偶姓名": lambda rng: rng.choice(("张玉兰", "陈国强", "刘秀英")),
    "考核结果": lambda rng: rng.choice(("合格", "优秀")),
    "工龄": lambda rng: str(rng.randrange(1, 20)),
    "介绍人": lambda rng: rng.choice(("赵志勇", "孙海霞")),
    "介绍人/亲属关系": lambda rng: rng.choice(("赵志勇/舅舅", "无")),
    "年薪(万元)": lambda rng: f"{rng.randrange(30, 70) / 10}",
    "工号": lambda rng: f"{rng.randrange(1000, 9999)}",
    "签名": lambda _: "",
}
"""Columns that none of the forms has."""
WIDTHS = {"no": 9.0, "sex": 10.0, "id_number": 38.0, "phone": 25.0, "unit": 30.0, "post": 22.0, "employment_form": 24.0}


def columns_of(rng: random.Random, *, plain: bool) -> list[Column]:
    """The columns of one ledger; ``plain`` leaves out heads that are unclear."""
    day_style = rng.choice(("iso", "dots", "words", "slashes", "plain"))
    odd = frozenset() if plain else frozenset(rng.sample(sorted(ODD), rng.choice((0, 1, 2, 3))))
    keys = ["no", "name", "sex"]
    middle = ["id_number", "birth_month", "political_status", "education", "department", "post", "employment_form"]
    middle += ["hired_on", "monthly_wage", "funding", "phone", "unit"]
    chosen = rng.sample(middle, rng.randrange(5, 10))
    if "id_number" not in chosen and chance(rng, 0.8):
        chosen[0] = "id_number"
    keys += [key for key in middle if key in chosen] if chance(rng, 0.7) else chosen
    if chance(rng, 0.15):
        keys.remove("no")
    columns = [_column(rng, key, day_style, is_odd=key in odd) for key in keys]
    at = rng.randrange(3, len(columns) + 1)
    columns[at:at] = _contract(rng, day_style)
    for label in rng.sample(sorted(FOREIGN), rng.choice((0, 1, 2))):
        fill = FOREIGN[label]
        place = rng.randrange(2, len(columns) + 1)
        while 0 < place < len(columns) and columns[place].path[0] == columns[place - 1].path[0]:
            place += 1
        wide = {"家庭住址": 24.0, "银行卡号": 36.0, "紧急联系电话": 24.0}.get(label, 17.0)
        columns.insert(place, Column((), (label,), lambda _person, fill=fill: fill(rng), wide))  # type: ignore[misc]  # a default is not in the signature asked for
    columns.append(_column(rng, "note", day_style, is_odd=False))
    return columns


def _column(rng: random.Random, key: str, day_style: str, *, is_odd: bool) -> Column:
    label = rng.choice((ODD if is_odd else HEADS)[key])

    def write(person: Mapping[str, Truth]) -> str:
        value = person[key]
        if key == "hired_on":
            return _day(value, day_style)
        return _month(value, day_style) if key == "birth_month" else str(value)

    return Column((key,), (label,), write, WIDTHS.get(key, 20.0 if key == "hired_on" else 17.0))


def _contract(rng: random.Random, style: str) -> list[Column]:
    def both(person: Mapping[str, Truth]) -> str:
        return f"{_day(person['contract_start'], style)}至{_day(person['contract_end'], style)}"

    def start(person: Mapping[str, Truth]) -> str:
        return _day(person["contract_start"], style)

    def end(person: Mapping[str, Truth]) -> str:
        return _day(person["contract_end"], style)

    keys = ("contract_start", "contract_end")
    match rng.randrange(4):
        case 0:
            return []
        case 1:
            return [Column(keys, (rng.choice(("合同期限", "合同起止时间", "劳动合同期限")),), both, 44.0)]
        case 2:
            head, (first, last) = (
                rng.choice(("合同期限", "劳动合同")),
                rng.choice((("起", "止"), ("起始日期", "终止日期"))),
            )
            return [Column(keys[:1], (head, first), start, 22.0), Column(keys[1:], (head, last), end, 22.0)]
        case _:
            return [
                Column(keys[:1], ("合同起始日期",), start, 22.0),
                Column(keys[1:], (rng.choice(("合同终止日期", "合同到期日期")),), end, 22.0),
            ]


def _day(value: Truth, style: str) -> str:
    day = dt.date.fromisoformat(str(value))
    return {
        "iso": f"{day:%Y-%m-%d}",
        "dots": f"{day.year}.{day.month}.{day.day}",
        "words": f"{day.year}年{day.month}月{day.day}日",
        "slashes": f"{day.year}/{day.month}/{day.day}",
        "plain": f"{day:%Y%m%d}",
    }[style]


def _month(value: Truth, style: str) -> str:
    year, month = str(value).split("-")
    return {"plain": f"{year}{month}", "words": f"{year}年{int(month)}月"}.get(style, f"{year}.{month}")


def chance(rng: random.Random, share: float) -> bool:
    """Whether something happens that does so in that part of all cases."""
    return rng.random() < share

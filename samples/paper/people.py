"""Invented persons: names drawn by chance, ID numbers of the unassigned address code 320799 with true check digits."""

from __future__ import annotations

import random
from dataclasses import dataclass

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文斌志宇浩然子轩雨欣梓涵晨曦海波晓东立新"
UNITS = (
    "海州区人力资源和社会保障局",
    "海州区财政局",
    "海州区教育局",
    "海州区城市管理局",
    "浦南镇人民政府",
    "新海初级中学",
    "板浦镇中心卫生院",
    "幸福路街道办事处",
    "海州区发展和改革局",
    "海州区政府办公室",
)
POSTS = ("科员", "办公室主任", "一级主任科员", "会计", "教师", "工程管理岗", "综合协调岗位", "信访接待")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Person:
    """What a form asks of a person."""

    name: str
    sex: str
    born: tuple[int, int, int]
    id_number: str
    phone: str
    unit: str
    borrower: str
    post: str


def invent(chance: random.Random) -> Person:
    """A person that does not exist."""
    born = (chance.randint(1966, 2002), chance.randint(1, 12), chance.randint(1, 28))
    serial = chance.randint(1, 999)
    body = f"320799{born[0]:04d}{born[1]:02d}{born[2]:02d}{serial:03d}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]
    name = chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))
    phone = "13" + "".join(chance.choices("0123456789", k=9))
    unit, borrower = chance.sample(UNITS, 2)
    return Person(name, "男" if serial % 2 else "女", born, body + check, phone, unit, borrower, chance.choice(POSTS))

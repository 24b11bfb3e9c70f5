"""What is written on forms, by chance: words, names, offices, days, numbers, choices. Nothing of it is anyone's."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟"
    "熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
OFFICES = (
    "局",
    "办公室",
    "镇人民政府",
    "街道办事处",
    "中心",
    "委员会",
    "服务中心",
    "科",
    "学校",
    "卫生院",
    "大队",
    "站",
    "有限公司",
)
LABELS = (
    "姓名",
    "性别",
    "民族",
    "电话",
    "岗位",
    "单位",
    "备注",
    "意见",
    "日期",
    "签字",
    "盖章",
    "身份证号",
    "起止时间",
    "合计",
)
ASIDES = ("（签字）", "（盖章）", "（公章）", "(见附件)", "（试行）", "（全额）", "“两统一”", "《通知》")
BOXES = ("□", "☑", "☒", "√", "✓", "○", "●")


class Texts:
    """Texts by chance. ``words``: a dictionary, a word and its count a line; ``known``: what the recogniser knows."""

    def __init__(self, words: Path, known: frozenset[str]) -> None:
        pairs = (line.split() for line in words.read_text(encoding="utf-8").splitlines())
        counted = [(one[0], int(one[1])) for one in pairs if len(one) > 1 and known.issuperset(one[0])]
        self._words = [word for word, _ in counted]
        self._weights = [count**0.4 for _, count in counted]
        characters: dict[str, float] = {}
        for word, weight in zip(self._words, self._weights, strict=True):
            for character in word:
                characters[character] = characters.get(character, 0.0) + weight
        self._characters = sorted(one for one in characters if "\u4e00" <= one <= "\u9fff")
        self._counts = [characters[one] ** 0.5 for one in self._characters]
        self._known = known
        self._ways: Sequence[tuple[Callable[[random.Random], str], float]] = (
            (self._sentence, 5),
            (self._name, 3),
            (self._characters_alone, 3),
            (self._office, 3),
            (_day, 3),
            (_number, 3),
            (_identity, 2),
            (_choice, 1),
            (self._labelled, 2),
            (self._numbered, 2),
            (_aged, 1),
            (_period, 1),
        )

    def draw(self, chance: random.Random) -> str:
        """A text of at most 26 characters, all of them known."""
        ways, weights = zip(*self._ways, strict=True)
        text = "".join(one for one in chance.choices(ways, weights)[0](chance) if one in self._known)
        return text[:26].strip() or "一"

    def _drawn(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self._words, self._weights, k=count)

    def _sentence(self, chance: random.Random) -> str:
        words = self._drawn(chance, chance.randint(1, 7))
        for _ in range(chance.randint(0, 2)):
            words.insert(chance.randint(0, len(words)), chance.choice((*"，。、；：,.", "1", "2", *ASIDES)))
        return "".join(words)

    def _characters_alone(self, chance: random.Random) -> str:
        return "".join(chance.choices(self._characters, self._counts, k=chance.randint(1, 10)))

    def _name(self, chance: random.Random) -> str:
        given = "".join(chance.choices(self._characters, self._counts, k=chance.choice((1, 2, 2))))
        names = [chance.choice(SURNAMES) + given for _ in range(chance.choice((1, 1, 1, 2)))]
        return chance.choice(("、", " ")).join(names)

    def _office(self, chance: random.Random) -> str:
        place = "".join(chance.choices(self._characters, self._counts, k=chance.randint(1, 3)))
        work = "".join(self._drawn(chance, chance.randint(0, 2)))
        return place + chance.choice(("", "区", "县", "市", "镇")) + work + chance.choice(OFFICES)

    def _numbered(self, chance: random.Random) -> str:
        short = "".join(chance.choices(self._characters, self._counts, k=chance.randint(1, 4)))
        year, number = chance.randint(2005, 2030), chance.randint(1, 199)
        left, right = chance.choice(("〔〕", "〔〕", "〔〕", "（）", "[]"))
        return chance.choice((self._office(chance), "", "《")) + f"{short}{left}{year}{right}{number}号"

    def _labelled(self, chance: random.Random) -> str:
        what = chance.choice((_day, _number, self._name, self._office))
        return chance.choice(LABELS) + chance.choice(("：", ":", "", "（", " ")) + what(chance)


def _day(chance: random.Random) -> str:
    year, month, day = chance.randint(1955, 2035), chance.randint(1, 12), chance.randint(1, 31)
    ways = (
        f"{year}年{month}月{day}日",
        f"{year}年{month:02d}月{day:02d}日",
        f"{year}.{month:02d}.{day:02d}",
        f"{year}-{month:02d}-{day:02d}",
        f"{year}/{month}/{day}",
        f"{year}年{month}月",
        f"{year}.{month:02d}",
        f"{year}{month:02d}{day:02d}",
        f"{year}年{month}月至{year + 1}年{chance.randint(1, 12)}月",
        f"  年{month}月  日",
    )
    return chance.choice(ways)


def _aged(chance: random.Random) -> str:
    year, month, age = chance.randint(1955, 2006), chance.randint(1, 12), chance.randint(18, 69)
    return chance.choice(
        (f"{year}.{month:02d}（{age}岁）", f"{year}年{month}月({age}周岁)", f"{age}岁", f"（{age}岁）")
    )


def _period(chance: random.Random) -> str:
    year, month, day = chance.randint(2015, 2030), chance.randint(1, 12), chance.randint(1, 31)
    end = f"{year + 1}年{chance.randint(1, 12)}月{chance.randint(1, 31)}日"
    comma = chance.choice(("，", ",", ""))
    return f"自{year}年{month}月{day}日至{end}{comma}共{chance.randint(1, 24)}个月"


def _number(chance: random.Random) -> str:
    digits = "".join(chance.choices("0123456789", k=chance.randint(1, 11)))
    ways = (
        digits,
        str(chance.randint(0, 99)),
        f"{chance.randint(1, 99999):,}",
        f"{chance.randint(100, 9999)}.{chance.randint(0, 99):02d}",
        f"{chance.randint(1, 99)}%",
        f"0{chance.randint(10, 999)}-{chance.randint(2000000, 89999999)}",
        f"1{chance.choice('3456789')}{chance.randint(0, 999999999):09d}",
        f"〔{chance.randint(2018, 2030)}〕{chance.randint(1, 199)}号",
        f"{chance.randint(2018, 2030)}-{chance.randint(1, 999):03d}",
        f"{chance.randint(1, 300)}人",
        f"{chance.randint(1, 9)}.{chance.randint(1, 9)}万元",
    )
    return chance.choice(ways)


def _identity(chance: random.Random) -> str:
    born = f"{chance.randint(1955, 2006)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    return f"{chance.randint(110101, 659004)}{born}{chance.randint(0, 999):03d}{chance.choice('0123456789X')}"


def _choice(chance: random.Random) -> str:
    options = chance.choice((("是", "否"), ("男", "女"), ("有", "无"), ("同意", "不同意"), ("清退", "保留", "转岗")))
    return chance.choice(("", " ", "  ")).join(chance.choice(BOXES[:3]) + option for option in options)

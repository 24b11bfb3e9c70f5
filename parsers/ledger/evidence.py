"""What the values of a column say of its meaning, whatever its head says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from forms import identity
from forms.cleaning import squeeze
from forms.definition import Field, FormDefinition
from forms.fieldtypes.base import Raw
from forms.record import PLACEHOLDERS
from parsers.document import Cell
from parsers.valuing import DITTOS

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴"
    "夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪"
    "翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童"
    "欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬"
    "臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞"
)
_DATE = re.compile(
    r"(?:19|20)?\d{2}(?:年|[./．-])\d{1,2}(?:月份?|[./．-]\d{1,2}日?)?(?:\d{1,2}[日号])?|(?:19|20)\d{2}[01]\d(?:[0-3]\d)?"
)
_PERIOD = re.compile(r"\d{4}.*(?:\D|\d{8})(?:19|20)\d{2}|\d{4}.*(?:至今|长期|无固定)")
_PHONE = re.compile(r"1[3-9]\d{9}|(?:0\d{2,3}-?)?\d{7,8}")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?元?|\d+(?:\.\d+)?元?")
_NAME = re.compile(r"[\u3400-\u9fff](?:[\u3400-\u9fff·]){1,3}")
_STRONG = ("id_number", "phone", "date", "sex", "number")
_OLDEST, _YOUNGEST = 90, 16
_WAGES = (500, 60000)
_MOST = 200
_LONGEST_ORDINAL = 6
_HALF = 0.5
_LEAST = 0.2
"""Below this a guess is not worth a person's look."""


@dataclass(frozen=True)
class ColumnValues:
    """The values of one column below its head; blanks, placeholders and dittos are left out."""

    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> ColumnValues:
        """The first values of a column that say anything."""
        said = [cell for cell in cells if _says_something(cell.text)]
        return cls(tuple(said[:_MOST]))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The values in half width without blanks."""
        return tuple(squeeze(cell.text) for cell in self.cells)

    def share(self, test: Callable[[str], object]) -> float:
        """The part of the values that pass a test; 0 without any."""
        return sum(bool(test(text)) for text in self.texts) / len(self.texts) if self.texts else 0.0

    @cached_property
    def kinds(self) -> Mapping[str, float]:
        """How many of the values are of a kind that shows by itself."""
        return {
            "id_number": self.share(lambda text: identity.ID_NUMBER.fullmatch(text.upper())),
            "phone": self.share(_PHONE.fullmatch),
            "date": sum(_is_date(cell) for cell in self.cells) / len(self.cells) if self.cells else 0.0,
            "sex": self.share(lambda text: text in {"男", "女"}),
            "number": self.share(_NUMBER.fullmatch),
            "name": self.share(is_name),
        }

    def fits(self, item: Field) -> float:
        """The part of the values that the field's type reads for certain."""
        return sum(item.type.read(_raw(cell)).settled for cell in self.cells) / len(self.cells) if self.cells else 1.0

    @staticmethod
    def suits(cell: Cell, item: Field) -> bool:
        """Whether a value is what the field holds, though a part of it may be missing, as the day of a month."""
        return item.type.read(_raw(cell)).settled or (item.type.name == "day" and _is_date(cell))

    @property
    def are_periods(self) -> bool:
        """Whether the values name a beginning and an end: two days, or a day and an open end."""
        return not self.texts or self.share(_PERIOD.search) >= _HALF

    def contradicts(self, item: Field) -> bool:
        """Whether the values can hardly be what the field holds, though its type might take them."""
        if not self.cells:
            return False
        kinds, half = self.kinds, _HALF
        match item.type.name:
            case "name":
                return kinds["name"] < half
            case "text" | "unit":
                loud = any(kinds[kind] > half for kind in _STRONG)
                return loud and item.key not in {"note", "approval", "serial"}
            case "ordinal":
                return not self.runs_on
            case "money" | "integer":
                return kinds["phone"] > half or kinds["date"] > half
            case "day" if kinds["date"] > half:
                return False
            case _:
                return self.fits(item) < half / 2 and any(kinds[kind] > half for kind in (*_STRONG, "name"))

    @property
    def runs_on(self) -> bool:
        """Whether the values number the rows: each one more than the one before, but for a few."""
        numbers = [int(text) for text in self.texts if text.isdecimal() and len(text) <= _LONGEST_ORDINAL]
        steps = sum(after == before + 1 for before, after in pairwise(numbers))
        few = max(1, len(numbers) // 5)
        return len(numbers) * 5 >= len(self.texts) * 4 and steps + 1 + few >= len(numbers) and bool(numbers)


def likely_keys(values: ColumnValues, definition: FormDefinition, births: frozenset[str]) -> dict[str, float]:
    """Keys that a column's values speak for, with how much (0.0-1.0). ``births`` are the months in identity numbers."""
    if not values.cells:
        return {}
    kinds = values.kinds
    found: dict[str, float] = {
        "id_number": 0.9 * values.share(lambda text: identity.has_valid_check(text.upper())),
        "phone": 0.8 * values.share(re.compile(r"1[3-9]\d{9}").fullmatch),
        "sex": 0.9 * kinds["sex"],
        "name": 0.6 * kinds["name"] if len(set(values.texts)) * 2 > len(values.texts) else 0.0,
        "no": 0.7 if values.runs_on else 0.0,
    }
    for item in definition.fields:
        if item.type.name == "coded" and item.key != "sex" and kinds["number"] < _HALF:
            found[item.key] = 0.7 * values.fits(item)
        elif item.type.name in ("day", "month") and kinds["date"] > 0:
            found[item.key] = 0.35 * kinds["date"]
    months = [month for text in values.texts if (month := _month(text))]
    if births and months:
        found["birth_month"] = max(
            found.get("birth_month", 0.0), 0.85 * sum(month in births for month in months) / len(months)
        )
    if kinds["number"] > _HALF and not values.runs_on:
        found["monthly_wage"] = 0.45 * values.share(lambda text: _within(text, *_WAGES))
        found["age"] = 0.45 * values.share(lambda text: _within(text, _YOUNGEST, _OLDEST))
    return {key: round(score, 2) for key, score in found.items() if score >= _LEAST}


def births_of(columns: Sequence[ColumnValues]) -> frozenset[str]:
    """The months of birth in the identity numbers of a table."""
    numbers = [text.upper() for values in columns for text in values.texts if identity.has_valid_check(text.upper())]
    return frozenset(f"{day:%Y-%m}" for number in numbers if (day := identity.birth_of(number)) is not None)


def is_name(text: str) -> bool:
    """Whether a text has the shape of a Chinese name: a surname and up to three characters."""
    return _NAME.fullmatch(text) is not None and text[0] in SURNAMES


def is_value(cell: Cell) -> bool:
    """Whether a cell can only be a value, never a head: a number, a date, an identity number."""
    text = squeeze(cell.text)
    if cell.raw is not None and not isinstance(cell.raw, str):
        return True
    return bool(_NUMBER.fullmatch(text) or _PHONE.fullmatch(text) or _DATE.fullmatch(text)) or (
        identity.ID_NUMBER.fullmatch(text.upper()) is not None
    )


def _says_something(text: str) -> bool:
    bare = text.strip()
    return bool(bare) and bare not in PLACEHOLDERS and bare not in DITTOS


def _raw(cell: Cell) -> Raw:
    return cell.text if cell.raw is None or isinstance(cell.raw, str) else cell.raw


def _is_date(cell: Cell) -> bool:
    return isinstance(cell.raw, dt.date) or _DATE.fullmatch(squeeze(cell.text)) is not None


def _month(text: str) -> str | None:
    figures = re.match(r"(\d{4})\D{0,1}(\d{1,2})", text)
    return f"{figures[1]}-{int(figures[2]):02d}" if figures else None


def _within(text: str, low: int, high: int) -> bool:
    bare = text.replace(",", "").rstrip("元")
    return low <= float(bare) <= high if re.fullmatch(r"\d+(?:\.\d+)?", bare) else False

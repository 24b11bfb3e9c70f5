"""Made-up values for any field, by its type: for trying a form, never for anything else.

Identity numbers carry the address code 320799, which no place has.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection

from forms.definition import Field, FormDefinition
from forms.identity import credit_check_character, id_check_character
from forms.record import Entry, Value

_FAMILY = "赵钱孙李周吴郑王冯陈"
_GIVEN = "明远海棠立群晓云若木思齐"
_UNITS = ("海州区示例街道办事处", "海州区示例中心小学", "海州区示例服务站", "海州区示例事务中心")
_SHORT = ("资料归集", "综合岗", "窗口受理", "一级教师")
_LITTLE = 60
_WORDS = (
    "窗口受理与资料整理",
    "示例片区征迁为本年度重点工作,需熟悉档案整理的人员承担资料归集",
    "按示例文件办理",
    "综合岗",
)


class Inventor:
    """A source of made-up values; ``dice`` decides, so that the same seed gives the same."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def row(self, definition: FormDefinition, blanks: Collection[str]) -> dict[str, Entry]:
        """A person; the fields in ``blanks`` are left out."""
        return {
            item.key: self.entry(item) for item in definition.fields if item.key not in blanks and not item.calculated
        }

    def entry(self, item: Field) -> Entry:
        """A value of a field, as intake would take it."""
        reading = item.type.read(self._text(item))
        return Entry(reading.value, reading.text, reading.code)

    def _text(self, item: Field) -> Value:
        dice, kind = self.dice, item.type.name
        day = dt.date(2026, 1, 1) + dt.timedelta(days=dice.randrange(330))
        choices = item.type.choices()
        made: dict[str, Value] = {
            "name": dice.choice(_FAMILY) + "".join(dice.sample(_GIVEN, 2)),
            "unit": dice.choice(_UNITS),
            "integer": dice.randrange(1, 90),
            "ordinal": dice.randrange(1, 90),
            "money": dice.randrange(1000, 9000),
            "compensation": dice.randrange(1000, 90000),
            "day": f"{day.year}年{day.month}月{day.day}日",
            "month": f"{dice.randrange(1970, 2004)}.{dice.randrange(1, 13):02d}",
            "id_number": self._identity(),
            "credit_code": self._credit_code(),
            "phone": f"139{dice.randrange(10**7, 10**8)}",
        }
        if kind in made:
            return made[kind]
        if choices:
            return dice.choice(choices)
        room = getattr(item.type, "max_length", None)
        return dice.choice(_SHORT if isinstance(room, int) and room <= _LITTLE else _WORDS)

    def _identity(self) -> str:
        dice = self.dice
        body = f"320799{dice.randrange(1965, 2004)}{dice.randrange(1, 13):02d}15{dice.randrange(1, 999):03d}"
        return body + id_check_character(body)

    def _credit_code(self) -> str:
        body = f"11320799MB{self.dice.randrange(10**6, 10**7)}"
        return body + credit_check_character(body)

"""The rows of a form that is filled in on the page: some of them as fields, the others carried along as they are.

A page of a thousand rows of fields is slow to draw and to type in. So thirty stand in the grid; those before and after
it go with the form as two hidden fields, and come back with every request: the state is in the form, as without script.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.api.errors import BadRequestError
from service.operations.typing_in import MOST_ROWS

A_PAGE = 30
LONGEST_VALUE = 2000
LARGEST_FORM = 16 * 1024 * 1024
"""Bytes of a request: what so many rows of Chinese text come to as the fields of a form."""
BEFORE, AFTER = "rows_before", "rows_after"
NO_KEY = "_"
"""Stands for a key where rows are empty."""
_FIELD = re.compile(r"^(?:h|r(?P<row>\d{1,4}))\.(?P<key>\w{1,60})$")
_KEY = re.compile(r"^\w{1,60}$")
_PLACE = re.compile(r"^r(\d{1,4})\.")


@dataclass(frozen=True, slots=True)
class Window:
    """The rows that stand in the grid: from ``first`` on, of ``rows`` in all."""

    rows: Sequence[Mapping[str, str]]
    first: int = 0

    @property
    def shown(self) -> list[tuple[int, Mapping[str, str]]]:
        """Number, counted from 0, and content of each row in the grid."""
        return list(enumerate(self.rows[self.first : self.end], start=self.first))

    @property
    def end(self) -> int:
        """The number after the last row in the grid."""
        return min(self.first + A_PAGE, len(self.rows))

    @property
    def before(self) -> str:
        """The rows before the grid, as the form carries them; empty where there are none."""
        return _packed(self.rows[: self.first])

    @property
    def after(self) -> str:
        """The rows after the grid."""
        return _packed(self.rows[self.end :])

    def holds(self, place: str) -> bool:
        """Whether a field of the page, by its name, is there to be typed into; fields of the head always are."""
        match = _PLACE.match(place)
        return match is None or self.first <= int(match[1]) < max(self.end, 1)


def window_at(rows: Sequence[Mapping[str, str]], number: int) -> Window:
    """The part of the rows in which that one stands, the last where there is no such row."""
    last = max(len(rows) - 1, 0)
    return Window(rows, min(max(number, 0), last) // A_PAGE * A_PAGE)


def row_of(place: str) -> int:
    """The row of a field of the grid, by its name; 0 where it is of no row."""
    match = _PLACE.match(place)
    return int(match[1]) if match else 0


def typed_in(fields: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[dict[str, str]], int]:
    """The head and all rows that a request holds, and the number of the first row that stood in the grid.

    Raises:
        BadRequestError: longer, or more rows, than a form can have, or not what the page sends.
    """
    header: dict[str, str] = {}
    shown: dict[int, dict[str, str]] = {}
    carried: dict[str, list[dict[str, str]]] = {BEFORE: [], AFTER: []}
    for name, text in fields:
        if name in carried:
            carried[name] = _unpacked(name, text)
        elif match := _FIELD.match(name):
            place = header if match["row"] is None else shown.setdefault(int(match["row"]), {})
            place[match["key"]] = _short(name, text)
    rows = [*carried[BEFORE], *(shown[number] for number in sorted(shown)), *carried[AFTER]]
    if len(rows) > MOST_ROWS:
        reason = f"网页里最多填 {MOST_ROWS} 行，请改用导入表"
        raise BadRequestError(name="rows", reason_zh=reason, reason_en=f"at most {MOST_ROWS} rows")
    return header, rows, len(carried[BEFORE])


def _packed(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as lines of cells with tabs between, under a line of their keys: shorter than names at every value."""
    if not rows:
        return ""
    keys = list(dict.fromkeys(key for row in rows for key in row if row[key])) or [NO_KEY]
    lines = io.StringIO()
    csv.writer(lines, delimiter="\t", lineterminator="\n").writerows(
        [keys, *([row.get(key, "") for key in keys] for row in rows)]
    )
    return lines.getvalue()


def _unpacked(name: str, text: str) -> list[dict[str, str]]:
    try:
        lines = list(csv.reader(io.StringIO(text.replace("\r\n", "\n")), delimiter="\t", strict=True))
    except csv.Error as fault:
        raise _garbled(name) from fault
    keys = lines[0] if lines else []
    if not all(_KEY.match(key) for key in keys) or any(len(line) != len(keys) for line in lines):
        raise _garbled(name)
    rows = [dict(zip(keys, line, strict=True)) for line in lines[1:]]
    return [{key: _short(f"{name}.{key}", text) for key, text in row.items() if text} for row in rows]


def _garbled(name: str) -> BadRequestError:
    reason = "不是本页送来的内容，请刷新页面，草稿还在"
    return BadRequestError(name=name, reason_zh=reason, reason_en="not what the page sends")


def _short(name: str, text: str) -> str:
    if len(text) > LONGEST_VALUE:
        reason = f"一格最多 {LONGEST_VALUE} 个字"
        raise BadRequestError(name=name, reason_zh=reason, reason_en=f"at most {LONGEST_VALUE} characters")
    return text

"""Where the pages of a printed roster end: its last page has a person on it.

What stands below the persons (totals, boxes for signatures and seals, notes) is tall, and may come to lie on a page of
its own under the repeated head. The last person's row then goes with it, by a page break before that row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from writers.sheet import Element
from writers.sheetlooks import S, points_down

_TITLES = "_xlnm.Print_Titles"
ROOMS = (1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 1.09)
"""How much more than :func:`points_down` promises may fit on a page: LibreOffice's 1.07, others round otherwise."""
_ROWS = re.compile(r"\$?(\d+):\$?(\d+)")


@dataclass(frozen=True, slots=True)
class Paging:
    """What is printed on a page: ``room`` points of rows, and from its second page on rows ``titles`` (from one)."""

    room: float
    titles: range
    default: float
    """Points of a row that states no height."""
    breaks: bool
    """Whether the official file has page breaks of its own: then it has none of ours."""


def paging_of(sheet: Element, book: Element, name: str, widths: Mapping[str, float], last_column: str) -> Paging:
    """How a sheet of that name is printed."""
    form = sheet.find(f"{S}sheetFormatPr")
    default = float((None if form is None else form.get("defaultRowHeight")) or 15)
    own = sheet.find(f"{S}rowBreaks")
    return Paging(
        points_down(sheet, widths, last_column), _titles(book, name), default, own is not None and len(own) > 0
    )


def _titles(book: Element, name: str) -> range:
    names = [item.get("name") for item in book.iterfind(f"{S}sheets/{S}sheet")]
    for defined in book.iterfind(f"{S}definedNames/{S}definedName"):
        local = defined.get("localSheetId")
        if defined.get("name") == _TITLES and local is not None and names[int(local)] == name:
            found = _ROWS.search((defined.text or "").rpartition("!")[2])
            if found:
                return range(int(found[1]), int(found[2]) + 1)
    return range(0)


def row_breaks(heights: Sequence[float], persons: range, paging: Paging) -> str:
    """The page break that a sheet needs, as XML; mostly none.

    ``heights`` are the points of all its rows in order, 0 for one that states none, ``persons`` the places of the
    persons among them, from zero.
    """
    if paging.breaks or not persons:
        return ""
    rows = [height or paging.default for height in heights]
    head = sum(rows[number - 1] for number in paging.titles if number <= persons.start)
    last = persons[-1]
    is_apart = any(_is_apart(_page_starts(rows, head, paging.room * room), last) for room in ROOMS)
    if not is_apart or head + sum(rows[last:]) > paging.room:
        return ""
    return f'<rowBreaks count="1" manualBreakCount="1"><brk id="{last}" max="16383" man="1"/></rowBreaks>'


def _is_apart(starts: Sequence[int], last: int) -> bool:
    """Whether the last page begins behind the last person, who does not begin a page."""
    return starts[-1] > last and last not in starts


def _page_starts(rows: Sequence[float], head: float, room: float) -> list[int]:
    """The places of the rows with which pages begin."""
    starts, used = [0], 0.0
    for place, height in enumerate(rows):
        if used + height > room and place > starts[-1]:
            starts.append(place)
            used = head
        used += height
    return starts

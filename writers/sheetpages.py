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
    """Whether the official file has page breaks of its own, or is made to fit one page: it has none of ours."""


def paging_of(sheet: Element, book: Element, name: str, widths: Mapping[str, float], last_column: str) -> Paging:
    """How a sheet of that name is printed."""
    form = sheet.find(f"{S}sheetFormatPr")
    default = float((None if form is None else form.get("defaultRowHeight")) or 15)
    own = sheet.find(f"{S}rowBreaks")
    has_breaks = (own is not None and len(own) > 0) or _is_one_page(sheet)
    return Paging(points_down(sheet, widths, last_column), _titles(book, name), default, has_breaks)


def _is_one_page(sheet: Element) -> bool:
    """Whether a sheet is printed as small as one page asks for, however long it is."""
    fits, setup = sheet.find(f"{S}sheetPr/{S}pageSetUpPr"), sheet.find(f"{S}pageSetup")
    is_fitted = fits is not None and fits.get("fitToPage") in ("1", "true")
    return is_fitted and (setup is None or setup.get("fitToHeight", "1") == "1")


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


def page_breaks(rows: Sequence[float], last: Mapping[int, int], paging: Paging) -> str:
    """The page breaks, as XML, that keep cells whole which reach over several rows.

    ``rows`` are the points of all rows, ``last`` the last row of what begins in a row, both rows from one. There are
    none where all of it fits on one page.
    """
    if paging.breaks or sum(rows) <= paging.room * max(ROOMS):
        return ""
    starts, used, top = list[int](), 0.0, 1
    while top <= len(rows):
        end = top
        row = top
        while row <= min(end, len(rows)):
            end = max(end, last.get(row, row))
            row += 1
        end = min(end, len(rows))
        height = sum(rows[top - 1 : end])
        if used and used + height > paging.room:
            starts.append(top - 1)
            used = 0.0
        used += height
        top = end + 1
    written = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in starts)
    count = len(starts)
    return f'<rowBreaks count="{count}" manualBreakCount="{count}">{written}</rowBreaks>' if starts else ""


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

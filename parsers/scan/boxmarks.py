"""Signatures and written days of a page's boxes, for the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forms.finding import Box
from parsers.document import DaySeen, InkSeen
from parsers.ocr.base import OcrEngine
from parsers.scan.cells import CellSeen
from parsers.scan.daystrips import DayPlace, day_places, strips
from parsers.scan.looking import PageSeen
from parsers.scan.readlines import ReadLine, ask, half_width
from parsers.scan.signatures import find_signatures
from parsers.scan.signplaces import sign_places
from parsers.scan.units import to_points


@dataclass(frozen=True, slots=True)
class BoxMarks:
    """The ink at the places for signatures, these places in points, and the days."""

    ink: tuple[InkSeen, ...]
    places: tuple[Box, ...]
    days: tuple[DaySeen, ...]


def marks_on(
    seen: PageSeen,
    cells: Sequence[tuple[CellSeen, tuple[ReadLine, ...]]],
    around: Sequence[ReadLine],
    engine: OcrEngine,
) -> BoxMarks:
    """What is signed and dated on a page of which the lines were read; ``around`` are those outside its grids."""
    places = sign_places(cells, around, [grid.box for grid in seen.grids], seen.sheet.gray.shape)
    days = day_places(seen.sheet.ink, places, seen.height)
    signed = find_signatures(seen.sheet, places, seen.height, seen.circles, [day.written for day in days])
    return BoxMarks(
        tuple(InkSeen(to_points(one.box), one.density, one.sure, one.printed, one.aside) for one in signed),
        tuple(to_points(place.inside) for place in places),
        tuple(_days(seen, days, engine)),
    )


def _days(seen: PageSeen, places: Sequence[DayPlace], engine: OcrEngine) -> Iterator[DaySeen]:
    written = list(strips(seen.plain, seen.sheet.black, places))
    answers = ask(engine, [strip for _, strip in written])
    for (place, _), reading in zip(written, answers.readings, strict=True):
        yield DaySeen(to_points(place.box), half_width(reading).text, round(reading.confidence or 0.0, 4))

"""Signatures and written days of a page's boxes, for the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forms.finding import Box
from parsers.document import DaySeen, InkSeen
from parsers.ocr.base import OcrEngine
from parsers.scan.bilevel import smoothed
from parsers.scan.cells import CellSeen
from parsers.scan.daystrips import DayPlace, day_places, has_unread_ink, strips
from parsers.scan.looking import PageSeen
from parsers.scan.palestrokes import pale_strokes, stands_in
from parsers.scan.readlines import ReadLine, ask, half_width
from parsers.scan.signatures import Signed, SignPlace, find_signatures
from parsers.scan.signedagain import signed_again
from parsers.scan.signplaces import sealed_cells, sign_places
from parsers.scan.units import PixelBox, to_points


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
    dated = (*places, *sealed_cells(cells, places))
    days = day_places(seen.sheet.ink, dated, seen.height)
    written = [day.written for day in days]
    signed = find_signatures(seen.sheet, places, seen.height, seen.circles, written)
    lacking = [place for place in places if not any(_meets(one.box, place.inside) for one in signed if one.sure)]
    again = signed_again(seen.sheet, seen.plain, lacking, seen.height, seen.circles, written)
    signed = (*signed, *_hardly_signed(seen, places, (*signed, *again)))
    ink = [InkSeen(to_points(one.box), one.density, one.sure, one.printed, one.aside) for one in signed]
    ink += [InkSeen(to_points(one.box), one.density, one.sure, hardly=True) for one in again]
    return BoxMarks(
        tuple(ink),
        tuple(to_points(place.inside) for place in places),
        tuple(_days(seen, days, engine)),
    )


def _hardly_signed(seen: PageSeen, places: Sequence[SignPlace], signed: Sequence[Signed]) -> Iterator[Signed]:
    """What may be signatures at places where no ink is: strokes too pale for it, never sure."""
    lacking = [place for place in places if not any(_meets(one.box, place.inside) for one in signed)]
    if not lacking:
        return
    strokes = pale_strokes(seen.pale, seen.sheet.ink, seen.circles)
    lacking = [place for place in lacking if stands_in(strokes, place.inside)]
    if lacking:
        for one in find_signatures(replace(seen.sheet, ink=strokes), lacking, seen.height):
            yield replace(one, sure=False)


def _meets(box: PixelBox, other: PixelBox) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _days(seen: PageSeen, places: Sequence[DayPlace], engine: OcrEngine) -> Iterator[DaySeen]:
    written = list(strips(seen.plain, seen.sheet.black, places))
    answers = ask(engine, smoothed([strip for _, strip in written], seen.dot))
    for (place, strip), raw in zip(written, answers.readings, strict=True):
        read = half_width(raw)
        unread = has_unread_ink(place, strip, seen.sheet.black, read)
        yield DaySeen(to_points(place.box), read.text, round(read.confidence or 0.0, 4), unread)

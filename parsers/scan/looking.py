"""A page as it is seen before anything of it is read: upright, its layers apart, its tables, lines and seals found."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from parsers.ocr.base import OcrEngine
from parsers.picture import Picture
from parsers.scan.around import is_prose, see_around, skim, with_notes_cut
from parsers.scan.bilevel import dot_size
from parsers.scan.cells import CellSeen, see_cells
from parsers.scan.circles import bleached, find_circles, is_pale, is_stain, rims_of, without_red
from parsers.scan.edges import Cleared, clear_edges
from parsers.scan.faint import evened
from parsers.scan.flattening import flatten
from parsers.scan.gridding import GridPlace, find_grids
from parsers.scan.inktest import Sheet, make_sheet
from parsers.scan.known import KnownPage
from parsers.scan.lines import Line
from parsers.scan.orientation import upright
from parsers.scan.printmarks import MarkFound, belongs_to_mark, find_print_mark
from parsers.scan.prints import Library
from parsers.scan.red import Layers, binarised, separate
from parsers.scan.sealcuts import cuts_of
from parsers.scan.seals import SealFound, find_seals, without_seals
from parsers.scan.sealtext import below_strip, strip_of
from parsers.scan.speckglyphs import Strewn, lines_of_specks
from parsers.scan.specks import Despeckled, without_specks
from parsers.scan.streaks import cleaned
from parsers.scan.units import Gray, Mask, Rgb, mm
from parsers.scan.unruled import with_unruled

Tables = tuple[tuple[GridPlace, ...], Mask]


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What is on a page, and where."""

    pixels: Rgb
    """The upright flat page in colour, at working resolution."""
    mark: MarkFound | None
    known: KnownPage
    """What is known of it before it is read."""
    sheet: Sheet
    plain: Gray
    """The page without red, with its rules, and with seals of copies as they are."""
    pale: Gray
    """The page under even light with nothing bleached and without red: what is too pale to be ink shows."""
    strewn: Strewn | None
    """The page as it is strewn with specks, if it is."""
    loose_red: Mask
    """Red that belongs to no seal."""
    seals: tuple[SealFound, ...]
    circles: tuple[SealFound, ...]
    """Seals that are not red."""
    strips: tuple[Gray | None, ...]
    """The words of each seal and circle, laid level; ``None`` where it has none."""
    cuts: tuple[tuple[Gray, ...], ...]
    """The names of them alone, each cut out in some ways."""
    below: tuple[Gray | None, ...]
    """The same of the straight words below the middle of each red seal."""
    grids: tuple[GridPlace, ...]
    cells: tuple[CellSeen, ...]
    around: tuple[Line, ...]
    """Lines outside the grids."""
    height: float
    """The height of its lines, in pixels."""
    dot: float
    """Pixels of its coarsest dots, for a page that is black and white."""
    scale: float
    """Pixels of the flat page for one of the scan."""
    skimmed: bool
    """It is running text, of which not every line is looked at."""
    shaded: bool
    """A shadow along its edge hides so much of a form that rows may be missing."""


def look_at(picture: Picture, engine: OcrEngine, library: Library | None = None, *, unruled: bool = False) -> PageSeen:
    """Looks at one picture; a page that is in ``library`` is laid over what we printed.

    ``unruled``: a table may be there that has no rules, or few.
    """
    met = library.meet(picture) if library is not None else None
    whole = cleaned(picture) if met is None else picture
    pixels, layers, mark = _upright(whole, engine) if met is None else (met.pixels, separate(met.pixels), met.found)
    with ThreadPoolExecutor(1) as beside:
        clean = beside.submit(_without_dirt, layers)
        seals = find_seals(layers)
        loose_red = without_seals(layers.red, seals)
        known = KnownPage.of(met, layers, loose_red)
        bare, edges = clean.result()
        even = evened(pixels)
        plain = beside.submit(find_grids, layers.gray, None, even) if met is None and layers.red.any() else None
        pale = without_red(even, layers.red)
        circles = tuple(
            circle
            for circle in _circles(known, bare.ink, bare.gray, pale)
            if not any(_same(circle, seal) for seal in seals) and not is_stain(circle, bare.gray)
        )
    over = [circle for circle in circles if not is_pale(circle, bare.gray)]
    gray = bleached(bare.gray, bare.ink, over)
    ink = binarised(gray) if over else bare.ink
    grids, rules = known.grids() or _tables(plain, layers.gray, over, even)
    if unruled and met is None:
        grids = with_unruled(grids, pixels, layers.gray, ink, even, rims_of(over, gray.shape))
    sheet = make_sheet(gray, layers.red, loose_red, ink, _of_grids(rules, grids))
    cells, height = see_cells(sheet, grids, engine, over, known.settled)
    strewn = Strewn(sheet.gray, ink, bare.open) if bare.open is not None else None
    cells = edges.noted([cell.without_lines(lines_of_specks(cell.lines, strewn)) for cell in cells])
    around, skimmed = _around(sheet, known, grids, engine, height, mark)
    inked = [(layers.red_ink, seal, seals) for seal in seals]
    black = [(pale if is_pale(circle, bare.gray) else bare.gray, circle, circles) for circle in circles]
    return PageSeen(
        pixels,
        mark,
        known,
        sheet,
        bare.gray,
        pale,
        strewn,
        loose_red,
        tuple(seals),
        circles,
        tuple(strip_of(*one) for one in (*inked, *black)),
        (*(cuts_of(*one) for one in inked), *(cuts_of(*one, sheet.ruled) for one in black)),
        tuple(below_strip(layers.red_ink, seal, seals) for seal in seals),
        tuple(grids),
        cells,
        around,
        height,
        dot_size(picture.pixels, pixels),
        picture.enlarged * max(pixels.shape[:2]) / max(picture.pixels.shape[:2]),
        skimmed,
        shaded=edges.hides_form(grids),
    )


def _tables(plain: Future[Tables] | None, gray: Gray, over: Sequence[SealFound], even: Gray) -> Tables:
    """The tables and the pixels of their rules; ``plain`` are those that there are if no seal is of the page's black.

    On a page in colour there hardly is one, so that they are looked for beside the search for such seals.
    """
    if plain is not None and not over:
        return plain.result()
    return find_grids(gray, rims_of(over, gray.shape), even)


def _without_dirt(layers: Layers) -> tuple[Despeckled, Cleared]:
    """The black layer without shadows along its edges and without specks, and where the shadows were."""
    edges = clear_edges(layers.gray, binarised(layers.gray))
    return without_specks(edges.gray, edges.ink, layers.red), edges


def _around(
    sheet: Sheet,
    known: KnownPage,
    grids: Sequence[GridPlace],
    engine: OcrEngine,
    height: float,
    mark: MarkFound | None,
) -> tuple[tuple[Line, ...], bool]:
    """The lines outside the grids that are to be read, and whether others were left out."""
    around = see_around(known.bare(sheet), grids, engine, height, known.unclear_lines())
    if mark is not None:
        around = tuple(line for line in around if not belongs_to_mark("", line.box, mark))
    if not grids and is_prose(around):
        return skim(around), True
    return with_notes_cut(around, grids, engine), False


def _upright(picture: Picture, engine: OcrEngine) -> tuple[Rgb, Layers, MarkFound | None]:
    """The picture flat and upright, its layers, and our mark on it, which says at once which way is up."""
    pixels = flatten(picture)
    mark = _mark(pixels)
    if mark is None:
        turned, layers = upright(pixels, engine)
        return turned, layers or separate(turned), None if turned is pixels else _mark(turned)
    if mark.turn:
        pixels = np.ascontiguousarray(np.rot90(pixels, mark.turn))
        mark = _mark(pixels) or mark
    return pixels, separate(pixels), mark


def _mark(pixels: Rgb) -> MarkFound | None:
    return find_print_mark(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8))


def _circles(known: KnownPage, ink: Mask, gray: Gray, pale: Gray) -> tuple[SealFound, ...]:
    """The seals that are not red, in ``pale`` too; on a page that we printed they are in what was added to it."""
    beyond = known.beyond(gray)
    if beyond is None:
        return ()
    return find_circles(ink, pale) if beyond is gray else find_circles(binarised(beyond), beyond)


def _of_grids(rules: Mask, grids: Sequence[GridPlace]) -> Mask:
    """The pixels of rules along the borders of cells; a long stroke of a character elsewhere stays."""
    near = np.zeros_like(rules)
    for grid in grids:
        for place in grid.cells:
            left, top, right, bottom = place.box
            cv2.rectangle(near, (left, top), (right, bottom), 255, 11)
    return np.asarray(cv2.bitwise_and(rules, near), np.uint8)


def _same(circle: SealFound, seal: SealFound) -> bool:
    """Whether a circle in the black layer is what bleaching left of a red seal."""
    return all(abs(a - b) <= mm(3) for a, b in zip(circle.middle, seal.middle, strict=True))

"""Signatures: ink where a form asks for one, after everything printed there and every written day is taken away.

Nothing is inferred from what the strokes say: a name that can be read and a scrawl that cannot are both ink at the
place of a signature. Printed guides (签字, 盖章, 年 月 日), lines of an opinion, underlines, remains of rules, what a
bleached seal leaves and strokes that belong to the box next door are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.circles import rims_of
from parsers.scan.inktest import Sheet
from parsers.scan.readlines import ReadLine
from parsers.scan.seals import SealFound
from parsers.scan.undercopies import discs_of, free_of
from parsers.scan.units import Mask, PixelBox, mm

SIGNING = re.compile(r"签[字名章署批学宇孚子宁宅](?:盖章)?[)）]?|负责人[:：]|(?<!续)签(?=[:：])|[负人]签.?")
"""Words behind which somebody signs, and what a stroke or a seal across them makes of them."""
LABEL = re.compile(r"签字|签名|签章|签署|签批|负责人|领导|意见|审核|审批|批准|盖章")
"""Words of a label beside whose cell somebody may sign."""
_GUIDES = frozenset("单位部门主要分管负责人领导本经办审核批签字名章署盖公印处年月日()（）:：_")
_LONE = "年月日:：()（）"
"""Those of them that stand alone."""
_FIGURES = frozenset("0123456789〇○零一二三四五六七八九十")
_OPINION = re.compile(r"同意|意见|属实|情况|批准|上报|不予|按规定|拟|研究|无异议|请.{0,6}(?:审|批|办)")
EM = 1.15
"""Heights of ordinary type from one printed character to the next."""
FIGURE = 0.8
"""The same for figures, at most."""
UP, DOWN = 8.0, 7.0
"""Millimetres above and below the middle of 签字 within which its signature begins."""
TALL = 15.0
"""Millimetres from which a cell prints what asks for a signature; where that was not read, nothing is sure."""
ALIKE = 2.5
"""Millimetres by which cells that print the same may differ in size."""
SPECK = 1.0
"""Millimetres: smaller strokes alone are dirt."""
LONG, AREA = 3.4, 1.1
"""Millimetres that a signature is wide or high at least, and square millimetres of its ink."""
SHORT = 1.8
"""Millimetres of what is left below which it is nothing at all."""
RULE_LONG, RULE_THIN = 11.0, 0.85
"""Millimetres of a straight stroke that is a rule or an underline, not a hand's."""
NEXT_DOOR = 1.6
"""Millimetres from one side of a rule to the other, within which a stroke goes on."""
RED_SHARE = 0.6
"""Part of a stroke that lies on a seal's red from which it is what bleaching left."""
BLOT = 1.1
"""Millimetres from the middle of a blot to its edge that no stroke of a pen has: the edge of a shadow, a stain."""
SURE_LINE = 0.75
YEAR = 4
"""Figures that stand before 年 at most; more of them are strokes of a signature."""


@dataclass(frozen=True, slots=True)
class SignPlace:
    """A place where somebody may sign: a cell, or a strip around a line outside the grids.

    ``own_line`` is the printed line outside the grids; everything behind its guide may be a signature.
    """

    inside: PixelBox
    lines: tuple[ReadLine, ...]
    own_line: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """Ink at a place for a signature: its box, the share of it that is inked, and whether it is large enough."""

    box: PixelBox
    density: float
    sure: bool
    printed: bool = False
    """It was read as a short name in the type of the words around it: perhaps nobody wrote it by hand."""
    blot: bool = False
    """It holds something broader than a stroke of a pen: nobody knows whether somebody wrote it."""
    aside: bool = False
    """Somebody signed in the box, and this is elsewhere in it: words that were not read, or part of the seal."""


def find_signatures(
    sheet: Sheet,
    places: Sequence[SignPlace],
    height: float,
    circles: Sequence[SealFound] = (),
    days: Sequence[PixelBox] = (),
) -> tuple[Signed, ...]:
    """The signatures of a page.

    Args:
        sheet: the page.
        places: where somebody may sign.
        height: of the page's ordinary type, in pixels.
        circles: seals that are not red: strokes within may be theirs.
        days: where days are written; strokes there are no signature.
    """
    if circles:
        rims = rims_of(circles, sheet.ink.shape)
        sheet = replace(sheet, ink=np.asarray(cv2.bitwise_and(sheet.ink, cv2.bitwise_not(rims)), np.uint8))
    left_over, outer = np.zeros_like(sheet.ink), np.zeros_like(sheet.ink)
    owner = np.full(sheet.ink.shape, -1, np.int16)
    printed = [_printed_at(sheet, place, height) for place in places]
    for index, place in enumerate(places):
        x0, y0, x1, y1 = _clipped(place.inside, sheet.ink.shape)
        if x1 > x0 and y1 > y0:
            own, like = printed[index], _like(place, places, printed)
            own = _Printed((*own.guides, *like.guides), own.starts or like.starts, (*own.lines, *days))
            near, far = _unexplained(sheet, place, own)
            near, far = _apart(near, far, circles, (x0, y0))
            left_over[y0:y1, x0:x1], outer[y0:y1, x0:x1] = near, far
            owner[y0:y1, x0:x1] = index
    found = dict(_assigned(places, left_over, owner))
    doubts = dict(_assigned(places, outer, owner))
    aside = [replace(doubt, sure=False, aside=index in found) for index, doubt in sorted(doubts.items()) if doubt.sure]
    signed = (replace(one, sure=one.sure and not one.blot) for _, one in sorted(found.items()))
    return (*signed, *aside)


def _apart(near: Mask, far: Mask, circles: Sequence[SealFound], corner: tuple[int, int]) -> tuple[Mask, Mask]:
    """The same with strokes inside a grey seal made doubtful, but for those where it has no ink of its own."""
    if not circles or not near.any():
        return near, far
    clear = _touching(near, cv2.bitwise_not(discs_of(circles, corner, near.shape)))
    under = np.asarray(cv2.subtract(near, clear), np.uint8)
    free = np.asarray(cv2.bitwise_and(under, free_of(circles, corner, near.shape)), np.uint8)
    if is_large(free):
        clear = np.asarray(cv2.bitwise_or(clear, free), np.uint8)
    return clear, np.asarray(cv2.bitwise_or(far, under), np.uint8)


def is_large(ink: Mask) -> bool:
    """Whether ink is wide or high enough, and enough of it, to be a signature."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return False
    longest = max(int(rows[-1] - rows[0]), int(columns[-1] - columns[0])) + 1
    return longest >= mm(LONG) and int(np.count_nonzero(ink)) >= AREA * mm(1) ** 2


@dataclass(frozen=True, slots=True)
class _Printed:
    """What is printed or written by rule in a place, as boxes, and where what asks for a signature ends.

    ``guides`` are printed in every such place, ``lines`` are words of an opinion.
    """

    guides: tuple[PixelBox, ...] = ()
    starts: tuple[tuple[int, int], ...] = ()
    lines: tuple[PixelBox, ...] = ()


def _printed_at(sheet: Sheet, place: SignPlace, height: float) -> _Printed:
    em = height * EM
    wipes: list[PixelBox] = []
    guide_boxes: list[PixelBox] = []
    starts: list[tuple[int, int]] = []
    for line in place.lines:
        if _is_opinion(line) or (place.own_line and not SIGNING.search(line.reading.text)):
            wipes.append(line.line.box)
            continue
        guides, sign = _guides_of(line, em)
        for x in guides:
            row, across, along = middle_row(sheet.ink, line, x, em), round(0.62 * em), round(0.8 * em)
            guide_boxes.append((round(x) - across, row - along, round(x) + across, row + along))
        if sign is not None:
            starts.append((round(sign + 0.5 * em), middle_row(sheet.ink, line, sign - em, em)))
    return _Printed(tuple(guide_boxes), tuple(starts), tuple(wipes))


def _like(place: SignPlace, places: Sequence[SignPlace], printed: Sequence[_Printed]) -> _Printed:
    """What is printed in cells of the same size, moved here: a form prints the same guides at the same place."""
    if place.own_line or place.inside[3] - place.inside[1] < mm(TALL):
        return _Printed()
    guides: list[PixelBox] = []
    starts: tuple[tuple[int, int], ...] = ()
    for other, own in zip(places, printed, strict=True):
        dx, dy = place.inside[0] - other.inside[0], place.inside[1] - other.inside[1]
        wider, taller = place.inside[2] - other.inside[2] - dx, place.inside[3] - other.inside[3] - dy
        if other is place or other.own_line or not own.starts or max(abs(wider), abs(taller)) > mm(ALIKE):
            continue
        guides += [(box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy) for box in own.guides]
        starts = starts or tuple((x + dx, y + dy) for x, y in own.starts)
    return _Printed(tuple(guides), starts)


def _unexplained(sheet: Sheet, place: SignPlace, printed: _Printed) -> tuple[Mask, Mask]:
    """The ink of a place that may be a signature: near its guide, and elsewhere in the cell."""
    x0, y0, x1, y1 = _clipped(place.inside, sheet.ink.shape)
    ink, red = sheet.ink[y0:y1, x0:x1].copy(), sheet.red[y0:y1, x0:x1]
    for box in (*printed.guides, *printed.lines):
        _wipe(ink, box, (x0, y0))
    strokes = _strokes(ink, red)
    nothing = np.zeros_like(ink)
    if not printed.starts:
        if place.own_line:
            return nothing, nothing
        return (nothing, strokes) if y1 - y0 >= mm(TALL) else (strokes, nothing)
    zone = nothing.copy()
    for start, row in printed.starts:
        zone[max(0, row - mm(UP) - y0) : max(0, row + mm(DOWN) - y0), max(0, start - x0) :] = 255
    near = _touching(strokes, zone)
    return near, nothing if place.own_line else np.asarray(cv2.subtract(strokes, near), np.uint8)


def _guides_of(line: ReadLine, em: float) -> tuple[list[float], float | None]:
    """Columns of the printed guides and written days of a line, and where what asks for a signature ends."""
    glyphs, text = line.reading.glyphs, line.reading.text
    if len(glyphs) != len(text):
        return [], None
    places = [line.line.page_x(glyph.at) for glyph in glyphs]
    kept = [char in _GUIDES for char in text]
    taken = {
        index
        for index, char in enumerate(text)
        if kept[index] and (char in "年月日:：()（）" or _has_next(kept, index))
    }
    for index, char in enumerate(text):
        end_of = _day_part(text, index) if char in _FIGURES else None
        if (
            end_of is not None
            and end_of - index <= YEAR
            and places[end_of] - places[index] <= (FIGURE * (end_of - index) + 1.0) * em
        ):
            taken.add(index)
    found = SIGNING.search(text)
    end = None
    if found is not None:
        last = found.end()
        while last < len(text) and text[last] in ":：_":
            last += 1
        end = places[last - 1]
        taken |= set(range(found.start(), last))
    return [places[index] for index in sorted(taken)], end


def _has_next(kept: Sequence[bool], index: int) -> bool:
    return (index > 0 and kept[index - 1]) or (index + 1 < len(kept) and kept[index + 1])


def _day_part(text: str, index: int) -> int | None:
    """Where the 年, 月 or 日 stands to which a figure belongs, other figures between."""
    end = index
    while end < len(text) and text[end] in _FIGURES:
        end += 1
    return end if end < len(text) and text[end] in "年月日.-/" else None


def middle_row(ink: Mask, line: ReadLine, x: float, em: float) -> int:
    """The middle of the printed character at a column: a tall signature may have made the line higher."""
    _, top, _, bottom = line.line.box
    middle = (top + bottom) // 2
    if bottom - top <= 1.6 * em:
        return middle
    part = ink[max(0, top) : bottom, max(0, round(x - 0.45 * em)) : round(x + 0.45 * em)]
    rows = np.flatnonzero(part.any(axis=1))
    return top + int(np.median(rows)) if rows.size else middle


def _is_opinion(line: ReadLine) -> bool:
    """Whether a line is words of an opinion, surely read."""
    return line.confidence >= SURE_LINE and bool(_OPINION.search(line.reading.text)) and not SIGNING.search(line.text)


def _wipe(ink: Mask, box: PixelBox, corner: tuple[int, int]) -> None:
    left, top = max(0, box[0] - corner[0]), max(0, box[1] - corner[1])
    ink[top : max(0, box[3] - corner[1]), left : max(0, box[2] - corner[0])] = 0


def _touching(ink: Mask, zone: cv2.typing.MatLike) -> Mask:
    """The strokes that reach into a zone: most of their ink lies there."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    inside = np.bincount(labels[zone > 0], minlength=count)
    kept = inside >= 0.5 * np.maximum(1, stats[:, 4])
    kept[0] = False
    return np.asarray(np.where(kept[labels], 255, 0), np.uint8)


def _strokes(ink: Mask, red: Mask) -> Mask:
    """Strokes of a hand: no specks, no rules, nothing that is a seal's."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if count == 1:
        return ink
    on_red = np.bincount(labels[cv2.dilate(red, np.ones((3, 3), np.uint8)) > 0], minlength=count) / np.maximum(
        1, stats[:, 4]
    )
    kept = np.zeros(count, bool)
    for label in range(1, count):
        x, y, wide, high, _ = (int(value) for value in stats[label])
        if max(wide, high) < mm(SPECK) or on_red[label] > RED_SHARE or _is_rest((x, y, wide, high), ink.shape):
            continue
        kept[label] = not _is_straight(labels[y : y + high, x : x + wide] == label)
    return np.asarray(np.where(kept[labels], 255, 0), np.uint8)


def _is_rest(place: tuple[int, int, int, int], shape: tuple[int, ...]) -> bool:
    """A thin piece along the border: what is left of the rule."""
    x, y, wide, high = place
    edge, thin = mm(0.4), mm(0.7)
    beside = (x <= edge or x + wide >= shape[1] - edge) and wide <= thin
    along = (y <= edge or y + high >= shape[0] - edge) and high <= thin
    return beside or along


def _is_straight(part: npt.NDArray[np.bool_]) -> bool:
    """Whether a stroke is a long thin straight line at any angle."""
    if max(part.shape) < mm(RULE_LONG):
        return False
    ys, xs = np.nonzero(part)
    points = np.column_stack([xs, ys]).astype(np.float32)
    _, sides, _ = cv2.minAreaRect(points)
    return min(sides) <= mm(RULE_THIN) and max(sides) >= mm(RULE_LONG)


def _assigned(places: Sequence[SignPlace], ink: Mask, owner: npt.NDArray[np.int16]) -> Iterator[tuple[int, Signed]]:
    """Each group of strokes that run over a rule goes to the place that holds most of it."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    bridged = cv2.morphologyEx(ink[window], cv2.MORPH_CLOSE, np.ones((mm(NEXT_DOOR), mm(NEXT_DOOR)), np.uint8))
    count, found = cv2.connectedComponents(np.asarray(bridged, np.uint8), connectivity=8)
    ys, xs = np.nonzero((ink[window] > 0) & (owner[window] >= 0))
    if not len(xs):
        return
    groups = np.asarray(found, np.int64)[ys, xs]
    ys, xs = ys + int(rows[0]), xs + int(columns[0])
    tally = np.bincount(groups * len(places) + owner[ys, xs].astype(np.int64), minlength=count * len(places)).reshape(
        count, -1
    )
    mine = owner[ys, xs] == tally.argmax(axis=1)[groups]
    ys, xs = ys[mine], xs[mine]
    of = owner[ys, xs]
    for index in np.unique(of).tolist():
        own_x, own_y = xs[of == index], ys[of == index]
        box = (int(own_x.min()), int(own_y.min()), int(own_x.max()) + 1, int(own_y.max()) + 1)
        if max(box[2] - box[0], box[3] - box[1]) < mm(SHORT):
            continue
        sure = max(box[2] - box[0], box[3] - box[1]) >= mm(LONG) and len(own_x) >= AREA * mm(1) ** 2
        density = len(own_x) / max(1, (box[2] - box[0]) * (box[3] - box[1]))
        blot = _is_blot(own_x - box[0], own_y - box[1])
        yield index, Signed(box, round(density, 3), sure, _is_printed(places[index], box), blot)


def _is_blot(xs: npt.NDArray[np.int64], ys: npt.NDArray[np.int64]) -> bool:
    """Whether ink is anywhere broader than a pen makes it."""
    plate = np.zeros((int(ys.max()) + 3, int(xs.max()) + 3), np.uint8)
    plate[ys + 1, xs + 1] = 255
    return float(cv2.distanceTransform(plate, cv2.DIST_L2, 3).max()) >= mm(BLOT)


def _is_printed(place: SignPlace, box: PixelBox) -> bool:
    """Whether the ink at a place was read as a name of the size and on the row of the words printed before it."""
    for line in place.lines:
        text, glyphs = line.reading.text, line.reading.glyphs
        found = SIGNING.search(text)
        if found is None or len(glyphs) != len(text) or line.confidence < SURE_LINE:
            continue
        name = re.match(r"[:：_\s]*([\u4e00-\u9fff·]{2,4})", text[found.end() :])
        high = line.line.box[3] - line.line.box[1]
        if name and all(char not in _GUIDES for char in name.group(1)) and box[3] - box[1] <= 1.02 * high:
            sizes = [glyph.probability for glyph in glyphs[found.end() + name.start(1) : found.end() + name.end(1)]]
            return min(sizes) >= 0.98 and high <= mm(5.5)
    return False


def _clipped(box: PixelBox, shape: tuple[int, ...]) -> PixelBox:
    return max(0, box[0]), max(0, box[1]), min(shape[1], box[2]), min(shape[0], box[3])

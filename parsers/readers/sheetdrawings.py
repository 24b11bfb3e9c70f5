"""Pictures and text boxes that lie over a worksheet's cells."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.readers.package import Element, Package
from parsers.readers.sheetrows import column_letters

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Places (row, column) of pictures, and the text boxes with the address of their top left cell."""

    pictures: tuple[tuple[int, int], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


def drawn_on(package: Package, sheet: str) -> Drawn:
    """What the drawings of a worksheet part show."""
    pictures: list[tuple[int, int]] = []
    texts: list[tuple[str, str]] = []
    for kind, target in package.relations(sheet).values():
        if kind != "drawing" or not package.has(target):
            continue
        for anchor in package.xml(target):
            place = _place(anchor)
            if place is None:
                continue
            if next(anchor.iter(f"{_DRAWING}pic"), None) is not None:
                pictures.append(place)
            text = _text(anchor)
            if text:
                texts.append((text, f"{column_letters(place[1])}{place[0] + 1}"))
    return Drawn(tuple(pictures), tuple(texts))


def _place(anchor: Element) -> tuple[int, int] | None:
    """The cell below the middle of a drawing: the mean of its two corners, or its only corner."""
    if not isinstance(anchor.tag, str):
        return None
    corners = [
        corner for corner in (anchor.find(f"{_DRAWING}from"), anchor.find(f"{_DRAWING}to")) if corner is not None
    ]
    if not corners:
        return None
    rows = [int(corner.findtext(f"{_DRAWING}row") or 0) for corner in corners]
    columns = [int(corner.findtext(f"{_DRAWING}col") or 0) for corner in corners]
    return sum(rows) // len(rows), sum(columns) // len(columns)


def _text(anchor: Element) -> str:
    paragraphs = (
        "".join(piece.text or "" for piece in paragraph.iter(f"{_A}t"))
        for body in anchor.iter(f"{_DRAWING}txBody")
        for paragraph in body.iter(f"{_A}p")
    )
    return "\n".join(paragraphs).strip()

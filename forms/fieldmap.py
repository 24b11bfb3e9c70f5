"""The field map of a printed document: its pages as printed, and where each value stands on them.

It is taken from the proof of a filled PDF, where our own reader has found every value again. A page that comes back
with our print mark is compared with it: what still stands there as it was printed need not be read anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from forms.finding import Box
from forms.jsonshape import Shape, unusable
from forms.record import Value

_CELL_NUMBERS = 4
_FIGURES_OF_A_BOX = 4


@dataclass(frozen=True, slots=True)
class PrintedCell:
    r"""A cell of a printed grid by lattice address, its rectangle in points, and its text (lines parted by ``\n``)."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    text: str = ""


@dataclass(frozen=True, slots=True)
class PrintedGrid:
    """A table of a printed page."""

    rows: int
    columns: int
    box: Box
    cells: tuple[PrintedCell, ...]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of text outside the tables."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page: its size in points, its tables and its lines."""

    width: float
    height: float
    grids: tuple[PrintedGrid, ...] = ()
    lines: tuple[PrintedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedField:
    """One value: where it stands and what it says.

    ``path`` addresses it as findings do (``header.unit``, ``records[0].name``, ``marks.applicant.date``); ``page``
    counts from zero; ``box`` is its cell, or its stretch of a line, in points. ``text`` is as printed, with the blanks
    that were asked for even where a line ends.
    """

    path: str
    page: int
    box: Box
    text: str
    value: Value


@dataclass(frozen=True)
class FieldMap:
    """Where everything of one document was printed."""

    document_id: str
    form: str
    edition: str
    pages: tuple[PrintedPage, ...]
    fields: tuple[PrintedField, ...] = ()

    @cached_property
    def _by_place(self) -> dict[tuple[int, Box], tuple[PrintedField, ...]]:
        found: dict[tuple[int, Box], tuple[PrintedField, ...]] = {}
        for item in self.fields:
            found[item.page, item.box] = (*found.get((item.page, item.box), ()), item)
        return found

    def fields_at(self, page: int, box: Box) -> tuple[PrintedField, ...]:
        """The values printed in a cell or a line of the map; several where a cell holds a period or the like."""
        return self._by_place.get((page, box), ())

    def to_plain(self) -> dict[str, Any]:
        """As JSON, cells and fields as short lists, for a long roster has ten thousands of them."""
        return {
            "document_id": self.document_id,
            "form": self.form,
            "edition": self.edition,
            "pages": [
                {
                    "size": [page.width, page.height],
                    "grids": [
                        {
                            "rows": grid.rows,
                            "columns": grid.columns,
                            "box": list(grid.box),
                            "cells": [
                                [cell.row, cell.column, cell.row_span, cell.column_span, list(cell.box), cell.text]
                                for cell in grid.cells
                            ],
                        }
                        for grid in page.grids
                    ],
                    "lines": [[list(line.box), line.text] for line in page.lines],
                }
                for page in self.pages
            ],
            "fields": [[item.path, item.page + 1, list(item.box), item.text, item.value] for item in self.fields],
        }

    @classmethod
    def from_plain(cls, data: object, pointer: str = "") -> FieldMap:
        """The map of its JSON.

        Raises:
            UnusableDataError: it has another shape.
        """
        shape = Shape.of(data, pointer, frozenset({"document_id", "form", "edition", "pages", "fields"}))
        return cls(
            shape.text("document_id"),
            shape.text("form"),
            shape.text("edition"),
            tuple(_page(Shape.of(item, place)) for item, place in shape.items("pages")),
            tuple(_field(item, place) for item, place in shape.items("fields")),
        )


def _page(shape: Shape) -> PrintedPage:
    size = shape.numbers("size") or ()
    if len(size) != 2:  # noqa: PLR2004 - width and height
        shape.wrong("size", "应为两个数", "expected two numbers")
    return PrintedPage(
        size[0],
        size[1],
        tuple(_grid(Shape.of(item, place)) for item, place in shape.items("grids")),
        tuple(_line(item, place) for item, place in shape.items("lines")),
    )


def _grid(shape: Shape) -> PrintedGrid:
    cells = tuple(_cell(item, place) for item, place in shape.items("cells"))
    return PrintedGrid(
        shape.integer("rows") or 0,
        shape.integer("columns") or 0,
        _box(shape.data.get("box"), shape.place("box")),
        cells,
    )


def _cell(data: object, pointer: str) -> PrintedCell:
    row, column, row_span, column_span, box, text = _list(data, 6, pointer)
    numbers = [number for number in (row, column, row_span, column_span) if isinstance(number, int)]
    if len(numbers) != _CELL_NUMBERS:
        raise unusable(pointer, "应为四个整数、框和文本", "expected four whole numbers, a box and a text")
    return PrintedCell(numbers[0], numbers[1], numbers[2], numbers[3], _box(box, pointer), str(text))


def _line(data: object, pointer: str) -> PrintedLine:
    box, text = _list(data, 2, pointer)
    return PrintedLine(str(text), _box(box, pointer))


def _field(data: object, pointer: str) -> PrintedField:
    path, page, box, text, value = _list(data, 5, pointer)
    if not isinstance(page, int) or page < 1 or not (value is None or isinstance(value, str | int | float)):
        raise unusable(pointer, "应为路径、页码、框、文本和值", "expected a path, a page, a box, a text and a value")
    return PrintedField(str(path), page - 1, _box(box, pointer), str(text), value)


def _list(data: object, length: int, pointer: str) -> Sequence[object]:
    if not isinstance(data, list | tuple) or len(data) != length:
        raise unusable(pointer, f"应为 {length} 项的列表", f"expected a list of {length}")
    return data


def _box(data: object, pointer: str) -> Box:
    figures = [float(item) for item in _numbers(data)]
    if len(figures) != _FIGURES_OF_A_BOX:
        raise unusable(pointer, "应为四个数", "expected four numbers")
    left, top, right, bottom = figures
    return left, top, right, bottom


def _numbers(data: object) -> Iterator[float]:
    for item in data if isinstance(data, list | tuple) else ():
        if isinstance(item, int | float) and not isinstance(item, bool):
            yield item

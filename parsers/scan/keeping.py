"""What was read on the pages of a file, kept until its fields are asked for: small, for a file may have many pages.

A page holds hundreds of lines, each with the crop it was read from and all that its characters may be: a megabyte and
a half, in thousands of pieces that lie scattered between the pictures of the pages read after it and keep the memory
of those from being given back. So all pages but the last few that were in use are packed, each into one piece of about
a ninth.
"""

from __future__ import annotations

import pickle
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from forms.finding import Box
from parsers.scan.page import CellRead
from parsers.scan.readlines import ReadLine
from parsers.scan.units import to_points

OPEN = 4
"""Pages that are kept as they are: what is asked for next is mostly of the same page or of the first one."""
PACKING = 1
"""How hard zlib tries: with this, packing a page takes two hundredths of a second, and more gains little."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """The cells of a page and the lines around its tables, by their places in points."""

    cells: dict[Box, CellRead] = field(default_factory=dict)
    around: dict[Box, ReadLine] = field(default_factory=dict)


class KeptPages:
    """The pages of one file by their numbers; a page of which nothing is known is empty."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, KeptPage] = OrderedDict()
        """Those last in use, the last one at the end."""
        self._packed: dict[int, bytes] = {}

    def keep(self, page: int, cells: Iterable[CellRead], around: Iterable[ReadLine]) -> None:
        """Take in a page."""
        self._packed.pop(page, None)
        self._open[page] = KeptPage(
            {read.cell.box: read for read in cells if read.cell.box is not None},
            {to_points(line.line.box): line for line in around},
        )
        self._close_others()

    def page(self, page: int) -> KeptPage:
        """What was read on a page. It is not to be changed: what is packed is as it was kept."""
        if page not in self._open:
            packed = self._packed.get(page)
            if packed is None:
                return KeptPage()
            self._open[page] = pickle.loads(zlib.decompress(packed))  # noqa: S301 - packed by this very object
        self._open.move_to_end(page)
        self._close_others()
        return self._open[page]

    def _close_others(self) -> None:
        while len(self._open) > OPEN:
            page, kept = self._open.popitem(last=False)
            if page not in self._packed:
                self._packed[page] = zlib.compress(pickle.dumps(kept, pickle.HIGHEST_PROTOCOL), PACKING)

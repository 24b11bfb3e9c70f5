"""Parts of page pictures: a field as it stands on the paper, enlarged, and the page in a size that a desk shows."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from dataclasses import dataclass

from PIL import Image

from service.operations.pictures import page_picture
from service.runtime import Runtime
from service.store.documents import StoredDocument

POINTS = 72.0
USUAL_DPI = 200.0
"""Of a picture that does not say its own resolution."""
ROOM = 6.0
"""Points around a box that are shown with it."""
LEAST = (120.0, 26.0)
"""Points that a part is wide and high at least: a value is not read without what is around it."""
LARGEST = 1600
"""Pixels of a part's longer side."""
QUALITY = 82
MOST_KEPT = 6
"""Pages kept open in a process: a desk cuts many parts out of one page."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageSize:
    """A page's picture: pixels, and how many of them are a point of the page."""

    width: int
    height: int
    scale: float


class _Pages:
    """The pages that were cut last, opened: a few, for all requests of a process."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, int], Image.Image] = OrderedDict()
        self._lock = threading.Lock()
        self._under_way: dict[tuple[str, int], threading.Lock] = {}

    def page(self, runtime: Runtime, document: StoredDocument, number: int) -> Image.Image:
        """A page's picture, in memory."""
        key = (document.sha256, number)
        with self._lock:
            alone = self._under_way.setdefault(key, threading.Lock())
        with alone:  # a page, its parts and its size are asked for at once, and drawn once
            found = self._found(key)
            if found is None:
                opened: Image.Image = Image.open(io.BytesIO(page_picture(runtime, document, number)), formats=("PNG",))
                opened.load()
                self._keep(key, opened)
                found = opened
        with self._lock:
            self._under_way.pop(key, None)
        return found

    def _found(self, key: tuple[str, int]) -> Image.Image | None:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def _keep(self, key: tuple[str, int], page: Image.Image) -> None:
        with self._lock:
            self._known[key] = page
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)


_PAGES = _Pages()


def size_of(runtime: Runtime, document: StoredDocument, number: int) -> PageSize:
    """How large the picture of a page is, and where a place in points is found in it.

    Raises:
        NotFoundError: the file has no such page, or the store has lost it.
        DocumentError: the page cannot be drawn.
    """
    page = _PAGES.page(runtime, document, number)
    return PageSize(page.width, page.height, _scale(page))


def _scale(page: Image.Image) -> float:
    dpi = float(page.info.get("dpi", (USUAL_DPI, USUAL_DPI))[0])
    return dpi / POINTS


def crop(runtime: Runtime, document: StoredDocument, number: int, box: Box) -> bytes:
    """The part of page ``number`` (from one) around a box in points, as JPEG; with some of what stands around it.

    Raises:
        NotFoundError: the file has no such page, or the store has lost it.
        DocumentError: the page cannot be drawn.
    """
    page = _PAGES.page(runtime, document, number)
    scale = _scale(page)
    left, top, right, bottom = _roomy(box)
    edges = (
        max(0.0, left * scale),
        max(0.0, top * scale),
        min(page.width, right * scale),
        min(page.height, bottom * scale),
    )
    if edges[2] - edges[0] < 1 or edges[3] - edges[1] < 1:
        edges = (0.0, 0.0, float(page.width), float(page.height))  # a box that is not on the page shows the page
    part = page.crop((int(edges[0]), int(edges[1]), round(edges[2]), round(edges[3]))).convert("RGB")
    part.thumbnail((LARGEST, LARGEST))
    return _jpeg(part)


def _roomy(box: Box) -> Box:
    left, top, right, bottom = box
    more = max(ROOM, (LEAST[0] - (right - left)) / 2), max(ROOM, (LEAST[1] - (bottom - top)) / 2)
    return left - more[0], top - more[1], right + more[0], bottom + more[1]


def shown_page(runtime: Runtime, document: StoredDocument, number: int) -> bytes:
    """Page ``number`` (from one) as JPEG: a third of the bytes of the PNG, as large.

    Raises:
        NotFoundError: the file has no such page, or the store has lost it.
        DocumentError: the page cannot be drawn.
    """
    return _jpeg(_PAGES.page(runtime, document, number).convert("RGB"))


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()

"""Forms that we printed, as the tests of scanned pages want them: filled once, drawn as a printer draws them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import cv2
import numpy as np

from bench.difference import Way, drawn, entries_of
from forms.catalogue import Catalogue
from forms.fieldmap import FieldMap, PrintedField
from forms.intake import take_in
from forms.record import Entry, Extraction
from parsers.document import Document
from parsers.extracting import extract
from parsers.issued import MAP_FILE, PRINT_FILE, Borrow
from parsers.ocr.base import OcrEngine
from parsers.ocr.engines import Engines
from parsers.picture import Picture, Rgb
from parsers.scan.recognise import recognise_with
from samples.paper import degrading
from samples.records import make_records
from writers.filling import FilledForm, FillJob, Purpose, fill_many

PAPER = Way(laser=True, dpi=200, condition=lambda page, _: page)


@lru_cache
def cards() -> tuple[FilledForm, ...]:
    """Two prefilled approval cards of different persons."""
    catalogue = Catalogue.load()
    intakes = [take_in(make_records("attachment-4", 1, seed), catalogue)[0] for seed in (51, 52)]
    return tuple(fill_many(FillJob(one.definition, one.record, Purpose.PREFILLED, "pdf") for one in intakes))


@lru_cache
def library() -> Borrow:
    """Lends both cards."""
    folder = Path(mkdtemp(prefix="printed-"))
    for form in cards():
        place = folder / form.document_id
        place.mkdir()
        (place / PRINT_FILE).write_bytes(form.content)
        (place / MAP_FILE).write_text(json.dumps(map_of(form).to_plain()), encoding="utf-8")

    def borrow(document_id: str) -> Path | None:
        place = folder / document_id
        return place if place.is_dir() else None

    return borrow


def dice(seed: int | str) -> random.Random:
    """Chance that is the same every time."""
    return random.Random(seed)  # noqa: S311 - no secret


def map_of(form: FilledForm) -> FieldMap:
    assert form.field_map is not None
    return form.field_map


def values_of(form: FilledForm) -> list[PrintedField]:
    """What was printed and stands alone in its cell."""
    printed = map_of(form)
    return [
        item
        for item in printed.fields
        if item.path.startswith("records") and item.text and len(printed.fields_at(item.page, item.box)) == 1
    ]


def paper_of(form: FilledForm, seed: int = 1) -> Rgb:
    """The page as it comes from the printer, at 200 dpi."""
    return drawn(form.content, 0, PAPER, dice(seed))


def scanned(page: Rgb, seed: int = 1) -> Rgb:
    """The page as a scanner gives it: on its bed, a little askew, with noise, through JPEG."""
    chance = dice(seed)
    bed = cv2.copyMakeBorder(page, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    turned = degrading.skewed(np.asarray(bed, np.uint8), chance.uniform(-1.5, 1.5))
    return degrading.packed(degrading.blurred(degrading.noisy(turned, 6, chance), 0.5), 75)


@dataclass(frozen=True)
class Seen:
    """A page as it was read."""

    document: Document
    extraction: Extraction
    entries: dict[str, Entry]


def read(page: Rgb, engine: OcrEngine, borrow: Borrow | None = None) -> Seen:
    """Read one page; ``borrow`` is :func:`library` by default."""
    picture = Picture(page)
    document, decoder = recognise_with([picture], Engines(engine), borrow=borrow or library())
    extraction = extract(document, Catalogue.load(), "attachment-4", decoder)[0]
    return Seen(document, extraction, entries_of(extraction))

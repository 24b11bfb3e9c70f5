"""Returned paper with known truth: an official form filled, printed, endorsed, worn and saved as a picture file."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import cv2
import numpy as np
import pypdfium2
from PIL import Image

from forms.record import Value
from samples.paper.conditions import CONDITIONS, Saved
from samples.paper.correcting import correct
from samples.paper.degrading import Rgb
from samples.paper.endorsing import MarkTruth, Paper, endorse
from samples.paper.official import Official, officials
from samples.paper.rewriting import rewrite

JPEG_QUALITY = 85
LASER_DPI, TONER = 600, 190
"""A laser printer's dots, and the grey from which on it lays one."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a returned paper says: the values of every field, ``""`` where a cell is empty, and its named boxes."""

    form: str
    header: Mapping[str, Value]
    records: tuple[Mapping[str, Value], ...]
    marks: tuple[MarkTruth, ...]


@dataclass(frozen=True, slots=True)
class ReturnedPaper:
    """The pages of one form as they came back, and the truth."""

    condition: str
    seed: int
    dpi: int
    truth: Truth
    pages: tuple[Rgb, ...]
    saved: Saved = Saved.WHOLE

    @property
    def name(self) -> str:
        """A file name without ending that says what it is."""
        return f"{self.condition}-{self.truth.form}-{self.seed}"

    def save(self, folder: Path) -> Path:
        """Write the pages as scanners, phones and fax machines do, more than one page as TIFF or PDF."""
        is_one = len(self.pages) == 1
        first, *rest = (Image.fromarray(page) for page in self.pages)
        dpi = (self.dpi, self.dpi)
        match self.saved:
            case Saved.BILEVEL:
                path = folder / f"{self.name}.tiff"
                first, *rest = (page.convert("1", dither=Image.Dither.NONE) for page in (first, *rest))
                first.save(path, dpi=dpi, save_all=True, append_images=rest, compression="group4")
            case Saved.LOSSY if is_one:
                path = folder / f"{self.name}.jpg"
                first.save(path, dpi=dpi, quality=JPEG_QUALITY)
            case Saved.LOSSY:
                path = folder / f"{self.name}.pdf"
                first.save(path, "PDF", save_all=True, append_images=rest, resolution=self.dpi, quality=JPEG_QUALITY)
            case Saved.WHOLE if is_one:
                path = folder / f"{self.name}.png"
                first.save(path, dpi=dpi, compress_level=1)
            case Saved.WHOLE:
                path = folder / f"{self.name}.tiff"
                first.save(path, dpi=dpi, save_all=True, append_images=rest, compression="tiff_lzw")
            case _:
                assert_never(self.saved)
        return path


def returned_papers(
    form: str, seeds: Sequence[int], conditions: Sequence[str], rows: int = 5
) -> Iterator[ReturnedPaper]:
    """The form of each seed in each condition; the same arguments give the same paper."""
    for filled in officials(form, seeds, rows):
        for condition in conditions:
            yield returned(filled, condition)


def returned(form: Official, condition: str) -> ReturnedPaper:
    """One filled form as it comes back in one condition."""
    wanted = CONDITIONS[condition]
    chance = random.Random(f"{form.definition.form}-{form.seed}-{condition}")
    drawn = lasered(form.pdf, wanted.dpi) if wanted.is_lasered else printed(form.pdf, wanted.dpi)
    paper = Paper(drawn, wanted.dpi, chance)
    if wanted.hand is not None:
        rewrite(paper.pages, form, wanted.hand, wanted.dpi, chance)
    records = correct(paper, form, wanted.corrections)
    marks = endorse(paper, form, wanted.custom)
    pages = tuple(wanted.wear(page, chance) for page in paper.pages)
    truth = Truth(form.definition.form, form.header, records, marks)
    return ReturnedPaper(condition, form.seed, wanted.dpi, truth, pages, wanted.saved)


def printed(pdf: bytes, dpi: int) -> list[Rgb]:
    """The pages of a PDF as pictures."""
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return [np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB")) for page in document]


def lasered(pdf: bytes, dpi: int) -> list[Rgb]:
    """The pages as a laser leaves them on paper, scanned: hairlines are full black and no thinner than its dots.

    What PDFium draws at a low resolution itself is paler than any print, and a fax would lose it altogether.
    """
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return [
            _scanned(np.asarray(page.render(scale=LASER_DPI / 72).to_pil().convert("RGB")), dpi) for page in document
        ]


def _scanned(drawn: Rgb, dpi: int) -> Rgb:
    """A page of :data:`LASER_DPI`, all that is darker than paper made black, at a lower resolution."""
    size = (round(drawn.shape[1] * dpi / LASER_DPI), round(drawn.shape[0] * dpi / LASER_DPI))
    toner = np.where(drawn.min(axis=2, keepdims=True) < TONER, 0, drawn)
    return np.asarray(cv2.resize(toner.astype(np.uint8), size, interpolation=cv2.INTER_AREA), np.uint8)

"""Returned paper with known truth: an official form filled, printed, endorsed, worn and saved as a picture file."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from forms.record import Value
from samples.paper.conditions import CONDITIONS
from samples.paper.degrading import Rgb
from samples.paper.endorsing import MarkTruth, Paper, endorse
from samples.paper.official import Official, officials

JPEG_QUALITY = 85


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
    is_lossy: bool = False

    @property
    def name(self) -> str:
        """A file name without ending that says what it is."""
        return f"{self.condition}-{self.truth.form}-{self.seed}"

    def save(self, folder: Path) -> Path:
        """Write the pages as scanners do: one page as PNG or JPEG, more as TIFF, or as PDF of JPEG pages."""
        ending = ("jpg" if self.is_lossy else "png") if len(self.pages) == 1 else ("pdf" if self.is_lossy else "tiff")
        path = folder / f"{self.name}.{ending}"
        first, *rest = (Image.fromarray(page) for page in self.pages)
        match ending:
            case "png":
                first.save(path, dpi=(self.dpi, self.dpi), compress_level=1)
            case "jpg":
                first.save(path, dpi=(self.dpi, self.dpi), quality=JPEG_QUALITY)
            case "tiff":
                first.save(path, dpi=(self.dpi, self.dpi), save_all=True, append_images=rest, compression="tiff_lzw")
            case _:
                first.save(path, "PDF", save_all=True, append_images=rest, resolution=self.dpi, quality=JPEG_QUALITY)
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
    paper = Paper(printed(form.pdf, wanted.dpi), wanted.dpi, chance)
    marks = endorse(paper, form, wanted.custom)
    pages = tuple(wanted.wear(page, chance) for page in paper.pages)
    truth = Truth(form.definition.form, form.header, form.records, marks)
    return ReturnedPaper(condition, form.seed, wanted.dpi, truth, pages, wanted.is_lossy)


def printed(pdf: bytes, dpi: int) -> list[Rgb]:
    """The pages of a PDF as pictures."""
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return [np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB")) for page in document]

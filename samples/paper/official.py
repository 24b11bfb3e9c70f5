"""The official forms filled and printed, with what stands in them and where their named boxes lie.

The truth is the record that was filled in; where things lie is taken from the words and rules of the printed PDF, not
from our reader, so that a mistake of the reader cannot hide in the truth.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pdfplumber
from pdfplumber.page import Page

from forms.catalogue import Catalogue
from forms.definition import FormDefinition, Layout
from forms.intake import take_in
from forms.record import Record, Row, Value
from samples.records import make_records
from writers.completing import complete
from writers.filling import FillJob, fill_many
from writers.printing import new_document_id

FORMS = ("attachment-1", "attachment-2", "attachment-3", "attachment-4", "attachment-5")
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the top left of the page."""
Point = tuple[float, float]
FANG = "FandolFang"
"""The font that stands for 仿宋, in which the forms' values are."""
_LEAST_RULE = 12.0
"""Points: shorter rectangles are modules of the printed code, no rules."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A printed character, its font's name, and where it stands."""

    text: str
    font: str
    box: Box

    @property
    def middle(self) -> Point:
        """The middle of its box."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A ruled cell of the printed page and its letters as they follow each other."""

    page: int
    box: Box
    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        """Its letters without white space."""
        return "".join("".join(letter.text for letter in self.letters).split())

    def end_of(self, words: str) -> Box | None:
        """The box of the last letter of ``words`` where they stand in the cell for the last time."""
        place = self.text.rfind(words)
        inked = [letter for letter in self.letters if letter.text.strip()]
        return inked[place + len(words) - 1].box if place >= 0 else None


@dataclass(frozen=True, slots=True)
class NamedBox:
    """A box for an opinion, a signature, a seal or a date, and whose seal belongs there (none: any office's)."""

    key: str
    parts: tuple[str, ...]
    cell: PrintedCell
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Official:
    """A filled and printed official form. ``header`` and ``records`` hold the true values of every field."""

    definition: FormDefinition
    seed: int
    header: Mapping[str, Value]
    records: tuple[Mapping[str, Value], ...]
    pdf: bytes
    cells: tuple[PrintedCell, ...]
    loose: tuple[tuple[int, tuple[Letter, ...]], ...]
    """For each page the letters that stand in no cell: title, head line, notes."""
    boxes: tuple[NamedBox, ...]


def officials(form: str, seeds: Sequence[int], rows: int = 5) -> Iterator[Official]:
    """The form filled with invented data for each seed; every other one without a print mark.

    A form of one person has one record whatever ``rows`` says.
    """
    catalogue = Catalogue.load()
    definition = catalogue.find(form)
    records = [_record(definition, catalogue, seed, rows) for seed in seeds]
    jobs = [
        FillJob(
            definition,
            record,
            as_format="pdf",
            print_mark=seed % 2 == 0,
            document_id=new_document_id(f"sample {form} {seed}"),
        )
        for seed, record in zip(seeds, records, strict=True)
    ]
    for seed, record, filled in zip(seeds, records, fill_many(jobs), strict=True):
        yield _official(definition, seed, record, filled.content)


def _record(definition: FormDefinition, catalogue: Catalogue, seed: int, rows: int) -> Record:
    data = make_records(definition.form, 1 if definition.layout is Layout.CARD else rows, seed)
    (intake,) = take_in(data, catalogue)
    return complete(definition, intake.record)[0]


def _official(definition: FormDefinition, seed: int, record: Record, pdf: bytes) -> Official:
    cells, loose = [], []
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages):
            found, left = _cells(number, page)
            cells += found
            loose.append((number, left))
    _check_type(cells)
    header = {item.key: _value(record.header, item.key) for item in definition.header}
    records = tuple({item.key: _value(row, item.key) for item in definition.fields} for row in record.rows)
    boxes = tuple(_named(definition, cells, {**records[0], **header}))
    return Official(definition, seed, header, records, pdf, tuple(cells), tuple(loose), boxes)


def _check_type(cells: Sequence[PrintedCell]) -> None:
    """Raises where the values are not in the forms' own thin type: in a stand-in far more of a fax is read.

    LibreOffice sees the folder of fonts, but nothing outside the project that a link in it leads to.
    """
    if not any(FANG in letter.font for cell in cells for letter in cell.letters):
        raise FileNotFoundError(f"nothing is printed in {FANG}: scripts/setup puts it in deploy/fonts/local, as a file")


def _value(row: Row, key: str) -> Value:
    entry = row.get(key)
    return "" if entry is None else entry.value


def _cells(number: int, page: Page) -> tuple[list[PrintedCell], tuple[Letter, ...]]:
    ruled = page.filter(lambda item: item["object_type"] != "rect" or max(item["width"], item["height"]) > _LEAST_RULE)
    boxes: list[Box] = sorted({cell for table in ruled.find_tables() for cell in table.cells}, key=_reading_order)
    held: dict[Box | None, list[Letter]] = {}
    for item in page.chars:
        letter = Letter(item["text"], item["fontname"], (item["x0"], item["top"], item["x1"], item["bottom"]))
        held.setdefault(next((box for box in boxes if _holds(box, letter.middle)), None), []).append(letter)
    return [PrintedCell(number, box, tuple(held.get(box, ()))) for box in boxes], tuple(held.get(None, ()))


def _reading_order(box: Box) -> tuple[float, float]:
    return box[1], box[0]


def _holds(box: Box, point: Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _named(definition: FormDefinition, cells: Sequence[PrintedCell], values: Mapping[str, Value]) -> Iterator[NamedBox]:
    """The named boxes: the cell to the right of each box's label."""
    for box in definition.boxes:
        cell = next(
            (found for label in cells if _is_label(label, box.label) and (found := _right_of(label, cells))), None
        )
        if cell is None:
            raise LookupError(f"{definition.form}: no box “{box.label}” on the printed pages")
        own = str(values.get(box.unit_field, ""))
        yield NamedBox(box.key, box.parts, cell, (own,) if own else box.unit_names[1:])


def _is_label(cell: PrintedCell, label: str) -> bool:
    words = cell.text.partition("□")[0]
    return words == "".join(label.split())


def _right_of(label: PrintedCell, cells: Sequence[PrintedCell]) -> PrintedCell | None:
    beside = (cell for cell in cells if cell.page == label.page and abs(cell.box[0] - label.box[2]) < 1)
    return next((cell for cell in beside if abs(cell.box[1] - label.box[1]) < 1), None)

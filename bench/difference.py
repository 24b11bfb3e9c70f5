"""Pages that we printed, changed by hand and scanned: is every change seen, is the rest confirmed without being read?

    .venv/bin/python -m bench.difference [--seeds 901-903] [--conditions paper200,phone] [--forms attachment-4]

Forms are filled prefilled as PDF, drawn as a laser printer of 600 dpi does (``paper…``) or as a program does
(``drawn…``), changed in some values (``samples/paper/tampering.py``), stamped, and put through a condition. *confirmed*
are untouched values taken from the print, *review* untouched values sent to a person, *wrong* those that are wrong and
not marked. *silent* are changed values that come out as printed, or as something else than what stands there, without
a mark for a person: this must be 0. Seeds from 900 up are for this table and never tuned on.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from forms.catalogue import Catalogue
from forms.fieldmap import FieldMap, PrintedField
from forms.intake import take_in
from forms.record import Entry, Extraction, Origin
from parsers.agreeing import agree
from parsers.calibrating import Care, calibrate
from parsers.extracting import extract
from parsers.issued import MAP_FILE, PRINT_FILE
from parsers.picture import Picture, Rgb
from parsers.scan.recognise import recognise_pictures
from samples.paper import degrading, seals
from samples.paper.tampering import TAMPERINGS, Hand, glyphs_of
from samples.records import UNITS, make_records
from writers.filling import FilledForm, FillJob, Purpose, fill_many

FORMS = ("attachment-4", "attachment-5")
CHANGED_SHARE = 0.12
"""Part of the values of a page that is changed by hand."""
ROWS = 8
LASER_DPI = 600
MARGIN = 50


@dataclass(frozen=True, slots=True)
class Way:
    """How a page gets from the PDF to a picture: drawn by a laser printer or a program, at which resolution."""

    laser: bool
    dpi: int
    condition: degrading.Condition


def _framed(page: Rgb) -> Rgb:
    """The page with some scanner bed around it, so that skew cuts nothing off."""
    edges = (MARGIN, MARGIN, MARGIN, MARGIN)
    return np.asarray(cv2.copyMakeBorder(page, *edges, cv2.BORDER_CONSTANT, value=(255, 255, 255)), np.uint8)


def _scan(page: Rgb, chance: random.Random) -> Rgb:
    turned = degrading.skewed(_framed(page), chance.uniform(-1.5, 1.5))
    return degrading.packed(degrading.blurred(degrading.noisy(turned, 6, chance), chance.uniform(0.3, 0.7)), 75)


WAYS = {
    "paper200": Way(laser=True, dpi=200, condition=_scan),
    "paper300": Way(laser=True, dpi=300, condition=_scan),
    "paper200q40": Way(laser=True, dpi=200, condition=lambda page, chance: degrading.packed(_scan(page, chance), 40)),
    "phone": Way(laser=True, dpi=200, condition=degrading.CONDITIONS["phone"]),
    "drawn200": Way(laser=False, dpi=200, condition=_scan),
    "drawn300": Way(laser=False, dpi=300, condition=_scan),
    "paper150": Way(laser=True, dpi=150, condition=_scan),
}


@dataclass
class Score:
    """Counts of one condition."""

    pages: int = 0
    untouched: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def line(self, name: str) -> str:
        """The row of the table."""
        all_left, all_changed = max(1, self.untouched.total()), max(1, self.changed.total())
        parts = [self.untouched[key] / all_left for key in ("confirmed", "review")]
        silent, seen = self.changed["silent"], self.changed["seen"] / all_changed
        return (
            f"{name:<14}{self.pages:>6}{self.untouched.total():>8}{parts[0]:>11.1%}{parts[1]:>9.1%}"
            f"{self.untouched['wrong']:>7}{self.changed.total():>9}{seen:>8.1%}{silent:>8}"
            f"{self.seconds / max(1, self.pages):>8.2f}"
        )


def drawn(pdf: bytes, page: int, way: Way, chance: random.Random) -> Rgb:
    """A page on paper, scanned at the way's resolution, or as a program draws it."""
    with pypdfium2.PdfDocument(pdf) as document:
        if not way.laser:
            return np.array(document[page].render(scale=way.dpi / 72).to_pil().convert("RGB"), np.uint8)
        plate = np.asarray(document[page].render(scale=LASER_DPI / 72).to_pil().convert("L"), np.float32)
    toner = np.where(cv2.GaussianBlur(plate, (0, 0), 0.7) < 128 + chance.uniform(-30, 40), 30.0, 255.0)
    toner = cv2.GaussianBlur(toner.astype(np.float32), (0, 0), LASER_DPI / way.dpi * chance.uniform(0.25, 0.45))
    size = (round(plate.shape[1] * way.dpi / LASER_DPI), round(plate.shape[0] * way.dpi / LASER_DPI))
    gray = cv2.resize(toner, size, interpolation=cv2.INTER_AREA)
    return np.repeat(np.asarray(np.clip(gray, 0, 255), np.uint8)[..., None], 3, axis=2)


def tampered(form: FilledForm, printed: FieldMap, way: Way, chance: random.Random) -> tuple[list[Rgb], dict[str, str]]:
    """The pages of a form as they come back, and what was done to which of its values."""
    pages, done = [], {}
    for number in range(len(printed.pages)):
        page = drawn(form.content, number, way, chance)
        hand = Hand(page, way.dpi, glyphs_of(form.content, number), chance)
        own = [item for item in printed.fields if item.page == number and _is_value(printed, item)]
        for item in chance.sample(own, round(len(own) * CHANGED_SHARE)):
            kind = chance.choice(list(TAMPERINGS))
            if TAMPERINGS[kind](hand, item.box):
                done[item.path] = kind
        for _ in range(2):
            seal = seals.round_seal(chance.choice(UNITS), way.dpi)
            place = (chance.uniform(100, printed.pages[number].width - 100), chance.uniform(150, 450))
            page = seals.press(page, seal, place, chance, dpi=way.dpi)
        pages.append(way.condition(page, chance))
    return pages, done


def _is_value(printed: FieldMap, item: PrintedField) -> bool:
    """Whether a value stands alone in its cell, so that a change of the cell is a change of it."""
    alone = len(printed.fields_at(item.page, item.box)) == 1
    return alone and bool(item.text) and item.path.startswith("records[") and item.value not in ("", None)


def entries_of(extraction: Extraction) -> dict[str, Entry]:
    """The entries of a document by their paths."""
    found = {f"header.{key}": entry for key, entry in extraction.record.header.items()}
    for index, row in enumerate(extraction.record.rows):
        found |= {f"records[{index}].{key}": entry for key, entry in row.items()}
    return found


def score(printed: FieldMap, done: dict[str, str], entries: dict[str, Entry], counts: Score) -> None:
    """Add one document."""
    touched = {(item.page, item.box) for item in printed.fields if item.path in done}
    for item in printed.fields:
        entry = entries.get(item.path)
        if item.path in done:
            silent = entry is not None and not entry.review and entry.value == item.value
            as_read = entry is not None and not entry.review and entry.value != item.value
            counts.changed["silent" if silent else "as read" if as_read else "seen"] += 1
            if silent or as_read:
                value = entry.value if entry is not None else None
                counts.missed.append(f"{done[item.path]} {item.path} {item.value!r} -> {value!r}")
        elif item.path.startswith("marks.") or (item.page, item.box) in touched or not item.text:
            continue
        elif entry is None or entry.review:
            counts.untouched["review"] += 1
        elif entry.value != item.value:
            counts.untouched["wrong"] += 1
            counts.missed.append(f"untouched {item.path} {item.value!r} -> {entry.value!r}")
        else:
            counts.untouched["confirmed" if entry.origin is Origin.PREFILLED else "read"] += 1


def made(forms: list[str], seeds: list[int]) -> Iterator[tuple[int, FilledForm]]:
    """The forms of all seeds, prefilled."""
    catalogue, jobs, numbers = Catalogue.load(), [], []
    for seed in seeds:
        for form in forms:
            intake = take_in(make_records(form, 1 if form == "attachment-4" else ROWS, seed), catalogue)[0]
            jobs.append(FillJob(intake.definition, intake.record, Purpose.PREFILLED, "pdf"))
            numbers.append(seed)
    yield from zip(numbers, fill_many(jobs), strict=True)


def run(forms: list[str], seeds: list[int], ways: list[str]) -> None:
    """Print the table."""
    logging.disable(logging.WARNING)
    catalogue = Catalogue.load()
    filled = list(made(forms, seeds))
    print(
        f"{'condition':<14}{'pages':>6}{'values':>8}{'confirmed':>11}{'review':>9}{'wrong':>7}{'changed':>9}"
        f"{'seen':>8}{'silent':>8}{'s/page':>8}"
    )
    with tempfile.TemporaryDirectory(prefix="difference-") as folder:
        for form in (form for _, form in filled):
            place = Path(folder) / form.document_id
            place.mkdir()
            (place / PRINT_FILE).write_bytes(form.content)
            if form.field_map is not None:
                (place / MAP_FILE).write_text(json.dumps(form.field_map.to_plain()), encoding="utf-8")
        for name in ways:
            counts = Score()
            for seed, form in filled:
                if form.field_map is None:
                    continue
                pages, done = tampered(form, form.field_map, WAYS[name], random.Random(f"{seed}-{name}-{form.name}"))
                started = time.perf_counter()
                pictures = [Picture(page, index) for index, page in enumerate(pages)]
                document, decoder = recognise_pictures(pictures, borrow=lambda wanted: _folder(folder, wanted))
                found = [
                    _weighed(one, catalogue, document.worn_pages) for one in extract(document, catalogue, None, decoder)
                ]
                counts.seconds += time.perf_counter() - started
                counts.pages += len(pages)
                own = [one for one in found if one.record.form == form.field_map.form]
                score(form.field_map, done, entries_of(own[0]) if own else {}, counts)
            print(counts.line(name), flush=True)
            for line in counts.missed:
                print(f"    {line}", flush=True)


def _weighed(found: Extraction, catalogue: Catalogue, worn: Collection[int]) -> Extraction:
    """What was found with the doubts that the program has of it."""
    return agree(calibrate(found, catalogue.find(found.record.form), Care(), "", worn))


def _folder(folder: str, document_id: str) -> Path | None:
    place = Path(folder) / document_id
    return place if place.is_dir() else None


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="901-902", help="first and last seed")
    parser.add_argument("--conditions", default=",".join(WAYS))
    parser.add_argument("--forms", default=",".join(FORMS))
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    run(given.forms.split(","), list(range(int(first), int(last or first) + 1)), given.conditions.split(","))


if __name__ == "__main__":
    main()

"""Official forms filled, printed and handed back: signed, dated and stamped in their named boxes, with known truth."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.finding import Box
from forms.intake import take_in
from forms.record import MarkKind, Record
from forms.rules.units import is_same_unit
from parsers.extracting import extract
from parsers.readers import pdf as pdf_reader
from samples.paper import seals, signing
from samples.records import UNITS, make_records
from writers.filling import FillJob, fill_many

Rgb = npt.NDArray[np.uint8]
FORMS = ("attachment-4", "attachment-1", "attachment-2", "attachment-5")
TUNED_FONTS, KEPT_FONTS = ("song-bold", "song", "hei"), ("kai", "fang")
"""Looks of seals while the reader is worked on, and those kept for the final figures."""
TUNED_HANDS, KEPT_HANDS = ("cursive", "bent-song", "initials"), ("scrawl", "bent-kai")
GUIDE = 10.5
"""Points that a printed 年 or 月 is wide."""
OFFICES = ("中共海州区委组织部", "海州区人力资源和社会保障局", "海州区财政局", "中共连云港市海州区委员会组织部")
BEYOND = ("海州区第一中学", "海州区第二中学", "东海县民政局", "连云港市财政局", "海州区城市建设投资有限公司")


@dataclass(frozen=True, slots=True)
class Place:
    """A named box on the printed page, in points, and where its guides stand: right end and middle of each."""

    key: str
    parts: tuple[str, ...]
    page: int
    box: Box
    sign: tuple[float, float] | None
    year: tuple[float, float] | None
    month: tuple[float, float] | None
    day: tuple[float, float] | None
    unit: str
    names: tuple[str, ...] = ()
    """Offices any of whose seals belongs in the box."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A filled form before anybody signed it: its PDF, its boxes, its record."""

    form: str
    pdf: bytes
    places: tuple[Place, ...]
    record: Record


@dataclass(slots=True)
class Truth:
    """What was put into a box."""

    place: Place
    signed: bool = False
    stamped_name: bool = False
    unit: str = ""
    wrong: bool = False
    cut: bool = False
    day: str = ""


@dataclass(slots=True)
class Returned:
    """Pages as they came back, and the truth of each box by its key; ``loose`` are seals in no box."""

    form: str
    pages: list[Rgb]
    truth: dict[str, Truth] = field(default_factory=dict)
    loose: int = 0


def blanks(form: str, seeds: Sequence[int], folder: Path | None = None) -> Iterator[Blank]:
    """The form filled for each seed; PDFs are kept in ``folder`` where one is given."""
    catalogue = Catalogue.load()
    definition = catalogue.find(form)
    records, files = [], []
    for seed in seeds:
        data = make_records(form, 5, seed)
        if form == "attachment-4":
            data["records"] = data["records"][:1]
        records.append(take_in(data, catalogue)[0].record)
        files.append(folder / f"stamped-{form}-{seed}.pdf" if folder else None)
    missing = [index for index, file in enumerate(files) if file is None or not file.exists()]
    made = dict(zip(missing, fill_many(FillJob(definition, records[i], as_format="pdf") for i in missing), strict=True))
    for index, record in enumerate(records):
        file = files[index]
        if index in made and file is not None:
            file.write_bytes(made[index].content)
        pdf = made[index].content if index in made or file is None else file.read_bytes()
        yield Blank(form, pdf, tuple(_places(definition, record, pdf, catalogue)), record)


def _places(definition: FormDefinition, record: Record, pdf: bytes, catalogue: Catalogue) -> Iterator[Place]:
    (extraction,) = extract(pdf_reader.read_bytes(pdf), catalogue, definition.form)
    values = {**(record.rows[0] if len(record.rows) == 1 else {}), **record.header}
    document = pdfium.PdfDocument(pdf)
    for box in definition.boxes:
        region = next(
            (mark.region for mark in extraction.record.marks if mark.key == box.key and mark.region is not None), None
        )
        if region is None or region.box is None:
            continue
        words = {word: _end_of(document[region.page], word, region.box) for word in ("签字", "年", "月", "日")}
        entry = values.get(box.unit_field)
        unit = str(entry.value) if entry is not None and entry.value else (box.unit_names[-1] if box.unit_names else "")
        guides = (words["签字"], words["年"], words["月"], words["日"])
        yield Place(box.key, box.parts, region.page, region.box, *guides, unit, box.unit_names)


def _end_of(page: pdfium.PdfPage, word: str, box: Box) -> tuple[float, float] | None:
    """Right end and middle of a word inside a box, ``None`` where the box does not print it."""
    text, high = page.get_textpage(), page.get_height()
    search = text.search(word)
    found = None
    while (hit := search.get_next()) is not None:
        left, bottom, right, top = text.get_charbox(hit[0] + hit[1] - 1)
        x, y = (left + right) / 2, high - (top + bottom) / 2
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            found = (right, y)
    return found


@dataclass(frozen=True, slots=True)
class Habits:
    """How pages are signed and stamped: looks, inks, and how often something else happens (0.0-1.0)."""

    fonts: tuple[str, ...] = TUNED_FONTS
    hands: tuple[str, ...] = TUNED_HANDS
    inks: tuple[str, ...] = ("fresh", "dark", "pale")
    stamped: float = 0.6
    signed: float = 0.6
    wrong: float = 0.15
    wander: float = 6.0
    distract: bool = False
    ovals: float = 0.0
    name_stamps: float = 0.0


def returned(blank: Blank, dpi: int, habits: Habits, chance: random.Random) -> Returned:
    """The form signed, dated and stamped by chance."""
    document = pdfium.PdfDocument(blank.pdf)
    pages = [np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB")) for page in document]
    result = Returned(blank.form, pages)
    if habits.distract:
        for index in range(len(pages)):
            result.pages[index] = _distracted(result.pages[index], dpi, chance)
    for place in blank.places:
        truth = result.truth[place.key] = Truth(place)
        page = result.pages[place.page]
        if "date" in place.parts and place.year and place.month and place.day and chance.random() < habits.signed:
            page = _dated(page, truth, dpi, chance)
        if "signature" in place.parts and chance.random() < habits.signed:
            page = _signed(page, truth, dpi, habits, chance)
        if "seal" in place.parts and chance.random() < habits.stamped:
            page = _stamped(page, truth, dpi, habits, chance)
        result.pages[place.page] = page
    return result


def _dated(page: Rgb, truth: Truth, dpi: int, chance: random.Random) -> Rgb:
    place = truth.place
    day = (2026, chance.randint(1, 9), chance.randint(1, 28))
    truth.day = f"{day[0]}-{day[1]:02d}-{day[2]:02d}"
    before: float | None = None
    for part, end in zip(day, (place.year, place.month, place.day), strict=True):
        if end is None:
            continue
        ink = signing.hand_words(str(part), dpi, chance, 3.4)
        room = (end[0] - GUIDE - before) * dpi / 72 if before is not None else float(ink.shape[1])
        ink = np.asarray(cv2.resize(ink, (max(4, min(ink.shape[1], round(room * 0.92))), ink.shape[0])), np.float32)
        wide = ink.shape[1] * 72 / dpi
        x = end[0] - GUIDE - 1 - wide / 2 if before is None else (before + end[0] - GUIDE) / 2
        page = signing.write(page, ink, (x, end[1]), dpi, signing.PENS["black"])
        before = end[0]
    return page


def _signed(page: Rgb, truth: Truth, dpi: int, habits: Habits, chance: random.Random) -> Rgb:
    place = truth.place
    left, top, _, bottom = place.box
    name = chance.choice("王李张刘陈杨赵") + chance.choice(("伟", "小明", "建国", "晓东", "丽"))
    truth.signed = True
    high = min(9.5, (bottom - top) * 25.4 / 72 * 0.75)
    x = place.sign[0] + 8 if place.sign else left + 6
    y = place.sign[1] if place.sign else (top + bottom) / 2
    if chance.random() < habits.name_stamps:
        truth.stamped_name = True
        ink = chance.choice((seals.name_stamp(name, dpi), seals.square_seal(name, dpi, 16.0)))
        at = (x + ink.shape[1] * 36 / dpi, y)
        return seals.press(page, ink, at, chance, dpi, replace(seals.FRESH, lean=6))
    ink = signing.signature(name, dpi, chance, chance.choice(habits.hands), chance.uniform(0.6, 1.0) * high)
    at = (x + ink.shape[1] * 36 / dpi + chance.uniform(0, 8), y + chance.uniform(-4, 3))
    return signing.write(page, ink, at, dpi, chance.choice(tuple(signing.PENS.values())))


def _stamped(page: Rgb, truth: Truth, dpi: int, habits: Habits, chance: random.Random) -> Rgb:
    left, top, right, bottom = truth.place.box
    truth.wrong = not truth.place.unit or chance.random() < habits.wrong
    truth.unit = wrong_unit(truth.place, chance) if truth.wrong else truth.place.unit
    if chance.random() < habits.ovals:
        ink = seals.oval_seal(truth.unit, dpi, below=chance.choice(("", "审核专用章")))
    else:
        ink = seals.cut_seal(truth.unit, dpi, seals.any_look(chance, habits.fonts))
    aim = truth.place.day or ((left + right) / 2, (top + bottom) / 2)
    x = min(max(aim[0] - 20 + chance.uniform(-1, 1) * habits.wander, left + 20), right - 20)
    y = min(max(aim[1] - 12 + chance.uniform(-1, 1) * habits.wander, top + 20), bottom - 20)
    return seals.press(page, ink, (x, y), chance, dpi, seals.INKS[chance.choice(habits.inks)])


def wrong_unit(place: Place, chance: random.Random) -> str:
    """A unit that has no business in a box: a neighbour, one of another place, or its name with a word changed."""
    unit = place.unit
    near = [
        unit.replace(old, new)
        for old, new in (("海州区", "连云港市"), ("民政", "财政"), ("一", "二"), ("教育", "体育"))
    ]
    options = [name for name in (*near, *UNITS, *OFFICES, *BEYOND) if name and name != unit and name not in unit]
    return chance.choice([name for name in options if not any(is_same_unit(name, own) for own in place.names)])


def _distracted(page: Rgb, dpi: int, chance: random.Random) -> Rgb:
    """Red words by hand, a red heading line, a black stroke along the margin: neither seals nor signatures."""
    high, wide = page.shape[0] * 72 / dpi, page.shape[1] * 72 / dpi
    red = signing.hand_words(chance.choice(("已核", "请补正", "收到", "退回重填")), dpi, chance, 6.0)
    page = signing.write(page, red, (wide * chance.uniform(0.6, 0.9), 50), dpi, (214, 36, 40))
    heading = signing.bent_words("海州区人民政府文件", round(0.33 * dpi), chance, "song-bold", bend=0.01)
    page = signing.write(page, heading, (wide * 0.4, 24), dpi, (216, 20, 24))
    page = page.copy()
    page[round(44 * dpi / 72) : round(46 * dpi / 72), round(0.1 * page.shape[1]) : round(0.6 * page.shape[1])] = (
        216,
        20,
        24,
    )
    x = round(wide * 0.02 * dpi / 72)
    page[round(high * 0.2 * dpi / 72) : round(high * 0.5 * dpi / 72), x : x + 4] = 40
    return page


def kinds() -> Mapping[str, MarkKind]:
    """The kinds of marks that are scored."""
    return {"seal": MarkKind.SEAL, "signature": MarkKind.SIGNATURE, "date": MarkKind.DATE}

"""A mixed stack of returned paper, read as one file and held against its truth.

    .venv/bin/python -m bench.stack [--seed 901] [--keep FOLDER] [--jobs 2]

All five forms of several units lie in it, about sixty pages: with and without print mark, rosters of several pages,
some of them scanned last page first, pages on their heads, empty backs, coloured separators, a letter, a picture, a
page photographed on a desk. Seeds from 900 up are kept for the table: nothing is tuned on them.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw

from bench.wear import Rgb, leaned
from forms.catalogue import Catalogue
from forms.intake import take_in
from samples.paper import degrading
from samples.paper.fonts import font
from samples.records import make_records
from service.operations.filling import FillOptions, fill_records

DPI = 200
ROSTERS = ("attachment-1", "attachment-2", "attachment-3", "attachment-5")
SIZES = {"attachment-1": (5, 12), "attachment-2": (6, 22), "attachment-3": (5, 20), "attachment-5": (6, 14)}
CARDS = 16
UNITS_EACH = 3
ROWS_DOUBTED = {"pages-missing", "row-unclear", "grid-missing", "border-missing", "grid-irregular", "F-5", "F-8"}
"""Findings one of which must stand beside a wrong number of rows."""
REVERSED, ON_ITS_HEAD = 0.3, 0.2
"""Parts of the documents, and of the pages, that lie so."""


@dataclass(frozen=True)
class Sheaf:
    """One document on paper, and what stands in it."""

    form: str
    truth: dict[str, Any]
    pages: tuple[Rgb, ...]

    @property
    def owner(self) -> str:
        """Whose it is: the unit of a roster, the person of a card."""
        if self.form == "attachment-4":
            return str(self.truth["records"][0]["id_number"])
        return str(self.truth["header"]["unit"])


@dataclass
class Stack:
    """The pages as they lie, and where each sheaf's pages are, in reading order, counted from one."""

    pages: list[Rgb] = field(default_factory=list)
    sheaves: list[tuple[Sheaf, list[int]]] = field(default_factory=list)
    others: dict[int, str] = field(default_factory=dict)


def sheaves(seed: int) -> Iterator[Sheaf]:
    """Two or three units' rosters of each form, and the cards of single persons."""
    chance = random.Random(seed)
    for form in ROSTERS:
        units: set[str] = set()
        for number in range(200):
            count = chance.randint(*SIZES[form])
            data = make_records(form, count, seed * 1000 + number)
            if data["header"]["unit"] in units:
                continue
            units.add(data["header"]["unit"])
            yield from printed(form, data, marked=len(units) == 1)
            if len(units) == UNITS_EACH:
                break
    for number in range(CARDS):
        data = make_records("attachment-4", 1, seed * 1000 + number)
        data["records"] = data["records"][:1]
        yield from printed("attachment-4", data, marked=number % 2 == 0)


def printed(form: str, data: dict[str, Any], *, marked: bool) -> Iterator[Sheaf]:
    """The documents of some data as pages, with or without our print mark."""
    catalogue = Catalogue.load()
    records = [taken.record for taken in take_in(data, catalogue)]
    made = fill_records(catalogue.find(form), records, FillOptions(as_format="pdf", print_mark=marked))
    for one in made:
        with pypdfium2.PdfDocument(one.content) as file:
            pages = tuple(np.asarray(page.render(scale=DPI / 72).to_pil().convert("RGB")) for page in file)
        yield Sheaf(form, data, pages)


def stacked(seed: int) -> Stack:
    """The sheaves in any order, with all that lies between them."""
    chance = random.Random(seed + 1)
    stack = Stack()
    blocks = list(sheaves(seed))
    chance.shuffle(blocks)
    between = ["separator", "separator", "letter", "picture", *["back"] * 6]
    places = {index: between.pop() for index in chance.sample(range(len(blocks)), len(between))}
    photographed = chance.randrange(len(blocks))
    for index, block in enumerate(blocks):
        order = list(range(len(block.pages)))
        if len(order) > 1 and chance.random() < REVERSED:
            order.reverse()
        lies = dict.fromkeys(order, 0)
        for number in order:
            page = block.pages[number]
            page = degrading.photographed(page, chance) if index == photographed else _scanned(page, chance)
            stack.pages.append(page)
            lies[number] = len(stack.pages)
        stack.sheaves.append((block, [lies[number] for number in sorted(lies)]))
        if index in places:
            stack.pages.append(_between(places[index], stack.pages[-1], chance))
            stack.others[len(stack.pages)] = places[index]
    return stack


def _scanned(page: Rgb, chance: random.Random) -> Rgb:
    if chance.random() < ON_ITS_HEAD:
        page = np.ascontiguousarray(page[::-1, ::-1])
    page = leaned(page, chance.uniform(-1.5, 1.5))
    return degrading.packed(degrading.noisy(page, 4, chance), 75)


def _between(kind: str, before: Rgb, chance: random.Random) -> Rgb:
    high, wide = before.shape[:2]
    if kind == "back":
        shine = 255 - (255 - before[:, ::-1].astype(np.float32)) * 0.06
        return degrading.noisy(np.asarray(shine, np.uint8), 3, chance)
    if kind == "picture":
        return landscape_picture(chance)
    page = Image.new("RGB", (wide, high), (236, 214, 120) if kind == "separator" else (255, 255, 255))
    pen = ImageDraw.Draw(page)
    if kind == "separator":
        pen.text((wide / 2, high / 2), "分 隔 页", font=font("hei", 160), fill=(0, 0, 0), anchor="mm")
    else:
        words = "关于报送有关材料的函。现将我单位有关材料随函报送,请予审核,如有不明之处请与经办人联系。"
        for line in range(22):
            pen.text(
                (wide * 0.12, high * 0.1 + line * 60), words[line % 5 :][:36], font=font("song", 38), fill=(0, 0, 0)
            )
    return np.asarray(page)


def landscape_picture(chance: random.Random) -> Rgb:
    """A picture that is no page: sky, hills, a sun, an animal of a few ellipses, and grain."""
    page = Image.new("RGB", (1600, 1200))
    pen = ImageDraw.Draw(page)
    for row in range(1200):
        pen.line((0, row, 1600, row), fill=(90 + row // 12, 140 + row // 20, 220 - row // 8))
    for hill in range(9):
        x, y = chance.randrange(1600), chance.randrange(600, 1100)
        pen.ellipse((x - 500, y, x + 500, y + 900), fill=(40 + hill * 9, 90 + chance.randrange(60), 50))
    pen.ellipse((500, 520, 1150, 980), fill=(120, 90, 60))
    pen.ellipse((420, 380, 700, 640), fill=(130, 98, 66))
    pen.polygon([(440, 420), (470, 300), (530, 400)], fill=(110, 80, 55))
    pen.ellipse((490, 470, 530, 510), fill=(20, 20, 20))
    return degrading.noisy(np.asarray(page), 10, chance)


def saved(stack: Stack, path: Path) -> None:
    """The stack as one PDF of pictures, as a multi-function copier sends it."""
    import pikepdf  # noqa: PLC0415 - only here

    with pikepdf.new() as whole:
        for page in stack.pages:
            buffer = io.BytesIO()
            Image.fromarray(page).save(buffer, "PDF", resolution=DPI, quality=85)
            with pikepdf.open(io.BytesIO(buffer.getvalue())) as one:
                whole.pages.extend(one.pages)
        whole.save(path)


@dataclass
class Outcome:
    """Counts over the stack."""

    pages: int = 0
    assigned: int = 0
    joined: int = 0
    fields: int = 0
    exact: int = 0
    review: int = 0
    silent: int = 0


def judged(stack: Stack, documents: Sequence[dict[str, Any]]) -> tuple[Outcome, list[str]]:
    """Pages that stand in the right document, documents whose pages are all there in order, and fields."""
    outcome, faults = Outcome(), list[str]()
    free = list(documents)
    for sheaf, pages in stack.sheaves:
        outcome.pages += len(pages)
        found = max(
            (one for one in free if one["form"] == sheaf.form),
            key=lambda one: len(set(one["pages"]) & set(pages)),
            default=None,
        )
        if found is None or not set(found["pages"]) & set(pages):
            faults.append(f"{sheaf.form} {sheaf.owner}: pages {pages} not found")
            continue
        free.remove(found)
        outcome.assigned += len(set(found["pages"]) & set(pages))
        outcome.joined += found["pages"] == pages
        if found["pages"] != pages:
            faults.append(f"{sheaf.form} {sheaf.owner}: pages {pages} read as {found['pages']}")
        score_fields(sheaf, found, outcome, faults)
    faults += [f"one too many: {one['form']} pages {one['pages']}" for one in free]
    outcome.silent += sum(
        1 for one in free for row in one["records"] for entry in row.values() if entry["value"] and not entry["review"]
    )
    return outcome, faults


def score_fields(sheaf: Sheaf, found: dict[str, Any], outcome: Outcome, faults: list[str]) -> None:
    """Add a document's fields to the counts; a value that no entry holds counts as silent."""
    said = {finding["code"] for finding in found["findings"]}
    rows = [("header", sheaf.truth["header"], found["header"])]
    pairs = zip(sheaf.truth["records"], found["records"], strict=False)
    rows += [(f"row {number}", truth, read) for number, (truth, read) in enumerate(pairs, start=1)]
    if len(found["records"]) != len(sheaf.truth["records"]):
        faults.append(
            f"{sheaf.form} {sheaf.owner}: {len(found['records'])} of {len(sheaf.truth['records'])} rows {said}"
        )
        outcome.silent += not said & ROWS_DOUBTED
    for name, truth, read in rows:
        for key, value in truth.items():
            entry = read.get(key)
            outcome.fields += 1
            if entry is not None and entry["review"]:
                outcome.review += 1
            if (entry is None and not value) or (entry is not None and _same(entry["value"], value)):
                outcome.exact += 1
            elif entry is None or not entry["review"]:
                outcome.silent += 1
                faults.append(
                    f"{sheaf.form} {sheaf.owner} {name} {key}: {value!r} read as {entry and entry['value']!r}"
                )


def _same(read: object, truth: object) -> bool:
    if isinstance(read, str) and isinstance(truth, str):
        return _bare(read) == _bare(truth)
    return read == truth or (read is None and truth == "")


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def main() -> None:
    """Make the stack, read it with the command a clerk would use, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=901)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the stack and its reading")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        stack = stacked(given.seed)
        path = folder / f"stack-{given.seed}.pdf"
        saved(stack, path)
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "service", "read", str(path)], capture_output=True, text=True, check=False
        )
        seconds = time.monotonic() - started
        path.with_suffix(".json").write_text(done.stdout, encoding="utf-8")
        reading = json.loads(done.stdout.splitlines()[-1])
    show(stack, reading, seconds)


def show(stack: Stack, reading: dict[str, Any], seconds: float) -> None:
    """Print the figures and every fault."""
    outcome, faults = judged(stack, reading["documents"])
    for fault in faults:
        print("  ", fault)
    print(f"status {reading['status']}, problem {reading['problem']}, {len(reading['documents'])} documents")
    between = f"{len(stack.others)} others lie between"
    print(f"pages       {outcome.assigned} of {outcome.pages} in the right document; {between}")
    print(f"documents   {outcome.joined} of {len(stack.sheaves)} whole and in order")
    fields = max(1, outcome.fields)
    shares = f"{outcome.exact / fields:.2%} exact, {outcome.review / fields:.2%} review"
    print(f"fields      {outcome.fields}: {shares}, {outcome.silent} silent")
    print(f"time        {seconds:.0f} s, {seconds / len(stack.pages):.2f} s a page of {len(stack.pages)}")


if __name__ == "__main__":
    main()

"""How well and how fast scans are read, a condition at a time, beside RapidOCR on the whole page in the same run.

    .venv/bin/python -m bench.read_scans [--seeds 901-903] [--conditions clean,phone] [--no-peer]

Pages are drawn (``samples/paper``) and stamped over their values. Seeds from 900 up are kept for this table: nothing
is tuned on them. A field counts as exact when it is equal after NFKC without white space. *Silent* is wrong and not
marked for a person; a *false fill* is a value in an empty cell. The peer is given each cell's true place, which the
whole-page engine would have to find first.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from forms.fieldtypes.registry import make_type
from parsers.decoder import CellDecoder
from parsers.document import Document
from parsers.picture import Picture, Rgb
from parsers.scan.recognise import recognise_pictures
from samples.paper import degrading, drawn, practice, seals
from samples.paper.fonts import looks
from samples.paper.people import UNITS

ROSTER_TYPES = {0: "ordinal", 1: "name", 3: "month", 4: "id_number", 7: "unit", 9: "unit", 10: "day", 11: "day"}
CARD_TYPES = {(0, 1): "name", (2, 1): "id_number", (2, 4): "phone", (0, 5): "month"}
STAMPED = {"card": ((7, 1), (7, 4), (2, 1)), "roster": ((3, 4), (9, 8), (12, 13))}
PAPER_KEEPS_PLACES = ("clean", "noise", "jpeg40")
"""Conditions that leave every cell where it was drawn, so that the peer's boxes can be given their cells."""


@dataclass
class Score:
    """Counts of one condition."""

    fields: int = 0
    exact: int = 0
    review: int = 0
    silent: int = 0
    ids_silent: int = 0
    false_fills: int = 0
    pages: int = 0
    seconds: float = 0.0
    seals: list[bool] = field(default_factory=list)

    def line(self, name: str) -> str:
        """The row of the table."""
        exact, review = self.exact / max(1, self.fields), self.review / max(1, self.fields)
        return (
            f"{name:<16}{self.fields:>7}{exact:>9.2%}{review:>9.2%}{self.silent:>8}{self.ids_silent:>5}"
            f"{self.false_fills:>7}{np.mean(self.seals or [False]):>7.0%}{self.seconds / max(1, self.pages):>8.2f}"
        )


@dataclass(frozen=True)
class Returned:
    """A page as it came back, with its truth."""

    form: str
    page: drawn.Drawn
    picture: Rgb
    units: tuple[str, ...]


def bare(text: str) -> str:
    """Text as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def returned_pages(seed: int, condition: str) -> Iterator[Returned]:
    """A card and a roster of one seed in one condition."""
    chance = random.Random(f"{seed}-{condition}")
    look = looks()[seed % len(looks())]
    for form in ("card", "roster"):
        sheet = practice.approval_card(seed) if form == "card" else practice.roster(seed, rows=15)
        page = drawn.draw(sheet, look)
        picture, units = page.picture, []
        for place in STAMPED[form]:
            left, top, right, bottom = page.places[place]
            units.append(chance.choice(UNITS))
            seal = seals.round_seal(units[-1], 200)
            picture = seals.press(picture, seal, ((left + right) / 2, (top + bottom) / 2), chance)
        yield Returned(form, page, degrading.CONDITIONS[condition](picture, chance), tuple(units))


def score_ours(one: Returned, document: Document, decoder: CellDecoder, score: Score) -> None:
    """Adds our reading of a page."""
    grids = document.pages[0].grids
    grid = max(grids, key=lambda grid: len(grid.cells)) if grids else None
    for place, truth in one.page.truth.items():
        score.fields += 1
        if grid is None or (grid.at(*place).row, grid.at(*place).column) != place:
            score.review += 1
            continue
        by_column = ROSTER_TYPES if one.form == "roster" and place[0] else {}
        kind = by_column.get(place[1], "text") if by_column else CARD_TYPES.get(place, "text")
        kind = "text" if one.form == "roster" and not place[0] else kind
        decoded = decoder.decode(0, grid.at(*place), make_type(kind))
        right = bare(decoded.text) == bare(truth)
        score.exact += right
        score.review += decoded.review
        score.silent += not right and not decoded.review
        score.ids_silent += kind == "id_number" and not right and not decoded.review
        score.false_fills += not truth and bool(decoded.text)
    read = sorted(seal.text for seal in document.pages[0].seals)
    score.seals += [unit in read for unit in one.units]


def score_peer(one: Returned, boxes: list[tuple[float, float, str]], score: Score) -> None:
    """Adds the whole-page engine's reading: texts whose middle lies in a cell, from top to bottom."""
    for place, truth in one.page.truth.items():
        left, top, right, bottom = (edge * 200 / 72 for edge in one.page.places[place])
        inside = sorted((y, x, text) for x, y, text in boxes if left <= x <= right and top <= y <= bottom)
        text = "".join(words for *_, words in inside)
        score.fields += 1
        score.exact += bare(text) == bare(truth)
        score.false_fills += not truth and bool(text)


def run(seeds: list[int], conditions: list[str], *, with_peer: bool) -> None:
    """Prints the table."""
    logging.disable(logging.WARNING)
    peer = None
    if with_peer:
        from rapidocr import RapidOCR  # noqa: PLC0415 - only the bench needs the package's own pipeline

        peer = RapidOCR()
    recognise_pictures([Picture(np.full((200, 200, 3), 255, np.uint8))])
    print(
        f"{'condition':<16}{'fields':>7}{'exact':>9}{'review':>9}{'silent':>8}{'ids':>5}{'fills':>7}{'seals':>7}{'s/page':>8}"
    )
    for condition in conditions:
        ours, theirs = Score(), Score()
        for one in (page for seed in seeds for page in returned_pages(seed, condition)):
            started = time.perf_counter()
            document, decoder = recognise_pictures([Picture(one.picture)])
            score_ours(one, document, decoder, ours)
            ours.seconds += time.perf_counter() - started
            ours.pages += 1
            if peer is None:
                continue
            started = time.perf_counter()
            answer: Any = peer(one.picture[..., ::-1])
            theirs.seconds += time.perf_counter() - started
            theirs.pages += 1
            if condition in PAPER_KEEPS_PLACES and answer.boxes is not None:
                middles = [(float(box[:, 0].mean()), float(box[:, 1].mean())) for box in answer.boxes]
                texts = [(x, y, text) for (x, y), text in zip(middles, answer.txts, strict=True)]
                score_peer(one, texts, theirs)
        print(ours.line(condition), flush=True)
        if peer is not None:
            shown = f"{theirs.exact / theirs.fields:>9.2%}" if theirs.fields else f"{'-':>9}"
            print(
                f"{'  RapidOCR':<16}{theirs.fields:>7}{shown}{'':>36}{theirs.seconds / max(1, theirs.pages):>8.2f}",
                flush=True,
            )


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="901-902", help="first and last seed")
    parser.add_argument("--conditions", default=",".join(degrading.CONDITIONS))
    parser.add_argument("--no-peer", action="store_true")
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    run(list(range(int(first), int(last or first) + 1)), given.conditions.split(","), with_peer=not given.no_peer)


if __name__ == "__main__":
    main()

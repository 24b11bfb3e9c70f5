"""How well seals, signatures and dates of the named boxes are told, a condition at a time.

    .venv/bin/python -m bench.seals [--seeds 901-903] [--conditions clean200,photo] [--forms attachment-4] [--show DIR]

Official forms are filled, printed, signed and stamped (:mod:`bench.stamped`), then scanned, copied or photographed.
Seeds from 900 up, and with them looks of seals and hands that the reader was not tuned on, are kept for the table.

*seal* and *sign* are precision and recall of "is there one"; *unit* how many seals were given their unit, *sure* how
many of these need nobody; *wrong* how many seals of a wrong unit passed in silence (must be 0); *stamp* how many name
stamps were told from a hand; *date* how many written days were read right, and how many wrong ones passed in silence.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PIL import Image

from bench.stamped import FORMS, KEPT_FONTS, KEPT_HANDS, Habits, Returned, Rgb, Truth, blanks, returned
from forms.catalogue import Catalogue
from forms.record import Extraction, Mark, MarkKind
from forms.rules.units import is_same_unit
from parsers.extracting import extract
from parsers.picture import Picture
from parsers.scan.recognise import recognise_pictures
from samples.paper import degrading

KEPT_FROM = 900
Wear = Callable[[Rgb, random.Random], Rgb]


@dataclass(frozen=True, slots=True)
class Condition:
    """How the pages of a row of the table are stamped, and what happens to them then."""

    dpi: int
    habits: Habits
    wear: Wear = lambda page, _: page


def _scanned(page: Rgb, chance: random.Random) -> Rgb:
    return degrading.packed(degrading.noisy(degrading.skewed(page, chance.uniform(-2, 2)), 6, chance), 65)


def _grey(page: Rgb, chance: random.Random) -> Rgb:
    return degrading.packed(degrading.copied(degrading.noisy(page, 4, chance), chance), 75)


def _photo(page: Rgb, chance: random.Random) -> Rgb:
    return degrading.packed(degrading.noisy(degrading.photographed(page, chance), 3, chance), 75)


CONDITIONS = {
    "clean200": Condition(200, Habits()),
    "clean300": Condition(300, Habits()),
    "scan200": Condition(200, Habits(), _scanned),
    "worn200": Condition(200, Habits(inks=("dry", "pale")), _scanned),
    "shapes200": Condition(200, Habits(ovals=0.6, name_stamps=0.5), _scanned),
    "astray200": Condition(200, Habits(wander=36.0, distract=True), _scanned),
    "low150": Condition(150, Habits(), lambda page, _: degrading.packed(page, 50)),
    "copier": Condition(200, Habits(), _grey),
    "photo": Condition(200, Habits(), _photo),
}


@dataclass
class Score:
    """Counts of one condition."""

    seals: list[tuple[bool, bool]] = field(default_factory=list)
    signatures: list[tuple[bool, bool]] = field(default_factory=list)
    silent_presence: int = 0
    units: list[tuple[bool, bool]] = field(default_factory=list)
    wrong: list[bool] = field(default_factory=list)
    stamps: list[bool] = field(default_factory=list)
    dates: list[tuple[bool, bool]] = field(default_factory=list)
    review: list[bool] = field(default_factory=list)
    pages: int = 0
    unread: int = 0
    seconds: float = 0.0

    def line(self, name: str) -> str:
        """The row of the table."""
        right = [unit for unit, _ in self.units]
        sure = [is_sure for unit, is_sure in self.units if unit]
        days = [exact for exact, _ in self.dates]
        return (
            f"{name:<11}{_rates(self.seals)}{_rates(self.signatures)}{self.silent_presence:>7}"
            f"{_share(right):>8}{_share(sure):>7}{sum(self.wrong):>4}/{len(self.wrong):<4}{_share(self.stamps):>7}"
            f"{_share(days):>7}{sum(silent for _, silent in self.dates):>5}{_share(self.review):>8}"
            f"{self.seconds / max(1, self.pages):>7.2f}{self.unread:>5}"
        )


HEAD = (
    f"{'condition':<11}{'n':>5}{'seal P':>8}{'R':>7}{'n':>5}{'sign P':>8}{'R':>7}{'silent':>7}"
    f"{'unit':>8}{'sure':>7}{'wrong':>9}{'stamp':>7}{'date':>7}{'sil.':>5}{'review':>8}{'s/page':>7}{'lost':>5}"
)


def _rates(pairs: Sequence[tuple[bool, bool]]) -> str:
    both = sum(told and there for told, there in pairs)
    told, there = sum(told for told, _ in pairs), sum(there for _, there in pairs)
    return f"{there:>5}{both / max(1, told):>8.1%}{both / max(1, there):>7.1%}"


def _share(answers: Sequence[bool]) -> str:
    return f"{np.mean(answers):.1%}" if answers else "-"


def score(one: Returned, extraction: Extraction, total: Score, say: Callable[[str], None]) -> None:
    """Adds what was read of a form."""
    marks = {(mark.key, mark.kind): mark for mark in extraction.record.marks}
    for key, truth in one.truth.items():
        for kind, there in ((MarkKind.SEAL, bool(truth.unit)), (MarkKind.SIGNATURE, truth.signed)):
            if kind.value not in truth.place.parts:
                continue
            mark = marks.get((key, kind)) or Mark(key, kind, None, review=True)
            told = bool(mark.present)
            (total.seals if kind is MarkKind.SEAL else total.signatures).append((told, there))
            total.review.append(mark.review)
            total.silent_presence += told is not there and not mark.review
            if told is not there:
                say(f"{key}.{kind}: {'there' if there else 'none'}, told {mark.present}, review {mark.review}")
        _score_words(truth, marks, total, say)


def _score_words(
    truth: Truth, marks: dict[tuple[str, MarkKind], Mark], total: Score, say: Callable[[str], None]
) -> None:
    key = truth.place.key
    seal, signed = marks.get((key, MarkKind.SEAL)), marks.get((key, MarkKind.SIGNATURE))
    if truth.unit and seal is not None and seal.present:
        read = bool(seal.unit) and is_same_unit(seal.unit or "", truth.unit)
        if truth.wrong:
            total.wrong.append(not seal.review)
            if not seal.review:
                say(
                    f"{key}: SILENT wrong unit {truth.unit}, expected {truth.place.unit}, read {seal.text}, {seal.unit}"
                )
        else:
            total.units.append((read, read and not seal.review))
            if not read or seal.review:
                say(f"{key}: unit {truth.unit}, read {seal.text}, {seal.unit}, review {seal.review}")
    if truth.stamped_name and signed is not None:
        total.stamps.append(signed.ink == "stamp")
    if "date" in truth.place.parts:
        day = marks.get((key, MarkKind.DATE))
        value = day.value if day is not None else None
        wrong = (value or "") != truth.day or (day is not None and bool(day.present) is not bool(truth.day))
        if truth.day or wrong:
            total.dates.append((not wrong, wrong and day is not None and not day.review))
        if wrong and day is not None:
            how = "for a person" if day.review else "SILENT"
            say(f"{key}.date: {how}, {truth.day or 'none'} read {day.text} {value}")


def run(
    seeds: Sequence[int], names: Sequence[str], forms: Sequence[str], folders: tuple[Path | None, Path | None]
) -> None:
    """Prints the table; ``folders`` are where PDFs are kept, and where pages that went wrong are saved."""
    catalogue = Catalogue.load()
    kept, show = folders
    recognise_pictures([Picture(np.full((200, 200, 3), 255, np.uint8))])
    print(HEAD, flush=True)
    prepared = [blank for form in forms for blank in zip(seeds, blanks(form, seeds, kept), strict=True)]
    for name in names:
        condition, total = CONDITIONS[name], Score()
        for seed, blank in prepared:
            chance = random.Random(f"{seed}-{name}-{blank.form}")
            habits = condition.habits
            if seed >= KEPT_FROM:
                habits = replace(habits, fonts=KEPT_FONTS, hands=KEPT_HANDS)
            one = returned(blank, condition.dpi, habits, chance)
            pages = [condition.wear(page, chance) for page in one.pages]
            started = time.perf_counter()
            document, decoder = recognise_pictures(
                [Picture(page, index=i, dpi=condition.dpi) for i, page in enumerate(pages)]
            )
            found = extract(document, catalogue, blank.form, decoder)
            total.seconds += time.perf_counter() - started
            total.pages += len(pages)
            said: list[str] = []
            if found:
                score(one, found[0], total, said.append)
            else:
                said.append("the form was not known")
                total.unread += 1
            if said and show:
                for index, page in enumerate(pages):
                    Image.fromarray(page).save(show / f"{name}-{blank.form}-{seed}-{index + 1}.png")
                print(*(f"  {name} {blank.form} {seed} {line}" for line in said), sep="\n", flush=True)
        print(total.line(name), flush=True)


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="901-902", help="first and last seed")
    parser.add_argument("--conditions", default=",".join(CONDITIONS))
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--keep", type=Path, help="folder in which printed forms are kept for the next run")
    parser.add_argument("--show", type=Path, help="folder for the pages of which something was told wrongly")
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    seeds = list(range(int(first), int(last or first) + 1))
    for folder in (given.keep, given.show):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    run(seeds, given.conditions.split(","), given.forms.split(","), (given.keep, given.show))


if __name__ == "__main__":
    main()

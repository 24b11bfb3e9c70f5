"""Pages for printing: Office files through LibreOffice in batches, each checked by its text and kept once done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from forms.errors import FormServiceError
from parsers.document import PrintMark
from parsers.errors import DocumentError
from parsers.tools.office import version
from service.operations.packs.offices import META, Cards, Roster
from service.operations.packs.parts import Parts, part_key
from writers.errors import OutputCheckFailedError
from writers.packing.cards import card_starts, join_cards
from writers.packing.fixed import fixed_pdf
from writers.packing.printcheck import body_of, page_texts, require_printed, sheet_blocks, word_blocks
from writers.packing.printsource import without_page_numbers
from writers.printing import mark_pages, mark_pdf
from writers.rendering import page_count, to_pdf_each

PRINT = "print.pdf"
BATCH_WEIGHT = 30.0
"""Seconds of one run of LibreOffice, about: what an ended run costs. It takes one to start."""
CARD_WEIGHT, ROW_WEIGHT, FILE_WEIGHT = 0.05, 0.005, 0.2
"""Seconds that LibreOffice takes for an approval form, a row of a roster, and any file."""
MOST_FILES = 40
WORTH_A_RUN = 4.0
"""So many seconds of work are worth the start of LibreOffice while more is still being made."""

Finish = Callable[[bytes], tuple[bytes, tuple[int, ...]]]
"""A converted file checked and marked: the pages, and where the documents in them begin."""


@dataclass(frozen=True)
class Sheet:
    """A file to be printed; ``make`` gives it when it is needed, ``weight`` is about how many seconds it takes.

    ``title`` is how people call it, ``documents`` how many are in it.
    """

    title: str
    key: str
    format: str
    weight: float
    make: Callable[[], bytes]
    finish: Finish
    documents: int = 1


@dataclass(frozen=True, slots=True)
class Printed:
    """Pages, and the page (from zero) on which each document in them begins."""

    content: bytes
    starts: tuple[int, ...]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return page_count(self.content)


class Press:
    """Prints files while the next ones are made: LibreOffice runs beside the checks of what it gave before.

    ``done`` is told of each file that is ready. A context manager: what LibreOffice is at when a fault ends the work
    is waited for and dropped.
    """

    def __init__(self, parts: Parts, done: Callable[[Sheet], None]) -> None:
        self._parts = parts
        self._done = done
        self._sheets: list[Sheet] = []
        self._results: dict[int, Printed | FormServiceError] = {}
        self._waiting: list[int] = []
        self._under_way: list[int] = []
        self._run: Future[tuple[bytes | DocumentError, ...]] | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="press")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def take(self, sheet: Sheet) -> None:
        """A file to be printed; one that was printed before is not printed again."""
        number = len(self._sheets)
        self._sheets.append(sheet)
        if (found := self._parts.find(_key(sheet))) is not None:
            self._keep(number, Printed(found[PRINT], tuple(json.loads(found[META]))))
        else:
            self._waiting.append(number)
        is_idle = self._run is None and sum(self._sheets[at].weight for at in self._waiting) >= WORTH_A_RUN
        if is_idle or (self._run is not None and self._run.done()):
            self._turn()

    def results(self) -> list[tuple[Sheet, Printed | FormServiceError]]:
        """All files in the order in which they were given, each with its pages or what was wrong with it."""
        while self._run is not None or self._waiting:
            self._turn()
        return [(sheet, self._results[number]) for number, sheet in enumerate(self._sheets)]

    def _turn(self) -> None:
        """Make what comes next while a run is under way, wait for that, start the next, and check what came."""
        following, contents = self._following()
        converted = self._run.result() if self._run is not None else ()
        finished, self._under_way = self._under_way, following
        self._run = self._pool.submit(to_pdf_each, contents) if contents else None
        for number, content in zip(finished, converted, strict=True):
            self._keep(number, _finished(self._parts, self._sheets[number], content))

    def _following(self) -> tuple[list[int], list[tuple[bytes, str]]]:
        if not self._waiting:
            return [], []
        batch = _batch(self._sheets, self._waiting)
        self._waiting = [number for number in self._waiting if number not in batch]
        return batch, [(self._sheets[number].make(), self._sheets[number].format) for number in batch]

    def _keep(self, number: int, result: Printed | FormServiceError) -> None:
        self._results[number] = result
        self._done(self._sheets[number])


def print_sheets(
    parts: Parts, sheets: Sequence[Sheet], done: Callable[[Sheet], None]
) -> list[tuple[Sheet, Printed | FormServiceError]]:
    """The files with their pages, in order; ``done`` is told of each that is ready."""
    with Press(parts, done) as press:
        for sheet in sheets:
            press.take(sheet)
        return press.results()


def _key(sheet: Sheet) -> str:
    return part_key("print", of=sheet.key, program=version())


def _batch(sheets: Sequence[Sheet], waiting: Sequence[int]) -> list[int]:
    """The next files of one format that make a batch."""
    wanted, weight = sheets[waiting[0]].format, 0.0
    batch: list[int] = []
    for number in waiting:
        sheet = sheets[number]
        if sheet.format != wanted:
            continue
        if batch and (weight + sheet.weight > BATCH_WEIGHT or len(batch) >= MOST_FILES):
            break
        weight += sheet.weight
        batch.append(number)
    return batch


def _finished(parts: Parts, sheet: Sheet, content: bytes | FormServiceError) -> Printed | FormServiceError:
    if isinstance(content, FormServiceError):
        return content
    try:
        made, starts = sheet.finish(content)
    except OutputCheckFailedError as fault:
        return fault
    parts.keep(_key(sheet), {PRINT: made, META: json.dumps(starts).encode()})
    return Printed(made, starts)


def roster_sheet(roster: Roster) -> Sheet:
    """A roster to be printed."""
    definition, is_word = roster.definition, roster.definition.file_format == "docx"

    def finish(pdf: bytes) -> tuple[bytes, tuple[int, ...]]:
        blocks = list(word_blocks(body_of(roster.content))) if is_word else list(sheet_blocks(roster.content))
        require_printed(blocks, page_texts(pdf))
        marked = mark_pdf(pdf, roster.mark, definition.form, definition.edition) if roster.mark else pdf
        return fixed_pdf(marked), ()

    ending = definition.file_format
    weight = FILE_WEIGHT + roster.rows * ROW_WEIGHT
    make = partial(without_page_numbers, roster.content, ending)
    return Sheet(f"附件{definition.number}", roster.key, ending, weight, make, finish)


def cards_sheet(made: Cards) -> Sheet:
    """Approval forms to be printed, as one file."""
    definition = made.cards[0].definition

    def finish(pdf: bytes) -> tuple[bytes, tuple[int, ...]]:
        starts = card_starts(made.contents, pdf)
        if not any(made.marks):
            return fixed_pdf(pdf), starts

        def mark_of(page: int) -> PrintMark:
            number = max(index for index, start in enumerate(starts) if start <= page)
            return PrintMark(made.marks[number], page - starts[number], definition.form, definition.edition)

        return fixed_pdf(mark_pages(pdf, mark_of)), starts

    weight = FILE_WEIGHT + len(made.contents) * CARD_WEIGHT
    title = f"附件{definition.number}({made.cards[0].person}等)"
    return Sheet(title, made.key, "docx", weight, lambda: join_cards(made.contents), finish, len(made.cards))


def letter_sheet(title: str, content: bytes) -> Sheet:
    """A report or a letter of ours to be printed."""
    key = part_key("letter", content=hashlib.sha256(content).hexdigest())

    def finish(pdf: bytes) -> tuple[bytes, tuple[int, ...]]:
        require_printed(list(word_blocks(body_of(content))), page_texts(pdf))
        return fixed_pdf(pdf), ()

    return Sheet(title, key, "docx", FILE_WEIGHT, lambda: without_page_numbers(content, "docx"), finish, 0)

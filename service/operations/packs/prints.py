"""Pages for printing: Office files through LibreOffice in batches, each checked by its text and kept once done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from forms.definition import FormDefinition
from forms.errors import FormServiceError
from parsers.document import PrintMark
from parsers.errors import DocumentError
from parsers.tools.office import version
from parsers.tools.slots import slot_count
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
SHORT_LETTER, LETTER_BYTES = 50_000, 20_000
"""Bytes of a letter of a page or two, and those beyond that LibreOffice takes a second for: the reports are long."""
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
    """Prints files while the next ones are made, in as many runs of LibreOffice at once as may be.

    ``done`` is told of each file that is ready. A context manager: what LibreOffice is at when a fault ends the work
    is waited for and dropped.
    """

    def __init__(self, parts: Parts, done: Callable[[Sheet], None]) -> None:
        self._parts = parts
        self._done = done
        self._sheets: list[Sheet] = []
        self._results: dict[int, Printed | FormServiceError] = {}
        self._waiting: list[int] = []
        self._under_way: dict[Future[tuple[bytes | DocumentError, ...]], list[int]] = {}
        self._most = slot_count() + 1
        """One more than can run: its files are made while the others run."""
        self._pool = ThreadPoolExecutor(self._most, thread_name_prefix="press")

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
        self._start(WORTH_A_RUN)
        self._gather([run for run in self._under_way if run.done()])

    def results(self) -> list[tuple[Sheet, Printed | FormServiceError]]:
        """All files in the order in which they were given, each with its pages or what was wrong with it."""
        while self._under_way or self._waiting:
            self._start(0.0)
            self._gather(wait(self._under_way, return_when=FIRST_COMPLETED).done)
        return [(sheet, self._results[number]) for number, sheet in enumerate(self._sheets)]

    def _start(self, least: float) -> None:
        """Start runs while there is room for them and so many seconds of work wait."""
        while self._waiting and len(self._under_way) < self._most:
            if sum(self._sheets[at].weight for at in self._waiting) < least:
                break
            batch = _batch(self._sheets, self._waiting, slot_count())
            self._waiting = [number for number in self._waiting if number not in batch]
            self._under_way[self._pool.submit(_converted, [self._sheets[number] for number in batch])] = batch

    def _gather(self, runs: Iterable[Future[tuple[bytes | DocumentError, ...]]]) -> None:
        """Check what ended runs gave; what waits is started first, so that LibreOffice is not kept waiting."""
        for run in list(runs):
            numbers = self._under_way.pop(run)
            self._start(WORTH_A_RUN)
            for number, content in zip(numbers, run.result(), strict=True):
                self._keep(number, _finished(self._parts, self._sheets[number], content))

    def _keep(self, number: int, result: Printed | FormServiceError) -> None:
        self._results[number] = result
        self._done(self._sheets[number])


def _converted(sheets: Sequence[Sheet]) -> tuple[bytes | DocumentError, ...]:
    """The files made and turned into PDF."""
    return to_pdf_each([(sheet.make(), sheet.format) for sheet in sheets])


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


def _batch(sheets: Sequence[Sheet], waiting: Sequence[int], runs: int) -> list[int]:
    """The next files of one format that make a batch: no more than leaves something for the other runs."""
    wanted, weight = sheets[waiting[0]].format, 0.0
    share = sum(sheets[number].weight for number in waiting) / runs
    most = min(BATCH_WEIGHT, max(share, WORTH_A_RUN))
    batch: list[int] = []
    for number in waiting:
        sheet = sheets[number]
        if sheet.format != wanted:
            continue
        if batch and (weight + sheet.weight > most or len(batch) >= MOST_FILES):
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
    definition = roster.definition
    ending = definition.file_format
    weight = FILE_WEIGHT + roster.rows * ROW_WEIGHT
    make = partial(without_page_numbers, roster.content, ending)
    finish = partial(_whole, definition, roster.content, roster.mark, ())
    return Sheet(f"附件{definition.number}", roster.key, ending, weight, make, finish)


def _whole(
    definition: FormDefinition, content: bytes, mark: str, starts: tuple[int, ...], pdf: bytes
) -> tuple[bytes, tuple[int, ...]]:
    """The pages of one file, checked and marked.

    Raises:
        OutputCheckFailedError: something of the file is not on its pages.
    """
    is_word = definition.file_format == "docx"
    blocks = list(word_blocks(body_of(content))) if is_word else list(sheet_blocks(content))
    require_printed(blocks, page_texts(pdf))
    return fixed_pdf(mark_pdf(pdf, mark, definition.form, definition.edition) if mark else pdf), starts


def cards_sheet(made: Cards) -> Sheet:
    """Approval forms to be printed: those in Word as one file, of those in Excel each part holds one."""
    definition = made.cards[0].definition
    title = f"附件{definition.number}({made.cards[0].person}等)"
    if definition.file_format != "docx":
        (content,), (mark,) = made.contents, made.marks
        make = partial(without_page_numbers, content, definition.file_format)
        one = partial(_whole, definition, content, mark, (0,))
        return Sheet(title, made.key, definition.file_format, FILE_WEIGHT, make, one)

    def finish(pdf: bytes) -> tuple[bytes, tuple[int, ...]]:
        starts = card_starts(made.contents, pdf)
        if not any(made.marks):
            return fixed_pdf(pdf), starts

        def mark_of(page: int) -> PrintMark:
            number = max(index for index, start in enumerate(starts) if start <= page)
            return PrintMark(made.marks[number], page - starts[number], definition.form, definition.edition)

        return fixed_pdf(mark_pages(pdf, mark_of)), starts

    weight = FILE_WEIGHT + len(made.contents) * CARD_WEIGHT
    return Sheet(title, made.key, "docx", weight, lambda: join_cards(made.contents), finish, len(made.cards))


def letter_sheet(title: str, content: bytes) -> Sheet:
    """A report or a letter of ours to be printed."""
    key = part_key("letter", content=hashlib.sha256(content).hexdigest())

    def finish(pdf: bytes) -> tuple[bytes, tuple[int, ...]]:
        require_printed(list(word_blocks(body_of(content))), page_texts(pdf))
        return fixed_pdf(pdf), ()

    weight = FILE_WEIGHT + max(0, len(content) - SHORT_LETTER) / LETTER_BYTES
    return Sheet(title, key, "docx", weight, lambda: without_page_numbers(content, "docx"), finish, 0)

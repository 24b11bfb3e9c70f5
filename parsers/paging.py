"""The pages of a file → runs: which pages make one document, and in what order they are read.

What arrives is a stack: mixed forms and units, blank backs, separators, pages in the wrong order. Pages that carry
our print mark go together by its number. Of the others, a page with a title begins a document, and one without goes
to the document that it continues: by its labels, its columns, its running numbers, its page number and where it lies.
A page of which two documents could be the owner, or none, stays alone, and the reading says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from forms.definition import Layout
from parsers.document import Document, Grid, Page
from parsers.leaves import Leaf, has_gap, is_bare, is_blank, same_columns
from parsers.locating.titles import TitleFinder

PAGED = frozenset({"pdf", "image", "ofd"})
"""Formats whose pages are sheets of paper. Sheets of a workbook and parts of a Word file are told apart by titles."""
JOIN_UNCERTAIN = "page-join-uncertain"
"""Note of a page, and of its cells, that was joined to the pages before it for want of a better place."""
PAGES_MISSING = "pages-missing"
"""Note of the first page after which, by numbering, something is missing."""
PAGES_REORDERED = "pages-reordered"
"""Note of the first page of a document whose pages did not lie in the order in which they are read."""
SAME_UNIT = 88.0
"""Likeness of two units' names, read by OCR, from which they may be one where the numbering goes on as well."""
_NUMBER_GOES_ON, _PAGE_GOES_ON, _BEHIND, _BEFORE, _ALIKE = 4.0, 3.0, 3.0, 2.0, 1.0
_EQUAL = 100.0
_SHARED = 0.5
"""Part of what a page's labels say for the form they suit best that they must say for a document's form."""
_LEAST, _CLEAR, _FAR = 3.0, 1.0, 2.5
"""Evidence that a join needs; by how much it must be more than for any other document; and by how much where that
other document would do by itself."""
MANY = 100
"""Pages from which one that goes on right where the page before it ends is not weighed against all others."""
_MOST_AGAIN = 2
"""Labels of a card that may stand on two of its pages."""
_SURE = 5.0
"""Evidence from which a join needs no second look: numbering, or place and page number, or place and columns."""
_SURE_ALONE = 4.0
"""The same in a file of one document and one page more: place, and labels that suit its form best."""


@dataclass
class _Run:
    leaves: list[Leaf]
    is_stray: bool = False
    doubtful: set[int] = field(default_factory=set)
    """Positions of the pages that were joined on weak evidence."""


@dataclass(frozen=True)
class PageRun:
    """Pages of one document in reading order. ``is_stray`` says that they belong to no document that was found."""

    pages: tuple[Page, ...]
    is_stray: bool = False


def runs_of(document: Document, titles: TitleFinder, leaf_of: Callable[[Page, int], Leaf]) -> tuple[PageRun, ...]:
    """The runs of a file, in the order of their first pages as they lie; blank pages are in none.

    Args:
        document: a file whose pages are sheets.
        titles: finds titles of forms.
        leaf_of: what a page at a position says by itself.
    """
    runs: list[_Run] = []
    waiting: list[Leaf] = []
    for position, page in enumerate(document.pages):
        if page.hidden or is_blank(page):
            continue
        leaf = leaf_of(page, position)
        if is_bare(page, titles) and not leaf.scores:
            runs.append(_Run([leaf], is_stray=True))
        elif (home := _marked_home(runs, leaf)) is not None or (home := _repeated_home(runs, leaf)) is not None:
            home.leaves.append(leaf)
        elif len(document.pages) > MANY and runs and _goes_on(runs[-1], leaf):
            runs[-1].leaves.append(leaf)
        elif _begins(leaf):
            runs.append(_Run([leaf]))
        else:
            waiting.append(leaf)
    _place(runs, waiting)
    runs.sort(key=lambda run: min(leaf.position for leaf in run.leaves))
    return tuple(_finished(run) for run in runs)


def _begins(leaf: Leaf) -> bool:
    """Whether a page is the first of a document, or the only one of which we know.

    A later page by its mark waits: the mark of the first may have been cut off.
    """
    if leaf.titled or leaf.starts_card or (leaf.mark is not None and leaf.mark.page <= 0):
        return True
    if leaf.mark is not None:
        return False
    return leaf.form is not None and leaf.first == 1 and bool(leaf.unit)


def _goes_on(run: _Run, leaf: Leaf) -> bool:
    """Whether a page lies right behind a run's last one and goes on with its columns, numbers or page numbers."""
    last = run.leaves[-1]
    if run.is_stray or last.position + 1 != leaf.position or _contradicts([*run.leaves[:1], last], leaf):
        return False
    if leaf.first is not None and last.last is not None:
        return leaf.first == last.last + 1
    return not leaf.titled and (same_columns(last.columns, leaf.columns) or leaf.form is None)


def _marked_home(runs: Iterable[_Run], leaf: Leaf) -> _Run | None:
    if leaf.mark is None:
        return None
    for run in runs:
        same = [one.mark.page for one in run.leaves if one.mark and one.mark.document_id == leaf.mark.document_id]
        if same and (leaf.mark.page < 0 or leaf.mark.page not in same):
            return run
    return None


def _repeated_home(runs: Sequence[_Run], leaf: Leaf) -> _Run | None:
    """The roster that goes on on a page which repeats its title: same form, same unit, and the numbers go on."""
    if not leaf.titled or leaf.mark is not None or leaf.form is None or leaf.form.layout is Layout.CARD:
        return None
    for run in reversed(runs):
        if run.is_stray or run.leaves[0].form is not leaf.form or any(one.mark is not None for one in run.leaves):
            continue
        before = _ordered(run.leaves)
        if leaf.first is not None and (end := _last_number(before)) is not None:
            goes_on = leaf.first == end + 1 and leaf.first > 1
            starts = [one.first for one in before if one.first is not None]
            comes_before = bool(starts) and leaf.last is not None and leaf.last + 1 == min(starts)
            if (goes_on or comes_before) and _likeness(run, leaf) >= SAME_UNIT:
                return run
        elif run is runs[-1] and leaf.unit and _likeness(run, leaf) == _EQUAL and leaf.first is None:
            return run
    return None


def _likeness(run: _Run, leaf: Leaf) -> float:
    """How alike the units of a run and a page are, 0 to 100; a page that names none may be anybody's."""
    own = next((one.unit for one in run.leaves if one.unit), "")
    return _EQUAL if not own or not leaf.unit else float(fuzz.ratio(own, leaf.unit))


def _place(runs: list[_Run], waiting: list[Leaf]) -> None:
    """Give each page without a beginning of its own to the run that it continues, the surest first.

    Where nothing fits, a page that is of some form begins a document after all: its first page is not here.
    """
    left = list(waiting)
    needed = _SURE_ALONE if len(runs) == 1 and len(waiting) == 1 else _SURE
    while left:
        marked = next(((leaf, home) for leaf in left if (home := _marked_home(runs, leaf)) is not None), None)
        if marked is not None:
            marked[1].leaves.append(marked[0])
            left.remove(marked[0])
            continue
        options = [(evidence, leaf, run) for leaf in left for evidence, run in [_best(runs, leaf, left)] if run]
        if options:
            evidence, leaf, run = max(options, key=lambda option: (option[0], -option[1].position))
            run.leaves.append(leaf)
            if evidence < needed:
                run.doubtful.add(leaf.position)
        else:
            headless = [leaf for leaf in left if leaf.form is not None]
            if not headless:
                break
            leaf = min(headless, key=lambda one: (one.first or 0, one.position))
            runs.append(_Run([leaf]))
        left.remove(leaf)
    for leaf in left:
        beside = next((run for run in runs if run.is_stray and _goes_with(run, leaf)), None)
        if beside is not None:
            beside.leaves.append(leaf)
        else:
            runs.append(_Run([leaf], is_stray=True))


def _goes_with(run: _Run, leaf: Leaf) -> bool:
    """Whether a stray page continues another one."""
    last = run.leaves[-1]
    return bool(last.columns) and same_columns(last.columns, leaf.columns) and leaf.position == last.position + 1


def _best(runs: Sequence[_Run], leaf: Leaf, waiting: Sequence[Leaf]) -> tuple[float, _Run | None]:
    """The run that a page continues, and how much speaks for it more than for the next best one."""
    found = sorted(
        ((_evidence(runs, run, leaf, waiting), index) for index, run in enumerate(runs) if not run.is_stray),
        reverse=True,
    )
    if not found or found[0][0] < _LEAST:
        return 0.0, None
    rival = found[1][0] if len(found) > 1 else 0.0
    if found[0][0] - rival < _CLEAR:
        return 0.0, None
    surely = found[0][0] if rival < _SURE or found[0][0] - rival >= _FAR else _LEAST
    return surely, runs[found[0][1]]


def _evidence(runs: Sequence[_Run], run: _Run, leaf: Leaf, waiting: Sequence[Leaf]) -> float:
    """How much speaks for a page being of a run; less than nothing where something speaks against it."""
    pages = _ordered(run.leaves)
    if _contradicts(pages, leaf):
        return -1.0
    evidence = 0.0
    end = _last_number(pages)
    starts = [one.first for one in pages if one.first is not None]
    follows = leaf.first is not None and end is not None and leaf.first == end + 1
    precedes = leaf.last is not None and bool(starts) and leaf.last + 1 == min(starts)
    if follows or precedes:
        evidence += _NUMBER_GOES_ON
    numbers = {1 if one.number is None and one.titled and one.first == 1 else one.number for one in pages}
    if leaf.number is not None and None not in numbers and {leaf.number - 1, leaf.number + 1} & numbers:
        evidence += _PAGE_GOES_ON
    evidence += _place_speaks(runs, run, leaf, waiting)
    if any(same_columns(one.columns, leaf.columns) for one in pages):
        evidence += _ALIKE
    if leaf.scores and _share(leaf, pages[0]) >= 1.0:
        evidence += _ALIKE
    return evidence


def _contradicts(pages: Sequence[Leaf], leaf: Leaf) -> bool:
    """Whether a page cannot be of the document that these pages are of."""
    first = pages[0]
    if first.form is None or (leaf.form is not None and leaf.form is not first.form and leaf.first is not None):
        return True
    documents = {one.mark.document_id for one in pages if one.mark is not None}
    if leaf.mark is not None and documents and leaf.mark.document_id not in documents:
        return True
    lies = {one.is_landscape for one in (leaf, first)} - {None}
    is_other_form = bool(leaf.scores) and _share(leaf, first) < _SHARED
    is_other_unit = bool(leaf.unit and first.unit) and fuzz.ratio(leaf.unit, first.unit) < SAME_UNIT
    is_there = leaf.number is not None and leaf.number in {one.number for one in pages}
    return len(lies) > 1 or is_other_form or is_other_unit or is_there or _is_over(pages, leaf)


def _is_over(pages: Sequence[Leaf], leaf: Leaf) -> bool:
    """Whether a document has already all that a page would bring: its total, its foot, its rows, its labels."""
    end = _last_number(pages)
    if leaf.has_rows and any(one.has_total for one in pages):
        return end is None or (leaf.last or 0) > end
    if any(one.boxes & leaf.boxes for one in pages):
        return True
    form = pages[0].form
    if form is not None and form.layout is Layout.CARD:
        return any(len(one.keys & leaf.keys) > _MOST_AGAIN for one in pages)
    taken = [(one.first, one.last) for one in pages if one.first is not None and one.last is not None]
    return leaf.first is not None and any(low <= leaf.first <= high for low, high in taken)


def _share(leaf: Leaf, first: Leaf) -> float:
    """How well a page's labels suit the form of a document, beside the form that they suit best."""
    scores = dict(leaf.scores)
    best = max(scores.values(), default=0.0)
    return scores.get(first.form.form, 0.0) / best if best and first.form is not None else 0.0


def _place_speaks(runs: Sequence[_Run], run: _Run, leaf: Leaf, waiting: Sequence[Leaf]) -> float:
    """What a page's place in the stack says: right behind a document, or right before its first page."""
    own = {one.position for one in run.leaves}
    others = {one.position for other in runs if other is not run and not other.is_stray for one in other.leaves}
    open_places = {one.position for one in waiting}
    before = [place for place in own if place < leaf.position]
    after = [place for place in own if place > leaf.position]
    spoken = 0.0
    if before and not any(max(before) < place < leaf.position for place in others):
        steps = sum(max(before) < place < leaf.position for place in open_places)
        spoken = max(spoken, _BEHIND - 0.5 * steps)
    if after and not any(leaf.position < place < min(after) for place in others):
        steps = sum(leaf.position < place < min(after) for place in open_places)
        spoken = max(spoken, _BEFORE - 0.5 * steps)
    return spoken


def _last_number(pages: Iterable[Leaf]) -> int | None:
    return max((one.last for one in pages if one.last is not None), default=None)


def _ordered(leaves: Sequence[Leaf]) -> list[Leaf]:
    """Pages in reading order: by print mark, by page number, or with the title first and the foot last."""
    marks = [leaf.mark.page for leaf in leaves if leaf.mark is not None and leaf.mark.page >= 0]
    if len(set(marks)) == len(leaves):
        return sorted(leaves, key=lambda leaf: leaf.mark.page if leaf.mark is not None else 0)
    numbers = [leaf.number for leaf in leaves if leaf.number is not None]
    if len(set(numbers)) == len(leaves):
        return sorted(leaves, key=lambda leaf: leaf.number or 0)
    is_reversed = _lies_reversed(leaves)
    return sorted(
        leaves,
        key=lambda leaf: (
            not leaf.titled or (leaf.first or 1) > 1,
            leaf.first if leaf.first is not None else (float("inf") if leaf.boxes else 0.5),
            -leaf.position if is_reversed else leaf.position,
        ),
    )


def _lies_reversed(leaves: Sequence[Leaf]) -> bool:
    """Whether the page with the title lies behind all others."""
    titled = [leaf.position for leaf in leaves if leaf.titled]
    rest = [leaf.position for leaf in leaves if not leaf.titled]
    return bool(titled and rest) and min(titled) > max(rest)


def _finished(run: _Run) -> PageRun:
    """The run with what must be said of it as notes on its pages."""
    leaves = _ordered(run.leaves)
    pages = [_doubted(leaf.page) if leaf.position in run.doubtful else leaf.page for leaf in leaves]
    notes: list[str] = []
    if [leaf.position for leaf in leaves] != sorted(leaf.position for leaf in leaves):
        notes.append(PAGES_REORDERED)
    numbers = [leaf.number for leaf in leaves if leaf.number is not None]
    is_whole = len(numbers) < len(leaves) or numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    starts = [leaf.first for leaf in leaves if leaf.first is not None]
    if not run.is_stray and (has_gap(leaves) is not None or not is_whole or (starts and starts[0] > 1)):
        notes.append(PAGES_MISSING)
    if notes:
        pages[0] = replace(pages[0], notes=(*pages[0].notes, *notes))
    return PageRun(tuple(pages), run.is_stray)


def _doubted(page: Page) -> Page:
    """The page with the doubt on each of its cells, so that every value taken from it goes to a person."""
    blocks = tuple(
        replace(block, cells=tuple(replace(cell, notes=(*cell.notes, JOIN_UNCERTAIN)) for cell in block.cells))
        if isinstance(block, Grid)
        else replace(block, notes=(*block.notes, JOIN_UNCERTAIN))
        for block in page.blocks
    )
    return replace(page, blocks=blocks, notes=(*page.notes, JOIN_UNCERTAIN))

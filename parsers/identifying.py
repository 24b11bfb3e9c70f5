"""Which forms a document holds, in which edition, how sure that is, and which blocks belong to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from forms.catalogue import Catalogue
from forms.cleaning import squeeze
from forms.definition import FormDefinition, Layout, Requirement
from parsers.document import Cell, Document, Grid, Page, PrintMark
from parsers.editions import fitting
from parsers.leaves import Leaf, column_edges, numbering, page_number
from parsers.locating.heads import HeadFinder
from parsers.locating.parts import GridSlice, Part, line_cell
from parsers.locating.pieces import Piece, pieces_of
from parsers.locating.running import RunningReader
from parsers.locating.titles import TitleFinder
from parsers.locating.vocabulary import Certainty, Role, Vocabulary, vocabulary_of
from parsers.paging import PAGED, runs_of

_LABEL_ROWS = 80
_FEWEST_LABELS = 3
_MARGIN = 1.12
_LONGEST_LABEL = 60
_MOST_LABELS = 0.5
_LEAST_COVERAGE = 0.34
_BY_MARK, _BY_TITLE, _BY_ALIAS = 0.99, 0.98, 0.95


@dataclass(frozen=True)
class Identified:
    """One form found in a document."""

    definition: FormDefinition
    confidence: float
    parts: tuple[Part, ...]
    mark: PrintMark | None = None
    notes: tuple[str, ...] = ()
    """Doubts, as finding codes (``form-mismatch``)."""

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages it stands on."""
        return tuple(dict.fromkeys(part.page.index for part in self.parts))


@dataclass(frozen=True)
class Identification:
    """The forms of a document, and the parts that belong to none."""

    forms: tuple[Identified, ...]
    unknown: tuple[Part, ...] = ()


def identify(document: Document, catalogue: Catalogue, form: str | None = None) -> Identification:
    """The forms of a document. ``form`` is what the caller says it is; a title that says otherwise is believed more.

    Of several editions of a form the one that fits the document is taken.

    Raises:
        UnknownFormError: ``form`` names no form of the catalogue.
    """
    catalogue = fitting(document, catalogue)
    given = catalogue.find(form) if form else None
    titles = TitleFinder(catalogue.definitions)
    if (
        document.format not in PAGED
        or len(document.pages) == 1
        or any(_is_mixed(page, titles) for page in document.pages)
    ):
        return _of_pages(document, catalogue, given, titles)
    found: list[Identified] = []
    unknown: list[Part] = []
    for run in runs_of(document, titles, lambda page, position: _leaf(page, position, catalogue, given, titles)):
        part = replace(document, pages=run.pages)
        one = _of_pages(part, catalogue, given, titles, is_run=True)
        found.extend(one.forms)
        unknown.extend(one.unknown)
        unknown.extend(Part(page, ()) for page in run.pages if not page.blocks)
    return Identification(tuple(found), tuple(unknown))


def _of_pages(
    document: Document,
    catalogue: Catalogue,
    given: FormDefinition | None,
    titles: TitleFinder,
    *,
    is_run: bool = False,
) -> Identification:
    """The forms of pages taken one after another; ``is_run`` says that they are known to be one document."""
    found: list[Identified] = []
    unknown: list[Part] = []
    for page in document.pages:
        if page.hidden:
            continue
        for piece in pieces_of(page, titles):
            one = _identify(piece, catalogue, given)
            if found and is_run and (one is None or piece.title is None or found[-1].definition is one.definition):
                found[-1] = replace(found[-1], parts=(*found[-1].parts, piece.part))
            elif one is None:
                if found and _may_continue(document, found[-1], piece):
                    found[-1] = replace(found[-1], parts=(*found[-1].parts, piece.part))
                else:
                    unknown.append(piece.part)
            elif found and _is_same(document, found[-1], one, piece):
                found[-1] = replace(found[-1], parts=(*found[-1].parts, piece.part))
            else:
                found.append(one)
    return _with_loose_parts(Identification(tuple(found), tuple(unknown)))


def _is_mixed(page: Page, titles: TitleFinder) -> bool:
    """Whether a form begins on a page below the end of another one."""
    return sum(piece.title is not None for piece in pieces_of(page, titles)) > 1 or any(
        piece.title is not None for piece in list(pieces_of(page, titles))[1:]
    )


def _leaf(page: Page, position: int, catalogue: Catalogue, given: FormDefinition | None, titles: TitleFinder) -> Leaf:
    """What a page says by itself."""
    pieces = list(pieces_of(page, titles))
    piece = pieces[0] if pieces else Piece(Part(page, ()), None)
    one = _identify(piece, catalogue, given)
    keys = {definition.form: _keys(piece.part, definition) for definition in catalogue.definitions}
    scores = _scores(keys)
    best = (
        one.definition if one is not None else catalogue.find(max(scores, key=scores.__getitem__)) if scores else None
    )
    own = keys[best.form] if best is not None and best.form in keys else set[str]()
    rows = numbering(page)
    is_card = best is not None and best.layout is Layout.CARD
    return Leaf(
        page,
        position,
        one.definition if one is not None else None,
        titled=piece.title is not None and one is not None,
        unit=_unit_of(piece.part, best) if best is not None and not is_card else "",
        mark=page.print_mark,
        number=page_number(page),
        first=rows.first,
        last=rows.last,
        has_rows=rows.has_rows,
        boxes=frozenset() if is_card else frozenset(key for key in own if key.startswith("box:")),
        has_total=rows.has_total,
        starts_card=is_card and one is not None and "name" in own,
        scores=tuple(sorted(scores.items())),
        columns=column_edges(page),
        keys=frozenset(own),
    )


def _scores(keys: Mapping[str, set[str]]) -> dict[str, float]:
    """How much the labels of a part speak for each form; a label that few forms have says more than one all have."""
    holders: dict[str, int] = {}
    for found in keys.values():
        for key in found:
            holders[key] = holders.get(key, 0) + 1
    return {form: sum(1 / holders[key] for key in found) for form, found in keys.items() if found}


def _with_loose_parts(identification: Identification) -> Identification:
    """Lines before the first form of the same page belong to that form."""
    forms = list(identification.forms)
    unknown = list(identification.unknown)
    for part in list(unknown):
        after = next((index for index, one in enumerate(forms) if one.parts[0].page is part.page), None)
        if after is not None:
            forms[after] = replace(forms[after], parts=(part, *forms[after].parts))
            unknown.remove(part)
    return Identification(tuple(forms), tuple(unknown))


def _identify(piece: Piece, catalogue: Catalogue, given: FormDefinition | None) -> Identified | None:
    part = piece.part
    mark = part.page.print_mark
    by_title = piece.title.definition if piece.title else None
    if mark is not None and (by_title is None or by_title.form == mark.form):
        marked = _of_mark(mark, catalogue)
        if marked is not None and (by_title is not None or given in (None, marked)) and _matches(part, marked) >= 1:
            return Identified(marked, _BY_MARK, (part,), mark, _mismatch(marked, given))
    if piece.title is not None and by_title is not None:
        base = _BY_TITLE if piece.title.exact else _BY_ALIAS
        share = _coverage(part, by_title)
        if share == 0.0 and not part.grids and given is None:
            return None
        confidence = base if share >= _MOST_LABELS else round(base * (0.6 + 0.8 * share), 3)
        return Identified(by_title, confidence, (part,), mark, _mismatch(by_title, given))
    if given is not None:
        return (
            Identified(given, round(0.5 + 0.45 * _coverage(part, given), 3), (part,), mark)
            if _matches(part, given)
            else None
        )
    return _by_labels(part, catalogue)


def _of_mark(mark: PrintMark, catalogue: Catalogue) -> FormDefinition | None:
    same = [item for item in catalogue.definitions if item.form == mark.form]
    return next((item for item in same if item.edition == mark.edition), same[-1] if same else None)


def _mismatch(found: FormDefinition, given: FormDefinition | None) -> tuple[str, ...]:
    return () if given is None or given.form == found.form else ("form-mismatch",)


def _by_labels(part: Part, catalogue: Catalogue) -> Identified | None:
    """The form whose labels stand there."""
    keys = {definition.form: _keys(part, definition) for definition in catalogue.definitions}
    spoken = _scores(keys)
    scores = sorted(
        (
            (spoken.get(item.form, 0.0), _coverage_of(keys[item.form], item), index)
            for index, item in enumerate(catalogue.definitions)
        ),
        reverse=True,
    )
    if not scores:
        return None
    best_score, coverage, index = scores[0]
    definition = catalogue.definitions[index]
    if len(keys[definition.form]) < _FEWEST_LABELS or coverage < _LEAST_COVERAGE:
        return None
    rival = scores[1][0] if len(scores) > 1 else 0.0
    if best_score < rival * _MARGIN:
        return None
    lead = min(1.0, (best_score - rival) / best_score)
    return Identified(definition, round(0.5 + 0.25 * coverage + 0.2 * lead, 3), (part,), part.page.print_mark)


def _keys(part: Part, definition: FormDefinition) -> set[str]:
    """The labels of a form that stand in a part, as keys: fields, header fields and boxes."""
    vocabulary = vocabulary_of(definition)
    keys: set[str] = set()
    for block in part.grids:
        keys |= _head_keys(block, vocabulary)
        for cell in block.grid.cells:
            if cell.row - block.top > _LABEL_ROWS or not block.top <= cell.row < block.bottom:
                continue
            keys |= _cell_keys(cell, vocabulary)
    running = RunningReader(vocabulary, person_too=definition.layout is Layout.CARD)
    for line in part.lines:
        for found in running.read([line_cell(line)]):
            if found.meaning is not None and found.meaning.certainty is Certainty.EXACT:
                keys.update(found.meaning.keys)
    return keys


def _head_keys(block: GridSlice, vocabulary: Vocabulary) -> set[str]:
    """The fields named by a head of several levels."""
    near = GridSlice(
        Grid(
            block.grid.rows, block.grid.columns, tuple(c for c in block.grid.cells if c.row - block.top <= _LABEL_ROWS)
        ),
        block.top,
        min(block.bottom, block.top + _LABEL_ROWS),
    )
    rows = near.rows()
    finder = HeadFinder(vocabulary, rows)
    for row in sorted(rows):
        head = finder.at(row)
        if head is not None:
            return {
                key
                for column in head.known
                if column.meaning and column.meaning.certainty is Certainty.EXACT
                for key in column.meaning.keys
            }
    return set()


def _cell_keys(cell: Cell, vocabulary: Vocabulary) -> set[str]:
    if len(cell.text) > _LONGEST_LABEL or not cell.text.strip():
        return set()
    meaning = vocabulary.person_label(cell.text)
    if meaning is not None and meaning.certainty is Certainty.EXACT and meaning.role in (Role.FIELD, Role.COMBINED):
        return set(meaning.keys)
    box = vocabulary.box(cell.text)
    if box is not None:
        return {f"box:{box.key}"}
    group = vocabulary.group(cell.text)
    return {item.key for item in group}


def _matches(part: Part, definition: FormDefinition) -> int:
    return len(_keys(part, definition))


def _coverage(part: Part, definition: FormDefinition) -> float:
    return _coverage_of(_keys(part, definition), definition)


def _coverage_of(keys: set[str], definition: FormDefinition) -> float:
    required = [item.key for item in definition.fields if item.required is Requirement.REQUIRED]
    return sum(key in keys for key in required) / len(required) if required else 0.0


def _may_continue(document: Document, before: Identified, piece: Piece) -> bool:
    """A part without a title or labels of its own goes with the form before it, but for another sheet."""
    return document.format != "xlsx" or before.parts[-1].page is piece.part.page


def _is_same(document: Document, before: Identified, one: Identified, piece: Piece) -> bool:
    """Whether a part goes on with the form before it: the same form, unit and print mark, on a following page."""
    if before.definition is not one.definition:
        return False
    first, second = before.mark, one.mark
    is_next_page = piece.part.page is not before.parts[-1].page
    if first is not None and second is not None and is_next_page:
        return first.document_id == second.document_id
    if document.format == "xlsx" and is_next_page:
        return False
    if one.definition.layout is Layout.CARD:
        return piece.title is None and (is_next_page or not _names_a_person(piece.part, one.definition))
    units = (_unit_of(before.parts[0], before.definition), _unit_of(piece.part, one.definition))
    return not all(units) or units[0] == units[1]


def _names_a_person(part: Part, definition: FormDefinition) -> bool:
    return "name" in _keys(part, definition)


def _unit_of(part: Part, definition: FormDefinition) -> str:
    """The unit named around the grid, squeezed; nothing when it is blank. A column of units names none."""
    vocabulary = vocabulary_of(definition)
    running = RunningReader(vocabulary, person_too=False)
    rows: list[list[Cell]] = [[line_cell(line)] for line in part.lines]
    for block in part.grids:
        near: dict[int, list[Cell]] = {}
        for cell in block.grid.cells:
            if block.top <= cell.row < block.top + 6 and cell.text.strip():
                near.setdefault(cell.row, []).append(cell)
        rows.extend(
            sorted(cells, key=lambda one: one.column)
            for cells in near.values()
            if sum(vocabulary.person_label(cell.text) is not None for cell in cells) < _FEWEST_LABELS
        )
    for cells in rows:
        for found in running.read(cells):
            if found.meaning is not None and found.meaning.keys == ("unit",) and found.value:
                return squeeze(found.value)
    return ""

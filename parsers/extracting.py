"""Document → Extractions: each form found in a file as a record, with findings and what found no place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from forms.catalogue import Catalogue
from forms.cleaning import squeeze
from forms.definition import Layout
from forms.finding import Region, Severity
from forms.record import Entry, Extraction, Record, Row
from parsers import continuation
from parsers.assembling import Assembler
from parsers.collecting import uncollected
from parsers.decoder import CellDecoder
from parsers.document import Cell, Document, Grid, Page, TextLine
from parsers.identifying import Identified, identify
from parsers.leftovers import is_expected
from parsers.locating.boxes import BoxPlace
from parsers.locating.boxrows import boxes_of_rows
from parsers.locating.card import CardContent, CardReader, persons
from parsers.locating.lostboxes import lost_boxes
from parsers.locating.parts import GridSlice, Part, line_cell
from parsers.locating.roster import RosterContent, RosterReader
from parsers.locating.titles import TitleFinder
from parsers.locating.vocabulary import Vocabulary, vocabulary_of
from parsers.marks import MarkReader
from parsers.outside import PAGE_DOUBTS, page_path, with_outside
from parsers.paging import PAGED, PAGES_MISSING, PAGES_REORDERED
from parsers.sealfindings import seal_findings
from parsers.unfound import Unfound, say_no_table, without_table
from parsers.valuing import Gathered, Valuer, region_of

_MOST_LEFT = 60
_ROW_LEFT, _SHOWN_OF_ROW = 6, 60
"""Cells of a row that found no place from which it may be a person's, and the characters of it that are shown."""
_SHORTEST_NAME, _NAMES_OF_HEAD = 2, 4
"""Characters of a column's name, and how many names make a row a head between whose columns no rule shows."""
_SURE_FORM = 0.8


def extract(
    document: Document,
    catalogue: Catalogue,
    form: str | None = None,
    decoder: CellDecoder | None = None,
    units: Sequence[str] = (),
) -> tuple[Extraction, ...]:
    """Every form in a document, in its order; none when nothing is recognised and ``form`` is not given.

    Args:
        document: the file as read.
        catalogue: the forms that are looked for.
        form: what the caller says the file is.
        decoder: reads a cell of a scanned page again, for a type.
        units: names of the district's units, one of which may have sealed in a box that is not its own.

    Raises:
        UnknownFormError: ``form`` names no form.
    """
    with uncollected():
        return _extract(document, catalogue, form, decoder, units)


def _extract(
    document: Document, catalogue: Catalogue, form: str | None, decoder: CellDecoder | None, units: Sequence[str]
) -> tuple[Extraction, ...]:
    whole = continuation.rejoin(document)
    found = identify(whole, catalogue, form)
    titles = TitleFinder(catalogue.editions)
    extractions: list[Extraction] = []
    for one in found.forms:
        extractions.extend(Extractor(whole, one, titles, decoder, units=units).extractions())
    if extractions:
        extractions[0] = with_outside(extractions[0], whole, found.unknown)
    return tuple(extractions)


class Extractor:
    """Extracts one identified form. ``vocabulary`` is what its labels mean, where its definition does not say."""

    def __init__(
        self,
        document: Document,
        found: Identified,
        titles: TitleFinder,
        decoder: CellDecoder | None,
        vocabulary: Vocabulary | None = None,
        *,
        units: Sequence[str] = (),
    ) -> None:
        self._document = document
        self._found = found
        self._definition = found.definition
        self._vocabulary = vocabulary or vocabulary_of(found.definition)
        self._titles = titles
        self._gathered = Gathered()
        self._valuer = Valuer(document, self._gathered, decoder)
        self._scanned = {part.page.index: self._valuer.is_scanned(part.page) for part in found.parts}
        self._is_official = vocabulary is None
        self._units = units

    def extractions(self) -> list[Extraction]:
        """One extraction; of a card that stands there for several persons, one for each."""
        roster = self._roster_reader()
        content = CardContent()
        rest: list[Part] = []
        say_no_table(self._found.parts, self._gathered, self._scanned)
        for whole in self._found.parts:
            part = without_table(whole, scanned=self._scanned[whole.page.index])
            left = (block for block in part.blocks if isinstance(block, TextLine) or not roster.read(part.page, block))
            rest.append(replace(part, blocks=tuple(left)))
        for page in {part.page.index: part.page for part in self._found.parts}.values():
            content.left.extend((page, line_cell(aside), "") for aside in page.asides)
        cards = CardReader(self._vocabulary, person_too=roster.content.heads == 0)
        for piece in (*rest, *_around(roster.content)):
            _extend(content, cards.read(piece))
        content.boxes.extend(list(lost_boxes(self._definition, content.boxes)))
        content.boxes.extend(list(boxes_of_rows(self._definition, content.boxes)))
        if self._definition.layout is Layout.CARD:
            return self._cards_of(content, roster.content)
        return [self._roster_of(content, roster.content)]

    def _roster_reader(self) -> RosterReader:
        return RosterReader(self._vocabulary, self._titles, self._valuer, self._gathered)

    def _roster_of(self, content: CardContent, roster: RosterContent) -> Extraction:
        assembler = Assembler(self._definition, self._valuer, self._gathered)
        header = assembler.header([one for one in content.placed if one.header], roster)
        own = [one for one in content.placed if not one.header]
        rows: list[Row] = list(roster.rows)
        if roster.heads == 0:
            rows.extend(assembler.person(group, len(rows)) for group in persons(own) if group)
        else:
            content.left.extend(
                (one.page, one.cell, one.label.text if one.label else "") for one in own if one.cell.text
            )
            self._missing_columns(roster)
            self._missing_end(content, roster)
        assembler.sums(roster, rows)
        return self._finish(header, rows, content.boxes, content.left)

    def _cards_of(self, content: CardContent, roster: RosterContent) -> list[Extraction]:
        if roster.heads and roster.rows:
            return self._listed_cards(content, roster)
        groups = persons(content.placed)
        results: list[Extraction] = []
        for number, group in enumerate(groups):
            if number:
                self._gathered = Gathered()
                self._valuer = self._valuer.reporting_to(self._gathered)
            assembler = Assembler(self._definition, self._valuer, self._gathered)
            row = assembler.person(group, 0)
            boxes = content.boxes if len(groups) == 1 else _share(content.boxes, len(groups), number)
            results.append(self._finish({}, [row], boxes, content.left if number == 0 else []))
        return results

    def _listed_cards(self, content: CardContent, roster: RosterContent) -> list[Extraction]:
        """A list of persons on a form that takes one person a sheet: one document for each."""
        self._missing_columns(roster)
        first = self._finish({}, list(roster.rows), content.boxes, content.left)
        results = []
        for index, row in enumerate(roster.rows):
            prefix = f"records[{index}]"
            findings = tuple(
                replace(one, path=one.path.replace(prefix, "records[0]", 1))
                for one in first.findings
                if one.path.startswith(f"{prefix}.") or (index == 0 and not re.match(r"records\[\d+\]", one.path))
            )
            record = replace(first.record, rows=(row,))
            results.append(
                replace(first, record=record, findings=findings, unplaced=first.unplaced if index == 0 else ())
            )
        return results

    def _missing_columns(self, roster: RosterContent) -> None:
        for item in self._definition.fields:
            if item.required.value == "R" and item.key not in roster.keys:
                name = f"{item.group}/{item.label}" if item.group else item.label
                self._gathered.find(
                    "column-missing", f"records[*].{item.key}", f"表中没有“{name}”一栏,该栏必填", Severity.ERROR
                )

    def _missing_end(self, content: CardContent, roster: RosterContent) -> None:
        """Paper with neither the row of totals nor a box to be signed or sealed may lack its last pages."""
        is_whole = roster.total_page is not None or content.boxes or not self._definition.boxes
        if self._is_official and self._document.format in PAGED and not is_whole:
            message = "没有找到表末的合计行和签章栏,后面可能缺页,请核对"
            self._gathered.find(PAGES_MISSING, "records", message)

    def _finish(
        self,
        header: Mapping[str, Entry],
        rows: Sequence[Row],
        boxes: Sequence[BoxPlace],
        left: Iterable[tuple[Page, Cell, str]],
    ) -> Extraction:
        self._leave(left)
        person = rows[0] if self._definition.layout is Layout.CARD and rows else {}
        reader = MarkReader(self._definition, header, person, self._units)
        scanned = any(self._scanned.values())
        if scanned and self._is_official:
            unfound = Unfound(self._definition, self._vocabulary, self._gathered, self._found.parts)
            header, rows = unfound.header(header), unfound.rows(rows)
        marks = reader.read(boxes, scanned=scanned)
        pages = list({part.page.index: part.page for part in self._found.parts}.values())
        self._gathered.findings.extend(seal_findings(self._definition, pages, marks))
        self._notes()
        record = Record(self._definition.form, self._definition.edition, header, tuple(rows), marks)
        mark = self._found.mark
        return Extraction(
            record,
            self._found.confidence,
            self._found.pages,
            mark.document_id if mark else None,
            tuple(self._gathered.findings),
            tuple(self._gathered.unplaced),
        )

    def _leave(self, left: Iterable[tuple[Page, Cell, str]]) -> None:
        rest = [
            (page, cell, label)
            for page, cell, label in left
            if cell.text.strip() and not is_expected(cell.text, self._definition, self._titles, in_grid=cell.row >= 0)
        ]
        self._rows_left(rest)
        for page, cell, label in rest[:_MOST_LEFT]:
            self._gathered.leave(cell.text.strip(), label, region_of(page, cell))
        if len(rest) > _MOST_LEFT:
            page, cell, _ = rest[_MOST_LEFT]
            text = " ".join(one.text.strip() for _, one, _ in rest[_MOST_LEFT:])
            self._gathered.leave(f"另有{len(rest) - _MOST_LEFT}处:{text}", "", region_of(page, cell))

    def _rows_left(self, left: Iterable[tuple[Page, Cell, str]]) -> None:
        """Whole rows of scanned tables that came to nobody: below a head that was not read nothing has a name."""
        cells: dict[tuple[int, int], list[tuple[Page, Cell]]] = defaultdict(list)
        for page, cell, label in left if self._definition.layout is not Layout.CARD else ():
            if not label and cell.row >= 0 and self._scanned[page.index]:
                cells[page.index, cell.row].append((page, cell))
        for row in cells.values():
            shown = " ".join(cell.text.strip() for _, cell in row)
            if self._names_columns(shown):
                message = "有一个表头没有看清各栏,表头下的各行没有归入任何人员,请对照原件"
            elif len(row) >= _ROW_LEFT:
                message = f"有一行没有归入任何人员,可能漏了人,请对照原件:{shown[:_SHOWN_OF_ROW]}"
            else:
                continue
            self._gathered.find("row-unclear", "records", message, region=region_of(*row[0]))

    def _names_columns(self, text: str) -> bool:
        """Whether a row says what columns hold, though no rule between them was seen."""
        bare = squeeze(text)
        labels = {item.label for item in self._definition.fields if len(item.label) >= _SHORTEST_NAME}
        return sum(squeeze(label) in bare for label in labels) >= _NAMES_OF_HEAD

    def _notes(self) -> None:
        for note in self._found.notes:
            if note == "form-mismatch":
                message = f"指定的表与文件标题不符,已按“{self._definition.title}”读取"
                self._gathered.find(note, "", message, Severity.ERROR)
        if self._found.confidence < _SURE_FORM:
            message = f"表的种类不能完全确定,已按“{self._definition.title}”读取,请确认"
            self._gathered.find("form-uncertain", "", message)
        for page in {part.page.index: part.page for part in self._found.parts}.values():
            for code in page.notes:
                severity = Severity.INFO if code == PAGES_REORDERED else Severity.WARNING
                self._gathered.find(code, page_path(page), PAGE_DOUBTS.get(code, code), severity, Region(page.index))


def _extend(content: CardContent, more: CardContent) -> None:
    content.placed.extend(more.placed)
    content.boxes.extend(more.boxes)
    content.left.extend(more.left)


def _around(roster: RosterContent) -> list[Part]:
    """The rows around the persons as small grids of adjacent rows."""
    runs: list[tuple[Page, list[tuple[int, list[Cell]]]]] = []
    for page, row, cells in roster.around:
        if runs and runs[-1][0] is page and runs[-1][1][-1][0] == row - 1:
            runs[-1][1].append((row, cells))
        else:
            runs.append((page, [(row, cells)]))
    parts = []
    for page, rows in runs:
        own = tuple(dict.fromkeys(cell for _, line in rows for cell in line))
        top, bottom = rows[0][0], rows[-1][0] + 1
        columns = max(cell.column + cell.column_span for cell in own)
        parts.append(Part(page, (GridSlice(Grid(bottom, columns, own), top, bottom),)))
    return parts


def _share(boxes: Sequence[BoxPlace], cards: int, number: int) -> list[BoxPlace]:
    """The boxes of one card among several in a row: as many of each as there are cards, in order."""
    shared: list[BoxPlace] = []
    for key in dict.fromkeys(place.box.key for place in boxes):
        own = [place for place in boxes if place.box.key == key]
        if len(own) == cards:
            shared.append(own[number])
    return shared

"""Document of a blank → places of its fields, boxes and totals, with the changes that write their tags.

The labels are found by the same code that finds them in returned files (``parsers.locating``); here the empty cell
beside each is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forms.catalogue import Catalogue
from forms.cleaning import squeeze
from forms.definition import Field, FormDefinition, Layout, OpinionBox
from parsers.document import Cell, Document, Grid, Page, TextLine
from parsers.identifying import identify
from parsers.leftovers import is_expected
from parsers.locating.boxes import guides_in, words_of
from parsers.locating.card import Placed
from parsers.locating.parts import GridSlice, line_cell
from parsers.locating.rows import is_note
from parsers.locating.titles import TitleFinder, attachment_number
from parsers.locating.vocabulary import Certainty, vocabulary_of
from writers.adopting import stretches
from writers.adopting.candidates import BlankReader, BoxFound, Labels, strange_labels
from writers.adopting.model import Edit, Found, How, Place, Scope, Spot, Unknown
from writers.adopting.persons import find_rows
from writers.adopting.stretches import Room, tag
from writers.errors import BlankUnknownError

_FOREIGN = re.compile(r"\{[{%#]")
_LONGEST_LABEL = 30
_DOUBTS = {
    "label-near": "标签“{label}”与“{known}”只是相近",
    "place-uncertain": "“{label}”的填写位置不能确定",
}
_NOTE_HEAD = re.compile(r"^\s*(?:注|备注|说明|填表说明|填报说明|填写说明|附注|填表须知)\s*[:：]?\s*")
_NOTE_NUMBER = re.compile(r"(?:^|(?<=[。;；\n]))\s*\d{1,2}\s*[.、．]\s*")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A value's place before it is known whether another label of the same field has a better claim."""

    placed: Placed
    spot: Spot
    text: str
    start: int
    end: int
    label: str
    where: str


class Spotter:
    """Looks through one blank for the places of one form."""

    def __init__(self, document: Document, definition: FormDefinition) -> None:
        self._document = document
        self._definition = definition
        self._vocabulary = vocabulary_of(definition)
        self._titles = TitleFinder((definition,))
        self._is_card = definition.layout is Layout.CARD
        self._reader = BlankReader(self._vocabulary, person_too=self._is_card)
        self._fields = {item.key: item for item in definition.fields}
        self._header = {item.key: item for item in definition.header}
        self._candidates: list[_Candidate] = []
        self._boxes: list[tuple[BoxFound, Spot, str, str]] = []
        self.found = Found()

    def spot(self) -> Found:
        """All that the blank has room for.

        Raises:
            BlankUnknownError: the labels of the form are not in the file.
        """
        identification = identify(self._document, Catalogue((self._definition,)), self._definition.form)
        if not identification.forms:
            raise BlankUnknownError(form=self._definition.title)
        one = max(identification.forms, key=lambda found: found.confidence)
        if len(identification.forms) > 1:
            self.found.remarks.append(f"文件里像有 {len(identification.forms)} 份表,只用了最像的一份")
        for part in one.parts:
            for block in part.blocks:
                whole = block.grid if isinstance(block, GridSlice) else block
                number = next(index for index, other in enumerate(part.page.blocks) if other is whole)
                if isinstance(block, GridSlice):
                    self._grid(part.page, number, block)
                else:
                    self._line(part.page, number, block)
        if not self._is_card and self.found.rows is None:
            raise BlankUnknownError(form=self._definition.title)
        self._settle()
        for box, spot, text, where in self._boxes:
            self._box(box, spot, text, where)
        self._look_for_titles()
        return self.found

    def _line(self, page: Page, number: int, line: TextLine) -> None:
        self._gather(self._reader.labels(page, line), page, number, None, line)
        strange = strange_labels(self._vocabulary, [line_cell(line)], person_too=self._is_card)
        self._strange([(label, f"“{line.text.strip()[:20]}”一行") for _, label in strange])

    def _grid(self, page: Page, number: int, piece: GridSlice) -> None:
        around: Iterable[GridSlice] = (piece,)
        if not self._is_card and self.found.rows is None:
            roster = find_rows(self._definition, self._titles, page, number, piece)
            if roster is not None:
                self.found.rows = roster.rows
                self.found.places.extend(roster.places)
                self.found.edits.extend(roster.edits)
                self.found.unknown.extend(roster.unknown)
                self.found.remarks.extend(roster.remarks)
                around = roster.around
        for rest in around:
            self._gather(self._reader.labels(page, rest, piece.grid), page, number, piece.grid, None)

    def _gather(self, labels: Labels, page: Page, number: int, grid: Grid | None, line: TextLine | None) -> None:
        for placed in labels.placed:
            candidate = self._candidate(placed, page, number, grid, line)
            if candidate is not None:
                self._candidates.append(candidate)
        for box in labels.boxes:
            cell = self._original(box.place.cell, grid, line)
            self._boxes.append((box, _spot(page, number, cell, grid), cell.text, _where(cell, page)))
        self._strange((cell.text, _where(cell, page)) for _, cell, label in labels.left if not label)
        if grid is not None:
            strange = strange_labels(
                self._vocabulary, [cell for _, cell, _ in labels.left if cell.text.strip()], person_too=self._is_card
            )
            self._strange([(label, _where(cell, page)) for cell, label in strange])

    def _strange(self, texts: Iterable[tuple[str, str]]) -> None:
        for text, where in texts:
            label = text.strip()
            if not label or len(label) > _LONGEST_LABEL or is_note(label) or stretches.day_guides(label, 0, len(label)):
                continue
            if is_expected(label, self._definition, self._titles, in_grid=True) or squeeze(label).isdecimal():
                continue
            if not any(one.label == label and one.where == where for one in self.found.unknown):
                self.found.unknown.append(Unknown(label, where))

    @staticmethod
    def _original(cell: Cell, grid: Grid | None, line: TextLine | None) -> Cell:
        """The cell as it stands in the document; the reader may have given a part of it."""
        if line is not None:
            return line_cell(line)
        return cell if grid is None else grid.at(cell.row, cell.column)

    def _candidate(
        self, placed: Placed, page: Page, number: int, grid: Grid | None, line: TextLine | None
    ) -> _Candidate | None:
        found = placed.found
        if found is not None:
            cell = self._original(found.label_cell or found.cell, grid, line)
            start, end = found.span[0], min(found.span[1], len(cell.text))
            label = found.label
            if start > len(cell.text) and grid is not None:
                cell = grid.at(cell.row, cell.column + cell.column_span)
                return _Candidate(
                    placed,
                    _spot(page, number, cell, grid),
                    cell.text,
                    0,
                    len(cell.text),
                    _printed(label),
                    _where(cell, page),
                )
            if cell.text[start:end] != found.after[: end - start]:
                return None
        else:
            cell = self._original(placed.cell, grid, line)
            label = placed.label.text if placed.label is not None else ""
            start, end = 0, len(cell.text)
            if placed.label is not None and (placed.label.row, placed.label.column) == (cell.row, cell.column):
                start = len(cell.text)
            elif placed.cell.text and placed.cell.text != cell.text and placed.cell.text in cell.text:
                start = cell.text.find(placed.cell.text)
                end = start + len(placed.cell.text)
        return _Candidate(
            placed, _spot(page, number, cell, grid), cell.text, start, end, _printed(label), _where(cell, page)
        )

    def _settle(self) -> None:
        """Give each field its surest place; say which other labels had to stand back."""
        taken = {(one.scope, one.key) for one in self.found.places}
        ranked = sorted(self._candidates, key=lambda one: bool(one.placed.doubts))
        for one in ranked:
            scope = Scope.HEADER if one.placed.header else Scope.FIELD
            keys = self._keys(one, scope, taken)
            if any((scope, key) in taken for key in keys):
                label = self._label_of(scope, keys[0])
                self.found.remarks.append(f"标签“{one.label}”({one.where})与“{label}”重复,未写标签")
                continue
            taken.update((scope, key) for key in keys)
            self._write(one, scope, keys)

    def _keys(self, one: _Candidate, scope: Scope, taken: set[tuple[Scope, str]]) -> tuple[str, ...]:
        """The fields meant; of an ambiguous label the first that has no place yet."""
        if "label-ambiguous" not in one.placed.doubts:
            return one.placed.keys
        look = self._vocabulary.header_label if scope is Scope.HEADER else self._vocabulary.person_label
        meaning = look(one.label)
        others = (*one.placed.keys, *(meaning.others if meaning is not None else ()))
        return next(((key,) for key in others if (scope, key) not in taken), one.placed.keys)

    def _write(self, one: _Candidate, scope: Scope, keys: tuple[str, ...]) -> None:
        fields = self._header if scope is Scope.HEADER else self._fields
        root = "header" if scope is Scope.HEADER else "record"
        pair = one.placed.combined
        how = How.CELL if one.placed.found is None else How.AFTER
        if pair is not None:
            room = stretches.combined(
                one.text, one.start, one.end, {key: tag(root, key) for key in keys if key in fields}, pair
            )
        else:
            item = fields[keys[0]]
            ticked = stretches.options(one.text, one.start, one.end, item)
            how = How.OPTIONS if ticked is not None else how
            room = ticked or stretches.single(one.text, one.start, one.end, tag(root, item.key), item)
        self._edit(one.spot, room)
        doubts = (*self._said(one, keys, scope), *room.doubts)
        is_sure = "label-ambiguous" not in one.placed.doubts and "label-near" not in one.placed.doubts
        for key in keys if room.stretches else ():
            tags = tuple(
                piece.text.strip() for piece in room.stretches if f".{key} " in piece.text or f".{key}[" in piece.text
            )
            if tags:
                self.found.places.append(
                    Place(
                        scope,
                        key,
                        one.label,
                        how,
                        one.where,
                        tags,
                        doubts,
                        combined=pair.label if pair is not None else "",
                        sure=is_sure,
                    )
                )
        if not room.stretches:
            self.found.remarks.append(f"“{one.label}”({one.where})没有写标签:{';'.join(room.doubts)}")

    def _said(self, one: _Candidate, keys: Sequence[str], scope: Scope) -> Iterable[str]:
        for code in one.placed.doubts:
            if code == "label-ambiguous":
                yield f"标签“{one.label}”可能指几个栏目,暂按“{self._label_of(scope, keys[0])}”"
            elif code in _DOUBTS:
                yield _DOUBTS[code].format(label=one.label, known=self._label_of(scope, keys[0]))

    def _label_of(self, scope: Scope, key: str) -> str:
        item = (self._header if scope is Scope.HEADER else self._fields).get(key)
        return key if item is None else item.label

    def _edit(self, spot: Spot, room: Room) -> None:
        self.found.edits.extend(Edit(spot, one.start, one.end, one.text) for one in room.stretches)

    def _box(self, one: BoxFound, spot: Spot, text: str, where: str) -> None:
        """The tags of an opinion box: its text, the printed name, the day."""
        box, place = one.place.box, one.place
        if self.found.place(Scope.BOX, box.key) is not None:
            self.found.remarks.append(f"“{box.label}”印有两处,只用了第一处")
            return
        start, end = 0, len(text)
        own = place.label is not None and (place.label.row, place.label.column) == (place.cell.row, place.cell.column)
        if one.found is not None:
            start, end = one.found.span[0], min(one.found.span[1], len(text))
        elif own:
            start = max(0, len(text.rstrip()) - len(place.text)) if place.text.strip() else len(text)
        doubts: list[str] = []
        edits = list(self._box_edits(box, spot, (text, start, end), doubts, in_cell=one.found is None))
        label = place.label.text if place.label is not None and not own else text[:start]
        self.found.edits.extend(edits)
        tags = tuple(edit.text.strip() for edit in edits)
        named = _printed(label)
        if one.found is not None:  # a label of both a field and a box stays the field's
            note = f"({one.found.note})" if one.found.note else ""
            named = box.label if one.found.meaning is not None else _printed(one.found.label) + note
        self.found.places.append(Place(Scope.BOX, box.key, named, How.MARK, where, tags, tuple(doubts)))

    def _box_edits(
        self, box: OpinionBox, spot: Spot, area: tuple[str, int, int], doubts: list[str], *, in_cell: bool
    ) -> Iterable[Edit]:
        text, start, end = area
        inner = text[start:end]
        guides = guides_in(inner)
        printed = words_of(box, inner).opinion
        if printed:
            doubts.append(f"格内印有文字“{printed[:30]}”,读回时会当作意见")
        if "opinion" in box.parts and in_cell and not printed:
            words = tag("box", box.key, "opinion")
            line = next(iter(stretches.blank_lines(text, start, end)), None)
            if not text.strip() or line is None:
                yield Edit(spot, start, start, words, on_blank_line=True)
            else:
                yield Edit(spot, line, line, words)
        if "signature" in box.parts and guides.name is not None:
            where = start + guides.name
            yield Edit(spot, where, where, tag("box", box.key, "signature"))
        if "date" in box.parts and guides.day is not None:
            days = stretches.day_guides(text, start, end)
            if days:
                yield Edit(spot, *days[-1], tag("box", box.key, "date"))
        elif "date" in box.parts and in_cell:
            doubts.append("格内没有印日期的位置,程序不打印日期")

    def _look_for_titles(self) -> None:
        for page in self._document.pages:
            for block in page.blocks:
                cells = block.cells if isinstance(block, Grid) else (line_cell(block),)
                for cell in cells:
                    if _FOREIGN.search(cell.text):
                        self.found.remarks.append(f"“{cell.text.strip()[:30]}”是别的程序的标记,请先在空白表里删去")
                    if not self.found.title and self._titles.form_in(cell.text) is not None:
                        self.found.title = _title(cell.text)
                    if is_note(cell.text) and _NOTE_HEAD.match(cell.text):
                        self.found.notes.extend(_notes(cell.text))
        if not self.found.title:
            self.found.remarks.append("文件里没有认出本表的标题,沿用原来的标题")


def labelled_but_without_room(document: Document, definition: FormDefinition, missing: Sequence[Field]) -> set[str]:
    """Keys of missing fields whose label does stand in the file."""
    vocabulary = vocabulary_of(definition)
    wanted = {item.key for item in missing}
    seen: set[str] = set()
    for page in document.pages:
        for block in page.blocks:
            for cell in block.cells if isinstance(block, Grid) else (line_cell(block),):
                for meaning in (vocabulary.person_label(cell.text), vocabulary.header_label(cell.text)):
                    if meaning is not None and meaning.certainty is Certainty.EXACT:
                        seen.update(wanted.intersection(meaning.keys))
    return seen


def _spot(page: Page, number: int, cell: Cell, grid: Grid | None) -> Spot:
    return Spot(page.index, number) if grid is None else Spot(page.index, number, cell.row, cell.column)


def _where(cell: Cell, page: Page) -> str:
    if cell.address:
        return cell.address
    if cell.row >= 0:
        return f"{page.name or '表'} 第{cell.row + 1}行第{cell.column + 1}列"
    return f"“{cell.text.strip()[:20]}”一行"


def _printed(label: str) -> str:
    """A label as it is named: in one line, without colon and without the boxes of offices below it."""
    first = re.split(r"\s*[□☐☑]", label, maxsplit=1)[0]
    return re.sub(r"\s+", "", first).strip(":：")


def _title(text: str) -> str:
    bare = squeeze(text)
    if attachment_number(bare) is not None:
        bare = re.sub(r"^附(?:件|表)[:：]?[0-9一二三四五][:：]?", "", bare)
    return bare


def _notes(text: str) -> list[str]:
    rest = _NOTE_HEAD.sub("", text.strip())
    pieces = [piece.strip() for piece in _NOTE_NUMBER.split(rest)]
    return [piece for piece in pieces if piece]

"""A person's card: each label with the value beside it, below it or in the same cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from forms.cleaning import squeeze
from forms.definition import Combined, Field
from forms.fieldtypes.ticks import read_ticks
from parsers.document import Cell, Page, TextLine
from parsers.leftovers import is_guide
from parsers.locating.boxes import BoxPlace, box_in
from parsers.locating.heads import is_of_relatives
from parsers.locating.lostrules import with_lost_rules
from parsers.locating.parts import GridSlice, Part, line_cell
from parsers.locating.rows import is_note
from parsers.locating.running import Found, RunningReader
from parsers.locating.splitting import split
from parsers.locating.vocabulary import Certainty, Meaning, Role, Vocabulary, bare_label

_BOX_MARKS = re.compile(r"[☑☒■✔✓√✅▣◼●🗹□☐○◻❏▢◯]|[\[［【][\s xX×√✓]?[\]］】]")
_FIGURE = re.compile(r"\d{1,6}\s*[人名个]?")
_FURTHEST = 8
_SHORTEST_NOTE = 8
_FEWEST_IN_ROW = 3
_FEWEST_AGAIN = 3
_BRACKET_BOX = re.compile(r"[\[［【(（]\s*([xX×√✓✔]?)\s*[\]］】)）]")


@dataclass(frozen=True, slots=True)
class Placed:
    """A value with the field it belongs to. ``combined`` says that the cell holds several fields.

    ``found`` is the label in running text that it stands behind, where it has no cell of its own.
    """

    keys: tuple[str, ...]
    page: Page
    cell: Cell
    label: Cell | None
    combined: Combined | None = None
    doubts: tuple[str, ...] = ()
    header: bool = False
    found: Found | None = None


@dataclass(slots=True)
class CardContent:
    """What the labels of some blocks gave, in reading order."""

    placed: list[Placed] = field(default_factory=list)
    boxes: list[BoxPlace] = field(default_factory=list)
    left: list[tuple[Page, Cell, str]] = field(default_factory=list)
    """Cells and pieces of text without a place: page, cell, label."""


class CardReader:
    """Finds the labels of a definition in the blocks of a part.

    ``person_too`` is ``False`` around the grid of a roster, where a label names no field of a person.
    """

    reaches_beyond = True
    """Whether a value may stand behind empty cells; of a blank the empty cell is the place itself."""

    def __init__(self, vocabulary: Vocabulary, *, person_too: bool) -> None:
        self.vocabulary = vocabulary
        self.person_too = person_too
        self._running = RunningReader(vocabulary, person_too=person_too)
        notes = vocabulary.definition.notes
        self._notes = squeeze("".join(f"{number}.{note}" for number, note in enumerate(notes, start=1)))

    def read(self, part: Part) -> CardContent:
        """All that the labels of a part hold."""
        content = CardContent()
        for block in part.blocks:
            if isinstance(block, TextLine):
                self._line(part.page, [line_cell(block)], content)
            else:
                _GridReader(self, part.page, block, content).read()
        return content

    def _line(self, page: Page, cells: Sequence[Cell], content: CardContent) -> None:
        self.running(page, cells, content)

    def running(self, page: Page, cells: Sequence[Cell], content: CardContent) -> bool:
        """Take what running text holds; whether any known label was in it."""
        if is_note(cells[0].text) or self._is_printed_note(cells[0].text):
            return True
        known = False
        if len(cells) == 1 and (whole := box_in(self.vocabulary, cells[0].text)) is not None:
            content.boxes.append(BoxPlace(whole[0], page, cells[0], whole[1], cells[0]))
            return True
        for found in self._running.read(cells):
            known = known or found.meaning is not None or found.box is not None
            self._found(page, found, content)
        return known

    def _is_printed_note(self, text: str) -> bool:
        """Whether a line is a piece of the notes that the form prints below its grid."""
        bare = squeeze(text)
        return len(bare) >= _SHORTEST_NOTE and bare in self._notes

    def has_label(self, cell: Cell) -> bool:
        """Whether a cell is itself a label with what belongs to it (``填报日期：    年  月  日``), and so no value."""
        if ":" not in cell.text and "：" not in cell.text:
            return False
        return any(one.meaning is not None or one.box is not None for one in self._running.read([cell]))

    def _found(self, page: Page, found: Found, content: CardContent) -> None:
        if found.box is not None:
            is_name = "signature" in found.box.parts and "seal" not in found.box.parts
            words = found.after if found.meaning is None or is_name else ""
            content.boxes.append(BoxPlace(found.box, page, found.cell, words, found.label_cell))
        if found.meaning is not None:
            meaning = found.meaning
            group = self.vocabulary.group(found.label) if self.person_too else ()
            if group and found.value:
                self.grouped(page, found.cell, group, meaning, found.label_cell, content)
                return
            cell = found.cell if found.value else replace(found.cell, text="", raw=None, notes=())
            content.placed.append(replace(self.placed(meaning, page, cell, found.label_cell), found=found))
        elif found.box is None and found.value:
            content.left.append((page, found.cell, found.label))

    def placed(self, meaning: Meaning, page: Page, cell: Cell, label: Cell | None, *extra: str) -> Placed:
        """A value by what its label means."""
        doubts = list(extra)
        if meaning.certainty is Certainty.AMBIGUOUS:
            doubts.append("label-ambiguous")
        elif meaning.certainty is Certainty.NEAR:
            doubts.append("label-near")
        combined, keys = meaning.combined, meaning.keys
        if combined is None and (pair := self._with_age(meaning, cell)) is not None:
            combined, keys = pair, pair.keys
        return Placed(keys, page, cell, label, combined, tuple(doubts), meaning.role is Role.HEADER)

    def _with_age(self, meaning: Meaning, cell: Cell) -> Combined | None:
        """The pair of birth and age, where a cell for the birth alone also states the age."""
        for pair in self.vocabulary.definition.combined:
            if (
                pair.split == "birth-age"
                and pair.keys[:1] == meaning.keys
                and split(pair, cell.text).texts.get(pair.keys[1]) != ""
            ):
                return pair
        return None

    def grouped(
        self,
        page: Page,
        cell: Cell,
        group: tuple[Field, ...],
        meaning: Meaning | None,
        label: Cell | None,
        content: CardContent,
    ) -> None:
        """A cell below a group's label: options to tick, inner labels, figures with their words."""
        text = _unified_boxes(cell.text)
        inner = [
            one
            for one in self._running.read([replace(cell, text=text)])
            if one.meaning is not None and set(one.meaning.keys) <= {item.key for item in group}
        ]
        for one in inner:
            if one.meaning is not None:
                inside = _with_its_end(one) if one is inner[-1] else one.cell
                inside = inside if one.value else replace(one.cell, text="")
                content.placed.append(replace(self.placed(one.meaning, page, inside, label), found=one))
        taken = {key for one in inner if one.meaning for key in one.meaning.keys}
        head = text if not inner else text[: text.find(inner[0].label)]
        coded = next((item for item in group if item.type.choices() and item.key not in taken), None)
        if coded is not None and _BOX_MARKS.search(head):
            options, after = _split_options(head)
            content.placed.append(Placed((coded.key,), page, replace(cell, text=options, raw=None), label))
            taken.add(coded.key)
            head = after
        head = head.strip(" \u3000\n\t,，;；、。:：")
        if not head:
            return
        if meaning is not None and not taken.intersection(meaning.keys) and meaning.combined is None:
            content.placed.append(self.placed(meaning, page, replace(cell, text=head, raw=None), label))
        elif not inner and coded is not None and coded.key not in taken and coded.type.read(head).settled:
            content.placed.append(Placed((coded.key,), page, replace(cell, text=head, raw=None), label))
        else:
            words = [item for item in group if item.key not in taken and item.type.name == "text"]
            if words:
                content.placed.append(
                    Placed((words[0].key,), page, replace(cell, text=head, raw=None), label, None, ("place-uncertain",))
                )
            else:
                content.left.append((page, replace(cell, text=head), label.text if label else ""))


class _GridReader:
    """Reads one grid of a card."""

    def __init__(self, cards: CardReader, page: Page, piece: GridSlice, content: CardContent) -> None:
        self._cards = cards
        self._vocabulary = cards.vocabulary
        self._page = page
        self._content = content
        self._rows = with_lost_rules(piece.rows(), cards.vocabulary.is_label) if page.scanned else piece.rows()
        self._cover: dict[tuple[int, int], Cell] = {}
        for row, cells in self._rows.items():
            for cell in cells:
                for column in range(cell.column, cell.column + min(cell.column_span, 256)):
                    self._cover[row, column] = cell
        self._used: set[tuple[int, int]] = set()
        self._columns = max((column for _, column in self._cover), default=0) + 1

    def read(self) -> None:
        for row in sorted(self._rows):
            is_above = self._is_label_row(row)
            if any(is_of_relatives(cell.text) for cell in self._rows[row]) and is_above:
                self._relatives(row)
                continue
            for cell in self._rows[row]:
                if cell.row == row and self._is_label(cell) and not self._is_used(cell):
                    self._label(cell, is_above=is_above)
        if self._cards.person_too:
            self._counts()
        for row in sorted(self._rows):
            own = [
                cell for cell in self._rows[row] if cell.row == row and cell.text.strip() and not self._is_used(cell)
            ]
            self._rest(own)

    def _counts(self) -> None:
        """Short words beside figures (``核定 42``) that no label above them explains."""
        for cell in [one for row in sorted(self._rows) for one in self._rows[row] if one.row == row]:
            meaning = self._vocabulary.counts.get(bare_label(cell.text))
            value = self._right(cell) if meaning is not None and not self._is_used(cell) else None
            if meaning is None or value is None or self._is_used(value) or not _FIGURE.fullmatch(value.text.strip()):
                continue
            self._use(cell)
            self._use(value)
            self._content.placed.append(self._cards.placed(meaning, self._page, value, cell))

    def _relatives(self, row: int) -> None:
        """A list of relatives below a head: its labels and its rows belong to other persons, and are left."""
        columns = len([cell for cell in self._rows[row] if cell.text.strip()])
        for later in sorted(line for line in self._rows if line >= row):
            cells = [cell for cell in self._rows[later] if cell.row == later]
            if later > row and (len(cells) < columns or any(self._is_label(cell) for cell in cells)):
                return
            for cell in cells:
                self._use(cell)
                if later > row and cell.text.strip():
                    self._content.left.append((self._page, cell, "家庭成员"))

    def _rest(self, own: Sequence[Cell]) -> None:
        """Cells that are neither labels nor the values beside them: whole lines of text, or nothing known."""
        for run in _adjacent(own):
            if not self._cards.running(self._page, run, self._content):
                for cell in run:
                    self._content.left.append((self._page, cell, ""))

    def _is_used(self, cell: Cell) -> bool:
        return (cell.row, cell.column) in self._used

    def _use(self, cell: Cell) -> None:
        self._used.add((cell.row, cell.column))

    def _is_label(self, cell: Cell | None) -> bool:
        if cell is None or not cell.text.strip() or not self._vocabulary.is_label(cell.text):
            return False
        return not (self._vocabulary.is_nobodys(cell.text) and self._is_written_again(cell))

    def _is_written_again(self, cell: Cell) -> bool:
        """Whether a label of nobody's that is printed elsewhere stands behind one of ours, as its value."""
        left = self._cover.get((cell.row, cell.column - 1))
        if left is None or self._vocabulary.is_nobodys(left.text) or not self._vocabulary.is_label(left.text):
            return False
        same = [one for cells in self._rows.values() for one in cells if squeeze(one.text) == squeeze(cell.text)]
        return len({(one.row, one.column) for one in same}) > 1

    def _is_label_row(self, row: int) -> bool:
        """Labels side by side: their values stand in the row below."""
        cells = [cell for cell in self._rows[row] if cell.row == row]
        labels = [cell for cell in cells if self._is_label(cell)]
        followed = [cell for cell in labels if (right := self._right(cell)) is None or self._is_label(right)]
        return len(labels) >= _FEWEST_IN_ROW and len(followed) >= len(labels) - 1

    def _right(self, cell: Cell) -> Cell | None:
        place = cell.column + cell.column_span
        if place >= self._columns:
            return None
        return self._cover.get((cell.row, place)) or Cell(cell.row, place)

    def _below(self, cell: Cell) -> Cell | None:
        row = cell.row + cell.row_span
        if row not in self._rows:
            return None
        return self._cover.get((row, cell.column)) or Cell(row, cell.column)

    def _label(self, cell: Cell, *, is_above: bool) -> None:
        self._use(cell)
        box = self._vocabulary.box(cell.text)
        person_too = self._cards.person_too
        group = self._vocabulary.group(cell.text) if person_too else ()
        meaning = self._vocabulary.person_label(cell.text) if person_too else None
        if meaning is None and box is None:
            meaning = self._vocabulary.header_label(cell.text)
        if meaning is None and box is None and not group:
            return
        value, doubts = self._value(cell, is_above=is_above, is_box=meaning is None and box is not None)
        if value is not None and box is None and not group and self._cards.has_label(value):
            value = None
        if box is not None and (meaning is None or meaning.role is not Role.FIELD):
            if value is not None:
                self._use(value)
                self._content.boxes.append(BoxPlace(box, self._page, value, value.text, cell))
            return
        if value is None:
            if meaning is not None and cell.text.rstrip().endswith((":", "：")):
                empty = replace(cell, text="", raw=None, notes=())
                self._content.placed.append(self._cards.placed(meaning, self._page, empty, cell))
            return
        self._use(value)
        if group and (len(group) > 1 or meaning is None):
            self._cards.grouped(self._page, value, group, meaning, cell, self._content)
        elif meaning is not None:
            self._content.placed.append(self._cards.placed(meaning, self._page, value, cell, *doubts))

    def _value(self, cell: Cell, *, is_above: bool, is_box: bool) -> tuple[Cell | None, tuple[str, ...]]:
        right, below = self._right(cell), self._below(cell)
        beside = right is not None and not self._is_label(right) and not self._is_used(right)
        under = below is not None and not self._is_label(below) and not self._is_used(below)
        if is_above and under:
            return below, () if below is not None and below.column == cell.column else ("place-uncertain",)
        if beside:
            is_empty = right is not None and not (right.text.strip() or right.ink)
            further = self._beyond(cell) if is_empty and not is_box and self._cards.reaches_beyond else None
            return (right, ()) if further is None else (further, ("place-uncertain",))
        if under and below is not None and below.column == cell.column:
            return below, ()
        return None, ()

    def _beyond(self, cell: Cell) -> Cell | None:
        """A value behind empty cells that once were one with it (a sheet whose merged cells were undone)."""
        place = cell.column + cell.column_span
        for column in range(place, min(place + _FURTHEST, self._columns)):
            found = self._cover.get((cell.row, column))
            if found is None or not found.text.strip():
                continue
            is_word = self._is_label(found) or bare_label(found.text) in self._vocabulary.counts
            is_value = not is_word and not self._is_used(found) and not is_guide(found.text)
            return found if is_value and found.row == cell.row and not self._cards.has_label(found) else None
        return None


def _with_its_end(found: Found) -> Cell:
    """The cell of a text that ends its cell, with the mark that ends its last sentence."""
    whole = found.after.strip(" \u3000\t\n_＿")
    is_its_end = whole.startswith(found.value) and not whole[len(found.value) :].strip("。；;")
    return replace(found.cell, text=whole, raw=None) if is_its_end and whole != found.value else found.cell


def _adjacent(own: Sequence[Cell]) -> Iterator[list[Cell]]:
    """Runs of cells that follow each other in a row."""
    run: list[Cell] = []
    for cell in own:
        if run and cell.column > run[-1].column + run[-1].column_span + 2:
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def _unified_boxes(text: str) -> str:
    """``[x]``, ``(√)`` and ``[ ]`` as ☑ and □, where they stand for boxes."""
    return _BRACKET_BOX.sub(
        lambda found: "☑" if found.group(1) else ("□" if found.group()[0] in "[［【" else found.group()), text
    )


def _split_options(text: str) -> tuple[str, str]:
    """The options of a text, and what stands behind them after a line break or a mark."""
    last = None
    for found in _BOX_MARKS.finditer(text):
        last = found
    if last is None:
        return text, ""
    cut = re.search(r"[;；。\n]", text[last.end() :])
    if cut is None:
        return text.strip(), ""
    options = text[: last.end() + cut.start()]
    if read_ticks(options.strip()) is None:
        return text.strip(), ""
    return options.strip(), text[last.end() + cut.end() :]


def persons(placed: Sequence[Placed]) -> list[list[Placed]]:
    """The values of several cards in a row, apart: a new one begins where the name and more labels come again."""
    groups: list[list[Placed]] = [[]]
    seen: set[str] = set()
    for position, one in enumerate(placed):
        if "name" in one.keys and "name" in seen:
            coming = {key for later in placed[position : position + 8] for key in later.keys}
            if len(coming & seen) >= _FEWEST_AGAIN:
                groups.append([])
                seen = set()
        groups[-1].append(one)
        seen.update(one.keys)
    return groups


def first_keys(placed: Sequence[Placed]) -> Mapping[str, int]:
    """How often each key was placed."""
    counts: dict[str, int] = {}
    for one in placed:
        for key in one.keys:
            counts[key] = counts.get(key, 0) + 1
    return counts

"""Persons of a roster: the rows of a grid below its head, each cell by what its column means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from forms.cleaning import squeeze
from forms.definition import Combined, Field, Layout
from forms.finding import Region, Severity
from forms.identity import ID_NUMBER
from forms.record import PLACEHOLDERS, Entry, Row
from parsers.combining import CombinedCell, blank_entry, read_combined
from parsers.document import Cell, Page
from parsers.locating.heads import Column, Head, HeadFinder
from parsers.locating.hiddenheads import with_hidden_heads
from parsers.locating.mergedrows import doubted_if_merged
from parsers.locating.parts import GridSlice
from parsers.locating.rows import RowJudge, RowKind, is_grand_total
from parsers.locating.running import RunningReader
from parsers.locating.titles import TitleFinder
from parsers.locating.vocabulary import Certainty, Role, Vocabulary
from parsers.valuing import DITTOS, DOUBTS, Gathered, Valuer, region_of

_COUNT = re.compile(r"(\d+)\s*人")
_MOST_SHOWN = 8
_HEAD_WITHIN = 60
_FEWEST_FIELDS = 3
_LONGEST_DITTO = 8
_FEWEST_ON_CARD = 5
_LEFT: Mapping[RowKind, tuple[str, str, Severity]] = {
    RowKind.STRUCK: ("row-struck", "此行已划掉,未计入", Severity.WARNING),
    RowKind.HIDDEN: ("row-hidden", "此行在文件中被隐藏,未计入,请确认", Severity.WARNING),
    RowKind.EXAMPLE: ("row-example", "此行是填写示例,未计入", Severity.WARNING),
    RowKind.GROUP: ("row-group", "此行是分组名称,不是人员,未计入", Severity.INFO),
    RowKind.UNCLEAR: ("row-unclear", "此行没有姓名和身份证号,未计入,请确认", Severity.WARNING),
}
"""Rows that are no persons: what is said of them."""
_MAY_RUN_OVER = frozenset({RowKind.RECORD, RowKind.UNCLEAR, RowKind.GROUP})
"""What the rest of a row that breaks over a page looks like by itself."""


@dataclass(frozen=True, slots=True)
class _Target:
    """A column that is read: its place, the field or the combined cell it holds, and what is doubtful about it."""

    column: Column
    item: Field | None
    combined: Combined | None
    doubts: tuple[str, ...]


@dataclass(slots=True)
class RosterContent:
    """What one grid gave: persons, the rows around them, the figure of the totals row."""

    rows: list[Row] = field(default_factory=list)
    around: list[tuple[Page, int, list[Cell]]] = field(default_factory=list)
    """Rows beside the persons: page, row, cells."""
    keys: set[str] = field(default_factory=set)
    total: Cell | None = None
    total_page: Page | None = None
    sums: dict[str, Cell] = field(default_factory=dict)
    heads: int = 0


class RosterReader:
    """Reads the persons of one document; rows are numbered on from grid to grid."""

    def __init__(self, vocabulary: Vocabulary, titles: TitleFinder, valuer: Valuer, gathered: Gathered) -> None:
        self._vocabulary = vocabulary
        self._titles = titles
        self._valuer = valuer
        self._gathered = gathered
        self._running = RunningReader(vocabulary, person_too=False)
        self._fields = {item.key: item for item in vocabulary.definition.fields}
        self._above: dict[str, Entry] = {}
        self._said: set[tuple[str, str]] = set()
        self._last_head: Head | None = None
        self._last_page: int | None = None
        """The page of the last person."""
        self._targets: list[_Target] = []
        self.content = RosterContent()

    def read(self, page: Page, piece: GridSlice) -> bool:
        """Add what a grid holds; ``False`` when it is no roster and nothing was taken."""
        rows = piece.rows()
        finder = HeadFinder(self._vocabulary, rows)
        if not self._is_roster(piece, rows, finder):
            return False
        head: Head | None = None
        judge: RowJudge | None = None
        loose: dict[int, list[Cell]] = {}
        row = piece.top
        if self._continues(piece, rows, finder):
            head = self._last_head
            judge = self._judge(head, piece) if head else None
        for row in sorted(rows):
            cells = rows[row]
            if head is not None and row < head.bottom and head.top <= row:
                continue
            kind = RowKind.AROUND if judge is None else judge.judge(row, cells, _cover(cells))
            if judge is None or kind is RowKind.HEAD:
                found = finder.at(row)
                if found is not None and self._is_head(found):
                    found = self._whole(page, piece, found)
                    self._drop_head_rows(page, found)
                    head, judge = found, self._judge(found, piece)
                    self._targets = self._plan(page, piece, found)
                    self._last_head = found
                    self.content.heads += 1
                    self._report_loose(page, loose, head)
                    loose = {}
                    continue
                kind = RowKind.AROUND
            if head is not None:
                self._take(page, kind, row, cells, loose)
            else:
                self.content.around.append((page, row, cells))
        if head is not None:
            self._report_loose(page, loose, head)
        return True

    def _is_roster(self, piece: GridSlice, rows: Mapping[int, Sequence[Cell]], finder: HeadFinder) -> bool:
        """Whether the grid has a head, or goes on with the one before."""
        for row in sorted(rows)[:_HEAD_WITHIN]:
            head = finder.at(row)
            if head is not None and self._is_head(head) and self._suits(head, rows):
                return True
        return self._continues(piece, rows, finder)

    def _is_head(self, head: Head) -> bool:
        """Whether enough of a head is known for persons to stand below it."""
        return head.sure >= _FEWEST_FIELDS

    def _suits(self, head: Head, rows: Mapping[int, Sequence[Cell]]) -> bool:
        """On a card, a row of labels over values is no list of persons: one names them and has few labels beside."""
        if self._vocabulary.definition.layout is Layout.ROSTER:
            return True
        others = sum(
            self._vocabulary.is_label(cell.text)
            for row, cells in rows.items()
            if not head.top <= row < head.bottom
            for cell in cells
            if cell.row == row and cell.text.strip()
        )
        return "name" in head.keys and head.sure >= _FEWEST_ON_CARD and others * 2 < head.sure

    def _continues(self, piece: GridSlice, rows: Mapping[int, Sequence[Cell]], finder: HeadFinder) -> bool:
        """A grid on a later page without a head of its own but as wide as the one before."""
        if self._last_head is None:
            return False
        width = max((column.column + column.span for column in self._last_head.columns), default=0)
        if abs(piece.grid.columns - width) > 0:
            return False
        return not any(finder.at(row) is not None for row in sorted(rows)[:6])

    def _judge(self, head: Head, piece: GridSlice) -> RowJudge:
        return RowJudge(head, self._vocabulary, self._running, self._titles, piece.grid.hidden_rows)

    def _whole(self, page: Page, piece: GridSlice, head: Head) -> Head:
        """A head of a scan with what a seal hides of it."""
        if not self._valuer.is_scanned(page):
            return head
        mark, cells = page.print_mark, [cell for cell in piece.grid.cells if head.top <= cell.row < head.bottom]
        is_ours = mark is not None and mark.form == self._vocabulary.definition.form
        return with_hidden_heads(head, cells, piece.grid.columns, list(self._fields), is_ours=is_ours)

    def _drop_head_rows(self, page: Page, head: Head) -> None:
        """Rows that turned out to be upper levels of a head are no text around the grid."""
        self.content.around = [
            (where, row, cells)
            for where, row, cells in self.content.around
            if where is not page or not head.top <= row < head.bottom
        ]

    def _plan(self, page: Page, piece: GridSlice, head: Head) -> list[_Target]:
        counts: dict[str, int] = {}
        for column in head.known:
            for key in column.meaning.keys if column.meaning else ():
                counts[key] = counts.get(key, 0) + 1
        sure = {
            key
            for column in head.known
            if column.meaning and column.meaning.certainty is Certainty.EXACT
            for key in column.meaning.keys
        }
        targets = [self._target(page, piece, column, counts, sure) for column in head.known]
        for target in targets:
            self.content.keys.update(target.combined.keys if target.combined else ())
            self.content.keys.update((target.item.key,) if target.item else ())
        return targets

    def _target(
        self, page: Page, piece: GridSlice, column: Column, counts: Mapping[str, int], sure: set[str]
    ) -> _Target:
        meaning = column.meaning
        if meaning is None:
            raise ValueError(column.label)
        keys, doubts = meaning.keys, []
        region = Region(page.index, None, f"{page.name}!第{column.column + 1}列" if page.name else None)
        if meaning.certainty is Certainty.AMBIGUOUS:
            others = (meaning.keys[0], *meaning.others)
            keys = next(((key,) for key in others if key not in sure), meaning.keys)
            doubts.append("label-ambiguous")
            names = "、".join(self._fields[key].label for key in others)
            self._say(
                "label-ambiguous",
                keys[0],
                f"栏目“{column.label}”可能指{names},已暂按“{self._fields[keys[0]].label}”取值,请确认",
                region,
            )
        elif meaning.certainty is Certainty.NEAR:
            doubts.append("label-near")
            names = "、".join(self._fields[key].label for key in keys)
            self._say("label-near", keys[0], f"栏目“{column.label}”按“{names}”取值,请确认", region)
        if any(counts.get(key, 0) > 1 for key in keys) and meaning.certainty is not Certainty.AMBIGUOUS:
            doubts.append("label-duplicate")
            self._say("label-duplicate", keys[0], f"栏目“{column.label}”与另一栏内容相同,请确认以哪栏为准", region)
        if column.column in piece.grid.hidden_columns:
            doubts.append("column-hidden")
            self._say("column-hidden", keys[0], f"栏目“{column.label}”在文件中被隐藏,请确认", region)
        if meaning.role is Role.COMBINED:
            return _Target(column, None, meaning.combined, tuple(doubts))
        return _Target(column, self._fields[keys[0]], None, tuple(doubts))

    def _say(self, code: str, key: str, message: str, region: Region) -> None:
        """A finding of a column, once for each code and field."""
        if (code, key) not in self._said:
            self._said.add((code, key))
            self._gathered.find(code, f"records[*].{key}", message, Severity.WARNING, region)

    def _take(self, page: Page, kind: RowKind, row: int, cells: list[Cell], loose: dict[int, list[Cell]]) -> None:
        own = [cell for cell in cells if cell.row == row and cell.text.strip()]
        if kind in _MAY_RUN_OVER and self._runs_over(page, own, cells):
            self._go_on(page, row, cells)
            return
        if kind in _LEFT:
            self._leave(page, own, *_LEFT[kind])
            return
        match kind:
            case RowKind.CONTINUED if self.content.rows:
                self._go_on(page, row, cells)
            case RowKind.RECORD | RowKind.CONTINUED:
                self._record(page, row, cells, loose)
            case RowKind.TOTAL:
                self._total(page, own)
            case RowKind.AROUND:
                self.content.around.append((page, row, cells))
            case _:
                return

    def _leave(self, page: Page, own: Sequence[Cell], code: str, message: str, severity: Severity) -> None:
        text = " ".join(cell.text.strip() for cell in own)
        region = region_of(page, own[0])
        self._gathered.find(code, "records", f"{message}:{text[:60]}", severity, region)
        self._gathered.list_left(text, "", region)

    def _total(self, page: Page, own: Sequence[Cell]) -> None:
        if not is_grand_total(own):
            return
        self.content.total_page = page
        by_place = {cell.column: cell for cell in own}
        label = next((cell for cell in own if is_grand_total([cell])), own[0])
        counted = _COUNT.search(" ".join(cell.text for cell in own))
        if counted:
            holder = next((cell for cell in own if _COUNT.search(cell.text)), label)
            self.content.total = replace(holder, text=counted.group(1), raw=None)
        else:
            after = [cell for cell in own if cell.column > label.column and squeeze(cell.text).isdecimal()]
            names = {
                target.column.column
                for target in self._targets
                if target.item is not None and target.item.key in ("name", "no", "id_number", "sex", "unit")
            }
            count = next((cell for cell in after if cell.column in names), None)
            if count is None and len(after) == 1 and not self._summed(after[0]):
                count = after[0]
            self.content.total = count or self.content.total
        for total in self._vocabulary.definition.totals:
            for target in self._targets:
                if total.how == f"sum:{target.item.key if target.item else ''}" and target.column.column in by_place:
                    self.content.sums[total.key] = by_place[target.column.column]

    def _summed(self, cell: Cell) -> bool:
        keys = {total.how.partition(":")[2] for total in self._vocabulary.definition.totals}
        return any(
            target.item is not None and target.item.key in keys and target.column.column == cell.column
            for target in self._targets
        )

    def _record(self, page: Page, row: int, cells: list[Cell], loose: dict[int, list[Cell]]) -> None:
        index = len(self.content.rows)
        cells = self._doubted_if_merged(page, cells)
        cover = _cover(cells)
        prefix = f"records[{index}]."
        entries: dict[str, Entry] = {}
        used: set[int] = set()
        for target in self._targets:
            first = target.column.column
            used.update(range(first, first + target.column.span))
            cell = cover.get(first)
            if target.column.span > 1:
                cell = self._spread(cover, target) or cell
            if target.combined is not None:
                self._combined(page, cell, target, prefix, entries)
            elif target.item is not None and cell is not None and self._is_plain(cell, row, target):
                key = target.item.key
                if key not in entries or entries[key].value == "":
                    entries[key] = self._valuer.digital(target.item, page, cell, prefix + key)
            elif target.item is not None:
                self._single(page, row, cell, target, prefix, entries)
        for cell in cells:
            if cell.row == row and cell.column not in used and cell.text.strip():
                loose.setdefault(cell.column, []).append(cell)
                if self._valuer.is_scanned(page):
                    self._doubt_beside(page, cell, prefix, entries)
        self.content.rows.append(entries)
        self._above = entries
        self._last_page = page.index

    def _doubted_if_merged(self, page: Page, cells: list[Cell]) -> list[Cell]:
        if not self._valuer.is_scanned(page):
            return cells
        cover = _cover(cells)
        targets = ((target.item, cover.get(target.column.column)) for target in self._targets)
        return doubted_if_merged(cells, ((item, cell) for item, cell in targets if item is not None))

    def _runs_over(self, page: Page, own: Sequence[Cell], cells: Sequence[Cell]) -> bool:
        """Whether the first row of a sheet of paper is the rest of a person whom the sheet before ends with.

        Word breaks rows over pages: then a row has words, but neither a number, nor a name, nor an identity number.
        """
        if self._last_page in (None, page.index) or any(cell.box is None or cell.column_span > 1 for cell in own):
            return False
        cover = _cover(cells)
        telling = {target.item.key: cover.get(target.column.column) for target in self._targets if target.item}
        if not telling.keys() >= {"no", "name"}:
            return False
        written = {key for key, cell in telling.items() if cell is not None and (cell.text.strip() or cell.ink)}
        number = telling.get("id_number")
        is_whole = number is not None and ID_NUMBER.fullmatch(squeeze(number.text).upper()) is not None
        return bool(written) and written.isdisjoint({"no", "name"}) and not is_whole

    def _doubt_beside(self, page: Page, cell: Cell, prefix: str, entries: dict[str, Entry]) -> None:
        """Words in a column without a head may belong to the cells beside them: a rule between may be none."""
        if self._last_head is None or any(column.column == cell.column for column in self._last_head.columns):
            return
        beside = {cell.column - 1, cell.column + cell.column_span}
        for target in self._targets:
            if target.item is None or beside.isdisjoint(
                range(target.column.column, target.column.column + target.column.span)
            ):
                continue
            key = target.item.key
            if entries[key].text.strip() and not entries[key].review:
                message, severity = DOUBTS["grid-irregular"]
                region = region_of(page, cell)
                self._gathered.find("grid-irregular", prefix + key, f"{target.item.label}:{message}", severity, region)
                entries[key] = entries[key].doubted()

    def _go_on(self, page: Page, row: int, cells: list[Cell]) -> None:
        """More of the last person: what a cell has beside the one above it is joined to that, and shown."""
        entries, cover = dict(self.content.rows[-1]), _cover(cells)
        prefix = f"records[{len(self.content.rows) - 1}]."
        for target in self._targets:
            cell = cover.get(target.column.column)
            if cell is None or cell.row != row or not cell.text.strip():
                continue
            if target.item is None:
                for key in target.combined.keys if target.combined else ():
                    entries[key] = replace(entries[key], review=True)
                self._gathered.leave(cell.text.strip(), target.column.label, region_of(page, cell), path="records")
                continue
            key = target.item.key
            above = entries[key].text if key in entries else ""
            whole = replace(cell, text=f"{above}\n{cell.text}".strip(), raw=None)
            doubts = (*target.doubts, "grid-irregular")
            self._gathered.findings[:] = [one for one in self._gathered.findings if one.path != prefix + key]
            entries[key] = self._valuer.entry(target.item, page, whole, prefix + key, doubts)
        self.content.rows[-1] = entries

    @staticmethod
    def _is_plain(cell: Cell, row: int, target: _Target) -> bool:
        """Whether nothing about the cell or its column is out of the ordinary (nearly all cells of a roster)."""
        text = cell.text
        return (
            cell.row == row
            and cell.column == target.column.column
            and not (target.doubts or cell.notes or cell.struck)
            and cell.confidence is None
            and cell.ink is None
            and bool(text)
            and (len(text) >= _LONGEST_DITTO or text.strip() not in DITTOS)
        )

    @staticmethod
    def _spread(cover: Mapping[int, Cell], target: _Target) -> Cell | None:
        """The cells below a head over several columns as one: their texts joined."""
        places = range(target.column.column, target.column.column + target.column.span)
        cells = list(dict.fromkeys(cover[place] for place in places if place in cover and cover[place].text.strip()))
        if len(cells) <= 1:
            return cells[0] if cells else None
        glue = "至" if target.combined is not None and target.combined.split == "period" else "\n"
        return replace(cells[0], text=glue.join(cell.text for cell in cells), raw=None, notes=("place-uncertain",))

    def _single(
        self, page: Page, row: int, cell: Cell | None, target: _Target, prefix: str, entries: dict[str, Entry]
    ) -> None:
        item = target.item
        if item is None:
            return
        key = item.key
        if cell is None or not (cell.text or cell.notes or cell.ink):
            if key not in entries:
                entries[key] = blank_entry(page, cell, item)
            return
        doubts = target.doubts
        if cell.row < row and key in ("name", "id_number"):
            doubts = (*doubts, "person-merged")
        doubts = (*doubts, *_doubts_of_span(cell))
        text = cell.text
        if cell.column < target.column.column and text.strip() not in PLACEHOLDERS:
            doubts = (*doubts, "place-uncertain")
        if len(text) < _LONGEST_DITTO and text.strip() in DITTOS:
            entries[key] = self._ditto(page, item, cell, prefix + key)
            return
        found = entries.get(key)
        if found is not None and found.value != "":
            return
        entries[key] = self._valuer.entry(item, page, cell, prefix + key, doubts)

    def _ditto(self, page: Page, item: Field, cell: Cell, path: str) -> Entry:
        above = self._above.get(item.key)
        if above is None or above.value is None or above.value == "":
            return replace(
                self._valuer.entry(item, page, replace(cell, raw=None), path, ("ditto-unresolved",)), value=None
            )
        self._gathered.find(
            "ditto", path, f"{item.label}:写的是“{cell.text.strip()}”,按上一行取值,请确认", region=region_of(page, cell)
        )
        return replace(above, text=cell.text, region=region_of(page, cell), review=True)

    def _combined(self, page: Page, cell: Cell | None, target: _Target, prefix: str, entries: dict[str, Entry]) -> None:
        combined = target.combined
        if combined is None:
            return
        if cell is None or not (cell.text.strip() or cell.ink):
            for key in combined.keys:
                entries.setdefault(key, blank_entry(page, cell, self._fields[key]))
            return
        if cell.text.strip() in DITTOS:
            for key in combined.keys:
                entries[key] = self._ditto(page, self._fields[key], cell, prefix + key)
            return
        doubts = (*target.doubts, *_doubts_of_span(cell))
        read_combined(self._valuer, self._fields, CombinedCell(combined, page, cell, prefix, doubts), entries)

    def _report_loose(self, page: Page, loose: Mapping[int, list[Cell]], head: Head) -> None:
        """What stood in columns that mean nothing to this form: one entry a column."""
        labels = {
            place: column.label
            for column in head.columns
            for place in range(column.column, column.column + column.span)
        }
        for place, cells in sorted(loose.items()):
            texts = list(dict.fromkeys(cell.text.strip() for cell in cells))
            shown = ";".join(texts[:_MOST_SHOWN]) + (f"……共{len(cells)}格" if len(texts) > _MOST_SHOWN else "")
            self._gathered.leave(shown, labels.get(place, ""), region_of(page, cells[0]), path="records")


def _doubts_of_span(cell: Cell) -> tuple[str, ...]:
    """What is doubtful of a scanned cell over several rows with several lines: each may be one person's."""
    return ("grid-irregular",) if cell.row_span > 1 and len(cell.words) > 1 else ()


def _cover(cells: Sequence[Cell]) -> dict[int, Cell]:
    cover: dict[int, Cell] = {}
    for cell in cells:
        if cell.column_span == 1:
            cover[cell.column] = cell
        else:
            for column in range(cell.column, cell.column + cell.column_span):
                cover.setdefault(column, cell)
    return cover

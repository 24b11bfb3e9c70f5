"""Cells of a scanned card that ran together where a fax or a copier lost the rule between them.

Three things show it. A tall cell beside rows of their own says a label in each of them: the rules between these labels
were lost. A tall cell stands right of a label in each of its rows and says something in each: so were those between
their values. And a cell says a label and, behind a gap, something else: the rule between these two was lost.
What is taken apart so is taken by the words alone, and a value found in this way goes to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from parsers.document import Cell, Word

Rows = dict[int, list[Cell]]
IsLabel = Callable[[str], bool]
OF_RULES = "□|一丨"
"""As what the end of a rule may be read."""
FOUND_BY_WORDS = "place-uncertain"


def with_lost_rules(rows: Mapping[int, Sequence[Cell]], is_label: IsLabel) -> Rows:
    """The cells of each row, those that ran together taken apart.

    Args:
        rows: the cells of each row from left to right; one that spans rows stands in each of them.
        is_label: whether a text is a label of the form.
    """
    bands = {row: band for row, cells in rows.items() if (band := _band(cells)) is not None}
    fresh: Rows = {}
    for row, cells in rows.items():
        fresh[row] = []
        for cell in cells:
            part = _part_in_row(cell, row, bands, is_label) if cell.row_span > 1 else None
            if part is not None and (is_label(part.text) or _stands_by_labels(cell, rows, is_label)):
                fresh[row].append(part)
            else:
                fresh[row] += _label_and_value(cell, row, is_label)
    return fresh


def _band(cells: Sequence[Cell]) -> tuple[float, float] | None:
    """The upper and the lower edge of a row, by its cells that span no other."""
    boxes = [cell.box for cell in cells if cell.row_span == 1 and cell.box is not None]
    return (max(box[1] for box in boxes), min(box[3] for box in boxes)) if boxes else None


def _part_in_row(cell: Cell, row: int, bands: Mapping[int, tuple[float, float]], is_label: IsLabel) -> Cell | None:
    """What a tall cell says in one of its rows: in each a label, or in each something else, and nothing between them.

    A value keeps the place of the whole cell, by which the scan knows it.
    """
    own = range(cell.row, cell.row + cell.row_span)
    if cell.box is None or not all(one in bands for one in own) or is_label(cell.text):
        return None
    texts = {one: _said([word for word in cell.words if _is_within(word.box, bands[one])], is_label) for one in own}
    are_labels = {is_label(text) for text in texts.values()}
    is_all = all(any(_is_within(word.box, bands[one]) for one in own) for word in cell.words)
    if not is_all or len(set(texts.values())) != len(own) or not all(texts.values()) or len(are_labels) > 1:
        return None
    words = tuple(word for word in cell.words if _is_within(word.box, bands[row]))
    part = replace(cell, row=row, row_span=1, text=texts[row], words=words)
    if are_labels == {True}:
        return replace(part, box=(cell.box[0], bands[row][0], cell.box[2], bands[row][1]))
    return replace(part, notes=(*cell.notes, FOUND_BY_WORDS))


def _said(words: Sequence[Word], is_label: IsLabel) -> str:
    """What words say together; a label without the box as which a rule's end beside it was read."""
    text = "".join(word.text for word in words)
    bare = text.lstrip(OF_RULES)
    return bare if is_label(bare) and not is_label(text) else text


def _stands_by_labels(cell: Cell, rows: Mapping[int, Sequence[Cell]], is_label: IsLabel) -> bool:
    """Whether a label of its own row stands left of the cell in each of its rows."""
    before = [
        [one for one in rows[row] if one.row_span == 1 and one.column + one.column_span == cell.column]
        for row in range(cell.row, cell.row + cell.row_span)
    ]
    return all(cells and is_label(cells[0].text) for cells in before)


def _is_within(box: tuple[float, float, float, float], band: tuple[float, float]) -> bool:
    return band[0] <= (box[1] + box[3]) / 2 < band[1]


def _label_and_value(cell: Cell, row: int, is_label: IsLabel) -> list[Cell]:
    """The cell, or the label in it and the value behind a gap, which keeps the place of the whole cell.

    Both stand on one line: two lines are a label of two words, one of them misread (借出单位 over 管部门意见).
    """
    label, _, value = cell.text.strip().partition(" ")
    is_joined = cell.row == row and cell.column_span > 1 and len(cell.words) == 1 and bool(value.strip())
    if not is_joined or not is_label(label) or is_label(cell.text) or any(map(is_label, value.split())):
        return [cell]
    head = replace(cell, column_span=1, text=label, words=(), notes=(), box=None)
    notes = (*cell.notes, FOUND_BY_WORDS)
    rest = replace(cell, column=cell.column + 1, column_span=cell.column_span - 1, text=value.strip(), notes=notes)
    return [head, rest]

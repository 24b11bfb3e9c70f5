"""What a scanned form must have and was not found on it, and values that ran into a neighbour's label.

On paper a rule that is not seen costs a label or joins two cells. A field whose label was not found is not empty: its
value is unknown, and a person must look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from forms.definition import Field, FormDefinition
from forms.finding import Severity
from forms.record import Entry, Origin, Row
from parsers.document import Page, TextLine
from parsers.locating.parts import Part
from parsers.locating.vocabulary import Vocabulary
from parsers.valuing import Gathered

GRID_MISSING = "grid-missing"
"""Note of a line on a scanned page without a table: whose value it holds is told by the words alone."""
_SHORTEST_LABEL = 3
_SHORTEST_PART = 2
_MARKS = ".·,，。、:：()（）"
_UNKNOWN = Entry(None, origin=Origin.OCR, review=True)


def without_table(part: Part, *, scanned: bool) -> Part:
    """The part of a scanned page on which no table was found with that doubt on its lines."""
    if not scanned or part.grids or not part.blocks:
        return part
    lines = (replace(line, notes=(*line.notes, GRID_MISSING)) for line in part.lines)
    return replace(part, blocks=tuple(lines))


class Unfound:
    """Completes what was read of one scanned form."""

    def __init__(
        self, definition: FormDefinition, vocabulary: Vocabulary, gathered: Gathered, parts: Sequence[Part]
    ) -> None:
        ruled = {part.page.index for part in parts if part.grids}
        self._bare = frozenset(part.page.index for part in parts) - ruled
        self._is_bare = not ruled
        self._definition = definition
        self._vocabulary = vocabulary
        self._gathered = gathered

    def header(self, header: Mapping[str, Entry]) -> dict[str, Entry]:
        """The header with unknown entries for the labels that were not found."""
        return self._completed(header, self._definition.header, "header")

    def rows(self, rows: Sequence[Row]) -> list[Row]:
        """The rows, each with unknown entries for its columns or labels that were not found."""
        done: list[Row] = []
        said: set[str] = set()
        for index, row in enumerate(rows):
            done.append(self._completed(row, self._definition.fields, f"records[{index}]", said))
        return done

    def _completed(
        self, entries: Mapping[str, Entry], fields: Iterable[Field], path: str, said: set[str] | None = None
    ) -> dict[str, Entry]:
        """Entries for all fields; a label is missed once, for the first row that lacks it."""
        done = {key: self._parted(entry, f"{path}.{key}") for key, entry in entries.items()}
        missed = [item for item in fields if item.key not in done]
        for key in [key for key, entry in done.items() if not entry.review and _ends_in_a_label_of(missed, entry.text)]:
            done[key] = done[key].doubted()
            self._say_label_within(done[key], f"{path}.{key}")
        for item in missed:
            done[item.key] = _UNKNOWN
        told = [item for item in missed if said is None or item.key not in said]
        if told and entries:
            names = "、".join(dict.fromkeys(f"{one.group}/{one.label}" if one.group else one.label for one in told))
            self._gathered.find("label-unfound", path, f"页面上没有找到这些栏目,其值未知,请对照原件:{names}")
        if said is not None:
            said.update(item.key for item in missed)
        return done

    def _parted(self, entry: Entry, path: str) -> Entry:
        """An entry from a page without a table, or with the label of another field in its text, goes to a person."""
        if not entry.review and (self._is_bare or (entry.region is not None and entry.region.page in self._bare)):
            return entry.doubted()
        words = entry.text.split()
        if entry.review or len(words) < 2 or not any(self._is_label(word) for word in words):  # noqa: PLR2004 - a word beside the label
            return entry
        self._say_label_within(entry, path)
        return entry.doubted()

    def _say_label_within(self, entry: Entry, path: str) -> None:
        message = f"值中含有别的栏目名称,可能有格线没有看清,请对照原件:{entry.text[:40]}"
        self._gathered.find("label-in-value", path, message, Severity.WARNING, entry.region)

    def _is_label(self, word: str) -> bool:
        bare = word.strip(":：()（）")
        if len(bare) < _SHORTEST_LABEL:
            return False
        vocabulary = self._vocabulary
        return (
            vocabulary.is_label(bare) or vocabulary.box(bare) is not None or vocabulary.header_label(bare) is not None
        )


def _ends_in_a_label_of(missed: Iterable[Field], text: str) -> bool:
    """Whether the last word of a value is a part of the label of a field that was not found.

    It is how the label begins (``某某局 填报.``), or what dirt and a lost rule left of it (``大学本科 业院校及专业``).
    """
    words = text.split()
    last = words[-1].strip(_MARKS) if len(words) > 1 else ""
    return any(
        (len(last) >= _SHORTEST_PART and item.label.startswith(last))
        or (len(last) >= _SHORTEST_LABEL and last in item.label)
        for item in missed
    )


def say_no_table(parts: Sequence[Part], gathered: Gathered, is_scanned: Mapping[int, bool]) -> None:
    """The finding of a form on whose scanned pages no table was found at all."""
    if any(part.grids for part in parts):
        return
    pages: dict[int, Page] = {part.page.index: part.page for part in parts if is_scanned.get(part.page.index)}
    for page in pages.values():
        if any(isinstance(block, TextLine) for block in page.blocks):
            message = f"第{page.index + 1}页没有找到表格线,各栏按文字推定,未找到的栏目未读,请对照原件"
            gathered.find(GRID_MISSING, "", message, Severity.ERROR)

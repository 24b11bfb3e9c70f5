"""Words of a whole page into the fields of a form, by rules: what one would write around a general OCR engine.

The rules know the official form: its labels, the order of its columns, its two-value cells. Values are normalised by
our own field types, so that peers are judged by what they read and where, not by how a date is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz

from bench.scans.peers import Word
from forms.definition import Field, FormDefinition, Layout

LEAST = 75.0
"""How alike (0-100) a word and a label must be."""
_BRACKETS = re.compile(r"[（(\[【].*?[）)\]】]")
_TICKS = "☑☒√✓✔■団図囚凶四因回V"
"""What engines make of a ticked box."""
_ID = re.compile(r"(?<!\d)\d{17}[\dXx]")
_PERIOD = re.compile(r"自?(.*?)至(.*?日)\D*(\d*)")
_COLON = re.compile(r"[:：]")
Found = dict[str, str]
"""Texts by key."""
Stack = tuple[str, float, float]
"""The words of a head, and their left and right edge."""
Span = tuple[float, float]
"""Left and right edge in pixels."""
_MORE_WORDS = 1.0
"""By how much a label of two words must be more alike than one of a single word."""


def mapped(pages: Sequence[Sequence[Word]], definition: FormDefinition) -> dict[str, Any]:
    """What :mod:`bench.scans.scoring` compares: the form's fields as read off the words of its pages."""
    header: Found = {}
    rows: list[Found] = []
    for words in pages:
        for key, text in _labelled(words, definition.header, from_top=False).items():
            header.setdefault(key, text)
        if definition.layout is Layout.CARD:
            rows = rows or [{}]
            for key, text in _card(words, definition).items():
                rows[0].setdefault(key, text)
        else:
            rows += _roster(words, definition)
    return {
        "status": "read",
        "documents": [
            {
                "form": definition.form,
                "header": _entries(header, definition.header),
                "records": [_entries(row, definition.fields) for row in rows],
                "marks": [],
                "findings": [],
            }
        ],
    }


def _entries(found: Found, fields: Sequence[Field]) -> dict[str, Any]:
    types = {item.key: item.type for item in fields}
    return {
        key: {"value": types[key].read(text).value, "text": text, "confidence": None, "review": False}
        for key, text in found.items()
        if key in types
    }


def bare(text: str) -> str:
    """A label as it is compared: without brackets, blanks and colons."""
    return _COLON.sub("", _BRACKETS.sub("", "".join(text.split())))


@dataclass(frozen=True, slots=True)
class Label:
    """Words that say what stands beside or after them; ``rest`` is what follows in the same word."""

    words: tuple[Word, ...]
    rest: str
    likeness: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The box around its words."""
        boxes = [word.box for word in self.words]
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )


def _labels(words: Sequence[Word], fields: Sequence[Field | Pair], *, from_top: bool) -> dict[str, Label]:
    """The best place for each label, better ones first; no word is the label of two fields.

    Of equals the first or the last on the page is taken: cards have their values on top, rosters below the table.
    """
    way = 1 if from_top else -1
    stacks = [(word,) for word in words] + [
        (word, below) for word in words for below in words if _is_under(word, below)
    ]
    options = []
    for item in fields:
        for stack in stacks:
            text = "".join(word.text for word in stack)
            head, colon, rest = text.partition("：") if "：" in text else text.partition(":")
            likeness = fuzz.ratio(bare(head), bare(item.label))
            if likeness >= LEAST:
                worth = likeness + len(bare(item.label)) * 0.1 - (len(stack) - 1) * _MORE_WORDS
                options.append((worth, item.key, Label(stack, rest if colon else "", likeness)))
    chosen: dict[str, Label] = {}
    used: set[Word] = set()
    for _, key, label in sorted(options, key=lambda option: (-option[0], way * option[2].box[1])):
        if key not in chosen and not used & set(label.words):
            chosen[key] = label
            used |= set(label.words)
    return chosen


def _is_under(word: Word, below: Word) -> bool:
    gap = below.box[1] - word.box[3]
    shared = min(word.box[2], below.box[2]) - max(word.box[0], below.box[0])
    return (
        -0.4 * word.height < gap < 0.6 * word.height
        and shared > 0
        and below.middle[1] > word.middle[1] + 0.5 * word.height
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """A printed label for several values, looked for as a field is."""

    key: str
    label: str


def _labelled(words: Sequence[Word], fields: Sequence[Field | Pair], *, from_top: bool) -> Found:
    """Values by their labels: what follows the colon, else the words to the right up to the next label."""
    labels = _labels(words, fields, from_top=from_top)
    taken = {word for label in labels.values() for word in label.words}
    found = {}
    figures = {item.key for item in fields if isinstance(item, Field) and item.type.name == "integer"}
    for key, label in labels.items():
        beside = [label.rest] if label.rest else list(_beside(label, words, taken))
        found[key] = "".join(beside[:1] if key in figures else beside)
    return found


def _beside(label: Label, words: Sequence[Word], taken: set[Word]) -> Iterator[str]:
    left, top, right, bottom = label.box
    room = 0.5 * (bottom - top)
    same = [word for word in words if word.box[0] > left + 0.7 * (right - left) and word not in label.words]
    line = [word for word in same if top - room * 0.4 < word.middle[1] < bottom + room * 0.4]
    stop = min((word.box[0] for word in line if word in taken or _looks_like_a_label(word)), default=float("inf"))
    yield from (word.text for word in _in_order([word for word in line if word.middle[0] < stop and word not in taken]))


def _looks_like_a_label(word: Word) -> bool:
    return bool(
        re.fullmatch(
            r"(照片|备注|编制性质|联系电话|填表人|联络员|(主要|分管)负责人签字|现任职务|主管部门)", bare(word.text)
        )
    )


def _in_order(words: Sequence[Word]) -> list[Word]:
    """Words by lines from the top, each line from the left."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda item: item.middle[1]):
        if lines and word.middle[1] - lines[-1][-1].middle[1] < 0.5 * word.height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [word for line in lines for word in sorted(line, key=lambda item: item.box[0])]


def _card(words: Sequence[Word], definition: FormDefinition) -> Found:
    combined = [Pair("+".join(item.keys), item.label) for item in definition.combined if item.printed]
    keys = {key for pair in combined for key in pair.key.split("+")}
    fields = [item for item in definition.fields if item.key not in keys]
    found = _labelled(words, [*fields, *combined], from_top=True)
    for pair in combined:
        found |= _split(pair.key.split("+"), found.pop(pair.key, ""))
    if "reason_category" in found:
        found["reason_category"] = _ticked(found["reason_category"])
    return found


def _split(keys: Sequence[str], text: str) -> Found:
    if len(keys) == len(("start_date", "end_date", "months")):
        period = _PERIOD.search(text)
        return dict(zip(keys, period.groups(), strict=True)) if period else {}
    first, _, rest = text.replace("(", "（").partition("（")
    return dict(zip(keys, (first, rest.rstrip("）)")), strict=True))


def _ticked(text: str) -> str:
    """The option that stands after a ticked box, up to the next box."""
    found = re.search(rf"[{_TICKS}]([^□口☐日{_TICKS}]+)", text)
    return found.group(1) if found else ""


def _roster(words: Sequence[Word], definition: FormDefinition) -> list[Found]:
    """Rows by their ID numbers, columns by the words of the head."""
    anchors = sorted(word.middle[1] for word in words if _ID.search(word.text))
    if not anchors:
        return []
    step = min((after - before for before, after in pairwise(anchors)), default=anchors[0] * 0.1)
    first, last = anchors[0] - step / 2, anchors[-1] + step / 2
    columns = _columns([word for word in words if word.middle[1] < first], definition)
    if not columns:
        return []
    edges = [first, *((a + b) / 2 for a, b in pairwise(anchors)), last]
    rows = []
    for top, bottom in pairwise(edges):
        inside = [piece for word in words if top <= word.middle[1] < bottom for piece in _pieces(word, columns)]
        row = {
            key: "".join(word.text for word in _in_order([word for at, word in inside if at == key])) for key in columns
        }
        rows.append(row)
    return rows


def _columns(head: Sequence[Word], definition: FormDefinition) -> Mapping[str, Span]:
    """The key of each column and the edges of its head, found in the order in which the form prints them."""
    stacks = list(_parted(_stacks(_table_head(head)), definition))
    fields = definition.fields
    likeness = [[fuzz.ratio(bare(item.label), bare(text)) for text, _, _ in stacks] for item in fields]
    best = [[0.0] * (len(stacks) + 1) for _ in range(len(fields) + 1)]
    for i in range(len(fields) - 1, -1, -1):
        for j in range(len(stacks) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + likeness[i][j])
    chosen: dict[str, Span] = {}
    i, j = 0, 0
    while i < len(fields) and j < len(stacks):
        if likeness[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            chosen[fields[i].key] = stacks[j][1:]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return chosen


def _parted(stacks: Sequence[Stack], definition: FormDefinition) -> Iterator[Stack]:
    """The heads; one that spans several columns whose own heads were not found is divided evenly."""
    groups: dict[str, list[str]] = {}
    for item in definition.fields:
        if item.group:
            groups.setdefault(item.group, []).append(item.label)
    for text, left, right in stacks:
        group = next((labels for name, labels in groups.items() if fuzz.ratio(bare(name), bare(text)) >= LEAST), [])
        step = (right - left) / max(1, len(group))
        if not group:
            yield text, left, right
        for index, label in enumerate(group):
            yield label, left + index * step, left + (index + 1) * step


def _table_head(words: Sequence[Word]) -> list[Word]:
    """The words of the table's head: those at or below the line of 序号 and 姓名."""
    marks = [word for word in words if bare(word.text) in {"序号", "姓名", "性别", "身份证号"}]
    if not marks:
        return list(words)
    middle = sum(word.middle[1] for word in marks) / len(marks)
    high = max(word.height for word in marks)
    low = max(word.box[3] for word in words)
    reach = max(low - middle, 1.5 * high)
    return [word for word in words if word.middle[1] > middle - reach and not _COLON.search(word.text)]


def _stacks(words: Sequence[Word]) -> list[Stack]:
    """The words of a head by columns: those above each other are one, those that span several are left out."""
    narrow = [word for word in words if sum(_is_within(other, word) for other in words if other is not word) < 2]  # noqa: PLR2004 - a head over two columns
    groups: list[list[Word]] = []
    for word in sorted(narrow, key=lambda item: item.middle[0]):
        if groups and any(_shares(word, other) for other in groups[-1]):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [
        (
            "".join(word.text for word in _in_order(group)),
            min(word.box[0] for word in group),
            max(word.box[2] for word in group),
        )
        for group in groups
    ]


def _is_within(inner: Word, outer: Word) -> bool:
    """A word lies below another, within its width, and is clearly narrower."""
    is_below = inner.middle[1] > outer.middle[1] + 0.5 * outer.height
    return is_below and outer.box[0] - 2 < inner.middle[0] < outer.box[2] + 2 and not _is_under(outer, inner)


def _shares(one: Word, other: Word) -> bool:
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return shared > 0.3 * min(one.box[2] - one.box[0], other.box[2] - other.box[0])


def _pieces(word: Word, columns: Mapping[str, Span]) -> Iterator[tuple[str, Word]]:
    """A word by the columns that it lies in: the nearest, unless it runs over the middles of several and is cut."""
    left, top, right, bottom = word.box
    over = [key for key, (begin, end) in columns.items() if left < (begin + end) / 2 < right]
    if len(over) <= 1:
        middle = word.middle[0]
        key = over[0] if over else min(columns, key=lambda item: abs(sum(columns[item]) / 2 - middle))
        yield key, word
        return
    pitch = (right - left) / len(word.text)
    cuts = [(columns[one][1] + columns[other][0]) / 2 for one, other in pairwise(over)]
    for key, (begin, end) in zip(over, pairwise([left, *cuts, right]), strict=True):
        letters = [letter for index, letter in enumerate(word.text) if begin <= left + (index + 0.5) * pitch < end]
        if letters:
            yield key, Word("".join(letters), (begin, top, end, bottom))

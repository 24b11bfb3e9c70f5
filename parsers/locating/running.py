"""Labels and values in running text: ``填报单位（盖章）：某某局    填报日期：2026年8月20日    单位：人``.

A row of cells is read as one text whose cells are parted by tabs, so that it does not matter whether a label and its
value share a cell or a whole line stands in one merged cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from forms.definition import Field, OpinionBox
from forms.labels import normalise_label
from parsers.document import Cell
from parsers.locating.vocabulary import Certainty, Meaning, Role, Vocabulary, bare_label

_COLON = re.compile(r"[:：]")
_EDGE = frozenset(" \u3000\t\n，,；;、。|（()）_＿")
_TRIM = " \u3000\t\n_＿；;，,、。|"
_NOTE = re.compile(r"[（(]([^（）()\t\n]{0,14})[）)]$")
_BLANK_DAY = re.compile(r"^[\s_＿]*年[\s_＿]*月[\s_＿]*日?[\s_＿]*$")
_MEASURES = frozenset({"人", "元", "万元", "名", "个", "人、元", "人/元", "个月", "人,元"})
_LONGEST = 22
_SHORTEST_WORD = 3
_GAP = r"[\s_＿\u3000]*"
_BEFORE_SUFFIXED = r"(?:^|(?<=[\s，,；;、。:：()（）_＿\t|])|(?<=其中)|(?<=本期)|(?<=人)|(?<=名))"
_SPECK = re.compile(r"(?<=[\u4e00-\u9fff])[.,·•，、](?=[\u4e00-\u9fff])")
"""What dirt on the paper puts between the characters of a label."""
_LOST_COLON = re.compile(r"(?<=[（(](?:盖章|公章|签章|签字|签名)[）)])(?=[\u4e00-\u9fff])")
"""Between what asks for a seal or a hand and a value: the colon was not read, two dots that a copier may lose."""
_GUIDES = re.compile(r"^[（(]?(?:签字|签名|签章|盖章|公章|章)[）)]?$")


_FIGURES = r"[\d一二三四五六七八九十]{1,3}"
_BEHIND = re.compile(
    rf"(?P<day>(?:[12]\d{{3}}|[一二][〇○零一二三四五六七八九]{{3}})\s*(?:年\s*{_FIGURES}\s*月(?:\s*{_FIGURES}\s*日)?"
    rf"|[-./]\d{{1,2}}[-./]\d{{1,2}}))$|(?:[(（]?[第共]\s*{_FIGURES}\s*页[)）]?\s*[,，]?\s*)+$"
)
"""A day, or a number of pages, at the end of a text."""
_UNIT, _FILLED_ON = ("unit",), ("filled_on",)


@dataclass(frozen=True, slots=True)
class Found:
    """One label met in running text with what follows it.

    ``meaning`` is ``None`` for a label the form does not know, ``box`` is set where the label names an opinion box.
    ``label`` is as written. ``after`` is the whole text up to the next label, ``value`` the same without blanks.
    ``span`` is where ``after`` begins and ends, counted from the beginning of the label's cell.
    """

    label: str
    value: str
    cell: Cell
    meaning: Meaning | None = None
    box: OpinionBox | None = None
    label_cell: Cell | None = None
    note: str = ""
    after: str = ""
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    label: str
    meaning: Meaning | None
    box: OpinionBox | None = None
    note: str = ""
    value: tuple[int, int] | None = None


class RunningReader:
    """Finds a definition's labels in running text. ``person_too`` adds the labels of a person's fields (cards)."""

    def __init__(self, vocabulary: Vocabulary, *, person_too: bool) -> None:
        self._vocabulary = vocabulary
        self._person_too = person_too

    def read(self, cells: Sequence[Cell]) -> tuple[Found, ...]:
        """The labels in a row of cells (or one line), each with the text up to the next one.

        Text before the first label comes first, with an empty label.
        """
        text, starts = _joined(cells)
        hits = self._hits(text, cells, starts)
        found: list[Found] = []
        if hits and (lead := _clean(text[: hits[0].start])):
            cell = _cell_at(cells, starts, len(text) - len(text.lstrip(_TRIM)))
            found.append(Found("", lead, replace(cell, text=lead, raw=None, candidates=())))
        for position, hit in enumerate(hits):
            limit = hits[position + 1].start if position + 1 < len(hits) else len(text)
            first, last = hit.value or (hit.end, limit)
            raw = text[first:last]
            value = _clean(raw)
            is_header = hit.meaning is None or hit.meaning.role is Role.HEADER
            if is_header and hit.box is None and value in _MEASURES:
                continue
            offset = first + (len(raw) - len(raw.lstrip(_TRIM))) if value else hit.start
            cell = _cell_at(cells, starts, offset)
            begun = max(start for start in starts if start <= hit.start)
            whole = value == cell.text.strip(_TRIM)
            found.append(
                Found(
                    hit.label,
                    value,
                    cell if whole else replace(cell, text=value, raw=None, candidates=(), notes=cell.notes),
                    hit.meaning,
                    hit.box,
                    _cell_at(cells, starts, hit.start),
                    hit.note,
                    raw,
                    (first - begun, last - begun),
                )
            )
        return tuple(self._with_days_apart(found))

    def _with_days_apart(self, found: Sequence[Found]) -> Iterator[Found]:
        """A day without a label behind the unit is no part of its name: likely the form was filled in on it.

        Nor is a number of pages, which is none of the form's.
        """
        has_day = any(item.key == _FILLED_ON[0] for item in self._vocabulary.definition.header)
        is_free = has_day and not any(one.meaning is not None and one.meaning.keys == _FILLED_ON for one in found)
        for one in found:
            is_unit = one.meaning is not None and (one.meaning.role, one.meaning.keys) == (Role.HEADER, _UNIT)
            behind = _BEHIND.search(one.value) if is_unit else None
            if one.meaning is None or behind is None:
                yield one
                continue
            unit, written = one.value[: behind.start()].rstrip(_TRIM), behind.group().strip(_TRIM)
            is_day = behind["day"] is not None
            certainty = one.meaning.certainty if is_free or not is_day else Certainty.NEAR
            meaning = replace(one.meaning, certainty=certainty)
            yield replace(one, value=unit, meaning=meaning, cell=_saying(one.cell, unit))
            day = Meaning(Role.HEADER, _FILLED_ON, Certainty.NEAR) if is_free and is_day else None
            yield Found(written, written, _saying(one.cell, written), day, None, _saying(one.cell, written))

    def _hits(self, text: str, cells: Sequence[Cell], starts: Sequence[int]) -> list[_Hit]:
        hits = [*self._suffixed(text), *self._with_colon(text), *self._whole_cells(cells, starts)]
        hits.sort(key=lambda hit: (hit.start, hit.meaning is None and hit.box is None, -hit.end))
        kept: list[_Hit] = []
        for hit in hits:
            if kept and hit.start < max(kept[-1].end, (kept[-1].value or (0, 0))[1]):
                continue
            kept.append(hit)
        return kept

    def _with_colon(self, text: str) -> list[_Hit]:
        hits = []
        for colon in _COLON.finditer(text):
            position = colon.start()
            if 0 < position < len(text) - 1 and text[position - 1].isdigit() and text[position + 1].isdigit():
                continue
            hit = self._label_before(text, position, colon.end())
            if hit is not None:
                hits.append(hit)
        lost = (self._label_before(text, place.start(), place.end()) for place in _LOST_COLON.finditer(text))
        return hits + [hit for hit in lost if hit is not None and hit.meaning is not None]

    def _label_before(self, text: str, end: int, after: int) -> _Hit | None:
        """The label that ends at ``end``: the longest known one, else the run of letters before it."""
        head = text[:end].rstrip(" \u3000")
        note = _NOTE.search(head)
        base = head[: note.start()].rstrip(" \u3000") if note else head
        bracket = note.group(1).strip() if note else ""
        line_start = max(base.rfind(mark) for mark in "\n\t:：") + 1
        best: _Hit | None = None
        compact = 0
        for start in range(len(base) - 1, line_start - 1, -1):
            compact += not base[start].isspace()
            if compact > _LONGEST:
                break
            if base[start] in " \u3000_＿" or (start > line_start and base[start - 1] not in _EDGE):
                continue
            meaning, box = self.lookup(base[start:], bracket)
            if meaning is None and box is None:
                meaning = self._specked(base[start:], bracket)
            if meaning is not None or box is not None:
                best = _Hit(start, after, base[start:], meaning, box, bracket)
        return best or self._embedded(base, line_start, after, bracket) or _unknown(base, line_start, after, bracket)

    def _specked(self, label: str, bracket: str) -> Meaning | None:
        """What a label means that is known but for a point amid it (``填报.日期：``); a person must look."""
        clean = _SPECK.sub("", label)
        meaning = self.lookup(clean, bracket)[0] if clean != label else None
        return None if meaning is None else replace(meaning, certainty=Certainty.NEAR)

    def _embedded(self, base: str, line_start: int, after: int, bracket: str) -> _Hit | None:
        """A long known label that follows a value without any gap (``张三联系电话：``)."""
        for start in range(max(line_start, len(base) - _LONGEST), len(base) - 3):
            meaning, box = self.lookup(base[start:], bracket)
            if meaning is not None and meaning.certainty is Certainty.EXACT and line_start > 0:
                return _Hit(start, after, base[start:], replace(meaning, certainty=Certainty.NEAR), box, bracket)
        return None

    def lookup(self, label: str, bracket: str = "") -> tuple[Meaning | None, OpinionBox | None]:
        """What a label outside the grid names: a field, a box, or both."""
        vocabulary = self._vocabulary
        box = (vocabulary.box(label + bracket) if bracket else None) or vocabulary.box(label)
        meaning = vocabulary.header_label(label)
        if meaning is None and bracket:
            meaning = vocabulary.header_label(label + bracket)
        if meaning is None and self._person_too:
            meaning = (vocabulary.person_label(f"{label}({bracket})") if bracket else None) or vocabulary.person_label(
                label
            )
        return meaning, box

    def _whole_cells(self, cells: Sequence[Cell], starts: Sequence[int]) -> list[_Hit]:
        """Labels without a colon: a cell of their own, or a word set apart by blanks."""
        hits: list[_Hit] = []
        for cell, start in zip(cells, starts, strict=True):
            body = cell.text
            if not body.strip() or _COLON.search(body):
                continue
            meaning, box = self.lookup(body.strip())
            if meaning is not None or box is not None:
                hits.append(_Hit(start, start + len(body), body.strip(), meaning, box))
                continue
            for word in re.finditer(r"\S+", body):
                if len(bare_label(word.group())) < _SHORTEST_WORD:
                    continue
                known = self._vocabulary.header_label(word.group())
                if known is not None and known.certainty is Certainty.EXACT:
                    hits.append(_Hit(start + word.start(), start + word.end(), word.group(), known))
        return hits

    def _suffixed(self, text: str) -> list[_Hit]:
        hits = []
        for pattern, field, role in self._suffix_patterns:
            for match in pattern.finditer(text):
                span = match.span("value")
                hits.append(
                    _Hit(match.start(), match.end(), match.group("label"), Meaning(role, (field.key,)), value=span)
                )
        return hits

    @cached_property
    def _suffix_patterns(self) -> tuple[tuple[re.Pattern[str], Field, Role], ...]:
        definition = self._vocabulary.definition
        fields = [(item, Role.HEADER) for item in definition.header if item.suffix]
        if self._person_too:
            fields += [(item, Role.FIELD) for item in definition.fields if item.suffix]
        return tuple((_suffix_pattern(item), item, role) for item, role in fields)


def _suffix_pattern(item: Field) -> re.Pattern[str]:
    """``清退__人`` as a pattern; blanks may stand between the letters of the label."""
    labels = sorted({normalise_label(name) for name in (item.label, *item.synonyms)}, key=len, reverse=True)
    spaced = "|".join(r"[ \u3000]*".join(map(re.escape, label)) for label in labels)
    suffix = re.escape(item.suffix)
    return re.compile(
        rf"{_BEFORE_SUFFIXED}(?P<label>{spaced})(?:[（(][^（）()]{{0,8}}[）)])?[ \u3000]*[:：]?{_GAP}"
        rf"(?P<value>[0-9０-９][0-9０-９,，.]*|[〇零一二三四五六七八九十百千两]*){_GAP}{suffix}(?!员|事|数|口)"
    )


def _joined(cells: Sequence[Cell]) -> tuple[str, list[int]]:
    starts: list[int] = []
    pieces: list[str] = []
    length = 0
    for cell in cells:
        starts.append(length)
        pieces.append(cell.text)
        length += len(cell.text) + 1
    return "\t".join(pieces), starts


def _saying(cell: Cell, text: str) -> Cell:
    return replace(cell, text=text, raw=None, candidates=())


def _cell_at(cells: Sequence[Cell], starts: Sequence[int], offset: int) -> Cell:
    found = cells[0]
    for cell, start in zip(cells, starts, strict=True):
        if start > offset:
            break
        found = cell
    return found


def _unknown(base: str, line_start: int, after: int, bracket: str) -> _Hit | None:
    """A label the form does not know: the run of letters before its colon."""
    run = re.search(r"[\u4e00-\u9fffA-Za-z/·]{2,14}$", base[line_start:])
    if run is None:
        return None
    return _Hit(line_start + run.start(), after, run.group(), None, None, bracket)


def _clean(raw: str) -> str:
    value = raw.strip(_TRIM)
    if _BLANK_DAY.match(value) or _GUIDES.match(value):
        return ""
    return value

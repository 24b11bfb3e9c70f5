"""Every label a form's definition knows, ready to be looked up as people write it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz

from forms.cleaning import squeeze
from forms.definition import Combined, Field, FormDefinition, Layout, OpinionBox
from forms.labels import normalise_label

_LONGEST_LABEL = 40
_FUZZY_FLOOR = 82.0
_FUZZY_MARGIN = 6.0
_SHORTEST_FUZZY = 4
_NUMBERED = re.compile(r"^(?:[((]?\d{1,2}[.、))．]|[((]?[一二三四五六七八九十]{1,2}[、.))])")
_OPTIONS = re.compile(r"\s*[□☐☑☒■○●]")
_BRACKETED = re.compile(r"\([^()]*\)")
_HARMLESS_NOTE = re.compile(
    r"^\((?:.*(?:位|全称|规范|填|必|格式|如|例|yyyy|单位|精确|可多选|打|选|√|名称|人民币|至|参照|见|一致|盖章|签|章).*|"
    r"[男女/、]+|[元万/人月年日岁名个]+)\)$",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    [
        "起",
        "止",
        "始",
        "终",
        "自",
        "至",
        "从",
        "到",
        "起始",
        "终止",
        "开始",
        "结束",
        "核定",
        "实有",
        "起期",
        "止期",
        "起日",
        "止日",
        "说明",
        "其他",
    ]
)
START_WORDS = frozenset(
    [
        "起",
        "始",
        "自",
        "从",
        "起始",
        "开始",
        "起期",
        "始期",
        "起日",
        "起始日期",
        "起始时间",
        "开始日期",
        "开始时间",
        "起始日",
        "开始日",
        "起始年月",
        "起始年月日",
        "起时间",
        "起日期",
        "生效日期",
    ]
)
END_WORDS = frozenset(
    [
        "止",
        "终",
        "至",
        "到",
        "终止",
        "结束",
        "截止",
        "止期",
        "终期",
        "止日",
        "终止日期",
        "终止时间",
        "结束日期",
        "结束时间",
        "截止日期",
        "截止时间",
        "到期",
        "期满",
        "到期日期",
        "终止日",
        "结束日",
        "到期日",
        "期满日期",
        "截止日",
        "终止年月",
        "终止年月日",
        "止时间",
        "止日期",
        "到期时间",
    ]
)
_UNIT = ("unit",)
_PHONE_WORDS = ("联系电话", "电话", "联系方式", "手机")
"""What a telephone number around the grid of a roster may be called, whose it is being clear from the place."""
_FILLERS = frozenset(
    [
        "照片",
        "相片",
        "贴照片处",
        "照片处",
        "近期免冠照片",
        "免冠照片",
        "一寸照片",
        "二寸照片",
        "基本信息",
        "基本情况",
        "个人信息",
        "个人情况",
        "人员信息",
    ]
)


class Role(StrEnum):
    """What a label names."""

    FIELD = "field"
    COMBINED = "combined"
    HEADER = "header"
    BOX = "box"
    GROUP = "group"
    FILLER = "filler"


class Certainty(StrEnum):
    """How sure it is that a label means what it was taken for."""

    EXACT = "exact"
    NEAR = "near"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a label stands for. ``keys`` are the fields it fills, or the one header field or box."""

    role: Role
    keys: tuple[str, ...]
    certainty: Certainty = Certainty.EXACT
    combined: Combined | None = None
    others: tuple[str, ...] = ()
    """Other fields that an ambiguous label may mean."""


def bare_label(text: str) -> str:
    """The normalised label without a leading number such as ``1.`` or ``二、``."""
    return _bare(text) if len(text) <= _LONGEST_LABEL else ""


@lru_cache(maxsize=16384)
def _bare(text: str) -> str:
    label = normalise_label(text)
    shorter = _NUMBERED.sub("", label)
    return shorter or label


class Vocabulary:
    """The labels of one definition."""

    parts_relatives = True
    """Whether a head with a column for a relation (称谓, 与本人关系) belongs to a list of relatives."""

    def __init__(self, definition: FormDefinition) -> None:
        self.definition = definition
        self.person: dict[str, Meaning] = {}
        self.header: dict[str, Meaning] = {}
        self.boxes: dict[str, OpinionBox] = {}
        self.groups: dict[str, tuple[Field, ...]] = {}
        self.counts: dict[str, Meaning] = {}
        """Words too short to be labels anywhere (核定, 实有), which beside a figure name one."""
        self._printed = frozenset(map(squeeze, definition.printed))
        self._fuzzy: dict[str, Meaning | None] = {}
        for item in definition.fields:
            self._add_field(item)
        for pair in definition.combined:
            meaning = Meaning(Role.COMBINED, pair.keys, combined=pair)
            for label in (pair.label, *pair.synonyms):
                self.person.setdefault(normalise_label(label), meaning)
        self._add_periods()
        self._add_ambiguous(definition.fields, self.person, Role.FIELD)
        for item in definition.header:
            for label in (item.label, *item.synonyms):
                self.header.setdefault(normalise_label(label), Meaning(Role.HEADER, (item.key,)))
        for item in definition.header:
            for label in _PHONE_WORDS if item.type.name == "phone" else ():
                self.header.setdefault(label, Meaning(Role.HEADER, (item.key,)))
        self._add_ambiguous(definition.header, self.header, Role.HEADER)
        for box in definition.boxes:
            for label in (box.label, *box.synonyms):
                self.boxes.setdefault(normalise_label(label), box)

    def _add_field(self, item: Field) -> None:
        meaning = Meaning(Role.FIELD, (item.key,))
        label = normalise_label(item.label)
        if item.group:
            group = normalise_label(item.group)
            self.groups[group] = (*self.groups.get(group, ()), item)
            self.person.setdefault(group + label, meaning)
        if not item.group or label not in _GENERIC:
            self.person.setdefault(label, meaning)
        for synonym in (*item.synonyms, _without_brackets(label)):
            known = normalise_label(synonym)
            if known not in _GENERIC and known:
                self.person.setdefault(known, meaning)
            elif known and item.type.name == "integer":
                self.counts.setdefault(known, replace(meaning, certainty=Certainty.AMBIGUOUS))

    def _add_periods(self) -> None:
        """``合同期限`` over ``起`` and ``止`` names the two fields of the period, whatever the pair is called."""
        for item in self.definition.combined:
            if item.split != "period":
                continue
            for label in {normalise_label(name) for name in (item.label, *item.synonyms)}:
                for words, key in ((START_WORDS, item.keys[0]), (END_WORDS, item.keys[1])):
                    for word in words:
                        self.person.setdefault(label + word, Meaning(Role.FIELD, (key,)))
                        self.person.setdefault(f"{label}({word})", Meaning(Role.FIELD, (key,)))

    @staticmethod
    def _add_ambiguous(items: Iterable[Field], table: dict[str, Meaning], role: Role) -> None:
        found: dict[str, list[tuple[int, int, str]]] = {}
        for order, item in enumerate(items):
            for rank, label in enumerate(item.ambiguous):
                found.setdefault(normalise_label(label), []).append((rank, -order, item.key))
        for label, ranked in found.items():
            keys = [key for _, _, key in sorted(ranked)]
            table.setdefault(label, Meaning(role, (keys[0],), Certainty.AMBIGUOUS, others=tuple(keys[1:])))

    def person_label(self, text: str) -> Meaning | None:
        """What a label of a person's field means, by exact match or with a harmless note in brackets."""
        label = bare_label(text)
        return self._known(label) if label else None

    def _known(self, label: str) -> Meaning | None:
        found = self.person.get(label)
        if found is not None or "(" not in label:
            return found
        note = _BRACKETED.search(label)
        if note is None:
            return None
        return self.person.get(_without_brackets(label)) if _HARMLESS_NOTE.match(note.group()) else None

    def column(self, path: tuple[str, ...]) -> Meaning | None:
        """What a column means whose head reads ``path`` from top to bottom.

        Tried in order: parent and child together, the child alone, then something near to either.
        """
        labels = [label for label in (bare_label(text) for text in path) if label]
        if not labels:
            return None
        joined = ["".join(labels[start:]) for start in range(len(labels))]
        exact = [meaning for meaning in map(self._known, joined) if meaning is not None]
        for meaning in exact:
            if meaning.certainty is Certainty.EXACT:
                return meaning
        if exact:
            return exact[0]
        if len(labels) > 1 and labels[-1] in _GENERIC and (parent := self._known(labels[-2])) is not None:
            return Meaning(parent.role, parent.keys, Certainty.NEAR, parent.combined)
        for text in dict.fromkeys((joined[0], joined[-1])):
            near = self.near(text)
            if near is not None:
                return near
        return None

    def joined(self, parents: tuple[str, ...], child: str) -> Meaning | None:
        """What ``child`` means below its parents, by exact match; parents alone do not count."""
        labels = [label for label in (bare_label(text) for text in (*parents, child)) if label]
        if not labels or not bare_label(child):
            return None
        for start in range(len(labels)):
            meaning = self._known("".join(labels[start:]))
            if meaning is not None:
                return meaning
        return None

    def near(self, label: str) -> Meaning | None:
        """The one label of a person's field that ``label`` is close to; a person must look at what comes of it."""
        if label not in self._fuzzy:
            self._fuzzy[label] = self._nearest(label)
        return self._fuzzy[label]

    def _nearest(self, label: str) -> Meaning | None:
        bare = _without_brackets(label)
        if bare != label and bare in self.person:
            found = self.person[bare]
            return Meaning(found.role, found.keys, Certainty.NEAR, found.combined)
        if not _SHORTEST_FUZZY <= len(label) <= _LONGEST_LABEL:
            return None
        best: dict[tuple[str, ...], float] = {}
        for known, meaning in self.person.items():
            score = fuzz.ratio(label, known, score_cutoff=_FUZZY_FLOOR - _FUZZY_MARGIN)
            if score > best.get(meaning.keys, 0.0):
                best[meaning.keys] = score
        ranked = sorted(best.items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < _FUZZY_FLOOR:
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _FUZZY_MARGIN:
            return None
        keys = ranked[0][0]
        combined = next((item for item in self.definition.combined if item.keys == keys), None)
        role = Role.FIELD if combined is None else Role.COMBINED
        return Meaning(role, keys, Certainty.NEAR, combined)

    def box(self, text: str) -> OpinionBox | None:
        """The opinion box of that label."""
        label = bare_label(_OPTIONS.split(text, maxsplit=1)[0])
        return self.boxes.get(label) or self.boxes.get(_without_brackets(label)) if label else None

    def header_label(self, text: str) -> Meaning | None:
        """What a label around the grid means."""
        label = bare_label(text)
        if not label:
            return None
        found = self.header.get(label) or self.header.get(_without_brackets(label))
        if found is None and self.definition.layout is Layout.ROSTER:
            person = self.person.get(label)
            if person is not None and person.keys == _UNIT:
                return Meaning(Role.HEADER, _UNIT, Certainty.NEAR)
        return found

    def group(self, text: str) -> tuple[Field, ...]:
        """The fields below a group's head."""
        label = bare_label(text)
        return self.groups.get(label, ()) or self.groups.get(_without_brackets(label), ()) if label else ()

    def is_nobodys(self, text: str) -> bool:
        """Whether the official file prints a cell with this text that names no field."""
        return bool(self._printed) and squeeze(text) in self._printed

    def is_label(self, text: str) -> bool:
        """Whether a cell with this text can only be a label (of a field, box, group, part of the form, or nobody)."""
        if self.is_nobodys(text):
            return True
        label = "" if text.isdecimal() else bare_label(text)
        if not label:
            return False
        known = label in self.person or self.box(text) is not None or label in self.groups or label in _FILLERS
        return known or self._known(label) is not None or label in self.header


def _without_brackets(label: str) -> str:
    return _BRACKETED.sub("", label) or label


_COMPILED: dict[int, Vocabulary] = {}


def vocabulary_of(definition: FormDefinition) -> Vocabulary:
    """The vocabulary of a definition, compiled once."""
    found = _COMPILED.get(id(definition))
    if found is None or found.definition is not definition:
        found = _COMPILED[id(definition)] = Vocabulary(definition)
    return found

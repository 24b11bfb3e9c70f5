"""Which key each column of a ledger holds: what is sure, what a person must choose, what holds none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from forms.definition import Combined, FormDefinition
from forms.finding import Region
from forms.labels import normalise_label
from forms.record import ColumnChoice, ColumnStatus
from parsers.ledger.evidence import ColumnValues, births_of, likely_keys
from parsers.ledger.options import JOINT, Columns, is_named, path_key
from parsers.ledger.proofs import proven
from parsers.ledger.vocabulary import NOT_COLLECTED, OTHERS, PRIVATE
from parsers.locating.vocabulary import Certainty, Meaning, Role, Vocabulary, vocabulary_of

STAFF = ("attachment-5", "attachment-3", "attachment-2")
LOANS = ("attachment-1", "attachment-4")
_OF_LOANS = re.compile(r"借|抽调|返回原单位")
_OF_STAFF = re.compile(r"用工|派遣|合同|入职|到岗|到本?单位|聘|工资|社保|工种")
_NEUTRAL = re.compile(
    r"(?:个人|本人|人员|职工|员工|自然)?(?:基本|自然|主要)?(?:情况|信息|资料|状况)|个人|本人|人员|"
    r"(?:身份|学历|教育|岗位|工作|用工|合同|联系|任职|在岗|工资|待遇|薪酬)(?:情况|信息|方式|资料|待遇)?|"
    r"劳动合同.*|合同.*|派遣.*|借用.*|聘用.*|学历.*|证件.*"
)
"""Upper heads that speak of the person of the row."""
_OTHER_MEASURE = re.compile(r"万|千元|年薪|/年|每年|年收入|日薪|时薪|/日|/天|/小时|上年|年度")
_SURE_HEAD, _READ_HEAD = 0.88, 0.5
"""Below the first a recognised head is a guess where another label is close: 借出 and 借入 are one stroke apart. Below
the second it is one always."""
_CLOSE = 1
"""Characters in which two labels differ that can be taken for each other."""
_PLACED, _AHEAD = 0.5, 0.08
_MOST_CANDIDATES = 5
_STRANGE = 0.75
"""What a key of staff alone is worth in a ledger of loans."""
_FUZZY_FROM, _FUZZY_WORTH = 60.0, 0.5
_FIRST, _OTHER, _NEAR, _CONTESTED = 0.6, 0.5, 0.65, 0.6


@dataclass(frozen=True, slots=True)
class HeadColumn:
    """A column of a head: its place from zero, its path, how sure its text is, and the values below it."""

    column: int
    path: tuple[str, ...]
    values: ColumnValues
    confidence: float | None = None
    span: int = 1
    region: Region | None = None

    @property
    def label(self) -> str:
        """The head from top to bottom as written, in one line."""
        return "/".join("".join(text.split()) for text in self.path)


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided: a meaning for each head text, and the choices as they are shown."""

    meanings: Mapping[str, Meaning | None]
    choices: tuple[ColumnChoice, ...]


@dataclass(frozen=True, slots=True)
class _Around:
    """What the whole head says of each of its columns: of whom it speaks, which keys it names, what values prove."""

    kind: str
    births: frozenset[str]
    meant: frozenset[str]
    proven: Mapping[int, str]


@dataclass(slots=True)
class _Judged:
    """A column under way: its sure meaning, or keys with scores."""

    column: HeadColumn
    sure: Meaning | None = None
    scores: dict[tuple[str, ...], float] | None = None
    status: ColumnStatus = ColumnStatus.UNSURE
    rival: bool = False
    """Another column holds the same field and is the one that is read."""


class ColumnMapper:
    """Decides for the heads of one file."""

    def __init__(self, ledger: FormDefinition, definitions: Sequence[FormDefinition]) -> None:
        newest = {item.form: item for item in definitions}
        self._ledger = ledger
        self._fields = {item.key: item for item in ledger.fields}
        self._own = vocabulary_of(ledger)
        self._staff = [vocabulary_of(newest[form]) for form in STAFF if form in newest]
        self._loans = [vocabulary_of(newest[form]) for form in LOANS if form in newest]

    def decide(self, columns: Sequence[HeadColumn], confirmed: Columns | None, status: ColumnStatus) -> Decided:
        """The mapping of one head. ``confirmed`` is what a person said of it before, which ``status`` names."""
        around = self._around(columns)
        judged = [self._confirmed(column, confirmed, status) or self._judge(column, around) for column in columns]
        self._part_rivals(judged)
        taken = {key for one in judged if one.sure for key in one.sure.keys}
        for one in sorted(judged, key=lambda item: -max((item.scores or {}).values(), default=0.0)):
            taken.update(self._place(one, taken))
        meanings = {path_key(one.column.path): one.sure for one in judged}
        return Decided(meanings, tuple(self._choice(one) for one in judged))

    def _confirmed(self, column: HeadColumn, confirmed: Columns | None, status: ColumnStatus) -> _Judged | None:
        key = path_key(column.path)
        keys = None if confirmed is None else confirmed.get(key, confirmed.get(key.rpartition("/")[2]))
        if keys is None:
            return None
        if not keys:
            return _Judged(column, status=ColumnStatus.LEFT_OUT)
        meaning = self._meaning(keys, Certainty.EXACT)
        if self._contradicted(column, meaning):
            return _Judged(column, replace(meaning, certainty=Certainty.NEAR), {keys: 0.3}, ColumnStatus.UNSURE)
        return _Judged(column, meaning, {keys: 1.0}, status)

    def _around(self, columns: Sequence[HeadColumn]) -> _Around:
        kind = _kind(columns)
        meant = (self._by_label(column, kind)[0] for column in columns if not self._is_of_others(column))
        own = [column for column in columns if not self._is_of_others(column)]
        found = proven([column.values for column in own])
        return _Around(
            kind,
            births_of([column.values for column in columns]),
            frozenset(key for meaning in meant if meaning is not None for key in meaning.keys),
            {own[place].column: key for place, key in found.items()},
        )

    def _is_of_others(self, column: HeadColumn) -> bool:
        """Whether a head says that what stands below is not the row's person's, or not ours to take."""
        key = path_key(column.path)
        words = key.split("/")
        if any(PRIVATE.search(word) or OTHERS.search(word) for word in words) and not self._is_exact(key):
            return True
        return words[-1] in NOT_COLLECTED

    def _judge(self, column: HeadColumn, around: _Around) -> _Judged:
        if self._is_of_others(column):
            return _Judged(column, status=ColumnStatus.UNPLACED)
        kind = around.kind
        meaning, scores = self._by_label(column, kind)
        for name, score in likely_keys(column.values, self._ledger, around.births).items():
            keys: tuple[str, ...] = (name,)
            scores[keys] = round(1 - (1 - scores.get(keys, 0.0)) * (1 - score), 2)
        if self._is_proven(column, meaning, around):
            meaning = self._meaning((around.proven[column.column],), Certainty.EXACT)
            return _Judged(column, meaning, {meaning.keys: 0.99, **scores}, ColumnStatus.KNOWN)
        if meaning is not None and self._is_sure(column, meaning, around.meant):
            return _Judged(column, meaning, {meaning.keys: 0.99, **scores}, ColumnStatus.KNOWN)
        if meaning is not None:
            scores[meaning.keys] = max(scores.get(meaning.keys, 0.0), 0.3)
        for keys in list(scores):
            if kind == "loan" and not self._is_common(self._meaning(keys, Certainty.NEAR)) and not self._is_of(keys):
                scores[keys] = round(scores[keys] * _STRANGE, 2)
            if self._contradicted(column, self._meaning(keys, Certainty.NEAR)):
                scores[keys] = round(scores[keys] / 3, 2)
        return _Judged(column, None, scores)

    def _is_proven(self, column: HeadColumn, meaning: Meaning | None, around: _Around) -> bool:
        """Whether the values prove a key that the head does not speak against."""
        key = around.proven.get(column.column)
        if key is None or len(column.path) > 1 or not is_named(column.path):
            return False
        return meaning.keys == (key,) if meaning is not None else not self._names_another(column.label, key)

    def _names_another(self, label: str, key: str) -> bool:
        """Whether a label of another key is part of a head: 姓名性别 is one of names only to a look at the names."""
        text = normalise_label(label)
        return any(len(known) > 1 and known in text for known, one in self._own.person.items() if one.keys != (key,))

    def _is_of(self, keys: tuple[str, ...]) -> bool:
        """Whether some form of loans has the keys."""
        return all(any(one.definition.field(key) for one in self._loans) for key in keys)

    def _is_exact(self, key: str) -> bool:
        """Whether a whole head is a label of ours though a word in it speaks of others (联系人电话 is none)."""
        found = self._own.person_label(key.rpartition("/")[2]) if "/" not in key else None
        return found is not None and found.certainty is Certainty.EXACT

    def _by_label(self, column: HeadColumn, kind: str) -> tuple[Meaning | None, dict[tuple[str, ...], float]]:
        """The one meaning the forms agree on, and what else the label may mean."""
        staff, loan = _first(self._staff, column.path), _first(self._loans, column.path)
        own = self._own.column(column.path)
        scores: dict[tuple[str, ...], float] = {}
        for found in (staff, loan, own):
            for keys, score in _scored(found).items():
                if all(key in self._fields for key in keys):
                    scores[keys] = max(score, scores.get(keys, 0.0))
        scores.update({keys: score for keys, score in self._fuzzy(column.path).items() if keys not in scores})
        sides = {"staff": (staff, loan), "loan": (loan, staff), "": (staff, loan)}[kind]
        chosen = self._agreed(column, sides, own, kind)
        if chosen is None or not all(key in self._fields for key in chosen.keys):
            return None, scores
        return self._meaning(chosen.keys, Certainty.EXACT, chosen.combined), scores

    def _agreed(
        self, column: HeadColumn, sides: tuple[Meaning | None, Meaning | None], own: Meaning | None, kind: str
    ) -> Meaning | None:
        first, second = (side if side and side.certainty is Certainty.EXACT else None for side in sides)
        unclear = [side for side in (*sides, own) if side is not None and side.certainty is Certainty.AMBIGUOUS]
        if first is not None and (second is None or second.keys == first.keys or kind):
            is_foreign = kind == "loan" and second is None and self._is_of_staff_alone(first, column)
            return None if is_foreign or (unclear and kind != "staff" and first.keys != _keys_of(own)) else first
        if first is not None or unclear:
            return None
        if second is not None:
            marked = (_OF_STAFF if kind == "loan" else _OF_LOANS).search("".join(column.path))
            return second if marked or self._is_common(second) else None
        if own is not None and own.certainty is Certainty.EXACT and kind != "loan":
            return own
        return own if own is not None and own.certainty is Certainty.EXACT and self._is_common(own) else None

    def _is_common(self, meaning: Meaning) -> bool:
        """Whether forms of both kinds have the fields, so that it does not matter which kind the ledger is."""
        return all(
            any(vocabulary.definition.field(key) for vocabulary in self._loans) and key not in {"post", "approval"}
            for key in meaning.keys
        ) or meaning.keys in {("age",), ("work_start",), ("school_major",), ("phone",), ("dismissed_on",)}

    def _is_of_staff_alone(self, meaning: Meaning, column: HeadColumn) -> bool:
        return not self._is_common(meaning) and _OF_LOANS.search("".join(column.path)) is None

    def _fuzzy(self, path: Sequence[str]) -> dict[tuple[str, ...], float]:
        """Keys whose labels are like a head that none of them is."""
        label = normalise_label(path[-1]) if path else ""
        best: dict[tuple[str, ...], float] = {}
        for known, meaning in self._own.person.items() if len(label) > 1 else ():
            ratio = fuzz.ratio(label, known, score_cutoff=_FUZZY_FROM)
            if ratio:
                best[meaning.keys] = max(best.get(meaning.keys, 0.0), round(ratio / 100 * _FUZZY_WORTH, 2))
        return best

    def _is_sure(self, column: HeadColumn, meaning: Meaning, meant: frozenset[str]) -> bool:
        if column.confidence is not None and column.confidence < _SURE_HEAD and not self._stands_alone(column, meant):
            return False
        if self._contradicted(column, meaning):
            return False
        if meaning.keys == ("monthly_wage",) and _OTHER_MEASURE.search("".join(column.path)):
            return False
        return len(column.path) == 1 or self._is_below_its_own(column.path, meaning)

    def _stands_alone(self, column: HeadColumn, meant: frozenset[str]) -> bool:
        """Whether a head that was not read for certain is like no other label, but those of other columns here.

        ``meant`` are the keys that the heads of the table name: where one says 起 and one 止, neither is the other.
        """
        if column.confidence is not None and column.confidence < _READ_HEAD:
            return False
        label = normalise_label("".join(column.path))
        found = self._own.column(column.path)
        keys = () if found is None else found.keys
        close = (
            other.keys
            for known, other in self._own.person.items()
            if Levenshtein.distance(label, known, score_cutoff=_CLOSE) <= _CLOSE and other.keys != keys
        )
        return all(meant.issuperset(other) for other in close)

    def _is_below_its_own(self, path: Sequence[str], meaning: Meaning) -> bool:
        """Whether the upper heads of a column speak of the same person: 紧急联系人 over 姓名 does not."""
        parents = [normalise_label(text) for text in path[:-1]]
        if all(_NEUTRAL.fullmatch(parent) or self._own.group(parent) for parent in parents):
            return True
        whole = self._own.joined(tuple(path[:-1]), path[-1])
        alone = self._own.person_label(path[-1])
        return whole is not None and whole.keys == meaning.keys and (alone is None or alone.keys != whole.keys)

    def _contradicted(self, column: HeadColumn, meaning: Meaning) -> bool:
        if meaning.combined is not None and meaning.combined.split == "period":
            return not column.values.are_periods
        return len(meaning.keys) == 1 and column.values.contradicts(self._fields[meaning.keys[0]])

    def _part_rivals(self, judged: Sequence[_Judged]) -> None:
        """Of columns that are the same field by their labels only the fullest is read, and it is not sure."""
        for one in judged:
            rivals = [
                other
                for other in judged
                if one.sure and other.sure and other is not one and set(other.sure.keys) & set(one.sure.keys)
            ]
            if not rivals or one.sure is None or one.status is not ColumnStatus.KNOWN:
                continue
            fuller = [other for other in rivals if len(other.column.values.cells) >= len(one.column.values.cells)]
            is_first = all(other.column.column > one.column.column for other in fuller)
            given = any(other.status is not ColumnStatus.KNOWN for other in rivals)
            one.status = ColumnStatus.UNSURE
            one.rival = given or not is_first
        for one in judged:
            if one.status is ColumnStatus.UNSURE and one.sure is not None:
                one.sure = None if one.rival else replace(one.sure, certainty=Certainty.NEAR)

    def _place(self, one: _Judged, taken: set[str]) -> tuple[str, ...]:
        """Give an unsure column the best key that is free, if it is well ahead of the next."""
        if one.rival or one.sure is not None or one.status is not ColumnStatus.UNSURE:
            return ()
        ranked = _ranked({keys: score for keys, score in (one.scores or {}).items() if not taken.intersection(keys)})
        is_ahead = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] >= _AHEAD)
        if not ranked or ranked[0][1] < _PLACED or not is_ahead:
            return ()
        one.sure = self._meaning(ranked[0][0], Certainty.NEAR)
        return ranked[0][0]

    def _meaning(self, keys: tuple[str, ...], certainty: Certainty, combined: Combined | None = None) -> Meaning:
        if len(keys) == 1:
            return Meaning(Role.FIELD, keys, certainty)
        found = combined or next(item for item in self._ledger.combined if item.keys == keys)
        return Meaning(Role.COMBINED, keys, certainty, found)

    def _choice(self, one: _Judged) -> ColumnChoice:
        keys = one.sure.keys if one.sure else ()
        status = one.status if keys or one.status is ColumnStatus.LEFT_OUT else ColumnStatus.UNPLACED
        is_open = status in (ColumnStatus.UNSURE, ColumnStatus.UNPLACED)
        ranked = _ranked(one.scores or {})[:_MOST_CANDIDATES] if is_open else []
        return ColumnChoice(
            one.column.label,
            one.column.column,
            keys,
            status,
            tuple((JOINT.join(found), score) for found, score in ranked),
            one.column.region,
        )


def is_joint(keys: tuple[str, ...], definition: FormDefinition) -> bool:
    """Whether a column may hold these keys: one field, or several that some form has in one cell."""
    if len(keys) == 1:
        return definition.field(keys[0]) is not None
    return any(item.keys == keys for item in definition.combined)


def _kind(columns: Sequence[HeadColumn]) -> str:
    """Whether the heads speak of staff or of loans alone; nothing when of neither or both."""
    heads = ["".join(column.path) for column in columns]
    staff, loans = any(map(_OF_STAFF.search, heads)), any(map(_OF_LOANS.search, heads))
    return "" if staff == loans else "staff" if staff else "loan"


def _first(vocabularies: Sequence[Vocabulary], path: tuple[str, ...]) -> Meaning | None:
    """The surest meaning among forms of one kind, the first form going before."""
    found = [meaning for vocabulary in vocabularies if (meaning := vocabulary.column(path)) is not None]
    for certainty in (Certainty.EXACT, Certainty.AMBIGUOUS, Certainty.NEAR):
        for meaning in found:
            if meaning.certainty is certainty:
                return meaning
    return None


def _keys_of(meaning: Meaning | None) -> tuple[str, ...]:
    return meaning.keys if meaning is not None and meaning.certainty is Certainty.EXACT else ()


def _scored(meaning: Meaning | None) -> dict[tuple[str, ...], float]:
    match meaning:
        case None:
            return {}
        case Meaning(certainty=Certainty.AMBIGUOUS):
            return {meaning.keys: _FIRST, **{(key,): _OTHER for key in meaning.others}}
        case Meaning(certainty=Certainty.NEAR):
            return {meaning.keys: _NEAR}
        case _:
            return {meaning.keys: _CONTESTED}


def _ranked(scores: Mapping[tuple[str, ...], float]) -> list[tuple[tuple[str, ...], float]]:
    return sorted(scores.items(), key=lambda item: -item[1])

"""What was found in a blank → the definition of its edition, from that of the edition before.

Keys, types, rules and synonyms stay; labels become those that are printed, the old ones synonyms; what the blank has
no room for goes.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomli_w

from forms.definition import FormDefinition, Layout
from forms.errors import DefinitionError
from forms.fieldtypes.choice import CodedType
from forms.labels import normalise_label
from forms.loading import FILE_NAME, definition_of
from parsers.locating.vocabulary import vocabulary_of
from writers.adopting.model import Found, How, Place, Scope

Plain = dict[str, Any]

_GUESSES = (
    ("yes_no", ("是否", "有无")),
    ("phone", ("电话", "手机", "联系方式")),
    ("id_number", ("身份证",)),
    ("credit_code", ("信用代码",)),
    ("day", ("日期", "时间")),
    ("month", ("年月",)),
    ("money", ("金额", "工资", "待遇", "经费数")),
    ("integer", ("人数", "月数", "年限", "数量")),
    ("unit", ("单位", "部门")),
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person decided beforehand. ``labels`` give a printed label to a key, ``extras`` a type to a new label."""

    labels: Mapping[str, str]
    extras: Mapping[str, str]


def guessed_type(label: str) -> str:
    """The type that a label's words suggest; text where they suggest none."""
    return next((name for name, words in _GUESSES if any(word in label for word in words)), "text")


def plain_of(definition: FormDefinition) -> Plain:
    """The file of a definition as plain data."""
    return tomllib.loads((definition.folder / FILE_NAME).read_text(encoding="utf-8"))


def prepared(base: FormDefinition, edition: str, wishes: Wishes) -> tuple[Plain, FormDefinition]:
    """The base under the new edition's name, with a person's decisions in it.

    Raises:
        DefinitionError: a decision that fits no field, or makes a label mean two.
    """
    plain = copy.deepcopy(plain_of(base))
    plain["edition"] = edition
    plain.pop("printed", None)
    faults: list[str] = [*_also_values(base, (*wishes.labels, *wishes.extras))]
    for label, key in wishes.labels.items():
        item = _item_of(plain, key)
        if item is None:
            faults.append(f"本表没有栏目 {key},不能把“{label}”给它")
            continue
        _free(plain, label)
        _call(item, label)
    for number, (label, kind) in enumerate(wishes.extras.items(), start=1):
        _free(plain, label)
        known = {item["key"] for item in plain["field"]}
        key = next(name for name in (f"extra_{count}" for count in range(number, number + 999)) if name not in known)
        plain["field"].append(
            {"key": key, "label": label, "type": kind or guessed_type(label), "required": "O", "clause": "本版增加"}
        )
    folder = base.folder.parent / edition
    definition, more = definition_of(plain, folder)
    if faults or more:
        raise DefinitionError(faults="\n".join([*faults, *more]))
    return plain, definition


def _also_values(base: FormDefinition, labels: Iterable[str]) -> Iterator[str]:
    """Labels that a form of one person could not tell from a value, for both stand in any of its cells."""
    if base.layout is not Layout.CARD:
        return
    for label in labels:
        wanted = normalise_label(label)
        named = [
            item.label
            for item in base.fields
            if isinstance(item.type, CodedType)
            and any(normalise_label(one.name) == wanted for one in item.type.codes.codes)
        ]
        if named:
            fields = "”“".join(named)
            yield f"“{label}”也是“{fields}”的一个选项,填回来时分不清是标签还是内容,请发表单位换个名称,或不填这一栏"


def definition_for(plain: Plain, known: FormDefinition, found: Found, template: str, *, landscape: bool) -> Plain:
    """The definition of the new edition as plain data; ``known`` is that in whose words the blank was read."""
    made = copy.deepcopy(plain)
    made["template"] = template
    made["landscape"] = landscape
    if found.title and normalise_label(found.title) != normalise_label(made["title"]):
        made["aliases"] = [made["title"], *(name for name in made.get("aliases", []) if name != found.title)]
        made["title"] = found.title
    if found.notes:
        made["notes"] = found.notes
    for name, scope in (("header", Scope.HEADER), ("field", Scope.FIELD), ("box", Scope.BOX)):
        made[name] = [_renamed(item, _nameable(known, found.place(scope, item["key"]))) for item in made.get(name, [])]
        made[name] = [item for item in made[name] if found.place(scope, item["key"]) is not None]
    _keep_known(made, found)
    _combined(made, found)
    for place in found.places:
        if place.scope is not Scope.TOTAL and not place.combined:
            _free(made, place.label, owner=(place.scope, place.key), only_unsure=not place.sure)
    _one_meaning(made)
    return {key: value for key, value in made.items() if value not in ([], {})}


def toml_of(plain: Plain) -> str:
    """The text of ``definition.toml``."""
    return tomli_w.dumps(plain, multiline_strings=False)


def _item_of(plain: Plain, key: str) -> Plain | None:
    """The header field, field or box of a key; ``header.unit`` and ``box.unit_seal`` name one of several."""
    scope, _, name = key.rpartition(".")
    for kind in ("field", "header", "box"):
        if scope in ("", kind, {"field": "record"}.get(kind, kind)):
            for item in plain.get(kind, []):
                if item["key"] == name:
                    found: Plain = item
                    return found
    return None


def _nameable(known: FormDefinition, place: Place | None) -> Place | None:
    """The place, where its label may stand alone: 核定 and 起 name a field only together with other words."""
    if place is None or place.scope is Scope.BOX or place.how is How.COLUMN:
        return place
    vocabulary = vocabulary_of(known)
    found = vocabulary.person_label(place.label) or vocabulary.header_label(place.label)
    return place if found is not None else None


def _renamed(item: Plain, place: Place | None) -> Plain:
    """The item under the label that is printed; the old one stays as a synonym."""
    if place is None or not place.label or place.combined or place.scope is Scope.TOTAL:
        return item
    old, group = item["label"], item.get("group", "")
    names = {normalise_label(old), normalise_label(group), normalise_label(group + old)}
    is_column = place.how is How.COLUMN
    is_same = normalise_label(place.label) in names
    if is_same and (not is_column or normalise_label(place.group) == normalise_label(group)):
        return item
    if place.scope is Scope.HEADER and item.get("calculated") == "count" and "合计" in (old, place.label):
        return item
    new: Plain = {**item, "label": place.label}
    if is_column and place.group and normalise_label(place.group + place.label) != normalise_label(place.label):
        new["group"] = place.group
    else:
        new.pop("group", None)
    for name in filter(None, (old if not group else "", group + old)):
        _add(new, "synonyms", name)
    return new


def _call(item: Plain, label: str) -> None:
    """Give an item another label; the old one stays as a synonym."""
    old = item.pop("group", "") + item["label"]
    item["label"] = label
    _add(item, "synonyms", old)


def _keep_known(made: Plain, found: Found) -> None:
    """References to what is gone go too."""
    boxes = {item["key"] for item in made["box"]}
    known = {item["key"] for item in (*made["header"], *made["field"])}
    for box in made["box"]:
        if box.get("same_as") not in boxes:
            box.pop("same_as", None)
        if box.get("unit_field") not in known:
            box.pop("unit_field", None)
    fields = {item["key"] for item in made["field"]}
    made["total"] = [
        total
        for total in made.get("total", [])
        if (total["how"] == "count" and total["key"] in known)
        or (found.place(Scope.TOTAL, total["key"]) is not None and total["how"].removeprefix("sum:") in fields)
    ]
    options = made.get("options", {})
    if "leader_layer" in options:
        options["leader_layer"] = {"lending_leader", "borrowing_leader"} <= boxes


def _combined(made: Plain, found: Found) -> None:
    """Which combined cells are printed, and under what label."""
    known = {item["key"] for item in made["field"]}
    printed = {place.combined: place.label for place in found.places if place.combined}
    kept = []
    for pair in made.get("combined", []):
        keys = [key for key in pair["keys"] if key in known]
        if len(keys) < 2:  # noqa: PLR2004 - one field alone shares its cell with none
            continue
        new = {**pair, "keys": keys, "printed": pair["label"] in printed}
        label = printed.get(pair["label"], "")
        if label and normalise_label(label) != normalise_label(pair["label"]):
            new["label"] = label
            _add(new, "synonyms", pair["label"])
        kept.append(new)
    made["combined"] = kept


def _add(item: Plain, name: str, label: str) -> None:
    """Add a name that is not there yet, as the label or among the synonyms."""
    known = {normalise_label(one) for one in (*item.get("synonyms", []), item.get("group", "") + item["label"])}
    if normalise_label(label) not in known:
        item[name] = [*item.get(name, []), label]


def _free(plain: Plain, label: str, owner: tuple[Scope, str] | None = None, *, only_unsure: bool = False) -> None:
    """Take a name away from everything that it named, but for its owner."""
    wanted = normalise_label(label)
    for kind in ("header", "field", "box", "combined"):
        for item in plain.get(kind, []):
            is_own = owner is not None and kind == owner[0].value and item.get("key") == owner[1]
            for name in ("ambiguous",) if only_unsure and not is_own else ("synonyms", "ambiguous"):
                if name in item and not (is_own and name == "synonyms"):
                    item[name] = [one for one in item[name] if normalise_label(one) != wanted]


def _one_meaning(made: Plain) -> None:
    """Drop synonyms that name the same thing twice, or what another item is called."""
    scopes: Sequence[Iterable[str]] = (
        (("header", "field", "combined", "box"),)
        if made["layout"] == "card"
        else (("header",), ("field", "combined"), ("box",))
    )
    for kinds in scopes:
        items = [item for kind in kinds for item in made.get(kind, [])]
        labels = {normalise_label(item.get("group", "") + item["label"]) for item in items}
        seen = set(labels)
        for item in items:
            kept = []
            for name in item.get("synonyms", []):
                bare = normalise_label(name)
                if bare not in seen:
                    seen.add(bare)
                    kept.append(name)
            if "synonyms" in item:
                item["synonyms"] = kept
    for kind in ("header", "field"):
        items = made.get(kind, [])
        sure = {normalise_label(name) for item in items for name in _names(item)}
        for item in items:
            if "ambiguous" in item:
                item["ambiguous"] = [name for name in item["ambiguous"] if normalise_label(name) not in sure]


def _names(item: Plain) -> Iterable[str]:
    return (item.get("group", "") + item["label"], *item.get("synonyms", []))

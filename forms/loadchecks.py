"""What must hold between the parts of a definition: no name twice, no reference to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forms.definition import Field, FormDefinition, Layout
from forms.labels import normalise_label
from forms.tomlcheck import TomlChecker


def check_names(definition: FormDefinition, checker: TomlChecker) -> None:
    """No key twice, and no label that could mean two fields of one scope.

    Scopes: the header line, the columns (or the cells of a card, where header, fields and boxes share one), the boxes.
    """
    _check_keys(checker, "header", [field.key for field in definition.header])
    _check_keys(checker, "field", [field.key for field in definition.fields])
    _check_keys(checker, "box", [box.key for box in definition.boxes])
    _check_keys(checker, "total", [total.key for total in definition.totals])
    header = list(_field_names(definition.header, "header"))
    fields = list(_field_names(definition.fields, "field"))
    combined = [
        (f"combined[{index}]", label)
        for index, item in enumerate(definition.combined)
        for label in (item.label, *item.synonyms)
    ]
    boxes = [
        (f"box[{index}]", label) for index, box in enumerate(definition.boxes) for label in (box.label, *box.synonyms)
    ]
    if definition.layout is Layout.CARD:
        _check_labels(checker, [*header, *fields, *combined, *boxes])
    else:
        for scope in (header, [*fields, *combined], boxes):
            _check_labels(checker, scope)
    _check_ambiguous(checker, definition.header, "header", header)
    _check_ambiguous(checker, definition.fields, "field", fields)


def check_references(definition: FormDefinition, checker: TomlChecker) -> None:
    """Boxes, totals and combined cells name fields and boxes that exist."""
    rows = {field.key for field in definition.fields}
    known = rows | {field.key for field in definition.header}
    boxes = {box.key for box in definition.boxes}
    for index, item in enumerate(definition.combined):
        place = f"combined[{index}].keys"
        _must_exist(checker, place, item.keys, known)
        if len(item.keys) == 1:
            checker.fault(place, "至少要有两个键")
    for index, box in enumerate(definition.boxes):
        _must_exist(checker, f"box[{index}].unit_field", filter(None, [box.unit_field]), known)
        _must_exist(checker, f"box[{index}].same_as", filter(None, [box.same_as]), boxes - {box.key}, "方框")
        if box.unit_field and box.unit_names:
            checker.fault(f"box[{index}]", "unit_field 与 unit_names 只能有一个")
    for index, total in enumerate(definition.totals):
        _must_exist(checker, f"total[{index}].key", filter(None, [total.key]), known)
        if total.how.startswith("sum:"):
            _must_exist(checker, f"total[{index}].how", [total.how.removeprefix("sum:")], rows)


def _check_keys(checker: TomlChecker, scope: str, keys: Iterable[str]) -> None:
    seen: dict[str, int] = {}
    for index, key in enumerate(keys):
        if key and key in seen:
            checker.fault(f"{scope}[{index}].key", f"键 {key} 已用于 {scope}[{seen[key]}]")
        seen.setdefault(key, index)


def _field_names(fields: Iterable[Field], scope: str) -> Iterator[tuple[str, str]]:
    """Each name with its place. Below a parent head only parent and label together name the field."""
    for index, field in enumerate(fields):
        yield f"{scope}[{index}]", field.group + field.label
        for synonym in field.synonyms:
            yield f"{scope}[{index}]", synonym


def _check_labels(checker: TomlChecker, names: Iterable[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for place, name in names:
        label = normalise_label(name)
        if not label:
            continue
        if label in seen:
            where = "同一处" if seen[label] == place else seen[label]
            checker.fault(place, f"名称“{name}”归一后为“{label}”,已用于{where}")
        seen.setdefault(label, place)


def _check_ambiguous(
    checker: TomlChecker, fields: Iterable[Field], scope: str, names: Iterable[tuple[str, str]]
) -> None:
    """A label that needs a person's word may not also be a sure one."""
    sure = {normalise_label(name): place for place, name in names}
    for index, field in enumerate(fields):
        for label in field.ambiguous:
            if (place := sure.get(normalise_label(label))) is not None:
                checker.fault(f"{scope}[{index}].ambiguous", f"“{label}”已是 {place} 的确定名称")


def _must_exist(checker: TomlChecker, place: str, keys: Iterable[str], known: set[str], what: str = "字段") -> None:
    for key in keys:
        if key not in known:
            checker.fault(place, f"没有{what} {key}")

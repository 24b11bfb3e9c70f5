"""What a person corrects, as JSON brings it: values entered, rows added and taken out, steps taken back."""

from __future__ import annotations

from collections.abc import Mapping

from forms.illegal import illegal_characters
from service.operations.correcting import AddedRow, Correction, RemovedRow
from service.operations.entering import LONGEST_PATH, LONGEST_REASON, MOST_ENTRIES, Fault, entered_of, refusal

MOST_ROWS = 200
_ADDED = frozenset({"values", "after", "before", "document", "reason"})
_REMOVED = frozenset({"path", "reason"})


def correction_of(body: Mapping[str, object]) -> Correction:
    """The correction of a request's ``entries``, ``add``, ``remove`` and ``undo``, of which one must be there.

    Raises:
        EntryInvalidError: something in it has another shape.
    """
    if not any(name in body for name in ("entries", "add", "remove", "undo")):
        raise refusal([Fault("entries", "没有要改的内容", "is needed, or add, remove or undo")])
    entered = entered_of(body["entries"]) if "entries" in body else []
    if isinstance(entered, Fault):
        raise refusal([entered])
    added = [_added(item, f"add[{number}]") for number, item in enumerate(_list(body, "add"))]
    removed = [_removed(item, f"remove[{number}]") for number, item in enumerate(_list(body, "remove"))]
    undone = [_number(item, f"undo[{number}]") for number, item in enumerate(_list(body, "undo"))]
    return Correction(entered, added, removed, undone)


def _list(body: Mapping[str, object], name: str) -> list[object]:
    given = body.get(name, [])
    if not isinstance(given, list) or len(given) > MOST_ROWS or (name in body and not given):
        raise refusal([Fault(name, f"应为 1 至 {MOST_ROWS} 项的列表", f"is to be a list of 1 to {MOST_ROWS} items")])
    return given


def _added(item: object, where: str) -> AddedRow:
    if not isinstance(item, Mapping) or not {"values"} <= item.keys() <= _ADDED:
        raise refusal([Fault(where, "应有 values(可有 after、before、document、reason)", "is to have values")])
    values, form = item["values"], item.get("document")
    if not isinstance(values, Mapping) or len(values) > MOST_ENTRIES:
        raise refusal([Fault(where, "values 应为各栏的内容", "has values that are no object")])
    if form is not None and (isinstance(form, bool) or not isinstance(form, int) or form < 0):
        raise refusal([Fault(where, "document 应为从 0 起的整数", "has a document that is no number")])
    texts = {name: _text(item, name, where) for name in ("after", "before", "reason")}
    if texts["after"] and texts["before"]:
        raise refusal([Fault(where, "after、before 只能写一个", "has both after and before")])
    return AddedRow({str(key): value for key, value in values.items()}, form, **texts)


def _removed(item: object, where: str) -> RemovedRow:
    if not isinstance(item, Mapping) or not {"path"} <= item.keys() <= _REMOVED:
        raise refusal([Fault(where, "应有 path(可有 reason)", "is to have a path")])
    return RemovedRow(_text(item, "path", where), _text(item, "reason", where))


def _text(item: Mapping[str, object], name: str, where: str) -> str:
    value = item.get(name, "")
    longest = LONGEST_REASON if name == "reason" else LONGEST_PATH
    if not isinstance(value, str) or len(value) > longest or illegal_characters(value):
        raise refusal([Fault(where, f"{name} 应为不超过 {longest} 字的文本", f"has a {name} that is no short text")])
    return value.strip()


def _number(item: object, where: str) -> int:
    if isinstance(item, bool) or not isinstance(item, int):
        raise refusal([Fault(where, "应为经过中的步骤编号", "is to be the number of a step")])
    return item

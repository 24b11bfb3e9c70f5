"""The data that fills a form, from wherever a user keeps it: JSON, JSON lines, or the import workbook."""

from __future__ import annotations

import json
from pathlib import Path

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.errors import UnusableDataError
from forms.intake import Intake, take_in
from forms.ledger import LEDGER, TARGET
from forms.prefill import prefilled

WORKBOOK_ENDINGS = frozenset({".xlsx"})
MORE_FOLLOWS = "Extra data"
"""What the parser says of a whole value with another one behind it: JSON lines."""
JSON_ENDINGS = frozenset({".json", ".jsonl", ".ndjson"})


def read_json(text: str) -> object:
    """JSON, or JSON lines as a list. Strict: no NaN, and no key twice in one object, of which one would be lost.

    Raises:
        UnusableDataError: neither; the place of the fault is named by line and column.
    """
    try:
        return _loads(text)
    except json.JSONDecodeError as fault:
        if fault.msg != MORE_FOLLOWS:
            raise _not_json(fault, fault.lineno) from fault
    values = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            values.append(_loads(line))
        except json.JSONDecodeError as fault:
            raise _not_json(fault, number) from fault
    return values


def _loads(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError as fault:
        raise _unusable("JSON", "嵌套层数过多", "it is nested too deep") from fault
    except json.JSONDecodeError:
        raise
    except ValueError as fault:  # an integer of thousands of digits
        raise _unusable("JSON", "数字过长", "a number is too long") from fault


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _unusable(twice, "同一个键出现两次", "the key stands twice in one object")
    return made


def _no_constant(name: str) -> object:
    raise _unusable(name, "不是有效的 JSON 数值", "not a JSON number")


def _unusable(place: str, reason_zh: str, reason_en: str) -> UnusableDataError:
    return UnusableDataError(pointer=place, pointer_text=place, reason_zh=reason_zh, reason_en=reason_en)


def _not_json(fault: json.JSONDecodeError, line: int) -> UnusableDataError:
    place = f"第 {line} 行第 {fault.colno} 列 / line {line}, column {fault.colno}"
    return UnusableDataError(
        pointer=f"line {line}",
        pointer_text=place,
        reason_zh="不是有效的 JSON",
        reason_en=f"not valid JSON ({fault.msg})",
    )


def read_json_file(path: Path) -> object:
    """The JSON of a file in UTF-8 (with or without a byte-order mark).

    Raises:
        UnusableDataError: not UTF-8 or not JSON.
    """
    try:
        return read_json(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise UnusableDataError(
            pointer_text=path.name, reason_zh="不是 UTF-8 编码的 JSON 文件", reason_en="not a JSON file in UTF-8"
        ) from fault


def with_form(data: object, definition: FormDefinition) -> object:
    """The data with its form named where it is left out, for the command already says which form is meant.

    Raises:
        UnusableDataError: the data says that it is of another form.
    """
    if isinstance(data, list):
        if all(isinstance(item, dict) and not {"form", "records", "documents"} & item.keys() for item in data):
            return {"form": definition.form, "records": data}
        return [with_form(item, definition) for item in data]
    if isinstance(data, dict) and "documents" not in data:
        named = data.get("form")
        if named is None:
            return {"form": definition.form, **data}
    return data


def intakes_for(definition: FormDefinition, data: object, catalogue: Catalogue) -> tuple[Intake, ...]:
    """What the data says, as records of that form; a ledger as it was read prefills attachment-5.

    Raises:
        UnusableDataError: wrong shape, or data of another form.
    """
    taken = tuple(
        prefilled(intake, definition) if (intake.definition.form, definition.form) == (LEDGER, TARGET) else intake
        for intake in take_in(with_form(data, definition), catalogue)
    )
    for intake in taken:
        if intake.definition.form != definition.form:
            raise UnusableDataError(
                pointer="form",
                pointer_text="form",
                reason_zh=f"数据是{intake.definition.title},要填的是{definition.title}",
                reason_en=f"the data is of {intake.definition.form}, the form to fill is {definition.form}",
            )
    return taken

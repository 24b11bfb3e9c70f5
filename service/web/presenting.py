"""A document's JSON as a page shows it: labels beside values, what is unsure first seen, findings by place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from forms.catalogue import Catalogue
from forms.definition import Field, FormDefinition
from service.operations.packs.findings import place_in_words
from service.store.windows import Window

KINDS = {"opinion": "意见", "signature": "签字", "seal": "盖章", "date": "日期"}
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
RANK = {"error": 0, "warning": 1, "info": 2}
PLACE = re.compile(r"^documents\[(\d+)\]\.(.+)$")
WORDS: Mapping[object, str] = {True: "是", False: "否", None: "(未能读出)"}


def present(item: dict[str, Any], window: Window, catalogue: Catalogue) -> dict[str, Any]:
    """One document of a reading, ready for the template; ``window`` says which of its rows are there."""
    definition = catalogue.readable(item["form"])
    faulty = {finding["path"] for finding in item["findings"] if finding["severity"] == "error"}
    counts = {severity: window.severities.get(severity, 0) for severity in RANK}
    return {
        "title": definition.title,
        "number": definition.number,
        "edition": item["edition"],
        "confidence": round(100 * item["form_confidence"]),
        "document_id": item["document_id"],
        "pages": item["pages"],
        "layout": definition.layout.value,
        "header": [_shown(field, item["header"], "header", faulty) for field in definition.header],
        "columns": columns_of(definition),
        "rows": [
            [_shown(field, row, f"records[{number}]", faulty) for field in definition.fields]
            for number, row in enumerate(item["records"], start=window.first)
        ],
        "first": window.first,
        "count": window.count,
        "marks": _marks(item, definition),
        "findings": sorted(
            ({**finding, "word": SEVERITIES[finding["severity"]]} for finding in item["findings"]),
            key=lambda finding: RANK[finding["severity"]],
        ),
        "counts": counts,
        "untold": sum(counts.values()) - len(item["findings"]),
        "review": window.review,
        "unplaced": item.get("unplaced", []),
    }


def columns_of(definition: FormDefinition) -> list[tuple[str, str]]:
    """Key and label of each field of a person, as a table's heads."""
    return [(field.key, label_of(field)) for field in definition.fields]


def label_of(field: Field) -> str:
    """The label with that of its group."""
    return f"{field.group} {field.label}" if field.group else field.label


def place_said(forms: Sequence[str], catalogue: Catalogue, path: str) -> str:
    """A place of a document in words: ``documents[0].records[3].name`` as ``第4行 姓名``; empty for the whole of it.

    ``forms`` are those read in the document, in its order.
    """
    match = PLACE.match(path)
    if match is None:
        return ""
    number, inner = int(match[1]), match[2]
    definition = catalogue.readable(forms[number]) if number < len(forms) else None
    said = place_in_words(definition, inner)
    kind = KINDS.get(inner.rpartition(".")[2], "") if inner.startswith("marks.") else ""
    lead = f"第{number + 1}份 " if len(forms) > 1 else ""
    return f"{lead}{said}{kind}" if said else path


def _shown(field: Field, entries: Mapping[str, dict[str, Any]], place: str, faulty: set[str]) -> dict[str, Any]:
    entry = entries.get(field.key)
    if entry is None:
        return {"label": label_of(field), "text": "", "state": "absent", "note": "", "candidates": []}
    value = entry["value"]
    shown = WORDS[value] if value is None or isinstance(value, bool) else str(value)
    if f"{place}.{field.key}" in faulty:
        state = "fault"
    elif entry["review"]:
        state = "review"
    else:
        state = "empty" if value == "" else "good"
    written = entry["text"].strip()
    return {
        "label": label_of(field),
        "text": shown,
        "state": state,
        "review": entry["review"],
        "note": f"原文:{written}" if written and written != shown else "",
        "candidates": [text for text in entry.get("candidates", []) if text != shown],
    }


def _marks(item: dict[str, Any], definition: FormDefinition) -> list[dict[str, Any]]:
    labels = {box.key: box.label for box in definition.boxes}
    boxes: dict[str, dict[str, Any]] = {}
    for mark in item["marks"]:
        shown = boxes.setdefault(mark["key"], {"label": labels.get(mark["key"], mark["key"]), "parts": []})
        shown["parts"].append(_mark_part(mark))
    return list(boxes.values())


def _mark_part(mark: dict[str, Any]) -> dict[str, Any]:
    word = {True: "有", False: "无", None: "看不清"}[mark["present"]]
    if mark.get("excused"):
        word = "不需要"
    known = "good" if mark["present"] or mark.get("excused") else "missing"
    state = "review" if mark["review"] else known
    text = mark.get("value") or mark.get("unit") or mark.get("text") or ""
    return {"kind": KINDS[mark["kind"]], "present": word, "text": text, "state": state, "review": mark["review"]}

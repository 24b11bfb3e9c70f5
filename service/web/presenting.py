"""A document's JSON as a page shows it: labels beside values, what is unsure first seen, findings by place."""

from __future__ import annotations

from typing import Any

from forms.catalogue import Catalogue
from forms.definition import FormDefinition

KINDS = {"opinion": "意见", "signature": "签字", "seal": "盖章", "date": "日期"}
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
RANK = {"error": 0, "warning": 1, "info": 2}


def present(item: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """One document of a reading, ready for the template."""
    definition = catalogue.find(item["form"])
    paths = {finding["path"] for finding in item["findings"] if finding["severity"] == "error"}
    return {
        "title": definition.title,
        "number": definition.number,
        "edition": item["edition"],
        "confidence": round(100 * item["form_confidence"]),
        "document_id": item["document_id"],
        "pages": item["pages"],
        "layout": definition.layout.value,
        "header": [_shown(field, item["header"].get(field.key), f"header.{field.key}", paths) for field in definition.header],
        "columns": [field.label if not field.group else f"{field.group} {field.label}" for field in definition.fields],
        "rows": [
            [_shown(field, row.get(field.key), f"records[{number}].{field.key}", paths) for field in definition.fields]
            for number, row in enumerate(item["records"])
        ],
        "marks": _marks(item, definition),
        "findings": sorted(
            ({**finding, "word": SEVERITIES[finding["severity"]]} for finding in item["findings"]),
            key=lambda finding: RANK[finding["severity"]],
        ),
        "review": sum(
            entry.get("review", False) for entries in (item["header"], *item["records"]) for entry in entries.values()
        ),
    }


def _shown(field: Any, entry: dict[str, Any] | None, path: str, faulty: set[str]) -> dict[str, Any]:  # noqa: ANN401
    label = field.label if not field.group else f"{field.group} {field.label}"
    if entry is None:
        return {"label": label, "text": "", "state": "absent", "note": "表上没有这一项", "candidates": []}
    value = entry["value"]
    text = {True: "是", False: "否", None: "(未能读出)"}.get(value, value) if not isinstance(value, (int, float)) or isinstance(value, bool) else value
    state = "fault" if path in faulty else "review" if entry["review"] else "empty" if value == "" else "good"
    note = f"原文:{entry['text']}" if entry["text"] and entry["text"] != str(value) else ""
    return {"label": label, "text": text, "state": state, "note": note, "candidates": entry.get("candidates", [])}


def _marks(item: dict[str, Any], definition: FormDefinition) -> list[dict[str, Any]]:
    labels = {box.key: box.label for box in definition.boxes}
    boxes: dict[str, dict[str, Any]] = {}
    for mark in item["marks"]:
        shown = boxes.setdefault(mark["key"], {"label": labels.get(mark["key"], mark["key"]), "parts": []})
        present_word = {True: "有", False: "无", None: "看不清"}[mark["present"]]
        text = mark.get("value") or mark.get("unit") or mark.get("text") or ""
        state = "review" if mark["review"] else "good" if mark["present"] else "missing"
        shown["parts"].append({"kind": KINDS[mark["kind"]], "present": present_word, "text": text, "state": state})
    return list(boxes.values())

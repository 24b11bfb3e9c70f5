"""The names of what a tag stands for: the printed label for people, the path for findings."""

from __future__ import annotations

from forms.definition import FormDefinition
from writers.tags import Tag


def label_of(definition: FormDefinition, tag: Tag) -> str:
    """The printed label of what a tag stands for."""
    if tag.root == "box":
        return next((box.label for box in definition.boxes if box.key == tag.key), tag.key)
    field = definition.header_field(tag.key) if tag.root == "header" else definition.field(tag.key)
    total = next((total for total in definition.totals if total.key == tag.key and tag.root == "header"), None)
    return field.label if field is not None else tag.key if total is None else total.label


def path_of(tag: Tag, row: int = 0) -> str:
    """The path of a tag's value as findings name it."""
    match tag.root:
        case "header":
            return f"header.{tag.key}"
        case "box":
            return f"marks.{tag.key}.{tag.part}"
        case _:
            return f"records[{row}].{tag.key}"

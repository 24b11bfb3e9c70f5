"""Pieces that all forms share: the mark 附件N, the title, tags, column heads and the sentences of the notes."""

from __future__ import annotations

from typing import Final

from drafting.paper import LABEL_FONT, LATIN_FONT, NOTE_FONT, SIZE_2, SIZE_3, TITLE_FONT, Face, points
from drafting.wordxml import Element, Setting, paragraph, run
from forms.definition import Field, FormDefinition, OpinionBox

SEAL_HERE: Final = "（盖章）"

_MARK: Final = Face(LABEL_FONT, SIZE_3)
_TITLE: Final = Face(TITLE_FONT, SIZE_2)


class DraftingError(LookupError):
    """A drawing asks for a field or a box that the definition does not have."""


def tag(root: str, *path: str) -> str:
    """The tag that the filling replaces: ``tag("row", "name")`` is ``{{ row.name }}``."""
    return "{{ " + ".".join((root, *path)) + " }}"


def tick(key: str, code: str) -> str:
    """The tag of a printed check box: ☑ where the field has that code, else □."""
    return "{{ tick." + key + "['" + code + "'] }}"


def field_of(definition: FormDefinition, key: str) -> Field:
    """The person's field of that key."""
    found = definition.field(key)
    if found is None:
        raise DraftingError(f"{definition.form}: no field {key}")
    return found


def header_of(definition: FormDefinition, key: str) -> Field:
    """The header field of that key."""
    found = definition.header_field(key)
    if found is None:
        raise DraftingError(f"{definition.form}: no header field {key}")
    return found


def box_of(definition: FormDefinition, key: str) -> OpinionBox:
    """The box of that key."""
    found = next((box for box in definition.boxes if box.key == key), None)
    if found is None:
        raise DraftingError(f"{definition.form}: no box {key}")
    return found


def has_totals(definition: FormDefinition) -> bool:
    """Whether the grid ends with a 合计 row."""
    return bool(definition.totals)


def column_head(label: str, size: float, width_mm: float) -> str:
    """The label as a column head: a note in brackets at its end begins a new line, if it fits on one."""
    start = label.rfind("（")
    if start <= 0 or not label.endswith("）") or (len(label) - start) * size > points(width_mm) - 2:
        return label
    return f"{label[:start]}\n{label[start:]}"


def numbered_notes(definition: FormDefinition) -> str:
    """The 填表说明 as one paragraph: ``注：1.…2.…``."""
    return "注：" + "".join(f"{number}.{note}" for number, note in enumerate(definition.notes, 1))


def heading(definition: FormDefinition, *, gap: float = 6.0) -> list[Element]:
    """``附件N`` at the left and the title in the middle, ``gap`` points above and below the title."""
    return [
        paragraph(Setting(line=18), run(f"附件{definition.number}", _MARK)),
        paragraph(Setting("center", line=27, before=gap / 2, after=gap), run(definition.title, _TITLE)),
    ]


def notes(definition: FormDefinition, size: float) -> Element:
    """The notes below the grid."""
    return paragraph(
        Setting("both", line=size * 1.3, before=3), run(numbered_notes(definition), Face(NOTE_FONT, size, LATIN_FONT))
    )

"""Which program draws which official file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from drafting import loan_card, loan_roster, staff_roster
from forms.definition import FormDefinition

TEMPLATES: Final = Path(__file__).resolve().parent.parent / "templates"
EDITION: Final = "r1"

FORMS: Final[dict[str, Callable[[FormDefinition], bytes]]] = {
    "attachment-1": loan_roster.draw,
    "attachment-2": staff_roster.draw,
    "attachment-3": staff_roster.draw,
    "attachment-4": loan_card.draw,
    "attachment-5": staff_roster.draw,
}


def folder_of(form: str) -> Path:
    """The folder of the form's edition that this program draws."""
    return TEMPLATES / form / EDITION


def draw_form(definition: FormDefinition) -> bytes:
    """The bytes of the official file of a form."""
    return FORMS[definition.form](definition)

"""Which returned files a list of them shows: those of a unit, of a form, and where they are on their way."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from service.store.account_tables import belongings
from service.store.documents import DELETED, SETTLED
from service.store.tables import documents, submissions

READING = frozenset({"received", "read", "partial", "failed"})
"""Stages that tell how the reading went; all others tell what a person did with the file since."""
KIND = "document"


@dataclass(frozen=True, slots=True)
class DocumentSearch:
    """What is asked of the list; what is empty is not asked.

    ``unit`` is a part of the unit's name as it was settled or written, ``form`` a form's name, ``stage`` one of
    :attr:`service.store.documents.StoredDocument.stage`.
    """

    unit: str = ""
    form: str = ""
    stage: str = ""

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """The conditions on ``documents`` and their ``submissions``."""
        found: list[ColumnElement[bool]] = []
        if self.unit:
            found.append(documents.c.unit.contains(self.unit, autoescape=True))
        if self.form:
            forms = belongings.c.forms.contains(self.form, autoescape=True)
            found.append(documents.c.id.in_(select(belongings.c.thing_id).where(belongings.c.kind == KIND, forms)))
        if self.stage in READING:
            untouched = or_(submissions.c.state.is_(None), submissions.c.state == "read")
            found += [documents.c.sha256 != "", documents.c.state == self.stage, untouched]
        elif self.stage == DELETED:
            open_ = or_(submissions.c.state.is_(None), submissions.c.state.not_in(SETTLED))
            found += [documents.c.sha256 == "", open_]
        elif self.stage:
            found.append(submissions.c.state == self.stage)
            found += [documents.c.sha256 != ""] if self.stage not in SETTLED else []
        return tuple(found)

"""A rule as data: its code, where it comes from, and the small functions that look for its flaws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from forms.finding import Finding, Severity
from forms.record import Entry
from forms.rules.base import CheckSettings, SetFinding
from forms.rules.books import Books
from forms.rules.view import Line, Sheet, mask

ROSTERS = frozenset({"attachment-1", "attachment-2", "attachment-3", "attachment-5"})
LOANS = frozenset({"attachment-1", "attachment-4"})
STAFF = frozenset({"attachment-2", "attachment-3", "attachment-5"})
ALL_FORMS = ROSTERS | {"attachment-4", "ledger"}

_ID_IN_TEXT = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_DOUBTED = "(所依据的内容存疑待核,请先核对原件)"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What a rule found: the place and the sentence. ``severity`` is given where it is not the rule's first one."""

    path: str
    message: str
    severity: Severity | None = None
    suggestion: str | None = None


def masked(message: str) -> str:
    """A message without a whole identity number."""
    return _ID_IN_TEXT.sub(lambda number: mask(number[0]), message)


RowCheck = Callable[[Line], Iterable[Flaw]]
SheetCheck = Callable[[Sheet], Iterable[Flaw]]
SetCheck = Callable[[Books], Iterable[tuple[Sheet, Flaw]]]
LateCheck = Callable[[Books, Sequence[SetFinding]], Iterable[tuple[Sheet, Flaw]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of ``forms-reference`` §3 or §4.

    ``severities`` are those its findings may have, the usual one first. ``clause`` quotes the source, ``checks`` says
    what is looked at and ``needs`` from which values; both are for ``docs/rules.md``. ``forms`` are those it applies
    to. A rule looks at each person (``row``), at a document (``sheet``), at the documents of a unit together
    (``across``), or at the findings so far (``late``); a rule without a function is reported by the field types.
    """

    code: str
    pack: str
    severities: tuple[Severity, ...]
    clause: str
    checks: str
    needs: str
    forms: frozenset[str] = field(default=ALL_FORMS)
    row: RowCheck | None = None
    sheet: SheetCheck | None = None
    across: SetCheck | None = None
    late: LateCheck | None = None

    def applies(self, form: str, settings: CheckSettings) -> bool:
        """Whether the rule is in force for a form."""
        return self.pack in settings.packs and form in self.forms

    @property
    def is_of_values(self) -> bool:
        """Whether the field types report this rule."""
        return not (self.row or self.sheet or self.across or self.late)

    def finding(self, sheet: Sheet, flaw: Flaw) -> Finding:
        """The finding of a flaw, with the place of its value in the file and no whole identity number."""
        seen = sheet.seen_at(flaw.path)
        doubted = isinstance(seen, Entry) and seen.review and not self.is_of_values
        message = masked(flaw.message)
        return Finding(
            code=self.code,
            path=flaw.path,
            message=message + _DOUBTED if doubted else message,
            severity=flaw.severity or self.severities[0],
            clause=self.clause,
            region=seen.region if seen is not None else None,
            suggestion=flaw.suggestion,
        )

"""Signatures, seals, dates and opinions of a box, as far as the source says anything of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.definition import OpinionBox
from forms.finding import Severity
from forms.record import Mark, MarkKind
from forms.rules.view import Sheet

_REFUSED = re.compile(r"不同意|不予|不宜|暂不|不批准|退回")
_NEGATED_REFUSAL = re.compile(r"(无|没有)不同意")


@dataclass(frozen=True, slots=True)
class Lack:
    """A mark that is not there (``certain``), of which nobody can tell, or that was ``seen`` but needs a look."""

    path: str
    certain: bool
    seen: Mark | None = None

    def severity(self, usual: Severity) -> Severity:
        """What could not be told is a warning at most."""
        return usual if self.certain else Severity.WARNING if usual is Severity.ERROR else usual

    def says(self, message: str) -> str:
        """The sentence ``…未见盖章,请补盖章``, turned into a call for a person where nobody can tell."""
        if self.certain:
            return message
        if self.seen is None:
            return f"{message}(未能确认,请人工查看原件)"
        place = message.partition(",")[0].replace("未见", "有")
        read = f"(读作“{self.seen.text}”)" if self.seen.text else ""
        return f"{place}{read},但未能确认,请人工查看原件"


def lacking(sheet: Sheet, box: str, kind: str) -> Lack | None:
    """Whether a mark lacks.

    ``None`` when it is there, when the box is excused, when the edition has no such box or part, and when the source
    says nothing of marks of this kind.
    """
    which, defined = MarkKind(kind), box_of(sheet, box)
    if which not in sheet.mark_kinds or defined is None or kind not in defined.parts:
        return None
    path = f"marks.{box}.{which}"
    mark = sheet.marks.get((box, which))
    if mark is None:
        excused = any(item.excused for (key, _), item in sheet.marks.items() if key == box)
        return None if excused else Lack(path, certain=False)
    if mark.excused or (mark.present and not mark.review):
        return None
    return Lack(path, certain=mark.present is False and not mark.review, seen=mark if mark.present else None)


def is_excused(sheet: Sheet, box: str) -> bool:
    """Whether a box was filled with 同单位意见 or /."""
    return any(item.excused for (key, _), item in sheet.marks.items() if key == box)


def seal_of(sheet: Sheet, box: str) -> Mark | None:
    """The seal that stands in a box."""
    mark = sheet.marks.get((box, MarkKind.SEAL))
    return mark if mark is not None and mark.present else None


def refusal(sheet: Sheet, box: str) -> Mark | None:
    """The opinion of a box, if it refuses."""
    mark = sheet.marks.get((box, MarkKind.OPINION))
    if mark is None or mark.excused or not _REFUSED.search(_NEGATED_REFUSAL.sub("", mark.text)):
        return None
    return mark


def box_of(sheet: Sheet, key: str) -> OpinionBox | None:
    """The box's definition, ``None`` where the edition does not have it."""
    return next((item for item in sheet.definition.boxes if item.key == key), None)

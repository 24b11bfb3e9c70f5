"""What a report is told beside the consolidation: who reports to whom and when, and which findings are open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forms.finding import Severity

OFFICES = ("区委组织部", "区人力资源和社会保障局")
"""To whom the plan has the summary sent (方案三(二)3)."""
WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class About:
    """Who reports. ``whole`` says that it is the district's; ``day`` (``YYYY-MM-DD``) stays blank where it is empty."""

    unit: str
    campaign: str = ""
    day: str = ""
    whole: bool = False
    recipients: tuple[str, ...] = OFFICES


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that is still open, of a returned file or of the consolidation itself.

    ``file`` is the file's name, ``state`` what became of it (``已接收``), ``place`` the row or cell in words,
    ``override`` the reason for which the file was accepted all the same.
    """

    unit: str
    form: str
    code: str
    severity: Severity
    message: str
    clause: str = ""
    file: str = ""
    state: str = ""
    place: str = ""
    document_id: str = ""
    override: str = ""


def each_once(findings: Iterable[OpenFinding]) -> list[OpenFinding]:
    """The findings without those that a check of the form and the consolidation both made: the first one stays."""
    found: dict[tuple[str, ...], OpenFinding] = {}
    for item in findings:
        found.setdefault((item.unit, item.form, item.code, item.place, item.message), item)
    return list(found.values())

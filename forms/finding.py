"""A finding: one thing a person must look at, with its place, its rule and the clause the rule comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points (1/72 inch) from the top left of the upright page, y downwards."""


class Severity(StrEnum):
    """How much a finding matters: an error must be put right, a warning explained, an info is for notice."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Region:
    """Where a value stands in its file.

    ``page`` counts from zero in code. ``box`` is ``None`` for files without geometry (docx, xlsx); ``address`` then
    names the place as the file's own program does, for example ``Sheet1!C7`` or ``表1 第3行 第2列``.
    """

    page: int
    box: Box | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or doubt.

    ``code`` is a rule of ``forms-reference`` (``S1-02``, ``F-1``, ``X-09``) or a kebab-case code of a reader or
    writer (``id-lost-precision``). ``path`` addresses the value as in the JSON of ``service read``
    (``records[0].end_date``, ``header.unit``, ``marks.lending_unit.seal``). ``clause`` quotes where the rule stands.
    """

    code: str
    path: str
    message: str
    severity: Severity = Severity.ERROR
    clause: str | None = None
    region: Region | None = None
    suggestion: str | None = None

    def at(self, region: Region | None) -> Finding:
        """The same finding with its place in the file."""
        return replace(self, region=region)

    def under(self, prefix: str) -> Finding:
        """The same finding with its path below ``prefix``."""
        return replace(self, path=f"{prefix}.{self.path}" if self.path else prefix)

"""The files of a consolidation: each form in its official file, subtotals and sources, 总结报告, 核查报告."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forms.consolidating import Consolidation
from forms.finding import Finding
from writers.reports import (
    About,
    OpenFinding,
    consolidated_file,
    review_report,
    subtotals_workbook,
    summary_report,
)

SUBTOTALS, SUMMARY, REVIEW = "汇总小计表.xlsx", "总结报告.docx", "核查报告.docx"


@dataclass(frozen=True, slots=True)
class ConsolidatedFile:
    """A file of a consolidation; ``form`` is the form's id, empty for what is no form."""

    name: str
    content: bytes
    form: str = ""
    findings: tuple[Finding, ...] = ()


def files_of(found: Consolidation, about: About, open_now: Sequence[OpenFinding]) -> Iterator[ConsolidatedFile]:
    """All files, one after another: forms that somebody handed in, by number, then subtotals and reports.

    The same input gives the same files. A form that nobody handed in is not made.

    Raises:
        FormServiceError: an official file could not be filled or proved.
    """
    for form in found.forms.values():
        if form.source_forms:
            made = consolidated_file(form)
            yield ConsolidatedFile(made.name, made.content, form.record.form, made.findings)
    yield ConsolidatedFile(SUBTOTALS, subtotals_workbook(found))
    yield ConsolidatedFile(SUMMARY, summary_report(found, about, open_now))
    yield ConsolidatedFile(REVIEW, review_report(found, about, open_now))

"""The reports in a pack: 总结报告 for those to whom the plan has it sent, 核查报告 with all that is open for each."""

from __future__ import annotations

from collections.abc import Sequence

from forms.consolidating import Consolidation, Figures
from forms.finding import Severity
from service.operations.packs.asked import Recipient
from service.operations.packs.contents import Contents, Lack
from writers.packing.manifest import Problem
from writers.reports.review import review_report
from writers.reports.shapes import About, OpenFinding
from writers.reports.sheets import subtotals_workbook
from writers.reports.summary import summary_report

SUMMARY, REVIEW, SUBTOTALS = "总结报告", "核查报告", "汇总小计表"


MISSING = "X-15"
"""The rule that warns of a form that is owed and missing; where a pack lacks it, that is told once, as an error."""
NAMES = {"missing": "缺报", "undecided": "未审结"}
LEFT_OUT = "未编入"
HAND_IN = "方案三(二)3：“各镇街开发区、主管部门要牵头做好……审核和汇总工作”"


def reports_of(contents: Contents, problems: Sequence[Problem]) -> list[tuple[str, str, bytes]]:
    """Kind, title and Word file of each report. Whoever gets only some of the forms is told of those alone."""
    found = _of_recipient(contents)
    about = About(
        contents.unit,
        contents.title,
        contents.asked.options.day,
        contents.asked.unit_id is None and contents.units > 1,
        contents.asked.recipient.offices,
    )
    missing = {(item.unit, item.form) for item in contents.lacks if item.kind == "missing"}
    told = [item for item in contents.findings if item.code != MISSING or (item.unit, item.form) not in missing]
    open_now = [*told, *map(_lacking, contents.lacks), *map(_failed, problems)]
    open_now = [item for item in dict.fromkeys(open_now) if item.code]
    reports = []
    if contents.asked.recipient is not Recipient.FINANCE and found.forms:
        reports.append(("summary", SUMMARY, summary_report(found, about, open_now)))
    reports.append(("review", REVIEW, review_report(found, about, open_now)))
    return reports


def subtotals_of(contents: Contents) -> bytes | None:
    """The workbook with subtotals, the source of each row, and the rows of each figure of the reports."""
    found = _of_recipient(contents)
    return subtotals_workbook(found) if any(form.source_forms for form in found.forms.values()) else None


def _of_recipient(contents: Contents) -> Consolidation:
    """The consolidation without the forms that the recipient does not get."""
    found = contents.consolidation
    wanted = contents.asked.recipient.forms
    if found is None:
        return Consolidation(contents.unit, None, None, {}, (), (), (), Figures())
    return found if set(found.forms) <= set(wanted) else found.only(wanted)


def _lacking(item: Lack) -> OpenFinding:
    """What is missing, as a finding; errors stand among the findings already."""
    code = NAMES.get(item.kind, "")
    form = item.form if "," not in item.form else ""
    return OpenFinding(item.unit, form, code, Severity.ERROR, item.message, HAND_IN, document_id=item.document)


def _failed(item: Problem) -> OpenFinding:
    message = f"{item.what}未能编入或有误：{item.message}"
    return OpenFinding("", "", f"{LEFT_OUT} {item.code}", Severity.ERROR, message, document_id=item.document)

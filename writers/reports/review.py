"""The 核查报告: every finding that is still open, by unit and form, with its clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from forms.consolidating import Consolidation
from forms.consolidating.words import CODE_WORDS
from forms.finding import Severity
from writers.officialpage import content_of, new_document
from writers.packing.fixed import fixed_office
from writers.reports.pages import Report
from writers.reports.shapes import RANK, WORDS, About, OpenFinding, each_once
from writers.reports.summary import day_in_words

HEADS = ("序号", "文件", "位置", "问题")
_WIDTHS = (9, 40, 28, 106)
_COUNT_HEADS = ("单位", "错误", "警告", "提示", "合计")
_COUNT_WIDTHS = (50, 12, 12, 12, 12)
_RULE_HEADS = ("检查项", "依据", "错误", "警告", "提示")
_RULE_WIDTHS = (20, 80, 12, 12, 12)
NO_UNIT = "（不属于单个单位）"


def review_report(consolidation: Consolidation, about: About, findings: Sequence[OpenFinding]) -> bytes:
    """The report as .docx; the same input gives the same bytes. ``findings`` are all that are open, in any order."""
    who = "全区" if about.whole else about.unit
    report = Report(new_document(landscape=True), f"{who}\n借用人员和编外用工专项清理规范工作核查报告")
    ordered = sorted(each_once(findings), key=lambda item: (RANK[item.severity], item.form, item.code))  # stable
    _whole(report, consolidation, ordered)
    _by_rule(report, ordered)
    _lists(report, consolidation)
    report.heading("逐条问题")
    names = _units_in_order(consolidation, ordered)
    if not ordered:
        report.say("没有尚未解决的问题。")
    by_unit = _by_unit(ordered)
    for number, name in enumerate(names, start=1):
        own = by_unit[name]
        report.second(f"（{number}）{name}：{len(own)}处")
        report.table(HEADS, _rows(own), _WIDTHS)
    report.sign(about.unit, day_in_words(about.day))
    return fixed_office(content_of(report.document))


def _whole(report: Report, consolidation: Consolidation, findings: Sequence[OpenFinding]) -> None:
    report.heading("总体情况")
    counts = Counter(item.severity for item in findings)
    files = {item.document_id for item in findings if item.document_id}
    told = "、".join(f"{word}{counts[severity]}处" for severity, word in WORDS.items())
    report.say(
        f"尚未解决的问题共{len(findings)}处，其中{told}，涉及{len(files)}份文件。“错误”须改正，“警告”须核对或说明，“提示”供留意。"
        "单位自填数字与明细不符的，按明细汇总并列为问题，不代为改动。"
    )
    if counts[Severity.ERROR]:
        report.say("仍有“错误”未改正。")
    names = _units_in_order(consolidation, findings)
    if names:
        given = _by_unit(findings)
        by_unit = {name: Counter(item.severity for item in given[name]) for name in names}
        rows = [
            (name, *(str(found[severity]) for severity in WORDS), str(sum(found.values())))
            for name, found in by_unit.items()
        ]
        report.table(_COUNT_HEADS, rows, _COUNT_WIDTHS)


def _by_rule(report: Report, findings: Sequence[OpenFinding]) -> None:
    if not findings:
        return
    report.heading("按检查规则")
    clauses: dict[str, str] = {}
    counts = Counter((item.code, item.severity) for item in findings)
    for item in findings:
        clauses[item.code] = clauses.get(item.code) or item.clause
    rows = [
        (CODE_WORDS.get(code, code), clause, *(str(counts[code, level]) for level in WORDS))
        for code, clause in sorted(clauses.items())
    ]
    report.table(_RULE_HEADS, rows, _RULE_WIDTHS)


def _lists(report: Report, consolidation: Consolidation) -> None:
    """Who reported nobody, and who reported nothing."""
    report.heading("零报告和未报送")
    for form, made in consolidation.forms.items():
        number = made.definition.number
        zero = [item.unit for item in consolidation.zero_units if item.form == form]
        missing = [item.unit for item in consolidation.missing if item.form == form]
        report.say(f"附件{number}：零报告{len(zero)}个{_names(zero)}；未报送{len(missing)}个{_names(missing)}。")


def _names(names: Sequence[str]) -> str:
    return f"({'、'.join(names)})" if names else ""


def _by_unit(findings: Iterable[OpenFinding]) -> dict[str, list[OpenFinding]]:
    found: dict[str, list[OpenFinding]] = {}
    for item in findings:
        found.setdefault(item.unit or NO_UNIT, []).append(item)
    return found


def _units_in_order(consolidation: Consolidation, findings: Sequence[OpenFinding]) -> list[str]:
    """The units that findings speak of, in tree order, others after them."""
    there = dict.fromkeys(item.unit or NO_UNIT for item in findings)
    listed = [node.name for node in consolidation.units if node.name in there]
    known = set(listed)
    return [*listed, *(name for name in there if name not in known)]


def _rows(findings: Iterable[OpenFinding]) -> Iterator[tuple[str, ...]]:
    """The findings of one unit, those of one rule and form under a heading that tells the rule and its clause once."""
    number = 0
    for (severity, form, code), group in groupby(findings, lambda item: (item.severity, item.form, item.code)):
        own = list(group)
        clauses = "；".join(dict.fromkeys(item.clause for item in own if item.clause))
        where = f"附件{form[-1]}" if form.startswith("attachment-") else "台账" if form else ""
        named = " ".join(filter(None, (WORDS[severity], CODE_WORDS.get(code, code), where)))
        yield (f"{named}：{len(own)}处{f'。依据：{clauses}' if clauses else ''}",)
        for item in own:
            number += 1
            file = f"{item.file}({item.state})" if item.file and item.state else item.file
            message = f"{item.message}（接收时说明：{item.override}）" if item.override else item.message
            yield (str(number), file, item.place, message)

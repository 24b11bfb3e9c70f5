"""The 总结报告: what was cleared, kept and borrowed, why each kept person is kept, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forms.consolidating import ConsolidatedForm, Consolidation, Figure
from forms.finding import Severity
from forms.record import Row
from writers.officialpage import content_of, new_document
from writers.packing.fixed import fixed_office
from writers.reports.pages import Report
from writers.reports.shapes import WORDS, About, OpenFinding, each_once
from writers.reports.tracing import Trail, amount

KEPT_HEADS = ("序号", "用工单位", "姓名", "岗位", "用工形式", "合同签订", "保留理由", "管理方式", "来源")
_KEPT_WIDTHS = (10, 21, 12, 16, 16, 9, 46, 16, 12)
_LOAN_HEADS = ("序号", "借入单位", "姓名", "借出单位", "起止", "借用事由", "拟处理意见", "来源")
_LOAN_WIDTHS = (10, 21, 12, 20, 29, 30, 15, 15)
_UNIT_HEADS = ("单位", "清退（人）", "补偿金额（元）", "保留（人）", "月工资合计（元）", "借用（人）", "备案在册（人）")
_UNIT_WIDTHS = (34, 11, 16, 11, 17, 11, 14)
_TRACE_HEADS = ("编号", "项目", "数字", "所含的行（汇总表序号）")
_TRACE_WIDTHS = (10, 44, 20, 66)
_BASIS = (
    ("cleared", "清退编外用工"),
    ("kept", "保留编外用工"),
    ("staff", "清退和保留两项合计"),
    ("borrowed", "借用人员"),
    ("filed", "备案花名册"),
)
_UNSAID = "（未填）"
MOST_NAMED = 40
"""So many units are named in a sentence: more would fill pages."""


def summary_report(consolidation: Consolidation, about: About, findings: Sequence[OpenFinding] = ()) -> bytes:
    """The report as .docx; the same input gives the same bytes.

    Every figure is worked out from the rows and carries a number in square brackets, under which the table at the end
    names the rows. Nothing is said that no row says: a reason nobody gave is told as missing.
    """
    report = Report(new_document(landscape=False), _title(about))
    trail = Trail(consolidation)
    others = tuple(name for name in about.recipients if name != about.unit) or about.recipients
    report.say(f"{'、'.join(others)}：" if others else "", indent=0)
    report.say(_opening(about))
    _basis(report, consolidation, trail)
    for key, section in (("cleared", _cleared), ("kept", _kept), ("borrowed", _borrowed), ("filed", _filed)):
        if key in consolidation.figures:
            section(report, consolidation, trail)
    _problems(report, consolidation, each_once(findings))
    _next(report, trail)
    report.sign(about.unit, day_in_words(about.day))
    report.appendix("附1：各单位数字")
    report.table(_UNIT_HEADS, _by_unit(consolidation), _UNIT_WIDTHS)
    report.appendix("附2：数字出处")
    report.table(_TRACE_HEADS, trail.rows(), _TRACE_WIDTHS)
    report.small("方括号内为编号；序号指汇总表中的序号，每行的来源表、来源行见小计表“来源”页。")
    return fixed_office(content_of(report.document))


def _title(about: About) -> str:
    who = "全区" if about.whole else about.unit
    return f"{who}\n借用人员和编外用工专项清理规范工作\n总结报告"


def day_in_words(day: str) -> str:
    """``2026年8月31日``; nothing for no day."""
    return f"{int(day[:4])}年{int(day[5:7])}月{int(day[8:10])}日" if day else ""


def _opening(about: About) -> str:
    who = "全区各单位" if about.whole else "我单位及所属单位"
    campaign = f"（{about.campaign}）" if about.campaign else ""
    return (
        f"按照《海州区机关事业单位借用人员和编外用工专项清理规范工作实施方案》要求，{who}开展了清理规范工作{campaign}。"
        "现将汇总情况报告如下。各项数字由已接收的报表逐行计算，出处附后。"
    )


def _basis(report: Report, consolidation: Consolidation, trail: Trail) -> None:
    report.heading("基本情况")
    units = len(consolidation.units)
    scope = f"纳入本次汇总的单位{units}个。" if units else ""
    homes = {home for form in consolidation.forms.values() for home in form.homes}
    report.say(f"{scope}已报送并接收报表的单位{len(homes)}个。")
    told = [f"{words}{trail.figure(key)}" for key, words in _BASIS if key in consolidation.figures]
    if told:
        report.say(f"{'；'.join(told)}。")
    for form, made in consolidation.forms.items():
        zero = [item.unit for item in consolidation.zero_units if item.form == form]
        if zero:
            report.say(f"附件{made.definition.number}零报告单位{len(zero)}个：{_named(zero)}。")
        missing = [item.unit for item in consolidation.missing if item.form == form]
        if missing:
            report.say(
                f"附件{made.definition.number}尚未报送（无已接收的表）的单位{len(missing)}个：{_named(missing)}。"
            )


def _named(units: Sequence[str]) -> str:
    """The names of units; of very many the first, for the 核查报告 names all."""
    more = "等，名单见《核查报告》" if len(units) > MOST_NAMED else ""
    return "、".join(units[:MOST_NAMED]) + more


def _listed(trail: Trail, prefix: str) -> str:
    """``合同期满终止3人[5]、本人辞职1人[6]``."""
    figures = trail.consolidation.figures.under(prefix)
    return "、".join(f"{_name(figure)}{trail.figure(figure.key)}" for figure in figures)


def _name(figure: Figure) -> str:
    return figure.label.partition("“")[2].rpartition("”")[0] or figure.label.partition(":")[2]


def _split(report: Report, trail: Trail, sentences: Sequence[tuple[str, str]]) -> None:
    for words, prefix in sentences:
        if prefix.endswith(".kind") and not trail.consolidation.units:
            continue  # without a list of units nobody knows their kinds
        if told := _listed(trail, prefix):
            report.say(f"{words}：{told}。")


def _cleared(report: Report, consolidation: Consolidation, trail: Trail) -> None:
    report.heading("清退情况")
    if not consolidation.figures["cleared"].value:
        report.say(f"本轮清退编外用工{trail.figure('cleared')}。")
        return
    report.say(
        f"本轮清退编外用工{trail.figure('cleared')}，其中已签订劳动合同{trail.figure('cleared.with_contract')}，"
        f"未签订{trail.figure('cleared.without_contract')}。填有经济补偿金额的{trail.figure('cleared.compensated')}，"
        f"金额合计{trail.figure('cleared.compensation')}。"
    )
    _split(
        report,
        trail,
        (
            ("按清退方式", "cleared.by.dismissal_method"),
            ("按用工形式", "cleared.by.employment_form"),
            ("按经费来源", "cleared.by.funding"),
            ("按单位类别", "cleared.kind"),
        ),
    )


def _kept(report: Report, consolidation: Consolidation, trail: Trail) -> None:
    report.heading("保留情况及理由")
    if not consolidation.figures["kept"].value:
        report.say(f"保留编外用工{trail.figure('kept')}。")
        return
    report.say(
        f"确需留用编外用工{trail.figure('kept')}，其中已签订劳动合同{trail.figure('kept.with_contract')}，"
        f"未签订{trail.figure('kept.without_contract')}；拟由区劳动保障事务代理处统一管理（含期满续约）"
        f"{trail.figure('kept.to_agency')}。填报的月工资标准合计{trail.figure('kept.monthly_wage')}。"
    )
    _split(
        report,
        trail,
        (
            ("按用工形式", "kept.by.employment_form"),
            ("按经费来源", "kept.by.funding"),
            ("按管理方式", "kept.by.management"),
            ("按岗位类别", "kept.by.post_category"),
            ("按单位类别", "kept.kind"),
        ),
    )
    if consolidation.figures["kept.without_reason"].value:
        report.say(f"未填保留理由的{trail.figure('kept.without_reason')}，须补报详细说明（方案三（二）3）。")
    report.say("每名留用人员的留用理由如下：")
    report.table(KEPT_HEADS, _reasons(consolidation.forms["attachment-3"]), _KEPT_WIDTHS)


def _reasons(form: ConsolidatedForm) -> Iterator[tuple[str, ...]]:
    keys = ("unit", "name", "post", "employment_form", "has_contract", "retention_reason", "management")
    for number, row in enumerate(form.record.rows):
        unit, *rest = (_text(form, row, key) for key in keys)
        unit = unit or form.sources[number].unit
        yield (str(number + 1), unit, *(text or _UNSAID for text in rest), source_of(form, number, unit))


def _text(form: ConsolidatedForm, row: Row, key: str) -> str:
    field, entry = form.definition.field(key), row.get(key)
    return "" if field is None or entry is None or entry.value in (None, "") else field.type.write(entry.value)


def source_of(form: ConsolidatedForm, number: int, shown: str) -> str:
    """Where a row comes from, short: who reported it (unless ``shown`` beside it), and the row there."""
    source = form.sources[number]
    who = "" if source.reported_by == shown else f"{source.reported_by}\n"
    return f"{who}第{source.line + 1}行"


def _borrowed(report: Report, consolidation: Consolidation, trail: Trail) -> None:
    report.heading("借用人员情况")
    if not consolidation.figures["borrowed"].value:
        report.say(f"借用人员{trail.figure('borrowed')}。")
        return
    report.say(
        f"借用人员{trail.figure('borrowed')}，其中借用超过1个月{trail.figure('borrowed.over_month')}，"
        f"超过1年{trail.figure('borrowed.over_year')}；超过1个月未履行审批手续{trail.figure('borrowed.unapproved')}；"
        f"借用期满{trail.figure('borrowed.ended')}；系统内借用{trail.figure('borrowed.internal')}，"
        f"指挥部抽调{trail.figure('borrowed.seconded')}。"
    )
    if consolidation.figures["borrowed.open"].value:
        report.say(f"起止日期不全、不能判断期限的{trail.figure('borrowed.open')}。")
    _split(
        report,
        trail,
        (
            ("按拟处理意见", "borrowed.by.proposal"),
            ("按编制性质", "borrowed.by.establishment_type"),
            ("按单位类别", "borrowed.kind"),
        ),
    )
    report.table(_LOAN_HEADS, _loans(consolidation.forms["attachment-1"]), _LOAN_WIDTHS)


def _loans(form: ConsolidatedForm) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(form.record.rows):
        start, end = _text(form, row, "start_date"), _text(form, row, "end_date")
        texts = [_text(form, row, key) or _UNSAID for key in ("name", "lending_unit")]
        reason, proposal = (_text(form, row, key) or _UNSAID for key in ("reason", "proposal"))
        borrower = _text(form, row, "borrowing_unit") or form.sources[number].unit
        period = f"{start or _UNSAID}\n至{end or _UNSAID}"
        yield (str(number + 1), borrower, *texts, period, reason, proposal, source_of(form, number, borrower))


def _filed(report: Report, consolidation: Consolidation, trail: Trail) -> None:
    report.heading("编外用工备案情况")
    if not consolidation.figures["filed"].value:
        report.say(f"备案花名册{trail.figure('filed')}。")
        return
    report.say(
        f"备案花名册共{trail.figure('filed')}，期末在岗{trail.figure('filed.in_post')}，"
        f"填报的月工资标准合计{trail.figure('filed.monthly_wage')}。"
    )
    _split(
        report,
        trail,
        (
            ("按用工形式", "filed.by.employment_form"),
            ("按经费来源", "filed.by.funding"),
            ("按单位类别", "filed.kind"),
        ),
    )


def _problems(report: Report, consolidation: Consolidation, findings: Sequence[OpenFinding]) -> None:
    report.heading("存在的问题")
    counts = {severity: sum(1 for item in findings if item.severity is severity) for severity in WORDS}
    if not findings:
        own = len(consolidation.findings)
        report.say(f"汇总中发现需要核对的问题{own}处。" if own else "汇总和检查未发现问题。")
        return
    told = "、".join(f"{WORDS[severity]}{count}处" for severity, count in counts.items() if count)
    report.say(f"截至本报告，检查和汇总中尚未解决的问题{len(findings)}处（{told}），逐条见《核查报告》。")
    if counts[Severity.ERROR]:
        units = dict.fromkeys(item.unit for item in findings if item.severity is Severity.ERROR and item.unit)
        report.say(f"有“错误”须改正的单位{len(units)}个：{_named(list(units))}。")


_STEPS = (
    ("kept.to_agency", "留用人员中拟由代理处统一管理（含期满续约）的{}，按方案办理劳务派遣手续（方案三（二）2（2））"),
    ("borrowed.unapproved", "超过1个月未履行审批手续的借用{}，补办审批手续（方案三（三）2）"),
    ("borrowed.ended", "借用期满人员{}，及时返回原单位或重新履行审批（方案三（二）2（1））"),
    ("kept.without_reason", "未填保留理由的{}，补报详细说明（方案三（二）3）"),
)


def _next(report: Report, trail: Trail) -> None:
    """What the plan asks for and the rows themselves announce; nothing else."""
    figures = trail.consolidation.figures
    wanted = [(key, words) for key, words in _STEPS if key in figures and figures[key].value]
    chosen = [words.format(trail.figure(key)) for key, words in wanted]
    missing = {item.unit for item in trail.consolidation.missing}
    if missing:
        chosen.append(f"督促尚未报送的{len(missing)}个单位补报（方案三（二）3）")
    if chosen:
        report.heading("下一步工作")
        for number, words in enumerate(chosen, start=1):
            report.say(f"{number}.{words}。")


def _by_unit(consolidation: Consolidation) -> Iterator[tuple[str, ...]]:
    """A line for each unit that has rows or a form, in tree order, and their sum."""
    names = dict.fromkeys(node.name for node in consolidation.units)
    for form in consolidation.forms.values():
        names |= dict.fromkeys([item.unit for item in form.of_units()])
        names |= dict.fromkeys(form.homes)
    columns = [
        ("attachment-2", ""),
        ("attachment-2", "compensation"),
        ("attachment-3", ""),
        ("attachment-3", "monthly_wage"),
        ("attachment-1", ""),
        ("attachment-5", ""),
    ]
    reported = {home for form in consolidation.forms.values() for home in form.homes}
    found = {(form, item.unit): item for form, made in consolidation.forms.items() for item in made.of_units()}
    for name in names:
        if name not in reported and not any((form, name) in found for form, _ in columns):
            continue
        cells = []
        for wanted, key in columns:
            item = found.get((wanted, name))
            cells.append("0" if item is None else amount(item.sums[key] if key else item.count))
        yield (name, *cells)
    whole = consolidation.figures
    keys = ("cleared", "cleared.compensation", "kept", "kept.monthly_wage", "borrowed", "filed")
    yield ("合计", *(amount(whole[key].value) if key in whole else "" for key in keys))

"""S1 rules on staff outside the establishment: dismissal, retention, approval, dispatch (方案三(二)2(2), 三(三)3)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from forms.finding import Severity
from forms.rules import wording
from forms.rules.periods import in_words
from forms.rules.plan_loans import is_pending
from forms.rules.rule import Flaw, Rule
from forms.rules.units import AGENCY, UnitKind, kind_of, plain_name
from forms.rules.view import Line

E, W = Severity.ERROR, Severity.WARNING

_RETAINED = frozenset({"attachment-3"})
_AGENCY_FORM = "1"
_BY_AGENCY, _TO_THE_END, _RENEWED_BY_AGENCY = "1", "2", "3"
_REASON_LENGTH = 10

_LEADERS = re.compile(r"分管|常委|区长|指挥长|书记|区领导|区委(?![组宣统政编巡办]|党校)|区政府(?!办)|区人民政府(?!办)")
_SELF = re.compile(r"纪要|研究|党工委|党委会|党政|办公会|自行|会议|本单位|镇长|镇党委|街道办|管委会")
_SUPERVISOR = re.compile(r"主管部门|[一-龥]{1,12}(局|委|部|办公室)(?!分管)|[一-龥]{1,8}(镇|街道|开发区)")
_DUE = {
    UnitKind.DEPARTMENT: (_LEADERS, "区委、区政府分管领导审批"),
    UnitKind.HEADQUARTERS: (_LEADERS, "区委、区政府分管领导或分管指挥长审批"),
    UnitKind.SUBORDINATE: (_SUPERVISOR, "主管部门审批"),
    UnitKind.TOWN: (_SELF, "本镇街(开发区)自行研究决定,附会议纪要或研究日期"),
}
_DAY = re.compile(r"(20\d{2})[年.\-/](\d{1,2})[月.\-/](\d{1,2})")


def approver(line: Line) -> Iterator[Flaw]:
    """S1-12: who approves, by the kind of the using unit. A bare document number names nobody and is let pass."""
    kind = kind_of(line.unit)
    if kind is UnitKind.COMPANY or line.is_unread("approval") or not line.unit:
        return
    due = _DUE.get(kind)
    who = due[1] if due else "按分级负责制审批"
    if line.is_blank("approval") or is_pending(line):
        said = f"所填“{line.text('approval')}”不是审批" if line.is_stated("approval") else "审批情况未填"
        message = f"{line.who}:“{line.unit}”使用编外用工应由{who},{said},请补填审批单位、日期和文号"
        yield Flaw(line.path("approval"), message, E if due and line.sheet.form == "attachment-5" else W)
        return
    text, name = line.text("approval"), plain_name(line.unit)
    own, rest = name in plain_name(text), text.replace(line.unit, "").replace(name, "")
    right = due is None or due[0].search(rest) or (own and kind is UnitKind.TOWN)
    if not right and (own or any(words.search(rest) for words in (_LEADERS, _SELF, _SUPERVISOR))):
        message = f"{line.who}:“{line.unit}”为{kind},应由{who},所填“{text}”与分级负责制不符,请核对"
        yield Flaw(line.path("approval"), message, W)
    yield from _approved_late(line)


def approval_day(line: Line) -> dt.date | None:
    """The one day that the approval names."""
    found = _DAY.findall(line.text("approval"))
    if len(found) != 1:
        return None
    year, month, day = found[0]
    return line.sheet.day_of(f"{year}-{int(month):02d}-{int(day):02d}")


def _approved_late(line: Line) -> Iterator[Flaw]:
    approved, hired = approval_day(line), line.day("hired_on")
    if approved and hired and approved > hired >= line.sheet.plan_day:
        message = f"{line.who}:批准日期{in_words(approved)}晚于到岗时间{in_words(hired)},属先用后批,请说明"
        yield Flaw(line.path("approval"), message, W)


def without_contract(line: Line) -> Iterator[Flaw]:
    """S1-13."""
    if line.flag("has_contract") is not False:
        return
    code = line.code("management")
    if line.is_blank("management"):
        yield Flaw(
            line.path("management"), f"{line.who}:留用而未签合同,管理方式未填,原则上由区劳动保障事务代理处劳务派遣"
        )
    elif code and code != _BY_AGENCY:
        message = (
            f"{line.who}:留用而未签合同,管理方式为“{line.text('management')}”,"
            "原则上应由区劳动保障事务代理处劳务派遣,请改正或说明"
        )
        yield Flaw(line.path("management"), message, W)


def with_contract(line: Line) -> Iterator[Flaw]:
    """S1-14."""
    end, code = line.day("contract_end"), line.code("management")
    if line.flag("has_contract") is not True or end is None:
        return
    today = line.sheet.settings.report_day
    if end >= today:
        if code and code not in {_TO_THE_END, _RENEWED_BY_AGENCY}:
            message = (
                f"{line.who}:合同至{in_words(end)}未到期,管理方式应为履行至期满或期满后由代理处统一管理,"
                f"所填“{line.text('management')}”,请核对"
            )
            yield Flaw(line.path("management"), message)
        return
    if code == _TO_THE_END:
        message = f"{line.who}:合同已于{in_words(end)}期满,不能再“履行至期满”,续约应逐步改由区劳动保障事务代理处管理"
        yield Flaw(line.path("management"), message)
    elif line.is_stated("contract_party") and AGENCY not in line.text("contract_party"):
        message = (
            f"{line.who}:合同已于{in_words(end)}期满,签订单位仍为“{line.text('contract_party')}”,"
            "续约应逐步改由区劳动保障事务代理处管理"
        )
        yield Flaw(line.path("contract_party"), message)


def retention_reason(line: Line) -> Iterator[Flaw]:
    """S1-15."""
    text = line.text("retention_reason")
    if line.is_blank("retention_reason"):
        yield Flaw(line.path("retention_reason"), f"{line.who}:保留理由未填,确需留用的请作出详细说明")
    elif text and wording.says_nothing(text):
        message = f"{line.who}:保留理由“{text}”过于笼统,请写明岗位职责、任务量和无人接替等具体情况"
        yield Flaw(line.path("retention_reason"), message, W)
    elif text and wording.length(text) < _REASON_LENGTH:
        yield Flaw(line.path("retention_reason"), f"{line.who}:保留理由不足{_REASON_LENGTH}字,请作出详细说明", W)


def dismissed_in_time(line: Line) -> Iterator[Flaw]:
    """S1-17: 20 July to 20 August, with grace to 31 August."""
    day, year = line.day("dismissed_on"), line.sheet.settings.year
    if day and not dt.date(year, 7, 20) <= day <= dt.date(year, 8, 31):
        message = f"{line.who}:清退时间{in_words(day)}不在{year}年7月20日至8月20日(宽限至8月31日)内,请核对或说明"
        yield Flaw(line.path("dismissed_on"), message)


def dispatched(line: Line) -> Iterator[Flaw]:
    """S1-19."""
    code, hired = line.code("employment_form"), line.day("hired_on")
    if code == _AGENCY_FORM:
        if line.is_blank("dispatch_agency"):
            yield Flaw(line.path("dispatch_agency"), f"{line.who}:由区代理处劳务派遣,派遣单位未填,请补填并核对派遣协议")
        elif line.is_stated("dispatch_agency") and AGENCY not in line.text("dispatch_agency"):
            message = f"{line.who}:用工形式为区代理处劳务派遣,派遣单位填“{line.text('dispatch_agency')}”,请核对"
            yield Flaw(line.path("dispatch_agency"), message)
    elif code and hired and hired >= line.sheet.plan_day:
        message = (
            f"{line.who}:{in_words(hired)}招录,用工形式为“{line.text('employment_form')}”,"
            "原则上应由区劳动保障事务代理处劳务派遣,请改正或说明"
        )
        yield Flaw(line.path("employment_form"), message)


RULES = (
    Rule(
        "S1-12",
        "S1",
        (E, W),
        "方案三(三)3:“全区的编外用工使用实行分级负责制”",
        "主管部门、指挥部由区委区政府分管领导或分管指挥长审批,主管部门下属事业单位由主管部门审批,镇街开发区自行研究决定;"
        "附件5未填为错误(附件3及单位类型判断不出的为警告),审批人不符、批准晚于到岗为警告;只写文号的不判断审批人,国有企业不查",
        "用工单位、审批单位及文号、到岗时间",
        forms=frozenset({"attachment-3", "attachment-5"}),
        row=approver,
    ),
    Rule(
        "S1-13",
        "S1",
        (E, W),
        "方案三(二)2(2):“对留用的尚未签订合同的编外用工原则上由区劳动保障事务代理处进行统一管理并实行劳务派遣”",
        "附件3未签合同的,管理方式应为由代理处劳务派遣;未填为错误,其他为警告",
        "是否签订劳动合同、管理方式",
        forms=_RETAINED,
        row=without_contract,
    ),
    Rule(
        "S1-14",
        "S1",
        (W,),
        "方案三(二)2(2):“对已签订劳动合同的编外人员,待其合同期满后,如需续约也逐步改为由代理处统一管理”",
        "已签合同未到期(止日≥检查日)的应履行至期满或期满续约由代理处管理;已到期仍“履行至期满”或签订单位不是代理处",
        "是否签订劳动合同、合同终止日期、管理方式、合同签订单位",
        forms=_RETAINED,
        row=with_contract,
    ),
    Rule(
        "S1-15",
        "S1",
        (E, W),
        "方案三(二)3:“对确需留用的人员要作出详细说明”",
        "保留理由未填为错误;不足10字、只有套话为警告",
        "保留理由",
        forms=_RETAINED,
        row=retention_reason,
    ),
    Rule(
        "S1-17",
        "S1",
        (W,),
        "方案三(二):“从7月20日起用1个月的时间对现有的借用人员和编外用工进行消化和清理”",
        "附件2清退时间在7月20日至8月20日内,宽限至8月31日",
        "清退时间、年度",
        forms=frozenset({"attachment-2"}),
        row=dismissed_in_time,
    ),
    Rule(
        "S1-19",
        "S1",
        (W,),
        "方案三(三)3:“编外人员招录后,原则上统一由区劳动保障事务代理处进行劳务派遣”",
        "7月20日起到岗的,用工形式应为劳务派遣(区代理处);区代理处派遣的,派遣单位须填且为代理处",
        "到岗时间、用工形式、派遣单位",
        forms=frozenset({"attachment-5"}),
        row=dispatched,
    ),
)

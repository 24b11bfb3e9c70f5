"""S1 rules on loans: their length, approval, reason, end and assessment (方案三(二)2(1), 三(三)1-2)."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from forms.codes.tables import load_table
from forms.finding import Severity
from forms.rules import periods, wording
from forms.rules.books import Books
from forms.rules.periods import in_words
from forms.rules.rosters import identity_key
from forms.rules.rule import LOANS, Flaw, Rule
from forms.rules.units import HEADQUARTERS, is_internal, is_same_unit, is_seconded, plain_name
from forms.rules.view import Line, Sheet

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

ATTACHMENT_1 = frozenset({"attachment-1"})
ATTACHMENT_4 = frozenset({"attachment-4"})
RENEWAL_GAP = 30
"""Days between two loans to one unit up to which they count as one."""

_PLAN_REASONS = frozenset({"1", "2", "3"})
_REASON_LENGTH = 15
_LEAVING = frozenset({"2", "3", "4"})
_RENEWED = re.compile(r"续借|续批|延期|已返回|已归队")
_PENDING = re.compile(r"口头|未|没有|尚无|待审|待批|待办|审批中|办理中|正在|拟报|补办")
_OPEN = re.compile(r"至今|长期|无固定|不定期|待定")
_ASSESSED_HERE = re.compile(r"(借入|借用|用人)单位[^。;;,,]{0,6}考核")
_ASSESSED_THERE = re.compile(r"(原|借出|派出)单位[^。;;,,]{0,6}考核")
_GRADE = re.compile(r"优秀|称职|合格|不定等次")
_APPRAISAL = re.compile(r"鉴定|表现")


def too_long(line: Line) -> Iterator[Flaw]:
    """S1-01 for one loan."""
    period = line.period("start_date", "end_date")
    if not period or not periods.exceeds(*period, 12):
        return
    span = f"{in_words(period[0])}至{in_words(period[1])}"
    if periods.exceeds(*period, 24):
        yield Flaw(line.path("end_date"), f"{line.who}:借用期{span},超过2年,请缩短借用期或办理返回、调动", E)
    else:
        message = f"{line.who}:借用期{span},超过1年(最迟{in_words(periods.last_day(period[0], 12))}),请缩短或说明理由"
        yield Flaw(line.path("end_date"), message)


Loan = tuple[Line, periods.Period]


def _by_borrower(lines: Iterable[Line]) -> Iterator[list[Loan]]:
    """The loans of one person to one unit, by start."""
    found: defaultdict[tuple[str, str], list[Loan]] = defaultdict(list)
    for line in lines:
        period = line.period("start_date", "end_date")
        person, unit = identity_key(line), plain_name(line.text("borrowing_unit"))
        if period and person and unit:
            found[person, unit].append((line, period))
    return (sorted(loans, key=lambda loan: loan[1]) for loans in found.values())


def _renewed(loans: list[Loan]) -> Iterator[tuple[Line, int, dt.date]]:
    """Chains of several loans that together last more than a year: the last one, the days, the first start."""
    for chain in periods.chains((period for _, period in loans), RENEWAL_GAP):
        start, end = chain[0][0], chain[-1][1]
        members = [loan for loan in loans if start <= loan[1][0] <= end]
        days = periods.count_days(chain)
        year = (periods.last_day(start, 12) - start).days + 1
        alone = max((last - first).days + 1 for _, (first, last) in members)
        if days > year and days > alone:
            yield max(members, key=lambda loan: loan[1][1])[0], days, start


def renewed_too_long(sheet: Sheet) -> Iterator[Flaw]:
    """S1-01 for loans in a row within one document."""
    for loans in _by_borrower(sheet.rows):
        for line, days, start in _renewed(loans):
            yield _too_long_together(line, days, start)


def _too_long_together(line: Line, days: int, start: dt.date) -> Flaw:
    message = (
        f"{line.who}:自{in_words(start)}起连续(间隔不超过{RENEWAL_GAP}天)借用到“{line.text('borrowing_unit')}”"
        f"累计{days}天,超过1年,请办理返回或调动"
    )
    return Flaw(line.path("end_date"), message, E)


def renewed_across(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """S1-01 for loans in a row in several documents."""
    for loans in _by_borrower(books.lines("attachment-1", "attachment-4")):
        sheets = {id(line.sheet) for line, _ in loans}
        told = {id(line) for sheet in sheets for line, *_ in _renewed([x for x in loans if id(x[0].sheet) == sheet])}
        if len(sheets) > 1:
            for line, days, start in _renewed(loans):
                if id(line) not in told:
                    yield line.sheet, _too_long_together(line, days, start)


def is_approved(line: Line) -> bool | None:
    """Whether attachment-1 says that the loan was approved; ``None`` when the cell is unread."""
    if line.is_unread("approval"):
        return None
    return not line.is_blank("approval") and line.flag("approval") is not False and not is_pending(line)


def is_pending(line: Line) -> bool:
    """Whether the approval cell tells of no approval in fact: by word of mouth, under way, not yet."""
    return bool(_PENDING.search(line.text("approval")))


def unapproved(line: Line) -> Iterator[Flaw]:
    """S1-02."""
    period = line.period("start_date", "end_date")
    if not period or not periods.exceeds(*period, 1) or is_approved(line) is not False:
        return
    if is_internal(line) or is_seconded(line):
        return
    old = period[0] < line.sheet.plan_day
    way = "存量借用,请备案并补办或说明" if old else "请填附件4履行审批,并在“审批情况”填文号或附件4编号"
    message = f"{line.who}:借用超过1个月(1个月至{in_words(periods.last_day(period[0], 1))}止),未履行审批手续,{way}"
    yield Flaw(line.path("approval"), message, W if old else E)


def reason(line: Line) -> Iterator[Flaw]:
    """S1-03."""
    key = "reason_category" if line.sheet.form == "attachment-4" else "reason"
    code = line.code(key) or _reason_code(line.text(key))
    start = line.day("start_date")
    is_new = line.sheet.form == "attachment-4" or (start is not None and start >= line.sheet.plan_day)
    if line.is_blank(key):
        yield Flaw(line.path(key), f"{line.who}:借用事由未填,请从方案规定的三类事由中选填")
    elif code and code not in _PLAN_REASONS and is_new:
        message = f"{line.who}:借用事由“{line.text(key)}”不属于方案规定的三类,新借用不得以此申请"
        yield Flaw(line.path(key), message, W)
    elif not code and is_new and key == "reason" and line.is_stated(key) and wording.says_nothing(line.text(key)):
        yield Flaw(line.path(key), f"{line.who}:借用事由“{line.text(key)}”过于笼统,请写明属于方案的哪一类及具体任务", W)
    if line.sheet.form == "attachment-4":
        yield from _explanation(line)


def _reason_code(text: str) -> str | None:
    """The code of a reason in words, as attachment-1 has it, where the words are those of the table."""
    found = load_table("loan-reason").find(text) if text else None
    return found.code.code if found and found.code else None


def _explanation(line: Line) -> Iterator[Flaw]:
    text = line.text("reason")
    if line.is_blank("reason"):
        yield Flaw(line.path("reason"), f"{line.who}:借用事由的具体说明未填,请写明任务、人手缺口和承担的工作")
    elif text and wording.says_nothing(text):
        yield Flaw(line.path("reason"), f"{line.who}:借用事由“{text}”过于笼统,请写明任务、人手缺口和承担的工作", W)
    elif text and wording.length(text) < _REASON_LENGTH:
        yield Flaw(line.path("reason"), f"{line.who}:借用事由说明不足{_REASON_LENGTH}字,请具体说明", W)


def no_dates(line: Line) -> Iterator[Flaw]:
    """S1-04."""
    for key, label in (("start_date", "借用起始日期"), ("end_date", "借用截止日期")):
        if line.is_blank(key):
            yield Flaw(line.path(key), f"{line.who}:未设定{label},请填到日")
        elif _OPEN.search(line.text(key)):
            yield Flaw(line.path(key), f"{line.who}:{label}填“{line.text(key)}”,须设定确定的日期,请填到日")


def expired(line: Line) -> Iterator[Flaw]:
    """S1-05."""
    end, proposal = line.day("end_date"), line.code("proposal")
    today = line.sheet.settings.report_day
    if end is None or end >= today or proposal in _LEAVING or not (proposal or line.is_blank("proposal")):
        return
    if any(_RENEWED.search(text) and not _PENDING.search(text) for text in (line.text("note"), line.text("approval"))):
        return
    message = (
        f"{line.who}:借用期已于{in_words(end)}届满,拟处理意见为“{line.text('proposal') or '未填'}”,"
        "请返回原单位、办理调动,或注明续借批准文号"
    )
    yield Flaw(line.path("end_date"), message)


def assessment(sheet: Sheet) -> Iterator[Flaw]:
    """S1-10: who assesses the person for the year, by the days on loan to one unit in it."""
    for loans in _by_borrower(sheet.rows):
        year = sheet.settings.year
        parts = (periods.within_year(period, year) for _, period in loans)
        days = periods.count_days(periods.union(part for part in parts if part))
        if days:
            yield from _assessor(loans[-1][0], days, year)


def _assessor(line: Line, days: int, year: int) -> Iterator[Flaw]:
    note = line.text("note")
    here, there = bool(_ASSESSED_HERE.search(note)), bool(_ASSESSED_THERE.search(note))
    in_year = f"{line.who}:{year}年借用{days}天"
    if periods.is_more_than_half_of(days, year):
        due = f"{in_year},超过考核年度半年,应由借入单位考核并给出等次,回原单位加章、汇总"
        if there and not here:
            yield Flaw(line.path("note"), f"{due};备注写明由原单位考核,请改正", E)
        elif here and not _GRADE.search(note):
            yield Flaw(line.path("note"), f"{due};未见考核等次,请补填", W)
        elif not here:
            yield Flaw(line.path("end_date"), due, INFO)
        return
    due = f"{in_year},未超过考核年度半年,应由原单位考核,借用单位提供表现鉴定"
    if here and not there:
        yield Flaw(line.path("note"), f"{due};备注写明由借入单位考核,请改正", E)
    elif there and not _APPRAISAL.search(note):
        yield Flaw(line.path("note"), f"{due};未见鉴定,请补", W)


def routed(line: Line) -> Iterator[Flaw]:
    """S1-11."""
    on_card = line.sheet.form == "attachment-4"
    if HEADQUARTERS in line.text("borrowing_unit"):
        if on_card:
            message = (
                f"{line.who}:借入单位“{line.text('borrowing_unit')}”为指挥部,抽调由区委组织部统一扎口管理,不用附件4"
            )
            yield Flaw(line.path("borrowing_unit"), message, W)
        elif not any(word in line.text("note") for word in ("抽调", "组织部")):
            yield Flaw(line.path("note"), f"{line.who}:借入单位为指挥部,抽调由区委组织部统一扎口,请在备注注明", W)
    elif is_internal(line) and (on_card or "系统内" not in line.text("note")):
        advice = "不强制使用附件4" if on_card else "请在备注注明“系统内借用”"
        message = f"{line.who}:借出、借入单位同属一个主管部门,为系统内借用,由主管部门自行规范管理,{advice}"
        yield Flaw(line.path("lending_supervisor"), message)


def is_borrower(line: Line, unit: str) -> bool:
    """Whether a unit is the one that borrows."""
    return is_same_unit(line.text("borrowing_unit"), unit)


RULES = (
    Rule(
        "S1-01",
        "S1",
        (W, E),
        "方案三(三)2:“借用时间一般不得超过1年”",
        "借用止日>起日+1年−1天为警告;超过2年,或同一人在同一借入单位连续(间隔≤30天)累计超过1年为错误",
        "借用起止、身份证号、借入单位",
        forms=LOANS,
        row=too_long,
        sheet=renewed_too_long,
        across=renewed_across,
    ),
    Rule(
        "S1-02",
        "S1",
        (E, W),
        "方案三(三)2:“借用超过1个月的必须履行审批手续”",
        "借用超过1个月(7月20日至8月20日即超过)而审批情况为空或“否”;7月20日前已借用的为警告;系统内借用、指挥部抽调豁免;"
        "同批有同一人附件4的,合并检查时撤销",
        "借用起止、审批情况、借出借入单位及主管部门、备注",
        forms=ATTACHMENT_1,
        row=unapproved,
    ),
    Rule(
        "S1-03",
        "S1",
        (E, W),
        "方案三(三)2:“确因承担区委、区政府下达的临时性重要任务、重点工作,或阶段性、季节性工作任务难以完成的才可申请借用人员”",
        "事由、具体说明未填为错误;新借用事由不属三类或只有套话,附件4说明笼统或不足15字为警告",
        "事由类别、具体说明、借用起始日期",
        forms=LOANS,
        row=reason,
    ),
    Rule(
        "S1-04",
        "S1",
        (E,),
        "方案三(二)2(1):“设定借用日期”",
        "附件1借用起、止任一未填,或填“长期”“至今”等",
        "借用起止",
        forms=ATTACHMENT_1,
        row=no_dates,
    ),
    Rule(
        "S1-05",
        "S1",
        (E,),
        "方案三(二)2(1):“借用期满后应及时返回原单位”",
        "借用止日早于检查日,拟处理意见不是返回、调动,也未注明续借、延期或已返回",
        "借用截止日期、拟处理意见、审批情况、备注",
        forms=ATTACHMENT_1,
        row=expired,
    ),
    Rule(
        "S1-10",
        "S1",
        (INFO, E, W),
        "方案三(三)2:“被借用人员借用时间超过考核年度半年的,由借入单位进行考核并给出考核等次,同时回原单位加章、汇总;"
        "未达到考核年度半年的,由原单位考核,借用单位应向原单位提供借用期间的表现鉴定情况”",
        "借用天数∩本年度(同一借入单位累加)>全年天数的一半(平年183天、闰年184天起)时提示由借入单位考核;"
        "备注写明的考核方不符为错误,缺等次或鉴定为警告",
        "借用起止、年度、备注",
        forms=LOANS,
        sheet=assessment,
    ),
    Rule(
        "S1-11",
        "S1",
        (INFO, W),
        "方案三(三)1:“各重点工程指挥部抽调的工作人员,由区委组织部统一扎口管理”;"
        "三(三)2:“各主管部门系统内借用人员由主管部门自行进行规范管理”",
        "同一主管部门的标为系统内借用(提示);借入单位为指挥部的不用附件4,附件1须注明(警告)",
        "借出借入单位、主管部门、备注",
        forms=LOANS,
        row=routed,
    ),
)

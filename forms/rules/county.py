"""S2 rules: another county's speech, a pack of its own that is off unless it is switched on."""

from __future__ import annotations

from collections.abc import Iterator

from forms.finding import Severity
from forms.rules import periods, wording
from forms.rules.books import Books
from forms.rules.law import DISPATCH, RETIREE, retires_on
from forms.rules.marks import lacking
from forms.rules.periods import in_words
from forms.rules.plan_staff import approval_day
from forms.rules.rosters import GONE
from forms.rules.rule import ROSTERS, STAFF, Flaw, Rule
from forms.rules.units import is_same_unit
from forms.rules.view import Line, Sheet

E, W = Severity.ERROR, Severity.WARNING

WORK_PLAN, TEAM_LIST = "work_plan", "team_list"
"""Keys of ``CheckSet.extra``: ``yes`` or ``no``, whether the unit handed in its plan and its team's list."""

_KEPT = frozenset({"attachment-3", "attachment-5"})
_TECHNICAL = "A"
_ALLOWED = frozenset({"A", "B", "C"})


def signed_and_sealed(sheet: Sheet) -> Iterator[Flaw]:
    """S2-01."""
    for box, kind, message in (
        ("principal_signature", "signature", "未见主要负责人签字,请由主要负责人签字"),
        ("unit_seal", "seal", "未见填报单位公章,请加盖单位公章"),
    ):
        lack = lacking(sheet, box, kind)
        if lack is not None:
            yield Flaw(lack.path, lack.says(message), lack.severity(E))


def not_reported(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """S2-02: somebody in the ledger stands in no form."""
    reported, people = books.of(*STAFF), books.people(*STAFF)
    for sheet in books.of("ledger") if reported else ():
        for line in sheet.rows:
            if has_left(line) is False and not people.holds(line):
                yield sheet, Flaw(line.path("name"), f"{line.who}:台账有此人,附件2、3、5均未填报,请核对是否漏报")


def has_left(line: Line) -> bool | None:
    """Whether a ledger says that the person left; ``None`` where it cannot be read."""
    if line.is_unread("change") or line.is_unread("note"):
        return None
    words = f"{line.text('change')}{line.text('note')}{line.text('name')}"
    gone = line.code("change") == GONE or line.is_stated("dismissed_on")
    return gone or any(word in words for word in ("离职", "离岗", "辞职", "调出", "退休", "已故", "清退"))


def overstaffed(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """S2-03: the posts that attachment-4 states are all filled, and people are kept."""
    full = {line.text("borrowing_unit") for line in books.lines("attachment-4") if _is_full(line)}
    for sheet in books.of("attachment-3"):
        unit = sheet.header.text("unit")
        if sheet.rows and any(is_same_unit(unit, name) for name in full):
            message = (
                f"表头:“{unit}”实有人数已达核定编制,满员和超编单位原则上不予核定编外用工,现保留{len(sheet.rows)}人"
            )
            yield sheet, Flaw(sheet.header.path("unit"), message)


def _is_full(line: Line) -> bool:
    filled, approved = line.number("posts_filled"), line.number("posts_approved")
    return filled is not None and approved is not None and filled >= approved


def could_be_bought(line: Line) -> Iterator[Flaw]:
    """S2-04."""
    post = line.text("post")
    if wording.OUTSOURCEABLE_POST.search(post):
        yield Flaw(line.path("post"), f"{line.who}:岗位“{post}”可通过购买服务、服务外包解决,一律不予核定,请核对")


def kind_of_post(line: Line) -> Iterator[Flaw]:
    """S2-05."""
    code = line.code("post_category")
    if code and code not in _ALLOWED:
        message = f"{line.who}:岗位类别为“{line.text('post_category')}”,编外用工只限技术性、服务性、辅助性岗位"
        yield Flaw(line.path("post_category"), message)


def classified(line: Line) -> Iterator[Flaw]:
    """S2-06."""
    if line.flag("classified_post") is True:
        yield Flaw(line.path("classified_post"), f"{line.who}:编外人员不能在涉密岗位工作,请调整岗位")
    elif wording.CLASSIFIED_POST.search(line.text("post")):
        yield Flaw(line.path("post"), f"{line.who}:岗位“{line.text('post')}”可能涉密,编外人员不能在涉密岗位工作,请核对")


def authority(line: Line) -> Iterator[Flaw]:
    """S2-07."""
    post = line.text("post")
    if wording.AUTHORITY_POST.search(post) and not wording.ASSISTING.search(post):
        yield Flaw(line.path("post"), f"{line.who}:岗位“{post}”疑为执行公务、单独从事行政管理或执法,请人工核对")


def qualified(line: Line) -> Iterator[Flaw]:
    """S2-08."""
    if line.code("post_category") != _TECHNICAL:
        return
    for key, label in (("qualification", "职(执)业资格或技术等级"), ("education", "学历")):
        if key in line.sheet.fields and line.is_blank(key):
            yield Flaw(line.path(key), f"{line.who}:技术性岗位须持证上岗,“{label}”未填,请补填")


def yearly(line: Line) -> Iterator[Flaw]:
    """S2-09."""
    period = line.period("term_start", "term_end")
    if period and periods.exceeds(*period, 12):
        latest = in_words(periods.last_day(period[0], 12))
        yield Flaw(line.path("term_end"), f"{line.who}:使用期限超过1年(最迟{latest}),使用期限原则上一年一签")


def all_dispatched(line: Line) -> Iterator[Flaw]:
    """S2-10."""
    code = line.code("employment_form")
    if code and code not in DISPATCH:
        message = f"{line.who}:用工形式为“{line.text('employment_form')}”,使用辅助性人员一律采取劳务派遣方式"
        yield Flaw(line.path("employment_form"), message)


def approved_first(line: Line) -> Iterator[Flaw]:
    """S2-11."""
    approved, hired = approval_day(line), line.day("hired_on")
    if approved and hired and approved > hired:
        message = f"{line.who}:批准日期{in_words(approved)}晚于到岗时间{in_words(hired)},绝不允许先用人后审批"
        yield Flaw(line.path("approval"), message)


def liaison(sheet: Sheet) -> Iterator[Flaw]:
    """S2-12 for one form: the liaison and a telephone."""
    for key, label in (("contact", "联络员"), ("contact_phone", "联系电话")):
        if sheet.definition.header_field(key) and sheet.header.is_blank(key):
            yield Flaw(sheet.header.path(key), f"表尾:未填{label},应有一名负责具体工作的联络员")


def three_ones(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """S2-12 for a set, where the caller tells of the plan and the team's list."""
    for key, label in ((WORK_PLAN, "工作方案"), (TEAM_LIST, "工作班子名单")):
        if books.said(key) == "no" and books.sheets:
            sheet = books.sheets[0]
            yield sheet, Flaw(sheet.header.path("unit"), f"“三个一”不齐,缺{label},请补报")


def retired(line: Line) -> Iterator[Flaw]:
    """S2-13."""
    day = retires_on(line)
    if day and line.sheet.settings.report_day >= day and line.code("employment_form") not in {None, RETIREE}:
        message = f"{line.who}:已达法定退休年龄({in_words(day)}),用工形式不是退休返聘,请按返聘专项要求核对"
        yield Flaw(line.path("employment_form"), message)


_SPEECH = "县讲话"

RULES = (
    Rule(
        "S2-01", "S2", (E, W), f"{_SPEECH}二:“经单位‘一把手’签字并加盖单位公章后及时上报”",
        "主要负责人签字、单位公章齐(看不清为警告)", "盖章签字", forms=ROSTERS | {"ledger"}, sheet=signed_and_sealed,
    ),
    Rule(
        "S2-02", "S2", (E,), f"{_SPEECH}二:“凡经核实发现有漏报、瞒报的,一律严格追究”",
        "台账在岗人员均在附件2、3或5中", "台账、附件2、3、5", forms=frozenset({"ledger"}), across=not_reported,
    ),
    Rule(
        "S2-03", "S2", (W,), f"{_SPEECH}三:“凡满员和超编的单位原则上不予核定编外用人”",
        "附件4所填实有人数≥核定编制的单位,附件3仍有保留人员", "附件4编制情况、附件3", forms=frozenset({"attachment-3"}),
        across=overstaffed,
    ),
    Rule(
        "S2-04", "S2", (W,), f"{_SPEECH}三:“凡可以通过政府购买服务和服务外包形式解决的岗位,一律不予核定”",
        "保留人员岗位含保洁、保安、物业、食堂、绿化、维修、会务等", "岗位", forms=_KEPT, row=could_be_bought,
    ),
    Rule(
        "S2-05", "S2", (W,), f"{_SPEECH}三:“只限于从事技术性、服务性、辅助性事务工作岗位”",
        "岗位类别为其他/特设", "岗位类别", forms=_KEPT, row=kind_of_post,
    ),
    Rule(
        "S2-06", "S2", (E,), f"{_SPEECH}三:“不能在涉密岗位工作”",
        "是否涉密岗位为是,或岗位含机要、保密、涉密", "是否涉密岗位、岗位", forms=_KEPT, row=classified,
    ),
    Rule(
        "S2-07", "S2", (W,), f"{_SPEECH}三:“不能替代机关工作人员执行公务,不得单独从事行政管理、行政执法等工作”",
        "岗位含执法(执法辅助、协管除外)、审批、人事、财务、会计、出纳、征收等", "岗位", forms=_KEPT, row=authority,
    ),
    Rule(
        "S2-08", "S2", (W,), f"{_SPEECH}三:“持证上岗……应具备岗位所需的资质和学历”",
        "技术性岗位的资格、学历未填", "岗位类别、职业资格、学历", forms=_KEPT, row=qualified,
    ),
    Rule(
        "S2-09", "S2", (W,), f"{_SPEECH}三:“使用期限原则上一年一签”",
        "派遣(使用)期限超过1年(劳动合同期限另见 L-1)", "使用始期、使用终期", forms=frozenset({"attachment-5"}),
        row=yearly,
    ),
    Rule(
        "S2-10", "S2", (W,), f"{_SPEECH}三:“使用辅助性人员一律采取劳务派遣方式”",
        "用工形式不是劳务派遣", "用工形式", forms=_KEPT, row=all_dispatched,
    ),
    Rule(
        "S2-11", "S2", (W,), f"{_SPEECH}三:“绝不允许‘先斩后奏’、先用人后审批”",
        "审批栏写明的日期晚于到岗时间", "审批意见、到岗时间", forms=_KEPT, row=approved_first,
    ),
    Rule(
        "S2-12", "S2", (W,), f"{_SPEECH}二:“有一套班子、有一个方案、有一名负责具体工作的联络员”",
        "联络员、联系电话未填;告知缺工作方案、班子名单", "联络员、联系电话;extra.work_plan、extra.team_list",
        forms=ROSTERS, sheet=liaison, across=three_ones,
    ),
    Rule(
        "S2-13", "S2", (W,), f"{_SPEECH}二:返聘退休人员专项清理",
        "达到法定退休年龄(当日即算)而用工形式不是退休返聘", "身份证号或出生年月、性别、岗位类别、用工形式", forms=_KEPT,
        row=retired,
    ),
)  # fmt: skip

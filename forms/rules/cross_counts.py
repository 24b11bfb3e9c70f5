"""X rules on figures: forms of one unit against each other, against its ledger and against its report."""

from __future__ import annotations

from collections.abc import Iterator

from forms.finding import Severity
from forms.rules.books import Books, People
from forms.rules.county import has_left
from forms.rules.plan_filing import OWED_UNITS
from forms.rules.rosters import attrition
from forms.rules.rule import ROSTERS, STAFF, Flaw, Rule
from forms.rules.view import Line, Sheet

E, W = Severity.ERROR, Severity.WARNING

REPORTED = "reported."
"""Prefix of keys of ``CheckSet.extra``: persons by form as the unit's report tells them (``reported.attachment-2``)."""

_KEPT_FACTS = ("post", "hired_on", "contract_start", "contract_end", "monthly_wage")


def before_is_both(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-02: the staff before is those dismissed and those kept, by unit."""
    for sheets in books.by_unit("attachment-2", "attachment-3").values():
        forms = [sheet.form for sheet in sheets]
        if sorted(forms) != ["attachment-2", "attachment-3"]:
            continue
        rows = {sheet.form: len(sheet.rows) for sheet in sheets}
        due, lost = sum(rows.values()), sum(attrition(sheet) for sheet in sheets)
        for sheet in sheets:
            before = sheet.header.number("before_total")
            if before is not None and before not in {due, due + lost}:
                message = (
                    f"表头:清理前编外用工总数填{before}人,附件2有{rows['attachment-2']}人、附件3有{rows['attachment-3']}人,"
                    f"合计{due}人,请核对;期间自然减员请在备注写明“自然减员×人”"
                )
                yield sheet, Flaw(sheet.header.path("before_total"), message)


def counts_agree(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-11: the other form's figure in the header, and the report's figure, against the rows."""
    for sheets in books.by_unit("attachment-2", "attachment-3").values():
        by_form = {sheet.form: sheet for sheet in sheets}
        if len(sheets) == len(by_form) == 2:  # noqa: PLR2004  # one of each
            for sheet in sheets:
                yield from _other_count(sheet, by_form)
    for form in sorted(ROSTERS | {"attachment-4"}):
        told, sheets_of = books.said(f"{REPORTED}{form}"), books.of(form)
        rows = sum(len(sheet.rows) for sheet in sheets_of)
        if told is not None and told.isdigit() and sheets_of and int(told) != rows:
            message = f"总结报告所列{told}人,{sheets_of[0].definition.title}明细为{rows}人,请核对"
            yield sheets_of[0], Flaw(sheets_of[0].header.path("total"), message)


def _other_count(sheet: Sheet, by_form: dict[str, Sheet]) -> Iterator[tuple[Sheet, Flaw]]:
    key, form = (
        ("retained_total", "attachment-3") if sheet.form == "attachment-2" else ("dismissed_total", "attachment-2")
    )
    stated, rows = sheet.header.number(key), len(by_form[form].rows)
    if stated is not None and stated != rows:
        what = "保留" if key == "retained_total" else "清退"
        message = f"表头:“{what}”填{stated}人,附件{form[-1]}明细为{rows}人,请核对"
        yield sheet, Flaw(sheet.header.path(key), message)


def ledger_agrees(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-10: who is in the ledger's posts is kept or dismissed, with the same facts."""
    ledgers, kept = books.of("ledger"), books.of("attachment-3")
    if not ledgers or not kept:
        return
    people, gone = books.people("attachment-3"), books.people("attachment-2")
    in_post = [line for sheet in ledgers for line in sheet.rows if has_left(line) is False and not gone.holds(line)]
    rows = sum(len(sheet.rows) for sheet in kept)
    if len(in_post) != rows:
        message = f"台账在岗{len(in_post)}人(不含附件2清退),附件3保留{rows}人,人数不一致,请核对"
        yield kept[0], Flaw(kept[0].header.path("retained_total"), message)
    for line in in_post:
        if not people.holds(line):
            yield line.sheet, Flaw(line.path("name"), f"台账 {line.who}:在岗,附件2、附件3均无此人,请核对")
        for other, _ in people.matches(line):
            yield from _facts_differ(line, other)
    ledger = People(line for sheet in ledgers for line in sheet.rows)
    for line in people.lines:
        if not ledger.holds(line):
            yield line.sheet, Flaw(line.path("name"), f"附件3 {line.who}:台账中没有此人,请核对")


def _facts_differ(line: Line, other: Line) -> Iterator[tuple[Sheet, Flaw]]:
    for key in _KEPT_FACTS:
        values = line.value(key), other.value(key)
        if None in values or values[0] == values[1] or _is_within(str(values[0]), str(values[1])):
            continue
        field = other.sheet.fields.get(key)
        label = field.label if field else key
        message = f"附件3 {other.who}:“{label}”为“{values[1]}”,台账为“{values[0]}”,请核对"
        yield other.sheet, Flaw(other.path(key), message)


def _is_within(ledger: str, form: str) -> bool:
    """A ledger that names only the month of a day says nothing against the form."""
    return len(ledger) == len("2020-01") and form.startswith(f"{ledger}-")


def all_units(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-15: as many units as owe a return."""
    owed = books.names(OWED_UNITS)
    for form in sorted(STAFF) if owed else ():
        sheets = books.of(form)
        there = {line.text("unit") for sheet in sheets for line in sheet.rows if line.text("unit")}
        there |= {sheet.header.text("unit") for sheet in sheets if sheet.header.text("unit") in owed}
        count = len(there & set(owed))
        if sheets and count != len(owed):
            message = f"附件{form[-1]}汇总单位{count}个,应报单位{len(owed)}个,不一致;无人员的单位也要交盖章的零报告"
            yield sheets[0], Flaw(sheets[0].header.path("unit"), message)


RULES = (
    Rule(
        "X-02", "X", (E,), "方案三(二)2(2):清理前编外用工=清退+保留",
        "同一单位清理前总数=附件2行数+附件3行数(+备注写明的自然减员)", "附件2、附件3及其表头",
        forms=frozenset({"attachment-2", "attachment-3"}), across=before_is_both,
    ),
    Rule(
        "X-10", "X", (W,), "县讲话二:“要逐一建立台账,台账的信息要准确完整”;方案三(二)2(2)",
        "台账在岗人员(除附件2清退)=附件3人员,岗位、到岗、合同起止、工资一致", "台账、附件2、附件3",
        forms=frozenset({"attachment-3", "ledger"}), across=ledger_agrees,
    ),
    Rule(
        "X-11", "X", (E,), "方案三(二)3:审核、汇总与总结上报的数字一致",
        "附件2表头保留数=附件3行数,附件3表头清退数=附件2行数;给出总结报告数字时与明细一致",
        "附件2、附件3表头;extra.reported.<表>", forms=ROSTERS | {"attachment-4"}, across=counts_agree,
    ),
    Rule(
        "X-15", "X", (W,), "方案三(二)3:“各镇街开发区、主管部门要牵头做好……审核和汇总工作”",
        "给出应报单位时,汇总表单位数=应报单位数", "用工单位;extra.owed_units", forms=STAFF, across=all_units,
    ),
)  # fmt: skip

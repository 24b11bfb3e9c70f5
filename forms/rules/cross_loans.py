"""X rules on loans: attachment-1 against attachment-4, and the lender's count against the borrower's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forms.finding import Severity
from forms.record import MarkKind
from forms.rules import periods
from forms.rules.books import Books, People
from forms.rules.periods import in_words
from forms.rules.plan_loans import is_approved
from forms.rules.rosters import identity_key
from forms.rules.rule import Flaw, Rule
from forms.rules.units import is_internal, is_same_unit, is_seconded, plain_name
from forms.rules.view import Line, Sheet, softer

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_DAYS = (("start_date", "借用起始日期"), ("end_date", "借用截止日期"))
_UNITS = (("lending_unit", "借出单位"), ("borrowing_unit", "借入单位"))
LOAN_KEYS = ("no", "name", "id_number", "birth_month", "unit", "lending_unit", "borrowing_unit")
"""All that :func:`untold_loans` and its messages look at of a person."""


def approval_form(line: Line, cards: People) -> tuple[Line, bool] | None:
    """The attachment-4 of a loan in attachment-1: same person, best by period and borrower; with certainty."""
    found = list(cards.matches(line))
    if not found:
        return None
    return max(found, key=lambda item: (item[1], _alike(line, item[0])))


def _alike(line: Line, card: Line) -> int:
    same = sum(line.text(key) == card.text(key) != "" for key, _ in _DAYS)
    return same + is_same_unit(line.text("borrowing_unit"), card.text("borrowing_unit"))


def approved_and_listed(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-06."""
    if not books.of("attachment-1") or not books.of("attachment-4"):
        return
    cards, listed = books.people("attachment-4"), books.people("attachment-1")
    for line in books.lines("attachment-1"):
        found = approval_form(line, cards)
        if found is not None:
            card, certain = found
            yield from _agree(line, card, certain=certain)
        elif is_approved(line) and not is_internal(line) and not is_seconded(line):
            yield from _by_name(line, cards)
    for card in books.lines("attachment-4"):
        if not listed.holds(card) and _still_borrowed(card):
            message = f"附件4 {card.who}:已审批且仍在借用期内,附件1备案表中没有此人,请补入附件1"
            yield card.sheet, Flaw(card.path("name"), message, W)


def _by_name(line: Line, cards: People) -> Iterator[tuple[Sheet, Flaw]]:
    """No card has this number; one of the same name between the same units has another number."""
    for card in cards.by_name.get(line.text("name"), ()):
        if all(is_same_unit(line.text(key), card.text(key)) for key, _ in _UNITS):
            message = f"附件1 {line.who}:身份证号与附件4({card.who})不一致,姓名和两单位相同,请核对"
            yield line.sheet, Flaw(line.path("id_number"), message, E)
            return
    message = f"附件1 {line.who}:审批情况为“{_approval(line)}”,未找到此人的附件4,请补交或核对"
    yield line.sheet, Flaw(line.path("approval"), message, W)


def _approval(line: Line) -> str:
    value = line.value("approval")
    return "是" if value is True else line.text("approval")


def _agree(line: Line, card: Line, *, certain: bool) -> Iterator[tuple[Sheet, Flaw]]:
    """Name, days and units of both forms say the same."""
    severity = E if certain else softer(E)
    pairs = [("name", "姓名", line.text("name") == card.text("name"))]
    pairs += [(key, label, line.text(key) == card.text(key)) for key, label in _DAYS]
    pairs += [(key, label, is_same_unit(line.text(key), card.text(key))) for key, label in _UNITS]
    for key, label, same in pairs:
        if not same and line.is_stated(key) and card.is_stated(key):
            message = f"附件1 {line.who}:{label}为“{line.text(key)}”,附件4为“{card.text(key)}”,两表不一致,请核对"
            yield line.sheet, Flaw(line.path(key), message, severity)


def _still_borrowed(card: Line) -> bool:
    """Approved (signed at the end, or the source says nothing of signatures), not returned, and within its days."""
    period, today = card.period("start_date", "end_date"), card.sheet.settings.report_day
    mark = card.sheet.marks.get(("final_approval", MarkKind.SIGNATURE))
    approved = bool(mark.present) if mark else MarkKind.SIGNATURE not in card.sheet.mark_kinds
    return bool(period and approved and card.is_blank("returned_on") and period[0] <= today <= period[1])


def _clash(line: Line, other: Line) -> str | None:
    """Why two loans of one person cannot both be, if they cannot."""
    one, two = line.period("start_date", "end_date"), other.period("start_date", "end_date")
    units = line.text("borrowing_unit"), other.text("borrowing_unit")
    if not one or not two or not all(units) or is_same_unit(*units) or not periods.overlap(one, two):
        return None
    start, end = max(one[0], two[0]), min(one[1], two[1])
    return f"{in_words(start)}至{in_words(end)}同时借用到“{units[1]}”和“{units[0]}”"


def two_borrowers(sheet: Sheet) -> Iterator[Flaw]:
    """X-07 in one attachment-1."""
    seen: dict[str, list[Line]] = {}
    for line in sheet.rows:
        number = identity_key(line)
        if number:
            for other in seen.setdefault(number, []):
                if why := _clash(line, other):
                    yield Flaw(line.path("borrowing_unit"), f"{line.who}:与{other.who}为同一人,{why},请核对")
            seen[number].append(line)


def two_borrowers_across(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-07 in several."""
    people = books.people("attachment-1")
    for line in people.lines:
        for other, certain in people.matches(line):
            if other.sheet.position < line.sheet.position and (why := _clash(line, other)):
                message = f"附件1 {line.who}:与另一份附件1({other.who})为同一人,{why},请核对"
                yield line.sheet, Flaw(line.path("borrowing_unit"), message, E if certain else W)


@dataclass(frozen=True, slots=True)
class Untold:
    """A loan that one unit reports and the other one, which hands in an attachment-1 too, does not."""

    line: Line
    other: Sheet
    flaw: Flaw


def both_report(books: Books) -> Iterator[tuple[Sheet, Flaw]]:
    """X-08: what one unit says it lent, the other says it borrowed."""
    return ((item.line.sheet, item.flaw) for item in untold_loans(books))


def untold_loans(books: Books) -> Iterator[Untold]:
    """The loans that only one of two units reports; a unit that reports no lending at all is not held to it."""
    named = books.by_unit("attachment-1")
    by_unit = {plain_name(unit): (unit, sheets) for unit, sheets in named.items()}
    people = {plain: People(line for sheet in sheets for line in sheet.rows) for plain, (_, sheets) in by_unit.items()}
    lends = {plain for plain, (unit, _) in by_unit.items() if any(_lent(line, unit) for line in people[plain].lines)}
    for plain, (unit, _) in by_unit.items():
        for line in people[plain].lines:
            lent = _lent(line, unit)
            verb = ("借出", "借入") if lent else ("借入", "借出")
            other = plain_name(line.text("borrowing_unit" if lent else "lending_unit"))
            if other == plain or other not in by_unit or (not lent and not _borrowed(line, unit, lends, other)):
                continue
            if not people[other].holds(line):
                name, sheets = by_unit[other]
                message = f"附件1 {line.who}:本单位报{verb[0]}此人,“{name}”的附件1未报{verb[1]},请双方核对"
                yield Untold(line, sheets[0], Flaw(line.path("name"), message, W))


def _lent(line: Line, lender: str) -> bool:
    """The lender itself reports the loan."""
    return is_same_unit(line.text("lending_unit"), lender) and not is_same_unit(line.text("borrowing_unit"), lender)


def _borrowed(line: Line, borrower: str, lends: set[str], lender: str) -> bool:
    """The borrower itself reports the loan, and the lender reports its lending."""
    return is_same_unit(line.text("borrowing_unit"), borrower) and lender in lends


RULES = (
    Rule(
        "X-06", "X", (W, E), "方案三(二)2(1)、三(三)2:已借用的备案(附件1),超过1个月的审批(附件4)",
        "附件4已审批且仍在借的必在附件1,附件1已审批的能找到附件4(缺为警告,系统内、抽调除外);"
        "姓名、证号、起止、两单位不一致为错误;同批须两表都有", "附件1、附件4",
        forms=frozenset({"attachment-1", "attachment-4"}), across=approved_and_listed,
    ),
    Rule(
        "X-07", "X", (E, W), "方案三(二)2(1):借用人员逐人备案",
        "同一人在附件1中同一时段只能有一个借入单位", "身份证号、借用起止、借入单位", forms=frozenset({"attachment-1"}),
        sheet=two_borrowers, across=two_borrowers_across,
    ),
    Rule(
        "X-08", "X", (W,), "方案三(二)2(1):借出、借入双方报数核对",
        "借出单位附件1所报借出人员,与借入单位附件1一致(双方都有附件1时)", "多个单位的附件1",
        forms=frozenset({"attachment-1"}), across=both_report,
    ),
)  # fmt: skip

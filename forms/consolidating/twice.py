"""Persons who stand more than once in a consolidation: in one form, or in forms that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from forms.consolidating.shapes import ConsolidatedForm, ConsolidationFinding
from forms.finding import Severity
from forms.rules import periods
from forms.rules.books import Books
from forms.rules.registry import rule_of
from forms.rules.rosters import identity_key
from forms.rules.rule import Flaw, Rule
from forms.rules.units import is_same_unit
from forms.rules.view import Line, Sheet, mask

ACROSS = ("X-01", "X-04", "X-05", "X-13", "F-11")
"""Rules on persons that are looked at between the consolidated forms."""
_EXCUSED = ("兼职",)


def twice(books: Books, forms: Mapping[str, ConsolidatedForm]) -> Iterator[ConsolidationFinding]:
    """What the consolidated forms show of persons who stand in them more than once; paths are in those forms."""
    for sheet in books.sheets:
        yield from _in_one(sheet, forms[sheet.form])
    for code in ACROSS:
        found = rule_of(code)
        if found is None or found.across is None or found.pack not in books.settings.packs:
            continue
        for sheet, flaw in found.across(books):
            yield _told(found, sheet, flaw, forms[sheet.form])


def _told(
    found: Rule, sheet: Sheet, flaw: Flaw, form: ConsolidatedForm, others: tuple[str, ...] = ()
) -> ConsolidationFinding:
    """The finding with the row that it is about and where that row comes from."""
    finding = found.finding(sheet, flaw)
    row = int(flaw.path[8 : flaw.path.index("]")]) if flaw.path.startswith("records[") else None
    if row is None:
        return ConsolidationFinding(finding, sheet.form)
    source = form.sources[row]
    return ConsolidationFinding(finding, sheet.form, source.unit, source.unit_id, row=row, others=others)


def _in_one(sheet: Sheet, form: ConsolidatedForm) -> Iterator[ConsolidationFinding]:
    first: dict[str, Line] = {}
    place = {line.prefix: number for number, line in enumerate(sheet.rows)}
    for line in sheet.rows:
        number = identity_key(line)
        earlier = first.setdefault(number, line) if number else line
        if earlier is line:
            continue
        here, there = form.sources[place[line.prefix]], form.sources[place[earlier.prefix]]
        code, severity, advice = _judged(earlier, line, same=is_same_unit(here.unit, there.unit))
        rule = rule_of(code)
        if rule is None:
            continue
        message = (
            f"{line.who}({here.unit}):身份证号{mask(number)}与{earlier.who}({there.unit})重复,两行都已计入汇总,{advice}"
        )
        yield replace(
            _told(rule, sheet, Flaw(line.path("id_number"), message, severity), form), others=(there.accepted_id,)
        )


def _judged(earlier: Line, line: Line, *, same: bool) -> tuple[str, Severity, str]:
    """Which rule a person breaks who stands in one form twice."""
    if line.sheet.form == "attachment-1":
        one, other = earlier.period("start_date", "end_date"), line.period("start_date", "end_date")
        if one and other and not periods.overlap(one, other):
            return "F-10", Severity.WARNING, "两段借用期不重叠,如为续借请在备注说明"
        code = "F-10" if same else "X-07"
        return code, Severity.ERROR, "请核对是否重复填报"
    if any(word in one.text("note") for word in _EXCUSED for one in (earlier, line)):
        return "F-10", Severity.WARNING, "备注写明兼职的请核对"
    if same or line.sheet.form == "attachment-2":
        return "F-10", Severity.ERROR, "请核对并由填报单位更正"
    return "X-13", Severity.ERROR, "同一人不得列在两个单位,请核对;确属兼职的请在备注说明"

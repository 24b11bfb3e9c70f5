"""The figures of the reports: who was cleared, kept and borrowed, each figure with exactly the rows that it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from forms.consolidating.shapes import ConsolidatedForm, Figure, Figures, RowRef
from forms.consolidating.subtotals import amount, coded_fields, summed_keys, whole
from forms.consolidating.tree import UnitTree
from forms.rules.periods import exceeds
from forms.rules.plan_loans import is_approved
from forms.rules.units import is_internal, is_seconded
from forms.rules.view import Line, Sheet

NAMES = {"attachment-1": "borrowed", "attachment-2": "cleared", "attachment-3": "kept", "attachment-5": "filed"}
"""The first word of the keys of figures, by form."""
LABELS = {"borrowed": "借用人员", "cleared": "清退编外用工", "kept": "保留编外用工", "filed": "备案花名册人员"}
OTHER_KIND = "未列入名录"
"""The kind of a unit that the list of units does not have."""
_MONEY = {"compensation": "经济补偿金额", "monthly_wage": "月工资合计"}
_BOTH = {"attachment-2", "attachment-3"}
_YEAR, _MONTH = 12, 1

Test = Callable[[Line], bool]


def _lasts(months: int) -> Test:
    def test(line: Line) -> bool:
        period = line.period("start_date", "end_date")
        return period is not None and exceeds(*period, months)

    return test


def _unapproved(line: Line) -> bool:
    return _lasts(_MONTH)(line) and is_approved(line) is False and not is_internal(line) and not is_seconded(line)


def _is_open(line: Line) -> bool:
    return line.day("start_date") is None or line.day("end_date") is None


def _has_ended(line: Line) -> bool:
    end = line.day("end_date")
    return end is not None and end < line.sheet.settings.report_day


TESTS: Mapping[str, Sequence[tuple[str, str, Test]]] = {
    "borrowed": (
        ("over_month", "借用超过1个月", _lasts(_MONTH)),
        ("over_year", "借用超过1年", _lasts(_YEAR)),
        ("unapproved", "借用超过1个月未履行审批手续", _unapproved),
        ("internal", "系统内借用", is_internal),
        ("seconded", "指挥部抽调", is_seconded),
        ("ended", "借用期满", _has_ended),
        ("open", "起止日期不全", _is_open),
    ),
    "cleared": (
        ("with_contract", "已签订劳动合同", lambda line: line.flag("has_contract") is True),
        ("without_contract", "未签订劳动合同", lambda line: line.flag("has_contract") is False),
        ("compensated", "填有经济补偿金额", lambda line: line.number("compensation") is not None),
    ),
    "kept": (
        ("with_contract", "已签订劳动合同", lambda line: line.flag("has_contract") is True),
        ("without_contract", "未签订劳动合同", lambda line: line.flag("has_contract") is False),
        ("to_agency", "由代理处统一管理(含期满续约)", lambda line: line.code("management") in {"1", "3"}),
        ("classified", "在涉密岗位", lambda line: line.flag("classified_post") is True),
        ("without_reason", "未填保留理由", lambda line: line.is_blank("retention_reason")),
    ),
    "filed": (
        ("in_post", "期末在岗", lambda line: line.code("change") != "4"),
        ("insured", "缴纳社会保险", lambda line: line.flag("social_insurance") is True),
    ),
}
"""What is counted of each form besides units and codes: end of the key, label, and whether a row counts."""


def figures_of(forms: Mapping[str, ConsolidatedForm], sheets: Iterable[Sheet], tree: UnitTree) -> Figures:
    """All figures, by key: totals first, then what rows say, then codes, units and kinds of unit."""
    by_form = {sheet.form: sheet for sheet in sheets}
    found: dict[str, Figure] = {}
    for form, name in NAMES.items():
        if form in forms:
            for figure in _of_form(name, forms[form], by_form[form], tree):
                found[figure.key] = figure
    before = [ref for key in ("cleared", "kept") if key in found for ref in found[key].rows]
    if "cleared" in found or "kept" in found:
        found["staff"] = Figure(
            "staff", "清退和保留合计", len(before), tuple(before), tuple(sorted(_BOTH & forms.keys()))
        )
    return Figures(found)


def _of_form(name: str, form: ConsolidatedForm, sheet: Sheet, tree: UnitTree) -> Iterator[Figure]:
    label, own = LABELS[name], (form.record.form,)
    refs = tuple(RowRef(form.record.form, number) for number in range(len(form.record.rows)))

    def counted(key: str, words: str, rows: Iterable[RowRef]) -> Figure:
        chosen = tuple(rows)
        return Figure(f"{name}{key}", f"{label}{words}", len(chosen), chosen, own)

    yield counted("", "", refs)
    for key in summed_keys(form.definition):
        yield _sum(name, key, form, refs)
    for key, words, test in TESTS[name]:
        yield counted(f".{key}", f":{words}", (ref for ref, line in zip(refs, sheet.rows, strict=True) if test(line)))
    for codes in coded_fields(form.definition):
        for item in form.of_codes(codes.field.key):
            rows = (refs[number] for number in item.rows)
            key = f".by.{codes.field.key}.{item.code or 'none'}"
            yield counted(key, f":{codes.field.label}“{item.label}”", rows)
    for item in form.of_units():
        yield counted(f".unit.{item.unit_id or item.unit}", f":{item.unit}", (refs[number] for number in item.rows))
    kinds: dict[str, list[RowRef]] = {}
    for ref, source in zip(refs, form.sources, strict=True):
        node = tree.nodes.get(source.unit_id or "")
        kinds.setdefault(node.kind if node is not None and node.kind else OTHER_KIND, []).append(ref)
    for kind, found in kinds.items():
        yield counted(f".kind.{kind}", f":{kind}", found)


def _sum(name: str, key: str, form: ConsolidatedForm, refs: Sequence[RowRef]) -> Figure:
    amounts = [amount(row.get(key)) for row in form.record.rows]
    chosen = tuple(ref for ref, found in zip(refs, amounts, strict=True) if found is not None)
    total = whole(sum((found for found in amounts if found is not None), Decimal(0)))
    label = f"{LABELS[name]}:{_MONEY.get(key, key)}"
    return Figure(f"{name}.{key}", label, total, chosen, (form.record.form,), "元", f"sum:{key}")

"""What is wrong with a consolidation: nothing is put right, every difference is told with its clause.

The figures that a unit states against its rows, two forms of one kind from one unit, persons who stand twice, rows of
units that do not belong here, values that nobody is sure of, units whose form is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forms.consolidating.heads import is_stated, lost_of
from forms.consolidating.rows import Placed, unit_named, units_of_rows, using_unit
from forms.consolidating.shapes import ConsolidatedForm, ConsolidationFinding, UnitNode, UnitReturn
from forms.consolidating.tree import UnitTree
from forms.definition import FormDefinition
from forms.finding import Finding, Severity
from forms.rules.registry import rule_of
from forms.rules.rosters import totals
from forms.rules.rule import Flaw, Rule
from forms.rules.view import Sheet

TWO_FORMS = "consolidated-two-forms"
"""Finding code: one unit has several accepted forms of one kind; all are counted."""
OUTSIDE = "consolidated-row-outside"
"""Finding code: a row names a unit that is not in the list, or not under the unit that consolidates."""
NO_UNIT = "consolidated-row-without-unit"
"""Finding code: a row names no unit; it stands under the unit that reported it."""
REPORTED_TWICE = "consolidated-reported-twice"
"""Finding code: people of one unit come from its own form and from that of another one; all are counted."""
UNSURE = "consolidated-unsure"
"""Finding code: a form was accepted with values that nobody is sure of, or that could not be read."""
UNKNOWN_FIELD = "consolidated-field-unknown"
"""Finding code: a form has values that the edition consolidated into has no place for."""
HEAD_DIFFERS = "consolidated-head-differs"
"""Finding code: the units state different days or the figures of the head cannot be worked out."""
MISSING = "X-15"
GATHERING = "方案三(二)3:“各镇街开发区、主管部门要牵头做好系统内相关表格的填写、审核和汇总工作”"
_MANY = 8
_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO
_MOST_NAMED = 20
"""So many units are named in a message."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A source form with its sheet, as rules look at it."""

    placed: Placed
    sheet: Sheet


def rule(code: str) -> Rule:
    """The rule of a code that the registry has."""
    found = rule_of(code)
    assert found is not None, code  # noqa: S101  # the codes below stand in the registry
    return found


def told(checked: Checked, finding: Finding, *, others: Iterable[str] = ()) -> ConsolidationFinding:
    """A finding at a place of an accepted form."""
    given = checked.placed.source
    home = checked.placed.home
    return ConsolidationFinding(
        finding,
        given.form,
        home.name,
        home.id if home.listed else None,
        given.document_id,
        given.accepted_id,
        given.item,
        others=tuple(others),
    )


def form_findings(checked: Checked, definition: FormDefinition) -> Iterator[ConsolidationFinding]:
    """What one accepted form says against itself, and what of it is not sure."""
    sheet = checked.sheet
    nine = rule("F-9")
    for flaw in totals(sheet):
        if not flaw.path.endswith((".before_total",)):
            yield told(checked, nine.finding(sheet, flaw))
    yield from _unsure(checked)
    yield from _unknown(checked, definition)


def _unsure(checked: Checked) -> Iterator[ConsolidationFinding]:
    record = checked.placed.source.record
    places = [("header", record.header), *((f"records[{line}]", row) for line, row in enumerate(record.rows))]
    unsure = [
        f"{path}.{key}"
        for path, entries in places
        for key, entry in entries.items()
        if entry.review or entry.value is None
    ]
    if unsure:
        unread = sum(1 for _, entries in places for entry in entries.values() if entry.value is None)
        message = f"本表接收时有{len(unsure)}处存疑未核(其中{unread}处没有读出),汇总按接收的内容计,请核对原件"
        yield told(checked, Finding(UNSURE, unsure[0], message, _W, GATHERING))


def _unknown(checked: Checked, definition: FormDefinition) -> Iterator[ConsolidationFinding]:
    record = checked.placed.source.record
    keys = {item.key for item in definition.fields}
    lost = {
        key: line
        for line, row in enumerate(record.rows)
        for key, entry in row.items()
        if key not in keys and not entry.is_blank
    }
    for key, line in lost.items():
        message = f"汇总所用版本({definition.edition})没有“{key}”一栏,本表该栏内容未汇入"
        yield told(checked, Finding(UNKNOWN_FIELD, f"records[{line}].{key}", message, _W, GATHERING))


def unit_findings(forms: Mapping[str, Sequence[Checked]]) -> Iterator[ConsolidationFinding]:
    """What the forms of each unit say against each other."""
    for checked in forms.values():
        yield from _two_forms(checked)
    by_unit: dict[str, dict[str, list[Checked]]] = {}
    for form in ("attachment-2", "attachment-3"):
        for item in forms.get(form, ()):
            by_unit.setdefault(item.placed.home.id, {}).setdefault(form, []).append(item)
    for found in by_unit.values():
        yield from _staff(found)


def _two_forms(forms: Sequence[Checked]) -> Iterator[ConsolidationFinding]:
    by_unit: dict[str, list[Checked]] = {}
    for item in forms:
        by_unit.setdefault(item.placed.home.id, []).append(item)
    for found in by_unit.values():
        for item in found[1:]:
            number = item.sheet.definition.number
            rows = "、".join(f"{len(one.sheet.rows)}人" for one in found)
            message = (
                f"“{item.placed.home.name}”有{len(found)}份已接收的附件{number}({rows}),已全部计入汇总;"
                "如后一份是更正前一份,请以更正方式重新收件,如为重复请核对"
            )
            others = [one.placed.source.accepted_id for one in found if one is not item]
            yield told(item, Finding(TWO_FORMS, "header.unit", message, _W, GATHERING), others=others)


_OTHERS = (("dismissed_total", "attachment-2", "清退"), ("retained_total", "attachment-3", "保留"))
"""Figures in a head that another form has the rows of."""


def _staff(found: Mapping[str, Sequence[Checked]]) -> Iterator[ConsolidationFinding]:
    """X-02 and X-11 of one unit, over all its forms."""
    every = [item for items in found.values() for item in items]
    rows = {form: sum(len(item.sheet.rows) for item in items) for form, items in found.items()}
    for item in every:
        for key, form, what in _OTHERS:
            stated = item.sheet.header.number(key)
            if form == item.sheet.form or stated is None or stated == rows.get(form, 0):
                continue
            there = f"附件{form[-1]}明细为{rows[form]}人" if form in rows else f"没有该单位已接收的附件{form[-1]}"
            flaw = Flaw(item.sheet.header.path(key), f"表头:“{what}”填{stated}人,{there},请核对")
            yield told(item, rule("X-11").finding(item.sheet, flaw))
    due = sum(rows.values())
    lost = lost_of([item.sheet for item in every])
    for item in every:
        yield from _before(item, rows, due, lost)


def _before(item: Checked, rows: Mapping[str, int], due: int, lost: int) -> Iterator[ConsolidationFinding]:
    header = item.sheet.header
    stated = header.number("before_total")
    both = len(rows) == 2  # noqa: PLR2004  # attachments 2 and 3
    if stated is None or not both:
        for flaw in totals(item.sheet):
            if flaw.path.endswith(".before_total"):
                yield told(item, rule("F-9").finding(item.sheet, flaw))
        return
    if stated != due + lost:
        message = (
            f"表头:清理前编外用工总数填{stated}人,附件2有{rows['attachment-2']}人、附件3有{rows['attachment-3']}人,"
            f"合计{due}人,请核对;期间自然减员请在备注写明“自然减员×人”"
        )
        flaw = Flaw(header.path("before_total"), message, suggestion=str(due))
        yield told(item, rule("X-02").finding(item.sheet, flaw))


def row_units(forms: Sequence[Checked], tree: UnitTree, scope: frozenset[str]) -> Iterator[ConsolidationFinding]:
    """Rows whose unit is not one of those consolidated, once for each form and name; nothing without a list."""
    by_home = {item.placed.home.id: item for item in reversed(forms)}
    has_list = any(node.listed for node in tree.nodes.values())
    for name, home in units_of_rows([item.placed for item in forms]) if has_list else ():
        node = tree.find(name)
        item = by_home[home]
        if item.placed.home.name != name and (node is None or node.id not in scope or not node.listed):
            yield from _outside(item, name, node)
    for item in forms:
        yield from _without_unit(item)


def _outside(item: Checked, name: str, node: UnitNode | None) -> Iterator[ConsolidationFinding]:
    key = using_unit(item.sheet.form)
    lines = [line for line in item.sheet.rows if line.text(key) == name]
    if not lines:
        return
    where = (
        "不在单位名录内,汇总时单列于填报单位之后"
        if node is None or not node.listed
        else "不属于本汇总范围,汇总时列在填报单位下"
    )
    message = f"{len(lines)}行的单位填“{name}”,{where},请核对"
    yield told(item, rule("S1-22").finding(item.sheet, Flaw(lines[0].path(key), message)))


def _without_unit(item: Checked) -> Iterator[ConsolidationFinding]:
    key = using_unit(item.sheet.form)
    lines = [number for number, row in enumerate(item.placed.source.record.rows) if not unit_named(row, key)]
    if lines:
        message = f"{len(lines)}行没有填单位,汇总时列在填报单位“{item.placed.home.name}”下,该栏仍为空,请补填"
        yield told(item, Finding(NO_UNIT, f"records[{lines[0]}].{key}", message, _W, GATHERING))


def reported_twice(form: ConsolidatedForm) -> Iterator[ConsolidationFinding]:
    """Units whose people several units report: each may have counted the other's."""
    counts: dict[tuple[str, str | None], dict[str, list[int]]] = {}
    for number, source in enumerate(form.sources):
        counts.setdefault((source.unit, source.unit_id), {}).setdefault(source.reported_by, []).append(number)
    for (unit, unit_id), found in counts.items():
        if len(found) > 1:
            first = min(rows[0] for rows in found.values())
            who = "、".join(f"“{name}”报{len(rows)}人" for name, rows in list(found.items())[:_MOST_NAMED])
            who += "等" if len(found) > _MOST_NAMED else ""
            message = f"“{unit}”的人员由{len(found)}个单位填报({who}),已全部计入汇总,请核对是否重复"
            finding = Finding(
                REPORTED_TWICE, f"records[{first}].{using_unit(form.record.form)}", message, _W, GATHERING
            )
            yield ConsolidationFinding(finding, form.record.form, unit, unit_id, row=first)


def head_findings(form: ConsolidatedForm, placed: Sequence[Placed]) -> Iterator[ConsolidationFinding]:
    """Figures and days of the head that stay blank because the forms do not agree on them."""
    definition = form.definition
    head = form.record.header
    for item in definition.header:
        if item.key not in _WORKED_OUT or item.key in head:
            continue
        stated = any(is_stated(one.source.record, item.key) for one in placed)
        if item.key == "as_of" and stated:
            message = "各单位所填备案时点不一致或有未填的,汇总表该栏留空,请核对后填写"
        elif item.key != "as_of" and placed and (stated or "in_post" not in head):
            message = f"“{item.label}”不能从明细确定(变动情况有不能归类的,或有单位没有填),汇总表该栏留空,请核对后填写"
        else:
            continue
        finding = Finding(HEAD_DIFFERS, f"header.{item.key}", message, _W, GATHERING)
        yield ConsolidationFinding(finding, definition.form)


_WORKED_OUT = ("as_of", "added", "renewed", "changed", "removed", "in_post")


def missing_findings(missing: Sequence[UnitReturn]) -> Iterator[ConsolidationFinding]:
    """Units of which an owed form is not there: X-15, once for each unit and form."""
    for item in missing:
        message = f"“{item.unit}”应报附件{item.form[-1]},没有已接收的表,汇总数不含该单位;无人员的也要交盖章的零报告"
        finding = Finding(MISSING, "header.total", message, _W, rule(MISSING).clause)
        yield ConsolidationFinding(finding, item.form, item.unit, item.unit_id)

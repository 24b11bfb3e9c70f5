"""Faults planted in what units hand in: each is told with its clause, at its place, and nothing is put right."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from forms.catalogue import Catalogue
from forms.consolidating import Consolidation, SourceForm, UnitNode, Wanted, consolidate_forms
from forms.identity import id_check_character
from forms.intake import take_in
from forms.record import Entry, Record
from forms.rules.base import CheckSettings

BUREAU, SCHOOL, CENTRE = "海州区示例局", "海州区示例学校", "海州区示例服务中心"
UNITS = (
    UnitNode("b", BUREAU, None, ("示例局",), "主管部门"),
    UnitNode("s", SCHOOL, "b", (), "下属单位"),
    UnitNode("c", CENTRE, "b", (), "下属单位"),
    UnitNode("t", "海州区示例镇人民政府", None, (), "镇街"),
)
RULES = CheckSettings(2026, dt.date(2026, 9, 1))


def number(order: int) -> str:
    body = f"32079919900101{order:03d}"
    return body + id_check_character(body)


def person(order: int, unit: str, **more: Any) -> dict[str, Any]:
    return {"name": f"王{'一二三四五六七八九'[order]}", "id_number": number(order), "unit": unit, **more}


def form(kind: str, unit: str, rows: list[dict[str, Any]], place: int = 0, **header: Any) -> SourceForm:
    data = {"form": kind, "header": {"unit": unit, **header}, "records": rows}
    record = take_in(data, Catalogue.load())[0].record
    return SourceForm(record, unit, None, f"文件{place}", f"a{place}", 0, float(place))


def made(*forms: SourceForm, top: str | None = None, due: frozenset[str] = frozenset()) -> Consolidation:
    owed = {node.kind: due for node in UNITS} if due else {}
    return consolidate_forms(forms, UNITS, RULES, Wanted(top, due=owed), Catalogue.load())


def codes(found: Consolidation) -> list[str]:
    return [item.finding.code for item in found.findings]


def only(found: Consolidation, code: str) -> Any:
    (one,) = [item for item in found.findings if item.finding.code == code]
    assert one.finding.clause
    return one


def test_a_total_that_is_not_the_rows_is_told_and_left() -> None:
    found = made(form("attachment-2", SCHOOL, [person(1, SCHOOL)], total=3))
    told = only(found, "F-9")
    assert (told.unit, told.unit_id, told.document_id, told.finding.path) == (SCHOOL, "s", "文件0", "header.total")
    assert "3人" in told.finding.message
    assert "1人" in told.finding.message
    assert found.forms["attachment-2"].source_forms[0].record.header["total"].value == 3
    assert found.forms["attachment-2"].record.header["total"].value == 1


def test_a_sum_of_money_that_is_not_the_rows_is_told() -> None:
    one = form("attachment-2", SCHOOL, [person(1, SCHOOL, compensation=100)])
    header = {**one.record.header, "compensation": Entry(90)}
    record = Record("attachment-2", "r1", header, one.record.rows)
    found = made(SourceForm(record, SCHOOL, None, "文件0", "a0"))
    assert only(found, "F-9").finding.path == "header.compensation"


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"before_total": 5}, "X-02"),
        ({"retained_total": 4}, "X-11"),
        ({"dismissed_total": 9}, "F-9"),
    ],
)
def test_figures_of_one_unit_against_its_two_forms(head: dict[str, int], code: str) -> None:
    found = made(
        form("attachment-2", SCHOOL, [person(1, SCHOOL)], 0, **head),
        form("attachment-3", SCHOOL, [person(2, SCHOOL), person(3, SCHOOL)], 1),
    )
    assert only(found, code).document_id == "文件0"
    head_of = found.forms["attachment-3"].record.header
    assert [head_of[key].value for key in ("before_total", "dismissed_total", "retained_total")] == [3, 1, 2]


def test_who_was_lost_by_nature_counts_as_before_where_the_unit_says_so() -> None:
    rows = [person(1, SCHOOL, note="另有自然减员2人")]
    found = made(
        form("attachment-2", SCHOOL, rows, 0, before_total=4), form("attachment-3", SCHOOL, [person(2, SCHOOL)], 1)
    )
    assert found.forms["attachment-2"].record.header["before_total"].value == 4
    assert not {"F-9", "X-02"} & set(codes(found))


def test_a_figure_whose_form_is_not_there() -> None:
    found = made(form("attachment-2", SCHOOL, [person(1, SCHOOL)], retained_total=2))
    assert "没有该单位已接收的附件3" in only(found, "X-11").finding.message


def test_two_forms_of_one_unit_are_both_counted_and_told() -> None:
    found = made(
        form("attachment-3", SCHOOL, [person(1, SCHOOL)], 0), form("attachment-3", SCHOOL, [person(2, SCHOOL)], 1)
    )
    told = only(found, "consolidated-two-forms")
    assert (told.document_id, told.others) == ("文件1", ("a0",))
    assert len(found.forms["attachment-3"].record.rows) == 2


def test_one_person_twice_in_one_unit_and_in_two() -> None:
    same = made(form("attachment-3", SCHOOL, [person(1, SCHOOL), person(1, SCHOOL)]))
    assert only(same, "F-10").row == 1
    two = made(
        form("attachment-3", SCHOOL, [person(1, SCHOOL)], 0), form("attachment-3", CENTRE, [person(1, CENTRE)], 1)
    )
    told = only(two, "X-13")
    assert SCHOOL in told.finding.message
    assert CENTRE in told.finding.message
    assert number(1) not in told.finding.message
    assert len(two.forms["attachment-3"].record.rows) == 2


def test_dismissed_here_and_kept_there() -> None:
    found = made(
        form("attachment-2", SCHOOL, [person(1, SCHOOL)], 0), form("attachment-3", CENTRE, [person(1, CENTRE)], 1)
    )
    told = only(found, "X-01")
    assert (told.form, told.unit, told.row) == ("attachment-3", CENTRE, 0)


def test_a_unit_reported_by_itself_and_by_the_one_above() -> None:
    found = made(
        form("attachment-3", BUREAU, [person(1, SCHOOL)], 0), form("attachment-3", SCHOOL, [person(2, SCHOOL)], 1)
    )
    assert only(found, "consolidated-reported-twice").unit == SCHOOL
    assert [source.unit for source in found.forms["attachment-3"].sources] == [SCHOOL, SCHOOL]
    assert [source.reported_by for source in found.forms["attachment-3"].sources] == [BUREAU, SCHOOL]


def test_rows_of_units_that_are_not_in_the_list_or_not_under_the_top() -> None:
    rows = [person(1, "灌云县教育局"), person(2, UNITS[3].name), person(3, "")]
    found = made(form("attachment-3", SCHOOL, rows), top="b")
    assert [item.finding.code for item in found.findings] == ["S1-22", "S1-22", "consolidated-row-without-unit"]
    assert [source.unit for source in found.forms["attachment-3"].sources] == [SCHOOL, SCHOOL, "灌云县教育局"]
    assert [row["unit"].value for row in found.forms["attachment-3"].record.rows] == [UNITS[3].name, "", "灌云县教育局"]


def test_another_name_of_a_unit_is_that_unit() -> None:
    found = made(form("attachment-3", "示例局", [person(1, "示例局")]))
    assert found.forms["attachment-3"].sources[0].unit_id == "b"
    assert found.forms["attachment-3"].record.rows[0]["unit"].value == "示例局"


def test_forms_of_units_nobody_knows_come_last_and_only_without_a_top() -> None:
    forms = (
        form("attachment-3", "灌云县教育局", [person(1, "灌云县教育局")], 0),
        form("attachment-3", "", [person(2, "")], 1),
        form("attachment-3", SCHOOL, [person(3, SCHOOL)], 2),
    )
    found = made(*forms)
    assert [source.unit for source in found.forms["attachment-3"].sources] == [SCHOOL, "灌云县教育局", "(未填单位)"]
    assert [source.unit for source in made(*forms, top="b").forms["attachment-3"].sources] == [SCHOOL]


def test_zero_reports_and_forms_that_are_missing() -> None:
    due = frozenset({"attachment-2", "attachment-3"})
    found = made(
        form("attachment-2", SCHOOL, [], 0, total=0),
        form("attachment-3", SCHOOL, [person(1, CENTRE)], 1),
        top="b",
        due=due,
    )
    assert [(item.unit, item.form, item.accepted_id) for item in found.zero_units] == [(SCHOOL, "attachment-2", "a0")]
    assert {(item.unit, item.form) for item in found.missing} == {
        (BUREAU, "attachment-2"),
        (CENTRE, "attachment-2"),
        (BUREAU, "attachment-3"),
    }
    assert codes(found).count("X-15") == 3


def test_what_nobody_is_sure_of_is_told_and_nothing_is_guessed() -> None:
    row = {
        "name": Entry("甲"),
        "unit": Entry(SCHOOL),
        "monthly_wage": Entry(None),
        "funding": Entry("财政", review=True),
    }
    found = made(SourceForm(Record("attachment-3", "r1", {"unit": Entry(SCHOOL)}, (row,)), SCHOOL, None, "文件0", "a0"))
    assert only(found, "consolidated-unsure").finding.path == "records[0].monthly_wage"
    made_row = found.forms["attachment-3"].record.rows[0]
    assert made_row["monthly_wage"].value is None
    assert made_row["funding"].review


def test_a_field_that_the_edition_lacks_is_told() -> None:
    row = {"name": Entry("甲"), "unit": Entry(SCHOOL), "hobby": Entry("钓鱼")}
    found = made(SourceForm(Record("attachment-3", "r1", {"unit": Entry(SCHOOL)}, (row,)), SCHOOL))
    assert only(found, "consolidated-field-unknown").finding.path == "records[0].hobby"


def test_days_of_the_head_that_differ_stay_blank() -> None:
    found = made(
        form("attachment-5", SCHOOL, [person(1, SCHOOL)], 0, as_of="2026-08-31"),
        form("attachment-5", CENTRE, [person(2, CENTRE)], 1, as_of="2026-09-01"),
    )
    assert "as_of" not in found.forms["attachment-5"].record.header
    assert only(found, "consolidated-head-differs").finding.path == "header.as_of"


def test_changes_are_counted_from_the_rows() -> None:
    rows = [person(1, SCHOOL, change="新增"), person(2, SCHOOL, change="离岗"), person(3, SCHOOL)]
    found = made(form("attachment-5", SCHOOL, rows, added=7))
    head = found.forms["attachment-5"].record.header
    assert [head[key].value for key in ("added", "renewed", "changed", "removed", "in_post")] == [1, 0, 0, 1, 2]
    assert only(found, "F-9").finding.path == "header.added"


def test_two_loans_of_one_person_one_after_the_other_are_a_warning() -> None:
    def loan(start: str, end: str) -> dict[str, Any]:
        row = person(1, SCHOOL, start_date=start, end_date=end)
        row["borrowing_unit"] = row.pop("unit")
        return row

    after = made(form("attachment-1", SCHOOL, [loan("2026-01-01", "2026-03-31"), loan("2026-04-01", "2026-06-30")]))
    assert only(after, "F-10").finding.severity == "warning"
    at_once = made(form("attachment-1", SCHOOL, [loan("2026-01-01", "2026-05-31"), loan("2026-04-01", "2026-06-30")]))
    assert only(at_once, "F-10").finding.severity == "error"


def test_an_edition_that_is_gone_costs_nothing() -> None:
    row = {"name": Entry("甲"), "unit": Entry(SCHOOL)}
    found = made(SourceForm(Record("attachment-3", "r0", {"unit": Entry(SCHOOL), "total": Entry(4)}, (row,)), SCHOOL))
    assert found.forms["attachment-3"].record.edition == "r1"
    assert codes(found) == ["F-9"]

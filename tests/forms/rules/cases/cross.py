"""Cases of the X rules over several documents."""

from __future__ import annotations

from tests.forms.rules.builders import BUREAU, SCHOOL, TOWN, Doc, number_of, person
from tests.forms.rules.cases.table import ABSENT, INFO, SILENT, Case, E, W, many, marked, one

_KEPT, _GONE = person(3), person(2)
_BROKEN = {"id_number": None}


def _loan(unit: str, lender: str, borrower: str, **more: object) -> Doc:
    row = {"lending_unit": lender, "borrowing_unit": borrower, **more}
    return Doc("attachment-1", (row,), {"unit": unit})


def _second_loan(start: str) -> dict[str, object]:
    return {**person(0), "borrowing_unit": BUREAU, "start_date": start, "end_date": "2026-12-01"}


CASES = [
    # X-01 dismissed or kept
    Case("X-01", E, (*one(2, **_KEPT), *one(3)), "records[0].id_number"),
    Case("X-01", SILENT, (*one(2), *one(3))),
    Case("X-01", W, (*one(2, **_KEPT), *one(3, **_BROKEN)), "records[0].id_number"),
    Case("X-01", SILENT, (*one(2, **_KEPT), *one(3, **_BROKEN, unit=BUREAU))),
    Case("X-01", SILENT, (*one(2, **{**_KEPT, "id_number": number_of("1991-01-01", 101)}), *one(3))),
    # X-02 before is both
    Case("X-02", E, (*many(2, {}, before_total=3), *one(3)), "header.before_total"),
    Case("X-02", SILENT, (*one(2), *one(3))),
    Case("X-02", E, (*many(2, {}, before_total=3, unit="示例街道"), *one(3)), "header.before_total"),
    Case("X-02", SILENT, (*many(2, {"note": "自然减员1人"}, before_total=3), *many(3, {}, before_total=3))),
    Case("X-02", SILENT, (*many(2, {}, before_total=3), *many(3, {}, unit=BUREAU))),
    Case("X-02", SILENT, (*many(2, {}, before_total=None), *one(3))),
    # X-03 kept and filed
    Case("X-03", E, (*one(3), *one(5, **person(9))), "records[0].id_number"),
    Case("X-03", SILENT, (*one(3), *one(5))),
    Case("X-03", SILENT, (*one(3), *many(5, {**person(9), "unit": BUREAU}, unit=BUREAU))),
    Case("X-03", E, (*one(3), *many(5, {**person(9)}, unit=BUREAU))),
    Case("X-03", SILENT, (*one(3), *many(5, {}, {"change": "离岗", **person(9)}, as_of="2026-08-31"))),
    Case("X-03", SILENT, (*one(3), *many(5, {**person(9), "change": "离岗"}, as_of="2026-08-30"))),
    Case("X-03", W, (*one(3), *many(5, {}, {"hired_on": "2026-07-19"})), "records[1].hired_on"),
    Case("X-03", SILENT, (*one(3), *many(5, {}, {"hired_on": "2026-07-20"}))),
    Case("X-03", W, (*one(3), *many(5, {}, {"hired_on": "2026-07-20", "approval": ""})), "records[1].approval"),
    Case("X-03", W, (*one(3, **_BROKEN), *many(5, {**person(9), "change": "离岗"}))),
    # X-04 dismissed and in post
    Case("X-04", E, (*one(2, dismissed_on="2026-08-31"), *one(5, **_GONE)), "records[0].change"),
    Case("X-04", SILENT, (*one(2, dismissed_on="2026-08-31"), *many(5, _GONE, as_of="2026-08-30"))),
    Case("X-04", SILENT, (*one(2), *one(5, **_GONE, change="离岗"))),
    Case("X-04", SILENT, (*one(2), *one(5, **_GONE, change=None))),
    # X-05 borrowed or staff
    Case("X-05", W, (*one(1, **_KEPT), *one(5)), "records[0].id_number"),
    Case("X-05", SILENT, (*one(1), *one(5))),
    Case("X-05", INFO, (*one(1, **_KEPT, note=""), *one(5, **_BROKEN))),
    Case("X-05", INFO, one(1, establishment_type="其他"), "records[0].establishment_type"),
    Case("X-05", SILENT, one(4, establishment_type="编外")),
    # X-06 approved and listed
    Case("X-06", SILENT, (*one(1), *one(4))),
    Case("X-06", W, (*one(1), *one(4, **person(9))), "records[0].approval"),
    Case("X-06", W, (*one(1), *one(4, **person(9))), "records[0].name"),
    Case("X-06", SILENT, (*one(1, approval="否"), *one(4, **person(9), returned_on="2026-08-20"))),
    Case("X-06", SILENT, (*one(1, approval="否"), *marked(4, {("final_approval", "signature"): ABSENT}, **person(9)))),
    Case("X-06", SILENT, (*one(1, approval="否"), *one(4, **person(9), start_date="2026-08-27"))),
    Case("X-06", SILENT, (*one(1, note="系统内借用"), *one(4, **person(9), returned_on="2026-08-20"))),
    Case("X-06", E, (*one(1, end_date="2026-11-30"), *one(4)), "records[0].end_date"),
    Case("X-06", E, (*one(1, lending_unit="海州区示例中学"), *one(4)), "records[0].lending_unit"),
    Case("X-06", E, (*one(1, id_number=number_of("1990-03-05", 300)), *one(4)), "records[0].id_number"),
    Case("X-06", SILENT, one(1)),
    # X-07 two borrowers at a time
    Case("X-07", E, many(1, {}, {**person(0), "borrowing_unit": BUREAU}), "records[1].borrowing_unit"),
    Case("X-07", SILENT, many(1, {}, _second_loan("2026-11-01"))),
    Case("X-07", E, many(1, {}, _second_loan("2026-10-31"))),
    Case("X-07", SILENT, many(1, {}, {**person(0)})),
    Case("X-07", E, (_loan(TOWN, SCHOOL, TOWN), _loan(BUREAU, SCHOOL, BUREAU)), "records[0].borrowing_unit"),
    Case("X-07", SILENT, (_loan(TOWN, SCHOOL, TOWN), _loan(BUREAU, SCHOOL, BUREAU, end_date=None))),
    # X-08 both sides count alike
    Case("X-08", W, (_loan(SCHOOL, SCHOOL, TOWN), _loan(TOWN, SCHOOL, TOWN, **person(9))), "records[0].name"),
    Case("X-08", SILENT, (_loan(SCHOOL, SCHOOL, TOWN), _loan(TOWN, SCHOOL, TOWN))),
    Case("X-08", SILENT, (_loan(SCHOOL, BUREAU, SCHOOL), _loan(TOWN, SCHOOL, TOWN, **person(9)))),
    Case("X-08", W, (_loan(SCHOOL, SCHOOL, BUREAU), _loan(TOWN, SCHOOL, TOWN, **person(9)))),
    # X-10 the ledger
    Case("X-10", SILENT, (Doc("ledger"), *one(3))),
    Case("X-10", W, (Doc("ledger", ({}, {})), *one(3)), "header.retained_total"),
    Case("X-10", W, (Doc("ledger", (person(9),)), *one(3)), "records[0].name"),
    Case("X-10", W, (Doc("ledger", ({"post": "驾驶员"},)), *one(3)), "records[0].post"),
    Case("X-10", W, (Doc("ledger", ({"monthly_wage": 3100},)), *one(3)), "records[0].monthly_wage"),
    Case("X-10", SILENT, (Doc("ledger", ({"monthly_wage": None},)), *one(3))),
    Case("X-10", SILENT, (Doc("ledger", ({}, _GONE)), *one(3), *one(2))),
    Case("X-10", SILENT, (Doc("ledger", ({}, {"note": "2025年离职"})), *one(3))),
    # X-11 figures of the other form and of the report
    Case("X-11", E, (*many(2, {}, retained_total=2, before_total=3), *one(3)), "header.retained_total"),
    Case("X-11", SILENT, (*one(2), *one(3))),
    Case("X-11", E, one(2), "header.total", extra={"reported.attachment-2": "2"}),
    Case("X-11", SILENT, one(2), extra={"reported.attachment-2": "1"}),
    # X-12 the same facts
    Case("X-12", W, (*one(3, post="驾驶员"), *one(5)), "records[0].post"),
    Case("X-12", W, (*one(3, funding="财政拨款"), *one(5)), "records[0].funding"),
    Case("X-12", SILENT, (*one(3), *one(5))),
    Case("X-12", SILENT, (*one(3, post=None), *one(5))),
    Case("X-12", W, (*one(3, management="由代理处劳务派遣"), *one(5, employment_form="单位直签劳动合同"))),
    Case("X-12", SILENT, (*one(3, management="由代理处劳务派遣", employment_form="未签合同临时用工"), *one(5))),
    # X-13 two units
    Case("X-13", E, (*one(3), *one(3, unit=BUREAU)), "records[0].unit"),
    Case("X-13", SILENT, (*one(3), *one(3, unit=BUREAU, note="兼职"))),
    Case("X-13", E, (*one(3), *one(3, unit=BUREAU, note="非兼职"))),
    Case("X-13", SILENT, (*one(3), *one(5))),
    # X-14 the budget
    Case("X-14", INFO, one(5, funding="财政拨款"), "header.total", extra={"budget_heads": "2"}),
    Case("X-14", INFO, one(5, funding="财政拨款"), extra={"budget_wages": "3000"}),
    Case("X-14", SILENT, one(5, funding="财政拨款"), extra={"budget_heads": "1", "budget_wages": "3200"}),
    # X-15 all that owe
    Case("X-15", W, one(2), "header.unit", extra={"owed_units": f"{TOWN}、{SCHOOL}"}),
    Case("X-15", SILENT, one(2), extra={"owed_units": TOWN}),
]  # fmt: skip

"""Cases of the F and L rules, both sides of each boundary."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from forms.rules.base import CheckSettings
from tests.forms.rules.builders import AGENCY, DROP, SETTINGS, Doc, number_of, person
from tests.forms.rules.cases.table import ABSENT, DOUBTED, INFO, SILENT, UNSURE, Case, E, W, many, marked, one

_DIRECTORY = replace(
    SETTINGS, units=("海州区示例街道办事处", "海州区示例中心小学", "海州区教育局", "海州区人力资源和社会保障局", AGENCY)
)
_MINIMUM = replace(SETTINGS, minimum_wage=2490)
_GOOD = person(0)["id_number"]
_WRONG_CHECK = _GOOD[:17] + ("1" if _GOOD[17] != "1" else "2")


def _on(year: int, month: int, day: int) -> CheckSettings:
    return replace(SETTINGS, report_day=dt.date(year, month, day))


CASES = [
    # F-1 identity numbers
    Case("F-1", E, one(1, id_number=_WRONG_CHECK), "records[0].id_number"),
    Case("F-1", E, one(1, id_number=_GOOD[:17])),
    Case("F-1", E, one(5, id_number=number_of("1990-02-30", 101))),
    Case("F-1", SILENT, one(1)),
    # F-2 sex, birth and age
    Case("F-2", E, one(1, sex="男"), "records[0].sex"),
    Case("F-2", E, one(1, birth_month="1990-04"), "records[0].birth_month"),
    Case("F-2", SILENT, one(1, sex="男", id_number=_WRONG_CHECK)),
    Case("F-2", SILENT, one(1, sex=None, birth_month=None)),
    Case("F-2", W, one(4, age=35), "records[0].age"),
    Case("F-2", W, one(4, filled_on="2026-03-04", age=36)),
    Case("F-2", SILENT, one(4, filled_on="2026-03-05", age=36)),
    Case("F-2", SILENT, one(4, filled_on="2026-03-04", age=35)),
    Case("F-2", SILENT, one(4, id_number=None, filled_on="2026-03-04", age=36)),
    Case("F-2", W, one(4, id_number=None, filled_on="2026-03-04", age=37)),
    # F-3 telephones
    Case("F-3", E, one(4, phone="1390000"), "records[0].phone"),
    Case("F-3", SILENT, one(4, phone="0518-81589239")),
    # F-4 order of days
    Case("F-4", E, one(1, start_date="2026-09-01", end_date="2026-08-31"), "records[0].end_date"),
    Case("F-4", SILENT, one(1, start_date="2026-08-31", end_date="2026-08-31")),
    Case("F-4", E, one(3, contract_start="2026-07-01", contract_end="2026-06-30"), "records[0].contract_end"),
    Case("F-4", E, one(2, hired_on="2026-08-11", dismissed_on="2026-08-10"), "records[0].dismissed_on"),
    Case("F-4", SILENT, one(2, hired_on="2026-08-10", dismissed_on="2026-08-10")),
    Case("F-4", E, one(5, term_start="2026-07-02", term_end="2026-07-01"), "records[0].term_end"),
    Case("F-4", E, one(4, returned_on="2026-07-24"), "records[0].returned_on"),
    Case("F-4", SILENT, one(1, start_date="2026-09-01", end_date=None)),
    Case("F-4", SILENT, one(3, contract_end="无固定")),
    # F-5 required
    Case("F-5", E, one(1, name=""), "records[0].name"),
    Case("F-5", E, one(1, education=DROP), "records[0].education"),
    Case("F-5", E, one(1, post="/"), "records[0].post"),
    Case("F-5", E, one(1, post="无"), "records[0].post"),
    Case("F-5", SILENT, one(1, post=None)),
    Case("F-5", SILENT, one(1, no=DROP, months=DROP, note=DROP)),
    Case("F-5", E, many(2, {}, contact=""), "header.contact"),
    Case("F-5", E, many(2, {}, unit=DROP), "header.unit"),
    Case("F-5", SILENT, many(2, {}, contact=None)),
    Case("F-5", E, one(3, contract_start="", has_contract=True), "records[0].contract_start"),
    Case("F-5", E, one(3, contract_party="", has_contract=True), "records[0].contract_party"),
    Case("F-5", W, one(3, contract_end="", has_contract=True), "records[0].contract_end"),
    Case("F-5", SILENT, one(3, contract_end="无固定", has_contract=True)),
    Case(
        "F-5",
        SILENT,
        one(3, has_contract=False, contract_start="", contract_end="", contract_party="", management="代理处劳务派遣"),
    ),
    Case("F-5", E, one(5, employment_form="劳务派遣(其他机构)", dispatch_agency=""), "records[0].dispatch_agency"),
    Case("F-5", W, one(5, term_end=""), "records[0].term_end"),
    Case("F-5", W, one(5, employment_form="单位直签劳动合同", contract_start=""), "records[0].contract_start"),
    Case(
        "F-5",
        SILENT,
        one(5, employment_form="非全日制", contract_start="", term_start="", term_end="", dispatch_agency=""),
    ),
    Case("F-5", E, marked(2, {("unit_seal", "seal"): ABSENT}), "marks.unit_seal.seal"),
    Case("F-5", E, marked(1, {("principal_signature", "signature"): ABSENT}), "marks.principal_signature.signature"),
    Case("F-5", W, marked(2, {("unit_seal", "seal"): UNSURE}), "marks.unit_seal.seal"),
    Case("F-5", W, marked(2, {("unit_seal", "seal"): DOUBTED}), "marks.unit_seal.seal"),
    Case("F-5", SILENT, marked(2, {})),
    Case("F-5", E, marked(2, {("unit_seal", "seal"): {"unit": "海州区教育局"}}), "marks.unit_seal.seal"),
    Case("F-5", SILENT, marked(2, {("unit_seal", "seal"): {"unit": "示例街道"}})),
    # F-6 code tables
    Case("F-6", E, one(1, education="研究生"), "records[0].education"),
    Case("F-6", E, one(5, employment_form="劳务外包/购买服务"), "records[0].employment_form"),
    Case("F-6", SILENT, one(5, employment_form="公益性岗位")),
    # F-7 names of units
    Case("F-7", W, one(1, lending_supervisor="区人社局"), "records[0].lending_supervisor", settings=_DIRECTORY),
    Case("F-7", INFO, one(1, lending_unit="上海某某大学"), "records[0].lending_unit", settings=_DIRECTORY),
    Case("F-7", W, one(2, unit="上海某某大学"), "records[0].unit", settings=_DIRECTORY),
    Case("F-7", SILENT, one(1, lending_supervisor="本级"), settings=_DIRECTORY),
    Case("F-7", SILENT, one(1, lending_supervisor="区人社局")),
    # F-8 running numbers
    Case("F-8", W, many(2, {}, {"no": 3}), "records[1].no"),
    Case("F-8", W, many(2, {}, {"no": 1}), "records[1].no"),
    Case("F-8", W, many(2, {"no": 2}), "records[0].no"),
    Case("F-8", W, many(2, {}, {"no": ""}), "records[1].no"),
    Case("F-8", SILENT, many(2, {}, {})),
    Case("F-8", SILENT, many(2, {"no": ""}, {"no": ""})),
    Case("F-8", SILENT, many(2, {}, {"no": None}, {})),
    # F-9 totals
    Case("F-9", E, many(1, {}, {}, total=3), "header.total"),
    Case("F-9", SILENT, many(1, {}, {}, total=2)),
    Case("F-9", SILENT, many(1, {}, {}, total=None)),
    Case("F-9", E, many(2, {}, {}, dismissed_total=1), "header.dismissed_total"),
    Case("F-9", E, many(3, {}, {}, retained_total=1), "header.retained_total"),
    Case("F-9", E, many(2, {}, before_total=3), "header.before_total"),
    Case("F-9", E, many(2, {}, before_total=1), "header.before_total"),
    Case("F-9", SILENT, many(2, {"note": "期间自然减员1人"}, before_total=3)),
    Case("F-9", E, many(2, {"note": "期间自然减员1人"}, before_total=4)),
    Case("F-9", E, many(5, {}, {"change": "离岗"}, in_post=2), "header.in_post"),
    Case("F-9", SILENT, many(5, {}, {"change": "离岗"}, in_post=1)),
    Case("F-9", SILENT, many(5, {}, {"change": None}, in_post=1)),
    Case("F-9", SILENT, many(5, {}, {"change": "离岗"}, total=1)),
    Case("F-9", SILENT, many(5, {}, {"change": "离岗"}, total=2)),
    Case("F-9", E, many(5, {}, {"change": "离岗"}, total=3), "header.total"),
    Case("F-9", W, many(5, {}, {"change": "新增"}, added=2), "header.added"),
    Case("F-9", SILENT, many(5, {}, {"change": "新增"}, added=1, removed=0)),
    Case("F-9", SILENT, many(5, {}, {}, added=2)),
    Case("F-9", W, one(1, months=5), "records[0].months"),
    Case("F-9", SILENT, one(1, months=4)),
    Case("F-9", W, one(1, start_date="2026-07-20", end_date="2026-08-19", months=2), "records[0].months"),
    Case("F-9", SILENT, one(1, start_date="2026-07-20", end_date="2026-08-19", months=1)),
    # F-10 the same number twice
    Case("F-10", E, many(2, {}, {"id_number": person(2)["id_number"]}), "records[1].id_number"),
    Case("F-10", SILENT, many(2, {}, {})),
    Case("F-10", SILENT, many(2, {"id_number": None}, {"id_number": None})),
    Case("F-10", E, many(1, {}, {"id_number": person(0)["id_number"]}), "records[1].id_number"),
    Case(
        "F-10",
        W,
        many(1, {}, {"id_number": person(0)["id_number"], "start_date": "2026-12-15", "end_date": "2027-01-31"}),
    ),
    # F-11 names and numbers
    Case("F-11", E, many(2, {}, {"id_number": person(2)["id_number"]}), "records[1].name"),
    Case("F-11", INFO, many(2, {}, {"name": person(2)["name"]}), "records[0].name"),
    Case("F-11", SILENT, many(2, {}, {})),
    Case("F-11", E, (*one(1, name="李换名"), *one(4)), "records[0].name"),
    Case("F-11", SILENT, (*one(1), *one(4))),
    # F-12 days
    Case("F-12", E, one(1, start_date="2026-02-30"), "records[0].start_date"),
    Case("F-12", SILENT, one(1, start_date="2026-02-28", end_date="2026-03-15", months=1)),
    # F-13 numbers
    Case("F-13", E, one(3, monthly_wage="三千多"), "records[0].monthly_wage"),
    Case("F-13", SILENT, one(3, monthly_wage=3200)),
    Case("F-13", W, one(3, monthly_wage=0), "records[0].monthly_wage"),
    Case("F-13", INFO, one(3, monthly_wage=2489), "records[0].monthly_wage", settings=_MINIMUM),
    Case("F-13", SILENT, one(3, monthly_wage=2490), settings=_MINIMUM),
    Case("F-13", SILENT, one(3, monthly_wage=2489, employment_form="非全日制"), settings=_MINIMUM),
    # F-14 texts
    Case("F-14", E, one(1, name="张3"), "records[0].name"),
    Case("F-14", SILENT, one(1, name="买买提·吐尔逊")),
    # F-15 credit codes
    Case("F-15", E, (Doc("ledger", ({"credit_code": "11320706PDY00001X0"},)),), "records[0].credit_code"),
    Case("F-15", SILENT, (Doc("ledger", ({"credit_code": "11320706PDY00001XP"},)),)),
    # L-1 dispatched for two years at least
    Case("L-1", W, one(5, contract_start="2025-07-01", contract_end="2027-06-29"), "records[0].contract_end"),
    Case("L-1", SILENT, one(5, contract_start="2025-07-01", contract_end="2027-06-30")),
    Case("L-1", SILENT, one(5, contract_end="2026-06-30", employment_form="单位直签劳动合同")),
    Case("L-1", SILENT, one(5, contract_end="2026-06-30", employment_form="劳务派遣")),
    # L-2 a month without a contract
    Case(
        "L-2",
        W,
        one(3, has_contract=False, employment_form="未签合同临时用工", hired_on="2026-07-20"),
        "records[0].has_contract",
        settings=_on(2026, 8, 20),
    ),
    Case(
        "L-2",
        SILENT,
        one(3, has_contract=False, employment_form="未签合同临时用工", hired_on="2026-07-20"),
        settings=_on(2026, 8, 19),
    ),
    Case("L-2", SILENT, one(3, has_contract=False, employment_form="退休返聘")),
    Case("L-2", SILENT, one(3, has_contract=None, employment_form="未签合同临时用工")),
    Case("L-2", W, one(5, employment_form="未签合同临时用工"), "records[0].employment_form"),
    Case("L-2", W, one(5, employment_form="单位直签劳动合同", contract_start="")),
    Case("L-2", SILENT, one(5, employment_form="单位直签劳动合同")),
    Case("L-2", W, one(2, has_contract=False, employment_form="单位直签劳动合同", hired_on="2026-07-10")),
    Case("L-2", SILENT, one(2, has_contract=False, employment_form="单位直签劳动合同", hired_on="2026-07-11")),
    # L-3 sixteen, and retirement
    Case("L-3", E, one(5, id_number=number_of("2010-08-27", 100), birth_month="2010-08", hired_on="2026-08-26")),
    Case("L-3", SILENT, one(5, id_number=number_of("2010-08-26", 100), birth_month="2010-08", hired_on="2026-08-26")),
    Case("L-3", E, one(5, hired_on="2006-03-04"), "records[0].id_number"),
    Case("L-3", SILENT, one(5, hired_on="2006-03-05")),
    Case("L-3", W, one(4, work_start="2006-02"), "records[0].work_start"),
    Case("L-3", SILENT, one(4, work_start="2006-03")),
    Case("L-3", W, one(5, sex="男", id_number=number_of("1965-08-26", 101), birth_month="1965-08"),
         settings=_on(2026, 1, 1)),
    Case("L-3", W, one(5, sex="男", id_number=number_of("1965-06-25", 101), birth_month="1965-06"),
         settings=_on(2025, 8, 26)),
    Case("L-3", SILENT, one(5, sex="男", id_number=number_of("1965-06-26", 101), birth_month="1965-06"),
         settings=_on(2025, 8, 26)),
    Case("L-3", SILENT, one(5, sex="男", id_number=number_of("1950-06-26", 101), birth_month="1950-06",
                            employment_form="退休返聘")),
    Case("L-3", SILENT, one(2, id_number=number_of("1960-01-01", 100), dismissal_method="到龄退出")),
    Case("L-3", W, one(2, id_number=number_of("1960-01-01", 100), dismissal_method="协商解除")),
    Case("L-3", SILENT, one(5, id_number=None, birth_month=None)),
    Case("L-3", W, one(1, id_number=number_of("1970-01-01", 100), birth_month="1970-01"),
         settings=_on(2025, 2, 2)),
    Case("L-3", SILENT, one(1, id_number=number_of("1970-01-01", 100), birth_month="1970-01"),
         settings=_on(2025, 2, 1)),
    Case("L-3", W, one(1, id_number=number_of("1970-01-01", 100), birth_month="1970-01", establishment_type="工勤编制"),
         settings=_on(2025, 2, 1)),
    # L-4 compensation
    Case("L-4", W, one(2, compensation=""), "records[0].compensation"),
    Case("L-4", W, one(2, compensation="/", dismissal_method="合同期满终止")),
    Case("L-4", SILENT, one(2, compensation="", dismissal_method="本人辞职")),
    Case("L-4", SILENT, one(2, compensation="", dismissal_method="单位解除(违纪)")),
    Case("L-4", W, one(2, compensation="", dismissal_method="单位解除(不胜任)")),
    Case("L-4", SILENT, one(2, compensation=False)),
    Case("L-4", SILENT, one(2, compensation=None)),
    Case("L-4", SILENT, one(2, compensation="", dismissal_method="解除合同")),
]  # fmt: skip

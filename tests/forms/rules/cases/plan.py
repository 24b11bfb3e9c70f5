"""Cases of the S1 rules and of X-09, both sides of each boundary and each exemption."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from forms.rules.base import CheckSettings
from tests.forms.rules.builders import AGENCY, BUREAU, CATALOGUE, SCHOOL, SETTINGS, TOWN, Doc, person
from tests.forms.rules.cases.table import (
    ABSENT,
    DOUBTED,
    EXCUSED,
    GONE,
    INFO,
    SILENT,
    UNSURE,
    Case,
    E,
    W,
    many,
    marked,
    one,
)  # fmt: skip

_SINGLE_LAYER = replace(SETTINGS, single_leader_layer=True)
_ONE_LAYER_EDITION = replace(CATALOGUE.find("attachment-4"), options={"leader_layer": False})
_ME = person(0)["id_number"]


def _day(month: int, day: int, year: int = 2026) -> CheckSettings:
    return replace(SETTINGS, report_day=dt.date(year, month, day))


def _loan(start: str, end: str, **more: object) -> dict[str, object]:
    return {"start_date": start, "end_date": end, **more}


_NO = {"approval": "否"}
_KEPT_UNSIGNED = {"has_contract": False, "contract_start": "", "contract_end": "", "contract_party": ""}

LOANS = [
    # S1-01 a year
    Case("S1-01", W, one(1, **_loan("2026-07-20", "2027-07-20")), "records[0].end_date"),
    Case("S1-01", SILENT, one(1, **_loan("2026-07-20", "2027-07-19"))),
    Case("S1-01", W, one(4, **_loan("2026-07-25", "2027-07-25"))),
    Case("S1-01", SILENT, one(4, **_loan("2026-07-25", "2027-07-24"))),
    Case("S1-01", W, one(4, **_loan("2028-02-29", "2029-03-01"))),
    Case("S1-01", SILENT, one(4, **_loan("2028-02-29", "2029-02-28"))),
    Case("S1-01", W, one(1, **_loan("2026-07-20", "2028-07-19"))),
    Case("S1-01", E, one(1, **_loan("2026-07-20", "2028-07-20"))),
    Case("S1-01", SILENT, one(1, **_loan("2026-07-20", "长期"))),
    Case("S1-01", SILENT, one(1, start_date="2026-07-20", end_date=None)),
    # … in a row: 30 days between count as one, 31 do not
    Case("S1-01", E, many(1, _loan("2026-01-01", "2026-07-31"), _loan("2026-08-31", "2027-03-31", id_number=_ME))),
    Case("S1-01", SILENT, many(1, _loan("2026-01-01", "2026-07-31"), _loan("2026-09-01", "2027-03-31", id_number=_ME))),
    Case("S1-01", SILENT, many(1, _loan("2026-01-01", "2026-06-30"), _loan("2026-07-01", "2026-12-31", id_number=_ME))),
    Case("S1-01", E, many(1, _loan("2026-01-01", "2026-06-30"), _loan("2026-07-01", "2027-01-01", id_number=_ME))),
    Case(
        "S1-01",
        SILENT,
        many(
            1,
            _loan("2026-01-01", "2026-06-30"),
            _loan("2026-07-01", "2027-01-01", id_number=_ME, borrowing_unit=BUREAU),
        ),
    ),
    Case("S1-01", E, (*one(1, **_loan("2026-01-01", "2026-07-31")), *one(4, **_loan("2026-08-01", "2027-03-31")))),
    Case("S1-01", SILENT, (*one(1, **_loan("2026-08-01", "2027-07-31")), *one(4, **_loan("2026-08-01", "2027-07-31")))),
    # S1-02 a month: 20 July to 19 August is one, to 20 August is more
    Case("S1-02", E, one(1, **_loan("2026-07-20", "2026-08-20"), **_NO), "records[0].approval"),
    Case("S1-02", SILENT, one(1, **_loan("2026-07-20", "2026-08-19"), **_NO)),
    Case("S1-02", W, one(1, **_loan("2026-07-19", "2026-08-19"), **_NO)),
    Case("S1-02", SILENT, one(1, **_loan("2026-07-19", "2026-08-18"), **_NO)),
    Case("S1-02", E, one(1, approval="")),
    Case("S1-02", SILENT, one(1, approval="是")),
    Case("S1-02", SILENT, one(1, approval=None)),
    Case("S1-02", E, one(1, approval="领导口头同意")),
    Case("S1-02", E, one(1, approval="是,正在办理")),
    Case("S1-02", E, one(1, **_NO, reason="重点工作(负责业务系统内数据核对)")),
    Case("S1-02", E, one(1, **_NO, note="非系统内借用,非抽调")),
    Case("S1-02", SILENT, one(1, **_NO, note="系统内借用")),
    Case("S1-02", SILENT, one(1, **_NO, borrowing_unit=BUREAU)),
    Case("S1-02", SILENT, one(1, **_NO, lending_unit=BUREAU, lending_supervisor="本级", borrowing_unit=BUREAU)),
    Case("S1-02", E, one(1, **_NO, lending_unit=BUREAU, lending_supervisor="本级")),
    Case("S1-02", SILENT, one(1, **_NO, borrowing_unit="海州区示例路网建设指挥部")),
    Case("S1-02", SILENT, one(1, **_NO, note="区委组织部抽调")),
    Case("S1-02", SILENT, many(1, {**_NO, "borrowing_unit": "海州区示例中学"}, unit=BUREAU)),
    Case("S1-02", E, many(1, _NO, unit=BUREAU)),
    Case("S1-02", SILENT, (*one(1, **_NO), *one(4))),
    Case("S1-02", E, (*one(1, **_NO), *one(4, **person(9)))),
    # S1-03 the three reasons
    Case("S1-03", E, one(4, reason_category=""), "records[0].reason_category"),
    Case("S1-03", W, one(4, reason_category="编制空缺"), "records[0].reason_category"),
    Case("S1-03", SILENT, one(4, reason_category="阶段性、季节性工作任务难以完成")),
    Case("S1-03", SILENT, one(4, reason_category="工作需要")),
    Case("S1-03", E, one(4, reason=""), "records[0].reason"),
    Case("S1-03", W, one(4, reason="因工作需要,确需借用。"), "records[0].reason"),
    Case("S1-03", W, one(4, reason="负责征迁档案归集与整理报送事"), "records[0].reason"),
    Case("S1-03", SILENT, one(4, reason="负责征迁档案归集与整理报送事项")),
    Case("S1-03", W, one(1, **_loan("2026-07-20", "2026-10-01"), reason="编制空缺"), "records[0].reason"),
    Case("S1-03", SILENT, one(1, **_loan("2026-07-19", "2026-10-01"), reason="编制空缺")),
    Case("S1-03", W, one(1, **_loan("2026-07-20", "2026-10-01"), reason="因工作需要"), "records[0].reason"),
    Case("S1-03", SILENT, one(1, **_loan("2026-07-19", "2026-10-01"), reason="因工作需要")),
    Case("S1-03", SILENT, one(1, **_loan("2026-07-20", "2026-10-01"), reason="重点工作")),
    Case("S1-03", E, one(1, reason="")),
    # S1-04 days are set
    Case("S1-04", E, one(1, end_date=""), "records[0].end_date"),
    Case("S1-04", E, one(1, start_date="/"), "records[0].start_date"),
    Case("S1-04", E, one(1, end_date="长期"), "records[0].end_date"),
    Case("S1-04", E, one(1, end_date="至今"), "records[0].end_date"),
    Case("S1-04", SILENT, one(1, end_date=None)),
    Case("S1-04", SILENT, one(1)),
    # S1-05 back when it ends
    Case("S1-05", E, one(1, proposal="继续借用"), "records[0].end_date", settings=_day(11, 1)),
    Case("S1-05", SILENT, one(1, proposal="继续借用"), settings=_day(10, 31)),
    Case("S1-05", E, one(1, proposal=""), settings=_day(11, 1)),
    Case("S1-05", SILENT, one(1, proposal=None), settings=_day(11, 1)),
    Case("S1-05", SILENT, one(1, proposal="办理调动"), settings=_day(11, 1)),
    Case("S1-05", SILENT, one(1, proposal="返回"), settings=_day(11, 1)),
    Case("S1-05", SILENT, one(1, proposal="继续借用", note="续借批准(2026-019)"), settings=_day(11, 1)),
    Case("S1-05", E, one(1, proposal="继续借用", note="续借手续未批"), settings=_day(11, 1)),
    # S1-10 half of the assessment year: 183 of 365, 184 of 366
    Case("S1-10", INFO, one(1, **_loan("2026-01-01", "2026-07-02")), "records[0].end_date"),
    Case("S1-10", SILENT, one(1, **_loan("2026-01-01", "2026-07-01"))),
    Case("S1-10", INFO, one(1, **_loan("2028-01-01", "2028-07-02")), settings=replace(SETTINGS, year=2028)),
    Case("S1-10", SILENT, one(1, **_loan("2028-01-01", "2028-07-01")), settings=replace(SETTINGS, year=2028)),
    Case("S1-10", SILENT, one(1, **_loan("2025-01-01", "2025-12-31"))),
    Case("S1-10", INFO, many(1, _loan("2026-01-01", "2026-03-31"), _loan("2026-08-01", "2026-11-01", id_number=_ME))),
    Case("S1-10", SILENT, many(1, _loan("2026-01-01", "2026-03-31"), _loan("2026-08-01", "2026-10-31", id_number=_ME))),
    Case("S1-10", E, one(1, **_loan("2026-01-01", "2026-07-02"), note="由原单位考核"), "records[0].note"),
    Case("S1-10", W, one(1, **_loan("2026-01-01", "2026-07-02"), note="由借入单位考核"), "records[0].note"),
    Case("S1-10", SILENT, one(1, **_loan("2026-01-01", "2026-07-02"), note="由借入单位考核,等次称职")),
    Case("S1-10", E, one(1, **_loan("2026-01-01", "2026-07-01"), note="由借入单位考核,等次称职")),
    Case("S1-10", W, one(1, **_loan("2026-01-01", "2026-07-01"), note="由原单位考核")),
    Case("S1-10", SILENT, one(1, **_loan("2026-01-01", "2026-07-01"), note="由原单位考核,已附表现鉴定")),
    # S1-11 loans within a system and to headquarters
    Case("S1-11", INFO, one(4, borrowing_supervisor=BUREAU), "records[0].lending_supervisor"),
    Case("S1-11", SILENT, one(4)),
    Case("S1-11", W, one(4, borrowing_unit="海州区示例路网建设指挥部"), "records[0].borrowing_unit"),
    Case("S1-11", W, one(1, borrowing_unit="海州区示例路网建设指挥部"), "records[0].note"),
    Case("S1-11", SILENT, one(1, borrowing_unit="海州区示例路网建设指挥部", note="区委组织部抽调")),
    Case("S1-11", INFO, one(1, borrowing_unit=BUREAU)),
    Case("S1-11", SILENT, one(1, borrowing_unit=BUREAU, note="系统内借用")),
]  # fmt: skip

APPROVAL = [
    # S1-06 four seals
    Case("S1-06", E, marked(4, {("lending_unit", "seal"): ABSENT}), "marks.lending_unit.seal"),
    Case("S1-06", E, marked(4, {("lending_unit", "date"): ABSENT}), "marks.lending_unit.date"),
    Case("S1-06", E, marked(4, {("lending_supervisor", "seal"): ABSENT}), "marks.lending_supervisor.seal"),
    Case("S1-06", E, marked(4, {("borrowing_unit", "seal"): ABSENT}), "marks.borrowing_unit.seal"),
    Case("S1-06", W, marked(4, {("borrowing_unit", "seal"): UNSURE}), "marks.borrowing_unit.seal"),
    Case("S1-06", W, marked(4, {("borrowing_unit", "seal"): DOUBTED}), "marks.borrowing_unit.seal"),
    Case("S1-06", W, marked(4, {("borrowing_unit", "seal"): GONE}), "marks.borrowing_unit.seal"),
    Case("S1-06", W, marked(4, {("borrowing_unit", "signature"): ABSENT}), "marks.borrowing_unit.signature"),
    Case("S1-06", SILENT, marked(4, {("borrowing_supervisor", "seal"): ABSENT})),
    Case("S1-06", E, marked(4, {("borrowing_supervisor", "seal"): ABSENT}, borrowing_supervisor="海州区发展和改革局")),
    Case("S1-06", SILENT, marked(4, {("borrowing_supervisor", "seal"): ABSENT}, borrowing_supervisor=TOWN)),
    Case("S1-06", SILENT, marked(4, {("borrowing_supervisor", "seal"): ABSENT}, borrowing_supervisor="/")),
    Case("S1-06", W, marked(4, {("borrowing_supervisor", "seal"): ABSENT}, borrowing_supervisor="")),
    Case("S1-06", W, marked(4, {("lending_supervisor", "seal"): EXCUSED}), "marks.lending_supervisor.seal"),
    Case(
        "S1-06",
        SILENT,
        marked(4, {("lending_supervisor", part): EXCUSED for part in ("opinion", "signature", "seal", "date")},
               lending_unit=BUREAU),
    ),
    Case("S1-06", E, marked(4, {("lending_unit", "opinion"): {"text": "不同意借出"}}), "marks.lending_unit.opinion"),
    Case("S1-06", SILENT, marked(4, {("lending_unit", "opinion"): {"text": "无不同意见,同意"}})),
    Case("S1-06", E, marked(4, {("lending_unit", "seal"): {"unit": "海州区水利局"}}), "marks.lending_unit.seal"),
    Case("S1-06", SILENT, marked(4, {("lending_unit", "seal"): {"unit": SCHOOL}})),
    Case("S1-06", SILENT, one(4)),
    # S1-07 both leaders
    Case("S1-07", E, marked(4, {("lending_leader", "signature"): ABSENT}), "marks.lending_leader.signature"),
    Case("S1-07", E, marked(4, {("borrowing_leader", "signature"): ABSENT}), "marks.borrowing_leader.signature"),
    Case("S1-07", W, marked(4, {("borrowing_leader", "signature"): UNSURE}), "marks.borrowing_leader.signature"),
    Case("S1-07", W, marked(4, {("borrowing_leader", "date"): ABSENT}), "marks.borrowing_leader.date"),
    Case("S1-07", SILENT, marked(4, {("borrowing_leader", part): EXCUSED for part in ("signature", "date")})),
    Case("S1-07", SILENT, marked(4, {("lending_leader", "signature"): ABSENT}), settings=_SINGLE_LAYER),
    Case(
        "S1-07",
        SILENT,
        (Doc("attachment-4", marks={("lending_leader", "signature"): ABSENT}, definition=_ONE_LAYER_EDITION),),
    ),
    Case("S1-07", SILENT, marked(4, {})),
    # S1-08 the office that reviews
    Case("S1-08", E, marked(4, {("hr_review", "seal"): ABSENT}), "marks.hr_review.seal"),
    Case("S1-08", W, marked(4, {("hr_review", "seal"): {"unit": "区委组织部"}}), "marks.hr_review.seal"),
    Case("S1-08", SILENT, marked(4, {("hr_review", "seal"): {"unit": "区人社局"}})),
    Case("S1-08", SILENT, marked(4, {("hr_review", "seal"): {"text": "海州区人力资源和社会保障局"}})),
    Case("S1-08", W, marked(4, {("hr_review", "seal"): {"unit": "区人社局"}}, establishment_type="行政编制")),
    Case("S1-08", SILENT, marked(4, {("hr_review", "seal"): {"unit": "区委组织部"}}, establishment_type="参公编制")),
    Case("S1-08", SILENT, marked(4, {("hr_review", "seal"): {"unit": "区委组织部"}}, post="副科级干部")),
    Case("S1-08", SILENT, marked(4, {("hr_review", "seal"): {"unit": "区委组织部"}}, establishment_type=None)),
    Case("S1-08", SILENT, marked(4, {("hr_review", "seal"): {"unit": "区委组织部"}}, post="校长")),
    # S1-09 the last word
    Case("S1-09", E, marked(4, {("final_approval", "signature"): ABSENT}), "marks.final_approval.signature"),
    Case("S1-09", E, marked(4, {("final_approval", "date"): ABSENT}), "marks.final_approval.date"),
    Case("S1-09", W, marked(4, {("final_approval", "signature"): UNSURE}), "marks.final_approval.signature"),
    Case("S1-09", E, marked(4, {("final_approval", "opinion"): {"text": "不予批准"}}), "marks.final_approval.opinion"),
    Case("S1-09", SILENT, marked(4, {})),
    # X-09 the order of days
    Case("X-09", W, marked(4, {("hr_review", "date"): {"value": "2026-07-22"}}), "marks.hr_review.date"),
    Case("X-09", SILENT, marked(4, {("hr_review", "date"): {"value": "2026-07-23"}})),
    Case("X-09", W, marked(4, {("lending_unit", "date"): {"value": "2026-07-20"}}), "marks.lending_unit.date"),
    Case("X-09", W, marked(4, {("lending_supervisor", "date"): {"value": "2026-07-20"}})),
    Case("X-09", SILENT, marked(4, {("lending_supervisor", "date"): {"value": None, "review": True}})),
    Case("X-09", SILENT, marked(4, {}, start_date="2026-07-25")),
    Case("X-09", E, marked(4, {}, start_date="2026-07-24"), "marks.final_approval.date"),
    Case("X-09", W, marked(4, {}, start_date="2026-07-19"), "marks.final_approval.date"),
    Case("X-09", E, marked(4, {}, start_date="2026-07-20"), "marks.final_approval.date"),
    Case("X-09", W, marked(4, {("final_approval", "date"): {"review": True}}, start_date="2026-07-24")),
    Case("X-09", SILENT, one(4, start_date="2026-07-20")),
]  # fmt: skip

STAFF = [
    # S1-12 who approves
    Case("S1-12", E, one(5, approval=""), "records[0].approval"),
    Case("S1-12", W, one(3, approval=""), "records[0].approval"),
    Case("S1-12", SILENT, one(5, approval=None)),
    Case("S1-12", SILENT, one(5, approval="", unit="海州区示例发展集团")),
    Case("S1-12", SILENT, one(5, approval=f"{TOWN} 海街发〔2024〕3号")),
    Case("S1-12", E, one(5, approval="未经研究")),
    Case("S1-12", W, one(5, approval="区政府分管副区长批准"), "records[0].approval"),
    Case("S1-12", SILENT, one(5, approval="海编外〔2024〕28号")),
    Case("S1-12", SILENT, one(5, unit=BUREAU, approval="区政府分管副区长批准")),
    Case("S1-12", W, one(5, unit=BUREAU, approval="局党组会议研究同意")),
    Case("S1-12", SILENT, one(5, unit="海州区示例路网建设指挥部", approval="分管指挥长批准")),
    Case("S1-12", W, one(5, unit="海州区示例路网建设指挥部", approval="指挥部办公会研究同意")),
    Case("S1-12", SILENT, one(5, unit=SCHOOL, approval="海州区教育局 海教〔2024〕3号")),
    Case("S1-12", W, one(5, unit=SCHOOL, approval="学校办公会研究同意")),
    Case("S1-12", W, one(5, hired_on="2026-07-20", approval="街道党工委2026年7月21日研究"), "records[0].approval"),
    Case("S1-12", SILENT, one(5, hired_on="2026-07-21", approval="街道党工委2026年7月21日研究")),
    Case("S1-12", SILENT, one(5, hired_on="2026-07-19", approval="街道党工委2026年7月21日研究")),
    # S1-13 kept without a contract
    Case("S1-13", W, one(3, **_KEPT_UNSIGNED, management="履行合同至期满"), "records[0].management"),
    Case("S1-13", SILENT, one(3, **_KEPT_UNSIGNED, management="由代理处劳务派遣")),
    Case("S1-13", E, one(3, **_KEPT_UNSIGNED, management=""), "records[0].management"),
    Case("S1-13", SILENT, one(3, **_KEPT_UNSIGNED, management="统一管理")),
    Case("S1-13", SILENT, one(3, has_contract=None, management="")),
    # S1-14 kept with a contract
    Case("S1-14", W, one(3, management="由代理处劳务派遣"), "records[0].management", settings=_day(6, 30, 2027)),
    Case("S1-14", SILENT, one(3, management="履行合同至期满"), settings=_day(6, 30, 2027)),
    Case("S1-14", W, one(3, management="履行合同至期满"), "records[0].management", settings=_day(7, 1, 2027)),
    Case("S1-14", SILENT, one(3, management="期满续约由代理处统一管理"), settings=_day(7, 1, 2027)),
    Case(
        "S1-14",
        W,
        one(3, management="期满续约由代理处统一管理", contract_party="示例人力有限公司"),
        "records[0].contract_party",
        settings=_day(7, 1, 2027),
    ),
    Case("S1-14", SILENT, one(3, contract_end="无固定", management="由代理处劳务派遣")),
    # S1-15 the reason to keep
    Case("S1-15", E, one(3, retention_reason=""), "records[0].retention_reason"),
    Case("S1-15", W, one(3, retention_reason="工作需要"), "records[0].retention_reason"),
    Case("S1-15", W, one(3, retention_reason="因单位实际工作需要,人手不足,确需予以保留")),
    Case("S1-15", W, one(3, retention_reason="负责全镇水电检修事")),
    Case("S1-15", SILENT, one(3, retention_reason="负责全镇水电检修事务")),
    Case("S1-15", SILENT, one(3, retention_reason=None)),
    # S1-16 by 31 August
    Case("S1-16", E, many(2, {}, filled_on="2026-09-01"), "header.filled_on"),
    Case("S1-16", SILENT, many(2, {}, filled_on="2026-08-31")),
    Case("S1-16", SILENT, many(5, {}, filled_on="2026-09-01")),
    Case("S1-16", SILENT, many(2, {}, filled_on=None)),
    Case("S1-16", W, one(2), "header.unit", extra={"receipts": "区委组织部"}),
    Case("S1-16", SILENT, one(2), extra={"receipts": "组织部、人社局"}),
    # S1-17 the month of the clean-up, and its grace
    Case("S1-17", W, one(2, dismissed_on="2026-07-19"), "records[0].dismissed_on"),
    Case("S1-17", SILENT, one(2, dismissed_on="2026-07-20")),
    Case("S1-17", SILENT, one(2, dismissed_on="2026-08-20")),
    Case("S1-17", SILENT, one(2, dismissed_on="2026-08-31")),
    Case("S1-17", W, one(2, dismissed_on="2026-09-01")),
    Case("S1-17", SILENT, one(2, dismissed_on=None)),
    # S1-18 attachment-5 in three places
    Case("S1-18", W, marked(5, {("finance_seal", "seal"): ABSENT}), "marks.finance_seal.seal"),
    Case("S1-18", SILENT, marked(5, {})),
    Case("S1-18", W, marked(5, {("finance_seal", "seal"): {"unit": "海州区教育局"}}), "marks.finance_seal.seal"),
    Case("S1-18", SILENT, marked(5, {("finance_seal", "seal"): {"unit": "海州区财政局"}})),
    Case("S1-18", SILENT, (*one(2), *one(3), *many(5, {}, unit="示例街道"))),
    Case("S1-18", W, (*one(2), *one(3)), "header.unit"),
    Case("S1-18", SILENT, one(3)),
    Case("S1-18", W, (*one(3), *many(5, {"unit": BUREAU}, unit=BUREAU)), "header.unit"),
    Case("S1-18", SILENT, (*one(3), *many(5, {}, unit=BUREAU))),
    Case("S1-18", E, one(3), "header.unit", extra={"complete": "yes"}),
    Case("S1-18", SILENT, (*one(2), *one(3), *one(5))),
    Case("S1-18", W, one(5), "header.unit", extra={"receipts": "组织部、人社局"}),
    # S1-19 hired through the agency
    Case("S1-19", W, one(5, hired_on="2026-07-20", employment_form="单位直签劳动合同"), "records[0].employment_form"),
    Case("S1-19", SILENT, one(5, hired_on="2026-07-19", employment_form="单位直签劳动合同")),
    Case("S1-19", SILENT, one(5, hired_on="2026-07-20")),
    Case("S1-19", SILENT, one(5, hired_on="2026-07-20", employment_form="劳务派遣")),
    Case("S1-19", W, one(5, dispatch_agency=""), "records[0].dispatch_agency"),
    Case("S1-19", W, one(5, dispatch_agency="示例人力有限公司"), "records[0].dispatch_agency"),
    # S1-20 no hiring while errors stand
    Case("S1-20", W, one(5, change="新增", name=""), "records[0].change"),
    Case("S1-20", W, many(5, {"name": ""}, added=1), "header.added"),
    Case("S1-20", SILENT, one(5, change="新增")),
    Case("S1-20", SILENT, one(5, name="")),
    Case("S1-20", SILENT, (*many(2, {"name": ""}, unit=BUREAU), *one(5, change="新增"))),
    # S1-21 the supervisor's audit
    Case("S1-21", W, marked(2, {("supervisor_seal", "seal"): ABSENT}), "marks.supervisor_seal.seal"),
    Case("S1-21", SILENT, marked(2, {("supervisor_seal", "seal"): EXCUSED})),
    Case("S1-21", SILENT, one(2)),
    Case("S1-21", W, one(2), "header.unit", extra={"owed_units": f"{TOWN}\n{SCHOOL}"}),
    Case("S1-21", SILENT, one(2), extra={"owed_units": TOWN}),
    # S1-22 within the scope
    Case("S1-22", W, many(2, {}, unit="上海某某公司"), "header.unit", settings=replace(SETTINGS, units=(TOWN, AGENCY))),
    Case("S1-22", SILENT, one(2), settings=replace(SETTINGS, units=(TOWN, AGENCY))),
    Case("S1-22", SILENT, many(2, {}, unit="上海某某公司")),
]  # fmt: skip

CASES = [*LOANS, *APPROVAL, *STAFF]

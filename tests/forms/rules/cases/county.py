"""Cases of the S2 rules, with the pack switched on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tests.forms.rules.builders import SETTINGS, Doc, number_of
from tests.forms.rules.cases.table import ABSENT, SILENT, UNSURE, Case, E, W, many, marked, one

_OFF = replace(SETTINGS, packs=frozenset({"F", "L", "S1", "X"}))
_FULL = one(4, posts_approved=42, posts_filled=42)
_MAN = {"sex": "男", "id_number": number_of("1965-06-26", 101), "birth_month": "1965-06"}

CASES = [
    Case("S2-01", E, marked(3, {("principal_signature", "signature"): ABSENT}), "marks.principal_signature.signature"),
    Case("S2-01", E, marked(3, {("unit_seal", "seal"): ABSENT}), "marks.unit_seal.seal"),
    Case("S2-01", W, marked(3, {("unit_seal", "seal"): UNSURE})),
    Case("S2-01", SILENT, marked(3, {})),
    Case("S2-01", SILENT, marked(3, {("unit_seal", "seal"): ABSENT}), settings=_OFF),
    Case("S2-02", E, (Doc("ledger", ({}, {})), *one(3)), "records[1].name"),
    Case("S2-02", SILENT, (Doc("ledger", ({}, {"note": "已离职"})), *one(3))),
    Case("S2-02", SILENT, (Doc("ledger", ({}, {"note": None})), *one(3))),
    Case("S2-02", SILENT, (Doc("ledger", ({}, {})),)),
    Case("S2-03", W, (*_FULL, *one(3)), "header.unit"),
    Case("S2-03", SILENT, (*one(4, posts_approved=42, posts_filled=41), *one(3))),
    Case("S2-03", SILENT, (*one(4, posts_filled=41), *one(3))),
    Case("S2-04", W, one(3, post="保洁员"), "records[0].post"),
    Case("S2-04", SILENT, one(3, post="窗口受理员")),
    Case("S2-05", W, one(5, post_category="其他/特设"), "records[0].post_category"),
    Case("S2-05", SILENT, one(5, post_category="服务性")),
    Case("S2-05", SILENT, one(5, post_category="管理")),
    Case("S2-06", E, one(5, classified_post=True), "records[0].classified_post"),
    Case("S2-06", E, one(5, post="机要员"), "records[0].post"),
    Case("S2-06", SILENT, one(5)),
    Case("S2-07", W, one(5, post="行政执法员"), "records[0].post"),
    Case("S2-07", SILENT, one(5, post="行政执法辅助人员")),
    Case("S2-08", W, one(5, post_category="技术性", qualification=""), "records[0].qualification"),
    Case("S2-08", SILENT, one(5, post_category="技术性", qualification="低压电工证")),
    Case("S2-08", SILENT, one(5, qualification="")),
    Case("S2-09", W, one(5, term_start="2026-07-01", term_end="2027-07-01"), "records[0].term_end"),
    Case("S2-09", SILENT, one(5, term_start="2026-07-01", term_end="2027-06-30")),
    Case("S2-10", W, one(5, employment_form="单位直签劳动合同"), "records[0].employment_form"),
    Case("S2-10", SILENT, one(5, employment_form="劳务派遣")),
    Case("S2-11", W, one(5, approval="党工委会议2024年7月2日研究"), "records[0].approval"),
    Case("S2-11", SILENT, one(5, approval="党工委会议2024年7月1日研究")),
    Case("S2-12", W, many(3, {}, contact=""), "header.contact"),
    Case("S2-12", W, one(3), "header.unit", extra={"work_plan": "no", "team_list": "yes"}),
    Case("S2-12", SILENT, one(3), extra={"work_plan": "yes", "team_list": "yes"}),
    Case("S2-13", W, one(5, **_MAN), settings=replace(SETTINGS, report_day=dt.date(2025, 8, 26))),
    Case("S2-13", SILENT, one(5, **_MAN), settings=replace(SETTINGS, report_day=dt.date(2025, 8, 25))),
    Case("S2-13", SILENT, one(5, **_MAN, employment_form="退休返聘")),
]  # fmt: skip

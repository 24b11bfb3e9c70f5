"""Invented data for the five forms, consistent over a unit: who is kept is not cleared, counts agree, IDs check.

Every person is invented. ID numbers carry the address code 320799, which no place has, and a right check digit; unit
names are public offices or made up. The same seed gives the same data.

    python -m samples.records attachment-5 --count 30 --seed 7 > data.json
"""

from __future__ import annotations

import argparse
import calendar
import datetime as dt
import json
import random
import sys
from typing import Any

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文辉力志永健世广义兴良海山仁波宁贵福生龙元全"
    "胜学祥才发武新利清飞彬富顺信子浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以家致树"
    "炎德行时泰盛雄琛钧冠策腾楠榕风航弘喆堃翀镕昇"
)
UNITS = (
    "海州区教育局",
    "海州区住房和城乡建设局",
    "海州区民政局",
    "海州区农业农村局",
    "浦南镇人民政府",
    "板浦镇人民政府",
    "新海街道办事处",
    "海州区城市管理局",
)
CHILDREN = ("第一中心", "第二服务站", "综合事务中心", "培训中心")
POSTS = ("窗口受理员", "资料整理员", "驾驶员", "水电维护员", "讲解员", "网格协管员", "实验辅助员", "信息录入员")
SCHOOLS = ("示例师范学院 汉语言文学", "示例工学院 计算机科学与技术", "示例农业大学 园林", "示例职业技术学院 会计")
REASONS = (
    "承担全区农村人居环境整治重点工作,专班人手不足,需借用熟悉业务人员一名",
    "配合做好第五次全国经济普查现场登记阶段性任务,时间紧任务重",
    "参与区委区政府下达的防汛抢险临时性重要任务,负责值守与信息报送",
)
KEEP_REASONS = (
    "窗口全年无休,现有在编人员无法轮班,需保留一名受理员",
    "负责全镇水电设施日常检修,持有电工证,短期内无人可以接替",
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
YEAR = 2026


def id_number(born: dt.date, sex: str, rng: random.Random) -> str:
    """A number with a right check digit (GB 11643) under an address code that no place has."""
    order = rng.randrange(100, 999)
    order += (order % 2 == 1) != (sex == "男")
    body = f"320799{born:%Y%m%d}{min(order, 999):03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


class People:
    """A source of invented people, none twice."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self._numbers: set[str] = set()

    def person(self) -> dict[str, Any]:
        """The fields that all forms share."""
        rng = self.rng
        while True:
            sex = rng.choice("男女")
            born = dt.date(rng.randrange(1978, 2002), rng.randrange(1, 13), rng.randrange(1, 28))
            number = id_number(born, sex, rng)
            if number not in self._numbers:
                break
        self._numbers.add(number)
        name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
        return {"name": name, "sex": sex, "id_number": number, "birth_month": f"{born:%Y-%m}", "born": born}


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months on, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _contact(people: People) -> dict[str, Any]:
    rng = people.rng
    return {
        "contact": people.person()["name"],
        "contact_phone": f"0518-8{rng.randrange(10**6, 10**7)}",
        "principal": people.person()["name"],
        "filled_by": people.person()["name"],
    }


def loan_roster(count: int, seed: int) -> dict[str, Any]:
    """附件1."""
    people = People(seed)
    rng = people.rng
    unit = rng.choice(UNITS)
    rows = []
    for number in range(1, count + 1):
        person = people.person()
        start = dt.date(YEAR, rng.randrange(1, 5), rng.randrange(1, 28))
        months = rng.choice((3, 6, 9, 12))
        lender = rng.choice([item for item in UNITS if item != unit])
        rows.append(
            {
                "no": number,
                **_without(person, "born"),
                "political_status": rng.choice(("中共党员", "群众", "共青团员")),
                "education": rng.choice(("大学本科", "硕士研究生", "大学专科")),
                "lending_unit": lender + rng.choice(("", "", CHILDREN[2])),
                "lending_supervisor": lender,
                "post": rng.choice(("科员", "工程师", "教师", "办事员")),
                "establishment_type": rng.choice(("行政编制", "事业(管理)", "事业(专技)")),
                "borrowing_unit": unit,
                "borrowed_post": rng.choice(POSTS),
                "reason": rng.choice(REASONS),
                "start_date": start.isoformat(),
                "end_date": (add_months(start, months) - dt.timedelta(days=1)).isoformat(),
                "months": months,
                "approval": f"是,海组借〔{YEAR}〕{rng.randrange(1, 90)}号",
                "proposal": rng.choice(("继续借用", "期满返回")),
                "note": "",
            }
        )
    header = {"unit": unit, "filled_on": f"{YEAR}-08-20", "total": count, **_contact(people)}
    return {"form": "attachment-1", "header": header, "records": rows}


def loan_approvals(count: int, seed: int) -> dict[str, Any]:
    """附件4, one record a document."""
    people = People(seed)
    rng = people.rng
    records = []
    for number in range(1, count + 1):
        person = people.person()
        lender, borrower = rng.sample(UNITS, 2)
        filled = dt.date(YEAR, rng.randrange(2, 8), rng.randrange(1, 28))
        start = filled + dt.timedelta(days=rng.randrange(20, 40))
        months = rng.choice((3, 6, 9, 12))
        born: dt.date = person["born"]
        records.append(
            {
                "serial": f"{YEAR}-{number:03d}",
                "filled_on": filled.isoformat(),
                **_without(person, "born"),
                "age": filled.year - born.year - ((filled.month, filled.day) < (born.month, born.day)),
                "ethnicity": rng.choice(("汉族", "汉族", "汉族", "回族", "满族")),
                "political_status": rng.choice(("中共党员", "群众", "民盟盟员")),
                "work_start": f"{born.year + 23}-08",
                "education": rng.choice(("大学本科", "硕士研究生", "大学专科")),
                "school_major": rng.choice(SCHOOLS),
                "phone": f"13{rng.randrange(10**8, 10**9)}",
                "lending_unit": lender + rng.choice(("", CHILDREN[2])),
                "post": rng.choice(("科员", "工程师", "教师", "办事员")),
                "lending_supervisor": lender,
                "establishment_type": rng.choice(("行政编制", "事业(管理)", "事业(专技)")),
                "borrowing_unit": borrower,
                "borrowing_supervisor": borrower,
                "borrowed_post": rng.choice(POSTS),
                "start_date": start.isoformat(),
                "end_date": (add_months(start, months) - dt.timedelta(days=1)).isoformat(),
                "months": months,
                "reason_category": rng.choice(("区委区政府下达的临时性重要任务", "重点工作")),
                "reason": rng.choice(REASONS),
                "posts_approved": 20,
                "posts_filled": 18,
                "posts_borrowed": rng.randrange(0, 4),
                "returned_on": "",
                "note": "",
            }
        )
    return {"form": "attachment-4", "header": {}, "records": records}


def _worker(people: People, unit: str, number: int) -> dict[str, Any]:
    rng = people.rng
    person = people.person()
    adult = person["born"].year + 18
    hired = dt.date(rng.randrange(max(2012, adult), max(YEAR, adult + 1)), rng.randrange(1, 13), rng.randrange(1, 28))
    form = rng.choice(("劳务派遣(区代理处)", "单位直签劳动合同", "劳务派遣(区代理处)"))
    start = dt.date(rng.randrange(YEAR - 2, YEAR), hired.month, hired.day)
    start = max(start, hired)
    return {
        "no": number,
        "unit": unit + rng.choice(("", *CHILDREN)),
        **person,
        "education": rng.choice(("大学本科", "大学专科", "中等专科", "普通高中")),
        "post": rng.choice(POSTS),
        "employment_form": form,
        "hired_on": hired.isoformat(),
        "has_contract": True,
        "contract_start": start.isoformat(),
        "contract_end": (add_months(start, 36) - dt.timedelta(days=1)).isoformat(),
        "funding": rng.choice(("财政拨款", "单位自筹", "镇街开发区自有财力")),
    }


def dismissals(count: int, seed: int) -> dict[str, Any]:
    """附件2."""
    people = People(seed)
    rng = people.rng
    unit = rng.choice(UNITS)
    rows = []
    for number in range(1, count + 1):
        worker = _without(_worker(people, unit, number), "born", "birth_month")
        rows.append(
            {
                **worker,
                "dismissed_on": dt.date(YEAR, 7, rng.randrange(20, 32)).isoformat(),
                "dismissal_method": rng.choice(("合同期满终止", "协商解除", "退回派遣单位")),
                "compensation": rng.choice((0, 12500, 8600.5)),
                "destination": "自主就业",
                "note": "",
            }
        )
    header = {
        "unit": unit,
        "filled_on": f"{YEAR}-08-20",
        "total": count,
        **_contact(people),
        "before_total": count + 5,
        "dismissed_total": count,
        "retained_total": 5,
    }
    return {"form": "attachment-2", "header": header, "records": rows}


def retained(count: int, seed: int) -> dict[str, Any]:
    """附件3."""
    people = People(seed)
    rng = people.rng
    unit = rng.choice(UNITS)
    rows = []
    for number in range(1, count + 1):
        worker = _without(_worker(people, unit, number), "born", "birth_month")
        agency = "海州区劳动保障事务代理处" if worker["employment_form"].startswith("劳务派遣") else worker["unit"]
        rows.append(
            {
                **worker,
                "post_category": rng.choice(("服务性", "辅助性")),
                "classified_post": False,
                "contract_party": agency,
                "monthly_wage": rng.randrange(2600, 5200, 100),
                "retention_reason": rng.choice(KEEP_REASONS),
                "management": "履行合同至期满",
                "approval": f"{unit}办公会{YEAR}年8月5日研究同意",
                "note": "",
            }
        )
    header = {
        "unit": unit,
        "filled_on": f"{YEAR}-08-20",
        "total": count,
        **_contact(people),
        "before_total": count + 3,
        "dismissed_total": 3,
        "retained_total": count,
    }
    return {"form": "attachment-3", "header": header, "records": rows}


def workers(count: int, seed: int) -> dict[str, Any]:
    """附件5."""
    people = People(seed)
    rng = people.rng
    unit = rng.choice(UNITS)
    rows = []
    for number in range(1, count + 1):
        worker = _without(_worker(people, unit, number), "born", "has_contract")
        rows.append(
            {
                **worker,
                "department": rng.choice(("办公室", "综合科", "服务大厅", "")),
                "ethnicity": "汉族",
                "political_status": rng.choice(("群众", "中共党员", "共青团员")),
                "major": rng.choice(("会计", "计算机应用", "文秘", "")),
                "qualification": "",
                "post_category": rng.choice(("服务性", "辅助性")),
                "classified_post": False,
                "dispatch_agency": "海州区劳动保障事务代理处" if "派遣" in worker["employment_form"] else "",
                "term_start": f"{YEAR}-01-01",
                "term_end": f"{YEAR}-12-31",
                "monthly_wage": rng.randrange(2600, 5200, 100),
                "social_insurance": True,
                "approval": f"{unit} 海编外〔{rng.randrange(2012, YEAR)}〕{rng.randrange(1, 60)}号",
                "phone": f"15{rng.randrange(10**8, 10**9)}",
                "change": "",
                "note": "",
            }
        )
    header = {
        "unit": unit,
        "filled_on": f"{YEAR}-09-05",
        "total": count,
        **_contact(people),
        "as_of": f"{YEAR}-08-31",
        "added": 0,
        "renewed": 0,
        "changed": 0,
        "removed": 0,
        "in_post": count,
    }
    return {"form": "attachment-5", "header": header, "records": rows}


def _without(record: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in keys}


MAKERS = {
    "attachment-1": loan_roster,
    "attachment-2": dismissals,
    "attachment-3": retained,
    "attachment-4": loan_approvals,
    "attachment-5": workers,
}


def make_records(form: str, count: int, seed: int = 1) -> dict[str, Any]:
    """Data of ``form`` in the shape of contract §3, with ``count`` people."""
    return MAKERS[form](count, seed)


def main() -> None:
    """Write data to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("form", choices=sorted(MAKERS))
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    json.dump(make_records(chosen.form, chosen.count, chosen.seed), sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()

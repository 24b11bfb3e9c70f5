"""Progress over HTTP: the board, files, letters, pages; and on the command line."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient

from service.application import POLICY, create_app
from service.cli.main import main
from service.jobs.worker import run_next
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from tests.service.operations.progress.district import (
    AFTER,
    IDS,
    LAST_DAY,
    NAMES,
    NUMBERS,
    District,
    entry,
    loan,
    worker,
)

API = "/api/v1/progress"
LATE = f"day={AFTER.isoformat()}"


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district with some files in it, for all tests of this module."""
    folder = tmp_path_factory.mktemp("progress") / "data"
    runtime = open_runtime(Settings(data_dir=folder, reserve_mib=1, year=2026))
    district = District(runtime)
    sent = {"employment_form": entry("劳务派遣(区代理处)", "1"), "funding": entry("财政拨款", "1")}
    ending = {"employment_form": sent["employment_form"], "contract_end": entry("2026-09-30")}
    district.accept(district.hand_in("school", "attachment-2", worker(0, **sent), worker(1, **sent)))
    district.accept(district.hand_in("school", "attachment-3", worker(2, funding=entry("<b>&自筹", None), **ending)))
    district.accept(
        district.hand_in(
            "town", "attachment-1", loan(0, "2026-01-01", "2026-09-20"), loan(1, "2025-01-01", "2026-09-01")
        )
    )
    district.take_up(district.hand_in("town", "attachment-5", worker(3)))
    yield district
    runtime.close()


@pytest.fixture
def web(handed: District) -> FlaskClient:
    return create_app(handed.runtime).test_client()


def test_the_board_is_paged_filtered_and_summed(web: FlaskClient) -> None:
    whole = web.get(f"{API}?{LATE}").get_json()
    assert whole["sums"]["attachment-2"]["late"] == 4
    assert whole["total"] == whole["figures"]["units"] == 5
    page = web.get(f"{API}?{LATE}&limit=2&offset=4").get_json()
    assert (page["total"], [row["unit"]["name"] for row in page["units"]]) == (5, [NAMES["site"]])
    under = web.get(f"{API}?{LATE}&under={NAMES['office']}&form=附件2&state=accepted").get_json()
    assert [row["unit"]["name"] for row in under["units"]] == [NAMES["school"]]
    named = web.get(f"{API}?{LATE}&q=卫生院").get_json()
    assert [row["unit"]["name"] for row in named["units"]] == [NAMES["clinic"]]
    due = web.get(f"{API}?day={LAST_DAY.isoformat()}").get_json()
    assert due["sums"]["attachment-2"] == {**dict.fromkeys(due["states"], 0), "due": 4, "accepted": 1}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("day=morgen", 422),
        ("day=9999-12-31", 422),
        ("day=2026-02-30", 422),
        ("state=gone", 422),
        ("form=附件9", 404),
        ("under=nobody", 404),
        ("campaign=2031", 404),
        ("limit=x", 422),
    ],
)
def test_what_cannot_be_asked_is_refused(web: FlaskClient, query: str, status: int) -> None:
    for path in (API, "/progress"):
        assert web.get(f"{path}?{query}").status_code == status


def test_the_workbook_has_every_unit_and_the_sums(web: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(web.get(f"{API}.xlsx?{LATE}").get_data()))
    rows = list(book["各单位"].iter_rows(values_only=True))
    assert rows[0] == ("单位", "单位类别", "主管（牵头）单位", "附件1", "附件2", "附件3", "附件4", "附件5")
    assert {row[0] for row in rows[1:]} == set(NAMES.values())
    sums = [row for row in book["合计"].iter_rows(min_row=2, values_only=True) if row[0] == "合计"]
    assert [sum(int(str(count)) for count in row[2:-1]) for row in sums] == [5] * 5


def test_the_list_of_who_is_late_and_the_letter_to_each(web: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(web.get(f"{API}/late.xlsx?{LATE}").get_data()))
    late = {row[1]: row[3] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert late[NAMES["school"]] == "附件1、附件5"
    assert str(late[NAMES["town"]]).startswith("附件2、附件3、附件4（缺")
    answer = web.get(
        f"{API}/units/{IDS['school']}/letter.docx?{LATE}&signed=甲局、乙局&contact=丙 0518-80000009&until=2026-09-30"
    )
    document = docx.Document(io.BytesIO(answer.get_data()))
    text = "\n".join(item.text for item in document.paragraphs)
    for said in ("测试中学：", "2026年9月30日前补报", "丙 0518-80000009", "甲局", "乙局", "抄送：海州区测试局"):
        assert said in text
    assert "13800001234" not in text, "a liaison's mobile number is nobody else's"
    assert [row.cells[2].text for row in document.tables[0].rows[1:]] == ["方案三（二）2（1）", "方案三（三）3"]
    plan = docx.Document(io.BytesIO(web.get(f"{API}/units/{IDS['school']}/letter.docx?{LATE}").get_data()))
    assert "81589239、85605580" in "\n".join(item.text for item in plan.paragraphs)
    for path in (f"{API}/late.exe", f"{API}/units/{IDS['school']}/letter.xlsx", f"{API}/reminders/nothing"):
        assert web.get(path).status_code == 404
    early = web.get(f"{API}/units/{IDS['school']}/letter.docx?day=2026-08-01")
    assert (early.status_code, early.get_json()["code"]) == (409, "not-late")


@pytest.mark.slow
def test_a_letter_as_pdf(web: FlaskClient) -> None:
    answer = web.get(f"{API}/reminders/overdue/units/{IDS['town']}/letter.pdf?{LATE}")
    assert answer.get_data()[:5] == b"%PDF-"


def test_letters_to_all_as_a_zip(web: FlaskClient, handed: District) -> None:
    body = {"list": "late", "as": "docx", "day": AFTER.isoformat(), "under": NAMES["office"], "signed": "甲局"}
    begun = web.post(f"{API}/letters", json=body)
    assert begun.status_code == 202
    job = begun.get_json()["job"]
    while run_next(handed.runtime):
        pass
    assert "已生成 3 份函" in web.get(f"/progress/letters/{job}").get_data(as_text=True)
    archive = zipfile.ZipFile(io.BytesIO(web.get(f"/api/v1/jobs/{job}/download", buffered=True).get_data()))
    assert archive.namelist() == [
        f"00{number}_催报函_{NAMES[place]}.docx" for number, place in enumerate(("office", "school", "clinic"), start=1)
    ]
    letter = docx.Document(io.BytesIO(archive.read(archive.namelist()[1])))
    said = "\n".join(item.text for item in letter.paragraphs)
    assert "甲局" in said
    assert "抄送：海州区测试局" in said
    nobody = web.post(f"{API}/letters", json={"list": "late", "day": "2026-08-01"})
    assert (nobody.status_code, nobody.get_json()["code"]) == (404, "nobody-to-remind")
    form = web.post("/progress/letters", data={"list": "overdue", "day": AFTER.isoformat(), "days": "30", "as": "docx"})
    assert form.status_code == 303
    for wrong in ({"list": "x"}, {"as": "xls"}, {"days": -1}, {"until": "x"}, {"colour": "red"}):
        assert web.post(f"{API}/letters", json=wrong).status_code == 422, wrong
    half = web.post(f"{API}/letters", data=b'{"contact": "\\ud800"}', content_type="application/json")
    assert half.status_code == 422


def test_lists_of_people_are_masked_everywhere(web: FlaskClient) -> None:
    paths = [f"{API}/reminders/ending?{LATE}", f"/progress/reminders/overdue?{LATE}", f"{API}/reminders?{LATE}"]
    for path in paths:
        page = web.get(path).get_data(as_text=True)
        assert not any(number in page for number in NUMBERS), path
    book = openpyxl.load_workbook(io.BytesIO(web.get(f"{API}/reminders/overdue/table.xlsx?{LATE}").get_data()))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1][:3] == (NAMES["town"], "王乙", "3***************34")
    letter = web.get(f"{API}/reminders/overdue/units/{IDS['town']}/letter.docx?{LATE}").get_data()
    table = docx.Document(io.BytesIO(letter)).tables[0]
    assert [cell.text for cell in table.rows[1].cells][:3] == ["1", "王乙", "3***************34"]


@pytest.mark.parametrize(
    ("name", "place", "people"),
    [
        ("ending", "town", ["王甲"]),
        ("overdue", "town", ["王乙"]),
        ("over-a-year", "town", ["王乙"]),
        ("assessment", "town", ["王乙", "王甲"]),
        ("dispatch-ending", "school", ["李丙"]),
    ],
)
def test_each_list_its_workbook_and_its_letter_name_the_same_people(
    web: FlaskClient, name: str, place: str, people: list[str]
) -> None:
    answer = web.get(f"{API}/reminders/{name}?{LATE}").get_json()
    assert sorted(one["name"] for one in answer["people"]) == people
    book = openpyxl.load_workbook(io.BytesIO(web.get(f"{API}/reminders/{name}/table.xlsx?{LATE}").get_data()))
    rows = [list(map(str, row)) for row in book.worksheets[0].iter_rows(values_only=True) if row[0] == NAMES[place]]
    assert sorted(row[1] for row in rows) == people
    letter = web.get(f"{API}/reminders/{name}/units/{IDS[place]}/letter.docx?{LATE}").get_data()
    document = docx.Document(io.BytesIO(letter))
    named = [row.cells[1].text for table in document.tables for row in table.rows[1:]]
    assert sorted(named) == people
    assert NAMES[place] in document.paragraphs[1].text + document.paragraphs[2].text


def test_every_number_of_the_page_leads_to_as_many_units(web: FlaskClient) -> None:
    page = web.get(f"/progress?{LATE}").get_data(as_text=True)
    links = re.findall(r'<a href="(/progress\?[^"#]*)#units">(\d+)</a>', page)
    assert len(links) > 10
    for address, number in links:
        shown = web.get(address.replace("&amp;", "&")).get_data(as_text=True)
        assert f"共 {number} 个单位" in shown, address


def test_the_pages_say_where_each_unit_stands(web: FlaskClient) -> None:
    unit = web.get(f"/progress/units/{IDS['town']}?{LATE}").get_data(as_text=True)
    for said in ("测试镇", "审核中", "应逐人报", "town.xlsx", "催报函"):
        assert said in unit, said
    assert web.get("/progress/reminders").status_code == 303
    before = web.get("/progress?day=2026-07-01").get_data(as_text=True)
    assert "暂不需报" in before


def test_each_chart_is_a_table_from_which_a_script_of_the_program_draws(web: FlaskClient) -> None:
    answer = web.get(f"/progress/charts?{LATE}")
    page = answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"] == POLICY
    figures = re.findall(r'<figure class="chart".*?</figure>', page, re.DOTALL)
    assert len(figures) == 4
    for figure in figures:
        assert "<table" in figure
        assert "合计" in figure
        assert not re.search(r"<script|<style|style=|\son\w+=", figure)
    for found in re.findall(r"<script[^>]*>", page):
        assert re.search(r'src="/static/(vendor|own)/[0-9a-f]{12}/', found)
    plain = web.get(f"{API}/figures?{LATE}").get_json()["charts"]
    by_kind = next(chart for chart in plain if chart["key"] == "kind")
    assert by_kind == {
        "key": "kind",
        "title": "清退、保留人数（按单位类别）",
        "bars": ["下属单位"],
        "series": {"清退": [2], "保留": [1]},
    }


def test_the_command_line_prints_who_is_late(
    make_runtime: Callable[..., Runtime], capsys: pytest.CaptureFixture[str]
) -> None:
    district = District(make_runtime(year=2026))
    district.accept(district.hand_in("school", "attachment-2", worker(0)))
    folder = str(district.runtime.settings.data_dir)

    def run(*words: str) -> tuple[int, list[dict[str, Any]], str]:
        with pytest.raises(SystemExit) as ended:
            main(["admin", "progress", "--data", folder, *words])
        told = capsys.readouterr()
        return int(ended.value.code or 0), [json.loads(line) for line in told.out.splitlines()], told.err

    code, lines, told = run("--day", AFTER.isoformat(), "--form", "附件2")
    assert code == 0
    assert [line["unit"] for line in lines] == [NAMES[place] for place in ("office", "clinic", "town", "site")]
    assert lines[0]["forms"]["attachment-2"]["days_late"] == 12
    assert "5 个单位,全部接收 0,有逾期 5" in told
    assert run("--day", LAST_DAY.isoformat())[1] == []
    everything = run("--day", LAST_DAY.isoformat(), "--state", "all", "--under", NAMES["town"])[1]
    assert [line["unit"] for line in everything] == [NAMES["town"]]
    assert run("--under", "没有的")[0] == 3
    assert run("--day", "morgen")[0] == 2

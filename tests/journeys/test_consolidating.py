"""``service consolidate`` as somebody uses it; every figure is worked out anew from the data, with no code of ours."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from samples.records import make_records

pytestmark = pytest.mark.xdist_group("consolidating")

UNITS = ("海州区示例一局", "海州区示例二局", "海州区示例三局")
CODED = {"attachment-2": "dismissal_method", "attachment-3": "management", "attachment-5": "funding"}
MONEY = {"attachment-2": "compensation", "attachment-3": "monthly_wage", "attachment-5": "monthly_wage"}
NUMBER = {"attachment-1": "附件1", "attachment-2": "附件2", "attachment-3": "附件3", "attachment-5": "附件5"}
ZERO = "海州区示例零报告局"


def handed_in() -> list[dict[str, Any]]:
    """The forms of three units that agree with each other, and one of nobody."""
    forms = []
    for place, unit in enumerate(UNITS):
        for form in NUMBER:
            data = make_records(form, 3 + place, 610 + place * 10 + int(form[-1]))
            key = "borrowing_unit" if form == "attachment-1" else "unit"
            data["header"]["unit"] = unit
            for row in data["records"]:
                row[key] = unit
            if form in ("attachment-2", "attachment-3"):
                both = {"dismissed_total": 3 + place, "retained_total": 3 + place, "before_total": 2 * (3 + place)}
                data["header"] |= both
            forms.append(data)
    forms.append({"form": "attachment-2", "header": {"unit": ZERO, "total": 0}, "records": []})
    return forms


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Path, str]:
    """What was handed in, the folder of what came out, and what was said."""
    folder = tmp_path_factory.mktemp("consolidated")
    forms = handed_in()
    data = folder / "forms.json"
    data.write_text(json.dumps(forms, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "service", "consolidate", "--data", str(data), "--out", str(folder / "out")]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return forms, folder / "out", result.stderr


def people(forms: list[dict[str, Any]], form: str) -> list[dict[str, Any]]:
    return [row for item in forms if item["form"] == form for row in item["records"]]


def book(folder: Path, start: str) -> Any:
    return openpyxl.load_workbook(next(folder.glob(f"{start}*.xlsx")))


def table(sheet: Any, first: int = 3) -> list[dict[str, Any]]:
    heads = [cell.value for cell in sheet[first]]
    return [
        dict(zip(heads, [cell.value for cell in row], strict=True))
        for row in sheet.iter_rows(min_row=first + 1, max_row=sheet.max_row)
    ]


@pytest.mark.parametrize("form", list(MONEY))
def test_official_sheets_hold_every_person_once_under_new_numbers(form: str, made: Any) -> None:
    forms, folder, _ = made
    sheet = book(folder, NUMBER[form]).worksheets[0]
    cells = [[str(cell.value) for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    numbers = [row["id_number"] for row in people(forms, form)]
    rows = [row for row in cells if any(re.fullmatch(r"\d{17}[\dX]", text) for text in row)]
    assert sorted(next(text for text in row if re.fullmatch(r"\d{17}[\dX]", text)) for row in rows) == sorted(numbers)
    assert [row[0] for row in rows] == [str(number + 1) for number in range(len(numbers))]
    unit = [next(text for text in row if text in UNITS) for row in rows]
    assert unit == [name for name in UNITS for row in people(forms, form) if row["unit"] == name]


@pytest.mark.parametrize("form", list(MONEY))
def test_totals_of_the_official_sheet_are_those_of_the_rows(form: str, made: Any) -> None:
    forms, folder, _ = made
    sheet = book(folder, NUMBER[form]).worksheets[0]
    words = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    total = sum(Decimal(str(row[MONEY[form]])) for row in people(forms, form))
    last = next(row for row in sheet.iter_rows() if any(cell.value == "合计" for cell in row))
    shown = [cell.value for cell in last if cell.value not in (None, "/", "合计")]
    assert str(shown[0]).rstrip("人") == str(len(people(forms, form)))
    assert Decimal(str(shown[-1])) == total
    if form != "attachment-5":
        assert f"清退：{len(people(forms, 'attachment-2'))}人" in words.replace(" ", "").replace(":", "：")
        assert f"保留：{len(people(forms, 'attachment-3'))}人" in words.replace(" ", "").replace(":", "：")


@pytest.mark.parametrize("form", list(MONEY))
def test_subtotals_of_units_and_codes_are_those_of_the_rows(form: str, made: Any) -> None:
    forms, folder, _ = made
    rows = table(book(folder, NUMBER[form])["小计"])
    again = table(book(folder, "汇总小计表")[f"{NUMBER[form]}小计"])
    assert [list(row.values()) for row in rows] == [list(row.values()) for row in again]
    given = people(forms, form)
    counts, money = Counter(row["unit"] for row in given), {name: Decimal(0) for name in UNITS}
    for row in given:
        money[row["unit"]] += Decimal(str(row[MONEY[form]]))
    amount = next(key for key in rows[0] if "（元）" in key)
    assert {row["归入单位"]: row["人数"] for row in rows[:-1]} == counts
    assert {row["归入单位"]: Decimal(str(row[amount])) for row in rows[:-1]} == money
    assert (rows[-1]["人数"], Decimal(str(rows[-1][amount]))) == (len(given), sum(money.values()))
    for name, chosen in ((row["归入单位"], row) for row in rows):
        wanted = Counter(row[CODED[form]] for row in given if name in (row["unit"], "全部单位"))
        assert {code: chosen[f"{code}人数"] for code in wanted} == wanted


@pytest.mark.parametrize("form", list(NUMBER))
def test_each_row_names_its_source(form: str, made: Any) -> None:
    forms, folder, _ = made
    rows = table(book(folder, "汇总小计表")[f"{NUMBER[form]}来源"])
    assert [row["汇总表序号"] for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        source = forms[int(str(row["文件编号"]).rpartition("#")[2]) - 1]
        assert source["records"][row["表中第几行"] - 1]["name"] == row["人员"]
        assert source["header"]["unit"] == row["来源单位"]


def test_the_report_tells_the_figures_of_the_rows_and_every_reason(made: Any) -> None:
    forms, folder, _ = made
    document = docx.Document(str(folder / "总结报告.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cleared, kept, borrowed = (people(forms, f"attachment-{number}") for number in (2, 3, 1))
    assert f"清退编外用工{len(cleared)}人[1]" in text
    assert f"保留编外用工{len(kept)}人[2]" in text
    assert f"借用人员{len(borrowed)}人[4]" in text
    amount = sum((Decimal(str(row["compensation"])) for row in cleared), Decimal(0))
    assert re.search(rf"金额合计{amount.normalize():f}0*元", text)
    assert f"附件2零报告单位1个：{ZERO}" in text
    tables = [[[cell.text for cell in row.cells] for row in item.rows] for item in document.tables]
    reasons = next(rows for rows in tables if "保留理由" in rows[0])
    place = reasons[0].index("保留理由")
    assert Counter((row[2], row[place]) for row in reasons[1:]) == Counter(
        (row["name"], row["retention_reason"]) for row in kept
    )
    trace = next(rows for rows in tables if rows[0][0] == "编号")
    told = dict(re.findall(r"(\d+(?:\.\d+)?[人元])\[(\d+)\]", text)[::-1])
    assert {row[0] for row in trace[1:]} >= set(told.values())
    for number, _, figure, where in trace[1:]:
        if figure.endswith("人"):
            assert figure == f"{named(where)}人", number


def named(where: str) -> int:
    """How many rows ``附件2序号1-15、18；附件3序号2`` names."""
    parts = re.findall(r"(\d+)(?:-(\d+))?(?=[、；]|$)", re.sub(r"附件\d序号", "", where))
    return sum(int(last or first) - int(first) + 1 for first, last in parts)


def test_forms_that_agree_give_no_finding_of_figures(made: Any) -> None:
    _, _, said = made
    assert not re.search(r"F-9|X-02|X-11|F-10|X-13|consolidated-", said)


def test_it_is_read_back_as_the_same_people_and_nothing_else(made: Any) -> None:
    forms, folder, _ = made
    files = sorted(str(path) for path in folder.glob("附件*"))
    command = [sys.executable, "-m", "service", "read", *files]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    assert [len(item["documents"]) for item in found] == [1] * len(files)
    for item in found:
        document = item["documents"][0]
        names = [row["name"]["value"] for row in document["records"]]
        assert sorted(names) == sorted(row["name"] for row in people(forms, document["form"]))

"""The file for printing, made by LibreOffice: the same bytes twice, and every part where the 目录 says.

What is in a pack is also looked at with other people's programs (Info-ZIP, pdfminer, openpyxl), and its sums are worked
out again from its rows without any code of ours.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pdfplumber
import pypdfium2
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from forms.catalogue import Catalogue
from service.operations.packs.asked import Asked, Options
from service.operations.packs.making import PackMaker
from service.operations.packs.offices import Office, plain_marks
from service.operations.packs.parts import PassingParts
from service.operations.packs.plain import contents_of_data
from service.settings import Settings
from tests.service.making import data_of


def make() -> bytes:
    data = {"forms": [data_of("attachment-2"), data_of("attachment-4")], "unit": "海州区教育局"}
    asked = Asked(options=Options(with_errors=True, copies=7, day="2026-08-30"))
    contents = contents_of_data(data, "data.json", Catalogue.load(), Settings(), asked)
    target = io.BytesIO()
    made = PackMaker(contents, Office(PassingParts(), plain_marks), lambda *_: None).make(target)
    assert made.problems == ()
    return target.getvalue()


@pytest.fixture(scope="module")
def content() -> bytes:
    return make()


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.xdist_group("office")
def test_the_file_for_printing_is_bound_numbered_and_the_same_twice(content: bytes) -> None:
    assert make() == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        printed = archive.read("打印版.pdf")
    with pypdfium2.PdfDocument(printed) as file:
        marks = [(item.level, item.get_title(), (item.get_dest().get_index() or 0) + 1) for item in file.get_toc()]
        texts = ["".join(page.get_textpage().get_text_range().split()) for page in file]
    assert all(page % 2 for _, _, page in marks)
    told = {title: page for level, title, page in marks if level == 0}
    assert list(told)[:3] == ["封面", "目录", "报送函"]
    assert {"附件2 海州区机关事业单位编外用工清退汇总表", "附件4 海州区机关事业单位借用人员审批表", "核查报告"} <= set(
        told
    )
    for title, page in told.items():
        if page > 5:
            assert f"{''.join(title.split())}" in texts[2]
            assert f"{page}" in texts[2]
        if title != "封面":
            assert f"—{page}—" in texts[page - 1]
    assert "一式7份" in texts[0]
    assert "2026年8月30日" in texts[4]
    pages = {item["path"]: item.get("page") for item in manifest["files"]}
    assert pages["12_附件2_编外用工清退汇总表.xlsx"] == told["附件2 海州区机关事业单位编外用工清退汇总表"]
    cards = [page for path, page in pages.items() if path.startswith("14_")]
    assert cards == [page for level, _, page in marks if level == 1]
    own = [text for text in texts if "—1—" in text]
    assert own == []


def figures_of(sheet: Worksheet) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The people of a roster by the words of its head, and its line of totals."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    top = next(place for place, row in enumerate(rows) if "序号" in row)
    first = next(place for place in range(top + 1, len(rows)) if rows[place][0] in (1, "1"))
    labels = ["".join(str(row[at]) for row in rows[top:first] if row[at]) for at in range(len(rows[top]))]
    labels = [re.sub(r"\s", "", label) for label in labels]
    people, at = [], first
    while str(rows[at][0]).isdigit():
        people.append(dict(zip(labels, rows[at], strict=True)))
        at += 1
    assert rows[at][0] == "合计"
    return people, dict(zip(labels, rows[at], strict=True))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.xdist_group("office")
def test_other_programs_open_it_and_its_sums_are_those_of_its_rows(content: bytes, tmp_path: Path) -> None:
    archive = tmp_path / "报送包.zip"
    archive.write_bytes(content)
    unzip = shutil.which("unzip")
    assert unzip, "scripts/setup installs it"
    folder = tmp_path / "开"
    told = subprocess.run(
        [unzip, "-q", str(archive), "-d", str(folder)],
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
    )
    assert (told.returncode, told.stderr) == (0, b"")
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == names

    book = openpyxl.load_workbook(folder / "12_附件2_编外用工清退汇总表.xlsx", data_only=True)
    people, totals = figures_of(book.worksheets[0])
    money = next(label for label in totals if "补偿" in label)
    paid = sum(Decimal(str(row[money] or 0)) for row in people)
    assert paid
    assert Decimal(str(totals[money])) == paid
    assert f"{len(people)}人" in {str(value) for value in totals.values()}
    head = " ".join(str(cell.value) for row in book.worksheets[0].iter_rows(max_row=6) for cell in row if cell.value)
    assert re.search(r"清退：(\d+)人", head)
    assert int(re.findall(r"清退：(\d+)人", head)[0]) == len(people)

    with pdfplumber.open(folder / "打印版.pdf") as printed:
        pages = {page.page_obj.pageid: number for number, page in enumerate(printed.pages, start=1)}
        outline = [(title, pages[place[0].objid]) for _, title, place, *_ in printed.doc.get_outlines()]
        assert all(page % 2 for _, page in outline)
        starts = dict(outline)
        first, end = (starts[f"附件{number} {title}"] for number, title in TITLES.items())
        text = "".join("".join((page.extract_text() or "").split()) for page in printed.pages[first - 1 : end - 1])
        assert all(str(row["姓名"]) in text for row in people)
        assert f"{paid.normalize():f}" in text
        for number, page in enumerate(printed.pages, start=1):
            words = "".join((page.extract_text() or "").split())
            assert number == 1 or not words or f"—{number}—" in words, number


TITLES = {2: "海州区机关事业单位编外用工清退汇总表", 4: "海州区机关事业单位借用人员审批表"}

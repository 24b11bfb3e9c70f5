"""The file for printing, made by LibreOffice: the same bytes twice, and every part where the 目录 says."""

from __future__ import annotations

import io
import json
import zipfile

import pypdfium2
import pytest

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


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.xdist_group("office")
def test_the_file_for_printing_is_bound_numbered_and_the_same_twice() -> None:
    content = make()
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

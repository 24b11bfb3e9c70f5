from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writers.packing.manifest import Listed, Manifest
from writers.packing.names import LONGEST_PATH, Names, safe_part
from writers.packing.zipping import PackFile, PackZip

FORBIDDEN = set('<>:"\\|?*') | {chr(code) for code in range(32)}


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("试验镇/水利站:二科?.docx", "试验镇_水利站_二科_.docx"),
        ("  名单 . ", "名单"),
        ("CON", "_CON"),
        ("nul.pdf", "_nul.pdf"),
        ("com1.表.xlsx", "_com1.表.xlsx"),
        ("报表\u202excod.exe", "报表xcod.exe"),
        ("一\r\n二\t三", "一二三"),
        ("...", "未命名"),
        ("", "未命名"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_a_name_opens_everywhere(given_name: str, safe: str) -> None:
    assert safe_part(given_name) == safe


@given(st.lists(st.tuples(st.text(), st.text(max_size=400)), max_size=8))
def test_no_two_paths_are_the_same_and_none_is_refused(pairs: list[tuple[str, str]]) -> None:
    names = Names()
    given_out = [names.give(folder, f"{name}.docx") for folder, name in pairs]
    assert len({path.casefold() for path in given_out}) == len(given_out)
    for path in given_out:
        assert len(path) <= LONGEST_PATH
        for part in path.split("/"):
            assert part == part.strip(" .")
            assert part
            assert not FORBIDDEN & set(part)
            assert len(part.encode()) <= 255


def test_small_and_capital_letters_are_one_name_under_windows() -> None:
    names = Names()
    assert [names.give("甲", name) for name in ("A.pdf", "a.PDF", "a.pdf")] == ["甲/A.pdf", "甲/a-2.PDF", "甲/a-3.pdf"]


def packed(order: int) -> bytes:
    target = io.BytesIO()
    with PackZip(target) as archive:
        for number in range(3):
            content = f"{number * order}".encode() * 50
            archive.add(PackFile(f"甲单位/{number}_表.txt", content, Listed("form", f"表{number}", page=number + 1)))
        archive.add_manifest("manifest.json", Manifest({"unit": "甲"}, archive.entries).to_json())
    return target.getvalue()


def test_the_same_files_give_the_same_archive_which_says_that_its_names_are_utf8() -> None:
    assert packed(1) == packed(1)
    assert packed(1) != packed(2)
    with zipfile.ZipFile(io.BytesIO(packed(1))) as archive:
        assert archive.testzip() is None
        for item in archive.infolist():
            assert item.filename.isascii() or item.flag_bits & 0x800
            assert item.date_time == (1980, 1, 1, 0, 0, 0)
        names = archive.namelist()
        listed = json.loads(archive.read("manifest.json"))
        assert listed["complete"] is True
        assert [entry["path"] for entry in listed["files"]] == archive.namelist()[:-1]
    for page in ("cp437", "gbk"):  # what readers take names for that do not say what they are
        with zipfile.ZipFile(io.BytesIO(packed(1)), metadata_encoding=page) as archive:
            assert archive.namelist() == names

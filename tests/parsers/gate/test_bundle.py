"""A bundle comes out entry by entry; what is wrong with one is said of that one."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from parsers.errors import DocumentError
from parsers.gate.bundle import iter_bundle
from parsers.limits import FileLimits
from tests.parsers import hostile


def entries_of(path: Path, folder: Path, limits: FileLimits | None = None) -> dict[str, str]:
    """Name to ``ok`` or code, and every file that came out stands in the folder."""
    folder.mkdir()
    found = list(iter_bundle(path, folder, limits or FileLimits()))
    good = sorted(entry.path.name for entry in found if entry.path)
    assert good == sorted(path.name for path in folder.iterdir())
    return {entry.name: entry.fault.code if entry.fault else "ok" for entry in found}


def test_bad_entries_are_named_and_good_ones_come_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    inner = hostile.zip_of({"a.txt": "x"}, tmp_path / "inner.zip").read_bytes()
    word = hostile.zip_of(hostile.word_parts(), tmp_path / "w.docx").read_bytes()
    link = zipfile.ZipInfo("link.docx")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("乡镇/张三.docx", word)
        archive.writestr("../../etc/passwd", "x")
        archive.writestr("/abs.docx", "x")
        archive.writestr("..\\w.docx", "x")
        archive.writestr("C:\\w.docx", "x")
        archive.writestr("inner.zip", inner)
        archive.writestr("inner.docx", inner)
        archive.writestr(link, "/etc/passwd")
        archive.writestr("报表\u202excod.exe", "x")
        archive.writestr("folder/", "")
        archive.writestr("__MACOSX/._a.docx", "x")
        archive.writestr("empty.docx", "")
    assert entries_of(path, tmp_path / "out") == {
        "乡镇/张三.docx": "ok",
        "../../etc/passwd": "archive-invalid",
        "/abs.docx": "archive-invalid",
        "../w.docx": "archive-invalid",
        "C:/w.docx": "archive-invalid",
        "inner.zip": "nested-archive",
        "inner.docx": "nested-archive",
        "link.docx": "archive-invalid",
        "\\u62a5\\u8868\\u202excod.exe": "bad-filename",
        "empty.docx": "ok",
    }


def test_chinese_names_of_old_archives_are_read(tmp_path: Path) -> None:
    path = hostile.zip_of({"XXXXXXXX.docx": "x"}, tmp_path / "a.zip")
    path.write_bytes(path.read_bytes().replace(b"XXXXXXXX", "借用人员".encode("gbk")))
    assert entries_of(path, tmp_path / "out") == {"借用人员.docx": "ok"}


def test_a_damaged_entry_costs_no_other(tmp_path: Path) -> None:
    path = hostile.zip_of({"a.pdf": "一" * 50, "b.pdf": "二" * 50}, tmp_path / "a.zip", zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace("一".encode(), "丁".encode(), 1))
    assert entries_of(path, tmp_path / "out") == {"a.pdf": "file-damaged", "b.pdf": "ok"}


def test_encrypted_and_oddly_packed_entries_are_named(tmp_path: Path) -> None:
    path = hostile.zip_of({"a.pdf": "x", "b.pdf": "y"}, tmp_path / "a.zip", zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)
    path.write_bytes(bytes(data))
    assert entries_of(path, tmp_path / "out") == {"a.pdf": "file-encrypted", "b.pdf": "ok"}
    packed = hostile.zip_of({"a.pdf": "x" * 999, "b.pdf": "y"}, tmp_path / "b.zip", zipfile.ZIP_LZMA)
    assert entries_of(packed, tmp_path / "more") == {"a.pdf": "archive-invalid", "b.pdf": "archive-invalid"}


def test_a_name_met_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("A.pdf", "1")
        archive.writestr("a.pdf", "2")
    assert entries_of(path, tmp_path / "out") == {"A.pdf": "ok", "a.pdf": "archive-invalid"}


@pytest.mark.parametrize(
    "limits", [FileLimits(bundle_entries=1), FileLimits(unpacked_bytes=10), FileLimits(part_bytes=10)]
)
def test_a_bundle_over_its_limits_is_refused_whole(tmp_path: Path, limits: FileLimits) -> None:
    path = hostile.zip_of({"a.pdf": "x" * 20, "b.pdf": "y"}, tmp_path / "a.zip")
    with pytest.raises(DocumentError) as caught:
        entries_of(path, tmp_path / "out", limits)
    assert caught.value.code == "archive-too-big"


def test_an_overlap_bomb_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        entries_of(hostile.overlap_bomb(tmp_path / "a.zip"), tmp_path / "out")
    assert caught.value.code == "archive-invalid"

"""Returned files in, one reading each: real children, a real conversion, real refusals."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from parsers import fenced
from parsers.document import Grid
from parsers.fence import Answer
from parsers.fenced import FencedReader, Returned, read_files
from parsers.readers import legacy
from parsers.reading import ReadOptions
from parsers.sniffing import FileFormat
from parsers.tools import office, sandbox
from parsers.tools.office_profile import make_profile
from tests.parsers import hostile

OPTIONS = ReadOptions()
HTML = "<html><body><table><tr><td>没有这种表</td></tr></table></body></html>"


def word(path: Path) -> Path:
    return hostile.zip_of(hostile.word_parts(), path)


def codes(paths: list[Path], **more: object) -> dict[str, str | None]:
    """File to code of its problem."""
    names = more.get("names")
    readings = read_files(paths, OPTIONS, names=names if isinstance(names, list) else None, jobs=2)
    return {reading.file: reading.problem.code if reading.problem else None for reading in readings}


def test_each_file_gets_its_own_answer_in_order(tmp_path: Path) -> None:
    empty, text, bomb, macro = (tmp_path / name for name in ("空.docx", "字.docx", "弹.docx", "宏.docx"))
    empty.write_bytes(b"")
    text.write_bytes(b"text")
    hostile.overlap_bomb(bomb)
    hostile.zip_of({**hostile.word_parts(), "word/vbaProject.bin": b"x"}, macro)
    page = tmp_path / "页.xls"
    page.write_text(HTML, encoding="utf-8")
    files = [empty, word(tmp_path / "好.docx"), text, bomb, page, macro]
    found = codes(files)
    assert list(found) == [path.name for path in files]
    assert list(found.values()) == [
        "empty-file",
        "form-unknown",
        "content-mismatch",
        "archive-invalid",
        "form-unknown",
        "macro-not-allowed",
    ]


def test_entries_of_a_bundle_are_answers_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "交表.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("镇/好.docx", word(tmp_path / "w.docx").read_bytes())
        archive.writestr("镇/空.docx", b"")
        archive.writestr("../外.docx", b"x")
        archive.writestr("内.zip", hostile.zip_of({"a": "b"}, tmp_path / "i.zip").read_bytes())
    assert codes([path]) == {
        "交表.zip/镇/好.docx": "form-unknown",
        "交表.zip/镇/空.docx": "empty-file",
        "交表.zip/../外.docx": "archive-invalid",
        "交表.zip/内.zip": "nested-archive",
    }


def test_a_name_is_the_senders_not_the_stores(tmp_path: Path) -> None:
    path = word(tmp_path / "0123abcd")
    assert codes([path, path], names=["表.docx", "表.pdf"]) == {"表.docx": "form-unknown", "表.pdf": "content-mismatch"}


def test_an_unknown_form_is_said_of_the_file(tmp_path: Path) -> None:
    (reading,) = read_files([word(tmp_path / "a.docx")], ReadOptions(form="no-such-form"))
    assert reading.problem is not None
    assert reading.problem.code == "unknown-form"
    assert len(reading.sha256) == 64


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"reading": None},
        {"reading": {"file": "a"}},
        {
            "reading": {
                "file": "a",
                "sha256": "",
                "format": "",
                "status": "read",
                "seconds": 0,
                "problem": 3,
                "documents": [],
            }
        },
        {
            "reading": {
                "file": "a",
                "sha256": "",
                "format": "",
                "status": "read",
                "seconds": 0,
                "problem": None,
                "documents": [{}],
            }
        },
        {
            "reading": {
                "file": "a",
                "sha256": "",
                "format": "",
                "status": "read",
                "seconds": 0,
                "problem": None,
                "documents": 3,
            }
        },
    ],
)
def test_an_answer_that_breaks_the_contract_is_a_crash(plain: dict[str, object]) -> None:
    reading = fenced._reading(Returned(Path("a"), "a.docx"), Answer(plain))
    assert (reading.status, reading.problem and reading.problem.code) == ("failed", "parse-crashed")


@pytest.mark.xdist_group("office")
@pytest.mark.skipif(office.version() is None, reason="LibreOffice is not installed")
class TestOldOfficeFiles:
    @pytest.fixture
    def old_workbook(self, tmp_path: Path) -> Path:
        """A workbook of Excel 97, made by LibreOffice itself."""
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(["姓名", "身份证号码"])
        sheet.append(["张三", "320799199001010015"])
        with sandbox.workspace() as work:
            book.save(work / "a.xlsx")
            profile = f"-env:UserInstallation={make_profile(work / 'profile')}"
            argv = ["soffice", profile, "--headless", "--convert-to", "xls:MS Excel 97", str(work / "a.xlsx")]
            sandbox.run(argv, work=work)
            return (work / "a.xls").rename(tmp_path / "旧.xls")

    def test_one_is_converted_outside_and_read_inside(self, old_workbook: Path, tmp_path: Path) -> None:
        assert legacy.read(old_workbook, FileFormat.XLS).format == "xls"
        page = legacy.read(old_workbook, FileFormat.ET).pages[0]
        texts = [cell.text for block in page.blocks if isinstance(block, Grid) for cell in block.cells]
        assert "320799199001010015" in texts
        macro = hostile.compound(
            tmp_path / "宏.xls", {("Workbook",): hostile.workbook_stream(hostile.bound_sheet("m", 1))}
        )
        hollow = hostile.compound(
            tmp_path / "壳.xls", {("Workbook",): hostile.workbook_stream(hostile.bound_sheet("m", 0))}
        )
        with FencedReader(jobs=1) as reader:
            files = [Returned(path, path.name) for path in (macro, old_workbook, hollow)]
            readings = [reading for found in reader.read_all(files, OPTIONS) for reading in found]
        assert [reading.problem.code if reading.problem else None for reading in readings][:2] == [
            "macro-not-allowed",
            "form-unknown",
        ]
        assert readings[1].format == "xls"
        assert readings[2].status == "failed"

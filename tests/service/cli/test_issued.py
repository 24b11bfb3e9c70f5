"""What the command line prints is known again by the same installation."""

from __future__ import annotations

from pathlib import Path

from parsers.readers import pdf
from service.operations.issuing import open_register
from service.problems import Exit
from service.settings import Settings
from tests.service.cli.test_commands import run
from tests.service.making import DATA


def test_a_pdf_is_entered_with_its_field_map(tmp_path: Path) -> None:
    done = run(
        "fill", "附件4", "--data", DATA / "attachment-4.json", "--out", tmp_path, "--as", "pdf",
        HZFORMS_DATA_DIR=str(tmp_path / "data"),
    )  # fmt: skip
    assert done.returncode == Exit.DONE, done.stderr
    made = [Path(line) for line in done.stdout.splitlines()]
    register = open_register(Settings(data_dir=tmp_path / "data"))
    assert register is not None
    for path in made:
        mark = pdf.read(path).pages[0].print_mark
        assert mark is not None
        found = register.find(mark.document_id)
        assert found is not None
        assert found.field_map is not None
        assert found.field_map.document_id == mark.document_id


def test_filling_goes_on_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("no folder", encoding="utf-8")
    done = run("fill", "附件4", "--blank", "--out", tmp_path / "空.docx", HZFORMS_DATA_DIR=str(tmp_path / "blocked"))
    assert done.returncode == Exit.DONE
    assert (tmp_path / "空.docx").is_file()
    assert done.stderr == ""

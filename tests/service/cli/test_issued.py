"""What the command line prints is known again by the same installation."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from parsers.readers import pdf
from service.operations.issuing import open_register
from service.problems import Exit
from service.settings import Settings
from tests.service.cli.test_commands import lines, run
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


def test_a_page_that_came_back_unchanged_is_confirmed_by_its_print(tmp_path: Path) -> None:
    data = {"HZFORMS_DATA_DIR": str(tmp_path / "data")}
    filled = run(
        "fill", "附件4", "--data", DATA / "attachment-4.json", "--out", tmp_path / "out.pdf", "--as", "pdf", **data
    )
    assert filled.returncode == Exit.DONE, filled.stderr
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as document:
        document[0].render(scale=200 / 72).to_pil().save(tmp_path / "page.jpg", quality=80, dpi=(200, 200))
    done = run("read", tmp_path / "page.jpg", **data)
    assert done.returncode == Exit.DONE, done.stderr
    (document_read,) = lines(done)[0]["documents"]
    entries = [entry for entry in document_read["records"][0].values() if entry["value"] not in ("", None)]
    confirmed = [entry for entry in entries if entry["origin"] == "prefilled"]
    assert len(confirmed) >= 0.9 * len(entries)
    assert not any(entry["review"] for entry in confirmed)
    elsewhere = run("read", tmp_path / "page.jpg", HZFORMS_DATA_DIR=str(tmp_path / "other"))
    entries = list(lines(elsewhere)[0]["documents"][0]["records"][0].values())
    assert not any(entry["origin"] == "prefilled" for entry in entries)

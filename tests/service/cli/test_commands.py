"""The command line as its users meet it: real processes, their output and their exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import click
import pikepdf
import pytest

from forms.errors import FormServiceError
from parsers.errors import SandboxUnavailableError
from service.cli import main as cli
from service.problems import Exit
from tests.service.making import DATA, ImportWorkbook, data_of, filled, photographed, zip_of
from writers.errors import OutputCheckFailedError


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[3]
    return subprocess.run(
        [sys.executable, "-m", "service", *map(str, arguments)],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_forms_are_listed_one_a_line() -> None:
    done = run("forms")
    assert done.returncode == Exit.DONE
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [f"attachment-{n}" for n in range(1, 6)]


def test_files_are_read_in_the_order_given_and_a_bad_one_fails_no_other(tmp_path: Path) -> None:
    (tmp_path / "二.docx").write_bytes(filled("attachment-4"))
    (tmp_path / "一.xlsx").write_bytes(filled("attachment-2"))
    (tmp_path / "坏.docx").write_bytes(b"no document")
    done = run("read", tmp_path / "二.docx", tmp_path / "坏.docx", tmp_path / "一.xlsx", "--jobs", "2")
    assert done.returncode == Exit.UNREADABLE
    second, bad, first = lines(done)
    assert [second["file"], bad["file"], first["file"]] == ["二.docx", "坏.docx", "一.xlsx"]
    assert list(second) == ["file", "sha256", "format", "status", "seconds", "problem", "documents"]
    assert second["status"] == first["status"] == "read"
    assert bad["problem"]["code"] == "content-mismatch"
    assert bad["status"] == "failed"
    document = second["documents"][0]
    assert document["records"][0]["name"]["value"] == data_of("attachment-4")["records"][0]["name"]
    contract = {"value", "text", "code", "origin", "confidence", "review", "page", "box", "candidates"}
    assert contract <= document["records"][0]["name"].keys()
    marks = {"key", "kind", "present", "text", "unit", "page", "box", "confidence", "review"}
    assert all(marks <= mark.keys() for mark in document["marks"])
    findings = {"code", "severity", "path", "message", "clause", "page", "box"}
    assert document["findings"]
    assert all(findings <= finding.keys() for finding in document["findings"])
    assert "\x1b" not in done.stderr, "no progress bar where there is no terminal"


def test_photos_of_one_roster_are_read_as_one_file_whichever_way_they_were_taken(tmp_path: Path) -> None:
    pages = photographed("attachment-3")
    assert len(pages) > 1
    names = [f"照片{number}.png" for number in range(len(pages), 0, -1)]
    for name, page in zip(names, reversed(pages), strict=True):
        (tmp_path / name).write_bytes(page)
    files = [tmp_path / names[0], tmp_path / "没有.png", *(tmp_path / name for name in names[1:])]
    done = run("read", "--together", *files)
    assert done.returncode == Exit.NOT_FOUND
    whole, missing = lines(done)
    assert (whole["file"], whole["format"], whole["status"]) == (
        f"照片{len(pages)}等{len(pages)}张照片.zip",
        "photos",
        "read",
    )
    (document,) = whole["documents"]
    assert document["pages"] == list(range(len(pages), 0, -1))
    assert [record["no"]["value"] for record in document["records"]] == [1, 2, 3, 4, 5]
    assert not {"pages-missing", "page-stray"} & {found["code"] for found in document["findings"]}
    assert missing["problem"]["code"] == "not-found"


def test_read_draws_what_it_saw_into_a_folder(tmp_path: Path) -> None:
    printed = filled("attachment-4", "pdf")
    (tmp_path / "表.pdf").write_bytes(printed)
    (tmp_path / "表.docx").write_bytes(filled("attachment-4"))
    (tmp_path / "包.zip").write_bytes(zip_of(**{"内/表.pdf": printed}))
    files = [tmp_path / name for name in ("表.pdf", "表.docx", "包.zip")]
    done = run("read", *files, "--overlay", tmp_path / "新" / "图")
    assert done.returncode == Exit.DONE
    assert sorted(path.name for path in (tmp_path / "新" / "图").iterdir()) == ["包-内-表-1.png", "表-1.png"]
    assert len(lines(done)) == 3


def test_check_tells_findings_of_data_and_of_returned_files(tmp_path: Path) -> None:
    data = data_of("attachment-4")
    data["records"][0] |= {"end_date": "2029-01-01"}
    (tmp_path / "数据.json").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "表.xlsx").write_bytes(filled("attachment-2"))
    done = run("check", tmp_path / "数据.json", tmp_path / "表.xlsx")
    assert done.returncode == Exit.ERRORS_FOUND
    found = lines(done)
    assert {item["file"] for item in found} == {"数据.json", "表.xlsx"}
    assert any(item["code"] == "S1-01" and item["path"] == "records[0].end_date" for item in found)


def test_forms_are_filled_into_a_file_a_folder_a_zip_and_one_pdf(tmp_path: Path) -> None:
    data = DATA / "attachment-4.json"
    folder = run("fill", "附件4", "--data", data, "--out", tmp_path / "份")
    assert folder.returncode == Exit.DONE
    assert sorted(path.name for path in (tmp_path / "份").iterdir()) == sorted(
        Path(line).name for line in folder.stdout.splitlines()
    )
    assert len(list((tmp_path / "份").iterdir())) == 2
    assert run("fill", "attachment-4", "--data", data, "--out", tmp_path / "全部.zip").returncode == Exit.DONE
    assert len(zipfile.ZipFile(tmp_path / "全部.zip").namelist()) == 2
    assert run("fill", "附件4", "--data", data, "--out", tmp_path / "合订.pdf").returncode == Exit.DONE
    with pikepdf.open(tmp_path / "合订.pdf") as joined:
        assert len(joined.pages) == 2
    title = "海州区机关事业单位编外用工清退汇总表"
    assert (
        run("fill", title, "--blank", "--unit", "海州区民政局", "--out", tmp_path / "空.xlsx").returncode == Exit.DONE
    )
    assert (tmp_path / "空.xlsx").stat().st_size > 0
    assert not list(tmp_path.rglob("*.part"))


def test_the_import_workbook_fills_the_form_too(tmp_path: Path) -> None:
    book = ImportWorkbook("attachment-3", count=2)
    (tmp_path / "导入.xlsx").write_bytes(book.content())
    done = run("fill", "附件3", "--data", tmp_path / "导入.xlsx", "--out", tmp_path / "表.xlsx")
    assert done.returncode == Exit.DONE
    (read,) = lines(run("read", tmp_path / "表.xlsx"))
    names = [record["name"]["value"] for record in read["documents"][0]["records"]]
    assert names == [record["name"] for record in book.data["records"]]


def _unusable(folder: Path) -> Path:
    path = folder / "坏.json"
    path.write_text('{"records": 1}', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("fill", "附件4", "--out", "x"), Exit.USAGE),
        (("nonsense",), Exit.USAGE),
        (("fill", "附件4", "--blank", "--as", "xlsx", "--out", "{folder}/x"), Exit.USAGE),
        (("fill", "附件4", "--data", "{data}", "--out", "{folder}/x.docx"), Exit.USAGE),
        (("fill", "附件9", "--blank", "--out", "x"), Exit.NOT_FOUND),
        (("read", "{folder}/没有.docx"), Exit.NOT_FOUND),
        (("check", "{bad}"), Exit.DATA),
        (("fill", "附件4", "--data", "{bad}", "--out", "{folder}/x"), Exit.DATA),
        (("fill", "附件2", "--blank", "--out", "{bad}/x.xlsx"), Exit.STORAGE),
    ],
    ids=[
        "neither-data-nor-blank",
        "no-such-command",
        "word-form-as-xlsx",
        "two-forms-into-one-docx",
        "no-such-form",
        "no-such-file",
        "unusable-data-to-check",
        "unusable-data-to-fill",
        "no-folder-to-write-into",
    ],
)
def test_each_failure_has_its_exit_code(tmp_path: Path, arguments: tuple[str, ...], expected: Exit) -> None:
    places = {"folder": tmp_path, "data": DATA / "attachment-4.json", "bad": _unusable(tmp_path)}
    done = run(*(argument.format(**places) for argument in arguments))
    assert done.returncode == expected, done.stderr
    assert done.stderr or done.stdout
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_stops_with_its_name() -> None:
    done = run("read", "x.docx", HZFORMS_PROT="1")
    assert done.returncode == Exit.USAGE
    assert "HZFORMS_PROT" in done.stderr


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (OutputCheckFailedError(differences="x"), Exit.OUTPUT_CHECK),
        (SandboxUnavailableError(), Exit.TOOL),
        (FormServiceError(), Exit.INTERNAL),
        (click.exceptions.Abort(), Exit.INTERRUPTED),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (BrokenPipeError(), Exit.DONE),
    ],
    ids=["output-check", "no-sandbox", "internal", "abort", "interrupt", "closed-pipe"],
)
def test_faults_that_need_a_broken_machine_have_their_exit_codes_too(
    fault: BaseException, expected: Exit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise fault

    monkeypatch.setitem(cli.service.commands, "fails", click.Command("fails", callback=fail))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with pytest.raises(SystemExit) as ended:
        cli.main(["fails"])
    assert ended.value.code == expected


def test_the_exit_codes_are_documented(root: Path) -> None:
    text = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    for code in Exit:
        assert f"| {code.value} |" in text

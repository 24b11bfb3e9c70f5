"""``service admin units`` as its users call it, and what the known names do to checking."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from service.cli.main import main

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "samples" / "data" / "单位名录.xlsx"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out, shown.err


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HZFORMS_DATA_DIR", str(tmp_path / "data"))


def f7(printed: str) -> list[tuple[str, str | None]]:
    lines = [json.loads(line) for line in printed.splitlines()]
    return [(item["path"], item["suggestion"]) for item in lines if item["code"] == "F-7"]


def test_the_sample_district_is_imported_listed_and_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, _ = run(capsys, "admin", "units", "import", SAMPLE, "--preview")
    assert (code, json.loads(printed)["imported"]) == (0, False)
    assert run(capsys, "admin", "units", "list")[1] == ""
    code, printed, _ = run(capsys, "admin", "units", "import", SAMPLE)
    assert (code, json.loads(printed)["imported"], json.loads(printed)["findings"]) == (0, True, [])
    _, printed, _ = run(capsys, "admin", "units", "list", "--kind", "区属集团")
    assert [json.loads(line)["name"] for line in printed.splitlines()] == ["海发集团", "瀛洲集团"]
    _, printed, _ = run(capsys, "admin", "units", "list", "--tree", "--parent", "区人社局")
    assert printed == "海州区劳动保障事务代理处  [下属单位]\n"
    out = tmp_path / "out.xlsx"
    assert run(capsys, "admin", "units", "export", "--out", out)[0] == 0
    assert json.loads(run(capsys, "admin", "units", "import", out)[1])["changed"] == 0


def test_a_faulty_list_ends_with_exit_code_one_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(SAMPLE)
    book["单位"]["B3"].value = "局"
    faulty = tmp_path / "名录.xlsx"
    book.save(faulty)
    code, printed, said = run(capsys, "admin", "units", "import", faulty)
    assert (code, json.loads(printed)["imported"]) == (1, False)
    assert "unit-kind-unknown 单位!B3" in said
    assert run(capsys, "admin", "units", "list")[1] == ""
    assert run(capsys, "admin", "units", "import", tmp_path / "none.xlsx")[0] == 3


def test_names_are_compared_with_those_that_hold_on_the_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data: dict[str, Any] = json.loads((ROOT / "samples" / "data" / "attachment-1.json").read_text(encoding="utf-8"))
    names = ("区住建局", "海州区劳动事务代理处", "浦东街道办事处")
    for record, name in zip(data["records"], names, strict=False):
        record["lending_unit"] = name
    path = tmp_path / "records.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert f7(run(capsys, "check", path)[1]) == []  # no directory, nothing to compare with
    run(capsys, "admin", "units", "import", SAMPLE)
    now = dict(f7(run(capsys, "check", path)[1]))
    assert "records[0].lending_unit" not in now
    assert now["records[1].lending_unit"] == "海州区劳动保障事务代理处"
    assert "records[2].lending_unit" in now
    then = dict(f7(run(capsys, "check", path, "--today", "2018-06-01")[1]))
    assert not {"records[1].lending_unit", "records[2].lending_unit"} & set(then)

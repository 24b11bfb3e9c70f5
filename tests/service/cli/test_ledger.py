"""``service read --form ledger`` as a user calls it: a mapping given, remembered, used again, and the form filled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from service.cli.main import main
from tests.parsers.ledger.building import people


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out, shown.err


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HZFORMS_DATA_DIR", str(tmp_path / "data"))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["填报单位:海州区示例局"])
    sheet.append(["序号", "姓名", "身份证号", "工资"])
    for number, one in enumerate(people(3), start=1):
        sheet.append([number, one["name"], one["id_number"], 3200])
    path = tmp_path / "台账.xlsx"
    book.save(path)
    return path


def columns(printed: str) -> dict[str, Any]:
    (document,) = json.loads(printed)["documents"]
    assert document["form"] == "ledger"
    return {one["label"]: one for one in document["columns"]}


def test_a_mapping_is_given_once_and_remembered(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, _ = run(capsys, "read", "--form", "ledger", ledger)
    assert (code, columns(printed)["工资"]["status"]) == (0, "unsure")
    assert columns(printed)["工资"]["candidates"][0]["key"] == "monthly_wage"
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"工资": "monthly_wage", "没有的栏": "post"}', encoding="utf-8")
    code, printed, said = run(capsys, "read", "--form", "ledger", "--mapping", mapping, "--remember", ledger)
    assert (code, columns(printed)["工资"]["status"]) == (0, "given")
    assert "海州区示例局" in said
    assert "没有的栏" in said
    _, printed, _ = run(capsys, "read", "--form", "ledger", ledger)
    assert columns(printed)["工资"]["status"] == "remembered"
    _, listed, _ = run(capsys, "admin", "ledger-mappings")
    assert json.loads(listed)["unit"] == "海州区示例局"
    _, listed, _ = run(capsys, "admin", "ledger-mappings", "--forget", "海州区示例局")
    assert listed == ""


def test_what_was_read_prefills_attachment_5(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, printed, _ = run(capsys, "read", "--form", "台账", ledger)
    data = tmp_path / "read.json"
    data.write_text(printed, encoding="utf-8")
    out = tmp_path / "附件5.xlsx"
    code, _, said = run(capsys, "fill", "attachment-5", "--data", data, "--purpose", "prefilled", "--out", out)
    assert code == 0
    assert "ledger-unconfirmed" in said
    written = {str(cell.value) for row in load_workbook(out).worksheets[0].iter_rows() for cell in row if cell.value}
    assert people(3)[0]["id_number"] in written
    assert "3200" not in written


def test_a_mapping_with_an_unknown_key_is_refused(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"工资": "salary"}', encoding="utf-8")
    code, printed, said = run(capsys, "read", "--form", "ledger", "--mapping", mapping, ledger)
    assert (code, printed) == (5, "")
    assert "salary" in said


def test_mapping_and_remember_are_for_ledgers_alone(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "read", "--unit", "某局", ledger)[0] == 2
    assert run(capsys, "read", "--form", "ledger", "--remember", ledger)[0] == 2

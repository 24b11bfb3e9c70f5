"""A formula of an uploaded workbook is not worked out: its stored result is read, and the clerk is told."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from forms.finding import Severity
from parsers.reading import ReadOptions, read_path
from tests.service.making import filled

FORMULAS = [
    '<f>HYPERLINK("http://example.invalid/","x")</f>',
    "<f>cmd|'/c calc'!A0</f>",
    "<f>[1]Sheet1!$A$1</f>",
    "<f>1+1</f>",
]


def with_formula(content: bytes, formula: str) -> bytes:
    """The workbook with a formula in the first cell that has a stored value."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                text, count = re.subn("<v>", f"{formula}<v>", data.decode(), count=1)
                assert count == 1
                data = text.encode()
            target.writestr(entry, data)
    return buffer.getvalue()


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_not_worked_out_and_told(formula: str, tmp_path: Path) -> None:
    plain = tmp_path / "plain.xlsx"
    plain.write_bytes(filled("attachment-2"))
    file = tmp_path / "formula.xlsx"
    file.write_bytes(with_formula(plain.read_bytes(), formula))
    before = read_path(plain, plain.name, ReadOptions()).documents[0]
    after = read_path(file, file.name, ReadOptions()).documents[0]
    assert after.record == before.record
    told = [finding.severity for finding in after.findings if finding.code == "formula-ignored"]
    assert told == [Severity.WARNING]
    assert "formula-ignored" not in {finding.code for finding in before.findings}

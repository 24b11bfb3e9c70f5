"""Tables in HTML that call themselves .xls."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.document import Grid
from parsers.errors import DamagedFileError, TooComplexError
from parsers.limits import FileLimits
from parsers.readers import htmltable


def grids(tmp_path: Path, text: str | bytes) -> tuple[Grid, ...]:
    path = tmp_path / "a.xls"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return htmltable.read(path).pages[0].grids


def rows(grid: Grid) -> list[list[str]]:
    return [[grid.at(row, column).text for column in range(grid.columns)] for row in range(grid.rows)]


def test_spans_cover_the_addresses_they_say(tmp_path: Path) -> None:
    (grid,) = grids(
        tmp_path,
        "<table><thead><tr><th colspan=2>姓名</th><th rowspan=2>性别</th></tr></thead>"
        "<tr><td>a<td>b</tr><tr><td>1<br>2<td><td> 3 &nbsp; 4</tr></table>",
    )
    assert rows(grid) == [["姓名", "姓名", "性别"], ["a", "b", "性别"], ["1\n2", "", "3 4"]]


def test_text_around_tables_stays_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<style>x</style><p>标题</p><table><tr><td>1</table>填表说明<script>y</script>", encoding="utf-8")
    blocks = htmltable.read(path).pages[0].blocks
    assert [type(block).__name__ for block in blocks] == ["TextLine", "Grid", "TextLine"]
    assert [line.text for line in htmltable.read(path).pages[0].lines] == ["标题", "填表说明"]


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset=gb2312><table><tr><td>镕</table>".encode("gb18030"),
        "<table><tr><td>镕</table>".encode("gb18030"),
        "\ufeff<table><tr><td>镕</table>".encode("utf-16"),
        "\ufeff<table><tr><td>镕</table>".encode(),
        "<meta charset=utf-8><table><tr><td>镕</table>".encode("gb18030"),
    ],
)
def test_chinese_is_read_whatever_it_is_written_in(tmp_path: Path, data: bytes) -> None:
    assert rows(grids(tmp_path, data)[0]) == [["镕"]]


def test_struck_and_hidden_rows_are_told(tmp_path: Path) -> None:
    (grid,) = grids(
        tmp_path,
        "<table><tr><td><s>甲</s></td><td><del>乙</del>丙</td></tr><tr style='display:none'><td>1<td>2</tr></table>",
    )
    assert [cell.struck for cell in grid.row(0)] == [True, False]
    assert grid.hidden_rows == {1}


def test_a_table_in_a_cell_is_a_grid_of_its_own(tmp_path: Path) -> None:
    outer, inner = grids(tmp_path, "<table><tr><td>外<table><tr><td>内</table></td></tr></table>")
    assert (rows(outer), rows(inner)) == ([["外"]], [["内"]])


def test_spans_that_cross_do_not_hide_a_cell(tmp_path: Path) -> None:
    (grid,) = grids(tmp_path, "<table><tr><td>a<td rowspan=2>b</tr><tr><td colspan=2>c</tr></table>")
    assert [cell.text for cell in grid.cells] == ["a", "b", "c"]


def test_a_span_beyond_reason_is_cut_and_a_table_beyond_limits_refused(tmp_path: Path) -> None:
    (grid,) = grids(tmp_path, "<table><tr><td colspan=999999999>a<td rowspan=-1>b</table>")
    assert grid.columns == 2
    path = tmp_path / "b.xls"
    path.write_text("<table>" + "<tr><td>1</tr>" * 20 + "</table>", encoding="utf-8")
    with pytest.raises(TooComplexError):
        htmltable.read(path, FileLimits(sheet_rows=10))


def test_a_page_without_a_table_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFileError):
        grids(tmp_path, "<p>no table</p>")

from __future__ import annotations

import pytest

from writers.errors import OutputCheckFailedError
from writers.packing.printcheck import Block, require_printed, squeezed

ROWS: list[Block] = [("1", "张一", "试验站"), ("2", "李二", "试验站"), ("3", "王三", frozenset({"3200", "3,200"}))]


def test_rows_are_found_over_pages_whatever_order_a_page_tells_its_cells_in() -> None:
    assert require_printed(ROWS, ["1张一2李二试验站试验站", "王三33,200"]) == 1


def test_a_character_told_before_its_neighbour_is_the_same_text() -> None:
    assert require_printed([("宋堃翔",)], ["姓名宋翔堃性别"]) == 0


@pytest.mark.parametrize(
    "pages",
    [
        ["1张一2李二试验站", "王三33,200"],  # one of two equal values was cut off
        ["1张一2试验站试验站", "王三33,200"],  # a name is missing
        ["1张一2李二试验站试验站", "王三3###"],  # a number too wide for its cell
        ["1张一2李二试验站试验站"],  # a page is missing
    ],
)
def test_what_does_not_stand_on_the_pages_is_noticed(pages: list[str]) -> None:
    with pytest.raises(OutputCheckFailedError):
        require_printed(ROWS, pages)


def test_a_row_may_go_on_on_the_next_page() -> None:
    blocks: list[Block] = [("一", "很长的说明文字"), ("二",)]
    assert require_printed(blocks, ["一很长的说", "明文字二"]) == 1
    with pytest.raises(OutputCheckFailedError):
        require_printed(blocks, ["一很长的说", "文字二"])


def test_a_paragraph_may_run_over_several_pages() -> None:
    names = "、".join(f"第{number}单位" for number in range(200))
    fifth = len(names) // 5
    pages = [f"有错误的单位:{names[:fifth]}", *(names[at * fifth : (at + 1) * fifth] for at in (1, 2, 3))]
    pages.append(f"{names[4 * fifth :]}。下一步")
    blocks: list[Block] = [(f"有错误的单位:{names}。",), ("下一步",)]
    assert require_printed(blocks, pages) == 4
    with pytest.raises(OutputCheckFailedError):
        require_printed(blocks, [*pages[:2], pages[2][:-1], *pages[3:]])


def test_the_head_of_a_second_table_may_stand_on_the_next_page() -> None:
    blocks: list[Block] = [("序号", "问题"), ("1", "甲"), ("序号", "问题"), ("1", "乙")]
    assert require_printed(blocks, ["序号问题1甲", "序号问题1乙"]) == 1


def test_blanks_and_hyphens_are_not_compared() -> None:
    assert squeezed("0518-8000 0001\n") == "051880000001"

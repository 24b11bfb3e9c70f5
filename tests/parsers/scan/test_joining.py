"""Lines of a cell joined where the cell was full, kept apart where the break was meant."""

from __future__ import annotations

import numpy as np
import pytest

from parsers.scan.joining import joined, open_breaks
from parsers.scan.lines import Line
from parsers.scan.units import mm

EM, STEP = 29, 36
WIDTH = 10 * EM + mm(4.6)
"""Room for ten characters between the usual paddings."""


def width(text: str) -> int:
    return round(sum(EM / 2 if char.isascii() else EM for char in text))


def lines(*texts: str, align: str) -> list[tuple[Line, str]]:
    made = []
    for row, text in enumerate(texts):
        left = mm(2.3) if align == "left" else (WIDTH - width(text)) // 2
        box = (left + 2, row * STEP, left + width(text) - 2, row * STEP + EM)
        made.append((Line(box, np.zeros((1, 1), np.uint8), ()), text))
    return made


def text_of(*texts: str, align: str) -> str:
    return joined(lines(*texts, align=align), (0, -20, WIDTH, 200))


@pytest.mark.parametrize("align", ["left", "centre"])
class TestJoined:
    def test_full_lines_are_one_text(self, align: str) -> None:
        assert text_of("承担全区农村人居环境", "整治工作", align=align) == "承担全区农村人居环境整治工作"

    def test_a_line_that_was_not_full_was_ended_on_purpose(self, align: str) -> None:
        assert text_of("承担整治工作", "专班人手不足", align=align) == "承担整治工作\n专班人手不足"

    def test_a_mark_that_may_not_begin_a_line_takes_its_character_along(self, align: str) -> None:
        assert text_of("承担全区农村人居环", "境，整治", align=align) == "承担全区农村人居环境，整治"

    def test_a_number_that_had_no_room_as_a_whole(self, align: str) -> None:
        assert text_of("任现职时间是", "2026.03.01以后", align=align) == "任现职时间是2026.03.01以后"

    def test_words_of_letters_keep_their_space(self, align: str) -> None:
        assert text_of("engineering and test", "department", align=align) == "engineering and test department"

    def test_an_opening_bracket_goes_with_what_it_opens(self, align: str) -> None:
        assert text_of("是，海区组织部借用", "〔2026〕63号", align=align) == "是，海区组织部借用〔2026〕63号"


def test_pieces_of_one_printed_line_are_parted_by_a_space() -> None:
    (first, _), (second, _) = lines("甲方", "乙方", align="left")
    moved = Line((first.box[2] + 80, first.box[1], first.box[2] + 140, first.box[3]), second.crop, ())
    assert joined([(first, "甲方"), (moved, "乙方")], (0, 0, WIDTH, 60)) == "甲方 乙方"


def test_nothing_read_is_nothing() -> None:
    assert joined([(lines("甲", align="left")[0][0], "")], (0, 0, 10, 10)) == ""


def test_a_line_that_ends_too_early_in_a_narrow_cell_hides_a_space() -> None:
    inside = (0, -20, 4 * EM + mm(2.5), 300)
    made = [
        (Line((mm(1), row * STEP, mm(1) + len(text) * EM - 2, row * STEP + EM), line.crop, ()), text)
        for row, (line, text) in enumerate(lines("板浦镇人", "民政府", "海编外字", "号", align="left"))
    ]
    assert joined(made, inside) == "板浦镇人民政府 海编外字号"
    assert open_breaks(made, inside) == {2}
    full = [(Line((*made[1][0].box[:2], made[0][0].box[2], made[1][0].box[3]), made[1][0].crop, ()), "民政府处")]
    assert open_breaks([made[0], *full, *made[2:]], inside) == frozenset()


def test_an_office_and_its_number_are_parted_by_one_space_whatever_shows() -> None:
    inside = (0, -20, 4 * EM + mm(4.6), 300)
    made = lines("海州区农", "业农村局", "海编外字", "〔2012〕", "26号", align="left")
    assert joined(made, inside) == "海州区农业农村局 海编外字〔2012〕26号"
    assert open_breaks(made, inside) == frozenset()
    other = lines("海州区农", "业农村局", "办公会", "2026年", "8月研究", align="left")
    assert joined(other, inside) == "海州区农业农村局办公会2026年8月研究"
    assert open_breaks(other, inside) == frozenset()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("海州区民政局海编外〔2024〕44号",), "海州区民政局 海编外〔2024〕44号"),
        (("海州区民政局海 编外〔2024〕44号",), "海州区民政局 海编外〔2024〕44号"),
        (("海州区民政局会议 研究同意",), "海州区民政局会议 研究同意"),
        (("海州区民政局办公室海民办 〔2024〕4号",), "海州区民政局办公室海民办 〔2024〕4号"),
        (("是 海组借〔2024〕4号",), "是 海组借〔2024〕4号"),
    ],
)
def test_a_gap_elsewhere_in_an_office_and_its_number_is_none(texts: tuple[str, ...], said: str) -> None:
    assert joined(lines(*texts, align="left"), (0, 0, 150, 100)) == said


def test_room_for_the_number_but_not_for_a_space_before_it_shows_the_space() -> None:
    inside = (0, -20, 4 * EM + mm(4.6), 300)
    made = lines("浦南镇人", "民政府", "海编外〔", "2016〕35", "号", align="centre")
    assert joined(made, inside) == "浦南镇人民政府 海编外〔2016〕35号"
    assert open_breaks(made, inside) == frozenset()


def test_brackets_and_figures_do_not_tell_how_wide_a_hanzi_is() -> None:
    cell = lines("海州区民", "政局 海", "编外", "〔2016〕", "29号", align="centre")
    narrow = [(Line(box, line.crop, ()), text) for line, text in cell for box in [line.box]]
    left = narrow[0][0].box[0]
    inside = (left - 2, -20, narrow[0][0].box[2] + 2, 200)
    assert open_breaks(narrow, inside) == frozenset()

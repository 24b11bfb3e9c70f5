"""A school and a subject with a gap between them that nobody can tell from a space."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from parsers.ocr.base import LineReading
from parsers.scan.lines import compose
from parsers.scan.readlines import ReadLine
from parsers.scan.schools import with_school_space


def line(*, may_have_space: bool) -> ReadLine:
    crop = np.full((40, 200), 255, np.uint8)
    unread = LineReading("", 0.0)
    blank = ReadLine(compose(crop, [(10, 5, 190, 35)], 30), unread, unread, "", 0.9)
    return replace(blank, may_have_space=may_have_space)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("示例农业大学园林", "示例农业大学 园林"),
        ("示例职业技术学院会计", "示例职业技术学院 会计"),
        ("中共示例省委党校公共管理", "中共示例省委党校 公共管理"),
        ("示例师范学院学前教育", "示例师范学院 学前教育"),
    ],
)
def test_a_space_parts_them(text: str, wanted: str) -> None:
    assert with_school_space([line(may_have_space=True)], text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "示例农业大学",
        "示例大学园林学院",
        "示例大学附属医院",
        "示例农业大学校",
        "示例大学毕业",
        "示例大学本科毕业",
        "大学园林",
        "示例大学2019年",
        "示例学院，会计",
        "示例大学软件学院计算机",
        "示例职业技术学院教务处",
    ],
)
def test_what_is_no_school_with_a_subject_stays(text: str) -> None:
    assert with_school_space([line(may_have_space=True)], text) is None


def test_where_the_paper_shows_that_there_is_no_gap_none_is_put() -> None:
    assert with_school_space([line(may_have_space=False)], "示例农业大学园林") is None

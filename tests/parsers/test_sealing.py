"""Whose seal it is: names that mean one unit, names that only look alike, and readings with a doubt in them."""

from __future__ import annotations

import pytest

from parsers.document import SealSeen
from parsers.sealing import core, match_unit, share_within

OTHERS = ("海州区财政局", "海州区教育局", "中共海州区委组织部")


def seal(text: str, **doubts: tuple[tuple[str, float], ...]) -> SealSeen:
    """A seal read as ``text``; ``doubts`` give what the character at ``c<place>`` may be."""
    options = tuple(doubts.get(f"c{place}", ((char, 0.99),)) for place, char in enumerate(text))
    return SealSeen((0.0, 0.0, 1.0, 1.0), text=text, options=options)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("海州区民政局", "海州区民政局"),
        ("连云港市海州区民政局", "海州区民政局"),
        ("江苏省连云港市海州区民政局", "区民政局"),
        ("连云港市海州区浦南镇人民政府", "浦南镇人民政府"),
        ("中共连云港市海州区委组织部", "中共海州区委组织部"),
        ("海州区民政局业务专用章", "海州区民政局"),
        ("海州区民政局3207990012345", "海州区民政局"),
        ("海州区民、政局:", "海州区民政局"),
    ],
)
def test_ways_to_write_one_unit_are_sure(text: str, wanted: str) -> None:
    match = match_unit(seal(text), [wanted], [name for name in OTHERS if core(name) != core(wanted)])
    assert (match.unit, match.sure) == (wanted, True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("海州区财政局", "海州区民政局"),
        ("连云港市民政局", "海州区民政局"),
        ("东海县民政局", "海州区民政局"),
        ("民政局", "海州区民政局"),
        ("海州区第二中学", "海州区第一中学"),
        ("新海街道办事处综合事务中心第二服务站", "新海街道办事处综合事务中心第一服务站"),
        ("海州区民政局综合事务中心", "海州区民政局"),
        ("海州区民政", "海州区民政局"),
        ("", "海州区民政局"),
        ("□○", "海州区民政局"),
    ],
)
def test_another_unit_or_a_part_of_a_name_is_never_sure(text: str, wanted: str) -> None:
    assert not match_unit(seal(text), [wanted], OTHERS).sure


def test_a_unit_of_another_box_is_named() -> None:
    match = match_unit(seal("海州区财政局"), ["海州区民政局"], OTHERS)
    assert (match.unit, match.sure, match.expected) == ("海州区财政局", False, False)


def test_a_doubtful_character_may_be_the_one_wanted() -> None:
    doubtful = seal("海州区民取局", c4=(("取", 0.5), ("政", 0.4)))
    assert match_unit(doubtful, ["海州区民政局"], OTHERS).sure


def test_a_doubtful_character_that_makes_a_rival_is_not_sure() -> None:
    doubtful = seal("海州区财政局", c3=(("财", 0.5), ("民", 0.45)))
    assert not match_unit(doubtful, ["海州区民政局"], OTHERS).sure


def test_one_character_surely_another_is_another_unit() -> None:
    match = match_unit(seal("海州区体育局"), ["海州区教育局"], ["海州区财政局"])
    assert match.unit is None


def test_the_share_of_a_seal_in_a_box() -> None:
    assert share_within((0, 0, 10, 10), (5, 0, 20, 20)) == pytest.approx(0.5)
    assert share_within((0, 0, 10, 10), (20, 0, 30, 20)) == 0.0

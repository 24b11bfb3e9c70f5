"""The likeliest unit of a seal that could not be read, and the seals of others that must not be taken for it."""

from __future__ import annotations

import pytest

from parsers.document import Look, SealSeen
from parsers.sealing import match_unit

UNITS = ("海州区教育局", "海州区民政局", "海州区住房和城乡建设局", "浦南镇人民政府", "板浦镇人民政府", "新海街道办事处")
BLANK = (("", 1.0),)


def look(text: str, chance: float = 0.5, **doubts: dict[str, float]) -> Look:
    """A look at words whose characters were read at ``chance``; ``doubts`` give what that at ``c<place>`` may be."""
    columns: list[tuple[tuple[str, float], ...]] = [BLANK]
    for place, char in enumerate(text):
        options = {char: chance, "": (1 - chance) * 0.5, **doubts.get(f"c{place}", {})}
        columns += [tuple(sorted(options.items(), key=lambda item: -item[1])), BLANK]
    return tuple(columns)


def seal(text: str, *looks: Look) -> SealSeen:
    options = tuple(((char, 0.4),) for char in text)
    return SealSeen((0.0, 0.0, 1.0, 1.0), text=text, options=options, colour="grey", looks=looks)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("海州区主房城多建设局", "海州区住房和城乡建设局"),
        ("新街道办书处", "新海街道办事处"),
        ("浦南人民政", "浦南镇人民政府"),
        ("连云池市海州区教育局", "海州区教育局"),
    ],
)
def test_a_badly_read_name_is_told_and_never_sure(text: str, unit: str) -> None:
    match = match_unit(seal(text, look(text)), [unit], UNITS)
    assert (match.unit, match.sure, match.expected) == (unit, False, True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("东海县教育局", "海州区教育局"),
        ("连云港市民政局", "海州区民政局"),
        ("海州区审计局", "海州区民政局"),
        ("海州日", "海州区教育局"),
        ("道处", "新海街道办事处"),
        ("浦镇人民政府", "新海街道办事处"),
    ],
)
def test_the_seal_of_another_unit_is_not_taken_for_the_wanted_one(text: str, wanted: str) -> None:
    for chance in (0.5, 0.97):
        match = match_unit(seal(text, look(text, chance)), [wanted], UNITS)
        assert match.unit != wanted
        assert not match.sure


def test_a_doubt_decides_between_two_units_and_none_where_both_are_as_near() -> None:
    told = look("口浦镇人民政府", c0={"板": 0.3})
    assert match_unit(seal("口浦镇人民政府", told), [], UNITS).unit == "板浦镇人民政府"
    assert match_unit(seal("口局", look("口口局")), [], UNITS).unit is None


def test_one_good_look_of_several_is_enough() -> None:
    looks = (look("州小年"), look("海州区教育局", 0.7), look(""))
    assert match_unit(seal("州小年", *looks), ["海州区教育局"], UNITS).unit == "海州区教育局"

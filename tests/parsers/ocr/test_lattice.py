"""Reading texts from what a recogniser thinks of each column."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.ocr.lattice import (
    Lattice,
    Step,
    best_texts,
    build_lattice,
    confidence_of,
    folded,
    glyphs_of,
    probability_of,
    rewritten,
)
from parsers.ocr.variants import SIMPLIFIED, is_rare, plain


def lattice(*columns: dict[str, float]) -> Lattice:
    return tuple(
        Step((index + 0.5) / len(columns), tuple(sorted(column.items(), key=lambda option: -option[1])))
        for index, column in enumerate(columns)
    )


def collapsed(path: tuple[str, ...]) -> str:
    return "".join(char for char, _ in itertools.groupby(path))


def text_of(found: Lattice) -> str:
    return "".join(glyph.text for glyph in glyphs_of(found))


def test_runs_of_one_character_are_one_and_a_gap_makes_two() -> None:
    assert text_of(lattice({"1": 0.9}, {"1": 0.8}, {"": 0.9}, {"1": 0.9})) == "11"


def test_a_glyph_keeps_its_peak_and_what_else_it_may_be() -> None:
    (glyph,) = glyphs_of(lattice({"级": 0.5, "": 0.4}, {"级": 0.7, "級": 0.3}))
    assert (glyph.text, glyph.probability, glyph.others) == ("级", 0.7, (("級", 0.3),))


@pytest.mark.parametrize(("chance", "others"), [(0.00015, ()), (0.0007, ("4",)), (0.01, ("4",))])
def test_a_four_is_kept_beside_a_nine_where_another_figure_would_be_dropped(
    chance: float, others: tuple[str, ...]
) -> None:
    columns = np.array([[0.0, 1 - chance - 0.0007, 0.0007, chance]], np.float32)
    (glyph,) = glyphs_of(build_lattice(columns, ("", "9", "3", "4")))
    assert (glyph.text, tuple(text for text, _ in glyph.others)) == ("9", others)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["", "a", "b"]), st.floats(0.05, 1.0), min_size=1).map(
            lambda column: {text: chance / sum(column.values()) for text, chance in column.items()}
        ),
        min_size=1,
        max_size=5,
    ),
    st.text("ab", max_size=3),
)
def test_the_probability_of_a_text_is_the_sum_over_all_its_paths(columns: list[dict[str, float]], wanted: str) -> None:
    total = 0.0
    for path in itertools.product(*(column.items() for column in columns)):
        text = "".join(char for char, _ in itertools.groupby(path, key=lambda option: option[0]) if char)
        if text == wanted:
            total += float(np.prod([chance for _, chance in path]))
    assert probability_of(lattice(*columns), list(wanted)) == pytest.approx(total, abs=1e-9)


def test_the_beam_finds_the_texts_with_their_probabilities() -> None:
    found = dict(best_texts(lattice({"3": 0.6, "8": 0.4}, {"": 1.0}, {"1": 0.9, "7": 0.1})))
    assert found["31"] == pytest.approx(0.54)
    assert found["87"] == pytest.approx(0.04)


def test_a_doubtful_character_makes_the_whole_line_doubtful() -> None:
    found = lattice(*[{"好": 0.999}, {"": 1.0}] * 30, {"张": 0.55, "弥": 0.45})
    assert confidence_of(found, glyphs_of(found)) <= 0.55


def test_what_a_field_does_not_allow_is_not_made_up_for() -> None:
    limited = rewritten(lattice({"O": 0.9, "0": 0.1}), lambda char: char if char in "0123456789" else None)
    assert text_of(limited) == "0"
    assert confidence_of(limited, glyphs_of(limited)) == pytest.approx(0.1)


def test_full_and_half_width_are_added_up() -> None:
    (glyph,) = glyphs_of(rewritten(lattice({"：": 0.5, ":": 0.45}), folded))
    assert glyph.text == ":"
    assert glyph.probability == pytest.approx(0.95)


def test_columns_that_are_surely_empty_are_kept_once_and_padding_is_left_out() -> None:
    columns = np.zeros((10, 3), np.float32)
    columns[:, 0] = 1.0
    columns[4] = (0.1, 0.9, 0.0)
    columns[9] = (0.0, 0.0, 1.0)
    found = build_lattice(columns, ("", "甲", "乙"), used=0.8)
    assert text_of(found) == "甲"
    assert len(found) <= 3


def test_no_simplified_form_is_itself_a_traditional_one() -> None:
    assert not set(SIMPLIFIED) & set(SIMPLIFIED.values())
    assert all(not is_rare(simple) for simple in SIMPLIFIED.values())


@pytest.mark.parametrize(
    ("character", "rare"), [("张", False), ("喆", True), ("翀", True), ("級", True), ("A", False), ("，", False)]
)
def test_rare_characters_are_those_outside_gb2312(character: str, *, rare: bool) -> None:
    assert is_rare(character) is rare


def test_plain_makes_half_width_and_simplified() -> None:
    assert [plain(char) for char in "級：３ "] == ["级", ":", "3", ""]

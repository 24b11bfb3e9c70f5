from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.continuation import is_shortened
from writers.fitting import FITS, SMALLEST, CellPlan, Paragraph, fit, height_of, lines_of
from writers.tags import Tag

NOTE = Tag("record", "note")


def plan(width: float, height: float, size: float = 12.0) -> CellPlan:
    return CellPlan(width, height, (Paragraph(((NOTE, size),)),))


def test_a_short_text_stays_as_it_is() -> None:
    assert fit(plan(120, 20), lambda _: "短", number=1) is FITS


def test_a_longer_text_is_set_smaller_by_half_points() -> None:
    found = fit(plan(100, 18), lambda _: "一共九个字的文字在", number=1)
    assert found.shortened == {}
    assert SMALLEST <= found.sizes[NOTE] < 12.0
    assert found.sizes[NOTE] * 2 == int(found.sizes[NOTE] * 2)


def test_a_text_that_never_fits_points_to_its_continuation() -> None:
    text = "很长的说明文字" * 30
    found = fit(plan(100, 30), lambda _: text, number=4)
    shown = found.shortened[NOTE]
    assert is_shortened(shown)
    assert shown.endswith("(全文见续页4)")
    assert text.startswith(shown.partition("…")[0])
    assert found.sizes[NOTE] == SMALLEST


@given(st.text("汉字 ab1,。\n", max_size=300), st.floats(60, 400), st.floats(24, 200))
def test_what_is_printed_fits_or_is_said_to_continue(text: str, width: float, height: float) -> None:
    cell = plan(width, height)
    found = fit(cell, lambda _: text, number=1)
    shown = found.shortened.get(NOTE, text)
    fits = height_of(cell, lambda _: shown, found.sizes) <= height
    assert fits or is_shortened(shown)
    assert is_shortened(shown) == bool(found.shortened)


@given(st.text("汉字ab", max_size=80), st.floats(20, 200))
def test_more_width_never_needs_more_lines(text: str, width: float) -> None:
    assert lines_of(text, 10, width + 30) <= lines_of(text, 10, width)

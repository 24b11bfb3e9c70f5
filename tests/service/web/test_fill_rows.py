"""Rows that are not in the grid: carried along by the form as they are, refused where they are no rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.errors import BadRequestError
from service.operations.typing_in import MOST_ROWS
from service.web.fill_rows import A_PAGE, AFTER, BEFORE, LONGEST_VALUE, Window, typed_in, window_at

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=12)
ROWS = st.lists(st.dictionaries(st.sampled_from(["name", "unit", "post"]), TEXTS, max_size=3), min_size=1, max_size=95)


def sent(window: Window) -> list[tuple[str, str]]:
    """What a browser sends of a page with that window; it ends lines as forms do."""
    shown = [(f"r{number}.{key}", text) for number, row in window.shown for key, text in {"name": "", **row}.items()]
    carried = [(BEFORE, window.before), (AFTER, window.after)]
    return [*shown, *((name, text.replace("\n", "\r\n")) for name, text in carried)]


def said(row: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in row.items() if text}


@given(rows=ROWS, number=st.integers(0, 100))
def test_rows_come_back_as_they_were_wherever_the_grid_stands(rows: list[dict[str, str]], number: int) -> None:
    window = window_at(rows, number)
    header, found, first = typed_in([("h.unit", "示例局"), *sent(window)])
    assert header == {"unit": "示例局"}
    assert [said(row) for row in found] == [said(row) for row in rows]
    assert first == window.first
    assert len(window.shown) <= A_PAGE
    assert window.holds(f"r{min(number, len(rows) - 1)}.name")


@pytest.mark.parametrize(
    "text", ["name\tunit\n张三\n", "name\n\t\n", "a b\n张三\n", '"name\n', "name\n" + "长" * (LONGEST_VALUE + 1)]
)
def test_what_the_page_never_sends_is_refused(text: str) -> None:
    with pytest.raises(BadRequestError):
        typed_in([(AFTER, text)])


def test_more_rows_than_a_form_may_have_are_refused() -> None:
    rows = "name\n" + "张三\n" * MOST_ROWS
    assert len(typed_in([(AFTER, rows)])[1]) == MOST_ROWS
    with pytest.raises(BadRequestError):
        typed_in([(AFTER, rows), ("r0.name", "李四")])

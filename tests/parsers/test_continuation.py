from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers import continuation
from parsers.document import Cell, Document, Grid, Page, TextLine

TEXT = "承担全区农村人居环境整治重点工作,专班人手不足。"


def document(cell: str, entries: list[tuple[str, str]]) -> Document:
    form = Grid(1, 2, (Cell(0, 0, "借用事由"), Cell(0, 1, cell)))
    rows = [Cell(row, column, text) for row, entry in enumerate(entries) for column, text in enumerate(entry)]
    after = Grid(len(entries), 2, tuple(rows))
    return Document("docx", (Page(0, (form, TextLine("续页"), after)),))


@given(st.text("承担全区农村人", min_size=1, max_size=40), st.integers(0, 40), st.integers(1, 9))
def test_a_shortened_text_is_made_whole(text: str, shown: int, piece: int) -> None:
    entries = [
        (continuation.head(1, number, "借用事由"), text[start : start + piece])
        for number, start in enumerate(range(0, len(text), piece), start=1)
    ]
    whole = continuation.rejoin(document(text[:shown] + continuation.marker(1), entries))
    assert whole.pages[0].grids[0].at(0, 1).text == text
    assert len(whole.pages[0].blocks) == 1


def test_other_words_of_the_cell_stay() -> None:
    cell = f"☑重点工作\n具体说明:{TEXT[:6]}{continuation.marker(1)}\n签字:"
    whole = continuation.rejoin(document(cell, [(continuation.head(1, 1, "事由"), TEXT)]))
    assert whole.pages[0].grids[0].at(0, 1).text == f"☑重点工作\n具体说明:{TEXT}\n签字:"


def test_a_page_wraps_its_lines_where_it_must() -> None:
    cell = f"{TEXT[:6]}\n{TEXT[6:10]}……(全文见\n续页1)".replace("\n续", "续")
    whole = continuation.rejoin(document(cell, [(continuation.head(1, 1, "事由"), TEXT)]))
    assert whole.pages[0].grids[0].at(0, 1).text == TEXT


def test_a_missing_piece_leaves_everything_as_it_is() -> None:
    before = document(TEXT[:5] + continuation.marker(1), [(continuation.head(1, 2, "事由"), TEXT)])
    assert continuation.rejoin(before) == before
    assert continuation.is_shortened(before.pages[0].grids[0].at(0, 1).text)


def test_rows_nobody_points_to_are_kept() -> None:
    before = document(TEXT, [(continuation.head(1, 1, "事由"), "别的话")])
    assert continuation.rejoin(before) == before

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import PrintMark
from parsers.printmark import ID_ALPHABET, find_mark, format_mark, parse_mark

ids = st.text(st.sampled_from(ID_ALPHABET), min_size=12, max_size=12)


@given(ids, st.integers(-1, 9999), st.sampled_from(["attachment-4", "x"]), st.sampled_from(["r1", "2026.1"]))
def test_a_mark_is_read_as_it_was_printed(document_id: str, page: int, form: str, edition: str) -> None:
    mark = PrintMark(document_id, page, form, edition)
    assert parse_mark(format_mark(mark)) == mark
    assert find_mark(f"第1页 {format_mark(mark)} 完") == mark


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HZBD1|7K3M9Q2X5T1B|attachment-4|r1",
        "HZBD1|7K3M9Q2X5T1|attachment-4|r1|1",
        "HZBD1|7K3M9Q2X5T1I|attachment-4|r1|1",
        "HZBD2|7K3M9Q2X5T1B|attachment-4|r1|1",
        "HZBD1|7K3M9Q2X5T1B|../etc|r1|1",
        "HZBD1|7K3M9Q2X5T1B|attachment-4|r1|01",
        "HZBD1|7K3M9Q2X5T1B|attachment-4|r1|1 and more",
    ],
)
def test_anything_else_is_no_mark(text: str) -> None:
    assert parse_mark(text) is None

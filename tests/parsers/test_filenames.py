"""Names are shown as their givers wrote them, and can do nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import BadFileNameError
from parsers.filenames import decoded_name, display_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("干部任免审批表.docx", "干部任免审批表.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\目录\\表.xls", "表.xls"),
        ("/abs/表.xls", "表.xls"),
        ("a\0.pdf", "a"),
        ("CON", "CON"),
        ("表.docx. .", "表.docx"),
        ("%2e%2e%2fx", "%2e%2e%2fx"),
        ("=?utf-8?Q?=2E=2E=2Fx?=", "=?utf-8?Q?=2E=2E=2Fx?="),
        ("e\u0301.pdf", "é.pdf"),
        ("表" * 300 + ".docx", "表" * 83 + ".docx"),
        ("a" * 300 + ".docx", "a" * 195 + ".docx"),
    ],
)
def test_a_name_is_kept_as_far_as_it_can_be_shown(given_name: str, shown: str) -> None:
    assert display_name(given_name) == shown


@pytest.mark.parametrize(
    "name",
    ["报表\u202excod.exe", "a\u200b.pdf", "\u2066a.pdf", "a\r\nSet-Cookie:x", "\ud800.pdf", "", "  ", "a/", "..."],
)
def test_what_cannot_be_seen_is_refused(name: str) -> None:
    with pytest.raises(BadFileNameError):
        display_name(name)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_names_without_an_encoding_are_read_as_chinese(encoding: str) -> None:
    assert decoded_name("借用人员备案表.docx".encode(encoding)) == "借用人员备案表.docx"


@given(st.text())
def test_what_is_shown_is_no_path_and_stays_as_it_is(name: str) -> None:
    try:
        shown = display_name(name)
    except BadFileNameError:
        return
    assert not set(shown) & set("/\\\0\r\n")
    assert len(shown.encode()) <= 255
    assert display_name(shown) == shown

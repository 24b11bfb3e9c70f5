from __future__ import annotations

import pytest

from parsers.readers.sheetscan import NotPlainError, scan_merges, scan_rows

HEAD, FOOT = b"<worksheet><sheetData>", b'</sheetData><mergeCell ref="A1:B2"/></worksheet>'


def test_cells_come_with_their_place_style_and_content() -> None:
    row = b'<row r="3" ht="20"><c r="A3" s="1" t="s"><v>7</v></c><c r="B3" s="2"/><c r="C3"><v>1.5</v></c></row>'
    assert list(scan_rows(HEAD + row + b'<row r="5"/>' + FOOT)) == [
        (
            3,
            [
                (b"A", b"3", b"1", b"s", b"7", b""),
                (b"B", b"3", b"2", b"", b"", b""),
                (b"C", b"3", b"", b"", b"1.5", b""),
            ],
        ),
        (5, []),
    ]
    assert scan_merges(HEAD + FOOT) == {"A1:B2"}


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>',
        b'<row r="1"><c r="A2"><v>2</v></c></row>',
        b'<row r="1"><c><v>2</v></c></row>',
        b'<row r="2"/><row r="1"/>',
        b'<row r="1"/><row r="1"/>',
        b'<row r="1" hidden="1"/>',
        b'<row r="1"/>stray',
        b'<!-- --><row r="1"/>',
        b'<row r="1"><c r="A1"><v>1</v>',
    ],
)
def test_a_sheet_of_another_shape_is_left_to_the_whole_reader(row: bytes) -> None:
    with pytest.raises(NotPlainError):
        list(scan_rows(HEAD + row + FOOT))

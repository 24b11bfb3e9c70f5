"""What was read where we printed something, and the ink does not say whether it still stands there."""

from __future__ import annotations

from dataclasses import replace

from forms.catalogue import Catalogue
from forms.record import Entry
from parsers.document import PRINT_UNCLEAR, Document, Grid, Page, TextLine
from parsers.extracting import extract
from tests.parsers.building import TITLE_4, scanned_row


def unit(read: str, printed: str) -> Entry:
    """The lending unit of a card that was read so, where that was printed."""
    label, value, *rest = scanned_row(1, "借出单位", read, "借入单位", "海州区示例局")
    cells = (
        *scanned_row(0, "姓名", "王小明", "性别", "男"),
        label,
        replace(value, printed=printed, notes=(PRINT_UNCLEAR,)),
        *rest,
    )
    page = Page(0, (TextLine(TITLE_4, confidence=0.99), Grid(2, 4, cells)), 595.0, 842.0, scanned=True)
    (found,) = extract(Document("image", (page,), scanned=True), Catalogue.load())
    return found.record.rows[0]["lending_unit"]


def test_the_same_text_has_the_spaces_that_were_printed() -> None:
    entry = unit("海州区示例镇综合中心", "海州区示例镇 综合中心")
    assert (entry.text, entry.review) == ("海州区示例镇 综合中心", False)


def test_another_text_goes_to_a_person_beside_the_printed_one() -> None:
    entry = unit("海州区示例镇综合申心", "海州区示例镇综合中心")
    assert (entry.text, entry.review) == ("海州区示例镇综合申心", True)
    assert "海州区示例镇综合中心" in entry.candidates

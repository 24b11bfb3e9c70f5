"""Options of attachment-4 that are ticked with Word's own boxes: content controls, and fields of old forms."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from forms.record import Extraction
from parsers.reading import ReadOptions, read_path
from tests.service.making import data_of, filled

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
TICKED, OPEN = "☑", "□"


def control(*, on: bool, shown: str = "") -> str:
    """A check box as Word 2010 and later insert it; ``shown`` is the character it has drawn."""
    text = shown or ("☒" if on else "☐")
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox xmlns:w14="{W14}"><w14:checked w14:val="{int(on)}"/>'
        '<w14:checkedState w14:val="2612"/><w14:uncheckedState w14:val="2610"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def field(*, on: bool, by_default: bool = False) -> str:
    """A FORMCHECKBOX of Word 97 to 2007; one that nobody clicked has its default alone."""
    state = f'<w:default w:val="{int(on)}"/>' if by_default else f'<w:default w:val="0"/><w:checked w:val="{int(on)}"/>'
    return (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Check1"/><w:enabled/>'
        f"<w:checkBox><w:sizeAuto/>{state}</w:checkBox></w:ffData></w:fldChar></w:r>"
        '<w:r><w:instrText xml:space="preserve"> FORMCHECKBOX </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def with_boxes(on: str, off: str) -> bytes:
    """The filled form with its characters for boxes replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(filled("attachment-4"))) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "word/document.xml":
                text = data.decode()
                assert text.count(TICKED) == 1
                for character, made in ((TICKED, on), (OPEN, off)):
                    apart = f'</w:t></w:r>{made}<w:r><w:t xml:space="preserve">'
                    text = text.replace(character, apart)
                data = text.encode()
            target.writestr(entry, data)
    return buffer.getvalue()


def read(content: bytes, folder: Path) -> Extraction:
    path = folder / "附件4.docx"
    path.write_bytes(content)
    reading = read_path(path, path.name, ReadOptions())
    assert reading.problem is None
    return reading.documents[0]


@pytest.mark.parametrize(
    ("on", "off"),
    [
        (control(on=True), control(on=False)),
        (control(on=True, shown="√"), control(on=False, shown=" ")),
        (field(on=True), field(on=False)),
        (field(on=True, by_default=True), field(on=False, by_default=True)),
        (control(on=True), field(on=False)),
    ],
)
def test_a_box_of_words_own_is_a_tick(on: str, off: str, tmp_path: Path) -> None:
    entry = read(with_boxes(on, off), tmp_path).record.rows[0]["reason_category"]
    assert entry.value == data_of("attachment-4")["records"][0]["reason_category"]
    assert not entry.review


def test_no_box_ticked_is_no_option_chosen(tmp_path: Path) -> None:
    entry = read(with_boxes(control(on=False), control(on=False)), tmp_path).record.rows[0]["reason_category"]
    assert entry.value == ""


def test_two_boxes_ticked_are_for_a_person_to_settle(tmp_path: Path) -> None:
    entry = read(with_boxes(field(on=True), control(on=True)), tmp_path).record.rows[0]["reason_category"]
    assert entry.review

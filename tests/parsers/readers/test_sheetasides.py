"""Comments and form controls of a sheet are listed, and never taken for values."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from forms.catalogue import Catalogue
from parsers.readers import xlsx
from parsers.reading import ReadOptions, read_path
from tests.service.making import filled

BOX = """<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">
<v:textbox><div><font>{caption}</font></div></v:textbox>
<x:ClientData ObjectType="{kind}"><x:Anchor>3, 15, 5, 2, 4, 10, 6, 5</x:Anchor>{state}</x:ClientData></v:shape></xml>"""


def with_comment(content: bytes, text: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    sheet["C7"].comment = Comment(text, "某人")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_control(content: bytes, shape: str) -> bytes:
    """The old drawing, which already holds the comment's frame, with one shape more."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith(".vml"):
                data = data.decode().replace("</xml>", shape).encode()
            target.writestr(entry, data)
    return buffer.getvalue()


def test_comments_and_controls_are_seen_with_their_cell_and_state() -> None:
    content = with_comment(filled("attachment-2"), "单位:另一个单位")
    for kind, state, said in (
        ("Checkbox", "<x:Checked>1</x:Checked>", "控件(复选框):☑保留"),
        ("Checkbox", "", "控件(复选框):☐保留"),
        ("Radio", "<x:Checked>1</x:Checked>", "控件(单选框):◉保留"),
        ("Drop", "<x:Sel>2</x:Sel>", "控件(下拉框):保留第2项"),
    ):
        shape = BOX.format(kind=kind, caption="保留", state=state)
        page = xlsx.read_bytes(with_control(content, shape)).pages[0]
        assert [(aside.text, (aside.address or "").partition("!")[2]) for aside in page.asides] == [
            ("批注:单位:另一个单位", "C7"),
            (said, "D6"),
        ]


def test_a_comment_is_listed_and_changes_no_value(tmp_path: Path) -> None:
    plain, commented = tmp_path / "前.xlsx", tmp_path / "后.xlsx"
    plain.write_bytes(filled("attachment-2"))
    commented.write_bytes(with_comment(filled("attachment-2"), "单位:另一个单位\n姓名:李四"))
    before = read_path(plain, plain.name, ReadOptions()).documents[0]
    after = read_path(commented, commented.name, ReadOptions()).documents[0]
    assert [one.text for one in after.unplaced] == ["批注:单位:另一个单位 姓名:李四"]
    assert any(finding.code == "unplaced" and "另一个单位" in finding.message for finding in after.findings)
    fields = Catalogue.load().find("attachment-2").fields
    for field in fields:
        values = [[row[field.key].value for row in one.record.rows if field.key in row] for one in (before, after)]
        assert values[0] == values[1]


def test_an_old_drawing_that_is_no_xml_is_said() -> None:
    content = with_control(with_comment(filled("attachment-2"), "x"), "<br></xml>")
    texts = [aside.text for aside in xlsx.read_bytes(content).pages[0].asides]
    assert texts == ["批注:x", "控件:表中的旧式图形无法读取"]

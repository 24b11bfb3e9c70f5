"""OFD pages: text by its deltas, ruling as grids, templates; watermarks and ways out of the package are not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.document import Document, Grid
from parsers.errors import ArchiveInvalidError, DamagedFileError, DocumentError, ForbiddenXmlError, TooManyPagesError
from parsers.limits import FileLimits
from parsers.readers import ofd
from tests.parsers import hostile

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text(x: float, y: float, words: str, deltas: str = "", matrix: str = "") -> str:
    """A text object of 4 mm type whose base line begins at (x, y), in millimetres."""
    spread = f' DeltaX="{deltas}"' if deltas else ""
    turned = f' CTM="{matrix}"' if matrix else ""
    code = f'<ofd:TextCode X="0" Y="0"{spread}>{words}</ofd:TextCode>'
    return f'<ofd:TextObject Boundary="{x} {y} 50 5" Size="4" Font="1"{turned}>{code}</ofd:TextObject>'


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    path = f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject Boundary="{x0} {y0} {max(x1 - x0, 1)} {max(y1 - y0, 1)}">{path}</ofd:PathObject>'


def ruled(rows: int, columns: int, height: float = 10, width: float = 40) -> str:
    """A ruled table from (10, 20) on."""
    bottom, right = 20 + rows * height, 10 + columns * width
    level = [line(10, 20 + row * height, right, 20 + row * height) for row in range(rows + 1)]
    upright = [line(10 + column * width, 20, 10 + column * width, bottom) for column in range(columns + 1)]
    return "".join(level + upright)


def page_part(objects: str, template: str = "") -> str:
    return f'<ofd:Page {NS}>{template}<ofd:Content><ofd:Layer ID="1">{objects}</ofd:Layer></ofd:Content></ofd:Page>'


def parts_of(*pages: str, template: str = "", signed: bool = False) -> dict[str, bytes | str]:
    entries = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    listed = '<ofd:TemplatePage ID="9" BaseLoc="Tpls/T/Content.xml"/>' if template else ""
    signatures = "<ofd:Signatures>/Doc_0/Signs.xml</ofd:Signatures>" if signed else ""
    parts: dict[str, bytes | str] = {
        "OFD.xml": (
            f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{signatures}</ofd:DocBody>"
            "</ofd:OFD>"
        ),
        "Doc_0/Document.xml": (
            f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            f"</ofd:PageArea>{listed}</ofd:CommonData><ofd:Pages>{entries}</ofd:Pages></ofd:Document>"
        ),
        "Doc_0/Annots/0.xml": f"<ofd:PageAnnot {NS}>{text(20, 26, '保密资料')}</ofd:PageAnnot>",
    }
    if template:
        parts["Doc_0/Tpls/T/Content.xml"] = page_part(template)
    return parts | {f"Doc_0/Pages/Page_{number}/Content.xml": body for number, body in enumerate(pages)}


def read(tmp_path: Path, parts: dict[str, bytes | str]) -> Document:
    return ofd.read(hostile.zip_of(parts, tmp_path / "a.ofd"))


def rows(grid: Grid) -> list[list[str]]:
    return [[grid.at(row, column).text for column in range(grid.columns)] for row in range(grid.rows)]


def test_a_ruled_table_is_a_grid_and_other_text_is_lines(tmp_path: Path) -> None:
    objects = text(60, 12, "借用人员备案表", "4") + ruled(2, 2)
    objects += text(12, 26, "姓名", "4") + text(52, 26, "张三", "4") + text(12, 36, "身份证号码", "g 4 4")
    objects += text(52, 36, "320799199001010015", "2")
    (page,) = read(tmp_path, parts_of(page_part(objects))).pages
    assert [line.text for line in page.lines] == ["借用人员备案表"]
    assert [rows(grid) for grid in page.grids] == [[["姓名", "张三"], ["身份证号码", "320799199001010015"]]]
    assert page.width == pytest.approx(595.3, abs=0.1)
    box = page.grids[0].at(0, 0).box
    assert box == pytest.approx((28.3, 56.7, 141.7, 85.0), abs=0.1)


def test_a_template_page_lies_under_the_page(tmp_path: Path) -> None:
    body = page_part(text(52, 26, "李四", "4"), '<ofd:Template TemplateID="9"/>')
    (page,) = read(tmp_path, parts_of(body, template=ruled(1, 2) + text(12, 26, "姓名", "4"))).pages
    assert rows(page.grids[0]) == [["姓名", "李四"]]


def test_an_outline_of_one_path_is_four_sides(tmp_path: Path) -> None:
    box = "<ofd:AbbreviatedData>M 0 0 L 40 0 L 40 10 L 0 10 C</ofd:AbbreviatedData>"
    cells = "".join(f'<ofd:PathObject Boundary="{x} 20 40 10">{box}</ofd:PathObject>' for x in (10, 50))
    (page,) = read(tmp_path, parts_of(page_part(cells + text(12, 26, "甲", "4") + text(52, 26, "乙", "4")))).pages
    assert rows(page.grids[0]) == [["甲", "乙"]]


@pytest.mark.parametrize("matrix", ["0 1 -1 0 0 0", "0 -1 1 0 0 0"])
def test_a_page_whose_text_runs_sideways_is_turned(tmp_path: Path, matrix: str) -> None:
    (page,) = read(tmp_path, parts_of(page_part(text(100, 150, "借用人员审批表", "4", matrix)))).pages
    assert [line.text for line in page.lines] == ["借用人员审批表"]
    assert page.width == pytest.approx(841.9, abs=0.1)


def test_a_character_nobody_can_tell_is_said_to_be_so(tmp_path: Path) -> None:
    (page,) = read(tmp_path, parts_of(page_part(text(12, 26, "\ue123三", "4")))).pages
    assert page.lines[0].text == "\ufffd三"
    assert page.lines[0].notes == ("character-unreadable",)


def test_what_is_not_read_is_noted(tmp_path: Path) -> None:
    picture = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="1"/>'
    nested = '<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="2"/>'
    scan, mixed = page_part(picture), page_part(nested + text(12, 26, "够长的一行文字在这里", "4"))
    document = read(tmp_path, parts_of(scan, mixed, signed=True))
    assert [page.scanned for page in document.pages] == [True, False]
    assert [page.notes for page in document.pages] == [("page-unread",), ("page-unread",)]
    assert document.notes == ("ofd-signature-unread",)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("Doc_0/Pages/Page_0/Content.xml", "<ofd:Page", DamagedFileError),
        (
            "Doc_0/Pages/Page_0/Content.xml",
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
            ForbiddenXmlError,
        ),
        ("Doc_0/Pages/Page_0/Content.xml", page_part(text(1, 1, "甲", "g 9999999 1")), DocumentError),
        ("Doc_0/Pages/Page_0/Content.xml", page_part(text(1, 1, "甲", "nan")), DamagedFileError),
        ("Doc_0/Pages/Page_0/Content.xml", page_part(line(1, 1, 9, 1).replace("M 0", "X 0")), DamagedFileError),
        (
            "Doc_0/Document.xml",
            f'<ofd:Document {NS}><ofd:Pages><ofd:Page BaseLoc="../../etc/passwd"/></ofd:Pages></ofd:Document>',
            DamagedFileError,
        ),
        (
            "OFD.xml",
            f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>/../x.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            DamagedFileError,
        ),
        ("OFD.xml", f"<ofd:OFD {NS}/>", DamagedFileError),
        ("../x", "y", ArchiveInvalidError),
    ],
)
def test_a_bad_package_is_refused(tmp_path: Path, name: str, content: str, fault: type[DocumentError]) -> None:
    with pytest.raises(fault):
        read(tmp_path, {**parts_of(page_part(text(1, 1, "甲"))), name: content})


def test_pages_are_bounded(tmp_path: Path) -> None:
    path = hostile.zip_of(parts_of(*[page_part(text(1, 1, "甲"))] * 3), tmp_path / "a.ofd")
    with pytest.raises(TooManyPagesError):
        ofd.read(path, FileLimits(pdf_pages=2))

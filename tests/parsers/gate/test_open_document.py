"""OpenDocument files: told by their content, refused when they bring what acts, read through the converter."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from parsers.errors import DocumentError
from parsers.fenced import read_files
from parsers.gate.admission import admit
from parsers.reading import ReadOptions
from parsers.sniffing import FileFormat

TEXT, SHEET = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("s", "script"),
    )
)
LINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)
PARAGRAPH = "<text:p>姓名</text:p>"


def open_document(path: Path, kind: str, body: str, manifest: str = "", **parts: str) -> Path:
    start = f"<office:document-content {NAMES} {LINK} office:version='1.2'>"
    content = f"{start}<office:body>{body}</office:body></office:document-content>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        entries = "".join(
            f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{media}"/>'
            for name, media in (("/", kind), ("content.xml", "text/xml"))
        )
        archive.writestr("META-INF/manifest.xml", MANIFEST.format(entries + manifest))
        archive.writestr("content.xml", content)
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def text(path: Path, inner: str = PARAGRAPH, manifest: str = "", **parts: str) -> Path:
    return open_document(path, TEXT, f"<office:text>{inner}</office:text>", manifest, **parts)


def code_of(path: Path, name: str = "") -> str:
    with pytest.raises(DocumentError) as caught:
        admit(path, name or path.name)
    return caught.value.code


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        (TEXT, "表.odt", FileFormat.ODT),
        (f"{TEXT}-template", "表.ott", FileFormat.ODT),
        (SHEET, "表.ods", FileFormat.ODS),
        (TEXT, "表.docx", FileFormat.ODT),
    ],
)
def test_what_it_is_says_its_content(kind: str, name: str, found: FileFormat, tmp_path: Path) -> None:
    admitted = admit(open_document(tmp_path / name, kind, ""), name)
    assert admitted.format is found
    assert admitted.format.is_legacy
    assert ("extension-differs" in admitted.notes) == (name == "表.docx")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (TEXT, "表.xlsx"),
        (SHEET, "表.odt"),
        (TEXT, "表.pdf"),
        ("application/vnd.oasis.opendocument.presentation", "表.odt"),
        ("application/epub+zip", "表.odt"),
        ("x" * 300, "表.odt"),
    ],
)
def test_another_kind_of_file_is_no_form(kind: str, name: str, tmp_path: Path) -> None:
    assert code_of(open_document(tmp_path / "file", kind, ""), name) == "content-mismatch"


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ('<draw:image xlink:href="http://127.0.0.1/x.png"/>', "active-content"),
        ('<draw:image xlink:href="file:///etc/hostname"/>', "active-content"),
        ('<draw:image xlink:href="../../etc/hostname"/>', "active-content"),
        ('<text:section><text:section-source xlink:href="x.odt"/></text:section>', "active-content"),
        ('<text:dde-connection-decl office:dde-application="cmd"/>', "active-content"),
        ('<x:object-ole xmlns:x="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"/>', "active-content"),
        ('<draw:floating-frame xlink:href="./a"/>', "active-content"),
        ('<s:event-listener s:event-name="dom:load" xlink:href="vnd.sun.star.script:a"/>', "macro-not-allowed"),
        ("<text:p>" * 5000, "file-too-complex"),
        ("<text:p>", "file-damaged"),
    ],
)
def test_what_acts_or_loads_is_refused(inner: str, code: str, tmp_path: Path) -> None:
    assert code_of(text(tmp_path / "表.odt", inner)) == code


@pytest.mark.parametrize("part", ["Basic/Standard/Module1.xml", "Scripts/python/a.py"])
def test_macros_are_refused(part: str, tmp_path: Path) -> None:
    assert code_of(text(tmp_path / "表.odt", **{part: "<x/>"})) == "macro-not-allowed"


def test_a_password_a_program_and_a_document_type_are_refused(tmp_path: Path) -> None:
    locked = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert code_of(text(tmp_path / "锁.odt", manifest=locked)) == "file-encrypted"
    assert code_of(text(tmp_path / "程.odt", **{"Pictures/a.png": "MZ program"})) == "active-content"
    typed = {"styles.xml": '<!DOCTYPE x [<!ENTITY z SYSTEM "file:///etc/hostname">]><x>&z;</x>'}
    assert code_of(text(tmp_path / "体.odt", **typed)) == "xml-forbidden"


@pytest.mark.parametrize(
    ("inner", "note"),
    [
        ('<text:p><text:a xlink:href="http://example.org/">网页</text:a></text:p>', None),
        ('<draw:image xlink:href="Pictures/a.png"/>', None),
        ('<draw:object xlink:href="./Object 1"/>', "embedded-file-ignored"),
    ],
)
def test_what_only_a_person_could_follow_is_let_pass(inner: str, note: str | None, tmp_path: Path) -> None:
    assert admit(text(tmp_path / "表.odt", inner), "表.odt").notes == (() if note is None else (note,))


def test_a_workbook_and_a_text_are_read(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        made = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        return f"<table:table-row>{made}</table:table-row>"

    table = row("序号", "用工单位", "姓名", "性别", "身份证号", "学历", "清退时间", "清退方式", "人员去向", "备注")
    table += row("1", "某某局", "张三", "男", "320799199001011234", "普通高中", "2026-08-01", "协商解除", "", "无")
    columns = '<table:table-column table:number-columns-repeated="10"/>'
    title = "<text:p>附件2</text:p><text:p>海州区机关事业单位编外用工清退汇总表</text:p>"
    head = row("附件2") + row("海州区机关事业单位编外用工清退汇总表")
    workbook = f'<office:spreadsheet><table:table table:name="表">{head}{table}</table:table></office:spreadsheet>'
    paths = [
        open_document(tmp_path / "表.ods", SHEET, workbook),
        text(tmp_path / "表.odt", f"{title}<table:table>{columns}{table}</table:table>"),
    ]
    for reading, wanted in zip(read_files(paths, ReadOptions()), ("ods", "odt"), strict=True):
        assert (reading.format, reading.problem) == (wanted, None)
        (document,) = reading.documents
        assert document.record.form == "attachment-2"
        assert [entry["name"].value for entry in document.record.rows] == ["张三"]
        assert document.record.rows[0]["note"].value == "无"

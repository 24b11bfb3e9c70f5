"""Every hostile file of the security table is refused by its code; the honest ones beside them pass."""

from __future__ import annotations

import struct
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from parsers.errors import DocumentError
from parsers.gate.admission import Admitted, admit
from parsers.limits import FileLimits
from parsers.sniffing import FileFormat
from tests.parsers import hostile

XXE = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY z SYSTEM "file:///etc/hostname">]><r>&z;</r>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><lolz>&j;</lolz>"
)


def code_of(path: Path, name: str = "", limits: FileLimits | None = None) -> str:
    """The code a file is refused with, or ``passes``."""
    try:
        admit(path, name or path.name, limits or FileLimits())
    except DocumentError as fault:
        return fault.code
    return "passes"


def word(tmp_path: Path, more: dict[str, bytes | str] | None = None, **changes: str) -> Path:
    return hostile.zip_of({**hostile.word_parts(**changes), **(more or {})}, tmp_path / "表.docx")


def field_of(*codes: str) -> str:
    """A field whose code is cut into runs."""
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    edge = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return f"<w:p>{edge.format('begin')}{runs}{edge.format('end')}</w:p>"


class TestPackages:
    def test_an_honest_word_file_passes(self, tmp_path: Path) -> None:
        assert admit(word(tmp_path), "表.docx") == Admitted(FileFormat.DOCX)

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"word/vbaProject.bin": b"x"}, "macro-not-allowed"),
            ({"xl/macrosheets/sheet1.xml": "<m/>"}, "macro-not-allowed"),
            ({"word/embeddings/a.bin": b"MZ\x90\0program"}, "active-content"),
            ({"word/media/image1.png": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, "active-content"),
            ({"word/../../x.xml": "<a/>"}, "archive-invalid"),
            ({"/etc/x.xml": "<a/>"}, "archive-invalid"),
            ({"customXml/item1.xml": XXE}, "xml-forbidden"),
            ({"customXml/item1.xml": LAUGHS}, "xml-forbidden"),
            ({"customXml/item1.xml": XXE.encode("utf-16")}, "xml-forbidden"),
            ({"customXml/item1.xml": XXE.encode("utf-16-le")}, "xml-forbidden"),
            ({"customXml/item1.xml": XXE.encode("utf-16-be")}, "xml-forbidden"),
            ({"customXml/item1.xml": "<!--" + " " * 70_000 + "-->" + XXE}, "xml-forbidden"),
            ({"customXml/item1.xml": "<?xml version='1.0' encoding='utf-7'?><a/>"}, "xml-forbidden"),
            ({"customXml/item1.xml": "<?xml version='1.0' encoding='IBM037'?><a/>"}, "xml-forbidden"),
            ({"_rels/x.rels": XXE}, "xml-forbidden"),
            ({"_rels/x.rels": "<Relationships"}, "file-damaged"),
            ({"word/deep.xml": "<t>" * 100_000}, "file-too-complex"),
            ({"word/wide.xml": "<t " + " ".join(f'a{n}="1"' for n in range(1_000_000))}, "file-too-complex"),
            ({"customXml/item1.xml": "<!-- a <!DOCTYPE that is none --><a>&lt;!DOCTYPE</a>"}, "passes"),
            ({"customXml/item1.xml": "<a>" + "<b/>" * 200_000 + "</a>"}, "passes"),
            ({"customXml/item1.xml": ""}, "passes"),
        ],
    )
    def test_a_part_is_looked_at(self, tmp_path: Path, more: dict[str, bytes | str], code: str) -> None:
        assert code_of(word(tmp_path, more)) == code

    @pytest.mark.parametrize(
        ("link", "code"),
        [
            (("hyperlink", "http://127.0.0.1/x", True), "passes"),
            (("image", "http://127.0.0.1/x.png", True), "active-content"),
            (("image", r"\\host\share\x.png", True), "active-content"),
            (("image", "file:///etc/passwd", True), "active-content"),
            (("image", "media/image1.png", False), "passes"),
            (("attachedTemplate", "http://127.0.0.1/x.dotm", True), "active-content"),
            (("attachedTemplate", r"\\host\x.dotm", True), "active-content"),
            (("attachedTemplate", r"file:///\\host\x.dotm", True), "active-content"),
            (("attachedTemplate", "file:///C:\\模板\\Normal.dotm", True), "passes"),
            (("oleObject", "embeddings/a.bin", False), "active-content"),
            (("oleObject", "file:///C:\\a.doc", True), "active-content"),
            (("control", "activeX/activeX1.xml", False), "active-content"),
            (("aFChunk", "a.html", False), "active-content"),
            (("subDocument", "a.docx", True), "active-content"),
            (("frame", "http://127.0.0.1/", True), "active-content"),
            (("vbaProject", "anything.bin", False), "macro-not-allowed"),
            (("xlMacrosheet", "macro.xml", False), "macro-not-allowed"),
        ],
    )
    def test_a_link_is_looked_at(self, tmp_path: Path, link: tuple[str, str, bool], code: str) -> None:
        assert code_of(word(tmp_path, {"word/_rels/document.xml.rels": hostile.relationships(link)})) == code

    def test_what_will_not_be_used_is_noted(self, tmp_path: Path) -> None:
        links = hostile.relationships(("package", "embeddings/a.xlsx", False), ("externalLinkPath", "b.xlsx", True))
        assert admit(word(tmp_path, {"word/_rels/document.xml.rels": links}), "a.docx").notes == (
            "embedded-file-ignored",
            "external-links-ignored",
        )

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (field_of("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe"), "active-content"),
            (field_of(" DD", "E", " excel a b"), "active-content"),
            ('<w:p><w:fldSimple w:instr="DDE excel a b"/></w:p>', "active-content"),
            (field_of(" PAGE "), "passes"),
            (field_of(" PA") + field_of("DDE"), "active-content"),
            (field_of(" ADDED ") + field_of("NUMPAGES"), "passes"),
            ("<w:p><w:r><w:t>DDEAUTO as a word in the text</w:t></w:r></w:p>", "passes"),
        ],
    )
    def test_a_field_may_not_start_a_program(self, tmp_path: Path, body: str, code: str) -> None:
        assert code_of(word(tmp_path, body=body)) == code

    def test_a_dde_link_of_a_workbook_is_refused(self, tmp_path: Path) -> None:
        more: dict[str, bytes | str] = {"xl/externalLinks/externalLink1.xml": "<a><ddeLink ddeService='cmd'/></a>"}
        assert code_of(word(tmp_path, more)) == "active-content"

    def test_a_macro_type_is_refused_under_any_name(self, tmp_path: Path) -> None:
        path = word(tmp_path, main_type="application/vnd.ms-word.document.macroEnabled.main+xml")
        assert code_of(path) == "macro-not-allowed"
        assert code_of(path, "a.docm") == "macro-not-allowed"

    def test_a_name_used_twice_is_refused(self, tmp_path: Path) -> None:
        path = word(tmp_path)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("Word/Document.xml", "<other/>")
        assert code_of(path) == "archive-invalid"

    @pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.98])
    def test_half_a_file_is_damaged(self, tmp_path: Path, share: float) -> None:
        path = word(tmp_path)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        assert code_of(path) == "file-damaged"

    def test_a_wrong_checksum_is_found(self, tmp_path: Path) -> None:
        path = hostile.zip_of(hostile.word_parts(), tmp_path / "a.docx", zipfile.ZIP_STORED)
        path.write_bytes(path.read_bytes().replace("姓名".encode(), "性名".encode()))
        assert code_of(path) == "file-damaged"


class TestArchives:
    def test_an_overlap_bomb_is_refused_at_once(self, tmp_path: Path) -> None:
        path = hostile.overlap_bomb(tmp_path / "bomb.zip")
        started = time.perf_counter()
        assert code_of(path) == "archive-invalid"
        assert time.perf_counter() - started < 0.2

    @pytest.mark.parametrize("claimed", [10, (1 << 20) - 1])
    def test_sizes_that_lie_are_found(self, tmp_path: Path, claimed: int) -> None:
        assert code_of(hostile.lying_package(tmp_path / "a.docx", "word/media/a.png", claimed)) == "archive-invalid"

    def test_a_bomb_is_refused_by_its_directory_alone(self, tmp_path: Path) -> None:
        path = word(tmp_path, {"word/media/a.png": bytes(1 << 20)})
        started = time.perf_counter()
        assert code_of(path, limits=FileLimits(part_bytes=1 << 19)) == "archive-too-big"
        assert code_of(path, limits=FileLimits(unpacked_bytes=1 << 19)) == "archive-too-big"
        assert code_of(path, limits=FileLimits(ratio_floor=1 << 19)) == "archive-too-big"
        assert code_of(path, limits=FileLimits(zip_entries=3)) == "archive-too-big"
        assert time.perf_counter() - started < 0.2

    def test_an_archive_behind_other_content_is_refused(self, tmp_path: Path) -> None:
        path = word(tmp_path)
        path.write_bytes(b"PK\x03\x04" + bytes(200) + path.read_bytes())
        assert code_of(path) in {"archive-invalid", "file-damaged"}

    def test_an_encrypted_part_is_refused(self, tmp_path: Path) -> None:
        path = word(tmp_path)
        data = bytearray(path.read_bytes())
        at = data.rfind(b"PK\x01\x02")
        struct.pack_into("<H", data, at + 8, struct.unpack_from("<H", data, at + 8)[0] | 1)
        path.write_bytes(bytes(data))
        assert code_of(path) == "file-encrypted"


class TestOldOfficeFiles:
    @pytest.mark.parametrize(
        ("streams", "name", "code"),
        [
            ({("WordDocument",): hostile.word_stream()}, "a.doc", "passes"),
            ({("WordDocument",): hostile.word_stream()}, "a.wps", "passes"),
            ({("WordDocument",): hostile.word_stream(flags=0x0100)}, "a.doc", "file-encrypted"),
            ({("WordDocument",): b"no such thing"}, "a.doc", "file-damaged"),
            ({("EncryptedPackage",): b"x", ("EncryptionInfo",): b"x"}, "a.docx", "file-encrypted"),
            (
                {("WordDocument",): hostile.word_stream(), ("Macros", "VBA", "Module1"): b"x"},
                "a.doc",
                "macro-not-allowed",
            ),
            (
                {("WordDocument",): hostile.word_stream(), ("ObjectPool", "_1", "\x01Ole10Native"): b"x"},
                "a.doc",
                "active-content",
            ),
            ({("Workbook",): hostile.workbook_stream(hostile.bound_sheet("a", 0))}, "a.xls", "passes"),
            ({("Workbook",): hostile.workbook_stream(hostile.bound_sheet("a", 0))}, "a.et", "passes"),
            ({("Book",): hostile.workbook_stream(hostile.bound_sheet("a", 1))}, "a.xls", "macro-not-allowed"),
            ({("Workbook",): hostile.workbook_stream(hostile.biff_record(0x2F, bytes(6)))}, "a.xls", "file-encrypted"),
            ({("Workbook",): b"\0\0\0\0"}, "a.xls", "file-damaged"),
            ({("PowerPoint Document",): b"x"}, "a.doc", "content-mismatch"),
        ],
    )
    def test_streams_tell(self, tmp_path: Path, streams: dict[tuple[str, ...], bytes], name: str, code: str) -> None:
        assert code_of(hostile.compound(tmp_path / "file", streams), name) == code

    def test_half_of_one_is_damaged(self, tmp_path: Path) -> None:
        path = hostile.compound(tmp_path / "a.doc", {("WordDocument",): hostile.word_stream()})
        path.write_bytes(path.read_bytes()[:600])
        assert code_of(path) == "file-damaged"


class TestPagesAndPictures:
    def test_pages_are_counted(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(hostile.pdf_of(3))
        assert admit(path, "a.pdf") == Admitted(FileFormat.PDF, 3)
        assert code_of(path, limits=FileLimits(pdf_pages=2)) == "too-many-pages"

    def test_what_acts_in_a_pdf_is_noted(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(hostile.pdf_of(1, "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"))
        assert admit(path, "a.pdf").notes == ("pdf-active-content",)

    @pytest.mark.parametrize(
        ("size", "code"),
        [((20_000, 20_000), "image-too-large"), ((30_001, 10), "image-too-large"), ((9_000, 8_800), "passes")],
    )
    def test_pixels_are_counted_from_the_header(self, tmp_path: Path, size: tuple[int, int], code: str) -> None:
        path = tmp_path / "a.png"
        path.write_bytes(hostile.png_claiming(*size))
        assert code_of(path) == code

    def test_frames_are_counted(self, tmp_path: Path) -> None:
        frames = [Image.new("L", (4, 4), shade) for shade in range(5)]
        for name in ("a.tif", "a.gif"):
            frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
            assert admit(tmp_path / name, name).pages == 5
            assert code_of(tmp_path / name, limits=FileLimits(image_frames=4)) == "image-too-large"


class TestNamesAndKinds:
    @pytest.mark.parametrize(
        ("content", "name", "code"),
        [
            (b"", "a.docx", "empty-file"),
            (b"\xef\xbb\xbf", "a.docx", "empty-file"),
            (b"\0" * 100, "a.pdf", "empty-file"),
            (b"PK\5\6" + bytes(18), "a.zip", "empty-file"),
            (b"PK\5\6" + bytes(18), "a.docx", "empty-file"),
            (b"PK\3\4" + bytes(30) + b"PK\5\6" + bytes(18), "a.xlsx", "empty-file"),
            (b"just text", "a.docx", "content-mismatch"),
            (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "a.doc", "content-mismatch"),
            (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "a.xls", "passes"),
            (b"<html><body>no table</body></html>", "a.xls", "content-mismatch"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "content-mismatch"),
            (b"MZ" + bytes(60) + b"%PDF-1.4", "a.pdf", "content-mismatch"),
            (b"{\\rtf1 x}", "a.doc", "content-mismatch"),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a.doc", "content-mismatch"),
            (b"%PDF-1.7 and nothing more", "a.pdf", "file-damaged"),
            (b"%!PS-Adobe", "a.png", "content-mismatch"),
            (b"8BPS\0\1", "a.png", "content-mismatch"),
            (b"\x89PNG\r\n\x1a\n", "a.png", "file-damaged"),
        ],
    )
    def test_the_content_decides(self, tmp_path: Path, content: bytes, name: str, code: str) -> None:
        path = tmp_path / "file"
        path.write_bytes(content)
        assert code_of(path, name) == code

    @pytest.mark.parametrize(
        ("name", "code"),
        [("a.docx", "passes"), ("a.DOC", "passes"), ("a.wps", "passes"), ("a", "passes")]
        + [(f"a.{ending}", "content-mismatch") for ending in ("xlsx", "pdf", "png", "zip", "exe", "html", "txt")],
    )
    def test_an_ending_may_not_contradict(self, tmp_path: Path, name: str, code: str) -> None:
        assert code_of(word(tmp_path), name) == code

    def test_an_older_ending_is_noted(self, tmp_path: Path) -> None:
        assert admit(word(tmp_path), "a.doc").notes == ("extension-differs",)

    def test_a_polyglot_is_one_thing_only(self, tmp_path: Path) -> None:
        picture, path = tmp_path / "a.png", tmp_path / "both"
        Image.new("L", (4, 4)).save(picture)
        path.write_bytes(picture.read_bytes() + word(tmp_path).read_bytes() + b"<script>alert(1)</script>")
        assert code_of(path, "a.png") == "passes"
        assert code_of(path, "a.docx") == "content-mismatch"

    def test_too_many_bytes_are_refused(self, tmp_path: Path) -> None:
        assert code_of(word(tmp_path), limits=FileLimits(office_bytes=100)) == "too-large"


def _seeds(folder: Path) -> list[tuple[str, bytes]]:
    pdf, png = folder / "a.pdf", folder / "a.png"
    pdf.write_bytes(hostile.pdf_of(2))
    Image.new("RGB", (9, 9)).save(png)
    old = hostile.compound(folder / "a.xls", {("Workbook",): hostile.workbook_stream(hostile.bound_sheet("a", 0))})
    return [(path.name, path.read_bytes()) for path in (pdf, png, old, word(folder))]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(0, 3),
    flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8),
    cut=st.floats(0, 1),
)
def test_any_bytes_pass_or_are_refused_by_a_code(
    tmp_path: Path, which: int, flips: list[tuple[float, int]], cut: float
) -> None:
    name, content = _seeds(tmp_path)[which]
    data = bytearray(content[: max(1, int(len(content) * (1 - cut / 3)))])
    for place, value in flips:
        data[int(len(data) * place)] = value
    path = tmp_path / "mutated"
    path.write_bytes(bytes(data))
    assert code_of(path, name)

"""LibreOffice shut in: what it gives is whole, a bad file costs no other, nothing outside is reached."""

from __future__ import annotations

import socket
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from PIL import Image

from parsers.tools import office, sandbox, slots
from parsers.tools.isolation import Level
from parsers.tools.office import Converted, convert_batch
from tests.parsers import hostile

pytestmark = [
    pytest.mark.xdist_group("office"),
    pytest.mark.skipif(office.version() is None, reason="LibreOffice is not installed"),
]


def word_file(path: Path, text: str) -> Path:
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(path))
    return path


def workbook(path: Path, text: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = text
    book.save(path)
    return path


def text_of(done: Converted) -> str:
    assert done.path is not None, done.fault
    with pypdfium2.PdfDocument(done.path) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def test_good_files_become_pdf_and_bad_ones_cost_only_themselves(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    empty, garbage = folder / "empty.docx", folder / "garbage.docx"
    empty.write_bytes(b"")
    garbage.write_bytes(b"<html>rubbish</html>")
    broken = hostile.zip_of({**hostile.word_parts(), "word/document.xml": "<w:document"}, folder / "broken.docx")
    files = [
        word_file(folder / "一.docx", "借用人员"),
        empty,
        workbook(folder / "二.xlsx", "编外用工"),
        garbage,
        broken,
    ]
    results = convert_batch(files, "pdf", tmp_path / "out")
    assert [result.source for result in results] == files
    assert [result.fault.code if result.fault else None for result in results] == [
        None,
        "empty-file",
        None,
        "content-mismatch",
        "conversion-failed",
    ]
    assert "借用人员" in text_of(results[0])
    assert "编外用工" in text_of(results[2])
    assert [results[0].pages, results[2].pages] == [1, 1]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["一.pdf", "二.pdf"]


def test_names_that_are_equal_do_not_meet(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        word_file(tmp_path / name / "表.docx", name * 5)
    results = convert_batch([tmp_path / name / "表.docx" for name in ("a", "b")], "pdf", tmp_path / "out")
    assert [result.path.name if result.path else None for result in results] == ["表.pdf", "表-2.pdf"]
    assert ["aaaaa" in text_of(results[0]), "bbbbb" in text_of(results[1])] == [True, True]


def test_a_word_file_becomes_no_workbook(tmp_path: Path) -> None:
    (result,) = convert_batch([word_file(tmp_path / "a.docx", "x")], "xlsx", tmp_path / "out")
    assert result.fault is not None
    assert result.fault.message_zh == "格式转换失败:docx 不能转换为 xlsx"


@pytest.mark.parametrize("target", ["http", "file"])
def test_nothing_outside_is_fetched(tmp_path: Path, target: str) -> None:
    if sandbox.sandbox_level() is Level.NONE:
        pytest.skip("this machine cannot keep the network away")
    hits: list[object] = []
    picture = tmp_path / "secret.png"
    Image.new("RGB", (10, 10), "red").save(picture)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: hits.append(server.accept()), daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png" if target == "http" else picture.as_uri()
        (result,) = convert_batch([_with_linked_picture(tmp_path / "a.docx", address)], "pdf", tmp_path / "out")
        time.sleep(0.1)
    assert hits == []
    assert result.path is not None
    with pypdfium2.PdfDocument(result.path) as document:
        kinds = [found.type for page in document for found in page.get_objects()]
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


def _with_linked_picture(path: Path, address: str) -> Path:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    body = (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing">'
        '<wp:extent cx="952500" cy="952500"/><wp:docPr id="1" name="p"/>'
        f'<a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{drawing}/picture">'
        f'<pic:pic xmlns:pic="{drawing}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{hostile.RELATIONSHIPS}" r:link="rId1"/><a:stretch><a:fillRect/></a:stretch>'
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="952500" cy="952500"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )
    links = hostile.relationships(("image", address, True))
    return hostile.zip_of({**hostile.word_parts(body), "word/_rels/document.xml.rels": links}, path)


ONE_PAGE = (
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
STAND_IN = """
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2
for file in "$@"; do
  result="$out/$(basename "$file" .docx).pdf"
  if grep -q BAD "$file"; then {action}; fi
  printf '%s' '{pdf}' > "$result"
done
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Converted]]:
    """Converts five files, the second of them bad, by a program that does ``action`` at a bad one."""

    def run(action: str) -> list[Converted]:
        real = office._command

        def command(tasks: list[office._Task], target: office.Target, work: Path) -> list[str]:
            program = work / "stand-in.sh"
            program.write_text(STAND_IN.format(action=action, pdf=ONE_PAGE), encoding="utf-8")
            return ["/bin/sh", str(program), *real(tasks, target, work)[1:]]

        monkeypatch.setattr(office, "_command", command)
        monkeypatch.setattr(office, "START_SECONDS", 0.4)
        monkeypatch.setattr(office, "FILE_SECONDS", 0.1)
        files = [
            hostile.zip_of(
                {**hostile.word_parts(), "note.txt": "BAD" if number == 1 else "good"},
                tmp_path / f"{number}.docx",
                zipfile.ZIP_STORED,
            )
            for number in range(5)
        ]
        return list(convert_batch(files, "pdf", tmp_path / "out"))

    return run


@pytest.mark.parametrize(
    "action",
    [
        "kill -SEGV $$",
        "sleep 600",
        "while :; do :; done",
        "printf half > $result; kill -SEGV $$",
        "printf half > $result; sleep 600",
        "continue",
        ': > "$result"; continue',
        'printf rubbish > "$result"; continue',
        'ln -s /etc/hostname "$result"; continue',
        'mkdir "$result"; continue',
    ],
)
def test_whatever_a_bad_file_does_the_others_are_converted(
    stand_in: Callable[[str], list[Converted]], action: str
) -> None:
    results = stand_in(action)
    assert [result.fault.code if result.fault else None for result in results] == [
        None,
        "conversion-failed",
        None,
        None,
        None,
    ]
    assert all(result.pages == 1 for result in results if result.path)


def test_no_more_run_at_once_than_there_are_turns() -> None:
    turns = slots.slot_count()
    with ExitStack() as held:
        for _ in range(turns):
            held.enter_context(slots.slot())
        waited = threading.Event()

        def wait() -> None:
            with slots.slot():
                waited.set()

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        assert not waited.wait(0.3)
    assert waited.wait(5)
    thread.join()

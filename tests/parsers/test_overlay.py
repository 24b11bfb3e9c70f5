"""What is drawn over a page: each kind of thing in its colour, at its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from forms.finding import Box, Region
from forms.record import Entry, Extraction, Mark, MarkKind, Record, Unplaced
from parsers import overlay
from parsers.document import Cell, Document, Grid, Page, SealSeen, TextLine
from parsers.pagenames import PageNames, take_over

SIZE = (600.0, 400.0)
SURE, DOUBTED, EMPTY, LABEL = (20, 20, 140, 60), (160, 20, 280, 60), (300, 20, 420, 60), (440, 20, 560, 60)
SEAL, LEFT, SIGNED, LINE = (20.0, 100.0, 140.0, 220.0), (160, 100, 280, 140), (300, 100, 420, 140), (20, 260, 300, 280)


def place(box: Box) -> Region:
    return Region(0, box)


def extraction() -> Extraction:
    record = Record(
        "attachment-4",
        "r1",
        {"unit": Entry("某单位", region=place(LINE))},
        (
            {
                "name": Entry("张三", confidence=0.99, region=place(SURE)),
                "sex": Entry(None, review=True, region=place(DOUBTED)),
                "note": Entry("", region=place(EMPTY)),
            },
        ),
        (Mark("applicant", MarkKind.SIGNATURE, present=None, review=True, region=place(SIGNED)),),
    )
    return Extraction(record, 1.0, unplaced=(Unplaced("没有归宿", region=place(LEFT)),))


def document() -> Document:
    boxes = (SURE, DOUBTED, EMPTY, LABEL, LEFT)
    cells = tuple(Cell(0, column, "" if box == EMPTY else "字", box=box) for column, box in enumerate(boxes))
    blocks = (Grid(1, len(cells), cells), TextLine("单位:某单位", LINE))
    return Document("pdf", (Page(0, blocks, *SIZE, seals=(SealSeen(SEAL, text="某单位"),)),))


@pytest.fixture
def drawn(tmp_path: Path) -> npt.NDArray[np.uint8]:
    paper = Canvas(str(tmp_path / "表.pdf"), pagesize=SIZE)
    paper.drawString(30, 30, "a page with enough words to be read")
    paper.save()
    overlay.finish(tmp_path, tmp_path / "表.pdf", document(), [extraction()])
    with Image.open(tmp_path / "page-1.png") as picture:
        return np.asarray(picture.convert("RGB"))


def on_edge(drawn: npt.NDArray[np.uint8], box: Box, colour: tuple[int, int, int]) -> bool:
    """Whether the left edge of a box has the colour."""
    scale = drawn.shape[1] / SIZE[0]
    middle, left = round((box[1] + box[3]) / 2 * scale), round(box[0] * scale)
    return bool((drawn[middle, left - 1 : left + 6] == colour).all(axis=1).any())


def test_each_kind_has_its_colour_at_its_place(drawn: npt.NDArray[np.uint8]) -> None:
    wanted = {
        SURE: overlay.GREEN,
        DOUBTED: overlay.AMBER,
        SIGNED: overlay.AMBER,
        EMPTY: overlay.GREY,
        LABEL: overlay.BLUE,
        SEAL: overlay.RED,
        LEFT: overlay.PURPLE,
        LINE: overlay.GREEN,
    }
    assert {box: on_edge(drawn, box, colour) for box, colour in wanted.items()} == dict.fromkeys(wanted, True)


def test_a_page_of_a_file_in_which_no_form_was_found_is_drawn_too(tmp_path: Path) -> None:
    paper = Canvas(str(tmp_path / "表.pdf"), pagesize=SIZE)
    paper.showPage()
    paper.save()
    overlay.finish(tmp_path, tmp_path / "表.pdf", document(), [])
    with Image.open(tmp_path / "page-1.png") as picture:
        assert on_edge(np.asarray(picture.convert("RGB")), SURE, overlay.BLUE)


def test_pictures_are_named_after_the_file_and_two_of_one_stem_are_told_apart(tmp_path: Path) -> None:
    names = PageNames()
    given = [names.stem(name) for name in ("附件4.pdf", "附件4.png", "退回.zip/内/附件4.pdf", "..", "a\x00b?.pdf", "")]
    assert given == ["附件4", "附件4~2", "退回-内-附件4", "page", "a_b_", "page~2"]
    assert len(names.stem("长" * 300 + ".pdf").encode()) <= 150
    source = tmp_path / "made"
    source.mkdir()
    for name in ("page-1.png", "page-12.png", "other.png", "page-01.png"):
        (source / name).write_bytes(b"x")
    take_over(source, tmp_path / "wanted", given[1])
    assert {path.name for path in (tmp_path / "wanted").iterdir()} == {"附件4~2-1.png", "附件4~2-12.png"}

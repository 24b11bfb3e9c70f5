from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2

from writers.packing.binding import Bound, bind, lay_out


def pages(count: int, *, landscape: bool = False) -> bytes:
    made = pikepdf.new()
    for _ in range(count):
        made.add_blank_page(page_size=(842, 595) if landscape else (595, 842))
    buffer = io.BytesIO()
    made.save(buffer, deterministic_id=True)
    return buffer.getvalue()


PARTS = (
    Bound("封面", pages(1), numbered=False),
    Bound("目录", pages(2)),
    Bound("附件1", pages(3, landscape=True)),
    Bound("附件4", pages(4), starts=((0, "甲"), (1, "乙"), (3, "丙"))),
    Bound("", pages(1), starts=((0, "丁"),)),
    Bound("附件4 盖章原件", pages(1), starts=((0, "某单位"),)),
    Bound("另一单位", pages(1), level=1),
)


def bookmarks(path: Path) -> list[tuple[int, str, int]]:
    with pypdfium2.PdfDocument(path) as file:
        return [(item.level, item.get_title(), (item.get_dest().get_index() or 0) + 1) for item in file.get_toc()]


def test_every_document_begins_on_a_right_hand_page_and_numbers_run_on(tmp_path: Path) -> None:
    target = tmp_path / "print.pdf"
    count = bind(PARTS, "报送包", target)
    found = bookmarks(target)
    assert all(page % 2 == 1 for _, _, page in found)
    assert [(level, title) for level, title, _ in found] == [
        (0, "封面"),
        (0, "目录"),
        (0, "附件1"),
        (0, "附件4"),
        (1, "甲"),
        (1, "乙"),
        (1, "丙"),
        (1, "丁"),
        (0, "附件4 盖章原件"),
        (1, "某单位"),
        (1, "另一单位"),
    ]
    with pypdfium2.PdfDocument(target) as file:
        assert len(file) == count
        texts = [page.get_textpage().get_text_range().strip() for page in file]
    assert texts[0] == ""
    assert texts[1] == ""
    numbered = {number: text for number, text in enumerate(texts, start=1) if text}
    assert all(text.strip("— ") == str(number) for number, text in numbered.items())
    assert {3, 4, 5, 6, 7, 9, 11, 12, 13, 15, 17, 19} == set(numbered)


def test_a_viewer_calls_each_page_as_it_is_printed(tmp_path: Path) -> None:
    inner = Bound("隔页", pages(2), numbered=False)
    bind((*PARTS[:3], inner, PARTS[5]), "报送包", tmp_path / "print.pdf")
    with pypdfium2.PdfDocument(tmp_path / "print.pdf") as file:
        labels = [file.get_page_label(index) for index in range(len(file))]
        printed = [page.get_textpage().get_text_range().strip("— \r\n\x97") for page in file]
    assert labels == ["封面", "2", "3", "4", "5", "6", "7", "8", "隔页 i", "隔页 ii", "11"]
    assert all(label == text for label, text in zip(labels, printed, strict=True) if text)
    bind((inner,), "报送包", tmp_path / "alone.pdf")
    with pypdfium2.PdfDocument(tmp_path / "alone.pdf") as file:
        assert [file.get_page_label(index) for index in range(len(file))] == ["隔页 i", "隔页 ii"]


def test_what_is_laid_out_is_what_gets_bound(tmp_path: Path) -> None:
    counts = (1, 2, 3, 4, 1, 1, 1)
    laid = lay_out((count, [page for page, _ in part.starts]) for count, part in zip(counts, PARTS, strict=True))
    bind(PARTS, "报送包", tmp_path / "print.pdf")
    told = {title: page for _, title, page in bookmarks(tmp_path / "print.pdf")}
    assert [item.first for item in laid] == [
        1,
        3,
        5,
        told["附件4"],
        told["丁"],
        told["附件4 盖章原件"],
        told["另一单位"],
    ]
    assert laid[3].starts == (told["甲"], told["乙"], told["丙"])


def test_the_same_parts_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        bind(PARTS, "报送包", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

"""Opinions and days on paper: strokes are no words, a seal's words are its own, and two readings must agree."""

from __future__ import annotations

import pytest

from forms.catalogue import Catalogue
from forms.finding import Box
from forms.record import Mark, MarkKind
from parsers.document import Cell, DaySeen, InkSeen, Page, SealSeen, Word
from parsers.locating.boxes import BoxPlace
from parsers.marks import MarkReader

AREA: Box = (100.0, 100.0, 300.0, 220.0)
LINE: Box = (37.0, 40.0, 550.0, 50.0)
SIGNED: Box = (180.0, 120.0, 240.0, 150.0)


def read(
    *words: tuple[str, Box, float],
    ink: tuple[InkSeen, ...] = (),
    seals: tuple[SealSeen, ...] = (),
    days: tuple[DaySeen, ...] = (),
    notes: tuple[str, ...] = (),
    before: tuple[str, ...] = (),
) -> dict[MarkKind, Mark]:
    """The marks of 借出单位意见 with these words in its cell, after lines of running text of the same label."""
    definition = Catalogue.load().find("attachment-4")
    box = next(item for item in definition.boxes if item.key == "lending_unit")
    text = "\n".join(word for word, *_ in words)
    sure = min((confidence for *_, confidence in words), default=0.99)
    said = tuple(Word(word, place, confidence) for word, place, confidence in words)
    page = Page(0, (), scanned=True, seals=seals, ink=ink, days=days, sign_places=(AREA,))
    cell = Cell(3, 1, text, box=AREA, ink=True, confidence=sure, words=said, notes=notes)
    lines = [BoxPlace(box, page, Cell(-1, 0, one, box=LINE, confidence=0.99), one) for one in before]
    marks = MarkReader(definition, {}, {}).read([*lines, BoxPlace(box, page, cell, text)], scanned=True)
    return {mark.kind: mark for mark in marks if mark.key == box.key}


def opinion(*words: tuple[str, Box, float], **more: tuple[object, ...]) -> tuple[bool | None, str, bool]:
    mark = read(*words, **more)[MarkKind.OPINION]  # type: ignore[arg-type]  # parts of a page
    return mark.present, mark.text, mark.review


TOP: Box = (110.0, 102.0, 160.0, 115.0)
LOW: Box = (185.0, 122.0, 235.0, 148.0)


def test_what_was_read_off_a_signature_is_no_opinion() -> None:
    ink = (InkSeen(SIGNED),)
    assert opinion(("拟同意", TOP, 0.99), ("W", LOW, 0.95), ink=ink) == (True, "拟同意", False)
    assert opinion(("W", LOW, 0.95), ink=ink) == (False, "", False)


def test_strokes_that_nobody_signed_are_for_a_person() -> None:
    assert opinion(("W", LOW, 0.99)) == (None, "W", True)
    assert opinion(("拟同意", TOP, 0.99), ("√", LOW, 0.99)) == (True, "拟同意", True)


@pytest.mark.parametrize("guide", ["(董章)", "(盖年)全", "(盖FF", "(血早)"])
def test_a_misread_guide_is_no_opinion(guide: str) -> None:
    assert opinion(("同意", TOP, 0.99), (guide, LOW, 0.5)) == (True, "同意", True)
    assert opinion((guide, LOW, 0.99)) == (False, "", True), "it may be words in brackets, such as （已阅）"


def test_an_opinion_in_brackets_is_one() -> None:
    assert opinion(("（同意）", TOP, 0.99)) == (True, "（同意）", False)


@pytest.mark.parametrize(
    "more",
    [
        {"ink": (InkSeen(SIGNED), InkSeen(TOP, sure=False, aside=True))},
        {"ink": (InkSeen(TOP, sure=False),)},
        {"notes": ("seal-over",)},
    ],
)
def test_an_empty_opinion_with_ink_that_nobody_read_is_for_a_person(more: dict[str, tuple[object, ...]]) -> None:
    assert opinion(**more) == (False, "", True)


def test_a_line_of_which_nothing_was_read_is_for_a_person() -> None:
    assert opinion(("", TOP, 0.2)) == (False, "", True)


def test_a_copied_seals_words_are_no_opinion() -> None:
    seal = SealSeen((200.0, 100.0, 320.0, 220.0), text="海州区教育局", colour="grey", confidence=0.9)
    words = (("拟同意 州区教育", TOP, 0.9), ("业务专用章", (210.0, 190.0, 290.0, 210.0), 0.9))
    assert opinion(*words, seals=(seal,)) == (True, "拟同意", True)


def test_a_cell_is_the_box_and_a_line_with_its_label_is_not() -> None:
    """填报单位（盖章） above a table, with a stray seal on it, once hid the opinion in the cell below."""
    stray = SealSeen((60.0, 10.0, 178.0, 128.0), text="海州区教育局", confidence=0.9)
    found = read(("同意借用", TOP, 0.99), before=("",), seals=(stray,))
    assert found[MarkKind.OPINION].text == "同意借用"
    assert found[MarkKind.SEAL].present


def day(words: str, strip: str, confidence: float = 0.97, notes: tuple[str, ...] = ()) -> tuple[str | None, bool]:
    days = (DaySeen((190.0, 180.0, 260.0, 195.0), strip, 0.9),) if strip else ()
    said = [(words, (190.0, 180.0, 260.0, 195.0), confidence)] if words else []
    mark = read(*said, days=days, notes=notes)[MarkKind.DATE]
    return mark.value, mark.review


@pytest.mark.parametrize(
    ("words", "strip", "wanted"),
    [
        ("2026年8月12日", "2026年8月12日", ("2026-08-12", False)),
        ("2026年8月12日", "", ("2026-08-12", True)),
        ("2026年8月2日", "2026年8月12日", ("2026-08-12", True)),
        ("2026年8月12日", "2026年8月2日", ("2026-08-12", True)),
        ("2026年8月12日", "年月日", ("2026-08-12", True)),
        ("2026年8月", "王2026年8月12日", ("2026-08-12", True)),
        ("", "2026年8月12日", ("2026-08-12", True)),
        ("", "2026年月日", (None, True)),
        ("年月日", "年月日", (None, False)),
        ("年月日", "年1月日", (None, True)),
    ],
)
def test_two_readings_of_a_day_must_agree(words: str, strip: str, wanted: tuple[str | None, bool]) -> None:
    assert day(words, strip) == wanted


@pytest.mark.parametrize(("words", "wanted"), [("2026年8月2日", "2026-08-02"), ("年月日", None)])
def test_a_day_beside_ink_that_nobody_read_goes_to_a_person(words: str, wanted: str | None) -> None:
    days = (DaySeen((190.0, 180.0, 260.0, 195.0), words, 0.99, unread=True),)
    mark = read((words, (190.0, 180.0, 260.0, 195.0), 0.99), days=days)[MarkKind.DATE]
    assert (mark.value, mark.review) == (wanted, True)


def test_under_a_copied_seal_the_strip_counts_and_a_person_looks() -> None:
    assert day("2026年8月2日", "2026年8月12日", notes=("seal-over",)) == ("2026-08-12", True)


def test_ink_that_nobody_read_may_be_a_seal_that_was_not_seen() -> None:
    mark = read(ink=(InkSeen(TOP, sure=False),))[MarkKind.SEAL]
    assert (mark.present, mark.review) == (False, True)
    assert not read()[MarkKind.SEAL].review


def test_what_is_left_of_a_day_is_no_opinion_and_something_may_stand_there() -> None:
    assert opinion(("年4月1日", LOW, 0.99)) == (False, "", True)

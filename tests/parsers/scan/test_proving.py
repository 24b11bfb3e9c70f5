"""What a field's type and common words prove, and what they must leave to a person."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forms.fieldtypes.registry import make_type
from parsers.decoder import Decoded
from parsers.document import Cell
from parsers.ocr.base import LineReading
from parsers.scan.cells import CellSeen
from parsers.scan.decoding import ScanDecoder
from parsers.scan.gridcells import CellPlace
from parsers.scan.inktest import Ink, InkFound
from parsers.scan.lines import compose
from parsers.scan.page import CellRead
from parsers.scan.readlines import ReadLine, half_width
from parsers.scan.spacing import has_room_for_point
from tests.parsers.building import id_number
from tests.parsers.scan.engines import ScriptedEngine, reading, sure

BOX = (10.0, 10.0, 100.0, 30.0)
SEEN = 0.985


def line_of(answer: LineReading, **given: object) -> ReadLine:
    """A line by hand with that reading; ``given`` changes it."""
    crop = np.full((40, 200), 255, np.uint8)
    folded = half_width(answer)
    worth = (folded.confidence or 0.0) ** 3
    line = ReadLine(compose(crop, [(10, 5, 190, 35)], 30), folded, answer, folded.text, worth, by_hand=True, care=3)
    return replace(line, **given)  # type: ignore[arg-type]  # fields by name


def decode(line: ReadLine, kind: str, heard: str | None = None, options: dict[str, object] | None = None) -> Decoded:
    """The line as a cell's value; ``heard``: what the witness reads in it."""
    cell = Cell(0, 0, line.text, box=BOX, ink=True, confidence=line.confidence)
    place = CellPlace(0, 0, 1, 1, (0, 0, 200, 40), whole=True)
    seen = CellSeen(0, place, (0, 0, 200, 40), InkFound(Ink.INK, np.full((40, 200), 255, np.uint8)), (line.line,))
    decoder = ScanDecoder(witness=ScriptedEngine(sure(heard)) if heard is not None else None)
    decoder.remember(0, [CellRead(seen, (line,), cell)])
    return decoder.decode(0, cell, make_type(kind, options))


def unsure(text: str, place: int, other: str, chance: float = 0.6) -> LineReading:
    """A reading with one character that may be another."""
    columns = [{mark: 0.998} for mark in text]
    columns[place] = {text[place]: chance, other: 0.98 - chance}
    return reading(*columns)


def test_a_date_is_no_less_sure_for_a_sign_that_may_be_another_hanzi() -> None:
    decoded = decode(line_of(unsure("2026年8月5日", 4, "车")), "day")
    assert (decoded.text, decoded.confidence, decoded.review) == ("2026年8月5日", SEEN, False)


@pytest.mark.parametrize(
    ("text", "place", "other"),
    [("2026年8月5日", 7, "6"), ("2026年8月5日", 5, "3"), ("2029年8月5日", 3, "4"), ("2026年2月30日", 4, "车")],
    ids=["another figure", "another month", "a nine that may be a four", "no day"],
)
def test_a_date_that_may_be_another_goes_to_a_person(text: str, place: int, other: str) -> None:
    assert decode(line_of(unsure(text, place, other, 0.9)), "day").review


def test_a_number_has_room_for_a_point_where_one_may_stand_alone() -> None:
    ink = np.zeros((40, 200), np.uint8)
    for left in (10, 36, 54, 72):
        ink[8:30, left : left + 10] = 255
    line = compose(255 - ink, [(8, 6, 90, 32)], 24)
    marks = [(mark, left + 5.0) for mark, left in zip("2600", (10, 36, 54, 72), strict=True)]
    assert not has_room_for_point(ink, line, marks)
    ink = np.ascontiguousarray(ink[:, ::-1])
    line = compose(255 - ink, [(116, 6, 198, 32)], 24)
    marks = [(mark, left + 5.0) for mark, left in zip("2600", (118, 136, 154, 180), strict=True)]
    assert has_room_for_point(ink, line, marks)


def test_a_word_by_hand_that_may_be_a_likelier_one_goes_to_a_person() -> None:
    decoded = decode(line_of(unsure("全计", 0, "会", 0.975)), "text")
    assert (decoded.text, decoded.review, decoded.candidates[:1]) == ("全计", True, ("会计",))


def test_a_word_of_a_list_that_lost_its_bracket_is_that_word_however_surely_it_was_read() -> None:
    read = replace(line_of(sure("事业(专技", 0.998)), heard="事业(专技")
    assert not decode(replace(read, confidence=SEEN), "coded", options={"table": "establishment-type"}).review


def test_a_nine_in_which_nobody_saw_a_four_is_one() -> None:
    assert not decode(line_of(unsure("2029年8月5日", 4, "车", 0.9)), "day").review
    assert decode(line_of(reading(*({mark: 0.998 if mark != "9" else 0.97} for mark in "2029年8月5日"))), "day").review


def test_a_date_that_the_witness_reads_otherwise_goes_to_a_person() -> None:
    line = line_of(unsure("2026年8月5日", 4, "车"))
    assert decode(line, "day", heard="2026年3月5日").review
    assert not decode(line, "day", heard="2026车8月5").review


def test_a_figure_that_only_the_witness_saw_is_no_noise_in_what_it_heard() -> None:
    line = line_of(unsure("2012年6月5日", 4, "车"))
    assert not decode(line, "day", heard="2012年6周5日").review
    assert decode(line, "day", heard="2012年6周15日").review


def test_a_number_needs_two_who_read_it() -> None:
    line = line_of(unsure(id_number(4), 9, "Q"))
    assert decode(line, "id_number").review
    assert not decode(line, "id_number", heard=id_number(4)).review
    assert decode(line_of(unsure("4800", 1, "B")), "money").review


def test_words_prove_what_is_read_of_them() -> None:
    line = line_of(unsure("水电维护员", 2, "堆"))
    assert decode(line, "text").review is False
    assert decode(line_of(unsure("海州区民政局", 4, "玫")), "unit").review is False


@pytest.mark.parametrize(
    ("text", "place", "other"),
    [("板浦镇政府", 0, "柏"), ("第一中心", 1, "二"), ("配合做好经济普查任务时间紧", 3, "子"), ("李炎", 1, "淡")],
    ids=["a name of a place", "one number for another", "long text of a hand", "no type of words"],
)
def test_words_prove_nothing_else(text: str, place: int, other: str) -> None:
    kind = "name" if text == "李炎" else "text"
    decoded = decode(line_of(unsure(text, place, other)), kind)
    assert decoded.review or (decoded.confidence or 0.0) < SEEN


def test_what_is_no_word_is_offered_as_the_word_that_the_ink_may_be() -> None:
    decoded = decode(line_of(unsure("工程市", 2, "师", 0.7)), "text")
    assert (decoded.text, decoded.candidates[0], decoded.review) == ("工程师", "工程市", True)


def test_what_nothing_speaks_for_stays_as_it_was_read() -> None:
    decoded = decode(line_of(sure("工程市", 0.8)), "text")
    assert decoded.text == "工程市"


def test_nothing_is_proven_where_ink_was_not_read() -> None:
    line = line_of(unsure("水电维护员", 2, "堆"))
    capped = replace(line, confidence=min(line.confidence, 0.1))
    assert capped.is_capped
    decoded = decode(capped, "text")
    assert decoded.review or (decoded.confidence or 0.0) < SEEN


def test_a_number_with_room_for_a_point_is_shown() -> None:
    line = line_of(sure("86005", 0.9999), may_have_point=True)
    assert decode(line, "money", heard="86005").review
    assert not decode(replace(line, may_have_point=False), "money", heard="86005").review


def test_a_comma_that_may_stand_in_a_units_name_does_not() -> None:
    line = line_of(sure("海州区民政局", 0.999))
    marked = replace(line, text="海州区民,政局", confidence=0.5, may_have_comma=True)
    assert decode(marked, "unit").text == "海州区民政局"
    shown = decode(marked, "text")
    assert (shown.review, shown.candidates[0]) == (True, "海州区民,政局")


def test_a_mark_that_may_have_been_passed_over_matters_where_a_type_has_marks() -> None:
    line = line_of(sure("海州区民政局", 0.999))
    marked = replace(line, confidence=0.5, passes_mark=True)
    assert not decode(marked, "unit").review
    assert (decode(marked, "unit").confidence or 0.0) >= SEEN
    for kind in ("text", "name"):
        decoded = decode(marked, kind)
        assert decoded.review or (decoded.confidence or 0.0) <= 0.5
    assert (decode(replace(marked, text="海州区,民政局"), "unit").confidence or 0.0) <= 0.5

"""What another network that reads the same may prove, and what it may not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forms.fieldtypes.registry import make_type
from parsers.decoder import Decoded
from parsers.document import Cell
from parsers.ocr.base import LineReading, OcrEngine
from parsers.scan.cells import CellSeen
from parsers.scan.decoding import ScanDecoder
from parsers.scan.gridcells import CellPlace
from parsers.scan.inktest import Ink, InkFound
from parsers.scan.lines import compose
from parsers.scan.page import CellRead
from parsers.scan.readlines import ReadLine, half_width
from tests.parsers.building import id_number
from tests.parsers.scan.engines import CrashingEngine, ScriptedEngine, reading, sure

BOX = (10.0, 10.0, 100.0, 30.0)
CARE = 3
"""What a hand's reading is worth: its cube."""


def decode(
    answer: LineReading,
    kind: str,
    witness: OcrEngine | None,
    *,
    second: OcrEngine | None = None,
    limit: float = 1.0,
    by_hand: bool = True,
) -> Decoded:
    """A line, by hand but for what is said, as a type (``coded:table`` one); ``limit``: nothing makes it surer."""
    name, _, table = kind.partition(":")
    crop = np.full((40, 200), 255, np.uint8)
    line = compose(crop, [(10, 5, 190, 35)], 30)
    folded = half_width(answer)
    care = CARE if by_hand else 1
    worth = min((folded.confidence or 0.0) ** care, limit)
    read = replace(ReadLine(line, folded, answer, folded.text, worth), by_hand=by_hand, care=care)
    cell = Cell(0, 0, folded.text, box=BOX, ink=True, confidence=worth)
    seen = CellSeen(
        0, CellPlace(0, 0, 1, 1, (0, 0, 200, 40), whole=True), (0, 0, 200, 40), InkFound(Ink.INK, crop), (line,)
    )
    decoder = ScanDecoder(second=second, witness=witness)
    decoder.remember(0, [CellRead(seen, (read,), cell)])
    return decoder.decode(0, cell, make_type(name, {"table": table} if table else None))


@pytest.mark.parametrize(
    ("kind", "text", "chance"),
    [
        ("unit", "海州区教育局", 0.97),
        ("money", "4800", 0.98),
        ("text", "板浦柘汪", 0.99),
        ("id_number", id_number(4), 0.97),
    ],
)
def test_what_both_read_alike_is_sure(kind: str, text: str, chance: float) -> None:
    answer = sure(text, chance)
    alone, agreed = decode(answer, kind, None), decode(answer, kind, ScriptedEngine(answer))
    assert (agreed.text, agreed.review) == (text, False)
    assert (alone.confidence or 0.0) < 0.93 < (agreed.confidence or 0.0)


@pytest.mark.parametrize("other", ["海州区教有局", "海州区教育", ""])
def test_what_the_witness_reads_otherwise_is_no_surer(other: str) -> None:
    answer = sure("海州区教育局", 0.92)
    assert decode(answer, "unit", ScriptedEngine(sure(other))) == decode(answer, "unit", None)


def test_a_witness_that_is_not_sure_itself_proves_nothing() -> None:
    answer = sure("海州区教育局", 0.92)
    assert decode(answer, "unit", ScriptedEngine(sure("海州区教育局", 0.4))) == decode(answer, "unit", None)


def test_free_text_needs_more_than_a_word_that_a_list_can_prove() -> None:
    answer = sure("全计", 0.88)
    assert (decode(answer, "text", ScriptedEngine(answer)).confidence or 0.0) < 0.93


def test_a_comma_that_both_may_have_passed_over_is_not_disproved() -> None:
    answer = sure("专班人手不足需借用", 0.97)
    assert decode(answer, "text", ScriptedEngine(answer)) == decode(answer, "text", None)


def test_a_nine_by_hand_may_be_a_four_that_both_take_for_one() -> None:
    answer = sure("2027年8月19日", 0.97)
    assert decode(answer, "day", ScriptedEngine(answer)) == decode(answer, "day", None)
    plain = reading(*({mark: 0.9 if mark == "7" else 0.995} for mark in "2027年8月19日"))
    assert not decode(plain, "day", ScriptedEngine(plain)).review


def test_a_phone_by_hand_read_surely_is_shown_where_a_nine_had_the_least_chance_of_being_a_four() -> None:
    """Seed 600: 15515336466 was read with a 9 at 0.99917, and 0.0007 for the 4 that the hand had closed."""
    surely = [{mark: 0.9999} for mark in "15515336"]
    plain, closed = ({"9": 0.9992} | four for four in ({}, {"4": 0.0007}))
    seen = reading(*surely, plain, {"6": 0.9999}, {"2": 0.9999})
    assert not decode(seen, "phone", None, second=ScriptedEngine(seen)).review
    seen = reading(*surely, closed, {"6": 0.9999}, {"2": 0.9999})
    assert decode(seen, "phone", None, second=ScriptedEngine(seen)).review
    assert decode(seen, "phone", None).review
    assert not decode(seen, "phone", None, second=ScriptedEngine(seen), by_hand=False).review


def test_nor_does_the_second_reader_prove_a_nine_that_may_be_a_four() -> None:
    half_seen = reading(*({mark: 0.999} for mark in "1995.0"), {"9": 0.948, "4": 0.05})
    decoded = decode(half_seen, "month", None, second=ScriptedEngine(sure("1995.09")))
    assert (decoded.text, decoded.review) == ("1995.09", True)
    assert "1995.04" in decoded.candidates


def test_a_mark_that_the_witness_sees_in_a_hand_makes_the_line_doubtful() -> None:
    answer = sure("持有电工证短期内", 0.998)
    assert (decode(answer, "text", None).confidence or 0.0) > 0.93
    assert (decode(answer, "text", ScriptedEngine(sure("持有电工证,短期内"))).confidence or 0.0) <= 0.5


def test_a_name_is_never_proved_by_a_witness() -> None:
    answer = sure("郭肿浩", 0.97)
    assert decode(answer, "name", ScriptedEngine(answer)) == decode(answer, "name", None)


def test_ink_that_neither_read_stays_a_doubt() -> None:
    answer = sure("海州区教育局", 0.99)
    decoded = decode(answer, "unit", ScriptedEngine(answer), limit=0.5)
    assert decoded.confidence == 0.5


def test_what_fails_a_check_goes_to_a_person_whoever_reads_it() -> None:
    answer = sure("320799199001010016")
    assert decode(answer, "id_number", ScriptedEngine(answer)).review


def test_a_witness_that_crashes_changes_nothing() -> None:
    answer = sure("海州区教育局", 0.92)
    assert decode(answer, "unit", CrashingEngine(answer)) == decode(answer, "unit", None)


def test_a_word_that_no_other_of_its_list_is_near_to_proves_itself() -> None:
    assert decode(sure("共青团员", 0.8), "coded:political-status", None).review is False


@pytest.mark.parametrize(("text", "table"), [("大学本科", "education"), ("汉族", "ethnicity")])
def test_a_word_with_a_neighbour_in_its_list_does_not(text: str, table: str) -> None:
    decoded = decode(sure(text, 0.6), f"coded:{table}", None)
    assert decoded.review


@pytest.mark.parametrize(
    ("kind", "text", "chance", "asked"),
    [
        ("unit", "海州区教育局", 0.998, 0),
        ("unit", "海州区教育局", 0.97, 1),
        ("name", "郭浩", 0.97, 0),
        ("phone", "13961300000", 0.999, 1),
        ("day", "2026年2月30日", 0.999, 1),
    ],
)
def test_of_print_a_witness_is_asked_only_what_it_may_change(kind: str, text: str, chance: float, asked: int) -> None:
    witness = ScriptedEngine(sure(text))
    decode(sure(text, chance), kind, witness, by_hand=False)
    assert witness.asked == asked

"""Cells as values of a type: what may pass without a person, and what never may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
from parsers.scan.units import to_points
from tests.parsers.scan.engines import CrashingEngine, ScriptedEngine, reading, sure

BOX = (10.0, 10.0, 100.0, 30.0)


def numbered(serial: int) -> str:
    """The valid number of an invented person."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    body = f"32079919900101{serial:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


GOOD_ID = numbered(1)


def decoder_for(
    answer: LineReading,
    *,
    second: OcrEngine | None = None,
    state: Ink = Ink.INK,
    whole: bool = True,
    doubt: float = 1.0,
    care: int = 1,
) -> tuple[ScanDecoder, Cell]:
    folded = half_width(answer)
    wide = max(200, 20 + 30 * len(folded.text))  # hanzi are square
    crop = np.full((40, wide), 255, np.uint8)
    line = compose(crop, [(10, 5, wide - 10, 35)], 30)
    worth = min(folded.confidence or 0.0, doubt)
    read = ReadLine(line, folded, answer, folded.text, worth, may_have_space=doubt < 1, care=care)
    cell = Cell(0, 0, folded.text, box=BOX, ink=True, confidence=folded.confidence)
    place = CellPlace(0, 0, 1, 1, (0, 0, wide, 40), whole)
    seen = CellSeen(0, place, (0, 0, wide, 40), InkFound(state, crop), (line,))
    decoder = ScanDecoder(second=second)
    decoder.remember(0, [CellRead(seen, (read,), cell)])
    return decoder, cell


def decode(answer: LineReading, kind: str, options: dict[str, Any] | None = None, **given: Any) -> Decoded:
    decoder, cell = decoder_for(answer, **given)
    return decoder.decode(0, cell, make_type(kind, options))


def certain(text: str) -> list[dict[str, float]]:
    return [{char: 0.999} for char in text]


def test_a_sure_valid_id_needs_nobody() -> None:
    decoded = decode(sure(GOOD_ID), "id_number", second=ScriptedEngine(sure(GOOD_ID)))
    assert (decoded.text, decoded.review) == (GOOD_ID, False)


def test_a_surely_read_id_with_a_false_check_digit_stays_as_written_and_is_shown() -> None:
    wrong = GOOD_ID[:-1] + ("6" if GOOD_ID[-1] != "6" else "7")
    decoded = decode(sure(wrong), "id_number", second=ScriptedEngine(sure(GOOD_ID)))
    assert (decoded.text, decoded.review) == (wrong, True)


def test_two_readers_with_two_valid_ids_need_a_person() -> None:
    decoded = decode(sure(GOOD_ID), "id_number", second=ScriptedEngine(sure(numbered(3))))
    assert decoded.review


def test_a_doubtful_digit_is_confirmed_by_the_second_reader_or_shown() -> None:
    columns = [*certain(GOOD_ID[:-1]), {GOOD_ID[-1]: 0.75, "9" if GOOD_ID[-1] != "9" else "4": 0.25}]
    assert decode(reading(*columns), "id_number", second=ScriptedEngine(sure(GOOD_ID))).review is False
    assert decode(reading(*columns), "id_number", second=ScriptedEngine(sure(GOOD_ID[:-2]))).review is True
    assert decode(reading(*columns), "id_number").review is True


def test_a_second_reader_that_fails_is_as_none() -> None:
    decoded = decode(sure(GOOD_ID), "id_number", second=CrashingEngine(sure("")))
    assert (decoded.text, decoded.review) == (GOOD_ID, False)


def test_letters_in_a_number_are_read_as_figures_and_doubted() -> None:
    decoded = decode(reading(*certain("2026年"), {"O": 0.6, "0": 0.4}, *certain("7月1日")), "day")
    assert decoded.text == "2026年07月1日"


def test_an_impossible_day_is_never_sure() -> None:
    assert decode(sure("2026年2月30日"), "day").review is True


@pytest.mark.parametrize("placeholder", ["无", "/"])
def test_a_placeholder_is_read_in_a_field_of_figures(placeholder: str) -> None:
    assert decode(sure(placeholder), "day").text == placeholder


def test_one_possible_word_of_a_list_is_sure_though_a_character_was_not() -> None:
    answer = reading({"汉": 0.8, "汊": 0.2}, {"族": 0.999})
    decoded = decode(answer, "coded", {"table": "ethnicity"})
    assert (decoded.text, decoded.review) == ("汉族", False)


def test_a_word_that_is_in_no_list_goes_to_a_person() -> None:
    assert decode(sure("汊族"), "coded", {"table": "ethnicity"}).review is True


@pytest.mark.parametrize(
    ("text", "review"),
    [
        ("是", False),
        ("否", False),
        ("是,海组借〔2026〕3号", False),
        ("/", False),
        ("定", True),
        ("海组借〔2026〕3号", True),
    ],
)
def test_an_answer_that_is_neither_yes_nor_no_goes_to_a_person(text: str, *, review: bool) -> None:
    """A copy's 是 was read as 定 by two networks (seed 602)."""
    decoded = decode(sure(text), "yes_no", {"detail": True})
    assert (decoded.text, decoded.review) == (text, review)
    assert {"是", "否"} <= set(decoded.candidates) or not review


def test_a_traditional_form_in_a_name_goes_to_a_person() -> None:
    decoded = decode(sure("陈級"), "name")
    assert (decoded.text, decoded.review) == ("陈級", True)


def test_a_name_of_a_worn_page_is_shown_in_the_characters_of_the_forms() -> None:
    decoded = decode(sure("刘騰霞"), "name", care=3)
    assert (decoded.text, decoded.review, decoded.candidates) == ("刘腾霞", True, ("刘騰霞",))


@pytest.mark.parametrize(
    ("name", "care", "review"),
    [
        ("海州区城市管理", 3, True),
        ("海州区城市管理", 1, False),
        ("海州区城市管理局", 3, False),
        ("海州区妇联", 3, False),
    ],
)
def test_a_unit_of_a_worn_page_that_breaks_off_goes_to_a_person(name: str, care: int, *, review: bool) -> None:
    assert decode(sure(name), "unit", care=care).review is review


@pytest.mark.parametrize(("chance", "review"), [(0.99, False), (0.95, True)])
def test_a_rare_character_in_a_name_must_be_surer_than_another(chance: float, review: bool) -> None:  # noqa: FBT001 - a case
    decoded = decode(reading({"王": 1.0}, {"喆": chance, "吉": 1 - chance}), "name")
    assert (decoded.text, decoded.review) == ("王喆", review)


def test_a_name_of_common_characters_is_sure() -> None:
    assert decode(sure("王小明"), "name").review is False


def test_traditional_forms_in_ordinary_text_are_simplified_with_their_probability() -> None:
    answer = reading({"性": 0.999}, {"别": 0.6, "別": 0.4})
    decoded = decode(answer, "text")
    assert (decoded.text, decoded.review) == ("性别", False)


@pytest.mark.parametrize("given", [{"state": Ink.DOUBTFUL}, {"whole": False}])
def test_a_doubtful_cell_is_never_sure(given: dict[str, Any]) -> None:
    assert decode(sure("王小明"), "text", **given).review is True


def test_an_empty_cell_is_empty_and_sure() -> None:
    decoded = decode(sure("王"), "text", state=Ink.NONE)
    assert (decoded.text, decoded.review) == ("", False)


def test_part_of_a_cell_is_judged_by_its_own_characters() -> None:
    decoder, cell = decoder_for(reading(*certain("2026.1.1"), {"至": 0.5, "到": 0.5}, *certain("2026.12.31")))
    part = Cell(0, 0, "2026.12.31", box=BOX, ink=True)
    decoded = decoder.decode(0, part, make_type("day"))
    assert (decoded.text, decoded.review) == ("2026.12.31", False)
    assert decoder.decode(0, cell, make_type("text")).review is True


def test_a_cell_nobody_saw_is_judged_by_its_own_confidence() -> None:
    decoder = ScanDecoder()
    assert decoder.decode(3, Cell(0, 0, "甲", box=BOX, confidence=0.95), make_type("text")).review is False
    assert decoder.decode(3, Cell(0, 0, "甲", box=BOX), make_type("text")).review is True


def nearly(text: str, chance: float) -> LineReading:
    """A reading each of whose characters is as likely as that."""
    return reading(*({character: chance, "?": 1 - chance} for character in text))


@pytest.mark.parametrize(("chance", "review"), [(0.998, True), (0.99999, False)])
def test_a_phone_number_needs_a_second_reader_unless_it_is_all_but_certain(chance: float, *, review: bool) -> None:
    decoded = decode(nearly("15569070965", chance), "phone", second=ScriptedEngine(sure("15569070465")))
    assert decoded.review is review


def test_a_character_that_makes_no_word_goes_to_a_person_with_the_one_that_was_meant() -> None:
    decoded = decode(sure("资科整理员"), "text")
    assert (decoded.text, decoded.review) == ("资料整理员", True)
    assert "资科整理员" in decoded.candidates


def test_a_word_of_a_list_misread_is_shown_as_that_word_to_a_person() -> None:
    decoded = decode(sure("共责团"), "coded", {"table": "political-status"})
    assert (decoded.text, decoded.review) == ("共青团员", True)
    assert "共责团" in decoded.candidates


def test_a_text_like_no_word_of_a_list_stays_as_it_was_read() -> None:
    decoded = decode(sure("木匠"), "coded", {"table": "political-status"})
    assert (decoded.text, decoded.review) == ("木匠", True)


@pytest.mark.parametrize("read", ["2019年11月138", "2012年9月166"])
def test_a_date_whose_day_sign_was_read_as_a_figure_is_shown_whole_to_a_person(read: str) -> None:
    decoded = decode(sure(read), "day")
    assert (decoded.text, decoded.review) == (read[:-1] + "日", True)
    assert read in decoded.candidates


def test_a_date_without_its_day_sign_keeps_its_figures() -> None:
    assert decode(sure("2019年11月13"), "day").text == "2019年11月13"


@pytest.mark.parametrize("read", ["星月日", "年月曰", "年日", "牟月日"])
def test_a_printed_date_guide_misread_is_no_date_and_shown_to_a_person(read: str) -> None:
    decoded = decode(sure(read), "day")
    assert (decoded.text, decoded.review) == ("", True)
    assert read in decoded.candidates


@pytest.mark.parametrize("read", ["三月日", "月5日", "年底"])
def test_what_may_be_part_of_a_date_is_not_taken_for_its_guide(read: str) -> None:
    assert decode(sure(read), "day").text != ""


def test_a_date_without_its_last_sign_is_shown_with_what_it_may_be() -> None:
    decoded = decode(sure("2026年1月13"), "day")
    assert (decoded.text, decoded.review, decoded.candidates) == ("2026年1月13", True, ("2026年1月1日",))


def test_a_printed_guide_of_which_the_last_sign_is_read_as_a_figure_is_no_date() -> None:
    decoded = decode(sure("年月1"), "day")
    assert (decoded.text, decoded.review) == ("", True)


UNSURE = ({"罗": 0.999}, {"才": 0.999}, {"刚": 0.8, "钢": 0.1})


@pytest.mark.parametrize("kind", ["name", "text"])
def test_words_of_which_two_readers_say_the_same_are_surer(kind: str) -> None:
    alone, agreed = (decode(reading(*UNSURE), kind, second=second) for second in (None, ScriptedEngine(sure("罗才刚"))))
    assert (alone.text, agreed.text) == ("罗才刚", "罗才刚")
    assert (alone.confidence or 0.0) < 0.9 < (agreed.confidence or 0.0)


@pytest.mark.parametrize("other", ["罗才钢", "罗才", ""])
def test_words_of_which_the_second_reader_says_something_else_are_no_surer(other: str) -> None:
    decoded = decode(reading(*UNSURE), "text", second=ScriptedEngine(sure(other)))
    assert (decoded.text, decoded.confidence) == ("罗才刚", decode(reading(*UNSURE), "text").confidence)


def test_a_second_reader_that_crashes_makes_nothing_surer() -> None:
    decoded = decode(reading(*UNSURE), "text", second=CrashingEngine(sure("罗才刚")))
    assert decoded.confidence == decode(reading(*UNSURE), "text").confidence


def test_a_point_between_hanzi_is_a_speck_and_shown() -> None:
    decoded = decode(sure("新海街道办.事处"), "text")
    assert (decoded.text, decoded.review, decoded.candidates[0]) == ("新海街道办事处", True, "新海街道办.事处")


def test_a_point_behind_the_last_hanzi_is_shown() -> None:
    decoded = decode(sure("短期内无人可以接替."), "text")
    assert (decoded.text, decoded.review, decoded.candidates[0]) == ("短期内无人可以接替", True, "短期内无人可以接替.")


@pytest.mark.parametrize(
    ("text", "review"), [("第中心", True), ("第人一中心", True), ("第一中心", False), ("第3中心", False)]
)
def test_an_ordinal_without_its_number_is_shown(text: str, review: bool) -> None:  # noqa: FBT001 - a column of the table
    assert decode(sure(f"海州区教育局{text}"), "unit").review is review


def test_a_point_that_two_readers_may_have_lost_is_shown() -> None:
    """8600.5 without its point is a lawful sum: the first reader half saw one, the second reader loses them too."""
    half_seen = [*certain("8600"), {"": 0.55, ".": 0.45}, *certain("5")]
    decoded = decode(reading(*half_seen), "money", second=ScriptedEngine(sure("86005")))
    assert decoded.review
    assert "8600.5" in decoded.candidates


@pytest.mark.parametrize(("kind", "least"), [("unit", 0.93), ("name", 0.93), ("text", 0.0)])
def test_whether_a_space_stands_in_it_matters_only_to_types_that_have_spaces(kind: str, least: float) -> None:
    answer = sure("海州区教育局" if kind != "name" else "罗才刚")
    decoder, cell = decoder_for(answer, doubt=0.85)
    confidence = decoder.decode(0, cell, make_type(kind)).confidence or 0.0
    assert confidence >= least
    assert (confidence <= 0.85) is (kind == "text")


@pytest.mark.parametrize("kind", ["unit", "name", "coded"])
def test_types_without_spaces_read_the_same_with_one(kind: str) -> None:
    word = "共青团员" if kind == "coded" else "罗才刚"
    chosen = make_type(kind, {"table": "political-status"} if kind == "coded" else None)
    assert chosen.read(f"{word[:2]} {word[2:]}").value == chosen.read(word).value


def test_the_old_print_of_a_surname_is_the_surname() -> None:
    decoded = decode(reading({"黃": 0.6, "黄": 0.399}, {"力": 0.999}), "name")
    assert (decoded.text, decoded.review) == ("黄力", False)
    assert (decoded.confidence or 0.0) > 0.93


def test_a_value_in_a_line_beside_the_tables_is_judged_by_its_own_characters() -> None:
    text = "单位:海州区教育局日期:2026年8月20日"
    answer = reading(*({mark: 0.6 if mark == "单" else 0.999} for mark in text))
    wide = 20 + 30 * len(text)
    line = compose(np.full((40, wide), 255, np.uint8), [(10, 5, wide - 10, 35)], 30)
    decoder = ScanDecoder()
    decoder.remember(0, [], [ReadLine(line, answer, answer, text, answer.confidence or 0.0)])
    whole = Cell(-1, -1, text, box=to_points(line.box), confidence=answer.confidence)
    for own, kind in (("海州区教育局", "unit"), ("2026年8月20日", "day")):
        decoded = decoder.decode(0, replace(whole, text=own), make_type(kind))
        assert (decoded.text, decoded.review) == (own, False)
        assert (decoded.confidence or 0.0) > 0.95
    assert (decoder.decode(0, replace(whole, text="单位"), make_type("name")).confidence or 0.0) <= 0.6
    assert decoder.decode(0, replace(whole, text="另一单位"), make_type("unit")).review


@pytest.mark.parametrize(("kind", "is_open"), [("day", False), ("text", True)])
def test_a_mark_passed_over_elsewhere_in_the_line_leaves_a_day_sure(kind: str, *, is_open: bool) -> None:
    text = "备案时点:2026年8月31日本期新增"
    answer = reading(*({mark: 0.999} for mark in text))
    wide = 20 + 30 * len(text)
    line = compose(np.full((40, wide), 255, np.uint8), [(10, 5, wide - 10, 35)], 30)
    decoder = ScanDecoder()
    decoder.remember(0, [], [ReadLine(line, answer, answer, text, 0.5, passes_mark=True)])
    cell = Cell(-1, -1, "2026年8月31日", box=to_points(line.box), confidence=0.5)
    decoded = decoder.decode(0, cell, make_type(kind))
    assert decoded.text == "2026年8月31日"
    assert decoded.review is is_open


def test_the_sign_of_a_day_read_as_a_letter_is_that_sign() -> None:
    decoded = decode(reading(*({mark: 0.999} for mark in "2026年12月3"), {"B": 0.6, "日": 0.3}), "day")
    assert (decoded.text, decoded.review) == ("2026年12月3日", False)

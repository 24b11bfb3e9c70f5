"""Identity numbers, credit codes and telephones."""

from __future__ import annotations

import pytest

from forms.fieldtypes.base import Raw
from forms.fieldtypes.registry import make_type
from forms.identity import id_check_character

ID = make_type("id_number")
PHONE = make_type("phone")
PHONES = make_type("phone", {"list": True})
CREDIT = make_type("credit_code")

STANDARD = ["11010519491231002X", "440524188001010014", "34052419800101001X"]
"""The examples of GB 11643 itself."""


@pytest.mark.parametrize("number", STANDARD)
def test_the_standards_own_examples_pass(number: str) -> None:
    assert (ID.read(number).value, ID.read(number).settled, ID.read(number).faults) == (number, True, ())


@pytest.mark.parametrize(
    "spelled",
    [
        "11010519491231002x",
        "110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105-19491231-002X",
        "'11010519491231002X",
        "11010519491231\n002X",
    ],
)
def test_an_id_is_brought_to_its_normal_form(spelled: str) -> None:
    assert ID.read(spelled).value == "11010519491231002X"
    assert ID.read(spelled).settled


@pytest.mark.parametrize(
    "raw", [1.10105194912310e17, 110105194912310021, "1.10105E+17", "1.10105194912E17", "110105194912310000"], ids=repr
)
def test_an_id_that_went_through_a_number_is_lost_and_not_guessed(raw: Raw) -> None:
    reading = ID.read(raw)
    assert (reading.value, reading.settled) == (None, False)
    assert [fault.code for fault in reading.faults] == ["id-lost-precision"]
    assert reading.text


def test_an_id_that_ends_in_three_zeros_and_fits_is_still_looked_at() -> None:
    body = next(
        b
        for b in (f"3207991990{m:02d}{d:02d}{n}00" for m in range(1, 13) for d in range(1, 29) for n in range(1, 10))
        if id_check_character(b) == "0"
    )
    reading = ID.read(f"{body}0")
    assert reading.value == f"{body}0"
    assert not reading.settled
    assert reading.faults[0].code == "id-lost-precision"


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("110105194912310021", ()),  # check character
        ("11010519491331002X", ()),  # month 13
        ("11010519490230002X", ()),  # 30 February
        ("110105491231002", ("11010519491231002X",)),  # 15 figures
        ("11010519491231002", ("11010519491231002X",)),  # last one missing
        ("11O10519491231002X", ("11010519491231002X",)),  # letter O
        ("11010519491231002*", ()),  # masked
        ("110105********002X", ()),
        ("1101051949123100211", ()),
        ("身份证", ()),
    ],
)
def test_a_wrong_id_is_a_fault_and_is_never_put_right(text: str, candidates: tuple[str, ...]) -> None:
    reading = ID.read(text)
    assert (reading.value, reading.settled) == (text, False)
    assert [fault.code for fault in reading.faults] == ["F-1"]
    assert reading.candidates == candidates


@pytest.mark.parametrize("place", range(17))
def test_one_wrong_figure_anywhere_is_seen(place: int) -> None:
    number = STANDARD[0]
    for digit in "0123456789":
        if digit != number[place]:
            assert not ID.read(number[:place] + digit + number[place + 1 :]).settled


def test_a_withdrawn_address_code_is_no_fault_and_an_unknown_province_a_notice() -> None:
    withdrawn, unknown = ("32070519900101001", "99010519900101001")
    assert ID.read(withdrawn + id_check_character(withdrawn)).faults == ()
    reading = ID.read(unknown + id_check_character(unknown))
    assert reading.settled
    assert [fault.severity for fault in reading.faults] == ["info"]


@pytest.mark.parametrize(
    "code", ["11320706PDY00001XP", "12320706PDY000028L", "91320706PDY000036A", "91350100M000100Y43"]
)
def test_credit_codes_pass(code: str) -> None:
    assert CREDIT.read(code).value == code
    assert CREDIT.read(code.lower()).settled


@pytest.mark.parametrize("code", ["11320706PDY00001XA", "11320706PDY00001X", "11320706PDI00001XP", 1.1e17])
def test_wrong_credit_codes_do_not(code: Raw) -> None:
    assert not CREDIT.read(code).settled


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        (13800138000, "13800138000"),
        (13800138000.0, "13800138000"),
        ("手机：13800138000", "13800138000"),
        ("0518-81589239", "0518-81589239"),
        ("0518－81589239", "0518-81589239"),
        ("(0518)81589239", "0518-81589239"),
        ("（0518） 8158 9239", "0518-81589239"),
        ("051881589239", "0518-81589239"),
        ("81589239", "81589239"),
        ("0518-81589239转803", "0518-81589239-803"),
    ],
    ids=repr,
)
def test_a_phone_is_brought_to_its_normal_form(raw: Raw, value: str) -> None:
    assert (PHONE.read(raw).value, PHONE.read(raw).settled) == (value, True)


@pytest.mark.parametrize(
    "raw", ["12800138000", "1380013800", "1.38E+10", "2000-01-01", "1234", "无电话", True, "138001380001"], ids=repr
)
def test_what_is_no_phone(raw: Raw) -> None:
    reading = PHONE.read(raw)
    assert not reading.settled
    assert reading.faults[0].code == "F-3"


def test_two_numbers_written_as_one_are_taken_apart_only_as_a_proposal() -> None:
    reading = PHONES.read("8158923985605580")
    assert (reading.value, reading.settled) == ("8158923985605580", False)
    assert reading.candidates == ("81589239、85605580",)
    assert "81589239" in PHONE.read("8158923985605580").candidates


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000、81589239",
        "13800138000/81589239",
        "13800138000 81589239",
        "13800138000\n81589239",
        "13800138000；81589239",
    ],
    ids=repr,
)
def test_several_numbers_where_several_may_stand(raw: str) -> None:
    assert PHONES.read(raw).value == "13800138000、81589239"
    assert PHONES.read(raw).settled
    assert not PHONE.read(raw).settled
    assert PHONE.read(raw).candidates == ("13800138000", "81589239")

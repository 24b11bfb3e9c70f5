"""Laws that every field type keeps."""

from __future__ import annotations

import datetime as dt
import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, meta

from forms.codes import table_names
from forms.fieldtypes.base import FieldType, Raw
from forms.fieldtypes.registry import TYPES, make_type
from tests import strategies

KINDS: list[FieldType] = [
    *(make_type(name) for name in TYPES if name != "coded"),
    *(make_type("coded", {"table": table}) for table in table_names()),
    make_type("coded", {"table": "dismissal-method", "detail": True}),
    make_type("coded", {"table": "education", "detail": True}),
    make_type("yes_no", {"detail": True}),
    make_type("day", {"open_ended": True}),
    make_type("phone", {"list": True}),
    make_type("text", {"multiline": True, "max_length": 200}),
    make_type("unit", {"allow_same": True}),
    make_type("money", {"whole": True}),
    make_type("integer", {"minimum": 1, "maximum": 120}),
]
kinds = st.sampled_from(KINDS)
NEAR_MISSES = (
    "0123456789年月日.-/:,人元万¥ \n()（）［］是否有无男女党员研究生本科□☑√XxE+〇一二十百廿○壹佰元整同上_——\u3000\u200b"
)
raws: st.SearchStrategy[Raw] = (
    st.text(max_size=30)
    | st.text(st.sampled_from(NEAR_MISSES), max_size=24)
    | st.integers()
    | st.integers(10**400, 10**401)
    | st.integers(0, 100_000)
    | st.floats()
    | st.booleans()
    | st.none()
    | st.dates()
    | st.datetimes()
)


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@given(data=st.data())
def test_what_is_written_reads_back_as_the_same_value(kind: FieldType, data: st.DataObject) -> None:
    value = data.draw(strategies.values_or_blank(kind))
    reading = kind.read(kind.write(value))
    assert reading.value == value
    assert isinstance(reading.value, bool) == isinstance(value, bool)
    assert reading.settled
    assert kind.read(value).value == value
    assert not [fault for fault in kind.check(value) if fault.severity == "error"]


@given(kind=kinds, raw=raws)
def test_reading_never_raises_and_says_why_it_is_unsettled(kind: FieldType, raw: Raw) -> None:
    reading = kind.read(raw)
    assert reading.settled or reading.faults
    assert kind.read(raw) == reading
    assert isinstance(kind.check(reading.value), tuple)


@given(kind=kinds, raw=raws)
def test_writing_what_was_read_is_idempotent(kind: FieldType, raw: Raw) -> None:
    once = kind.write(kind.read(raw).value)
    assert kind.write(kind.read(once).value) == once


@given(kind=kinds, raw=raws)
def test_a_settled_value_stays_settled_when_it_is_printed_and_read_again(kind: FieldType, raw: Raw) -> None:
    reading = kind.read(raw)
    if reading.settled:
        again = kind.read(kind.write(reading.value))
        assert again.value == reading.value
        assert again.code == reading.code


@given(kind=kinds, raw=raws)
def test_checking_an_unsettled_value_finds_the_code_that_reading_it_found(kind: FieldType, raw: Raw) -> None:
    reading = kind.read(raw)
    if not reading.settled and isinstance(reading.value, str):
        assert {fault.code for fault in kind.check(reading.value)} == {fault.code for fault in reading.faults}


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@given(data=st.data())
def test_normal_values_are_valid_under_the_types_own_schema(kind: FieldType, data: st.DataObject) -> None:
    schema = kind.json_schema()
    meta.validate(schema)
    Draft202012Validator(schema).validate(data.draw(strategies.values_or_blank(kind)))


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@given(data=st.data())
def test_a_printed_value_uses_only_the_characters_of_its_alphabet(kind: FieldType, data: st.DataObject) -> None:
    alphabet = kind.alphabet()
    if alphabet is not None:
        assert set(kind.write(data.draw(strategies.values(kind)))) <= alphabet


@pytest.mark.parametrize("kind", KINDS, ids=repr)
def test_a_type_crosses_a_process_border(kind: FieldType) -> None:
    assert pickle.loads(pickle.dumps(kind)) == kind  # noqa: S301 - made in this line


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@pytest.mark.parametrize(
    "piece", ["0", " ", "1 ", "(", "年", "1.", "1,", "□是", "\n", "一", "是(", "a ", "-", "1、", "_", "壹佰", "(1)"]
)
def test_a_hostile_text_costs_no_time(kind: FieldType, piece: str) -> None:
    text = "1" + piece * 20_000 + "x"
    start = time.process_time()
    kind.read(text)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\u200b", "\n", "____"])
def test_an_empty_cell_stays_empty(kind: FieldType, blank: Raw) -> None:
    reading = kind.read(blank)
    assert reading.value == ""
    assert reading.settled
    assert kind.write("") == ""
    assert kind.write(None) == ""
    assert kind.check("") == ()
    assert kind.check(None) == ()


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@pytest.mark.parametrize(("text", "value"), [("/", "/"), ("／", "/"), ("—", "—"), ("－", "—"), ("-", "—"), ("——", "—")])
def test_a_stroke_is_kept_as_an_answer(kind: FieldType, text: str, value: str) -> None:
    assert kind.read(text).value == value
    assert kind.write(value) == value


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@pytest.mark.parametrize("ditto", ["同上", "〃", '"'])
def test_a_ditto_is_never_taken_for_a_value(kind: FieldType, ditto: str) -> None:
    reading = kind.read(ditto)
    assert not reading.settled
    assert reading.faults[0].code == "ditto-unresolved"


def test_a_repeated_text_is_read_quickly() -> None:
    kind = make_type("coded", {"table": "education"})
    kind.read("大专")
    start = time.process_time()
    for _ in range(50_000):
        kind.read("大专")
    assert (time.process_time() - start) / 50_000 < 3e-6


def test_days_of_a_workbook_are_read() -> None:
    assert make_type("day").read(dt.datetime(2024, 7, 1)).value == "2024-07-01"  # noqa: DTZ001 - cells have no zone
    assert make_type("month").read(dt.date(1990, 3, 5)).value == "1990-03"

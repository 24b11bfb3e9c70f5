"""Hypothesis strategies: normal values of every field type, and what is made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from hypothesis import strategies as st

from forms.codes import load_table
from forms.definition import Field, FormDefinition, Layout
from forms.fieldtypes.base import FieldType
from forms.fieldtypes.choice import CodedType, CompensationType, YesNoType
from forms.fieldtypes.dates import DayType, MonthType
from forms.fieldtypes.numbered import CreditCodeType, IdNumberType
from forms.fieldtypes.numbers import IntegerType, MoneyType, OrdinalType
from forms.fieldtypes.phone import PhoneType
from forms.fieldtypes.text import NameType, TextType, UnitType
from forms.finding import Finding, Region, Severity
from forms.identity import credit_check_character, id_check_character
from forms.record import PLACEHOLDERS, Entry, Extraction, Mark, MarkKind, Origin, Record, Unplaced, Value

_HAN = "王芳李明张伟海州区教育局办公室欧阳建国丽华刘洋杨静周杰吴敏郑强孙磊马超朱红胡兰郭峰何平林涛罗勇梁晨宋佳𠮷㛃"
_WORDS = _HAN + "从事档案整理,负责窗口服务。ABCabc123 <>&\"'()（）《》—·/%"
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"

han = st.text(st.sampled_from(_HAN), min_size=2, max_size=4)
names = han | st.builds(lambda first, second: f"{first}·{second}", han, han)
units = st.builds(
    "海州区{}{}".format, st.text(st.sampled_from(_HAN), min_size=2, max_size=6), st.sampled_from(["局", "中心"])
)
days = st.dates(dt.date(1930, 1, 1), dt.date(2090, 12, 31)).map(dt.date.isoformat)
months = days.map(lambda day: day[:7])
amounts = st.integers(0, 10_000_000).map(lambda cents: cents // 100 if cents % 100 == 0 else cents / 100)


def texts(longest: int = 60, *, multiline: bool = False) -> st.SearchStrategy[str]:
    """Text as a field keeps it: trimmed, one line unless ``multiline``, no word with a meaning of its own."""
    alphabet = _WORDS + ("\n" if multiline else "")
    return st.text(st.sampled_from(alphabet), min_size=3, max_size=longest).map(
        lambda text: "甲" + text.strip() + "乙" if len(text) + 2 <= longest else "甲乙"
    )


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """Identity numbers of nobody: address code 320799 was never given out."""
    day = draw(st.dates(dt.date(1930, 1, 1), dt.date(2015, 12, 31)))
    order = draw(st.integers(1, 999).filter(lambda number: number % 100 != 0))
    body = f"320799{day:%Y%m%d}{order:03d}"
    return body + id_check_character(body)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    """Unified social credit codes with a fitting check character."""
    body = "11320706" + draw(st.text(st.sampled_from(_CREDIT), min_size=9, max_size=9))
    return body + credit_check_character(body)


mobiles = st.builds("1{}{:09d}".format, st.sampled_from("3456789"), st.integers(0, 999_999_999))
locals_ = st.builds("{}{:07d}".format, st.sampled_from("2345678"), st.integers(0, 9_999_999))
phones = mobiles | locals_ | locals_.map("0518-{}".format)


def _coded(kind: FieldType) -> st.SearchStrategy[Value]:
    assert isinstance(kind, CodedType)
    name = st.sampled_from(load_table(kind.table).names)
    return name | name.map("{}（具体情况见备注）".format) if kind.detail else name


def _yes_no(kind: FieldType) -> st.SearchStrategy[Value]:
    assert isinstance(kind, YesNoType)
    return st.booleans() | st.sampled_from(["是（五险）", "否，正在办理"]) if kind.detail else st.booleans()


def _text(kind: FieldType) -> st.SearchStrategy[Value]:
    assert isinstance(kind, TextType)
    return texts(min(kind.max_length or 60, 60), multiline=kind.multiline)


def _integer(kind: FieldType) -> st.SearchStrategy[Value]:
    assert isinstance(kind, IntegerType)
    low = 0 if kind.minimum is None else int(kind.minimum)
    return st.integers(low, 9_999 if kind.maximum is None else int(kind.maximum))


def _money(kind: FieldType) -> st.SearchStrategy[Value]:
    assert isinstance(kind, MoneyType)
    least = kind.minimum or 0
    return (st.integers(0, 100_000) if kind.whole else amounts).filter(lambda amount: amount >= least)


def _phone(kind: FieldType) -> st.SearchStrategy[Value]:
    assert isinstance(kind, PhoneType)
    return phones | st.lists(phones, min_size=2, max_size=3).map("、".join) if kind.list else phones


def _day(kind: FieldType) -> st.SearchStrategy[Value]:
    assert isinstance(kind, DayType)
    return days | st.sampled_from(["至今", "长期", "无固定"]) if kind.open_ended else days


_BY_TYPE: dict[type[FieldType], Callable[[FieldType], st.SearchStrategy[Value]]] = {
    TextType: _text,
    NameType: lambda _: names,
    UnitType: lambda _: units,
    IntegerType: _integer,
    MoneyType: _money,
    OrdinalType: lambda _: st.integers(1, 99_999),
    DayType: _day,
    MonthType: lambda _: months,
    IdNumberType: lambda _: id_numbers(),
    CreditCodeType: lambda _: credit_codes(),
    PhoneType: _phone,
    CodedType: _coded,
    YesNoType: _yes_no,
    CompensationType: lambda _: st.booleans() | amounts,
}


def values(kind: FieldType) -> st.SearchStrategy[Value]:
    """Normal values of a field type that state something; a type without a strategy fails here."""
    return _BY_TYPE[type(kind)](kind)


def values_or_blank(kind: FieldType) -> st.SearchStrategy[Value]:
    """Normal values, blanks and placeholders."""
    blank: list[Value] = ["", "/", "—", *([] if isinstance(kind, YesNoType) else ["无"])]
    return values(kind) | st.sampled_from(blank)


def plain_rows(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Value]]:
    """The plain values of a person or a header, some fields missing."""
    return st.fixed_dictionaries({}, optional={field.key: values_or_blank(field.type) for field in fields})


def plain_data(definition: FormDefinition, *, most: int = 4) -> st.SearchStrategy[dict[str, object]]:
    """Data to fill a form with (contract §3), every value in its normal form."""
    rows = plain_rows(definition.fields)
    count = (1, 1) if definition.layout is Layout.CARD else (0, most)
    return st.fixed_dictionaries(
        {
            "form": st.just(definition.form),
            "header": plain_rows(definition.header),
            "records": st.lists(rows, min_size=count[0], max_size=count[1]),
        }
    )


# Anything that the types of forms.record can hold, for the laws of their plain form

_figures = st.floats(-1e4, 1e4, allow_nan=False)
_regions = st.none() | st.builds(
    Region,
    page=st.integers(0, 500),
    box=st.none() | st.tuples(_figures, _figures, _figures, _figures),
    address=st.none() | st.just("Sheet1!C7"),
)
_confidences = st.none() | st.floats(0, 1)
_strings = st.text(max_size=12)
_scalars: st.SearchStrategy[Value] = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | _figures
    | _strings
    | st.sampled_from(sorted(PLACEHOLDERS))
)
entries = st.builds(
    Entry,
    value=_scalars,
    text=_strings,
    code=st.none() | _strings,
    origin=st.sampled_from(Origin),
    confidence=_confidences,
    review=st.booleans(),
    region=_regions,
    candidates=st.lists(_strings, max_size=2).map(tuple),
)
marks = st.builds(
    Mark,
    key=_strings,
    kind=st.sampled_from(MarkKind),
    present=st.none() | st.booleans(),
    text=_strings,
    value=st.none() | days,
    unit=st.none() | units,
    region=_regions,
    confidence=_confidences,
    review=st.booleans(),
    excused=st.booleans(),
)
findings = st.builds(
    Finding,
    code=_strings,
    path=_strings,
    message=_strings,
    severity=st.sampled_from(Severity),
    clause=st.none() | _strings,
    region=_regions,
    suggestion=st.none() | _strings,
)
_rows = st.dictionaries(st.sampled_from(["name", "sex", "unit"]), entries, max_size=3)
records = st.builds(
    Record,
    form=_strings,
    edition=_strings,
    header=_rows,
    rows=st.lists(_rows, max_size=2).map(tuple),
    marks=st.lists(marks, max_size=2).map(tuple),
)
extractions = st.builds(
    Extraction,
    record=records,
    form_confidence=st.floats(0, 1),
    pages=st.lists(st.integers(0, 99), max_size=3).map(tuple),
    document_id=st.none() | _strings,
    findings=st.lists(findings, max_size=2).map(tuple),
    unplaced=st.lists(st.builds(Unplaced, text=_strings, label=_strings, region=_regions), max_size=2).map(tuple),
)

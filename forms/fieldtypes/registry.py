"""The field types by name, and how a definition's ``type_options`` become one."""

from __future__ import annotations

import dataclasses
import difflib
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from forms.fieldtypes.base import FieldType
from forms.fieldtypes.choice import CodedType, CompensationType, YesNoType
from forms.fieldtypes.dates import DayType, MonthType
from forms.fieldtypes.numbered import CreditCodeType, IdNumberType
from forms.fieldtypes.numbers import IntegerType, MoneyType, OrdinalType
from forms.fieldtypes.phone import PhoneType
from forms.fieldtypes.reading import ReadingType
from forms.fieldtypes.text import NameType, TextType, UnitType

TYPES: dict[str, type[ReadingType]] = {
    kind.name: kind
    for kind in (
        TextType,
        NameType,
        UnitType,
        IntegerType,
        MoneyType,
        OrdinalType,
        DayType,
        MonthType,
        IdNumberType,
        CreditCodeType,
        PhoneType,
        CodedType,
        YesNoType,
        CompensationType,
    )
}
"""Every field type of ``docs/formats/definition.md``."""


def make_type(name: str, options: dict[str, Any] | None = None) -> FieldType:
    """The field type of that name with those options; equal calls give the same object.

    Raises:
        ValueError: unknown type, unknown option, an option of the wrong kind, or an unknown code table.
    """
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in (options or {}).items()}
    _check_options(name, given)
    return _make(name, tuple(sorted(given.items())))


@lru_cache(maxsize=512)
def _make(name: str, options: tuple[tuple[str, Any], ...]) -> FieldType:
    return TYPES[name](**dict(options))


def _check_options(name: str, given: dict[str, Any]) -> None:
    kind = TYPES.get(name)
    if kind is None:
        raise ValueError(f"未知的类型 {name}{_closest(name, TYPES)}")
    known = _option_kinds(kind)
    for key, value in given.items():
        if key not in known:
            raise ValueError(f"类型 {name} 没有参数 {key}{_closest(key, known)}")
        if not _fits(value, known[key]):
            raise ValueError(f"类型 {name} 的参数 {key} 不对:{value!r}")
    if name == CodedType.name and "table" not in given:
        raise ValueError("类型 coded 缺少参数 table")


@lru_cache(maxsize=64)
def _option_kinds(kind: type[ReadingType]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {item.name: hints[item.name] for item in dataclasses.fields(kind) if item.init}


def _fits(value: object, hint: object) -> bool:
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(isinstance(item, str) and item for item in value)
    kinds: tuple[Any, ...] = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if isinstance(value, bool):
        return bool in kinds
    numbers = (int, float) if float in kinds else ()
    return isinstance(value, (*(kind for kind in kinds if kind is not NoneType), *numbers)) and value is not None


def _closest(word: str, known: object) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)  # type: ignore[call-overload]  # any collection of names
    return f",是否为 {close[0]}?" if close else ""

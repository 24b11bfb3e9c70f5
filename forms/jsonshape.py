"""Takes values out of a JSON object; the first that has the wrong kind stops with its place."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import NoReturn, TypeVar

from forms.errors import UnusableDataError
from forms.record import Value

_Choice = TypeVar("_Choice", bound=StrEnum)


def unusable(pointer: str, reason_zh: str, reason_en: str) -> UnusableDataError:
    """The error for data of another shape than the contract's, with its place."""
    return UnusableDataError(
        pointer=pointer or None, pointer_text=pointer or "$", reason_zh=reason_zh, reason_en=reason_en
    )


def closest(key: str, known: Collection[str]) -> str | None:
    """The known key that was probably meant."""
    close = difflib.get_close_matches(key, list(known), n=1)
    return close[0] if close else None


class Shape:
    """A JSON object at a known place of the data."""

    def __init__(self, data: Mapping[str, object], pointer: str) -> None:
        self.data = data
        self._pointer = pointer

    @classmethod
    def of(
        cls, data: object, pointer: str, known: frozenset[str] | None = None, *, required: Collection[str] = ()
    ) -> Shape:
        """``data`` as an object whose keys are all ``known`` (``None``: any).

        Raises:
            UnusableDataError: it is no object, has an unknown key or lacks a required one.
        """
        if not isinstance(data, Mapping):
            raise unusable(pointer, "应为 JSON 对象", "expected an object")
        shape = cls(data, pointer)
        for key in () if known is None or data.keys() <= known else data:
            if known is not None and key not in known:
                near = closest(key, known)
                hint_zh, hint_en = (f",是否为 {near}?", f", did you mean {near}?") if near else ("", "")
                shape.wrong(key, f"未知的键{hint_zh}", f"unknown key{hint_en}")
        for key in required:
            if key not in data:
                shape.wrong(key, "缺少此键", "missing key")
        return shape

    def place(self, key: str) -> str:
        """The place of a key as a path: ``records[0].name``."""
        return f"{self._pointer}.{key}" if self._pointer else key

    def wrong(self, key: str, reason_zh: str, reason_en: str) -> NoReturn:
        """Stop at a key."""
        raise unusable(self.place(key), reason_zh, reason_en)

    def text(self, key: str) -> str:
        """A string; missing or null is ``""``."""
        return self.text_or_none(key) or ""

    def text_or_none(self, key: str) -> str | None:
        """A string or null."""
        value = self.data.get(key)
        if value is not None and not isinstance(value, str):
            self.wrong(key, "应为文本", "expected a string")
        return value

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; missing is ``false``."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "应为 true 或 false", "expected true or false")
        return value

    def number(self, key: str) -> float | None:
        """A number or null."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, "应为数字", "expected a number")
        return value

    def integer(self, key: str) -> int | None:
        """A whole number or null."""
        value = self.data.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self.wrong(key, "应为整数", "expected a whole number")
        return value

    def scalar(self, key: str) -> Value:
        """A string, a number, true, false or null."""
        value = self.data.get(key)
        if value is not None and not isinstance(value, str | int | float):
            self.wrong(key, "应为文本、数字、true、false 或 null", "expected a string, a number, true, false or null")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; missing is empty."""
        if not self.data.get(key):
            return ()
        found = [item for item, _ in self.items(key)]
        if not all(isinstance(item, str) for item in found):
            self.wrong(key, "应为文本的列表", "expected a list of strings")
        return tuple(str(item) for item in found)

    def numbers(self, key: str) -> tuple[float, ...] | None:
        """A list of numbers, or null."""
        if self.data.get(key) is None:
            return None
        found = [item for item, _ in self.items(key)]
        numbers = tuple(item for item in found if isinstance(item, int | float) and not isinstance(item, bool))
        if len(numbers) < len(found):
            self.wrong(key, "应为数字的列表", "expected a list of numbers")
        return numbers

    def items(self, key: str) -> Iterator[tuple[object, str]]:
        """The items of a list with their places; missing or null is empty."""
        value = self.data.get(key)
        if value is None:
            return
        if not isinstance(value, list | tuple):
            self.wrong(key, "应为列表", "expected a list")
        for index, item in enumerate(value):
            yield item, f"{self.place(key)}[{index}]"

    def member(self, key: str, kind: type[_Choice], default: _Choice) -> _Choice:
        """One of a closed set of words; missing is ``default``."""
        value = self.data.get(key, default.value)
        if not isinstance(value, str):
            self.wrong(key, "应为文本", "expected a string")
        try:
            return kind(value)
        except ValueError:
            words = [member.value for member in kind]
            self.wrong(key, f"应为 {'、'.join(words)} 之一", f"expected one of {', '.join(words)}")

"""Takes values out of a TOML table strictly and collects every fault with its place, instead of stopping at one."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping


class TomlChecker:
    """Collects faults of one file as ``file: place: what is wrong``."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[str] = []

    def fault(self, place: str, message: str) -> None:
        """Note a fault at ``place`` (``field[3].key``)."""
        self.faults.append(f"{self.file}: {place}: {message}" if place else f"{self.file}: {message}")

    def keys(
        self, table: Mapping[str, object], place: str, *, required: Collection[str], optional: Collection[str] = ()
    ) -> None:
        """Every required key is there and no key is unknown."""
        known = [*required, *optional]
        for key in table:
            if key not in known:
                close = difflib.get_close_matches(key, known, n=1)
                self.fault(_join(place, key), f"未知的键{f',是否为 {close[0]}?' if close else ''}")
        for key in sorted(required):
            if key not in table:
                self.fault(_join(place, key), "缺少此键")

    def text(
        self, table: Mapping[str, object], key: str, place: str, default: str = "", *, filled: bool = False
    ) -> str:
        """A string, ``default`` where the key is missing; with ``filled`` it may not be empty."""
        value = table.get(key, default)
        if not isinstance(value, str):
            self.fault(_join(place, key), "应为文本")
            return default
        if filled and key in table and not value.strip():
            self.fault(_join(place, key), "不能为空")
        return value

    def texts(self, table: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
        """A list of non-empty strings."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.fault(_join(place, key), "应为非空文本的列表")
            return ()
        return tuple(value)

    def flag(self, table: Mapping[str, object], key: str, place: str, *, default: bool) -> bool:
        """``true`` or ``false``."""
        value = table.get(key, default)
        if not isinstance(value, bool):
            self.fault(_join(place, key), "应为 true 或 false")
            return default
        return value

    def integer(self, table: Mapping[str, object], key: str, place: str, default: int) -> int:
        """A whole number above zero."""
        value = table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self.fault(_join(place, key), "应为正整数")
            return default
        return value

    def table(self, table: Mapping[str, object], key: str, place: str) -> dict[str, object]:
        """A sub-table, empty where the key is missing."""
        value = table.get(key, {})
        if not isinstance(value, dict):
            self.fault(_join(place, key), "应为表")
            return {}
        return value

    def tables(self, table: Mapping[str, object], key: str, place: str) -> Iterator[tuple[dict[str, object], str]]:
        """The tables of an array of tables, each with its place."""
        value = table.get(key, [])
        if not isinstance(value, list):
            self.fault(_join(place, key), f"应写作 [[{key}]]")
            return
        for index, item in enumerate(value):
            where = f"{_join(place, key)}[{index}]"
            if isinstance(item, dict):
                yield item, where
            else:
                self.fault(where, "应为表")


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key

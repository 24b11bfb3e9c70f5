"""Automatic numbers of Word paragraphs: what a person sees as 1, 2, 3 in a 序号 column stands nowhere as text."""

from __future__ import annotations

from collections import Counter

from parsers.readers.package import Element
from parsers.readers.wordtext import W


class Numbering:
    """Counts the decimal lists of a document in reading order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._starts = {} if numbering is None else _decimal_lists(numbering)
        self._by_style = {} if styles is None else _style_lists(styles)
        self._counts: Counter[str] = Counter()

    def next(self, paragraph: Element) -> str:
        """The number shown before a paragraph of the first level of a decimal list; nothing for all others."""
        if not self._starts:
            return ""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return ""
        found = properties.find(f"{W}numPr")
        key = self._style_list(properties) if found is None else _list_of(found)
        if key not in self._starts:
            return ""
        self._counts[key] += 1
        return str(self._starts[key] + self._counts[key] - 1)

    def _style_list(self, properties: Element) -> str:
        style = properties.find(f"{W}pStyle")
        return "" if style is None else self._by_style.get(style.get(f"{W}val") or "", "")


def _list_of(properties: Element) -> str:
    """The id of the list when the paragraph is on its first level."""
    level = properties.find(f"{W}ilvl")
    number = properties.find(f"{W}numId")
    if number is None or (level is not None and level.get(f"{W}val") not in (None, "0")):
        return ""
    return number.get(f"{W}val") or ""


def _decimal_lists(numbering: Element) -> dict[str, int]:
    """List id → first number, for lists whose first level counts in decimals."""
    kinds: dict[str, int] = {}
    for abstract in numbering.iterfind(f"{W}abstractNum"):
        level = abstract.find(f"{W}lvl[@{W}ilvl='0']")
        if level is None:
            continue
        form, start = level.find(f"{W}numFmt"), level.find(f"{W}start")
        if form is not None and form.get(f"{W}val") == "decimal":
            first = "1" if start is None else (start.get(f"{W}val") or "1")
            kinds[abstract.get(f"{W}abstractNumId") or ""] = int(first) if first.isdigit() else 1
    lists: dict[str, int] = {}
    for item in numbering.iterfind(f"{W}num"):
        source = item.find(f"{W}abstractNumId")
        kind = "" if source is None else (source.get(f"{W}val") or "")
        if kind in kinds:
            lists[item.get(f"{W}numId") or ""] = kinds[kind]
    return lists


def _style_lists(styles: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for style in styles.iterfind(f"{W}style"):
        properties = style.find(f"{W}pPr/{W}numPr")
        if properties is not None:
            found[style.get(f"{W}styleId") or ""] = _list_of(properties)
    return found

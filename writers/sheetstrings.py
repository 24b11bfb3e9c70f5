"""The shared strings of a workbook: every text is stored once, escaped as the format wants it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from lxml import etree

from writers.archive import Part, PartWriter
from writers.sheet import Element
from writers.sheetlooks import S

STRINGS_PART = "xl/sharedStrings.xml"

_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CHUNK: Final = 256
_MAIN: Final = S[1:-1]


class Strings:
    """The shared strings of one output: the template's own first, then each new text once."""

    def __init__(self, template: Sequence[Element]) -> None:
        self._known: dict[str, int] = {}
        self._count = len(template)
        self._writer = PartWriter(STRINGS_PART, 3)
        self._pending = [f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{_MAIN}">']
        for item in template:
            words = "".join(str(text) for text in item.itertext())
            xml = etree.tostring(item, encoding="unicode", with_tail=False)
            self._pending.append("<si><t/></si>" if "{{" in words else xml)

    def index(self, text: str) -> int:
        """The number of a text, stored on first sight."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._count
            self._count += 1
            self._pending.append(f'<si><t xml:space="preserve">{string_xml(text)}</t></si>')
            if len(self._pending) >= _CHUNK:
                self._flush()
        return found

    def part(self) -> Part:
        """The finished part."""
        self._flush()
        self._writer.add(b"</sst>")
        return self._writer.finish()

    def _flush(self) -> None:
        self._writer.add("".join(self._pending).encode())
        self._pending.clear()


def string_xml(text: str) -> str:
    """``text`` inside ``<t>``; what would read as an escape of the format (``_x000D_``) is escaped itself."""
    text = plain_lines(text)
    if "_x" in text:
        text = _ESCAPE.sub("_x005F_", text)
    return escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text


def plain_lines(text: str) -> str:
    """``text`` with its line ends as XML keeps them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

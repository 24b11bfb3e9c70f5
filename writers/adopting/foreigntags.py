"""Tags of other programs' templates in a blank (``{{姓名}}``, ``{%tr for … %}``, ``${name}``): no words of the form.

Left in, they would take the room of a value, and our own templates refuse expressions that they do not know.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from parsers.readers.package import Element, parse_xml
from parsers.readers.sheetstyles import S
from parsers.readers.wordtext import W
from writers.archive import deflate, read_parts_of, write_archive

_TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}|\$\{[^{}]*\}")
_TEXTS = {
    "docx": (re.compile(r"word/(document|header\d*|footer\d*)\.xml"), (f"{W}tc", f"{W}p"), f"{W}t"),
    "xlsx": (re.compile(r"xl/(sharedStrings|worksheets/[^/]+)\.xml"), (f"{S}si", f"{S}is"), f"{S}t"),
}
"""File format -> the parts with text, what holds a text in runs and paragraphs, and a run's text."""


def without_foreign_tags(content: bytes, file_format: str) -> tuple[bytes, tuple[str, ...]]:
    """The blank without such tags, and those that were taken out; the same bytes where there are none.

    Args:
        content: the blank; what is no archive is given back as it is.
        file_format: ``docx`` or ``xlsx``.
    """
    try:
        parts = read_parts_of(content)
    except zipfile.BadZipFile:
        return content, ()
    names, holders, run = _TEXTS[file_format]
    taken: list[str] = []
    for name in filter(names.fullmatch, parts):
        if b"{" not in parts[name]:
            continue
        root = parse_xml(parts[name])
        gone = [tag for holder in root.iter(*holders) for tag in _cleared(list(holder.iter(run)))]
        if gone:
            taken += gone
            parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if not taken:
        return content, ()
    return write_archive(deflate(name, data) for name, data in parts.items()), tuple(dict.fromkeys(taken))


def _cleared(runs: list[Element]) -> Iterator[str]:
    """Take the tags out of a text that is broken over runs; gives them."""
    texts = [run.text or "" for run in runs]
    whole = "".join(texts)
    found = list(_TAG.finditer(whole))
    if not found:
        return
    kept = [not any(tag.start() <= place < tag.end() for tag in found) for place in range(len(whole))]
    begun = 0
    for run, text in zip(runs, texts, strict=True):
        run.text = "".join(mark for place, mark in enumerate(text, begun) if kept[place])
        begun += len(text)
    yield from (tag.group() for tag in found)

"""What a workbook's styles and shared strings say about its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.readers.numberformats import NumberFormat, number_format
from parsers.readers.package import Element, Package

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_T = f"{S}t"
_OFF = frozenset({"0", "false"})
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


_GENERAL = NumberFormat()


@dataclass(frozen=True, slots=True)
class CellStyle:
    """The number format of a style and whether its font is crossed out."""

    format: NumberFormat = _GENERAL
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a workbook; ``struck`` when all of it is crossed out, ``partly`` when some of it is left out."""

    text: str
    struck: bool = False
    partly: bool = False


def cell_styles(package: Package, part: str | None) -> tuple[CellStyle, ...]:
    """The cell styles by number; an index nobody defined has the default one."""
    if part is None:
        return (CellStyle(),)
    root = package.xml(part)
    codes = {
        int(item.get("numFmtId") or 0): item.get("formatCode") or "" for item in root.iterfind(f"{S}numFmts/{S}numFmt")
    }
    struck = [_is_struck(font) for font in root.iterfind(f"{S}fonts/{S}font")]
    styles: list[CellStyle] = []
    for xf in root.iterfind(f"{S}cellXfs/{S}xf"):
        identifier, font = int(xf.get("numFmtId") or 0), int(xf.get("fontId") or 0)
        is_struck = font < len(struck) and struck[font]
        styles.append(CellStyle(number_format(identifier, codes.get(identifier)), is_struck))
    return tuple(styles) or (CellStyle(),)


def _is_struck(properties: Element | None) -> bool:
    strike = None if properties is None else properties.find(f"{S}strike")
    return strike is not None and (strike.get("val") or "1") not in _OFF


def rich_text(item: Element) -> Text:
    """The text of a ``si`` or ``is`` element without phonetic guides."""
    if len(item) == 1 and item[0].tag == _T:
        text = item[0].text or ""
        return Text(unescaped(text) if "_x" in text or "\r" in text else text)
    kept: list[str] = []
    crossed: list[str] = []
    for child in item:
        if child.tag == f"{S}t":
            kept.append(child.text or "")
        elif child.tag == f"{S}r":
            run = "".join(piece.text or "" for piece in child.iterfind(f"{S}t"))
            (crossed if _is_struck(child.find(f"{S}rPr")) else kept).append(run)
    text, out = unescaped("".join(kept)), unescaped("".join(crossed))
    if out.strip() and not text.strip():
        return Text(out, struck=True)
    return Text(text, partly=bool(out.strip()))


def unescaped(text: str) -> str:
    """``_x000D_`` and its like as the characters they stand for; all line ends alike."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def shared_strings(package: Package, part: str | None) -> list[Text]:
    """The shared strings by number."""
    if part is None:
        return []
    return [rich_text(item) for item in package.xml(part).iterfind(f"{S}si")]

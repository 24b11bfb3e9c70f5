"""Tick marks as symbol fonts write them, brought to the characters that Unicode has for them."""

from __future__ import annotations

TICKED = "☑"
UNTICKED = "□"

_WINGDINGS = {0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x78: "☒", 0xA8: "□", 0xFB: "✗", 0xFC: "✓",
              0xFD: "☒", 0xFE: "☑"}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA2: "■", 0xA3: "□", 0x2A: "□",
                0x30: "□"}  # fmt: skip
_WEBDINGS = {0x61: "✓", 0x63: "□", 0x67: "■", 0x72: "✗"}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "webdings": _WEBDINGS}
_PRIVATE = 0xF000


def symbol(font: str, code: int) -> str | None:
    """The character that ``code`` of a symbol font shows; ``None`` when the font or the code is not known."""
    table = _FONTS.get(font.strip().lower())
    if table is None:
        return None
    return table.get(code - _PRIVATE if code >= _PRIVATE else code)


def readable(font: str, text: str) -> str:
    """``text`` set in a symbol font, with the characters it shows; other fonts leave it as it is."""
    if font.strip().lower() not in _FONTS:
        return text
    return "".join(symbol(font, ord(character)) or character for character in text)

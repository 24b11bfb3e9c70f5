"""Text as people and programs leave it, brought to one form before a field type looks at it."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from itertools import pairwise

from forms.fieldtypes.base import Raw

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
_JOINERS = dict.fromkeys([0x200C, 0x200D])
_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK_GAP = re.compile(rf"(?<=[{_CJK}·])[^\S\n]+(?=[{_CJK}·])")
_WIDE = re.compile(rf"[{_CJK}\u3000-\u303f\uff00-\uffef“”‘’…—]")
_SPACES = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－─━", "-"))
_LONGEST_EXACT_INTEGER = 10**30
_WHOLE_FLOATS_END = 1e15
_DIGITS_PER_BIT = 0.30103


def text_of(raw: Raw) -> str:
    """A typed cell as the text a person would see; never raises.

    Whole floats lose their ``.0`` and a day at midnight its time. ``None`` is ``""``.
    """
    if isinstance(raw, str):
        return str(raw)
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int):
        return str(raw) if abs(raw) < _LONGEST_EXACT_INTEGER else f"1E+{int(raw.bit_length() * _DIGITS_PER_BIT)}"
    if isinstance(raw, float):
        return str(int(raw)) if math.isfinite(raw) and raw.is_integer() and abs(raw) < _WHOLE_FLOATS_END else repr(raw)
    if isinstance(raw, dt.datetime) and (raw.hour or raw.minute or raw.second or raw.microsecond):
        return raw.isoformat(sep=" ", timespec="seconds")
    return f"{raw.year:04d}-{raw.month:02d}-{raw.day:02d}"


def tidy(text: str) -> str:
    r"""``text`` without invisible marks, with ``\\n`` as the only line break and without blanks at its ends.

    Nothing else changes: full width, quotes, inner spaces and rare characters stay as they were typed.
    """
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    if "\r" in text or "\u2028" in text or "\u2029" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return text.strip()


def fold(text: str) -> str:
    """``text`` in half width (NFKC), with every dash as ``-`` and without invisible characters."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE).translate(_JOINERS).translate(_DASHES)).strip()


def squeeze(text: str) -> str:
    """Folded text without any blanks or line breaks."""
    return _SPACES.sub("", fold(text))


def join_lines(text: str) -> str:
    """One line made of several: nothing between Chinese characters, one space between Latin words."""
    if "\n" not in text:
        return text
    lines = [line for line in (part.strip() for part in text.split("\n")) if line]
    joined = lines[:1]
    for before, after in pairwise(lines):
        joined.append(after if _WIDE.match(before[-1]) or _WIDE.match(after[0]) else f" {after}")
    return "".join(joined)


def close_gaps(text: str) -> str:
    """``text`` without the blanks between Chinese characters (``王 芳`` → ``王芳``); other blanks stay."""
    return _CJK_GAP.sub("", text)

"""Characters that no XML file can carry: they must be found before anything is written."""

from __future__ import annotations

import re

from forms.finding import Finding, Severity

CODE = "illegal-character"
"""Finding code of a value with such a character; also the code of the HTTP problem."""

_ILLEGAL = re.compile("[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def illegal_characters(text: str) -> tuple[str, ...]:
    """The illegal code points of ``text`` as ``U+000B``, each once, in order. Source: XML 1.0, production Char."""
    if text.isprintable():
        return ()
    return tuple(dict.fromkeys(f"U+{ord(char):04X}" for char in _ILLEGAL.findall(text)))


def without_illegal(text: str) -> str:
    """``text`` with each illegal character shown as ``□``, safe to print in a message or a page."""
    return _ILLEGAL.sub("□", text)


def illegal_finding(text: str, path: str) -> Finding | None:
    """The finding of a text with illegal characters, ``None`` for a clean one."""
    found = illegal_characters(text)
    if not found:
        return None
    return Finding(CODE, path, f"含有无法写入文件的非法字符 {'、'.join(found)},请删除后重填", Severity.ERROR)

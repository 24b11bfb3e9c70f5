"""File names in a pack: they open under Windows, WPS and everywhere else, and no two of them are the same there.

Source: Microsoft, "Naming Files, Paths, and Namespaces" (characters, device names, dots and blanks at the end, 260
characters a path).
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_PART = 60
"""Characters of one part of a path: in UTF-8 at most 240 bytes, which every file system takes."""
LONGEST_PATH = 140
"""Characters of a whole path: with the folder that it is unpacked into it stays below Windows' 260."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_BLANKS = re.compile(r"\s+")
_PORTS = frozenset(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")
_DEVICES = _PORTS | {"con", "prn", "aux", "nul", "conin$", "conout$"}
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_part(text: str, fallback: str = "未命名", longest: int = LONGEST_PART) -> str:
    """``text`` as one part of a path: nothing forbidden, invisible or turning the direction, and not too long.

    The ending of a file (up to six characters after its last full stop) survives the shortening.
    """
    shown = "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) not in _INVISIBLE)
    shown = _BLANKS.sub(" ", _FORBIDDEN.sub("_", shown)).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 6 or not ending.isalnum():  # noqa: PLR2004  # no ending of a file
        stem, dot, ending = shown, "", ""
    stem = stem[: max(1, longest - len(dot + ending))].rstrip(" .")
    if stem.partition(".")[0].rstrip().lower() in _DEVICES:
        stem = f"_{stem}"
    return f"{stem}{dot}{ending}" if stem else fallback


class Names:
    """The paths of one archive: each is given out once, also where capital letters make no difference."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, *parts: str) -> str:
        """A path of these parts, made safe; one that was given before gets a number.

        Raises:
            ValueError: no parts, or folders so long that no name fits behind them.
        """
        *folders, last = (safe_part(part) for part in parts)
        folder = "".join(f"{name}/" for name in folders)
        room = min(LONGEST_PART, LONGEST_PATH - len(folder))
        name, count = safe_part(last, longest=room), 1
        while f"{folder}{name}".casefold() in self._taken:
            count += 1
            stem, dot, ending = last.rpartition(".") if "." in last else (last, "", "")
            tail = f"-{count}{dot}{ending}"
            name = f"{safe_part(stem, longest=room - len(tail))}{tail}"
        if len(folder) + len(name) > LONGEST_PATH:
            raise ValueError("the folders of a path in a pack are too long")
        self._taken.add(f"{folder}{name}".casefold())
        return f"{folder}{name}"

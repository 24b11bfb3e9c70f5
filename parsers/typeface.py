"""A typeface of this machine with hanzi, for words that the program draws on pictures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
FONT_FILES = ("NotoSansCJK-Regular.ttc", "LXGWWenKai-Regular.ttf", "NotoSerifCJK-Regular.ttc")


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A typeface of this machine with hanzi, so many pixels high."""
    for folder in FONT_FOLDERS:
        for name in FONT_FILES:
            found = next(iter(sorted(folder.rglob(name))), None) if folder.is_dir() else None
            if found is not None:
                return ImageFont.truetype(str(found), size)
    return ImageFont.load_default(size)

"""The Chinese fonts that this machine has, by the look they stand for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

_PROJECT = Path(__file__).parents[2]
FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    _PROJECT / "build/fonts",
)
"""Where fonts are looked for; the last is filled by scripts/hand-fonts."""
FILES = {
    "song": ("NotoSerifCJK-Regular.ttc", 2),
    "song-bold": ("NotoSerifCJK-Bold.ttc", 2),
    "hei": ("NotoSansCJK-Regular.ttc", 2),
    "kai": ("LXGWWenKai-Regular.ttf", 0),
    "fang": ("FandolFang-Regular.otf", 0),
}
"""Name of a look -> file and the index of its simplified Chinese face."""
HANDS = {
    "long-cang": ("long-cang.woff2", 0),
    "ma-shan-zheng": ("ma-shan-zheng.woff2", 0),
    "zhi-mang-xing": ("zhi-mang-xing.woff2", 0),
    "liu-jian-mao-cao": ("liu-jian-mao-cao.woff2", 0),
    "zcool-kuaile": ("zcool-kuaile.woff2", 0),
}
"""The same for handwriting."""


@cache
def font_file(look: str) -> Path | None:
    """The file of a look, ``None`` where it is not installed."""
    name = (FILES | HANDS)[look][0]
    return next((path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.rglob(name))), None)


def looks() -> tuple[str, ...]:
    """The looks that are installed, always in the same order."""
    return tuple(look for look in FILES if font_file(look) is not None)


@cache
def font(look: str, pixels: int) -> ImageFont.FreeTypeFont:
    """A font of a look at a height in pixels; a look that is missing is printed in Song."""
    path, index = font_file(look), (FILES | HANDS)[look][1]
    if path is None:
        path, index = font_file("song"), FILES["song"][1]
    if path is None:
        raise FileNotFoundError("no Chinese font is installed: make setup installs fonts-noto-cjk")
    return ImageFont.truetype(str(path), pixels, index=index)

"""Small things that pages say in words: sizes of files, and browsers."""

from __future__ import annotations

import re

from flask import Blueprint

blueprint = Blueprint("wording", __name__)
KIB, MIB = 1024, 1024 * 1024
_BROWSERS = (
    ("Edg/", "Edge"),
    ("360SE", "360浏览器"),
    ("QQBrowser/", "QQ浏览器"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
    ("Trident/", "IE"),
)
"""What a browser's line about itself holds, the particular before the general: others say Chrome too."""
_SYSTEMS = ("Windows", "Android", "iPhone", "Mac OS", "Linux")
LONGEST_AGENT = 40


@blueprint.app_template_filter("file_size")
def file_size(size: int) -> str:
    """A number of bytes as people read it: ``504 字节``, ``12 KB``, ``3.4 MB``."""
    if size < KIB:
        return f"{size} 字节"
    return f"{round(size / KIB)} KB" if size < MIB else f"{size / MIB:.1f} MB"


@blueprint.app_template_filter("browser")
def browser(agent: str) -> str:
    """A browser and its system out of the line it says of itself; of a program, the beginning of that line."""
    if not agent.startswith("Mozilla/"):
        return agent[:LONGEST_AGENT] or "（没有说明）"
    name = next((said for mark, said in _BROWSERS if mark in agent), "浏览器")
    version = re.search(r"(?:Edg|Firefox|Chrome|Version)/(\d+)", agent)
    system = next((name for name in _SYSTEMS if name in agent), "")
    return "，".join(part for part in (f"{name} {version[1]}" if version else name, system) if part)

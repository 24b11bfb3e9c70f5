"""What the clerk's guide calls a button, a link or a heading by is what stands on the pages."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "guide.zh.md"
SPOKEN = {"示例", "录入", "错误清单", "打印版.pdf", "人员记录"}
"""Names that stand in files, not on pages, and a chapter's own."""
_QUOTED = re.compile(r"“([^”]{2,30})”")
_BREAKS = re.compile(r"{%.*?%}|{{.*?}}|<[^>]*>|\s+", re.DOTALL)


def said_by_pages() -> str:
    """All words of the templates without markup, of their macros' arguments, of scripts and of the pages' code."""
    folder = ROOT / "service" / "web"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html"))]
    plain = [_BREAKS.sub("", text) for text in texts]
    code = [path.read_text(encoding="utf-8") for path in sorted([*folder.rglob("*.py"), *folder.rglob("desk/*.js")])]
    return "\n".join([*texts, *plain, *code])


def test_every_name_in_the_guide_stands_on_a_page() -> None:
    words = said_by_pages()
    quoted = set(_QUOTED.findall(GUIDE.read_text(encoding="utf-8")))
    assert len(quoted) > 40, "the guide quotes what one clicks"
    unknown = {name for name in quoted - SPOKEN if not all(part in words for part in name.split())}
    assert unknown == set()

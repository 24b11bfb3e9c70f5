"""Labels as people write them, brought to one form before they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOTE_WORDS = [
    "盖章",
    "公章",
    "签字",
    "签章",
    "签名",
    "选填",
    "必填",
    "yyyy",
    "mm",
    "dd",
    "元",
    "月",
    "岁",
    "年",
    "日",
    "人",
    "名",
    "个",
]  # what a note may say without changing the label
_NOTE = re.compile(rf"(?>{'|'.join(_NOTE_WORDS)}|[/\-、, .])++", re.IGNORECASE)
_DROPPED = re.compile(r"[\s:*_﹡·…①②③④⑤⑥⑦⑧⑨⑩\u200b-\u200f\u2060\ufeff]+")
_BRACKETS = str.maketrans("〔〕﹙﹚【】", "()()()")


@lru_cache(maxsize=8192)
def normalise_label(text: str) -> str:
    """A label without spaces, line breaks, colons, stars and a trailing unit note, in half width.

    ``"姓  名："`` → ``"姓名"``; ``"月工资标准（元/月）"`` → ``"月工资标准"``; ``"填报单位（盖章）"`` → ``"填报单位"``.
    Other bracketed notes stay, for they may carry meaning (``借用时间(起)``). Source: ``forms-reference`` §0.4.
    """
    bare = text
    while (folded := _fold(bare)) != bare:  # what is dropped may let two characters meet and become one
        bare = folded
    while bare.endswith(")"):
        label, bracket, note = bare[:-1].rpartition("(")
        if not bracket or not label or not _NOTE.fullmatch(note):
            break
        bare = label
    return bare


def _fold(text: str) -> str:
    # The circled figures would fold into plain ones, so they go first.
    folded = unicodedata.normalize("NFKC", _DROPPED.sub("", text)).translate(_BRACKETS)
    return _DROPPED.sub("", folded).rstrip(",;。.")

"""Labels as people write them, brought to one form before they are compared."""

from __future__ import annotations

import re
import unicodedata

_TRAILING_NOTE = re.compile(r"\((?:元|月|岁|年|日|盖章|公章|签字|签章|签名|人|个|选填|必填|[/\-、, 年月日元.]|yyyy|mm|dd)+\)$", re.IGNORECASE)
_DROPPED = re.compile(r"[\s:*_＿﹡·…①②③④⑤⑥⑦⑧⑨⑩]+")


def normalise_label(text: str) -> str:
    """A label without spaces, line breaks, colons, stars and a trailing unit note, in half width.

    ``"姓  名："`` → ``"姓名"``; ``"月工资标准（元/月）"`` → ``"月工资标准"``; ``"填报单位（盖章）"`` → ``"填报单位"``.
    Other bracketed notes stay, for they may carry meaning (``借用时间(起)``). Source: ``forms-reference`` §0.4.
    """
    folded = unicodedata.normalize("NFKC", text).replace("〔", "(").replace("〕", ")").replace("﹙", "(").replace("﹚", ")")
    bare = _DROPPED.sub("", folded).rstrip(",,;;。.")
    while (shorter := _TRAILING_NOTE.sub("", bare)) != bare and shorter:
        bare = shorter
    return bare

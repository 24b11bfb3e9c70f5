"""Names of units that break off: of 城市管理局 a fax or a hand may leave 城市管理, with nothing in it read unsurely."""

from __future__ import annotations

import re
from dataclasses import replace

from parsers.decoder import Decoded
from parsers.scan.asking import Asked

ENDS = frozenset("局处委办部府院校站所室会团司心中园馆队社村组镇乡街区厂行科联店场库台署厅段坊班点集学")
"""Last characters of what units are called."""
_BRACKETED = re.compile(r"\s*[(（][^()（）]*[)）]?\s*$")
"""What stands behind a name in brackets: （本级）."""
OPEN = 0.5
"""How sure a name is at most that ends otherwise."""


def ends_as_a_unit(text: str) -> bool:
    """Whether a name ends in what units are called, and so has lost nothing behind that would be missed."""
    bare = _BRACKETED.sub("", text).rstrip()
    return bool(bare) and (bare[-1] in ENDS or not "\u4e00" <= bare[-1] <= "\u9fff")


def as_whole_name(asked: Asked, decoded: Decoded) -> Decoded:
    """The name of a unit on a worn page or by hand; a person looks where it does not end as units are called."""
    is_worn = any(line.by_hand or line.care > 1 for line in asked.lines)
    if asked.kind.name != "unit" or decoded.review or not is_worn or ends_as_a_unit(decoded.text):
        return decoded
    return replace(decoded, confidence=min(decoded.confidence or 0.0, OPEN), review=True)

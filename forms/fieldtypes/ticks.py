"""Options printed with boxes to tick: ``☑男 □女``, ``是□ 否√``."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TICKED = "☑☒■✔✓√✅▣◼●🗹"
_OPEN = "□☐○◻❏▢◯"
_BOXES = re.compile(rf"[{_TICKED}{_OPEN}][{_TICKED}{_OPEN}\s]*")
_TRIM = " \t\n\u3000、,,;;/|"


@dataclass(frozen=True, slots=True)
class Ticks:
    """What was ticked among the printed options."""

    chosen: tuple[str, ...]
    offered: tuple[str, ...]


def read_ticks(text: str) -> Ticks | None:
    """The ticked and the offered options of ``text``; ``None`` if it has no boxes or they cannot be told apart.

    A box may stand before or after its option, the same way throughout; ``√`` inside or beside a box ticks it.
    """
    boxes = list(_BOXES.finditer(text))
    if not boxes:
        return None
    first, last = boxes[0], boxes[-1]
    leads = not text[: first.start()].strip(_TRIM)
    trails = not text[last.end() :].strip(_TRIM)
    if leads == trails:
        return None
    words = _after(text, boxes) if leads else _before(text, boxes)
    if not all(words):
        return None
    ticked = [any(char in _TICKED for char in box.group()) for box in boxes]
    chosen = tuple(word for word, tick in zip(words, ticked, strict=True) if tick)
    return Ticks(chosen, tuple(words))


def _after(text: str, boxes: list[re.Match[str]]) -> list[str]:
    ends = [*(box.start() for box in boxes[1:]), len(text)]
    return [text[box.end() : end].strip(_TRIM) for box, end in zip(boxes, ends, strict=True)]


def _before(text: str, boxes: list[re.Match[str]]) -> list[str]:
    starts = [0, *(box.end() for box in boxes[:-1])]
    return [text[start : box.start()].strip(_TRIM) for box, start in zip(boxes, starts, strict=True)]

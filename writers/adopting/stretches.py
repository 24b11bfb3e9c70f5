"""Where in the text of a cell or line a tag goes, and what it takes the place of.

Blanks, underscores and the guides of a day (``    年  月  日``) make room for a value; a unit behind
them (人, 岁) stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.definition import Combined, Field
from forms.fieldtypes.ticks import read_ticks

_BLANK = "[ \t\u3000_＿\xa0]"
_GUIDE_DAY = re.compile(rf"(?:20)?{_BLANK}*年{_BLANK}*月(?:{_BLANK}*日)?")
_GUIDE_MONTHS = re.compile(rf"(?P<room>{_BLANK}*)个月")
_AGE = re.compile(rf"[（(](?P<room>{_BLANK}*)(?:周?岁)?{_BLANK}*[）)]")
_LEADING = re.compile(rf"{_BLANK}*")
_HINT = re.compile(r"[（(【〔][^（）()【】〔〕]*[）)】〕]")
_ONLY_GUIDES = re.compile(r"[\s_＿自从由至到年月日起止共计个周岁（）()、，,。.．/:：~～—－-]*")
_OPEN = re.compile(r"[□☐○◻❏▢◯]")
_WIDEST_GUIDE = 4
"""Blanks that the printed guide of a day itself begins with; more of them place it on the line and stay."""
_GAP = "    "
_PERIOD_END = 2


@dataclass(frozen=True, slots=True)
class Written:
    """A stretch of a text and the words for it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Room:
    """What is to be written into an area of a text, and what is doubtful about it. No stretch: there is no room."""

    stretches: tuple[Written, ...]
    doubts: tuple[str, ...] = ()


def tag(root: str, key: str, part: str = "") -> str:
    """``{{ record.name }}``, ``{{ box.hr_review.date }}``."""
    return "{{ " + ".".join(piece for piece in (root, key, part) if piece) + " }}"


def day_guides(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The printed guides of days in an area, each with the blanks that belong to it."""
    return [_trimmed(text, *found.span()) for found in _GUIDE_DAY.finditer(text, start, end)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    room = len(text[start:end]) - len(text[start:end].lstrip(" \t\u3000_＿\xa0"))
    return (start + room - _WIDEST_GUIDE if room > _WIDEST_GUIDE else start), end


def single(text: str, start: int, end: int, words: str, item: Field) -> Room:
    """Room for one value."""
    if guides := day_guides(text, start, end):
        if item.type.name in ("day", "month"):
            doubts = ("这一格印有几个日期,只用了第一个",) if len(guides) > 1 else ()
            return Room((Written(*guides[0], words),), doubts)
        return Room((), (f"这一格印的是日期“{text[start:end].strip()}”,与栏目的类型不符",))
    blank = _LEADING.match(text, start, end)
    after = blank.end() if blank else start
    rest = text[after:end].strip()
    gap = _GAP if end < len(text) and text[end] != "\n" and after - start > 1 and not rest else ""
    if not rest or rest == item.suffix or rest in ("签字", "（签字）", "(签字)"):
        return Room((Written(start, after, words + gap),))
    if item.suffix and rest.startswith(item.suffix):
        return Room((Written(start, after, words),), (f"值后面还印有“{rest}”",))
    if _HINT.fullmatch(rest):
        if re.search("盖章|公章|签字|签名|签章", rest):
            return Room((Written(start, after, words + gap),))
        return Room((Written(start, end, words),), (f"格内印的提示“{rest}”换成了标签",))
    return Room((), (f"格内印有文字“{rest[:30]}”",))


def combined(text: str, start: int, end: int, words: Mapping[str, str], pair: Combined) -> Room:
    """Room for several values in one cell, along the guides printed there or in the usual words."""
    keys = [key for key in pair.keys if key in words]
    if len(keys) < _PERIOD_END:
        return Room((), (f"“{pair.label}”里只认得一项",))
    if pair.split == "period":
        return _period(text, start, end, [words[key] for key in keys])
    if pair.split == "birth-age":
        return _birth_age(text, start, end, words[keys[0]], words[keys[1]])
    if printed := _words(text[start:end]):
        return Room((), (f"格内印有文字“{printed}”",))
    doubts = ("两项同填在一格,须都填或都不填",)
    return Room((Written(start, end, "\n".join(words[key] for key in keys)),), doubts)


def _period(text: str, start: int, end: int, words: list[str]) -> Room:
    guides = day_guides(text, start, end)
    months = _GUIDE_MONTHS.search(text, start, end)
    if len(guides) == _PERIOD_END:
        stretches = [Written(*guide, word) for guide, word in zip(guides, words[:2], strict=True)]
        if months is not None and len(words) > _PERIOD_END:
            stretches.append(Written(*months.span("room"), f" {words[2]} "))
            return Room(tuple(stretches))
        missing = ("没有印月数的位置,月数不打印",) if len(words) > _PERIOD_END else ()
        return Room(tuple(stretches), missing)
    usual = f"自 {words[0]} 至 {words[1]}" + (f",共 {words[2]} 个月" if len(words) > _PERIOD_END else "")
    if printed := _words(text[start:end]):
        return Room((), (f"格内印有文字“{printed}”",))
    rest = text[start:end].strip()
    doubts = (f"格内印的“{rest[:30]}”换成了“自…至…”",) if rest else ()
    return Room((Written(start, end, usual.replace(",", "，")),), doubts)


def _birth_age(text: str, start: int, end: int, birth: str, age: str) -> Room:
    guide = _AGE.search(text, start, end)
    if guide is not None and not text[guide.end() : end].strip():
        head = single_blank(text, start, guide.start())
        return Room((Written(*head, birth), Written(*guide.span("room"), age)))
    if printed := _words(text[start:end]):
        return Room((), (f"格内印有文字“{printed}”",))
    return Room((Written(start, end, f"{birth}（{age}岁）"),))


def _words(text: str) -> str:
    """The text of an area that is more than guides, shortened to be shown; nothing for guides alone."""
    bare = text.strip()
    return "" if _ONLY_GUIDES.fullmatch(bare) else bare[:30]


def single_blank(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch that a day's guide or blanks take."""
    guides = day_guides(text, start, end)
    return guides[0] if guides else (start, end)


def options(text: str, start: int, end: int, item: Field) -> Room | None:
    """Boxes to tick before or after each option; ``None`` where none are printed."""
    boxes = list(_OPEN.finditer(text, start, end))
    if not boxes or not (item.type.choices() or item.type.name == "compensation"):
        return None
    area = text[boxes[0].start() : _options_end(text, boxes[-1].end(), end)]
    ticks = read_ticks(area.strip()) or read_ticks(text[start:end].strip())
    if ticks is None or len(ticks.offered) != len(boxes):
        return Room((), ("印有方框,但分不清哪个方框属于哪个选项",))
    stretches, unknown = [], []
    for box, word in zip(boxes, ticks.offered, strict=True):
        reading = item.type.read(word)
        code = reading.code or (str(reading.value).lower() if isinstance(reading.value, bool) else None)
        if code is None:
            unknown.append(word)
            continue
        stretches.append(Written(box.start(), box.end(), "{{ tick." + item.key + "['" + code + "'] }}"))
    doubts = (f"选项“{'、'.join(unknown)}”不在代码表中,不会打勾",) if unknown else ()
    return Room(tuple(stretches), doubts)


def _options_end(text: str, start: int, end: int) -> int:
    found = re.compile(r"[;；。\n]").search(text, start, end)
    return found.start() if found else end


def blank_lines(text: str, start: int, end: int) -> Iterator[int]:
    """Where lines without any words begin in an area."""
    place = start
    for line in text[start:end].split("\n"):
        if not line.strip(" \t\u3000_＿\xa0"):
            yield place
        place += len(line) + 1

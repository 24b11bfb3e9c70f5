"""Cells that hold several fields, taken apart: periods, birth and age, unit and post, school and major."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.definition import Combined
from forms.record import PLACEHOLDERS

_DAY = (
    r"(?<!\d)(?:\d{4}|\d{2})\s*年\s*\d{1,2}\s*月(?:份|\s*\d{1,2}(?!\d)(?!\s*个)\s*[日号]?)?"
    r"|(?<!\d)(?:\d{4}|\d{2})\s*(?P<mark>[./．。-])\s*\d{1,2}(?:\s*(?P=mark)\s*\d{1,2}(?!\d)\s*日?|(?!\d)\s*月?(?!\s*个))"
    r"|(?<!\d)\d{8}(?!\d)|(?<!\d)\d{6}(?!\d)"
    r"|[〇○零一二三四五六七八九十]{4}年[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}日)?"
)
_DAYS = re.compile(_DAY)
_PAIR = 2
_OPEN = re.compile(r"至今|长期|无固定(?:期限)?|今")
_NUMERALS = "〇零一二两三四五六七八九十百千半"
_MONTHS = re.compile(
    r"(?:共|计|共计|期限|为期)?\s*[（(]?\s*"
    rf"(?<![\d.．{_NUMERALS}])(?!(?<=\d[,，])\d{{3}}\s*个)(\d+(?:[.．]\d+)?|[{_NUMERALS}]+)\s*个月"
)
"""The number as a whole: a piece of ``1.5``, ``1,000`` or ``二百二十`` would be another number."""
_BEFORE = rf"(?<![\d{_NUMERALS}\s_＿])[\s_＿]*"
_BLANK_DAY = re.compile(rf"{_BEFORE}年[\s_＿]*月[\s_＿]*日")
_BLANK_MONTHS = re.compile(rf"{_BEFORE}[共计]*[\s_＿]*个月")
"""The printed guides of a day and of a number of months that nobody wrote into."""
_BLANK = "\ue0ff"
"""Stands for the blank guide of a day; a character of private use, which no text has a meaning for."""
_TO = "(?:至|到|止于|[-–—－~～])"
_BLANK_START = re.compile(rf"^[\s_＿自从由]*{_BLANK}[\s_＿起]*{_TO}")
_BLANK_END = re.compile(rf"{_TO}[\s_＿]*{_BLANK}")
_ONLY_END = re.compile(r"\s*(?:至|到|止于|截至)")
_GUIDE = re.compile(r"[\ue0ff\s_＿自从由至到年月日起止共计个（）()、，,。．.:：/~～－—-]*")
_LEFT_OVER = re.compile(r"[\s_＿自从由起止期限共计为（）()，,、。;；:：至到-]*")
_AGE = re.compile(
    r"[（(]\s*(?:年龄\s*[:：]?)?\s*(\d{1,3})\s*(?:周?岁)?\s*[）)]|[,，、/\s]\s*(\d{1,3})\s*周?岁|(?<=\d)\s*(?<=月)(\d{1,3})\s*周?岁"
)
_UNREAD_AGE = re.compile(r"(?<=[^\s_＿年月（(周])周?岁")
"""Something that is no number before 岁, which is printed where an age is left blank too."""
_AGE_GUIDE = re.compile(r"[（(][\s_＿]*(?:周?岁)?[\s_＿]*[）)]")


@dataclass(frozen=True, slots=True)
class Split:
    """Texts by key. A key that is missing was not stated. ``doubt`` names why a person must look, if so."""

    texts: dict[str, str]
    doubt: str = ""
    rest: str = ""


def split(combined: Combined, text: str) -> Split:
    """The fields of a combined cell."""
    bare = text.strip()
    if not bare or bare in PLACEHOLDERS:
        return Split(dict.fromkeys(combined.keys, bare))
    match combined.split:
        case "period":
            return _period(combined.keys, bare)
        case "birth-age":
            return _birth_age(combined.keys, bare)
        case _:
            return _halves(combined.keys, bare)


def _period(keys: tuple[str, ...], text: str) -> Split:
    start, end = keys[0], keys[1]
    months = _MONTHS.search(text)
    bare = text if months is None else text[: months.start()] + text[months.end() :]
    bare = _without_guides(bare)
    texts: dict[str, str] = {}
    if len(keys) > _PAIR:
        texts[keys[2]] = months.group(1) if months else ""
    days = list(_DAYS.finditer(bare))
    open_end = _OPEN.search(bare)
    if not days and open_end is None:
        if _GUIDE.fullmatch(bare):
            return Split({start: "", end: "", **texts})
        return Split({start: text, **texts}, "period-unclear")
    if len(days) > _PAIR or (days and open_end and (len(days) > 1 or open_end.start() < days[0].end())):
        return Split({start: text, **texts}, "period-unclear")
    rest = _DAYS.sub("", bare)
    rest = _OPEN.sub("", rest)
    leftover = _LEFT_OVER.sub("", re.sub("[~～—–－/]", "", rest))
    texts |= _ends(keys, bare, days, open_end)
    if len(days) == 1 and open_end is None and leftover:
        stated = {key: value for key, value in texts.items() if key not in (start, end) or value}
        return Split(stated, "period-unclear", leftover)
    if len(days) == 1 and open_end is None:
        return Split(texts, "period-end-missing" if texts.get(end, "") == "" else "period-start-missing", leftover)
    return Split(texts, "period-unclear" if leftover else "", leftover)


def _without_guides(text: str) -> str:
    """The text without the guides of an end and of months that were left open; others stay and are doubted."""
    text = _BLANK_MONTHS.sub(" ", _BLANK_DAY.sub(_BLANK, text))
    return _BLANK_END.sub(" ", _BLANK_START.sub("至", text))


def _ends(
    keys: tuple[str, ...], bare: str, days: list[re.Match[str]], open_end: re.Match[str] | None
) -> dict[str, str]:
    start, end = keys[0], keys[1]
    if not days:
        return {start: "", end: open_end.group() if open_end else ""}
    first = days[0].group().strip()
    if open_end is not None:
        return {start: first, end: open_end.group()}
    if len(days) == 1:
        only_end = _ONLY_END.match(bare) or re.match(r"\s*(?:止|到期|期满)", bare[days[0].end() :])
        return {start: "", end: first} if only_end else {start: first, end: ""}
    return {start: first, end: days[1].group().strip()}


def _birth_age(keys: tuple[str, ...], text: str) -> Split:
    bare = _AGE_GUIDE.sub("", text)
    found = _AGE.search(bare)
    if found is None and _UNREAD_AGE.search(bare):
        return Split({keys[0]: bare.strip()}, "combined-unsplit")  # an age stands there that is no number
    if found is None:
        return Split({keys[0]: bare.strip(), keys[1]: ""})
    age = next(group for group in found.groups() if group)
    birth = (bare[: found.start()] + bare[found.end() :]).strip(" \n\u3000，,、/")
    return Split({keys[0]: birth, keys[1]: age})


def _halves(keys: tuple[str, ...], text: str) -> Split:
    """Two texts parted by a line break, a mark or a blank; without one the first field keeps all, in doubt."""
    for separator in (r"\s*\n\s*", r"\s*[/;；]\s*", r"\s*[、，,]\s*", r"[\s\u3000]+"):
        pieces = [piece for piece in re.split(separator, text) if piece]
        if len(pieces) == _PAIR:
            return Split({keys[0]: pieces[0], keys[1]: pieces[1]}, "combined-split")
    return Split({keys[0]: text}, "combined-unsplit")

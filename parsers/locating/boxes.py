"""Opinion boxes: which cell or line holds the content of each, and what its words are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.cleaning import squeeze
from forms.definition import OpinionBox
from parsers.document import Cell, Page
from parsers.locating.vocabulary import Vocabulary

_DAY = re.compile(
    r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*[年./-]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[月./-]\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日?"
)
_PART_DAY = re.compile(r"\d{2,4}\s*年[\s_＿]*(?:\d{0,2}[\s_＿]*月)?(?:[\s_＿]*\d{0,2}[\s_＿]*日)?")
_BLANK_DAY = re.compile(r"(?:20)?[\s_＿]*年[\s_＿]*月[\s_＿]*日")
_WHO = r"(?:单位|部门)?(?:主要)?(?:负责人|分管领导|区领导|领导|本人|经办人|审核人|签批人|审批人|签发人|被借用人|申请人)"
_SIGNED = re.compile(
    rf"(?:{_WHO}\s*[（(]?\s*(?:签\s*字|签\s*名|签\s*章|签批)?\s*[）)]?|[（(]?\s*(?:签\s*字|签\s*名|签\s*章|签批)\s*[）)]?)"
    r"\s*[:：][ \t\u3000_＿]*(?P<name>[\u4e00-\u9fff·]{1,12}(?:[ \u3000][\u4e00-\u9fff])?(?![\u4e00-\u9fff]*[:：]))?"
)
_SIGNED_AFTER = re.compile(
    rf"(?!{_WHO})(?P<name>[\u4e00-\u9fff·]{{2,6}})\s*[（(]\s*(?:签\s*字|签\s*名|签\s*章)\s*[）)]"
)
_SIGN_GUIDE = re.compile(rf"{_WHO}?\s*[（(]?\s*(?:签\s*字|签\s*名)\s*[）)]?\s*[:：]?|{_WHO}\s*[:：]?\s*$", re.MULTILINE)
_SEAL_GUIDE = re.compile(
    r"(?:(?:^|(?<=\s))(?:单位|部门)[ \t\u3000]*(?=[（(]))?"
    r"[（(]?\s*(?:单位|部门)?\s*(?:盖\s*章|公\s*章|签\s*章|印\s*章)\s*(?:处)?\s*[）)]?\s*[:：]?",
    re.MULTILINE,
)
_EXCUSED = re.compile(
    r"^(?:/|／|\\|—+|-+|同(?:借出|借入|原|借用)?单位(?:意见)?|同(?:上|左|前)(?:意见)?|与(?:借出|借入)?单位(?:相同|一致)|同意见|本级|不需要|无主管部门)$"
)
_LEFT_OF_GUIDES = re.compile(r"(?m)^[\s年月日盖公章签字名（）():：]+$")
_LONGEST_NAME = 5
_LONGEST_LABEL = 40
_NOT_NAMES = frozenset({"年", "月", "日", "同意", "不同意", "盖章", "公章", "签字", "签名"})
_LAST_WORD = re.compile(r"(?:^|[\s。，,；;！!])(?P<name>[\u4e00-\u9fff·]{2,4})$")
_OPINION_WORDS = re.compile(
    r"[同不无意见审核批准阅属实借可以请按办予是否已拟局部委处室院校会所站街镇公司情况上报单位人员有效备案继续延返期满]"
)
_EDGE = " \t\n\u3000_＿;；:：,，"


@dataclass(frozen=True, slots=True)
class BoxPlace:
    """Where a box's content stands: the cell (or a part of it) and its words."""

    box: OpinionBox
    page: Page
    cell: Cell
    text: str
    label: Cell | None = None


@dataclass(frozen=True, slots=True)
class BoxWords:
    """The words of a box taken apart. ``name`` is what is typed at 签字, ``day`` the date as written.

    ``likely_name`` are last words that look like a name, though nothing says that they sign.
    """

    opinion: str = ""
    name: str = ""
    day: str = ""
    excused: bool = False
    likely_name: str = ""


def words_of(box: OpinionBox, text: str) -> BoxWords:
    """Opinion, typed signature and date of a box's text; guides such as （盖章） and 年 月 日 count for nothing."""
    rest = text.replace("\t", " ")
    if _EXCUSED.match(squeeze(rest)):
        return BoxWords(opinion=squeeze(rest), excused=True)
    day, rest = _take_day(rest)
    name = ""
    for pattern in (_SIGNED, _SIGNED_AFTER):
        for found in pattern.finditer(rest):
            said = re.sub(r"\s", "", found.group("name") or "")
            if said and said not in _NOT_NAMES:
                name = name or said
        rest = pattern.sub(" ", rest)
    rest = _SEAL_GUIDE.sub(" ", _SIGN_GUIDE.sub(" ", rest))
    rest = _LEFT_OF_GUIDES.sub(" ", rest)
    opinion = "\n".join(line.strip(_EDGE) for line in rest.split("\n") if line.strip(_EDGE))
    if (
        not name
        and "opinion" not in box.parts
        and "signature" in box.parts
        and 1 < len(squeeze(opinion)) <= _LONGEST_NAME
    ):
        name, opinion = squeeze(opinion), ""
    if _EXCUSED.match(squeeze(opinion)) and not name and not day:
        return BoxWords(opinion=squeeze(opinion), excused=True)
    likely = "" if name or "signature" not in box.parts else _likely_name(opinion)
    return BoxWords(opinion.removesuffix(likely).rstrip(_EDGE), name, day, likely_name=likely)


@dataclass(frozen=True, slots=True)
class BoxGuides:
    """The printed guides of an empty box: where the day's stands, and where a name after 签字： begins."""

    day: tuple[int, int] | None = None
    name: int | None = None


def guides_in(text: str) -> BoxGuides:
    """The guides printed in a box. Of several days the last counts, as in reading; a name needs a colon before it."""
    days = [found.span() for found in _BLANK_DAY.finditer(text)]
    names = [found.end() for found in _SIGN_GUIDE.finditer(text) if found.group().rstrip().endswith((":", "："))]
    return BoxGuides(days[-1] if days else None, names[0] if names else None)


def _likely_name(opinion: str) -> str:
    """The last word of an opinion, where it may be the name of who gave it."""
    found = _LAST_WORD.search(opinion)
    return "" if found is None or _OPINION_WORDS.search(found["name"]) else found["name"]


def _take_day(text: str) -> tuple[str, str]:
    """The last day of a text, and the text without it."""
    found = list(_DAY.finditer(text)) or list(_PART_DAY.finditer(text))
    if not found:
        return "", _BLANK_DAY.sub(" ", text)
    last = found[-1]
    return last.group().strip(), _BLANK_DAY.sub(" ", text[: last.start()] + " " + text[last.end() :])


def box_in(vocabulary: Vocabulary, text: str) -> tuple[OpinionBox, str] | None:
    """A box whose label begins a cell that also holds its content, and that content."""
    bare = text.strip()
    for cut in re.finditer(r"[:：\n]|(?<=[意见核批])(?=[（(])|$", bare):
        if cut.start() == 0:
            continue
        if cut.start() > _LONGEST_LABEL:
            break
        box = vocabulary.box(bare[: cut.start()])
        if box is not None:
            return box, bare[cut.end() :]
    return None

"""Document numbers (发文字号) whose brackets were misread.

〔 and 〕 are thin strokes that engines take for C, L, 1, a square bracket or nothing. Behind the name of an office, a
year and a serial number before 号 can be nothing else, so the number is proposed as it is printed everywhere. What is
proposed is never sure: the caller shows it to a person, with the text as it was read.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"(?<=[\u4e00-\u9fff])\s*[〔\[【(（CcLlIE1|r\u300c{]{0,2}\s*((?:19|20)\d\d)\s*[〕\]】)）JjlI\u300d}]?\s*(\d{1,4})\s*号"
)

FEWEST_BEFORE = 4
"""Characters of the shortest office that is told from the letters of a number (海编办)."""
_PAIRS = {"〔": "〕", "[": "]", "【": "】", "(": ")", "（": "）", "「": "」"}
_BRACKETED = re.compile(r"([〔\[【(（「])\s*(?:19|20)\d\d\s*([〕\]】)）」])")
_HALF = re.compile(
    r"(?<![〔\[【(（「\s])\s*(?:19|20)\d\d\s*[〕\]】)）」]\s*\d+\s*号"
    r"|[〔\[【(（「]\s*(?:19|20)\d\d\s*[^〕\]】)）」\s\d]?\s*\d+\s*号"
)
_BEHIND_OFFICE = re.compile(r"(?<=[局处委办部府院校站所室会团司心])(?=[\u4e00-\u9fff]{2,8}[〔\[【(（]\s*(?:19|20)\d\d)")
"""Between the name of an office and the number of its document."""
_OFFICE_AND_NUMBER = re.compile(r"[\u4e00-\u9fff]+[〔\[【(（](?:19|20)\d\d[〕\]】)）]\d{1,4}号")


def office_and_number(text: str) -> str | None:
    """The text of a cell that holds an office and the number of its document, parted by one space; else ``None``.

    That is one value of two parts. A gap at the end of a full line cannot be seen, one between hanzi of six points
    hardly, and whether one was typed is nothing that a person could tell from the paper, or would care for.
    """
    bare = "".join(text.split())
    if _OFFICE_AND_NUMBER.fullmatch(bare) is None:
        return None
    parted = with_office_space(bare)
    return parted if parted != bare else None


def with_office_space(text: str) -> str:
    """The text with a space between an office and the number of its document, where it has no white space at all.

    For a text in whose lines there is a gap of which nobody can say whether it is a space: this is where it stands.
    """
    borders = [found.start() for found in _BEHIND_OFFICE.finditer(text)]
    if len(borders) != 1 or len(text.split()) != 1 or borders[0] < FEWEST_BEFORE:
        return text
    return f"{text[: borders[0]]} {text[borders[0] :]}"


def with_year_brackets(text: str) -> str:
    """The text with each document number as 〔year〕 number 号; other text stays as it is."""
    return _NUMBER.sub(lambda found: f"〔{found[1]}〕{found[2]}号", text)


def has_odd_brackets(text: str) -> bool:
    """Whether a year stands between brackets of two kinds, or beside one alone: one is misread, or was not seen."""
    if any(_PAIRS.get(found[1]) != found[2] for found in _BRACKETED.finditer(text)):
        return True
    return _HALF.search(text) is not None

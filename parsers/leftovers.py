"""Text that belongs to a form's print and holds no data: titles, marks, notes, page numbers, measures."""

from __future__ import annotations

import re

from forms.cleaning import squeeze
from forms.definition import FormDefinition
from parsers.locating.titles import TitleFinder, attachment_number
from parsers.locating.vocabulary import vocabulary_of
from parsers.printednotes import begins_note

_LONGEST_MARK = 6
_SHORTEST_TITLE, _SHORTEST_NOTE = 5, 8
_PAGE = re.compile(r"^[-—–\s]*(?:第?\s*\d+\s*页?)?(?:\s*[,，/共]*\s*\d+\s*页?)?[-—–\s]*$")
_MEASURE = re.compile(r"^[(（]?(?:计量)?单位[:：](?:人|元|万元|名|个)[)）]?$")
_GUIDE = re.compile(r"^(?:[(（]?(?:盖章|公章|签字|签名|签章|章)[)）]?|[年月日\s_＿/:：.、,，;；—-]+)+$")
_OPEN_OPTIONS = re.compile(r"(?:[□☐○][^□☐○☑☒■●√✓]+)+")
_SIGN_LABEL = re.compile(r"^[^,，。]{2,10}[(（]?(?:签字|签名|签章|盖章|审核)[)）]?[:：]?$")
_SAVED = re.compile(r"^(?:照片|相片|贴照片处|近期免冠照片|\(?二?寸?照片\)?)$")


def is_guide(text: str) -> bool:
    """Whether a text is only a printed guide, such as （盖章）, 年 月 日 and 分管负责人签字."""
    bare = squeeze(text)
    return _GUIDE.match(bare) is not None or _SIGN_LABEL.match(bare) is not None


def is_expected(text: str, definition: FormDefinition, titles: TitleFinder, *, in_grid: bool = False) -> bool:
    """Whether a text is part of the form as printed. In a grid a bare number is data, below it the page's number."""
    bare = squeeze(text)
    if bare and in_grid and bare.isdecimal():
        return False
    if not bare or _PAGE.match(bare) or _GUIDE.match(bare) or _MEASURE.match(bare) or _SAVED.match(bare):
        return True
    if attachment_number(bare) is not None and len(bare) <= _LONGEST_MARK:
        return True
    if titles.form_in(text) is not None or (len(bare) >= _SHORTEST_TITLE and bare in squeeze(definition.title)):
        return True
    vocabulary = vocabulary_of(definition)
    if vocabulary.is_label(text):
        return True
    if len(bare) >= _SHORTEST_NOTE and any(bare in squeeze(note) or squeeze(note) in bare for note in definition.notes):
        return True
    if any(_OPEN_OPTIONS.fullmatch(bare) and name in bare for box in definition.boxes for name in box.unit_names):
        return True
    return bool(begins_note(bare) or _SIGN_LABEL.match(bare))

"""Titles of forms, as they stand on paper: whole, in part, with a year or 附件N beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from forms.cleaning import squeeze
from forms.definition import FormDefinition

_MOST_BESIDE = 24
_SHORTEST, _LONGEST = 5, 120
_SENTENCE = re.compile(r"[。;；]|《|^(?:注|说明|备注)|请|详见|参见|另附")
_MARK = re.compile(r"^附(?:件|表)\s*[:：]?\s*([0-9一二三四五])\s*[:：]?")
_FIGURES = {word: number for number, word in enumerate("一二三四五", start=1)}


@dataclass(frozen=True, slots=True)
class Title:
    """A form named by a title: ``exact`` when the official title itself stands there."""

    definition: FormDefinition
    exact: bool


class TitleFinder:
    """Finds the title of any form of a catalogue in a text."""

    def __init__(self, definitions: Iterable[FormDefinition]) -> None:
        names = [
            (squeeze(name), definition, name == definition.title)
            for definition in definitions
            for name in (definition.title, *definition.aliases)
        ]
        self._names = sorted(names, key=lambda item: -len(item[0]))
        self._known: dict[str, Title | None] = {}

    def form_in(self, text: str) -> Title | None:
        """The form whose title a line is; ``None`` for a sentence that merely mentions one."""
        if not _SHORTEST <= len(text) <= _LONGEST or ("表" not in text and "册" not in text):
            return None
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> Title | None:
        bare = squeeze(text)
        if _SENTENCE.search(bare):
            return None
        for name, definition, exact in self._names:
            if name in bare and len(bare) - len(name) <= _MOST_BESIDE:
                return Title(definition, exact)
        return None


def attachment_number(text: str) -> int | None:
    """``附件2`` → 2, where the text begins with such a mark; ``None`` otherwise."""
    found = _MARK.match(squeeze(text))
    if found is None:
        return None
    word = found.group(1)
    return _FIGURES.get(word) or int(word)

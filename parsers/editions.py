"""Of several editions of a form, the one that a document is of: by its print mark, else by the labels printed in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from forms.labels import normalise_label
from parsers.document import Document, Grid

_LONGEST_LABEL = 60
_MOST_ROWS = 120
_BEFORE_COLON = re.compile(r"([^\s:：,，;；]+)[ \u3000]*[:：]")
_OPTIONS = re.compile(r"\s*[□☐☑☒■○●]")


def fitting(document: Document, catalogue: Catalogue) -> Catalogue:
    """The catalogue with one edition of each form: the one that a document's labels fit best, or its mark names.

    Where two fit alike the one in use is taken.
    """
    if not catalogue.others:
        return catalogue
    marks = {page.print_mark for page in document.pages if page.print_mark is not None}
    named = {mark.form: mark.edition for mark in marks}
    seen = frozenset(_labels(document))
    chosen = []
    for used in catalogue.definitions:
        editions = [used, *(item for item in catalogue.others if item.form == used.form)]
        marked = next((item for item in editions if item.edition == named.get(item.form)), None)
        chosen.append(marked or max(editions, key=lambda item: _fit(item, seen)))
    return Catalogue(tuple(chosen))


def _fit(definition: FormDefinition, seen: frozenset[str]) -> tuple[int, float]:
    """How many of the labels that an edition prints are there, and what part of them that is."""
    printed = frozenset(_printed(definition))
    found = len(printed & seen)
    return found, found / len(printed) if printed else 0.0


def _printed(definition: FormDefinition) -> Iterator[str]:
    together = {key for pair in definition.combined if pair.printed for key in pair.keys}
    for item in (*definition.header, *(item for item in definition.fields if item.key not in together)):
        yield normalise_label(item.label)
    for pair in definition.combined:
        if pair.printed:
            yield normalise_label(pair.label)
    for box in definition.boxes:
        yield normalise_label(box.label)
    yield normalise_label(definition.title)


def _labels(document: Document) -> Iterator[str]:
    """Every text of a document that may be a label."""
    for page in document.pages:
        for block in page.blocks:
            texts = (
                (cell.text for cell in block.cells if cell.row < _MOST_ROWS)
                if isinstance(block, Grid)
                else (block.text,)
            )
            for text in texts:
                if len(text) <= _LONGEST_LABEL:
                    yield normalise_label(text)
                    yield normalise_label(_OPTIONS.split(text, maxsplit=1)[0])
                yield from (normalise_label(found) for found in _BEFORE_COLON.findall(text[:1000]))

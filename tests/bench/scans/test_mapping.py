"""Peers get a fair chance: words that are all right come out as a record that is all right."""

from __future__ import annotations

import pytest

from bench.scans.mapping import mapped
from bench.scans.peers import Word
from bench.scans.scoring import Sheet, score
from samples.paper.official import FORMS, Official, officials
from samples.paper.returned import Truth

DPI = 200


@pytest.fixture(scope="module", params=FORMS)
def form(request: pytest.FixtureRequest) -> Official:
    (made,) = officials(request.param, [704], rows=3)
    return made


def printed_words(form: Official, page: int) -> list[Word]:
    """The printed lines of a page as an engine that makes no mistake would find them."""
    letters = [letter for cell in form.cells if cell.page == page for letter in (*cell.letters, None)]
    letters += [letter for number, loose in form.loose if number == page for letter in loose]
    words: list[Word] = []
    open_word = False
    for letter in letters:
        if letter is None or not letter.text.strip():
            open_word = open_word and letter is not None
            continue
        left, top, right, bottom = (edge * DPI / 72 for edge in letter.box)
        last = words[-1] if words and open_word else None
        if last and abs(last.box[1] - top) < 8 and -5 < left - last.box[2] < 12:
            words[-1] = Word(last.text + letter.text, (last.box[0], last.box[1], right, last.box[3]))
        else:
            words.append(Word(letter.text, (left, top, right, bottom)))
        open_word = True
    return words


def test_words_without_a_mistake_are_placed_almost_without_one(form: Official) -> None:
    pages = sorted({cell.page for cell in form.cells})
    reading = mapped([printed_words(form, page) for page in pages], form.definition)
    truth = Truth(form.definition.form, form.header, form.records, ())
    outcomes = score(Sheet("print200", form.seed, form.definition), truth, reading)
    right = sum(item.is_exact or item.is_form_only for item in outcomes)
    assert right / len(outcomes) >= 0.93, [
        (item.place, item.wanted, item.got) for item in outcomes if not item.is_exact
    ]

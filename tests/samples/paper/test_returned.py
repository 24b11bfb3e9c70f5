"""Returned paper: the truth is what was printed, and the same seed gives the same paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forms.catalogue import Catalogue
from samples.paper.conditions import CONDITIONS
from samples.paper.endorsing import marked
from samples.paper.official import FORMS, Official, officials
from samples.paper.returned import ReturnedPaper, printed, returned

SEED = 702


@pytest.fixture(scope="module")
def card() -> Official:
    (made,) = officials("attachment-4", [SEED])
    return made


@pytest.fixture(scope="module")
def stamped(card: Official) -> ReturnedPaper:
    return returned(card, "stamped")


def test_the_truth_names_every_field_of_the_form(card: Official) -> None:
    assert set(card.records[0]) == {item.key for item in card.definition.fields}
    assert card.records[0]["note"] == ""


def test_the_printed_cells_hold_the_values_of_the_truth(card: Official) -> None:
    texts = {cell.text for cell in card.cells}
    for key in ("name", "id_number", "phone", "lending_unit"):
        assert card.records[0][key] in texts


@pytest.mark.parametrize("form", FORMS)
def test_every_named_box_is_found_on_the_page(form: str) -> None:
    (made,) = officials(form, [SEED], rows=2)
    assert [box.key for box in made.boxes] == [box.key for box in Catalogue.load().find(form).boxes]
    for box in made.boxes:
        assert ("seal" not in box.parts) == (box.cell.end_of("（盖章）") is None)


def test_what_the_truth_says_of_marks_was_written(card: Official, stamped: ReturnedPaper) -> None:
    untouched = printed(card.pdf, stamped.dpi)[0].astype(int)
    touched = np.abs(untouched - stamped.pages[0].astype(int)).max(axis=2) > 60
    for box in card.boxes:
        parts = [marked(stamped.truth.marks, kind).get(box.key) for kind in box.parts]
        left, top, right, bottom = (round(edge * stamped.dpi / 72) for edge in box.cell.box)
        if any(part and part.present for part in parts):
            assert touched[top:bottom, left:right].any()


def test_seals_of_the_truth_are_red_in_their_boxes(card: Official, stamped: ReturnedPaper) -> None:
    page = stamped.pages[0].astype(int)
    red = (page[..., 0] - page[..., 1:].max(axis=2)) > 60
    for box in card.boxes:
        seal = marked(stamped.truth.marks, "seal").get(box.key)
        if seal is not None and seal.present:
            left, top, right, bottom = (round(edge * stamped.dpi / 72) for edge in box.cell.box)
            assert red[top:bottom, left:right].mean() > 0.02


def test_the_same_seed_and_condition_give_the_same_paper(card: Official, stamped: ReturnedPaper) -> None:
    again = returned(card, "stamped")
    assert again.truth.marks == stamped.truth.marks
    assert np.array_equal(again.pages[0], stamped.pages[0])


def test_a_paper_is_saved_with_its_resolution(stamped: ReturnedPaper, tmp_path: Path) -> None:
    path = stamped.save(tmp_path)
    with Image.open(path) as picture:
        assert picture.size == stamped.pages[0].shape[1::-1]
        assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_some_forms_carry_a_print_mark_and_some_do_not() -> None:
    marked_form, bare = officials("attachment-4", [SEED, SEED + 1])
    assert len(marked_form.pdf) != len(bare.pdf)
    assert "HZBD" in "".join(letter.text for _, letters in marked_form.loose for letter in letters)
    assert "HZBD" not in "".join(letter.text for _, letters in bare.loose for letter in letters)


def test_conditions_name_a_row_of_the_table() -> None:
    assert {condition.group for condition in CONDITIONS.values()} <= {"printed", "copied", "photo", "hand", "corrected"}

"""Returned paper: the truth is what was printed, and the same seed gives the same paper."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forms.catalogue import Catalogue
from samples.paper import copying
from samples.paper.conditions import CONDITIONS
from samples.paper.correcting import correct
from samples.paper.endorsing import Paper, marked
from samples.paper.official import FORMS, Official, officials
from samples.paper.returned import ReturnedPaper, printed, returned
from samples.paper.rewriting import Hand, rewrite

SEED = 702


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # samples that can be made again; nothing is kept secret by it


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


def test_some_forms_carry_a_print_mark_and_some_do_not(card: Official) -> None:
    marked_form, bare = officials("attachment-4", [SEED, SEED + 1])
    assert marked_form.loose == card.loose, "one seed, one print mark"
    assert len(marked_form.pdf) != len(bare.pdf)
    assert "HZBD" in "".join(letter.text for _, letters in marked_form.loose for letter in letters)
    assert "HZBD" not in "".join(letter.text for _, letters in bare.loose for letter in letters)


def test_conditions_name_a_row_of_the_table() -> None:
    assert {condition.group for condition in CONDITIONS.values()} <= {"printed", "copied", "photo", "hand", "corrected"}


def test_a_correction_changes_the_truth_and_strikes_the_printed_value(card: Official) -> None:
    paper = returned(card, "corrected")
    changed = {key for key, value in paper.truth.records[0].items() if value != card.records[0][key]}
    assert 1 <= len(changed) <= CONDITIONS["corrected"].corrections
    bare = Paper(printed(card.pdf, 200), 200, seeded(5))
    records = correct(bare, card, 3)
    before = printed(card.pdf, 200)
    for key in (key for key, value in records[0].items() if value != card.records[0][key]):
        (cell,) = (cell for cell in card.cells if cell.text == card.records[0][key])
        left, top, right, bottom = (round(edge * 200 / 72) for edge in cell.box)
        assert (bare.pages[0][top:bottom, left:right] != before[0][top:bottom, left:right]).mean() > 0.02


def test_values_written_by_hand_stand_where_they_were_printed_and_labels_are_untouched(card: Official) -> None:
    pages = printed(card.pdf, 200)
    before = pages[0].copy()
    rewrite(pages, card, Hand("kai"), 200, seeded(3))
    changed = (pages[0] != before).any(axis=2)
    for cell in card.cells:
        left, top, right, bottom = (round(edge * 200 / 72) for edge in cell.box)
        inside = changed[top + 3 : bottom - 3, left + 3 : right - 3]
        if cell.text == card.records[0]["name"]:
            assert inside.any()
            assert (pages[0][top + 3 : bottom - 3, left + 3 : right - 3] < 128).any()
        elif cell.text in {"姓名", "身份证号", "借出单位意见"}:
            assert not inside.any()


@pytest.mark.parametrize("condition", ["fax", "copier", "margin", "curl", "turned"])
def test_worn_pages_are_still_pages(card: Official, condition: str, tmp_path: Path) -> None:
    paper = returned(card, condition)
    (page,) = paper.pages
    assert page.dtype == np.uint8
    assert 0.001 < (page < 100).all(axis=2).mean() < 0.5
    with Image.open(paper.save(tmp_path)) as picture:
        assert picture.size == page.shape[1::-1]
        assert (picture.mode == "1") == (condition == "fax")


def test_a_fax_is_black_or_white_alone(card: Official) -> None:
    assert set(np.unique(returned(card, "fax").pages[0])) == {0, 255}


def test_a_lost_margin_is_white_for_twelve_millimetres(card: Official) -> None:
    black = np.zeros((2339, 1654, 3), np.uint8)
    for seed in range(4):
        page = copying.margin_lost(black, seeded(seed))
        assert 0.03 < (page > 128).all(axis=2).mean() < 0.1

"""Drawn pages with known truth through the real engines: few, for they cost seconds."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from forms.fieldtypes.registry import make_type
from parsers import overlay
from parsers.decoder import CellDecoder
from parsers.document import Document
from parsers.errors import DamagedFileError
from parsers.ocr.engines import Engines
from parsers.picture import Picture, Rgb
from parsers.readers import image
from parsers.scan.page import PageRead
from parsers.scan.recognise import recognise_pictures, recognise_with
from samples.paper import degrading, drawn, practice, seals
from tests.parsers.scan.engines import CrashingEngine, EmptyEngine, ScriptedEngine, sure

pytestmark = pytest.mark.xdist_group("ocr")

UNIT = "海州区教育局"


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def stamped(page: drawn.Drawn, chance: random.Random, *places: tuple[int, int]) -> Rgb:
    picture = page.picture
    for place in places:
        left, top, right, bottom = page.places[place]
        picture = seals.press(picture, seals.round_seal(UNIT, 200), ((left + right) / 2, (top + bottom) / 2), chance)
    return picture


def silent_errors(page: drawn.Drawn, document: Document, decoder: CellDecoder) -> list[tuple[object, ...]]:
    """Cells whose reading is wrong and not marked for a person; a cell that is not at its place counts as one."""
    grid = max(document.pages[0].grids, key=lambda grid: len(grid.cells))
    wrong: list[tuple[object, ...]] = []
    for (row, column), truth in page.truth.items():
        cell = grid.at(row, column)
        decoded = decoder.decode(0, cell, make_type("text"))
        if (bare(decoded.text) != bare(truth) and not decoded.review) or (cell.row, cell.column) != (row, column):
            wrong.append((row, column, truth, decoded.text))
    return wrong


def exact(page: drawn.Drawn, document: Document) -> float:
    grid = max(document.pages[0].grids, key=lambda grid: len(grid.cells))
    return float(np.mean([bare(grid.at(*place).text) == bare(truth) for place, truth in page.truth.items()]))


def test_a_stamped_card_is_read_with_its_seals_lines_and_ticks() -> None:
    page = drawn.draw(practice.approval_card(41))
    picture = stamped(page, random.Random(1), (3, 1), (7, 4))  # noqa: S311 - sample data
    seen: list[PageRead] = []
    document, decoder = recognise_pictures([Picture(picture)], on_page=seen.append)
    assert silent_errors(page, document, decoder) == []
    assert exact(page, document) >= 0.97
    assert [(seal.shape, seal.text) for seal in document.pages[0].seals] == [("round", UNIT)] * 2
    assert document.pages[0].lines[0].text == "借用人员审批表"
    assert document.pages[0].grids[0].at(9, 1).ink is False
    assert not np.array_equal(np.asarray(overlay.draw(seen[0])), seen[0].pixels)


def test_a_photograph_of_a_roster_lying_on_its_head_is_read() -> None:
    page = drawn.draw(practice.roster(42, rows=6), "hei")
    chance = random.Random(2)  # noqa: S311 - sample data
    picture = np.rot90(degrading.CONDITIONS["phone"](stamped(page, chance, (3, 4)), chance), 2)
    document, decoder = recognise_pictures([Picture(np.ascontiguousarray(picture))])
    assert silent_errors(page, document, decoder) == []
    assert exact(page, document) >= 0.97


def test_an_empty_card_gives_no_value() -> None:
    page = drawn.draw(practice.approval_card(43, empty=True))
    picture = degrading.noisy(page.picture, 12, random.Random(3))  # noqa: S311 - sample data
    document, _ = recognise_pictures([Picture(picture)])
    grid = document.pages[0].grids[0]
    empty = [place for place, truth in page.truth.items() if not truth]
    assert len(empty) > 10
    assert [(place, grid.at(*place).text) for place in empty if grid.at(*place).text or grid.at(*place).ink] == []


@pytest.mark.parametrize("pixels", [np.zeros((900, 700, 3), np.uint8), np.full((40, 60, 3), 255, np.uint8)])
def test_a_page_that_is_no_form_gives_no_grid_and_no_words(pixels: Rgb) -> None:
    document, _ = recognise_pictures([Picture(pixels)])
    assert document.pages[0].grids == ()
    assert "".join(line.text for line in document.pages[0].lines) == ""


def test_an_engine_that_crashes_costs_its_cells_and_not_the_page() -> None:
    page = drawn.draw(practice.roster(44, rows=2))
    document, decoder = recognise_with([Picture(page.picture)], Engines(CrashingEngine(sure("甲"))))
    grid = document.pages[0].grids[0]
    assert (grid.rows, grid.columns) == (3, 14)
    assert "ocr-crashed" in document.pages[0].notes
    assert decoder.decode(0, grid.at(1, 1), make_type("name")).review is True


@pytest.mark.parametrize(("limit", "said"), [(128, "乙"), (None, "甲")])
def test_a_coarse_page_of_black_and_white_has_a_reader_of_its_own(limit: int | None, said: str) -> None:
    page = drawn.draw(practice.roster(44, rows=2)).picture
    small = cv2.resize(page, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    picture = small if limit is None else np.where(small.min(axis=2, keepdims=True) < limit, 0, 255).repeat(3, axis=2)
    engines = Engines(ScriptedEngine(sure("甲")), coarse=ScriptedEngine(sure("乙")))
    document, _ = recognise_with([Picture(np.asarray(picture, np.uint8))], engines)
    assert {one for cell in document.pages[0].grids[0].cells for one in "".join(cell.text.split())} == {said}


def test_an_engine_that_sees_nothing_leaves_inked_cells_for_a_person() -> None:
    page = drawn.draw(practice.roster(45, rows=2))
    document, decoder = recognise_with([Picture(page.picture)], Engines(EmptyEngine()))
    grid = document.pages[0].grids[0]
    decoded = [decoder.decode(0, grid.at(*place), make_type("text")) for place, truth in page.truth.items() if truth]
    assert all(one.review and one.text == "" for one in decoded)


class TestPictureFiles:
    def test_every_frame_of_a_tiff_is_a_page_with_its_resolution(self, tmp_path: Path) -> None:
        frames = [Image.new("L", (300, 200), 255), Image.new("1", (300, 200), 1)]
        frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:], dpi=(150, 150))
        pages = list(image.read(tmp_path / "a.tif"))
        assert [(page.index, page.pixels.shape, page.dpi) for page in pages] == [
            (0, (200, 300, 3), 150.0),
            (1, (200, 300, 3), 150.0),
        ]

    def test_orientation_is_applied_and_transparency_is_paper(self, tmp_path: Path) -> None:
        picture = Image.new("RGB", (40, 20), (255, 255, 255))
        exif = Image.Exif()
        exif[0x0112] = 6
        picture.save(tmp_path / "a.jpg", exif=exif)
        assert next(image.read(tmp_path / "a.jpg")).pixels.shape == (40, 20, 3)
        Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(tmp_path / "a.png")
        assert next(image.read(tmp_path / "a.png")).pixels.min() == 255

    def test_half_a_jpeg_is_given_as_far_as_it_goes_and_says_so(self, tmp_path: Path) -> None:
        chance = np.random.default_rng(1)
        Image.fromarray(chance.integers(0, 255, (200, 200, 3)).astype(np.uint8)).save(tmp_path / "a.jpg")
        data = (tmp_path / "a.jpg").read_bytes()
        (tmp_path / "b.jpg").write_bytes(data[: len(data) // 2])
        assert next(image.read(tmp_path / "b.jpg")).notes == ("image-truncated",)

    def test_what_is_no_picture_is_damaged(self, tmp_path: Path) -> None:
        (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nrubbish")
        with pytest.raises(DamagedFileError):
            list(image.read(tmp_path / "a.png"))

"""Pages that we printed: what stands as printed is believed without being read, what was changed never is."""

from __future__ import annotations

import numpy as np
import pytest

from forms.record import Origin
from parsers.issued import borrow_nothing
from parsers.ocr.engines import Engines
from parsers.picture import Picture
from parsers.scan.prints import Library
from parsers.scan.recognise import recognise_with
from samples.paper import degrading, seals
from samples.paper.tampering import TAMPERINGS, Hand, glyphs_of
from tests.parsers.scan.engines import ScriptedEngine, sure
from tests.parsers.scan.printed import cards, dice, library, map_of, paper_of, read, scanned, values_of


def test_an_untouched_page_is_confirmed_without_a_question_to_the_engine() -> None:
    engine = ScriptedEngine(sure("误"))
    seen = read(scanned(paper_of(cards()[0])), engine)
    wanted = {item.path: item.value for item in map_of(cards()[0]).fields if item.path.startswith("records")}
    confirmed = [path for path, entry in seen.entries.items() if entry.origin is Origin.PREFILLED and entry.value]
    assert engine.asked <= 6  # now and then a cell is not sure enough, and is read
    assert len(confirmed) >= 0.9 * sum(value not in ("", None) for value in wanted.values())
    assert all(seen.entries[path].value == wanted[path] for path in confirmed)
    assert not any(seen.entries[path].review for path in confirmed)
    assert seen.extraction.document_id == cards()[0].document_id


def test_untouched_boxes_are_surely_not_signed() -> None:
    seen = read(scanned(paper_of(cards()[0])), ScriptedEngine(sure("误")))
    signatures = [mark for mark in seen.extraction.record.marks if mark.kind == "signature"]
    assert signatures
    assert [mark.present for mark in signatures] == [False] * len(signatures)


@pytest.mark.parametrize("kind", sorted(TAMPERINGS))
@pytest.mark.parametrize("seed", [1])
def test_a_changed_value_is_never_believed_even_when_the_engine_reads_the_old_one(kind: str, seed: int) -> None:
    form, chance = cards()[0], dice(f"{kind}{seed}")
    page = paper_of(form, seed).copy()
    hand = Hand(page, 200, glyphs_of(form.content, 0), chance)
    items = values_of(form)
    chance.shuffle(items)
    changed = next(item for item in items if TAMPERINGS[kind](hand, item.box))
    seen = read(scanned(page, seed), ScriptedEngine(sure(changed.text)))
    entry = seen.entries[changed.path]
    assert entry.review
    assert entry.origin is not Origin.PREFILLED
    said = [finding for finding in seen.extraction.findings if finding.code == "print-changed"]
    assert any(finding.path == changed.path and changed.text in finding.message for finding in said)


def test_a_seal_across_the_values_voids_nothing_and_confirms_nothing_wrong() -> None:
    form, chance = cards()[1], dice(4)
    page = paper_of(form)
    for place in ((200, 150), (400, 220)):
        page = seals.press(page, seals.round_seal("海州区示例局", 200), place, chance)
    engine = ScriptedEngine(sure("误"))
    seen = read(scanned(page, 4), engine)
    wanted = {item.path: item.value for item in map_of(form).fields}
    confirmed = [path for path, entry in seen.entries.items() if entry.origin is Origin.PREFILLED]
    assert len(confirmed) >= 0.7 * len(values_of(form))
    assert all(seen.entries[path].value == wanted.get(path, "") for path in confirmed)


def test_the_mark_of_one_document_lends_nothing_to_another() -> None:
    mine, other = (paper_of(form) for form in cards())
    forged = other.copy()
    forged[-130:, -500:] = mine[-130:, -500:]
    engines = Engines(ScriptedEngine(sure("误")))
    document, _ = recognise_with([Picture(scanned(forged))], engines, borrow=library())
    page = document.pages[0]
    assert "print-mark-mismatch" in page.notes
    assert page.print_mark is not None
    assert page.print_mark.document_id == cards()[0].document_id
    assert all(cell.printed is None for grid in page.grids for cell in grid.cells)


def test_what_a_coarse_noisy_page_leaves_unclear_is_held_against_the_print() -> None:
    coarse = degrading.noisy(degrading.resized(scanned(paper_of(cards()[0])), 0.75), 12, dice(3))
    seen = read(coarse, ScriptedEngine(sure("误")))
    wanted = {item.path: item.value for item in map_of(cards()[0]).fields if item.path.startswith("records")}
    printed = {path: entry for path, entry in seen.entries.items() if wanted.get(path) not in (None, "")}
    confirmed = {path for path, entry in printed.items() if entry.origin is Origin.PREFILLED}
    assert 8 <= len(confirmed) < len(printed) - 4, "some are as printed, others cannot be told"
    assert all(printed[path].value == wanted[path] for path in confirmed)
    assert all(entry.review for path, entry in printed.items() if path not in confirmed)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_is_met_in_any_direction(turns: int) -> None:
    page = np.ascontiguousarray(np.rot90(scanned(paper_of(cards()[0])), turns))
    met = Library(library()).meet(Picture(page))
    assert met is not None
    assert met.mark.document_id == cards()[0].document_id


def test_a_page_whose_corner_is_torn_off_is_read_like_any_other() -> None:
    page = scanned(paper_of(cards()[0]))
    page[-260:, -300:] = 90
    assert Library(library()).meet(Picture(page)) is None


def test_a_page_of_another_installation_is_read_like_any_other() -> None:
    assert Library(borrow_nothing).meet(Picture(scanned(paper_of(cards()[0])))) is None

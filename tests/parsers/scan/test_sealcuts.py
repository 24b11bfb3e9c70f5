"""The name of a seal cut out of its rim, and what is made of further looks at it."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.sealcuts import cuts_of
from parsers.scan.sealreading import look_at_names
from parsers.scan.seals import SealFound
from parsers.scan.sealtext import strip_of
from parsers.scan.units import Gray, Mask
from samples.paper import seals
from tests.parsers.scan.engines import ScriptedEngine, sure
from tests.parsers.scan.printed import dice

MIDDLE, RADIUS = 200, 165.0
SEAL = SealFound((35, 35, 365, 365), "round", 0.95, (MIDDLE, MIDDLE), (RADIUS, RADIUS))
LINE = np.full((48, 300), 255, np.uint8)


def copied(unit: str) -> Gray:
    """A black seal on a page with nothing else."""
    page = np.full((400, 400, 3), 255, np.uint8)
    ink = seals.round_seal(unit, 200)
    straight = seals.Ink((20, 20, 20), 1.0, 0.0, lean=0.0)
    pressed = seals.press(page, ink, (MIDDLE * 0.36, MIDDLE * 0.36), dice(1), 200, straight)
    return np.ascontiguousarray(pressed[..., 0])


def test_the_cuts_hold_the_name_and_not_what_else_crosses_the_ring() -> None:
    page = copied("海州区民政局")
    cv2.putText(page, "8888", (150, 350), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 3)
    whole, cuts = strip_of(page, SEAL), cuts_of(page, SEAL)
    assert whole is not None
    assert len(cuts) >= 2
    assert cuts[0].shape[0] == whole.shape[0]
    assert cuts[0].shape[1] < 0.7 * whole.shape[1]


def test_rules_of_a_copy_are_left_out_of_one_more_look() -> None:
    page, ruled = copied("海州区民政局"), np.zeros((400, 400), np.uint8)
    ruled[:, 198:203] = 255
    plain = cuts_of(page, SEAL)
    page[ruled > 0] = 0
    cuts = cuts_of(page, SEAL, (), ruled)
    assert len(cuts) == len(cuts_of(page, SEAL)) + 1
    assert _darkness(cuts[-1]) < _darkness(plain[0]) < _darkness(cuts[0])


def test_a_frame_has_no_arc_and_blank_paper_no_name() -> None:
    frame = SealFound((35, 35, 365, 365), "square", 0.95, (MIDDLE, MIDDLE), (RADIUS, RADIUS))
    assert cuts_of(copied("海州区民政局"), frame) == ()
    assert cuts_of(np.full((400, 400), 255, np.uint8), SEAL) == ()


def test_only_what_was_not_surely_read_is_looked_at_again() -> None:
    engine = ScriptedEngine(sure("海州区民政局", 0.9))
    said = [sure("海州区教育局"), sure("州日", 0.6), None, sure("专用章")]
    names = look_at_names(engine, said, [(LINE,), (LINE, LINE[:, :200]), (LINE,)], 0.0)
    assert [one.reading.text for one in names] == ["海州区教育局", "海州区民政局", "海州区民政局"]
    assert [len(one.looks) for one in names] == [0, 3, 1]


def test_a_piece_of_a_name_or_a_guess_does_not_stand_for_the_first_reading() -> None:
    for weak in (sure("政局", 0.9), sure("海州区审计局", 0.55)):
        (name,) = look_at_names(ScriptedEngine(weak), [sure("海州区民政局", 0.6)], [(LINE,)], 0.0)
        assert name.reading.text == "海州区民政局"
        assert len(name.looks) == 2


def _darkness(cut: Mask) -> float:
    return float(np.sum(255 - cut.astype(np.float32)))

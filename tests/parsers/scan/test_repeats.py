"""A crop that looks like another is not read again; one that hardly differs from it is."""

from itertools import combinations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from parsers.scan.readlines import ask
from parsers.scan.repeats import first_alike
from parsers.scan.units import Gray
from samples.paper.fonts import font
from tests.parsers.scan.engines import ScriptedEngine, sure

LIKE = ["茶荼", "戌戍戊", "赢羸", "晴睛", "己已巳", "未末", "治冶", "侯候", "一二三", "38", "06", "土士", "人入"]


def written(text: str, height: int, shift: tuple[int, int] = (0, 0)) -> Gray:
    """A text in print, cut to its ink with a little paper around; ``shift`` in quarters of a pixel."""
    drawn = Image.new("L", (height * 4 * (len(text) + 1), height * 8), 255)
    ImageDraw.Draw(drawn).text((height * 2 + shift[0], height + shift[1]), text, font=font("song", height * 4), fill=0)
    small = np.asarray(drawn.resize((drawn.width // 4, drawn.height // 4), Image.Resampling.BOX))
    ys, xs = np.nonzero(small < 128)
    return np.ascontiguousarray(small[max(0, ys.min() - 3) : ys.max() + 4, max(0, xs.min() - 3) : xs.max() + 4])


def scanned(crop: Gray, seed: int) -> Gray:
    """The crop with the noise of a scanner."""
    noise = np.random.default_rng(seed).normal(0, 4, crop.shape)
    return np.asarray(np.clip(crop + noise, 0, 255), np.uint8)


@settings(deadline=None, max_examples=30)
@given(st.text("海州区民政局0123456789年月日合同", min_size=1, max_size=6), st.integers(0, 99), st.integers(100, 199))
def test_the_same_print_is_known_again_through_the_noise_of_a_scanner(text: str, one: int, other: int) -> None:
    crop = written(text, 29)
    assert first_alike([scanned(crop, one), scanned(crop, other)]) == [0, 0]


@pytest.mark.parametrize("height", [18, 22, 29, 40])
@pytest.mark.parametrize("blur", [0.0, 0.7, 1.1])
def test_characters_taken_for_each_other_are_never_one(height: int, blur: float) -> None:
    for alike in LIKE:
        for one, other in combinations(alike, 2):
            crops = [written(f"区{one}山镇", height), written(f"区{other}山镇", height, (1, 2))]
            soft = [np.asarray(cv2.GaussianBlur(crop, (0, 0), blur), np.uint8) if blur else crop for crop in crops]
            assert first_alike(soft) == [0, 1], (one, other)


def test_what_is_too_soft_or_too_pale_to_be_compared_is_read_each_time() -> None:
    soft = np.asarray(cv2.GaussianBlur(written("海州区", 29), (0, 0), 4), np.uint8)
    pale = np.asarray(255 - (255 - written("海州区", 29)) // 6, np.uint8)
    low = written("海州区", 9)
    assert first_alike([soft, soft, pale, pale, low, low]) == [0, 1, 2, 3, 4, 5]


def test_an_engine_is_asked_once_for_what_repeats() -> None:
    engine = ScriptedEngine(sure("男"))
    answers = ask(engine, [written("男", 29), written("女", 29), written("男", 29), scanned(written("男", 29), 1)])
    assert engine.asked == 2
    assert [answer.text for answer in answers.readings] == ["男"] * 4

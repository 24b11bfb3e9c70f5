"""Which way is up: lines of writing say which way they run, before anything is read."""

from __future__ import annotations

import numpy as np
import pytest

from parsers.scan.orientation import upright
from parsers.scan.units import Rgb
from samples.paper.drawn import Box, Sheet, draw
from tests.parsers.scan.engines import CrashingEngine, ScriptedEngine, sure

WORDS = "承担全区重点工作\n专班人手不足需借\n用熟悉业务人员一\n名负责值守与报送"


def page() -> Rgb:
    """A roster whose cells hold four lines each: read across them, they are columns of characters."""
    rows = [[Box(WORDS, size=9.0) for _ in range(5)] for _ in range(6)]
    return draw(Sheet([34.0] * 5, [22.0] * 6, rows, title="借用人员情况汇总表")).picture


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_page_on_its_side_is_not_left_so_though_its_columns_read_as_lines(quarters: int) -> None:
    laid = np.ascontiguousarray(np.rot90(page(), quarters))
    turned, _ = upright(laid, ScriptedEngine(sure("海州区民政局")))
    assert turned.shape == page().shape


def test_an_upright_page_is_left_as_it_is() -> None:
    turned, _ = upright(page(), ScriptedEngine(sure("海州区民政局")))
    assert np.array_equal(turned, page())


def test_short_lines_alone_turn_nothing_over() -> None:
    turned, _ = upright(page(), ScriptedEngine(sure("年")))
    assert np.array_equal(turned, page())


def test_without_an_engine_a_page_stays_as_it_lies() -> None:
    laid = np.ascontiguousarray(np.rot90(page()))
    turned, _ = upright(laid, CrashingEngine(sure("年")))
    assert np.array_equal(turned, laid)

"""Our mark on a page says which page it is, and how the page lies."""

import numpy as np
import pytest
import zxingcpp

from parsers.document import PrintMark
from parsers.ocr.engines import Engines
from parsers.picture import Picture
from parsers.printmark import format_mark
from parsers.scan.page import read_page
from parsers.scan.printmarks import find_print_mark
from parsers.scan.units import Rgb
from tests.parsers.scan.engines import ScriptedEngine, sure

MARK = PrintMark("7K3M9Q2X5T1B", 0, "attachment-4", "r1")


def marked_page() -> Rgb:
    """A portrait page with the mark at its left foot."""
    code = zxingcpp.create_barcode(format_mark(MARK), zxingcpp.BarcodeFormat.QRCode)
    drawn = np.asarray(zxingcpp.write_barcode_to_image(code, scale=4))
    page = np.full((2200, 1600, 3), 255, np.uint8)
    page[2000 : 2000 + drawn.shape[0], 100 : 100 + drawn.shape[1]] = drawn[..., None]
    return page


@pytest.mark.parametrize("quarters", range(4))
def test_the_mark_says_how_far_to_turn(quarters: int) -> None:
    laid = np.ascontiguousarray(np.rot90(marked_page(), quarters))
    found = find_print_mark(laid[..., 0])
    assert found is not None
    assert (found.mark, found.turn) == (MARK, -quarters % 4)


@pytest.mark.parametrize("quarters", range(4))
def test_a_page_with_the_mark_is_set_upright_without_reading(quarters: int) -> None:
    engine = ScriptedEngine(sure("海州区"))
    read = read_page(Picture(np.ascontiguousarray(np.rot90(marked_page(), quarters))), Engines(engine))
    assert read.pixels.shape[0] > read.pixels.shape[1]
    assert read.page.print_mark == MARK
    left, top, *_ = found.box if (found := find_print_mark(read.pixels[..., 0])) else (0, 0)
    assert left < read.pixels.shape[1] / 4
    assert top > read.pixels.shape[0] * 3 / 4

"""A line that fades towards an end may go on unseen."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from parsers.ocr.base import LineReading
from parsers.ocr.lattice import Glyph
from parsers.scan.fading import with_fading_doubted
from parsers.scan.lines import compose
from parsers.scan.readlines import ReadLine
from samples.paper.fonts import font

EM = 24


def line_of(text: str, grays: tuple[int, ...], look: str = "kai") -> ReadLine:
    """A line whose characters have these greys, read surely."""
    picture = Image.new("L", (EM * (len(text) + 2), 2 * EM), 255)
    for place, (character, gray) in enumerate(zip(text, grays, strict=True)):
        ImageDraw.Draw(picture).text((EM * (place + 1), EM // 2), character, font=font(look, EM), fill=gray)
    box = (EM, EM // 2, EM * (len(text) + 1), EM // 2 + EM + 2)
    line = compose(np.asarray(picture), [box], EM)
    width = line.crop.shape[1]
    glyphs = tuple(Glyph(character, 0.999, (place + 0.5) / len(text)) for place, character in enumerate(text) if width)
    reading = LineReading(text, 0.999, glyphs)
    return ReadLine(line, reading, reading, text, 0.999)


@pytest.mark.parametrize("look", ["song", "kai"])
def test_a_line_that_fades_out_goes_to_a_person(look: str) -> None:
    page = [line_of("海州区教育局", (20,) * 6, look), line_of("期满返回", (20,) * 4, look)]
    last = line_of("水电维护", (110, 120, 150, 190), look)
    first = line_of("乡建设局", (190, 150, 120, 110), look)
    done = with_fading_doubted([page, page, [last], [first]])
    assert [[line.confidence > 0.9 for line in lines] for lines in done] == [[True] * 2, [True] * 2, [False], [False]]


@pytest.mark.parametrize("look", ["song", "kai"])
@pytest.mark.parametrize("grays", [(20, 20, 20, 20), (150, 150, 150, 150)])
def test_a_line_of_one_darkness_stays_as_sure_as_it_was(look: str, grays: tuple[int, ...]) -> None:
    """Pale all over is no fading; nor is 一, whose one stroke is thin."""
    page = [line_of("海州区教育局", (20,) * 6, look)]
    done = with_fading_doubted([page, [line_of("工程师傅", grays, look)], [line_of("农村局一", (20,) * 4, look)]])
    assert all(line.confidence > 0.9 for lines in done for line in lines)

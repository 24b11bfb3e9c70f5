"""What a page says of signatures."""

from __future__ import annotations

import numpy as np
import pytest

from parsers.scan.lines import compose
from parsers.scan.page import _after_signing
from parsers.scan.readlines import ReadLine
from tests.parsers.scan.engines import sure


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("负责人签字：", False),
        ("签字：1年月日", False),
        ("负责人(签字):王明", True),
        ("签字：张三2026年1月2日", True),
        ("同意借用", False),
    ],
)
def test_only_a_name_behind_the_word_is_a_signature(text: str, signed: bool) -> None:  # noqa: FBT001 - a table's column
    line = compose(np.full((40, 400), 255, np.uint8), [(10, 5, 390, 35)], 30)
    reading = sure(text)
    assert (_after_signing(ReadLine(line, reading, reading, text, 0.99)) is not None) is signed

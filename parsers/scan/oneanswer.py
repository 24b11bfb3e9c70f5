"""A cell with one pale character, of which the ink test cannot tell whether it is writing: 女 below the star of a seal.

It goes to a person in any case. Where it is read surely as one of the few characters that are answers by themselves,
the person is shown that answer instead of an empty cell; whatever else is read there is nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from parsers.scan.readlines import ReadLine
from parsers.scan.units import Mask, mm

ANSWERS = frozenset("男女是否有无")
"""Characters that answer a column by themselves."""
SURELY = 0.9
"""How surely one of them must be read."""
SMALLEST, LARGEST = 1.2, 6.0
"""Millimetres of the longer side of such a character."""


def pale_character(labels: npt.NDArray[np.int32], pale: Sequence[int], stats: npt.NDArray[np.int32]) -> Mask | None:
    """The pixels (255) of the pale pieces of a box where together they are as large as one character; else ``None``.

    ``labels`` and ``stats`` are those of the connected pieces of the box.
    """
    if not pale:
        return None
    left, top = stats[pale, 0].min(), stats[pale, 1].min()
    right, bottom = (stats[pale, 0] + stats[pale, 2]).max(), (stats[pale, 1] + stats[pale, 3]).max()
    if not mm(SMALLEST) <= max(right - left, bottom - top) <= mm(LARGEST):
        return None
    return np.asarray(np.isin(labels, pale) * 255, np.uint8)


def only_answers(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines of such a cell: one that surely is an answer, or none."""
    said = [line for line in lines if line.text]
    is_answer = len(said) == 1 and said[0].text in ANSWERS and (said[0].reading.confidence or 0.0) >= SURELY
    return said if is_answer else []

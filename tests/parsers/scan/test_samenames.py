"""Names that a hand writes again and again bear out each other's characters, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from parsers.document import SealSeen
from parsers.scan.lines import compose
from parsers.scan.readlines import ReadLine
from parsers.scan.samenames import SameNames
from tests.parsers.scan.engines import reading

UNIT = "板浦镇人民政府"


def cell(row: int, text: str, doubtful: int = 0, chance: float = 0.9999, other: str = "坂") -> list[ReadLine]:
    """A cell by hand of which one character was read as surely as ``chance``, and may be another one."""
    columns = [{mark: 0.9999} for mark in text]
    columns[doubtful] = {text[doubtful]: chance, other: round(0.9999 - chance, 4)}
    answer = reading(*columns)
    place = compose(np.full((40, 200), 255, np.uint8), [(10, 5, 190, 35)], 30)
    left, top, right, bottom = place.box
    place = replace(place, box=(left, top + 40 * row, right, bottom + 40 * row))
    return [ReadLine(place, answer, answer, text, (answer.confidence or 0.0) ** 3, by_hand=True)]


def judged(own: list[ReadLine], *others: list[ReadLine], seals: tuple[SealSeen, ...] = ()) -> tuple[str, bool]:
    names = SameNames()
    names.seal(seals)
    for one in (own, *others):
        names.add(0, one)
    found = names.judged(0, own, own[0].reading.text)
    assert found is not None
    return found.text, found.is_borne_out


def seal(text: str, chance: float = 0.99) -> SealSeen:
    return SealSeen((0, 0, 1, 1), text=text, options=tuple(((mark, chance),) for mark in text))


SURE = [cell(row, UNIT) for row in (1, 2)]


def test_a_character_that_other_cells_surely_have_is_borne_out() -> None:
    assert judged(cell(0, UNIT, 0, 0.6), *SURE) == (UNIT, True)
    assert judged(cell(0, f"{UNIT}第一中心", 0, 0.6), *SURE) == (f"{UNIT}第一中心", True), (
        "a name under it has its stem"
    )


def test_a_seal_is_print_and_bears_out_by_itself() -> None:
    assert judged(cell(0, UNIT, 0, 0.6), seals=(seal(UNIT),)) == (UNIT, True)
    assert judged(cell(0, UNIT, 0, 0.6), seals=(seal(UNIT, 0.7),)) == (UNIT, False)


@pytest.mark.parametrize(
    ("own", "others"),
    [
        (cell(0, UNIT, 0, 0.6), SURE[:1]),
        (cell(0, UNIT, 0, 0.6), [*SURE, cell(3, "坂浦镇人民政府", 0, 0.9, "板")]),
        (cell(0, f"{UNIT}第一中心", 8, 0.6, "二"), SURE),
        (cell(0, UNIT, 0, 0.6), [cell(1, UNIT, 0, 0.9), cell(2, UNIT, 0, 0.9)]),
    ],
    ids=["once", "another there that it may be", "what is under it", "unsure there as well"],
)
def test_what_other_cells_do_not_tell_stays_a_doubt(own: list[ReadLine], others: list[list[ReadLine]]) -> None:
    assert judged(own, *others) == (own[0].reading.text, False)


def test_what_was_read_otherwise_is_shown_as_others_have_it_for_a_person() -> None:
    assert judged(cell(0, "桐浦镇人民政府", 0, 0.5, "板"), *SURE) == (UNIT, False)


def test_another_name_of_the_same_length_has_no_say() -> None:
    south = [cell(row, "浦南镇人民政府") for row in (3, 4, 5)]
    assert judged(cell(0, UNIT, 0, 0.6), *SURE, *south) == (UNIT, True)
    assert judged(cell(0, "第二服务站", 1, 0.6, "一"), *(cell(row, "第一服务站") for row in (1, 2))) == (
        "第二服务站",
        False,
    )

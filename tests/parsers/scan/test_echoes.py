"""Words are surer where another line of the page surely says the same, and never changed for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from parsers.scan.echoes import Echoes
from parsers.scan.lines import compose
from parsers.scan.readlines import ReadLine
from tests.parsers.scan.engines import reading

POST = "信息录入员"


def line(text: str, least: float, doubtful: int = 0, limit: float = 1.0) -> ReadLine:
    """A line of which one character was read as surely as ``least``, and nothing surer than ``limit``."""
    answer = reading(*({mark: least if index == doubtful else 0.9999} for index, mark in enumerate(text)))
    place = compose(np.full((40, 200), 255, np.uint8), [(10, 5, 190, 35)], 30)
    return ReadLine(place, answer, answer, text, min(answer.confidence or 0.0, limit))


def confidence(own: ReadLine, *others: ReadLine, kind: str = "text", page: int = 0) -> float:
    echoes = Echoes()
    echoes.add(0, [own])
    for other in others:
        left, top, right, bottom = other.line.box
        elsewhere = replace(other.line, box=(left, top + 40, right, bottom + 40))
        echoes.add(page, [replace(other, line=elsewhere)])
    (found,) = echoes.raised(0, kind, [own])
    assert found.text == own.text
    return found.confidence


def test_the_same_words_surely_read_elsewhere_make_a_line_surer() -> None:
    assert confidence(line(POST, 0.7), line(POST, 0.999)) > 0.97


@pytest.mark.parametrize(
    ("own", "others", "kind", "page"),
    [
        (line(POST, 0.7), [], "text", 0),
        (line(POST, 0.7), [line(POST, 0.9)], "text", 0),
        (line(POST, 0.7), [line(POST, 0.999)], "text", 1),
        (line(POST, 0.7), [line(POST, 0.999)], "name", 0),
        (line(POST, 0.4), [line(POST, 0.999)], "text", 0),
        (line(POST, 0.7), [line(POST, 0.999), line("信息录人员", 0.9)], "text", 0),
        (line("第一服务站", 0.7, doubtful=1), [line("第一服务站", 0.999)], "text", 0),
        (line(POST, 0.7, limit=0.5), [line(POST, 0.999)], "text", 0),
        (line("门卫员", 0.7), [line("门卫员", 0.999)], "text", 0),
    ],
)
def test_what_another_line_does_not_surely_say_stays_as_it_was(
    own: ReadLine, others: list[ReadLine], kind: str, page: int
) -> None:
    assert confidence(own, *others, kind=kind, page=page) == own.confidence

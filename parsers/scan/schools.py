"""A school and what was studied there in one value (毕业院校及专业), of which nobody can see how they are parted.

A hand leaves gaps anywhere and none where a space was meant, and a line ends where the space would stand. That the two
are two words is told by the end of the school's name; whether a space was written between them is nothing that a person
could tell from the paper either, or would care for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.scan.readlines import ReadLine

FEWEST_BEFORE = 4
"""Characters of the shortest school."""
SCHOOL = re.compile("(?:大学|学院|学校|党校)(?=[\u4e00-\u9fff]{2})")
"""A school with something right behind it."""
_SUBJECT = re.compile("(?!附|毕业|本科|专科|[学校院系](?![\u4e00-\u9fff]))[\u4e00-\u9fff]{2,12}")
_OF_SCHOOL = re.compile(".*(?:学院|学校|系|院|部|处|室|办|所|站|馆|中心|毕业|附[中小])")
"""What goes on a school's name itself, or says something else of it than a subject."""


def with_school_space(lines: Sequence[ReadLine], text: str) -> str | None:
    """The text with a space between a school and a subject, where only that can be missing; else ``None``.

    Args:
        lines: the lines of the cell, one of which has a gap that may be a space, or ends where one may stand.
        text: what they say together.
    """
    if not any(line.may_have_space for line in lines):
        return None
    bare = "".join(text.split())
    borders = [found.end() for found in SCHOOL.finditer(bare)]
    if len(borders) != 1 or borders[0] < FEWEST_BEFORE:
        return None
    school, subject = bare[: borders[0]], bare[borders[0] :]
    is_plain = re.fullmatch("[\u4e00-\u9fff]+", school) and _SUBJECT.fullmatch(subject)
    if not is_plain or _OF_SCHOOL.fullmatch(subject):
        return None
    return f"{school} {subject}"

from __future__ import annotations

import io

import docx
import pytest

from writers.officialpage import content_of, line, new_document
from writers.packing.cards import card_starts, join_cards
from writers.packing.fixed import fixed_office, fixed_pdf
from writers.packing.letters import Item, Sending, contents, letter
from writers.packing.printsource import without_page_numbers
from writers.rendering import to_pdf


def test_a_word_file_does_not_say_when_and_by_whom_it_was_made() -> None:
    made = []
    for author in ("甲", "乙"):
        document = new_document()
        document.core_properties.author = author
        line(document, "正文")
        made.append(fixed_office(content_of(document)))
    assert made[0] == made[1]
    assert docx.Document(io.BytesIO(made[0])).core_properties.author == ""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.xdist_group("office")
def test_a_print_has_the_same_bytes_whatever_was_converted_with_it_and_forms_may_be_joined() -> None:
    sending = Sending("试验局", ("区委组织部",), 2026)
    items = (Item("附件1 名单", "2人", 3, 7, is_attachment=True), Item("核查报告", page=9))
    one, other = letter(items, sending), contents(items, sending)
    joined = join_cards([one, other, one])
    first = to_pdf([(one, "docx"), (other, "docx"), (joined, "docx")])
    second = to_pdf([(without_page_numbers(joined, "docx"), "docx"), (other, "docx"), (one, "docx")])
    assert [fixed_pdf(item) for item in first[:2]] == [fixed_pdf(item) for item in (second[2], second[1])]
    assert card_starts([one, other, one], first[2]) == (0, 1, 2)
    assert fixed_pdf(fixed_pdf(first[0])) == fixed_pdf(first[0])

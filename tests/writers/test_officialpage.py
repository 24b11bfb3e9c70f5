from __future__ import annotations

import io
import zipfile

import docx
from docx.shared import Mm

from writers.officialpage import content_of, line, new_document


def test_pages_are_numbered_at_their_outer_corner_and_the_bytes_are_the_same() -> None:
    def make() -> bytes:
        document = new_document()
        line(document, "正文")
        return content_of(document)

    content = make()
    assert make() == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {item.date_time[0] for item in archive.infolist()} == {1980}, "nothing says when it was made"
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert [odd.alignment, even.alignment] == [2, 0], "right on odd pages, left on even ones"
    for footer in (odd, even):
        assert footer.text == "— 1 —"
        assert " PAGE " in footer._p.xml  # python-docx has no name for fields
        assert {run.font.size.pt for run in footer.runs if run.font.size} == {14.0}
    assert section.footer_distance is not None
    assert section.bottom_margin is not None
    assert section.bottom_margin - section.footer_distance > Mm(7), "below the text"


def test_a_cover_has_no_number() -> None:
    document = docx.Document(io.BytesIO(content_of(new_document(numbered=False))))
    assert document.sections[0].footer.is_linked_to_previous

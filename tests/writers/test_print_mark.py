from __future__ import annotations

import io

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from forms.catalogue import Catalogue
from parsers.document import PrintMark
from parsers.printmark import parse_mark
from parsers.readers import docx, xlsx
from tests.writers.filling_data import record_of
from writers.filling import fill
from writers.printing import mark_pdf, new_document_id, qr_png
from writers.rendering import page_pictures

ID = "7K3M9Q2X5T1B"


def test_the_code_says_what_the_letters_say() -> None:
    mark = PrintMark(ID, 2, "attachment-4", "r1")
    picture = Image.open(io.BytesIO(qr_png(mark)))
    (found,) = zxingcpp.read_barcodes(picture)
    assert parse_mark(found.text) == mark


def test_a_seed_gives_the_same_id_and_chance_never_does() -> None:
    assert new_document_id("pack") == new_document_id("pack") != new_document_id("other")
    assert new_document_id() != new_document_id()


@pytest.mark.parametrize("form", ["attachment-1", "attachment-4"])
def test_a_word_file_carries_it_in_its_footer(catalogue: Catalogue, form: str) -> None:
    filled = fill(catalogue.find(form), record_of(form), document_id=ID)
    assert docx.read_bytes(filled.content).pages[0].print_mark == PrintMark(ID, 0, form, "r1")


def test_a_workbook_carries_it_in_its_page_footer(catalogue: Catalogue) -> None:
    filled = fill(catalogue.find("attachment-5"), record_of("attachment-5"), document_id=ID)
    mark = xlsx.read_bytes(filled.content).pages[0].print_mark
    assert mark is not None
    assert (mark.document_id, mark.form) == (ID, "attachment-5")


def test_it_can_be_switched_off(catalogue: Catalogue) -> None:
    for form, reader in (("attachment-4", docx), ("attachment-5", xlsx)):
        filled = fill(catalogue.find(form), record_of(form), document_id=ID, print_mark=False)
        assert reader.read_bytes(filled.content).pages[0].print_mark is None
        assert ID.encode() not in filled.content


def test_each_page_of_a_pdf_has_its_own() -> None:
    with pikepdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page(page_size=(841.9, 595.3))
        plain = io.BytesIO()
        pdf.save(plain)
    marked = mark_pdf(plain.getvalue(), ID, "attachment-5", "r1")
    assert marked == mark_pdf(plain.getvalue(), ID, "attachment-5", "r1")
    for number, picture in enumerate(page_pictures(marked, 200)):
        (found,) = zxingcpp.read_barcodes(picture)
        assert parse_mark(found.text) == PrintMark(ID, number, "attachment-5", "r1")

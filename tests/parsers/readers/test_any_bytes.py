"""Whatever the bytes, a reader gives a document or a fault of the file, and extraction takes what it gives."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from forms.catalogue import Catalogue
from parsers.document import Document
from parsers.errors import DamagedFileError, DocumentError, EmptyFileError, EncryptedFileError, ForbiddenXmlError
from parsers.extracting import extract
from parsers.readers import docx, pdf, xlsx
from tests.parsers.building import TITLE_2, workbook

_READERS: dict[str, Callable[[bytes], Document]] = {"docx": docx.read_bytes, "xlsx": xlsx.read_bytes}


def _samples(catalogue: Catalogue) -> list[Path]:
    return [definition.template_path for definition in catalogue.definitions]


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("seed", range(60))
def test_bytes_changed_in_a_part_end_in_a_document_or_a_fault(seed: int, catalogue: Catalogue) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable damage, no secret
    path = chance.choice(_samples(catalogue))
    parts = _parts(path.read_bytes())
    name = chance.choice([part for part in parts if part.endswith((".xml", ".rels"))])
    content = bytearray(parts[name])
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(content))
        content[place : place + chance.randint(0, 3)] = bytes(chance.choices(b'0189<>/"=axZ-', k=chance.randint(0, 3)))
    parts[name] = bytes(content)
    try:
        found = extract(_READERS[path.suffix[1:]](_package(parts)), catalogue)
    except DocumentError:
        return
    assert all(one.record.form.startswith("attachment-") for one in found)


@pytest.mark.parametrize("read", [docx.read_bytes, xlsx.read_bytes, pdf.read_bytes], ids=["docx", "xlsx", "pdf"])
def test_files_that_are_none_have_their_own_faults(read: Callable[[bytes], Document]) -> None:
    with pytest.raises(EmptyFileError):
        read(b"")
    with pytest.raises(DamagedFileError):
        read(b"PK\x03\x04 and no more")
    with pytest.raises((EncryptedFileError, DamagedFileError)):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_a_document_type_is_forbidden() -> None:
    parts = _parts(workbook([(TITLE_2,)]))
    name = "xl/worksheets/sheet1.xml"
    entity = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    parts[name] = parts[name].replace(b"<worksheet", entity + b"<worksheet", 1)
    with pytest.raises(ForbiddenXmlError):
        xlsx.read_bytes(_package(parts))


@pytest.mark.parametrize("seed", range(15))
def test_a_pdf_with_changed_bytes_is_read_or_damaged(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable damage, no secret
    data = bytearray(_small_pdf())
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        document = pdf.read_bytes(bytes(data))
    except DocumentError:
        return
    assert document.format == "pdf"


def _small_pdf() -> bytes:
    from reportlab.pdfgen import canvas  # noqa: PLC0415 - for this test alone

    out = io.BytesIO()
    page = canvas.Canvas(out, pageCompression=0)
    page.grid([50, 150, 250], [700, 720, 740])
    page.drawString(60, 725, "left above")
    page.drawString(160, 705, "right below")
    page.save()
    return out.getvalue()

"""Word 97, Excel 97, Kingsoft and OpenDocument files: converted by LibreOffice, then read as what they have become.

Inside the fenced child nothing may be started, so the parent converts beforehand and puts the result beside the file
(:func:`converted_beside`); elsewhere the conversion happens here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from parsers.document import Document
from parsers.errors import ConversionFailedError
from parsers.gate.admission import admit
from parsers.readers import docx, xlsx
from parsers.sniffing import FileFormat
from parsers.tools import office, sandbox

TARGETS: dict[FileFormat, office.Target] = {
    FileFormat.DOC: "docx",
    FileFormat.WPS: "docx",
    FileFormat.XLS: "xlsx",
    FileFormat.ET: "xlsx",
    FileFormat.ODT: "docx",
    FileFormat.ODS: "xlsx",
}
BESIDE = ".converted"


def read(path: Path, found: FileFormat) -> Document:
    """Read an old Office file.

    Args:
        path: the file.
        found: what it is, as ``parsers.gate.admission.admit`` told.

    Raises:
        ConversionFailedError: if LibreOffice gives nothing that can be read.
        DocumentError: as the reader of the new format.
    """
    beside = converted_beside(path)
    if beside.exists():
        return _read_converted(beside, found)
    with sandbox.workspace() as folder:
        (done,) = office.convert_batch([path], TARGETS[found], folder)
        if done.path is None:
            raise done.fault or ConversionFailedError(reason="LibreOffice 没有给出结果")
        return _read_converted(done.path, found)


def converted_beside(path: Path) -> Path:
    """Where a conversion that was made beforehand stands."""
    return path.with_name(path.name + BESIDE)


def _read_converted(path: Path, found: FileFormat) -> Document:
    """What the old file held must pass the gate again in its new form: macros and links may have come to light."""
    admitted = admit(path, "")
    document = docx.read(path) if TARGETS[found] == "docx" else xlsx.read(path)
    return replace(document, format=found.value, notes=(*document.notes, *admitted.notes))

"""What an OpenDocument text or workbook brings along: passwords, macros, links that load, programs.

These files go to LibreOffice, whose own format this is: what it would run or fetch is refused before it sees the file,
and the sandbox keeps it from the network besides.
"""

from __future__ import annotations

import io
import re

from lxml import etree

from parsers.errors import ActiveContentError, DamagedFileError, EncryptedFileError, MacroError, TooComplexError
from parsers.gate.archive import Archive, Part, check_package
from parsers.gate.office_parts import check_binary, simple
from parsers.gate.xml_prolog import checked
from parsers.limits import MIB, FileLimits

XML_BYTES = 64 * MIB
XML_ENDINGS = (".xml", ".rdf")
MACRO_FOLDERS = re.compile(r"(^|/)(basic|scripts|dialogs)/", re.IGNORECASE)
HREF = "{http://www.w3.org/1999/xlink}href"
MACRO_TAGS = frozenset({"event-listener"})
LOADING_TAGS = frozenset(
    {
        *("section-source", "table-source", "cell-range-source", "dde-source", "dde-connection-decl", "dde-link"),
        *("database-source-table", "database-source-query", "database-source-sql", "source-service"),
        *("plugin", "applet", "floating-frame", "object-ole"),
    }
)
LINK_TAGS = frozenset({"a", "form", "button"})
"""What a person would have to click."""
OUTSIDE = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*:|[/\\]|\.\.[/\\])")


def check_odf(archive: Archive, limits: FileLimits) -> tuple[str, ...]:
    """Go through every part of an OpenDocument package once.

    Returns:
        Notes, as codes of docs/errors.md, on what is in the file and will not be used.

    Raises:
        EncryptedFileError: if a password is set.
        MacroError: for Basic and scripts, and for events that call them.
        ActiveContentError: for embedded programs and for whatever loads from outside the file.
        ForbiddenXmlError: for a document type declaration.
        TooComplexError: for nesting or sizes beyond reason.
        DamagedFileError: if a part cannot be read.
    """
    check_package(archive)
    notes: set[str] = set()
    for part in archive.parts:
        if MACRO_FOLDERS.search(part.name) and not part.is_folder:
            raise MacroError(pointer=part.name)
    manifest = archive.find("META-INF/manifest.xml")
    if manifest is None:
        raise DamagedFileError
    notes |= _check_xml(archive, manifest, limits)
    for part in archive.parts:
        if part.is_folder or part is manifest:
            continue
        if part.name.lower().endswith(XML_ENDINGS):
            notes |= _check_xml(archive, part, limits)
        else:
            check_binary(archive, part)
    return tuple(sorted(notes))


def _check_xml(archive: Archive, part: Part, limits: FileLimits) -> set[str]:
    if part.unpacked > XML_BYTES:
        raise TooComplexError(pointer=part.name)
    data = b"".join(simple(checked(archive.chunks(part), part.name), part.name, limits))
    notes: set[str] = set()
    try:
        for _, element in etree.iterparse(
            io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True, load_dtd=False
        ):
            notes |= _check_element(element, part.name)
            element.clear()
    except etree.XMLSyntaxError as error:
        raise DamagedFileError(pointer=part.name) from error
    return notes


def _check_element(element: etree._Element, name: str) -> set[str]:
    tag = etree.QName(element).localname
    if tag == "encryption-data":
        raise EncryptedFileError
    if tag in MACRO_TAGS:
        raise MacroError(pointer=name)
    if tag in LOADING_TAGS:
        raise ActiveContentError(pointer=name)
    target = element.get(HREF)
    if tag == "template":
        return {"local-template-ignored"} if target else set()
    if target and tag not in LINK_TAGS and OUTSIDE.match(target):
        raise ActiveContentError(pointer=name)
    return {"embedded-file-ignored"} if tag == "object" and target else set()

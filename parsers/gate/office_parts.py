"""What an Office or OFD package brings along besides its text: macros, controls, links to elsewhere, fields that act.

Nothing here is opened or followed: parts are unpacked, counted, and looked at as bytes. Hyperlinks are allowed, they
wait for a person to click. What is refused would act when the original is opened again by somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from parsers.errors import ActiveContentError, DamagedFileError, MacroError, TooComplexError
from parsers.gate.archive import Archive, Part, check_package
from parsers.gate.compound import OLE_MAGIC
from parsers.gate.xml_prolog import check_prolog, checked
from parsers.limits import DEFAULT_LIMITS, MIB, FileLimits

RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
XML_ENDINGS = (".xml", ".rels", ".vml")
WORD_TEXT_BYTES = 64 * MIB
RELATIONSHIP_BYTES = 8 * MIB
ATTRIBUTES_OF_ONE_TAG = 5_000
PROGRAM_STARTS = (b"MZ", b"\x7fELF", OLE_MAGIC)

MACRO_KINDS = {"vbaproject", "xlmacrosheet", "xlintlmacrosheet", "dialogsheet", "wordvbadata"}
MACRO_NAMES = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml)$|(^|/)(macrosheets|intlmacrosheets|dialogsheets)/", re.IGNORECASE
)
MACRO_TYPES = re.compile(r"macroEnabled|vnd\.ms-office\.vbaProject|ms-excel\.(intl)?macrosheet", re.IGNORECASE)
ACTIVE_KINDS = {"oleobject", "control", "activexcontrolbinary", "afchunk", "subdocument", "frame"}
LOCAL_TARGET = re.compile(r"(file:///)?[A-Za-z]:[\\/]|[^:/\\]+$|\.{0,2}/?[^:/\\][^:]*$")
FIELD_CODE = re.compile(rb"<(?:\w+:)?instrText\b[^>]*>([^<]*)<|\b(?:\w+:)?instr\s*=\s*[\"']([^\"']*)[\"']")
FIELD_EDGE = re.compile(rb"fldCharType\s*=\s*[\"'](?:begin|end)[\"']")
DDE_FIELD = re.compile(rb"(?<![A-Za-z])DDE(?:AUTO)?(?![A-Za-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link of a package part. ``kind`` is the last word of its type, in small letters."""

    kind: str
    target: str
    is_external: bool


def check_parts(archive: Archive, limits: FileLimits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """Go through every part of a package once.

    Returns:
        Notes, as codes of docs/errors.md, on what is in the file and will not be used.

    Raises:
        MacroError: for VBA, Excel 4 macro sheets and macro-enabled types.
        ActiveContentError: for embedded programs, controls, imported chunks, DDE, links that load from elsewhere.
        ForbiddenXmlError: for a document type declaration.
        TooComplexError: for nesting or tags beyond reason.
        ArchiveInvalidError: if sizes lie.
        DamagedFileError: if a part cannot be unpacked.
    """
    check_package(archive)
    notes: set[str] = set()
    for part in archive.parts:
        if MACRO_NAMES.search(part.name):
            raise MacroError(pointer=part.name)
    for part in archive.parts:
        name = part.name.lower()
        if name.endswith(".rels"):
            notes |= set(_check_relationships(archive, part))
        elif name == "[content_types].xml":
            if MACRO_TYPES.search(check_prolog(archive.read(part), part.name)):
                raise MacroError(pointer=part.name)
        elif name.endswith(XML_ENDINGS):
            _check_xml(archive, part, limits)
        else:
            check_binary(archive, part)
    return tuple(sorted(notes))


def _check_relationships(archive: Archive, part: Part) -> Iterator[str]:
    if part.unpacked > RELATIONSHIP_BYTES:
        raise TooComplexError(pointer=part.name)
    for relationship in _relationships(archive, part):
        if relationship.kind in MACRO_KINDS:
            raise MacroError(pointer=part.name)
        if relationship.kind in ACTIVE_KINDS:
            raise ActiveContentError(pointer=part.name)
        if relationship.is_external:
            yield from _external(relationship, part.name)
        elif relationship.kind == "package":
            yield "embedded-file-ignored"


def _external(relationship: Relationship, pointer: str) -> Iterator[str]:
    """What becomes of a link to outside the package."""
    match relationship.kind:
        case "hyperlink":
            return
        case "attachedtemplate" if LOCAL_TARGET.match(relationship.target):
            yield "local-template-ignored"
        case "externallinkpath" | "externallink" | "xlexternallinkpath" | "xlpathmissing":
            yield "external-links-ignored"
        case _:
            raise ActiveContentError(pointer=pointer)


def _relationships(archive: Archive, part: Part) -> Iterator[Relationship]:
    data = archive.read(part)
    check_prolog(data, part.name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedFileError(pointer=part.name) from error
    for element in root.iter(RELATIONSHIP):
        yield Relationship(
            kind=element.get("Type", "").rstrip("/").rpartition("/")[2].lower(),
            target=element.get("Target", ""),
            is_external=element.get("TargetMode", "").lower() == "external",
        )


def _check_xml(archive: Archive, part: Part, limits: FileLimits) -> None:
    name = part.name.lower()
    chunks = simple(checked(archive.chunks(part), part.name), part.name, limits)
    if name.startswith("word/"):
        if part.unpacked > WORD_TEXT_BYTES:
            raise TooComplexError(pointer=part.name)
        _check_fields(b"".join(chunks), part.name)
        return
    is_link = name.startswith("xl/externallinks/")
    for chunk in chunks:
        if is_link and b"ddeLink" in chunk:
            raise ActiveContentError(pointer=part.name)


def simple(chunks: Iterator[bytes], name: str, limits: FileLimits) -> Iterator[bytes]:
    """The same chunks, unless at the end of one more elements are open than any form has, or a tag has no end."""
    depth = 0
    for chunk in chunks:
        closing = chunk.count(b"</")
        opening = chunk.count(b"<") - closing - chunk.count(b"<!") - chunk.count(b"<?")
        depth += opening - closing - chunk.count(b"/>")
        if depth > limits.xml_depth or (b">" not in chunk and chunk.count(b"=") > ATTRIBUTES_OF_ONE_TAG):
            raise TooComplexError(pointer=name)
        yield chunk


def _check_fields(data: bytes, name: str) -> None:
    """Refuse fields that start a conversation with another program. Word cuts a field's code into runs at will."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = data.decode("utf-16", "replace").encode()
    if b"instr" not in data:
        return
    for piece in FIELD_EDGE.split(data):
        codes = b"".join(found[1] or found[2] or b"" for found in FIELD_CODE.finditer(piece))
        if DDE_FIELD.search(codes):
            raise ActiveContentError(pointer=name)


def check_binary(archive: Archive, part: Part) -> None:
    """A part that is no XML may be a picture, a font or settings of a printer, not a program or an OLE object."""
    is_first = True
    for chunk in archive.chunks(part):
        if is_first and chunk.startswith(PROGRAM_STARTS):
            raise ActiveContentError(pointer=part.name)
        is_first = is_first and not chunk

"""XML from outside may declare no document type: no entities, no outside references.

A declaration can stand only before the root element, so only the beginning of each part is looked at, in the encoding
a parser would use. What cannot be told apart from an attempt to hide one is refused as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.errors import ForbiddenXmlError

PROLOG_BYTES = 64 * 1024
ROOT_OR_DECLARATION = re.compile(r"<(?:!DOCTYPE|!ENTITY|[^!?\s])", re.IGNORECASE)
COMMENTS = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
ENCODING = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
SAFE_ENCODINGS = {"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii", "gb2312", "gbk", "gb18030"}
SAFE_ENCODINGS |= {"iso-8859-1", "windows-1252", "unicode"}
WIDE_STARTS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


def check_prolog(start: bytes, name: str) -> str:
    """Check the beginning of a part and return it as text (all of it, if ``start`` is all of it).

    Raises:
        ForbiddenXmlError: if a document type is declared, the encoding is an unusual one, or no element begins
            within the first 64 KiB.
    """
    encoding = WIDE_STARTS.get(start[:2], "utf-8")
    text = start.decode(encoding, "replace").lstrip("\ufeff")
    declared = ENCODING.match(text.lstrip())
    if declared and declared[1].lower() not in SAFE_ENCODINGS:
        raise ForbiddenXmlError(pointer=name)
    prolog = COMMENTS.sub("", text[:PROLOG_BYTES])
    first = ROOT_OR_DECLARATION.search(prolog)
    if first is None:
        if len(start) >= PROLOG_BYTES or "<" in prolog:
            raise ForbiddenXmlError(pointer=name)
        return text
    if first[0].startswith("<!"):
        raise ForbiddenXmlError(pointer=name)
    return text


def checked(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The same chunks, after the beginning they make up was checked. Raises as :func:`check_prolog`."""
    start = b""
    for chunk in chunks:
        if len(start) < PROLOG_BYTES:
            start += chunk
            if len(start) >= PROLOG_BYTES:
                check_prolog(start[:PROLOG_BYTES], name)
        yield chunk
    if len(start) < PROLOG_BYTES:
        check_prolog(start, name)

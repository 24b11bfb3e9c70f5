"""Our print mark as text: which document, which page of it, which edition of which form.

Every page we print carries it in the margin, as a QR code and in letters: ``HZBD1|7K3M9Q2X5T1B|attachment-4|r1|1``.
The page counts from one on paper; ``0`` leaves it open (page -1 in code), as in the one picture that serves all
pages of a Word file. The document id has twelve of the 32 characters of Crockford's base 32, which has
no letters that look like a digit.
"""

from __future__ import annotations

import re

from parsers.document import PrintMark

PREFIX = "HZBD1"
ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 12

_PAYLOAD = re.compile(
    rf"{PREFIX}\|(?P<id>[{ID_ALPHABET}]{{{ID_LENGTH}}})\|(?P<form>[a-z0-9][a-z0-9-]{{0,39}})"
    r"\|(?P<edition>[a-z0-9][a-z0-9.-]{0,15})\|(?P<page>0|[1-9][0-9]{0,4})"
)


def format_mark(mark: PrintMark) -> str:
    """The mark as it is printed."""
    return f"{PREFIX}|{mark.document_id}|{mark.form}|{mark.edition}|{mark.page + 1}"


def parse_mark(payload: str) -> PrintMark | None:
    """The mark of a QR code or of a printed line; ``None`` when the whole text is not one."""
    found = _PAYLOAD.fullmatch(payload.strip())
    return None if found is None else _mark(found)


def find_mark(text: str) -> PrintMark | None:
    """The first mark within a longer text; ``None`` without one."""
    found = _PAYLOAD.search(text)
    return None if found is None else _mark(found)


def _mark(found: re.Match[str]) -> PrintMark:
    return PrintMark(found["id"], int(found["page"]) - 1, found["form"], found["edition"])

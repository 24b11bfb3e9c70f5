"""Pages of a ledger on which persons stand and no table was found: what they say is in no record, and that is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from forms.cleaning import squeeze
from forms.finding import Finding, Region, Severity
from parsers.document import Page
from parsers.unfound import GRID_MISSING

_NUMBER = re.compile(r"(?<!\d)[1-9]\d{14,16}[\dXx]")
"""What may be an identity number, one of its digits misread or lost among them."""
_MESSAGE = "此页没有认出表格,页上像人员的{count}行没有收入,请对照原件补录"


def lost_pages(pages: Iterable[Page]) -> Iterator[Finding]:
    """A finding for each page without a table whose lines hold what may be identity numbers."""
    for page in pages:
        count = sum(_NUMBER.search(squeeze(line.text)) is not None for line in page.lines)
        if count and not page.grids:
            path = f"pages[{page.index}]"
            yield Finding(GRID_MISSING, path, _MESSAGE.format(count=count), Severity.ERROR, None, Region(page.index))

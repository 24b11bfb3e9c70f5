"""Packs the parts of an Office file so that the same drawing always gives the same bytes and names nobody."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip entry can carry; it says nothing of when or where a file was drawn."""

CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:creator></dc:creator>'
    "</cp:coreProperties>"
)
"""Document properties: the title of the form, and no author, company or time."""

_FIRST: Final = "[Content_Types].xml"
_CREATED: Final = re.compile(rb"<(Application|AppVersion|Company|Manager)>[^<]*</\1>")


def pack(parts: Mapping[str, bytes]) -> bytes:
    """A zip of ``parts`` in a fixed order with fixed times, the list of content types first."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(parts, key=lambda part: (part != _FIRST, part)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, parts[name])
    return target.getvalue()


def repack(content: bytes, title: str) -> bytes:
    """An Office file that a library wrote, without its times and the names of author and program."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/core.xml"] = CORE.format(title=title).encode()
    parts["docProps/app.xml"] = _CREATED.sub(b"", parts["docProps/app.xml"])
    return pack(parts)

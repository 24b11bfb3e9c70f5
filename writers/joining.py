"""Several PDFs as one, for printing in one go."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf


def join_pdfs(contents: Sequence[bytes]) -> bytes:
    """The pages of all files in order, in one file. The same files give the same bytes.

    The files are our own; what comes from outside is never joined.
    """
    joined = pikepdf.Pdf.new()
    for content in contents:
        with pikepdf.Pdf.open(io.BytesIO(content)) as source:
            joined.pages.extend(source.pages)
    buffer = io.BytesIO()
    joined.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return buffer.getvalue()

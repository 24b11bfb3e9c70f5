"""Pages as pictures, drawn once in the fenced child and kept beside the original."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from parsers.errors import ConversionFailedError, FormUnknownError, ParseCrashedError
from parsers.sniffing import FileFormat, sniff
from parsers.tools.office import convert_batch
from service.operations.documents import original_of
from service.runtime import Runtime
from service.store.documents import StoredDocument
from service.store.errors import NotFoundError

DRAW = "parsers.pagepicture:draw_page"
"""A task of the fenced child, named and not imported: what it needs is heavy and belongs into the child."""
DRAWABLE = frozenset({FileFormat.PDF, FileFormat.IMAGE, FileFormat.PHOTOS, FileFormat.OFD})
PRINTED = "whole.pdf"
MOST_PAGES = 100_000


def page_picture(runtime: Runtime, document: StoredDocument, number: int) -> bytes:
    """Page ``number``, counted from one, as PNG: upright, as it was read.

    Raises:
        NotFoundError: the file has no such page, or the store has lost it.
        DocumentError: the page cannot be drawn.
    """
    if not 1 <= number <= MOST_PAGES:
        raise NotFoundError
    name = f"{number}.png"
    kept = runtime.derived.find(document.sha256, name)
    if kept is not None:
        return kept
    with original_of(runtime.blobs, document) as original:
        if sniff(original, document.name) in DRAWABLE:
            content = _drawn(runtime, original, document.name, number)
        else:
            with tempfile.TemporaryDirectory(prefix="forms-pdf-") as folder:
                printed = Path(folder, PRINTED)
                printed.write_bytes(_printed(runtime, original, document))
                content = _drawn(runtime, printed, PRINTED, number)
    runtime.derived.keep(document.sha256, name, content)
    return content


def _drawn(runtime: Runtime, source: Path, name: str, number: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="forms-page-") as output:
        task = runtime.fence.submit(
            DRAW, source, name, {"page": number - 1}, collect=Path(output), lend=runtime.register.lend
        )
        answer = task.result()
        if answer.fault is not None:
            raise answer.fault
        return _content(answer.plain, Path(output))


def _printed(runtime: Runtime, original: Path, document: StoredDocument) -> bytes:
    """An Office file as PDF, made once. Only a file that passed the gate when it was read goes to the converter."""
    problem = (document.reading or {"problem": {"code": "unread"}})["problem"]
    if problem is not None and problem["code"] != FormUnknownError.code:
        raise NotFoundError
    kept = runtime.derived.find(document.sha256, PRINTED)
    if kept is not None:
        return kept
    with tempfile.TemporaryDirectory(prefix="forms-pdf-") as output:
        result = convert_batch([original], "pdf", Path(output))[0]
        if result.fault is not None:
            raise result.fault
        if result.path is None:
            raise ConversionFailedError(reason="没有结果")
        content = result.path.read_bytes()
    runtime.derived.keep(document.sha256, PRINTED, content)
    return content


def _content(plain: Mapping[str, object] | None, output: Path) -> bytes:
    if plain is None:
        raise ParseCrashedError
    if plain["file"] is None:
        raise NotFoundError
    return (output / str(plain["file"])).read_bytes()

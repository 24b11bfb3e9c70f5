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
DRAWABLE = frozenset({FileFormat.PDF, FileFormat.IMAGE})
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
    folder = runtime.settings.data_dir / "derived" / document.sha256[:2] / document.sha256
    kept = folder / f"{number}.png"
    if kept.is_file():
        return kept.read_bytes()
    original = original_of(runtime.blobs, document)
    if sniff(original, document.name) in DRAWABLE:
        source, name = original, document.name
    else:
        source, name = _printed(original, document, folder), PRINTED
    with tempfile.TemporaryDirectory(prefix="forms-page-") as output:
        task = runtime.fence.submit(
            DRAW, source, name, {"page": number - 1}, collect=Path(output), lend=runtime.register.lend
        )
        answer = task.result()
        if answer.fault is not None:
            raise answer.fault
        content = _content(answer.plain, Path(output))
    _keep(kept, content)
    return content


def _printed(original: Path, document: StoredDocument, folder: Path) -> Path:
    """An Office file as PDF, made once. Only a file that passed the gate when it was read goes to the converter."""
    problem = (document.reading or {"problem": {"code": "unread"}})["problem"]
    if problem is not None and problem["code"] != FormUnknownError.code:
        raise NotFoundError
    converted = folder / PRINTED
    if not converted.is_file():
        with tempfile.TemporaryDirectory(prefix="forms-pdf-") as output:
            result = convert_batch([original], "pdf", Path(output))[0]
            if result.fault is not None:
                raise result.fault
            if result.path is None:
                raise ConversionFailedError(reason="没有结果")
            _keep(converted, result.path.read_bytes())
    return converted


def _content(plain: Mapping[str, object] | None, output: Path) -> bytes:
    if plain is None:
        raise ParseCrashedError
    if plain["file"] is None:
        raise NotFoundError
    return (output / str(plain["file"])).read_bytes()


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(content)
    Path(part.name).replace(path)

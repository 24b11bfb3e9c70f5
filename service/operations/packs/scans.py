"""The stamped originals behind the forms: their pages drawn in the fenced child, Office files converted before."""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from forms.errors import FormServiceError
from parsers.errors import ConversionFailedError, ParseCrashedError
from parsers.fence import Answer
from parsers.sniffing import FileFormat, sniff
from parsers.tools.office import convert_batch, version
from service.operations.packs.contents import PackScan
from service.operations.packs.parts import Parts, part_key
from service.runtime import Runtime

DRAW = "parsers.printpages:draw_pages"
"""A task of the fenced child, named and not imported: what it needs is heavy and belongs into the child."""
DRAWN = "print.pdf"
DRAWABLE = frozenset({FileFormat.PDF, FileFormat.IMAGE, FileFormat.PHOTOS, FileFormat.OFD})
CONVERTED_TOGETHER = 20
PRINTED = "whole.pdf"


def draw_scans(
    runtime: Runtime, parts: Parts, scans: Sequence[PackScan], work: Path, done: Callable[[int], None]
) -> list[Path | FormServiceError]:
    """The pages of each original as a PDF in ``work``, or what was wrong with it, in order."""
    results: dict[int, Path | FormServiceError] = {}
    waiting: list[int] = []
    for number, scan in enumerate(scans):
        if (found := parts.find(_key(scan))) is not None:
            results[number] = _put(work, number, found[DRAWN])
            done(number)
        else:
            waiting.append(number)
    for start in range(0, len(waiting), CONVERTED_TOGETHER):
        some = waiting[start : start + CONVERTED_TOGETHER]
        for number, drawn in _drawn(runtime, scans, some, work):
            if isinstance(drawn, bytes):
                parts.keep(_key(scans[number]), {DRAWN: drawn})
                results[number] = _put(work, number, drawn)
            else:
                results[number] = drawn
            done(number)
    return [results[number] for number in range(len(scans))]


def _key(scan: PackScan) -> str:
    return part_key("scan", file=scan.sha256, ending=scan.name.rpartition(".")[2].lower(), program=version())


def _put(work: Path, number: int, content: bytes) -> Path:
    path = work / f"scan-{number:06d}.pdf"
    path.write_bytes(content)
    return path


def _drawn(
    runtime: Runtime, scans: Sequence[PackScan], some: Sequence[int], work: Path
) -> Iterator[tuple[int, bytes | FormServiceError]]:
    """The pages of some originals: as many at once as the fence has children."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        sources, faults = _sources(runtime, scans, some, Path(folder))
        yield from faults.items()
        under_way: deque[tuple[int, Path, Callable[[], Answer]]] = deque()
        for number, (source, name) in sources.items():
            if len(under_way) >= runtime.settings.readers:
                yield _answer(*under_way.popleft())
            output = Path(folder) / f"drawn-{number}"
            task = runtime.fence.submit(DRAW, source, name, {}, collect=output)
            under_way.append((number, output, task.result))
        while under_way:
            yield _answer(*under_way.popleft())


def _answer(number: int, output: Path, result: Callable[[], Answer]) -> tuple[int, bytes | FormServiceError]:
    answer = result()
    if answer.fault is not None:
        return number, answer.fault
    drawn = output / DRAWN
    return number, drawn.read_bytes() if drawn.is_file() else ParseCrashedError()


def _sources(
    runtime: Runtime, scans: Sequence[PackScan], some: Sequence[int], folder: Path
) -> tuple[dict[int, tuple[Path, str]], dict[int, FormServiceError]]:
    """What the child is to draw of each original: itself, or an Office file's pages."""
    sources: dict[int, tuple[Path, str]] = {}
    faults: dict[int, FormServiceError] = {}
    office: list[tuple[int, Path]] = []
    for number in some:
        try:
            original = folder / f"original-{number}"
            with runtime.blobs.open(scans[number].sha256) as content, original.open("wb") as copy:
                shutil.copyfileobj(content, copy)
            if sniff(original, scans[number].name) in DRAWABLE:
                sources[number] = original, scans[number].name
            else:
                office.append((number, original))
        except FormServiceError as fault:
            faults[number] = fault
    converted = convert_batch([path for _, path in office], "pdf", folder / "office") if office else ()
    for (number, _), result in zip(office, converted, strict=True):
        if result.fault is not None or result.path is None:
            faults[number] = result.fault or ConversionFailedError(reason="没有得到文件")
        else:
            sources[number] = result.path, PRINTED
    return sources, faults

"""LibreOffice: old Office files to new ones, and files to PDF, many in one run.

LibreOffice's exit code says nothing: it is 0 for a file it could not open. So each output is opened and checked, and
a file without one is tried again, alone if it may be what stopped the run, so that one bad file costs no other.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pypdfium2

from parsers.errors import ConversionFailedError, DocumentError
from parsers.gate.archive import check_package, opened
from parsers.limits import MIB
from parsers.sniffing import FileFormat, detect
from parsers.tools import sandbox
from parsers.tools.office_profile import make_profile
from parsers.tools.slots import slot, slot_count

Target = Literal["pdf", "docx", "xlsx"]

BATCH = 100
START_SECONDS = 60.0
FILE_SECONDS = 60.0
"""The longest one file may take; a run in which no file gets done for so long is ended."""
SECONDS_PER_MIB = 20.0
SPACE = 2 << 30

IMPORT_FILTERS = {
    FileFormat.DOCX: "MS Word 2007 XML",
    FileFormat.DOC: "MS Word 97",
    FileFormat.WPS: "MS Word 97",
    FileFormat.XLSX: "Calc MS Excel 2007 XML",
    FileFormat.XLS: "MS Excel 97",
    FileFormat.ET: "MS Excel 97",
    FileFormat.ODT: "writer8",
    FileFormat.ODS: "calc8",
}
"""Forced from what the file is: with a wrong filter LibreOffice refuses; left to itself it opens anything."""
WORD = frozenset({FileFormat.DOCX, FileFormat.DOC, FileFormat.WPS, FileFormat.ODT})
EXPORT_FILTERS: dict[tuple[Target, bool], str] = {
    ("pdf", True): "pdf:writer_pdf_Export",
    ("pdf", False): "pdf:calc_pdf_Export",
    ("docx", True): "docx:MS Word 2007 XML",
    ("xlsx", False): "xlsx:Calc MS Excel 2007 XML",
}


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of one file: ``path`` of the result, or ``fault``. ``pages`` is counted for PDF only."""

    source: Path
    path: Path | None = None
    pages: int | None = None
    fault: DocumentError | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """One file on its way: its number names it in the run, whatever its own name is."""

    number: int
    source: Path
    format: FileFormat
    result: Path

    @property
    def name(self) -> str:
        ending = {FileFormat.WPS: "doc", FileFormat.ET: "xls"}.get(self.format, self.format.value)
        return f"{self.number:06d}.{ending}"


def convert_batch(files: Sequence[Path], target: Target, out_dir: Path) -> tuple[Converted, ...]:
    """Convert files; the answers come in the order of ``files``.

    Args:
        files: Word files and workbooks, old or new; what each is, is told by its content.
        target: ``pdf`` for either, ``docx`` for Word files, ``xlsx`` for workbooks.
        out_dir: where the results go, each named after its source; a name met twice gets a number.

    Returns:
        One result or fault a file; a bad file is a fault, never an exception.

    Raises:
        SandboxUnavailableError: if LibreOffice cannot be shut in on this machine.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    if shutil.which("soffice") is None:
        missing = ConversionFailedError(reason="本机没有安装 LibreOffice")
        return tuple(Converted(source, fault=missing) for source in files)
    answers: dict[int, Converted] = {}
    tasks: list[_Task] = []
    names = _result_names(files, target)
    for number, source in enumerate(files):
        try:
            found = detect(source)
        except DocumentError as fault:
            answers[number] = Converted(source, fault=fault)
            continue
        if (target, found in WORD) not in EXPORT_FILTERS or found not in IMPORT_FILTERS:
            reason = f"{found.value} 不能转换为 {target}"
            answers[number] = Converted(source, fault=ConversionFailedError(reason=reason))
            continue
        tasks.append(_Task(number, source, found, out_dir / names[number]))
    batches = list(_batches(tasks))
    with ThreadPoolExecutor(max_workers=slot_count()) as pool:
        for done in pool.map(lambda batch: _convert(batch, target), batches):
            answers.update(done)
    return tuple(answers[number] for number in range(len(files)))


@lru_cache(maxsize=1)
def version() -> str | None:
    """The version of LibreOffice as it names itself, or ``None`` where it is missing."""
    if shutil.which("soffice") is None:
        return None
    with sandbox.workspace() as work:
        profile = make_profile(work / "profile")
        done = sandbox.run(["soffice", f"-env:UserInstallation={profile}", "--version"], work=work)
    return done.stdout.strip() or None


def _result_names(files: Sequence[Path], target: Target) -> list[str]:
    """A name for each result, after its source, none used twice."""
    names: list[str] = []
    taken: set[str] = set()
    for source in files:
        name, count = f"{source.stem}.{target}", 1
        while name in taken:
            count += 1
            name = f"{source.stem}-{count}.{target}"
        taken.add(name)
        names.append(name)
    return names


def _batches(tasks: Iterable[_Task]) -> Iterable[list[_Task]]:
    """Files of one format together, for a run has one import filter, and at most :data:`BATCH` of them."""
    by_format: dict[FileFormat, list[_Task]] = {}
    for task in tasks:
        by_format.setdefault(task.format, []).append(task)
    for group in by_format.values():
        size = min(BATCH, -(-len(group) // slot_count()))
        yield from (group[at : at + size] for at in range(0, len(group), size))


def _convert(batch: list[_Task], target: Target) -> dict[int, Converted]:
    """Convert a batch. What stops a run is set aside and tried alone; what a run passes over is tried once more."""
    answers: dict[int, Converted] = {}
    waiting, alone, is_retry = list(batch), [], False
    while waiting:
        stopped = _attempt(waiting, target, answers)
        missing = [task for task in waiting if task.number not in answers]
        if stopped:
            alone += missing[:1]  # files are taken in order: the first without a result stopped the run
            waiting = missing[1:]
        else:
            waiting = [] if is_retry else missing
            is_retry = True
    for task in alone:
        _attempt([task], target, answers)
    fault = ConversionFailedError(reason="LibreOffice 打不开这个文件或没有给出结果")
    return {task.number: answers.get(task.number, Converted(task.source, fault=fault)) for task in batch}


def _attempt(tasks: list[_Task], target: Target, answers: dict[int, Converted]) -> bool:
    """One run of LibreOffice in a fresh profile. Adds an answer for each good result.

    Returns:
        Whether the run was stopped: by a limit or by its own crash.
    """
    with slot(), sandbox.workspace() as work:
        (work / "in").mkdir()
        (work / "out").mkdir()
        for task in tasks:
            shutil.copyfile(task.source, work / "in" / task.name)
        done = sandbox.run(
            _command(tasks, target, work),
            work=work,
            limits=_limits(tasks),
            progress=lambda: sum(1 for _ in (work / "out").iterdir()),
        )
        stopped = done.timed_out or done.code != 0
        for position, task in enumerate(tasks):
            output = work / "out" / f"{task.number:06d}.{target}"
            following = tasks[position + 1 :]
            if stopped and not any((work / "out" / f"{other.number:06d}.{target}").exists() for other in following):
                break  # the last one written may be half a file
            answer = _accept(task, output, target)
            if answer is not None:
                answers[task.number] = answer
    return stopped


def _command(tasks: list[_Task], target: Target, work: Path) -> list[str]:
    kind = tasks[0].format
    return [
        "soffice",
        f"-env:UserInstallation={make_profile(work / 'profile')}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        f"--infilter={IMPORT_FILTERS[kind]}",
        *("--convert-to", EXPORT_FILTERS[target, kind in WORD]),
        *("--outdir", str(work / "out")),
        *(str(work / "in" / task.name) for task in tasks),
    ]


def _limits(tasks: list[_Task]) -> sandbox.Limits:
    sizes = [task.source.stat().st_size / MIB for task in tasks]
    longest = START_SECONDS + max(FILE_SECONDS, max(sizes) * SECONDS_PER_MIB)
    whole = START_SECONDS + len(tasks) * FILE_SECONDS + sum(sizes) * SECONDS_PER_MIB
    return sandbox.Limits(wall=whole, stall=longest, memory=SPACE + SPACE // 2)


def _accept(task: _Task, output: Path, target: Target) -> Converted | None:
    """The answer for a result that is whole, moved to its place; ``None`` for any other."""
    try:
        found = output.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid() or found.st_size == 0:
        return None
    pages = None
    if target == "pdf":
        pages = _pdf_pages(output)
        if not pages:
            return None
    elif not _is_whole_package(output, target):
        return None
    shutil.move(output, task.result)
    return Converted(task.source, path=task.result, pages=pages)


def _pdf_pages(path: Path) -> int:
    """How many pages a PDF has; 0 if it is not whole."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 1024))
        if b"%%EOF" not in stream.read():
            return 0
    try:
        with pypdfium2.PdfDocument(path) as document:
            return len(document)
    except pypdfium2.PdfiumError:
        return 0


def _is_whole_package(path: Path, target: Target) -> bool:
    try:
        with opened(path) as archive:
            check_package(archive)
        return detect(path).value == target
    except DocumentError:
        return False

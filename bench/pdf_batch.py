"""Approval forms (attachment-4) to PDF: ours in batches against one soffice call for each document.

The peer gets the filled files for nothing and only converts. Ours fills, converts, marks each page and proves the
PDF's text layer.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path

from bench.people import definition_of, records_of
from writers.filling import FillJob, fill, fill_many

TITLE = "附件4 to PDF"
UNIT = "documents"
PEER = "one soffice call a document"
SIZES = (50, 200)
PEER_SIZES = (15,)
QUICK = (10,)
LEAST = 5.0
MOST_MB: float | None = None

FORM = "attachment-4"


def ours(size: int) -> Callable[[], None]:
    """Fill, convert, mark and prove."""
    definition, records = definition_of(FORM), records_of(FORM, size)
    fill(definition, records[0])

    def work() -> None:
        deque(fill_many(FillJob(definition, record, as_format="pdf") for record in records), maxlen=0)

    return work


def peer(size: int) -> Callable[[], None]:
    """``soffice --convert-to pdf`` for each file, with one profile that is kept."""
    definition = definition_of(FORM)
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    files = []
    for number, record in enumerate(records_of(FORM, size)):
        path = folder / f"{number}.docx"
        path.write_bytes(fill(definition, record).content)
        files.append(path)
    program = shutil.which("soffice") or "soffice"
    start = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]

    def work() -> None:
        for path in files:
            command = [*start, "--outdir", str(folder), str(path)]
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - arguments of the bench's own
        shutil.rmtree(folder)

    return work

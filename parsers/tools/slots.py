"""How many converters may run at once on this machine, over all processes of this user."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parsers.errors import SandboxUnavailableError

POLL_SECONDS = 0.1


RUNS = "FORMS_OFFICE_RUNS"
"""Says how many may run at once, where memory is short (each may take 2.5 GB at the very most, mostly 300 MB)."""


def slot_count() -> int:
    """As many as there are cores, unless :data:`RUNS` says another number: they run niced, so others come first."""
    said = os.environ.get(RUNS, "").strip()
    return max(1, int(said) if said.isascii() and said.isdigit() else (os.cpu_count() or 1))


@contextmanager
def slot() -> Iterator[None]:
    """Wait for a turn and hold it. A holder that dies gives it up at once: the kernel lets go of its lock."""
    folder = _folder()
    while True:
        for number in range(slot_count()):
            with (folder / f"slot-{number}").open("w") as stream:
                try:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        time.sleep(POLL_SECONDS)


def _folder() -> Path:
    """A folder of this user alone, whoever made the name first."""
    folder = Path(tempfile.gettempdir()) / f"forms-office-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise SandboxUnavailableError
    return folder

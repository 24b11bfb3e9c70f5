"""The fenced child: does one task after another and answers over a pipe. Started by ``parsers.fenced``.

What goes wrong with a file is answered with its code. Anything else is a fault of the program: it ends the child with
its trace, and the parent reports a crash and goes on with a new child. The child trusts nobody's standard output:
libraries that print get the error stream instead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from forms.errors import FormServiceError
from parsers.errors import TooComplexError
from parsers.issued import Borrow, borrow_nothing
from parsers.tools.framing import ClosedPipeError, receive, send

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Request:
    """One task on one file.

    ``report`` tells the parent how many pages there are, which lengthens the time allowed; ``borrow`` asks it for a
    document that we printed; what is left in the folder ``output`` is handed to the parent if it asked for that.
    """

    path: Path
    name: str
    options: dict[str, Any]
    report: Callable[[int], None]
    borrow: Borrow = borrow_nothing

    @property
    def output(self) -> Path:
        """The folder for files the parent shall have."""
        return self.path.with_name("output")


Task = Callable[[Request], dict[str, Any]]


@lru_cache
def task_named(dotted: str) -> Task:
    """The function ``package.module:name``."""
    module, _, name = dotted.partition(":")
    task: Task = getattr(import_module(module), name)
    return task


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer requests until the parent closes the pipe."""

    def report(pages: int) -> None:
        send(sink, {"pages": pages})

    while True:
        try:
            message = receive(source)
        except ClosedPipeError:
            return
        path = Path(message["path"])
        borrow = partial(_borrow, source, sink, path.parent)
        request = Request(path, message["name"], message["options"], report, borrow)
        send(sink, {**_answer(task_named(message["task"]), request), "memory": resident_bytes()})


def _borrow(source: IO[bytes], sink: IO[bytes], folder: Path, document_id: str) -> Path | None:
    """What the parent lends of a document that we printed: a folder beside the file, ``None`` when it has none."""
    send(sink, {"borrow": document_id})
    return folder / document_id if receive(source).get("lent") is True else None


def resident_bytes() -> int:
    """The memory this process holds now."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * PAGE_BYTES


def _answer(task: Task, request: Request) -> dict[str, Any]:
    try:
        return {"answer": task(request)}
    except (MemoryError, RecursionError):
        fault: FormServiceError = TooComplexError()
    except FormServiceError as error:
        fault = error
    return {"fault": fault_to_plain(fault)}


def fault_to_plain(fault: FormServiceError) -> dict[str, Any]:
    """A fault as JSON, for ``parsers.fence.fault_named`` to understand."""
    return {"code": fault.code, "pointer": fault.pointer, "detail": fault.detail}


def main() -> None:
    """Keep the pipe for answers, and give the standard output to the error stream."""
    with os.fdopen(os.dup(1), "wb") as sink:
        os.dup2(2, 1)
        serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()

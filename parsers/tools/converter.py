"""Gathers single wishes for a conversion into runs of many."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from parsers.errors import SandboxUnavailableError
from parsers.tools import office, sandbox


@dataclass(frozen=True, slots=True)
class _Wish:
    source: Path
    target: office.Target
    future: Future[office.Converted] = field(default_factory=Future)


class Converter:
    """Converts what is asked for while it runs: all that has come together during one run goes into the next.

    A context manager; results stand in a folder of its own and go with it.
    """

    def __init__(self) -> None:
        self._wishes: queue.SimpleQueue[_Wish | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="converter", daemon=True)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._results = self._open.enter_context(sandbox.workspace())
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wishes.put(None)
        self._thread.join()
        self._open.close()

    def convert(self, source: Path, target: office.Target) -> Future[office.Converted]:
        """Ask for one file; the answer comes when its run is done. A fault is part of the answer."""
        wish = _Wish(source, target)
        self._wishes.put(wish)
        return wish.future

    def _work(self) -> None:
        number, goes_on = 0, True
        while goes_on:
            wishes = [self._wishes.get()]
            while not self._wishes.empty():
                wishes.append(self._wishes.get())
            goes_on = None not in wishes
            for target in ("docx", "xlsx", "pdf"):
                number += 1
                self._run([wish for wish in wishes if wish and wish.target == target], target, number)

    def _run(self, wishes: list[_Wish], target: office.Target, number: int) -> None:
        if not wishes:
            return
        folder = self._results / str(number)
        sources = [wish.source for wish in wishes]
        try:
            results = office.convert_batch(sources, target, folder)
        except SandboxUnavailableError as fault:
            results = tuple(office.Converted(source, fault=fault) for source in sources)
        except OSError as error:
            for wish in wishes:
                wish.future.set_exception(error)
            return
        for wish, result in zip(wishes, results, strict=True):
            wish.future.set_result(result)

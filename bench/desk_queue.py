"""The review desk with very many documents waiting: its list, one document after another, one value after another.

Part of :mod:`bench.desk`. Documents are copies of one real reading of a workbook with doubtful values in it, handed in
by units of an invented district.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.verdict import verdict
from service.operations.desk.queue import queue_of
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.belonging import keep_belonging
from service.store.documents import add_document, find_document, set_reading
from service.store.submissions import open_submission
from service.store.units import Unit, UnitKind, keep_units
from tests.desk.district import doubtful
from tests.journeys.server import Server

FORM, KIND = "attachment-3", "choice"
MOST_MS = 150.0
UNITS, AT_ONCE, WARM_SECONDS = 200, 250, 8.0
READ_SECONDS = 300
HTMX = {"HX-Request": "true", "HX-Target": "desk-panel"}
FORM_HEAD = {"Content-Type": "application/x-www-form-urlencoded", **HTMX}
_FIELD = re.compile(r'<input[^>]* name="(path|seen|version)" value="([^"]*)"')
_MOVED = re.compile(r'action="(/review/[^"]+)"')


def queue_of_thousands(folder: Path, waiting: int, rounds: int) -> bool:
    """Measure, print; whether every step keeps within the time of a page, while they are counted too."""
    began = time.monotonic()
    first = _filled(folder, waiting)
    print(f"{waiting} documents wait, entered in {time.monotonic() - began:.0f} s", flush=True)
    server = Server(folder, year="2026")
    try:
        time.sleep(WARM_SECONDS)
        desk = _Asking(server)
        kept = [desk.told("the list, while they are counted", lambda _: desk.ask("/review"), rounds)]
        _count_all(folder)
        kept += [
            desk.told("the list", lambda _: desk.ask("/review"), rounds),
            desk.told("its last page", lambda _: desk.ask(f"/review?offset={waiting - 20}"), rounds),
            desk.told("the next document", lambda _: desk.next_document(first), rounds),
            desk.told("a value decided, the next unsure one shown", desk.next_unsure(first), rounds),
            desk.told("a value of a kind decided, the next shown", desk.next_of_kind(), rounds),
        ]
    finally:
        server.stop()
    return all(kept)


def _filled(folder: Path, waiting: int) -> str:
    """One document that is really read, and its copies; its id."""
    server = Server(folder, year="2026")
    try:
        taken = str(server.upload(doubtful(FORM, _unit(0).name), "有疑问.xlsx")["id"])
        server.wait_for(f"/api/v1/documents/{taken}", "read", "partial", seconds=READ_SECONDS)
    finally:
        server.stop()
    runtime = _runtime(folder)
    with runtime.database.reading() as connection:
        read = find_document(connection, taken)
    if read is None or read.reading is None:
        raise AssertionError(taken)
    with runtime.database.transaction() as connection:
        keep_units(connection, [_unit(number) for number in range(UNITS)], {})
    for start in range(1, waiting, AT_ONCE):
        _enter(runtime, read.reading, read.sha256, range(start, min(start + AT_ONCE, waiting)))
    runtime.close()
    return taken


def _enter(runtime: Runtime, reading: Mapping[str, Any], sha256: str, numbers: range) -> None:
    with runtime.database.transaction() as connection:
        for number in numbers:
            unit = _unit(number % UNITS)
            identity = add_document(
                connection, sha256=sha256, name=f"附件3_{number}.xlsx", size=1, form_hint=FORM, unit=unit.name
            )
            set_reading(connection, identity, "read", dict(reading))
            keep_belonging(connection, "document", identity, unit_id=unit.id, forms={FORM})
            open_submission(connection, identity)


def _unit(number: int) -> Unit:
    return Unit(f"00000000-0000-4000-8000-{number:012d}", f"海州区第{number:04d}号中学", UnitKind.DEPARTMENT)


def _runtime(folder: Path) -> Runtime:
    return open_runtime(Settings(data_dir=folder, year=2026))


def _count_all(folder: Path) -> None:
    """What the looks at the list do a little of each time."""
    runtime = _runtime(folder)
    while queue_of(runtime).uncounted:
        pass
    runtime.close()


class _Asking:
    """Somebody at the desk, who asks as the page does, over one connection."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=READ_SECONDS)
        self._origin = {"Origin": server.address, "Sec-Fetch-Site": "same-origin"}

    def told(self, name: str, step: Callable[[int], str], rounds: int) -> bool:
        """Take the step so often; prints how long that was."""
        times = []
        for number in range(rounds):
            began = time.perf_counter()
            step(number)
            times.append((time.perf_counter() - began) * 1000)
        first, times = times[0], sorted(times)
        slow = times[min(len(times) - 1, round(0.95 * len(times)))]
        is_kept = slow <= MOST_MS
        figures = f"first {first:6.0f}  p50 {times[len(times) // 2]:6.1f}  p95 {slow:6.1f} ms"
        print(f"  {name:44} {figures}  {verdict(is_kept=is_kept)}", flush=True)
        return is_kept

    def ask(self, path: str, fields: Mapping[str, str] | None = None) -> str:
        """The answer, after the redirects that the page follows."""
        answer, body = self._sent(path, fields)
        while answer.status in {302, 303}:
            answer, body = self._sent(answer.headers["Location"], None)
        if answer.status != HTTPStatus.OK:
            raise AssertionError(f"{path}: {answer.status} {body[:300]}")
        return body

    def _sent(self, path: str, fields: Mapping[str, str] | None) -> tuple[HTTPResponse, str]:
        if fields is None:
            self._connection.request("GET", path, headers={"Accept": "text/html"})
        else:
            self._connection.request("POST", path, urlencode(fields), {**FORM_HEAD, **self._origin})
        answer = self._connection.getresponse()
        return answer, answer.read().decode()

    def next_document(self, after: str) -> str:
        """From one document to the one whose turn it is after it."""
        return self.ask(f"/review/next?after={after}")

    def next_unsure(self, first: str) -> Callable[[int], str]:
        """A step that confirms the value in hand as it was read; at a document's end it goes on to the next one."""
        page = self.ask(f"/review/{first}")

        def step(_number: int) -> str:
            nonlocal page
            fields = dict(_FIELD.findall(page))
            if "path" not in fields:
                page = self.next_document(_document_of(page))
                return page
            page = self.ask(f"/review/{_document_of(page)}", {**fields, "empty": "1"})
            return page

        return step

    def next_of_kind(self) -> Callable[[int], str]:
        """The same with one value of a kind after another, across documents."""
        page = self.ask(f"/review/kinds/{KIND}")

        def step(_number: int) -> str:
            nonlocal page
            found = _MOVED.search(page)
            if found is None:
                raise AssertionError("nothing of this kind waits")
            page = self.ask(found[1], {**dict(_FIELD.findall(page)), "empty": "1"})
            return page

        return step


def _document_of(page: str) -> str:
    found = re.search(r"/review/([0-9a-f-]{36})", page)
    if found is None:
        raise AssertionError("no document is in hand")
    return found[1]

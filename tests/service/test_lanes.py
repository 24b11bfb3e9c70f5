"""Who only looks is served while all who do something wait."""

from __future__ import annotations

import threading
from types import SimpleNamespace

from service.server import DOING, _Lanes


class Call:
    """A channel of the server as its threads see it."""

    def __init__(self, method: str, gate: threading.Event) -> None:
        self.requests = [SimpleNamespace(command=method)]
        self.done = threading.Event()
        self._gate = gate

    def service(self) -> None:
        self._gate.wait(30)
        self.done.set()

    def cancel(self) -> None:
        self.done.set()


def test_a_list_is_given_while_every_thread_for_uploads_is_busy() -> None:
    lanes, shut, open_gate = _Lanes(), threading.Event(), threading.Event()
    open_gate.set()
    uploads = [Call("POST", shut) for _ in range(DOING + 5)]
    look = Call("GET", open_gate)
    try:
        for call in (*uploads, look):
            lanes.add_task(call)
        assert look.done.wait(10)
        assert not any(call.done.is_set() for call in uploads)
        shut.set()
        assert all(call.done.wait(10) for call in uploads)
    finally:
        shut.set()
        lanes.shutdown()

"""The WSGI server: threads in one process, and problem documents even for what never reaches the application.

The loop of the server takes requests in, and a thread sees a request only when all of it is there: a slow sender costs
a connection, never a thread. How long a sender may take is this module's part, see docs/decisions/0007-slow-senders.md.
"""

from __future__ import annotations

import json
import logging
import resource
import threading
import time
from dataclasses import dataclass
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import Error

from forms.errors import FormServiceError
from service.api.errors import BadRequestError, SlowRequestError
from service.problems import problem_body
from service.settings import Settings
from service.store.errors import TooLargeUploadError

LOG = logging.getLogger(__name__)
LOOKING, DOING = 14, 8
"""Threads for requests that only look, and for those that do something."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MIB = 1024 * 1024
IDLE_SECONDS = 120
LOOK_SECONDS = 1
"""How often connections are looked at."""
STALL_SECONDS = 5.0
"""When the loop itself stood still for so long, nobody is blamed for what was not taken in meanwhile."""
CONNECTIONS = 1000
FILES_A_CONNECTION = 3
"""The socket, a body and an answer too large for memory."""
OTHER_FILES = 256
TOO_LARGE = 413
TIMED_OUT = 408


@dataclass(frozen=True, slots=True)
class _Pace:
    """The slowest a sender may be: seconds for the head of a request, and for any ``seconds * rate`` bytes after it."""

    seconds: float
    rate: int


class _RequestTimeoutError(Error):
    code = TIMED_OUT
    reason = "Request Timeout"


class _ProblemTask(ErrorTask):
    """What the server itself refuses, answered like everything else: too large, too slow, a broken request."""

    def execute(self) -> None:
        request: Any = self.request
        error = request.error
        fault = self._fault(error.code)
        body = {**problem_body(fault), "title": fault.message_zh, "status": error.code, "detail": fault.message_zh}
        content = json.dumps({**body, "lang": "zh-CN"}, ensure_ascii=False).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [("Content-Type", "application/problem+json")]
        self.set_close_on_finish()
        self.content_length = len(content)
        self.write(content)

    def _fault(self, status: int) -> FormServiceError:
        if status == TOO_LARGE:
            return TooLargeUploadError(limit=f"{self.channel.server.adj.max_request_body_size // MIB} MiB")
        if status == TIMED_OUT:
            return SlowRequestError()
        return BadRequestError(name="request", reason_zh="请求格式不对", reason_en="malformed request")


class _Request(HTTPRequestParser):
    """A request that comes in, and by when it must have come further.

    The head has a fixed time. Each byte of the body buys time at the least rate, but never more than the head has: one
    who has sent much already may not stop either.
    """

    deadline: float | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing but line ends has come."""
        return not self.headers_finished and not self.header_plus.strip(b"\r\n")

    def pace(self, pace: _Pace, now: float, received: int) -> None:
        """Move the deadline after ``received`` more bytes."""
        if self.deadline is None:
            self.deadline = now + pace.seconds
        elif self.headers_finished:
            self.deadline = min(self.deadline + received / pace.rate, now + pace.seconds)


class _Channel(HTTPChannel):
    error_task_class = _ProblemTask
    parser_class = _Request
    server: _Server
    requests_lock: threading.Lock  # the stubs do not know it
    blank_since: float | None = None
    """When a sender began to send nothing but blank lines, which are no request."""

    def received(self, data: bytes) -> bool:
        now = time.monotonic()
        self.blank_since = None if data.strip(b"\r\n") else self.blank_since or now
        taken = super().received(data)
        if isinstance(self.request, _Request):
            self.request.pace(self.server.pace, now, len(data))
        return taken

    def forgive(self, now: float) -> None:
        """Give a request its full time anew: it could not come further for reasons of our own."""
        if isinstance(self.request, _Request):
            self.request.deadline = now + self.server.pace.seconds

    def expire(self, now: float) -> None:
        """Answer a request that is overdue with 408 and close; close without a word where nothing was asked."""
        with self.requests_lock:
            if self.requests:
                self.forgive(now)
                return
            if self.will_close or self.close_when_flushed or self.total_outbufs_len:
                return
            request = self.request
            if not isinstance(request, _Request) or request.is_blank:
                self.will_close = self.blank_since is not None and now > self.blank_since + self.server.pace.seconds
                return
            if request.deadline is None or now <= request.deadline:
                return
            request.error = _RequestTimeoutError("too slow")
            request.completed = True
            self.requests = [request]
            self.request = None
        LOG.info("a request came in too slowly and was ended")
        self.server.add_task(self)  # type: ignore[arg-type]  # a channel is what waitress hands in; the stub says a task


class _Lanes(ThreadedTaskDispatcher):
    """Threads for two kinds of requests: who looks at a list never waits behind fifty who hand in files."""

    def __init__(self) -> None:
        super().__init__()
        self._looking = ThreadedTaskDispatcher()
        self._looking.set_thread_count(LOOKING)
        self.set_thread_count(DOING)

    def add_task(self, task: Any) -> None:  # noqa: ANN401  # a channel; the stub says a task
        request = task.requests[0] if task.requests else None
        if request is not None and getattr(request, "command", "") in SAFE:
            self._looking.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:  # noqa: FBT001, FBT002  # as waitress has it
        self._looking.shutdown(cancel_pending, timeout)
        return super().shutdown(cancel_pending, timeout)


class _Server(TcpWSGIServer):
    channel_class = _Channel
    active_channels: dict[int, _Channel]  # type: ignore[assignment]  # the stub gives the type of one value
    effective_host: str  # the stubs do not know these two
    effective_port: str
    pace: _Pace
    looked_at: float | None = None

    def maintenance(self, now: float) -> None:
        """Called by the loop every :data:`LOOK_SECONDS`, with the time of day."""
        super().maintenance(int(now))
        moment = time.monotonic()
        stalled = self.looked_at is not None and moment - self.looked_at > LOOK_SECONDS + STALL_SECONDS
        self.looked_at = moment
        for channel in self.active_channels.values():
            if stalled:
                channel.forgive(moment)
            else:
                channel.expire(moment)


def make_server(app: Flask, settings: Settings) -> MultiSocketServer:
    """A server bound to its address (each of them, where a name has several), ready to run."""
    adjustments = Adjustments(
        host=settings.host,
        port=settings.port,
        threads=LOOKING + DOING,
        max_request_body_size=settings.request_limit_mib * MIB,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=LOOK_SECONDS,
        connection_limit=_connections(),
        asyncore_use_poll=True,  # select() knows no file number beyond 1023
        # The program must see what a proxy says: to believe it where one was announced, else to know of it
        clear_untrusted_proxy_headers=False,
        ident=None,
    )
    threads = _Lanes()
    sockets: dict[int, Any] = {}
    places: list[tuple[str, int]] = []
    listen: Any = adjustments.listen  # addresses as of getaddrinfo(); the stub still has the text that was given
    for place in listen:
        server = _Server(app, sockets, dispatcher=threads, adj=adjustments, sockinfo=place)
        server.pace = _Pace(settings.slow_seconds, max(1, settings.slow_bytes))
        places.append((server.effective_host, int(server.effective_port)))
    return MultiSocketServer(sockets, adjustments, places, threads)


def _connections() -> int:
    """How many connections there may be at once, after asking the system for as many open files as that takes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS * FILES_A_CONNECTION + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS
    return min(CONNECTIONS, max(1, (soft - OTHER_FILES) // FILES_A_CONNECTION))

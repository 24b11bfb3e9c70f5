"""The WSGI server: threads in one process, and problem documents even for what never reaches the application."""

from __future__ import annotations

import json
from typing import Any

import waitress
import waitress.server
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from service.api.errors import BadRequestError
from service.problems import problem_body
from service.settings import Settings
from service.store.errors import TooLargeUploadError

THREADS = 8
MIB = 1024 * 1024
IDLE_SECONDS = 120
TOO_LARGE = 413


class _ProblemTask(ErrorTask):
    """What the server itself refuses, answered like everything else: a body over the limit, a broken request."""

    def execute(self) -> None:
        request: Any = self.request
        error = request.error
        limit = f"{self.channel.server.adj.max_request_body_size // MIB} MiB"
        fault = (
            TooLargeUploadError(limit=limit)
            if error.code == TOO_LARGE
            else BadRequestError(name="request", reason_zh="请求格式不对", reason_en="malformed request")
        )
        body = {**problem_body(fault), "title": fault.message_zh, "status": error.code, "detail": fault.message_zh}
        content = json.dumps({**body, "lang": "zh-CN"}, ensure_ascii=False).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [("Content-Type", "application/problem+json")]
        self.set_close_on_finish()
        self.content_length = len(content)
        self.write(content)


class _Channel(HTTPChannel):
    error_task_class = _ProblemTask


def make_server(app: Flask, settings: Settings) -> waitress.server.BaseWSGIServer | waitress.server.MultiSocketServer:
    """A server bound to its address, ready to run."""
    waitress.server.BaseWSGIServer.channel_class = _Channel
    return waitress.server.create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=THREADS,
        max_request_body_size=settings.request_limit_mib * MIB,
        channel_timeout=IDLE_SECONDS,
        ident=None,
    )

"""The program as a process of its own, started, killed and started again by the journeys."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Server:
    """``service serve`` over a data folder, on a port of its own."""

    def __init__(self, data: Path, *arguments: str, inside: Sequence[str] = (), **settings: str) -> None:
        """``inside`` is the start of a command line that runs the rest of it, in surroundings of its own."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._data = data
        self._arguments = arguments
        self._inside = inside
        self._settings = {f"HZFORMS_{name.upper()}": value for name, value in settings.items()}
        self.log = data.with_suffix(".log")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {**os.environ, **self._settings}
        place = ["--data", str(self._data), "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._inside, sys.executable, "-m", "service", "serve", *place, *self._arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if self.get("/healthz")["status"] == "ok":
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> Any:
        """The JSON at a path."""
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return json.load(answer)

    def upload(self, content: bytes, name: str, **fields: str) -> dict[str, Any]:
        """Hand a file in, with what else is said of it; returns its entry."""
        boundary = uuid.uuid4().hex
        start = f"--{boundary}\r\nContent-Disposition: form-data; "
        said = "".join(f'{start}name="{key}"\r\n\r\n{text}\r\n' for key, text in fields.items())
        head = f'{said}{start}name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        request = urllib.request.Request(
            f"{self.address}/api/v1/documents",
            body,
            {"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            entry: dict[str, Any] = json.load(answer)["documents"][0]
        return entry

    def wait_for(self, path: str, *states: str, seconds: float = 60) -> dict[str, Any]:
        """Ask until the thing at ``path`` is in one of the states."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found: dict[str, Any] = self.get(path)
            if found["state"] in states:
                return found
            time.sleep(0.2)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def worker(self) -> int:
        """The process id of the worker beside the server."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
            for pid in {int(pid) for listing in children for pid in listing.read_text().split()}:
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return pid
            time.sleep(0.1)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def kill(self) -> None:
        """End the server as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)

"""Files as a virus scanner sees them: ClamAV's daemon, asked over its socket (``man clamd``, INSTREAM).

Scanning is off unless a setting turns it on. ``flag`` writes into the audit log what was found and goes on, ``block``
refuses the file; a file that could not be scanned is refused by ``block``, never passed in silence.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from forms.errors import FormServiceError
from service.audit.chain import record
from service.audit.events import Action, AuditEvent, Result
from service.operations.arrivals import Arrival
from service.settings import Settings
from service.store.blobs import Staging
from service.store.database import Database

CHUNK = 1 << 16
SECONDS = 60.0
LONGEST_ANSWER = 4096
_CLEAN = "OK"
_FOUND = "FOUND"


class MalwareFoundError(FormServiceError):
    """The scanner knows this file."""

    code = "malware-found"
    zh = "病毒扫描发现 {name},文件未接收"
    en = "The virus scanner found {name}; the file was not taken"


class ScanFailedError(FormServiceError):
    """The scanner gave no verdict."""

    code = "virus-scan-failed"
    zh = "病毒扫描没有完成,文件未接收;请稍后重试"
    en = "The virus scan was not completed and the file was not taken; try again later"


def scan(path: Path, address: str) -> str:
    """The name of what the scanner found in a file; empty where it found nothing.

    ``address`` is the path of a Unix socket, or ``host:port``.

    Raises:
        ScanFailedError: the scanner is away, or could not look at the file.
    """
    try:
        with _connected(address) as line, path.open("rb") as file:
            line.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except OSError as fault:
        raise ScanFailedError from fault
    words = answer.removeprefix("stream:").strip()
    if words == _CLEAN:
        return ""
    if words.endswith(_FOUND):
        return words.removesuffix(_FOUND).strip() or _FOUND
    raise ScanFailedError


def scanned(arrivals: Iterable[Arrival], staging: Staging, settings: Settings, database: Database) -> Iterator[Arrival]:
    """The files of a request with what the scanner says of them, as the setting ``av`` has it."""
    for arrival in arrivals:
        if settings.av == "off" or arrival.blob is None or arrival.fault is not None:
            yield arrival
            continue
        with staging.opened(arrival.blob) as path:
            fault = _fault_of(path, settings.av_socket)
        if fault is not None:
            details = {"mode": settings.av, "code": fault.code, "name": fault.detail.get("name", "")}
            result = Result.REFUSED if settings.av == "block" else Result.FAILED
            with database.transaction() as connection:
                record(connection, AuditEvent(Action.MALWARE, "file", arrival.blob.sha256, result, 1, details))
        yield replace(arrival, fault=fault) if settings.av == "block" else arrival


def _fault_of(path: Path, address: str) -> FormServiceError | None:
    try:
        found = scan(path, address)
    except ScanFailedError as fault:
        return fault
    return MalwareFoundError(name=found) if found else None


def is_answering(address: str) -> bool:
    """Whether the scanner is there."""
    try:
        with _connected(address) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except OSError:
        return False


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    host, _, port = address.rpartition(":")
    if host and port.isdigit():
        line = socket.create_connection((host, int(port)), SECONDS)
    else:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
    with line:
        if line.family == socket.AF_UNIX:
            line.connect(address)
        yield line


def _answer(line: socket.socket) -> str:
    """What the scanner says, up to the NUL that ends it."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
        answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace")

"""Tasks that a fenced child is given in tests: each does one thing a parser must not do."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

from parsers.child import Request
from parsers.errors import DamagedFileError, TooLargeError
from parsers.issued import MAP_FILE

BORN = time.monotonic()
"""When this child loaded its tasks: another child, another time."""


def echo(request: Request) -> dict[str, Any]:
    """Answer with what was given, and print on the way."""
    print("a library that prints")  # noqa: T201 - what is tested
    text = request.path.read_text(encoding="utf-8")
    return {"name": request.name, "text": text, "options": request.options}


def sidecar(request: Request) -> dict[str, Any]:
    """Answer with the text of the file beside."""
    return {"text": request.path.with_name("input.converted").read_text(encoding="utf-8")}


def damaged(request: Request) -> dict[str, Any]:
    """Refuse the file."""
    raise DamagedFileError(pointer=request.name)


def too_large(request: Request) -> dict[str, Any]:
    """Refuse the file, with a detail."""
    raise TooLargeError(limit="1 MiB", pointer=request.name)


def crash_at_word(request: Request) -> dict[str, Any]:
    """Die without a word when the file says so."""
    if request.path.read_text(encoding="utf-8") == "crash":
        os.abort()
    return echo(request)


def raises(_: Request) -> dict[str, Any]:
    """Meet a fault of the program."""
    raise KeyError("unforeseen")


def hang(request: Request) -> dict[str, Any]:
    """Never answer; report pages first if told to."""
    if request.options.get("pages"):
        request.report(int(request.options["pages"]))
    time.sleep(float(request.options.get("seconds", 3600)))
    return {}


def burn(request: Request) -> dict[str, Any]:
    """Use so many seconds of a processor."""
    last = time.process_time() + float(request.options["seconds"])
    while time.process_time() < last:
        pass
    return {}


def swell(_: Request) -> dict[str, Any]:
    """Ask for more memory than there may be."""
    return {"size": len(bytearray(10 << 30))}


def recurse(request: Request) -> dict[str, Any]:
    """Go down without end."""
    return recurse(request)


def babble(_: Request) -> dict[str, Any]:
    """Write what is no message where messages go."""
    for descriptor in range(3, 10):
        try:
            os.write(descriptor, b"\xff" * 64)
        except OSError:
            continue
    return {}


def forge(request: Request) -> dict[str, Any]:
    """Write a message of one's own choice where messages go."""
    data = bytes(request.options["message"], "utf-8")
    for descriptor in range(3, 10):
        try:
            os.write(descriptor, len(data).to_bytes(4, "big") + data)
        except OSError:
            continue
    time.sleep(60)
    return {}


def keep(_: Request) -> dict[str, Any]:
    """Hold memory after the answer."""
    sys.modules["kept"] = bytearray(200 << 20)  # type: ignore[assignment]  # anything that stays in memory
    return {"born": BORN}


def leave(request: Request) -> dict[str, Any]:
    """Leave one good file and some that must not be taken over."""
    (request.output / "page-1.png").write_bytes(b"x")
    (request.output / "link.png").symlink_to("/etc/hostname")
    (request.output / ".hidden").write_bytes(b"x")
    (request.output / "folder").mkdir()
    os.mkfifo(request.output / "pipe.png")
    os.link(request.path, request.output / "hard.png")
    return {}


def connect(request: Request) -> dict[str, Any]:
    """Try to reach a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", int(request.options["port"])), 2).close()
    except OSError as error:
        return {"reached": False, "error": str(error)}
    return {"reached": True}


def see(request: Request) -> dict[str, Any]:
    """Which of some paths can be read."""
    return {path: Path(path).exists() for path in request.options["paths"]}


def borrower(request: Request) -> dict[str, Any]:
    """Borrow documents, and answer with what was lent."""
    return {"lent": [_words(request.borrow(wanted)) for wanted in request.options["ids"]]}


def trapping_borrower(request: Request) -> dict[str, Any]:
    """Lay a link where the loan will be put."""
    wanted = str(request.options["id"])
    request.path.with_name(wanted).symlink_to(request.output)
    return {"lent": _words(request.borrow(wanted)), "caught": [path.name for path in request.output.iterdir()]}


def _words(folder: Path | None) -> str | None:
    return None if folder is None else (folder / MAP_FILE).read_text(encoding="utf-8")

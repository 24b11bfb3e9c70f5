"""Runs programs on files from outside: no network, bounded time and memory, nothing left behind.

The only module of the project that may import ``subprocess``. A program runs in a session and (where the machine
allows) in namespaces of its own, with an environment made from scratch, in a fresh folder that is its home, its
temporary folder and its working folder and is removed afterwards. ``docs/decisions/0001-sandbox.md`` tells why.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from stat import S_ISDIR
from typing import IO

from parsers.errors import SandboxUnavailableError
from parsers.limits import MIB
from parsers.tools.isolation import Level, View, candidates, wrapped
from parsers.tools.scheduling import run_delay

LAUNCHER = Path(__file__).with_name("launcher.py")
FONT_SETTINGS = Path(__file__).parents[2] / "deploy" / "fonts" / "fonts.conf"
MARKER = "FORMS_SANDBOX_RUN"
ALLOW_WEAK = "FORMS_SANDBOX_ALLOW_WEAK"
OUTPUT_KEPT = 64 * 1024
"""Bytes kept from the end of what a program prints."""
POLL_SECONDS = 0.02
FOLDER_PREFIX = "forms-work-"
LEFTOVER_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one run: ``wall`` and ``grace`` in seconds, ``memory`` and ``file_size`` in bytes.

    ``stall`` ends a run whose progress (see :func:`run`) has not moved for so many seconds. ``grace`` is the time
    between asking a program to end and ending it.
    """

    wall: float = 120.0
    memory: int = 3 << 30
    file_size: int = 512 * MIB
    open_files: int = 512
    processes: int = 256
    stall: float | None = None
    grace: float = 3.0
    nice: int = 10


@dataclass(frozen=True, slots=True)
class Completed:
    """How a run ended. ``code`` is negative for a signal; the outputs hold the last 64 KiB."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool = False


@dataclass(frozen=True)
class Running:
    """A program under way, spoken to through its pipes. End it with :meth:`close`."""

    process: subprocess.Popen[bytes]
    work: Path
    level: Level
    marker: str
    grace: float
    stdin: IO[bytes]
    stdout: IO[bytes]
    errors: Path
    _closing: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> int:
        """End the program and all it started, remove its folder, and return its exit code."""
        with self._closing:
            self.kill()
            for stream in (self.stdin, self.stdout):
                _close_quietly(stream)
            shutil.rmtree(self.work, ignore_errors=True)
            return self.process.wait()

    def kill(self) -> None:
        """End the program at once; pipes and folder stay until :meth:`close`."""
        _end(self.process, self.level, self.marker, 0.0)

    def waited(self) -> float:
        """Seconds that it could have run and had no processor: the most that any thread of it had to wait so far."""
        return max((run_delay(task) for task in _threads(self.process.pid)), default=0.0)

    def last_words(self) -> str:
        """The end of what it printed as errors."""
        return _tail(self.errors)


@contextmanager
def workspace() -> Iterator[Path]:
    """A fresh folder that only this user may enter, removed at the end."""
    path = _fresh_folder()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove folders of processes that were killed before they could: older than an hour, and their maker is gone."""
    for path in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        maker = path.name.removeprefix(FOLDER_PREFIX).partition("-")[0]
        try:
            found = path.lstat()
        except OSError:
            continue  # it went meanwhile
        is_ours = found.st_uid == os.getuid() and S_ISDIR(found.st_mode)
        is_old = time.time() - found.st_mtime > LEFTOVER_SECONDS
        if is_ours and is_old and maker.isdigit() and not Path(f"/proc/{maker}").exists():
            shutil.rmtree(path, ignore_errors=True)


def _fresh_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-")).resolve()


def run(
    argv: Sequence[str],
    *,
    work: Path,
    limits: Limits | None = None,
    read_only: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    progress: Callable[[], object] | None = None,
) -> Completed:
    """Run a program to its end or its limit.

    Args:
        argv: the program and its arguments; never a shell line.
        work: the folder it may write in, from :func:`workspace`.
        limits: what it may use.
        read_only: further files and folders it may see.
        environment: variables beside the few that are always set.
        progress: a value that changes while the program gets on, watched for ``limits.stall``.

    Raises:
        SandboxUnavailableError: if the network cannot be kept away and a weak sandbox was not allowed.
    """
    level = sandbox_level()
    if not level.is_offline and not weak_allowed():
        raise SandboxUnavailableError
    return _run(level, argv, _view(work, read_only), limits or Limits(), environment or {}, progress)


def start(
    argv: Sequence[str],
    *,
    limits: Limits | None = None,
    read_only: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> Running:
    """Start a program that is spoken to through pipes, in a folder of its own. Its wall clock is the caller's.

    It is started even where the network cannot be kept away: only our own code is run so.
    """
    level, bounds = sandbox_level(), limits or Limits()
    work = _fresh_folder()
    marker, errors = secrets.token_hex(8), work / ".stderr"
    with errors.open("wb") as stderr:
        process = subprocess.Popen(
            _command(level, argv, _view(work, read_only), replace(bounds, wall=1e6)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=work,
            env=_environment(work, marker, environment or {}),
            start_new_session=True,
        )
    if process.stdin is None or process.stdout is None:  # pragma: no cover - asked for two lines above
        raise AssertionError
    return Running(process, work, level, marker, bounds.grace, process.stdin, process.stdout, errors)


@lru_cache(maxsize=1)
def sandbox_level() -> Level:
    """The strongest way of shutting a program in that works here, found by trying each for real, once.

    Also removes what processes that were killed have left.
    """
    remove_leftovers()
    with socket.create_server(("127.0.0.1", 0)) as canary:
        for level in candidates():
            if _holds(level, canary.getsockname()[1]):
                return level
    return Level.NONE


def weak_allowed() -> bool:
    """Whether converters may run although the network cannot be kept from them (a setting; default no)."""
    return os.environ.get(ALLOW_WEAK, "").strip().lower() in {"1", "true", "yes"}


def _holds(level: Level, port: int) -> bool:
    """Try a level: the program must run, write its file, and fail to reach a port that is open."""
    script = (
        "import socket, sys\n"
        "try: socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)\n"
        "except OSError: open('offline', 'w').close()\n"
    )
    with workspace() as work:
        view = _view(work, tuple(python_folders()))
        argv = [sys.executable, "-I", "-S", "-c", script, str(port)]
        done = _run(level, argv, view, Limits(wall=10), {}, None)
        return done.code == 0 and (work / "offline").exists()


def python_folders() -> Iterator[Path]:
    """Where this interpreter and its packages live, for programs in Python."""
    for prefix in dict.fromkeys((sys.base_prefix, sys.prefix)):
        if not prefix.startswith("/usr"):
            yield Path(prefix)


def _view(work: Path, read_only: Sequence[Path]) -> View:
    fonts = (FONT_SETTINGS.parent,) if FONT_SETTINGS.exists() else ()
    return View(work, (*read_only, *fonts))


def _run(
    level: Level,
    argv: Sequence[str],
    view: View,
    limits: Limits,
    environment: Mapping[str, str],
    progress: Callable[[], object] | None,
) -> Completed:
    started, marker = time.monotonic(), secrets.token_hex(8)
    outputs = (view.work / ".stdout", view.work / ".stderr")
    with outputs[0].open("wb") as stdout, outputs[1].open("wb") as stderr:
        process = subprocess.Popen(
            _command(level, argv, view, limits),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            cwd=view.work,
            env=_environment(view.work, marker, environment),
            start_new_session=True,
        )
    try:
        timed_out = not _wait(process, limits, progress)
    finally:
        _end(process, level, marker, limits.grace)
    code = process.wait()
    return Completed(code, _tail(outputs[0]), _tail(outputs[1]), time.monotonic() - started, timed_out)


def _wait(process: subprocess.Popen[bytes], limits: Limits, progress: Callable[[], object] | None) -> bool:
    """Wait for the end; ``False`` if the wall clock or the stall limit came first."""
    ends = time.monotonic() + limits.wall
    seen, moved = (progress() if progress else None), time.monotonic()
    while (now := time.monotonic()) < ends:
        try:
            process.wait(min(POLL_SECONDS * 5, ends - now))
        except subprocess.TimeoutExpired:
            if progress and limits.stall is not None:
                state = progress()
                if state != seen:
                    seen, moved = state, now
                elif now - moved > limits.stall:
                    return False
        else:
            return True
    return False


def _command(level: Level, argv: Sequence[str], view: View, limits: Limits) -> list[str]:
    order = {
        "limits": {
            "RLIMIT_CPU": int(limits.wall * 1.5) + 1,
            "RLIMIT_AS": limits.memory,
            "RLIMIT_FSIZE": limits.file_size,
            "RLIMIT_NOFILE": limits.open_files,
            "RLIMIT_NPROC": _tasks_of_this_user() + limits.processes,
            "RLIMIT_CORE": 0,
        },
        "parent": os.getpid(),
        "nice": limits.nice,
        "filter": level is Level.SECCOMP,
    }
    return [sys.executable, "-I", "-S", str(LAUNCHER), json.dumps(order), *wrapped(level, argv, view)]


def _threads(pid: int) -> Iterator[Path]:
    """The threads of a process and of all that it started, as folders of ``/proc``."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]
    except OSError:  # it ended meanwhile
        return
    yield from tasks
    for child in children:
        yield from _threads(int(child))


def _environment(work: Path, marker: str, more: Mapping[str, str]) -> dict[str, str]:
    fonts = {"FONTCONFIG_FILE": str(FONT_SETTINGS)} if FONT_SETTINGS.exists() else {}
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(work),
        "TMPDIR": str(work),
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "SAL_USE_VCLPLUGIN": "svp",
        MARKER: marker,
        **fonts,
        **more,
    }


def _end(process: subprocess.Popen[bytes], level: Level, marker: str, grace: float) -> None:
    """Make sure that the program and all it started have ended."""
    if process.poll() is None and grace > 0:
        _signal_group(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    _signal_group(process, signal.SIGKILL)
    process.wait()
    if not level.ends_with_first:
        _end_marked(marker)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _end_marked(marker: str) -> None:
    """End what left its session: any process that carries the marker of this run in its environment."""
    wanted = f"{MARKER}={marker}".encode()
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in environ.read_bytes().split(b"\0"):
                os.kill(int(environ.parent.name), signal.SIGKILL)
        except OSError:
            continue  # it ended meanwhile, or it is another user's


def _tasks_of_this_user() -> int:
    """How many tasks this user has now: the kernel's bound counts them all."""
    tasks = 0
    for status in Path("/proc").glob("[0-9]*/task"):
        try:
            if status.stat().st_uid == os.getuid():
                tasks += sum(1 for _ in status.iterdir())
        except OSError:
            continue  # it ended meanwhile
    return tasks


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - OUTPUT_KEPT))
            return stream.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _close_quietly(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:
        return  # a pipe to a program that has ended

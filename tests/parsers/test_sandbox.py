"""The sandbox holds: at each level this machine has, by programs that try to get out."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from parsers.errors import SandboxUnavailableError
from parsers.tools import sandbox
from parsers.tools.isolation import Level, candidates
from parsers.tools.sandbox import Completed, Limits

QUICK = Limits(wall=0.5, grace=0.1)
ENOUGH = Limits(wall=10)
FORK_BOMB = "import os, time\nfor _ in range(9):\n    os.fork()\ntime.sleep(60)"
STOPPED = "import os, signal\nos.fork() or os.kill(os.getpid(), signal.SIGSTOP)\nos.wait()"
DAEMON = """
import os, time
ready, told = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("alive", "w").close()
        os.write(told, b".")
        time.sleep(600)
    os._exit(0)
os.read(ready, 1)
"""


@dataclass
class Canary:
    """A port on this machine that counts who comes."""

    server: socket.socket
    hits: list[bytes] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.server.getsockname()[1])

    def listen(self) -> None:
        while True:
            try:
                caller, _ = self.server.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(1)
                self.hits.append(caller.recv(4096))
                caller.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")


@pytest.fixture
def canary() -> Iterator[Canary]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Canary(server)
        thread = threading.Thread(target=found.listen, daemon=True)
        thread.start()
        yield found
        server.shutdown(socket.SHUT_RDWR)
    thread.join(2)


@pytest.fixture(params=[*candidates(), Level.NONE])
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Level:
    """Each level that this machine may have, one after the other."""
    chosen = Level(request.param)
    if chosen is not Level.NONE:
        with socket.create_server(("127.0.0.1", 0)) as server:
            if not sandbox._holds(chosen, server.getsockname()[1]):
                pytest.skip(f"{chosen} does not work on this machine")
    monkeypatch.setattr(sandbox, "sandbox_level", lambda: chosen)
    monkeypatch.setenv(sandbox.ALLOW_WEAK, "1")
    return chosen


def python(script: str, *arguments: str, limits: Limits = ENOUGH) -> Completed:
    with sandbox.workspace() as work:
        argv = [sys.executable, "-I", "-S", "-c", script, *arguments]
        return sandbox.run(argv, work=work, limits=limits, read_only=list(sandbox.python_folders()))


def running_with(word: str) -> list[str]:
    """The command lines of living processes, inside whatever fence, that have this word in them."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = place.read_text(encoding="utf-8", errors="replace")
            found += [words] if word in words else []
    return found


class TestEachLevel:
    def test_what_a_program_says_comes_back(self, level: Level) -> None:
        done = python("import sys; print('好'); print('bad', file=sys.stderr); sys.exit(3)")
        assert (done.code, done.stdout, done.stderr, done.timed_out) == (3, "好\n", "bad\n", False), level

    def test_the_network_is_out_of_reach(self, level: Level, canary: Canary) -> None:
        script = (
            "import socket, sys\n"
            "for family, address in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::ffff:127.0.0.1')):\n"
            "    try: socket.socket(family).connect((address, int(sys.argv[1])))\n"
            "    except OSError: pass\n"
            "    else: print('reached')\n"
        )
        done = python(script, str(canary.port))
        assert done.code == 0, done.stderr
        assert (done.stdout == "") is level.is_offline

    def test_a_loop_without_end_is_ended(self, level: Level) -> None:
        done = python("while True: pass", limits=QUICK)
        assert done.timed_out, level
        assert done.seconds < QUICK.wall + QUICK.grace + 2

    def test_one_that_will_not_listen_is_ended(self, level: Level) -> None:
        done = python(
            "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)", limits=QUICK
        )
        assert done.timed_out, level
        assert done.seconds < QUICK.wall + QUICK.grace + 2

    def test_one_that_stands_still_is_ended(self, level: Level) -> None:
        assert python(STOPPED, limits=QUICK).timed_out, level

    def test_memory_is_bounded(self, level: Level) -> None:
        done = python("x = bytearray(10 << 30)")
        assert done.code != 0, level
        assert "MemoryError" in done.stderr

    def test_files_are_bounded(self, level: Level) -> None:
        script = "f = open('big', 'wb')\nfor _ in range(100): f.write(bytes(1 << 20))"
        assert python(script, limits=Limits(wall=10, file_size=1 << 20)).code != 0, level

    def test_a_daemon_does_not_outlive_its_run(self, level: Level) -> None:
        marker = uuid.uuid4().hex
        with sandbox.workspace() as work:
            argv = [sys.executable, "-I", "-S", "-c", DAEMON, marker]
            done = sandbox.run(argv, work=work, limits=ENOUGH, read_only=list(sandbox.python_folders()))
            assert not done.timed_out, level
            assert (work / "alive").exists(), "it was there before the run ended"
        until = time.monotonic() + 5  # it was told to end before: the kernel may need a moment on a busy machine
        while (left := running_with(marker)) and time.monotonic() < until:
            time.sleep(0.02)
        assert not left, level

    def test_many_children_end_together(self, level: Level) -> None:
        assert python(FORK_BOMB, limits=QUICK).timed_out, level
        assert python("print('fine')").stdout == "fine\n"


def test_files_outside_are_not_to_be_seen_in_the_strongest_level(tmp_path: Path) -> None:
    if sandbox.sandbox_level() is not Level.BWRAP:
        pytest.skip("bwrap does not work on this machine")
    secret = tmp_path / "secret"
    secret.write_text("x", encoding="utf-8")
    script = "import os, sys\nprint([os.path.exists(p) for p in sys.argv[1:]])"
    assert python(script, str(secret), "/etc/passwd", "/usr/bin").stdout == "[False, False, True]\n"


def test_the_environment_is_made_from_scratch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "secret")
    monkeypatch.setenv("http_proxy", "secret")
    done = python(
        "import os; print(sorted(os.environ)); print(os.environ['HOME'] == os.environ['TMPDIR'] == os.getcwd())"
    )
    names, home = done.stdout.splitlines()
    assert "proxy" not in names
    assert "DATABASE_URL" not in names
    assert home == "True"


def test_without_a_fence_a_converter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "sandbox_level", lambda: Level.NONE)
    monkeypatch.delenv(sandbox.ALLOW_WEAK, raising=False)
    with pytest.raises(SandboxUnavailableError):
        python("print('ran')")


def test_a_run_that_gets_nowhere_is_ended_before_its_time() -> None:
    with sandbox.workspace() as work:
        argv = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"]
        done = sandbox.run(
            argv,
            work=work,
            limits=Limits(wall=60, stall=0.5, grace=0.2),
            read_only=list(sandbox.python_folders()),
            progress=lambda: 0,
        )
    assert done.timed_out
    assert done.seconds < 3


def test_nothing_is_left_behind() -> None:
    with sandbox.workspace() as work:
        argv = [sys.executable, "-I", "-S", "-c", "open('left', 'w').close()"]
        sandbox.run(argv, work=work, read_only=list(sandbox.python_folders()))
        assert (work / "left").exists()
    assert not work.exists()


def test_a_program_that_is_spoken_to_ends_with_its_folder() -> None:
    running = sandbox.start(["/bin/cat"])
    running.stdin.write(b"hello\n")
    running.stdin.flush()
    assert running.stdout.readline() == b"hello\n"
    running.close()
    assert not running.work.exists()


def test_what_a_killed_process_left_is_removed_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    names = {"old": "forms-work-999999999-a", "alive": f"forms-work-{os.getpid()}-b", "new": "forms-work-999999999-c"}
    for name in names.values():
        (tmp_path / name).mkdir()
    for kind in ("old", "alive"):
        os.utime(tmp_path / names[kind], (0, 0))
    (tmp_path / "forms-work-999999999-d").symlink_to(tmp_path / names["new"])
    sandbox.remove_leftovers()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {names["alive"], names["new"], "forms-work-999999999-d"}

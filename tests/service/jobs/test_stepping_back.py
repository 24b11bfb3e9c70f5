"""The process that does jobs leaves the processors to those who answer people."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

from service.jobs.child import NICE, Word, serve_jobs
from service.runtime import Runtime


def test_a_child_is_nicer_than_its_worker_and_so_is_its_session(make_runtime: Callable[..., Runtime]) -> None:
    settings = make_runtime().settings
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    child = spawn.Process(target=serve_jobs, args=(settings, theirs))
    child.start()
    try:
        assert ours.poll(60)
        assert ours.recv() == Word("ready")
        assert child.pid is not None
        here = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == min(19, here + NICE)
        group = Path(f"/proc/{child.pid}/autogroup")
        if group.exists() and group.read_text(encoding="ascii").strip():
            assert group.read_text(encoding="ascii").split()[-1] == str(NICE)
        ours.send(None)
        child.join(30)
        assert child.exitcode == 0
    finally:
        child.kill()

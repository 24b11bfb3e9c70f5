"""The program with a few more kinds of job, which do what real ones should not; run by the contract tests.

Spawned workers and children import this file too, and so know these kinds.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from forms.errors import FormServiceError, UnusableDataError
from service.jobs.tasks import TASKS, Made, Task, Tell
from service.runtime import Runtime
from service.store.jobs import Job, add_result


def run(_runtime: Runtime, job: Job, tell: Tell) -> Made:
    """What the job's arguments say; each run leaves a line in its diary."""
    act = job.arguments["act"]
    write(job, "run")
    if act == "crash" or (act == "crash once" and job.attempt == 0):
        os.kill(os.getpid(), signal.SIGKILL)
    elif act == "native" or (
        act == "native once" and job.lost_count == 0
    ):  # a call that no signal handler can interrupt
        hashlib.pbkdf2_hmac("sha256", b"a", b"b", 10**9)
    elif act == "memory":
        bytearray(1 << 40)
    elif act == "fault":
        raise UnusableDataError(pointer_text="$", reason_zh="试验", reason_en="a test")
    elif act == "sleep":
        for second in range(int(job.arguments["seconds"] * 10)):
            time.sleep(0.1)
            tell(second, job.total, "睡")
    tell(job.total, job.total, "完")
    return {"said": act}


def store(_runtime: Runtime, connection: Connection, job: Job, made: Made) -> dict[str, Any]:
    """An effect that cannot be had twice."""
    add_result(connection, job, "effect", "0" * 64, 1)
    return made


def give_up(_connection: Connection, job: Job, _fault: FormServiceError) -> None:
    """What is written when it never gets done; once, too."""
    write(job, "given up")


def write(job: Job, what: str) -> None:
    """A line in the job's diary."""
    with Path(job.arguments["diary"]).open("a", encoding="utf-8") as diary:
        diary.write(json.dumps({"job": job.id, "what": what, "pid": os.getpid(), "at": time.time()}) + "\n")


TASKS["contract"] = Task(run, store, give_up, "ocr")

if __name__ == "__main__":
    from service.cli.main import main  # a child has no use for the command line

    main(sys.argv[1:])

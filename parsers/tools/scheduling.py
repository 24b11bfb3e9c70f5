"""How long processes stood ready and had no processor: time that nobody may count against them."""

from __future__ import annotations

from pathlib import Path

_OWN = Path("/proc/self/task")


def run_delay(task: Path) -> float:
    """Seconds that a thread stood ready without running, by its folder in ``/proc``.

    0 where it ended meanwhile or this system does not count (``Documentation/scheduler/sched-stats.rst`` of Linux).
    """
    try:
        return int((task / "schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def own_run_delay() -> float:
    """The same of the thread of this process that stood so longest: threads wait side by side."""
    try:
        tasks = list(_OWN.iterdir())
    except OSError:  # no /proc here
        return 0.0
    return max(map(run_delay, tasks), default=0.0)

"""Many jobs one after the other: the processes that live on do not grow with them."""

from __future__ import annotations

import io
import resource
import statistics
import time
from pathlib import Path

import xlsxwriter

from bench.faults.installation import Installation, installation

MOST_SLOPE = 1.0
"""MiB that a process may grow with every hundred jobs."""
WARM = 100
"""Jobs until all that is loaded once has been loaded."""
LOOK_EVERY = 25
MIB = 1024 * 1024
WHO = ("web", "worker")


def soak(count: int) -> bool:
    """So many jobs on SQLite, half of them small workbooks and half broken; the memory of web and worker is watched."""
    with installation("sqlite", lease_seconds="60") as (place, _):
        began = time.monotonic()
        points = [(place.ended(), _resident(place))]
        number = 0
        while points[-1][0] < count:
            while place.waiting() < LOOK_EVERY:
                number += 1
                place.hand_in(_workbook(number) if number % 2 else b"", f"{number}.xlsx" if number % 2 else "")
            if place.ended() >= points[-1][0] + LOOK_EVERY:
                points.append((place.ended(), _resident(place)))
            time.sleep(0.2)
        lost, double = len(place.missing()), place.doubles()
        place.cancel_all()
    warm = [point for point in points if point[0] >= min(WARM, count // 2)]
    slopes = {
        who: statistics.linear_regression([ended for ended, _ in warm], [sizes[who] for _, sizes in warm]).slope * 100
        for who in WHO
    }
    kept = not lost and not double and all(slope < MOST_SLOPE for slope in slopes.values())
    grown = ", ".join(f"{who} {warm[-1][1][who]:.0f} MiB, {slope:+.2f} a hundred" for who, slope in slopes.items())
    print(
        f"soak: {points[-1][0]} jobs in {time.monotonic() - began:.0f} s: {grown}; lost {lost}, double {double} -> "
        f"{'kept' if kept else 'NOT KEPT'}",
        flush=True,
    )
    return kept


def _resident(place: Installation) -> dict[str, float]:
    """MiB of memory that each process holds."""
    found = place.processes()
    pages = {who: Path(f"/proc/{found[who]}/statm").read_text(encoding="ascii").split()[1] for who in WHO}
    return {who: int(count) * resource.getpagesize() / MIB for who, count in pages.items()}


def _workbook(number: int) -> bytes:
    """A small list, another one for each number."""
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate((["序号", "姓名", "工作单位"], ["1", f"张某{number}", "区第一中学"])):
            sheet.write_row(line, 0, row)
    return whole.getvalue()

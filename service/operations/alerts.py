"""What somebody should look at now: each alert has a stable code, a sentence, and a figure.

They stand first on the health page, as ``service_alert`` in ``/metrics``, and in the log when they begin and end.
Sources: requirements E4, D2, G2 and reliability rows R10, R14 of the security design.
"""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from service.audit.events import Action, Result
from service.settings import Settings
from service.store.audit_tables import audit_events
from service.store.tables import jobs

HOUR, DAY = 3600.0, 24 * 3600.0
FAILED_SIGN_INS = 30
"""Failed sign-ins in an hour, by whomever: a person who forgot gives up sooner."""
DENIALS = 50
"""Refused calls in an hour."""
PLAIN_VIEWS = 500
"""People whose whole numbers were seen or taken away in a day, in all (E4)."""
STUCK_SECONDS = 900.0
CODES = (
    "jobs-dead",
    "queue-stuck",
    "disk-low",
    "sign-in-failures",
    "denials",
    "plain-numbers",
    "malware",
    "audit-broken",
    "store-damaged",
)


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at; ``figure`` is how many, or how much."""

    code: str
    words: str
    figure: float = 1.0


def alerts(connection: Connection, settings: Settings) -> list[Alert]:
    """All that hold now."""
    return [*_of_jobs(connection), *_of_disk(settings), *_of_acts(connection), *_of_checks(connection)]


def _of_jobs(connection: Connection) -> Iterator[Alert]:
    now = time.time()
    given_up = jobs.c.state.in_(("dead", "timed_out")) & (jobs.c.finished_at > now - DAY)
    dead = int(connection.execute(select(func.count()).select_from(jobs).where(given_up)).scalar_one())
    if dead:
        yield Alert("jobs-dead", f"一天内有 {dead} 个任务没有做成，原件保留，请查看任务页并重新排队", dead)
    due = (jobs.c.state == "queued") & (jobs.c.run_at <= now)
    oldest = connection.execute(select(func.min(jobs.c.run_at)).where(due)).scalar_one()
    if oldest is not None and now - oldest > STUCK_SECONDS:
        minutes = int((now - oldest) // 60)
        yield Alert("queue-stuck", f"任务已排队 {minutes} 分钟没有人做，请检查工作进程", now - oldest)


def _of_disk(settings: Settings) -> Iterator[Alert]:
    usage = shutil.disk_usage(settings.data_dir)
    lowest = max(4 * settings.reserve_mib << 20, usage.total // 50)
    if usage.free < lowest:
        yield Alert("disk-low", f"磁盘只剩 {usage.free >> 20} MiB，很快不能再收件，请清理或扩容", usage.free)


def _of_acts(connection: Connection) -> Iterator[Alert]:
    failed, _ = _counted(connection, HOUR, Action.SIGN_IN_FAILED)
    if failed > FAILED_SIGN_INS:
        yield Alert("sign-in-failures", f"一小时内登录失败 {failed} 次，请查看审计记录", failed)
    denied, _ = _counted(connection, HOUR, Action.DENIED)
    if denied > DENIALS:
        yield Alert("denials", f"一小时内有 {denied} 次越权访问被拒绝，请查看审计记录", denied)
    _, people = _counted(connection, DAY, Action.PLAIN_ID)
    if people > PLAIN_VIEWS:
        yield Alert("plain-numbers", f"一天内查看或导出完整证件号 {people} 人次，请核实", people)
    found, _ = _counted(connection, DAY, Action.MALWARE)
    if found:
        yield Alert("malware", f"一天内有 {found} 个文件被病毒扫描拦下或未能扫描", found)


def _counted(connection: Connection, seconds: float, *actions: Action) -> tuple[int, int]:
    """How many such events there were, and of how many people in all."""
    since = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)).isoformat(timespec="seconds")
    where = audit_events.c.action.in_([action.value for action in actions]) & (audit_events.c.at >= since)
    query = select(func.count(), func.coalesce(func.sum(audit_events.c["count"]), 0)).where(where)
    events, people = connection.execute(query).one()
    return int(events), int(people)


def _of_checks(connection: Connection) -> Iterator[Alert]:
    for what, code, words in (
        ("audit", "audit-broken", "上次核对发现审计链被改动或缺失，请立即保全现场"),
        ("store", "store-damaged", "上次核对发现文件或数据缺失、损坏，请从备份恢复"),
    ):
        mine = (audit_events.c.action == Action.VERIFY.value) & (audit_events.c.object_type == what)
        newest = select(audit_events.c.result).where(mine).order_by(audit_events.c.number.desc()).limit(1)
        if connection.execute(newest).scalar_one_or_none() == Result.FAILED.value:
            yield Alert(code, words)


class Watched:
    """Remembers which alerts hold, to tell when one begins and ends."""

    def __init__(self) -> None:
        self._held: dict[str, Alert] = {}

    def changes(self, now: list[Alert]) -> tuple[list[Alert], list[Alert]]:
        """The alerts that began and those that ended since the last look."""
        held = {alert.code: alert for alert in now}
        began = [alert for code, alert in held.items() if code not in self._held]
        ended = [alert for code, alert in self._held.items() if code not in held]
        self._held = held
        return began, ended

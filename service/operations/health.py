"""What is weak about an installation, as sentences for its administrator."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, select

from parsers.tools import office
from parsers.tools.sandbox import sandbox_level
from service.access.policy import policy
from service.audit.events import Action, Result
from service.operations.alerts import alerts
from service.operations.antivirus import is_answering
from service.operations.editions import catalogue_of
from service.settings import Settings
from service.store.audit_tables import audit_events
from service.store.database import wal_is_safe
from service.store.key_tables import data_keys, file_keys
from service.store.sealing.vault import vault_of

ZIP_FIXED = (3, 11, 8)
BACKUP_HOURS = 24
VERIFY_HOURS = 7 * 24
LOW_BYTES = 2 << 30
FILE_KEY_SECONDS = 24 * 3600.0


def weaknesses(connection: Connection, settings: Settings) -> list[str]:
    """Everything that an administrator should know and perhaps change."""
    urgent = [f"警报:{alert.words}" for alert in alerts(connection, settings)]
    return [
        *urgent,
        *_of_machine(),
        *_of_settings(settings),
        *_of_keys(connection, settings),
        *_of_care(connection, settings),
    ]


@cache
def office_version() -> str:
    """The version of LibreOffice, empty without one; asked once."""
    return office.version() or ""


def _of_machine() -> Iterator[str]:
    if sandbox_level().value in {"none", "weak"}:
        yield "没有可用的隔离环境:LibreOffice 转换已停用"
    if sys.version_info[:3] < ZIP_FIXED:
        yield f"Python {sys.version.split()[0]} 的 zipfile 有已知缺陷,已由程序自带的检查弥补"
    if not wal_is_safe():
        yield f"SQLite {sqlite3.sqlite_version} 的 WAL 模式有已知缺陷,已改用 DELETE 日志"
    if not office_version():
        yield "没有找到 LibreOffice:不能生成 PDF,也读不了旧格式文件"


def _of_settings(settings: Settings) -> Iterator[str]:
    if changes := policy().changes:
        yield f"权限或遮盖按 {settings.rights_file.name} 改动 {len(changes)} 处:{';'.join(changes)}"
    if settings.av == "off":
        yield "没有启用病毒扫描(HZFORMS_AV=off)"
    elif not is_answering(settings.av_socket):
        yield "病毒扫描程序没有应答(HZFORMS_AV_SOCKET)"
    if settings.blobs and settings.s3_endpoint.startswith("http://"):
        yield "文件存储的连接未加密(HZFORMS_S3_ENDPOINT 不是 https)"
    if not settings.retention_days:
        yield "没有设定个人信息保存期限(HZFORMS_RETENTION_DAYS)"
    yield from (f"表格版本 {name} 的文件已损坏,不能使用,请从备份恢复" for name in catalogue_of(settings).damaged)
    free = shutil.disk_usage(settings.data_dir).free
    if free < LOW_BYTES:
        yield f"数据目录所在磁盘只剩 {free >> 20} MiB"


def _of_keys(connection: Connection, settings: Settings) -> Iterator[str]:
    file = settings.outer_key.file
    if settings.key:
        yield "外层密钥写在环境变量里(HZFORMS_KEY),同一账号的其他程序可能看到"
    elif file.is_relative_to(settings.data_dir):
        yield "密钥文件放在数据目录里:拷走数据目录的人同时拿到密钥"
    states = set(connection.scalars(select(data_keys.c.state).where(data_keys.c.purpose == "data")))
    if not settings.seal_files:
        yield "收到和生成的文件不加密保存(HZFORMS_SEAL_FILES=off)"
    old = file_keys.c.retired_at < time.time() - FILE_KEY_SECONDS
    if connection.execute(select(file_keys.c.id).where(old).limit(1)).first() is not None:
        yield "已停用的文件密钥还没有销毁:请运行 service admin seal-files"
    if "retired" in states:
        yield "更换密钥没有做完:请再运行 service admin rekey"
    vault = vault_of(connection.dialect)
    if vault.keys.sealing[vault.keys.current].suite is not settings.suite:
        yield "现用密钥的算法与设定(HZFORMS_CRYPTO)不同:请运行 service admin rekey"


def _of_care(connection: Connection, settings: Settings) -> Iterator[str]:
    for action, what, hours in (
        (Action.BACKUP, "备份", BACKUP_HOURS),
        (Action.VERIFY, "完整性核对(verify-store、verify-audit)", VERIFY_HOURS),
    ):
        last = last_time(connection, action)
        if last is None:
            yield f"从未做过{what}"
        elif (age := dt.datetime.now(dt.UTC) - last) > dt.timedelta(hours=hours):
            yield f"上次{what}是 {int(age.total_seconds() // 3600)} 小时之前"
    newest = select(audit_events.c.result).where(audit_events.c.action == Action.VERIFY.value)
    latest = connection.execute(newest.order_by(audit_events.c.number.desc()).limit(1)).scalar_one_or_none()
    if latest == Result.FAILED.value:
        yield "上次完整性核对发现了缺失或改动,见审计记录"
    if not settings.database and not settings.is_local:
        yield "对外服务而使用 SQLite:人多时请改用 PostgreSQL"


def last_time(connection: Connection, action: Action) -> dt.datetime | None:
    """When something of that kind was last done well."""
    done = (audit_events.c.action == action.value) & (audit_events.c.result == Result.DONE.value)
    query = select(audit_events.c.at).where(done).order_by(audit_events.c.number.desc()).limit(1)
    at = connection.execute(query).scalar_one_or_none()
    return None if at is None else dt.datetime.fromisoformat(at)


def versions() -> dict[str, str]:
    """What the installation runs on."""
    return {
        "Python": sys.version.split()[0],
        "SQLite": sqlite3.sqlite_version,
        "LibreOffice": office_version() or "无",
        "隔离环境": sandbox_level().value,
    }

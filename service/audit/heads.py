"""The head of the audit chain, written once a day to a file outside of the database.

A database that was put back to an earlier state has a chain that is whole in itself; these lines show that it was
longer. They are worth most where they are copied elsewhere every day, with the log (``docs/keeping.md``).
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from forms.errors import FormServiceError
from service.audit.chain import Head, head_of, head_seal
from service.store.sealing.vault import Vault, vault_of

LOG = logging.getLogger(__name__)


class HeadFileError(FormServiceError):
    """The file of exported heads holds a line that the service did not write."""

    code = "audit-heads-altered"
    zh = "审计链头文件 {name} 第 {line} 行不是本系统写下的"
    en = "Line {line} of the file of audit heads {name} was not written by this service"


def heads_file(data_dir: Path) -> Path:
    """Where the heads of an installation are."""
    return data_dir / "audit-heads.jsonl"


def export_head(connection: Connection, path: Path, *, daily: bool = True) -> bool:
    """Append the head as it is now; with ``daily`` not twice on one day (UTC). Returns whether a line was written."""
    today = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    lines = _lines(path)
    if daily and lines and json.loads(lines[-1])["at"][:10] == today[:10]:
        return False
    head = head_of(connection)
    line = {"at": today, "number": head.number, "mac": head.mac, "seal": head_seal(vault_of(connection.dialect), head)}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
    LOG.info("the audit chain has %d events, its head is %s", head.number, head.mac)
    return True


def exported_heads(path: Path, vault: Vault) -> Iterator[Head]:
    """The heads of the days before.

    Raises:
        HeadFileError: a line is none, or not of this service.
    """
    for number, line in enumerate(_lines(path), start=1):
        try:
            found = json.loads(line)
            head = Head(int(found["number"]), str(found["mac"]))
            is_ours = found["seal"] == head_seal(vault, head)
        except (ValueError, KeyError, TypeError):
            is_ours = False
            head = Head(0, "")
        if not is_ours:
            raise HeadFileError(name=path.name, line=number)
        yield head


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []

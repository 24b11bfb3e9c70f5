"""Whether anything was written since: a mark of the whole database that differs after every commit of anybody.

On SQLite it is ``PRAGMA data_version`` of a connection that never writes, on PostgreSQL the transactions that are
visible (``pg_current_snapshot``). Both are told by the database itself, so that no writer can forget to say it.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

from sqlalchemy import text

from service.store.database import Database

Mark = int | str


class Standing:
    """Tells the mark of a database; ``None`` where it cannot be told just now."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._watcher: sqlite3.Connection | None = None

    def mark(self) -> Mark | None:
        """The mark as it is now. What is read after it is at least as new."""
        if not self._database.is_sqlite:
            with self._database.reading() as connection:
                return str(connection.execute(text("select pg_current_snapshot()::text")).scalar_one())
        with self._lock:
            try:
                with closing(self._connected().execute("pragma data_version")) as found:
                    return int(found.fetchone()[0])
            except sqlite3.Error:
                return None

    def _connected(self) -> sqlite3.Connection:
        if self._watcher is None:
            path = self._database.engine.url.database or ""
            self._watcher = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
        return self._watcher

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._watcher is not None:
                self._watcher.close()
                self._watcher = None

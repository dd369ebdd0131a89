"""SQLite files with a write-ahead log, as all of ours have."""

from __future__ import annotations

import sqlite3
import time

_PAUSE_S = 0.005


def begin_wal(connection: sqlite3.Connection) -> None:
    """Give a connection's file a write-ahead log, if it has none yet.

    Where several processes open a new file at once, SQLite refuses some of them without its usual wait, since two of them
    could wait for each other; so those wait here, as long as the connection waits for any lock (`busy_timeout`).

    Raises:
        sqlite3.OperationalError: the file stayed locked, or cannot be written.
    """
    (patience_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    end = time.monotonic() + patience_ms / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_PAUSE_S)
        else:
            return

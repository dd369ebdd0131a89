"""What a database's refusal means to the user."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from engine.errors import IntegrityError, PyfiError, StorageError, StorageFull, StorageReadOnly

_PRIMARY = 0xFF
"""SQLite's extended result codes keep the primary code in the low byte."""

_WRITING = frozenset({
    "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_SHMSIZE",
    "SQLITE_IOERR_SHMMAP", "SQLITE_IOERR_COMMIT_ATOMIC",
})  # fmt: skip
_LOCKED = "is locked by another process: end that process, or wait until it is done"
_DAMAGED = "is damaged or not a ledger ({}): restore it from a copy, or move it away to start anew"
_CURES = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: "cannot be opened ({}): check that its folder exists and that you may use it",
}
_LITTLE_BYTES = 1 << 20
_RETRY = frozenset({"40001", "40P01"})
"""PostgreSQL's serialization failure and deadlock: the same transaction, run again, goes through."""


def passes_on_retry(error: BaseException) -> bool:
    """Whether the database only asks to do the transaction again."""
    return getattr(error, "sqlstate", None) in _RETRY


def violates_uniqueness(error: BaseException) -> bool:
    """Whether a row was to be written that is there already."""
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return getattr(error, "sqlstate", None) == "23505"


def translated(error: BaseException, url: URL) -> PyfiError | None:
    """The error to show for one of a driver; None when it is not about storage but a fault of this program."""
    if isinstance(error, sqlite3.Error):
        return _sqlite(error, Path(url.database or ""))
    if error.__class__.__module__.partition(".")[0] == "psycopg":
        return _postgresql(error, url.render_as_string(hide_password=True))
    return None


def _sqlite(error: sqlite3.Error, path: Path) -> PyfiError | None:
    code: int = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    name: str = getattr(error, "sqlite_errorname", "")
    where = f"the ledger {path}"
    if code == sqlite3.SQLITE_CONSTRAINT:
        return IntegrityError(f"{where} refused what breaks its rules ({error}); nothing was written")
    if code == sqlite3.SQLITE_FULL or name in _WRITING or (code == sqlite3.SQLITE_IOERR and _crowded(path)):
        return StorageFull(f"{where} cannot be written ({error}): free some space on its disk; nothing was lost")
    forbidden = code == sqlite3.SQLITE_CANTOPEN and path.parent.is_dir() and not _writable(path)
    if forbidden or code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StorageReadOnly(f"{where} may not be written ({error}): allow writing to it and its folder")
    if code in _CURES:
        return StorageError(f"{where} {_CURES[code].format(error)}")
    if isinstance(error, sqlite3.OperationalError | sqlite3.InternalError):
        return StorageError(f"{where} failed ({error}): check its disk, and that nobody moved or deleted it")
    return None


def _writable(path: Path) -> bool:
    return all(os.access(place, os.W_OK) for place in (path, path.parent) if place.exists())


def _crowded(path: Path) -> bool:
    """Whether so little space is left that an unspecific fault is best explained by it."""
    try:
        return shutil.disk_usage(path.parent).free < _LITTLE_BYTES
    except OSError:
        return False


def _postgresql(error: Any, place: str) -> PyfiError | None:
    state: str = error.sqlstate or ""
    reason = str(error).strip().partition("\n")[0]
    if violates_uniqueness(error) and error.diag.table_name == "ledger_batch":
        return IntegrityError(f"a batch was made twice: {error.diag.message_detail} nothing was written")
    where = f"the ledger {place}"
    if state == "55P03":
        return StorageError(f"{where} {_LOCKED}")
    if state.startswith("23"):
        return IntegrityError(f"{where} refused what breaks its rules ({reason}); nothing was written")
    if state == "53100":
        return StorageFull(f"{where} has no space left ({reason}): free some on its server; nothing was lost")
    if state in ("25006", "42501"):
        return StorageReadOnly(f"{where} may not be written ({reason}): allow writing, or use another server")
    if state[:2] in ("", "08", "28", "3D", "53", "55", "57", "58", "XX"):
        cure = "check that its server runs, the database's name, the user and the password"
        return StorageError(f"{where} cannot be used ({reason}): {cure}")
    return None

"""The database's errors as errors a user can understand and cure."""

from __future__ import annotations

import re

from sqlalchemy import exc

from engine.database.tables.base import RULE, Base
from engine.errors import IntegrityError, PyfiError, StorageError, StorageFull, StorageReadOnly

_NAMED = re.compile(r"CHECK constraint failed: (\w+)")


def translate(error: Exception, where: str) -> PyfiError:
    """What `error`, met while using the database called `where`, means to the user."""
    original = getattr(error, "orig", None) or error
    if isinstance(original, PyfiError):
        return original  # raised by a column type, for example for a value that has no exact JSON
    if isinstance(error, exc.IntegrityError):
        return IntegrityError(_broken_rule(original))
    if isinstance(error, exc.DataError) or isinstance(original, (OverflowError, UnicodeError)):
        return IntegrityError(f"a value does not fit its column ({_first_line(original)}); correct it")
    if isinstance(error, (exc.TimeoutError, exc.DBAPIError)):
        return _storage_error(str(original), where)
    return StorageError(f"{where} could not do its work ({_first_line(original)})")


def _broken_rule(original: object) -> str:
    """The sentence of the constraint that was broken, or of its kind."""
    name = getattr(getattr(original, "diag", None), "constraint_name", None)
    match = _NAMED.search(str(original))
    name = name or (match[1] if match else None)
    if name in RULES:
        return RULES[name]
    state = getattr(original, "sqlstate", None)
    for code, fragment, sentence in _KINDS:
        if state == code or fragment in str(original):
            return sentence
    return f"it breaks a rule of the database ({_first_line(original)})"


_KINDS = (
    ("23505", "UNIQUE constraint failed", "there already is one of that id or name; choose another"),
    (
        "23503",
        "FOREIGN KEY constraint failed",
        "it refers to something that is not there, or something still refers to it",
    ),
    ("23502", "NOT NULL constraint failed", "something is missing that must be there, or a number is none (nan)"),
)


def _storage_error(message: str, where: str) -> StorageError:
    lowered = message.lower()
    for fragments, kind, reason in _STORAGE:
        if any(re.search(fragment, lowered) for fragment in fragments):
            return kind(f"{where} {reason}")
    return StorageError(f"{where} cannot be used ({_first_line(message)})")


_STORAGE: tuple[tuple[tuple[str, ...], type[StorageError], str], ...] = (
    (
        ("disk is full", "no space left", "disk full"),
        StorageFull,
        "cannot grow: the disk is full; free some space and try again",
    ),
    (
        ("readonly database", "read-only transaction", "read-only file"),
        StorageReadOnly,
        "is read-only: give this user the right to write it and its folder, or name another by PYFI_DATABASE_URL",
    ),
    (
        ("file is not a database", "malformed", "file is encrypted"),
        StorageError,
        "is damaged or no PYFI database: restore a backup, or move the file away to begin with an empty one",
    ),
    (("database is locked",), StorageError, "is locked by another program: end that program or wait until it is done"),
    (
        ("unable to open database file",),
        StorageError,
        "cannot be opened: check that its folder exists and that this user may write there",
    ),
    (
        ("password authentication failed", "no password supplied", "authentication failed"),
        StorageError,
        "does not accept the user or password: correct them in its URL (PYFI_DATABASE_URL, the settings, the target)",
    ),
    (
        (r'(database|role) ".*" does not exist',),
        StorageError,
        "has no such database or user: create it (createdb, createuser), or correct its URL (PYFI_DATABASE_URL, the target)",
    ),
    (
        ("permission denied",),
        StorageError,
        "does not allow this user to do that: ask its administrator for the rights on PYFI's tables",
    ),
    (
        (
            "connection refused",
            "could not translate",
            "failed to resolve",
            "timeout expired",
            "connection timeout",
            "could not connect",
        ),
        StorageError,
        "cannot be reached: start the server, or correct the address in its URL (PYFI_DATABASE_URL, the settings, the target)",
    ),
    (
        (
            "server closed the connection",
            "terminating connection",
            "connection is lost",
            "the connection is closed",
            "eof detected",
        ),
        StorageError,
        "ended the connection: see that the server runs, then try again",
    ),
    (("queuepool limit",), StorageError, "has no free connection: end some of the programs that use it"),
)


def _first_line(error: object) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _rules() -> dict[str, str]:
    constraints = (constraint for table in Base.metadata.tables.values() for constraint in table.constraints)
    return {str(constraint.name): constraint.info[RULE] for constraint in constraints if RULE in constraint.info}


RULES = _rules()

"""Brings a database's tables to a version: Alembic, run from the program itself."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from alembic.command import downgrade, upgrade
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from engine.database import version
from engine.database.connect import Database

_SCRIPTS = Path(__file__).parent / "migrations"
_ALEMBIC = Lock()
"""Alembic's environment is global to the process."""
_LOCK = 0x70796669
"""PostgreSQL's advisory lock of migrations: 'pyfi'."""


def migrate(database: Database, to: str = "head") -> str | None:
    """Bring the tables to version `to` (`base` removes them) in one transaction, and say the version reached.

    Several programs may call it at once: the first one migrates, the others find it done.

    Raises:
        NewerDatabase: it was written by a newer PYFI.
        StorageError: the database refuses.
    """
    with _ALEMBIC, database.write() as connection:
        if not database.is_sqlite:  # a SQLite transaction that writes has the file to itself
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = version.current(connection)
        version.refuse_newer(found, database.where)
        target = version.HEAD if to == "head" else to
        _run(connection, target, is_upgrade=target != "base" and (found is None or target > found))
        return version.current(connection)


def current(database: Database) -> str | None:
    """The version of the database's tables; None when there are none."""
    with database.read() as connection:
        return version.current(connection)


def head() -> str | None:
    """The newest version that the scripts lead to."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _run(connection: Connection, target: str, *, is_upgrade: bool) -> None:
    config = _config()
    config.attributes["connection"] = connection
    (upgrade if is_upgrade else downgrade)(config, target)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config

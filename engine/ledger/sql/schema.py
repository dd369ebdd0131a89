"""Opening: a new ledger is created, an old one upgraded, a newer one refused.

The version row is read first, so that opening a current ledger costs one query and imports nothing.
"""

from __future__ import annotations

from sqlalchemy import Connection, Text, inspect, literal_column, select, text

from engine.errors import NewerDatabase
from engine.ledger.sql.connection import Database
from engine.ledger.sql.session import Session
from engine.ledger.sql.statement import ONE, inserting
from engine.ledger.sql.tables import HEAD, metadata, version

_LOCK = 0x7079_6669_6C64
"""PostgreSQL's advisory lock that creating and upgrading hold: several workers may open a new ledger at once."""

_SQLITE_TABLE = select(ONE).select_from(text("sqlite_master")).where(text("name = 'ledger_version'"))
_POSTGRESQL_TABLE = select(literal_column("to_regclass('ledger_version')", Text))
_VERSION = select(version.c.version_num)


def prepare(database: Database) -> None:
    """Make the tables be there in the version this program knows."""
    found = database.read(_read_version)
    if found != HEAD:
        database.administer(_create_or_upgrade)


def _read_version(session: Session) -> str | None:
    table = session.row(_SQLITE_TABLE if session.sqlite else _POSTGRESQL_TABLE)
    if table is None or table[0] is None:
        return None
    row = session.row(_VERSION)
    return None if row is None else str(row[0])


def _create_or_upgrade(connection: Connection) -> None:
    """Look again, now that nobody else can be at it, and do what is needed."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    if not inspect(connection).has_table(version.name):
        metadata.create_all(connection)
        connection.execute(inserting(version), {"version_num": HEAD})
        return
    found = connection.execute(_VERSION).scalar_one()
    if found == HEAD:
        return
    if found > HEAD:
        raise NewerDatabase(
            f"the ledger was written by a newer PYFI (its tables are at version {found}, this one knows {HEAD}): upgrade PYFI"
        )
    from engine.database.ledger_migrations import upgrade  # loads Alembic, which only an old ledger needs

    upgrade(connection)

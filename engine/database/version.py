"""Which version of the tables a database has, and what to do about it."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from engine.errors import NewerDatabase

HEAD = "0009"
"""The newest migration. Kept here as well as in the scripts, so that opening a database need not load Alembic."""

TABLE = "store_version"
"""Where Alembic notes the version: not its default, which a ledger in the same database may use."""


def current(connection: Connection) -> str | None:
    """The version of the tables; None when there are none."""
    if not inspect(connection).has_table(TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608 - a constant


def refuse_newer(version: str | None, where: str) -> None:
    """Stop before a database whose version this PYFI does not know.

    Raises:
        NewerDatabase: it was written by a newer PYFI.
    """
    if version is not None and version > HEAD:
        raise NewerDatabase(
            f"{where} was written by a newer PYFI (its tables are at version {version}, this one knows {HEAD}):"
            " install the newer PYFI or name another database by PYFI_DATABASE_URL"
        )

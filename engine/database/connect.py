"""Database, a database of flows that hands out transactions."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc

from engine.database import exact
from engine.database.failure import translate
from engine.keep_alive import ANSWERS, SETTINGS
from engine.write_ahead import begin_wal

_WRITE = "pyfi_write"
_BUSY_S = 20
_CONNECT_S = 10


class Database:
    """A database of flows, SQLite or PostgreSQL. May be shared by threads; every transaction has its own connection.

    `where` names it for messages, without a password.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a SQLite file of this machine, which needs no administrator."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A transaction that may write: committed at the end, rolled back by any error."""
        with self._translated(), self.engine.connect() as connection, connection.execution_options(**{_WRITE: True}).begin():
            yield connection

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction that only reads: all its queries see the database at one moment."""
        with self._translated(), self.engine.connect() as connection:
            options: dict[str, Any] = (
                {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            )
            with connection.execution_options(**options).begin():
                yield connection

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except exc.SQLAlchemyError as error:
            raise translate(error, self.where) from error

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def connect(address: URL) -> Database:
    """A Database on `address` whatever its tables; nothing is read before the first transaction."""
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    engine = create_engine(
        address,
        connect_args={**ANSWERS, "connect_timeout": _CONNECT_S, "application_name": "pyfi"},
        json_serializer=exact.encode,
        json_deserializer=exact.decode,
        hide_parameters=True,
        pool_pre_ping=True,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return Database(engine, f"the database '{address.database}' at {address.host or 'localhost'}:{address.port or 5432}")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET {setting}" for setting in SETTINGS))
    connection.commit()


def _sqlite(address: URL) -> Database:
    engine = create_engine(
        address,
        connect_args={"timeout": _BUSY_S},
        json_serializer=exact.encode,
        json_deserializer=exact.decode,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, f"the database {address.database}")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says, not before the first INSERT
    begin_wal(connection)
    for pragma in ("foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails when another wrote in between; so writers queue up front.
    writes = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

"""Opens the database and hands out transactions."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url

from engine.database import exact, version
from engine.database.failure import translate
from engine.errors import StorageError, UsageError
from engine.settings import data_folder, read_settings

_WRITE = "pyfi_write"
_BUSY_S = 20
_CONNECT_S = 10
_CURE = "use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"


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


def open_database(url: str | None = None, *, create: bool | None = None) -> Database:
    """The database at `url`; None means the settings', and where they say nothing a SQLite file in the user's data folder.

    `create` makes missing or outdated tables. By default that is done for SQLite only: a server's tables are its
    administrator's matter (`pyfi db init`, `pyfi db migrate`).

    Raises:
        UsageError: the URL is not one.
        NewerDatabase: it was written by a newer PYFI.
        StorageError: it cannot be reached or used, or lacks its tables.
    """
    address = _address(url)
    database = connect(address)
    try:
        _settle(database, create=database.is_sqlite if create is None else create)
    except BaseException:
        database.close()
        raise
    return database


def _settle(database: Database, *, create: bool) -> None:
    """See to it that the tables are those this PYFI knows."""
    with database.read() as connection:
        found = version.current(connection)
    version.refuse_newer(found, database.where)
    if found == version.HEAD:
        return
    if not create:
        state = (
            "has no tables of PYFI yet: make them with `pyfi db init`" if found is None else "is older: run `pyfi db migrate`"
        )
        raise StorageError(f"{database.where} {state}")
    from engine.database.migrate import migrate

    migrate(database)


def connect(address: URL) -> Database:
    """A Database on `address` whatever its tables; nothing is read before the first transaction."""
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    engine = create_engine(
        address,
        connect_args={"connect_timeout": _CONNECT_S, "application_name": "pyfi"},
        json_serializer=exact.encode,
        json_deserializer=exact.decode,
        hide_parameters=True,
        pool_pre_ping=True,
    )
    return Database(engine, f"the database '{address.database}' at {address.host or 'localhost'}:{address.port or 5432}")


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
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails when another wrote in between; so writers queue up front.
    writes = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _address(url: str | None) -> URL:
    url = url or read_settings().database_url
    if not url:
        return URL.create("sqlite", database=str(_private_folder() / "pyfi.db"))
    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError):
        # Not shown: whatever it is, it may hold a password.
        raise UsageError(f"the database's URL cannot be read; {_CURE}") from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        if not address.database or address.database == ":memory:":
            raise UsageError(f"a database in memory would be lost at once; {_CURE}")
        return address.set(drivername="sqlite", database=str(Path(address.database).absolute()))
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    raise UsageError(f"the database's URL begins with '{address.drivername}:', which PYFI does not know; {_CURE}")


def _private_folder() -> Path:
    """The user's data folder, made for the user alone."""
    folder = data_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the folder {folder} cannot be made ({error.strerror}): make it, or name a database by PYFI_DATABASE_URL"
        ) from None
    return folder

"""The one connection of a ledger, its transactions, and what becomes of its faults.

SQLAlchemy knows the URL, the dialect and how to connect; transactions are begun and ended by plain statements on the driver's
connection, which never begins one by itself. After a storage fault the connection is thrown away and the next use makes a new
one, so a ledger works again as soon as the fault is cured.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.sql.elements import ClauseElement

from engine.errors import StorageError, UsageError
from engine.ledger.sql.fault import passes_on_retry, translated
from engine.ledger.sql.statement import NONE, Compiler

Result = TypeVar("Result")
Row = tuple[Any, ...]
Faults = tuple[type[Exception], ...]

_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    # Deleted bodies need not be overwritten with zeros, which some builds of SQLite do unless told otherwise.
    "secure_delete = OFF",
    "temp_store = MEMORY",
    # Fewer, larger checkpoints: a page that is written again and again is copied into the database once.
    "wal_autocheckpoint = 8000",
    "journal_size_limit = 67108864",
    "cache_size = -16384",
)
_TRIES = 5
_SQLITE_ROWS = text("SELECT seq FROM sqlite_sequence WHERE name = 'ledger_batch'")
_POSTGRESQL_ROWS = text("SELECT nextval('ledger_batch_row_seq') FROM generate_series(1, :n)")


class Session:
    """Statements of one transaction, run on the driver's cursor."""

    __slots__ = ("_compiler", "_connection", "_cursor", "faults", "sqlite", "worker")

    def __init__(self, connection: DBAPIConnection, compiler: Compiler, faults: Faults, *, sqlite: bool, worker: int) -> None:
        self._connection = connection
        self.faults = faults
        """What the driver raises."""
        self._cursor = connection.cursor()
        self._compiler = compiler
        self.sqlite = sqlite
        self.worker = worker

    def control(self, text: str) -> None:
        """Run a statement without parameters: BEGIN, a pragma."""
        self._cursor.execute(text)

    def rows(self, statement: ClauseElement, values: Mapping[str, Any] = NONE) -> Sequence[Row]:
        """All rows of the result."""
        self._cursor.execute(self._compiler.text(statement), values)
        return self._cursor.fetchall()

    def row(self, statement: ClauseElement, values: Mapping[str, Any] = NONE) -> Row | None:
        """The first row of the result."""
        self._cursor.execute(self._compiler.text(statement), values)
        return self._cursor.fetchone()

    def each(self, statement: ClauseElement, values: Mapping[str, Any] = NONE) -> Iterator[Row]:
        """Rows as they are asked for: SQLite finds them one by one."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(self._compiler.text(statement), values)
            while (row := cursor.fetchone()) is not None:
                yield row
        finally:
            cursor.close()

    def run(self, statement: ClauseElement, values: Mapping[str, Any] = NONE) -> int:
        """Run a statement; how many rows it changed."""
        self._cursor.execute(self._compiler.text(statement), values)
        return self._cursor.rowcount

    def many(self, statement: ClauseElement, values: Sequence[Mapping[str, Any]]) -> int:
        """Run a statement once for each of `values`; how many rows were changed in all."""
        if not values:
            return 0
        if len(values) == 1:
            return self.run(statement, values[0])
        self._cursor.executemany(self._compiler.text(statement), cast("Any", values))
        return self._cursor.rowcount

    def array(self, values: Sequence[Any]) -> Any:
        """A list as the parameter of `among`."""
        return msgspec.json.encode(values).decode() if self.sqlite else values

    def new_rows(self, n: int) -> Sequence[int]:
        """Numbers for `n` batches, larger than all before."""
        if not self.sqlite:
            return sorted(row for (row,) in self.rows(_POSTGRESQL_ROWS, {"n": n}))
        found = self.row(_SQLITE_ROWS)
        first = 1 if found is None else int(found[0]) + 1
        return range(first, first + n)


class Database:
    """The ledger's connection, made when it is first needed.

    `patience_s` is how long a statement waits for a lock that another process holds.
    """

    def __init__(self, url: str, patience_s: float) -> None:
        self.url = _parse(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._patience_s = patience_s
        self._engine = self._new_engine()
        self._compiler = Compiler(self._engine.dialect)
        self._faults: Faults = (SQLAlchemyError, cast("Any", self._engine.dialect).loaded_dbapi.Error)
        # SQLite has one writer at a time anyway, and fewer rows are read sooner.
        self._worker = 0 if self.sqlite else secrets.randbits(62) + 1
        self._pooled: Any = None
        self._session: Session | None = None

    def write(self, work: Callable[[Session], Result], *, durable: bool = False) -> Result:
        """Run `work` in a transaction, again when the database asks for it. `durable`: safe even if power fails right after."""
        if not (durable and self.sqlite):
            return self._transaction("BEGIN IMMEDIATE" if self.sqlite else "BEGIN", work)
        self._pragma("synchronous = FULL")
        try:
            return self._transaction("BEGIN IMMEDIATE", work)
        finally:
            if self._session is not None:
                self._pragma("synchronous = NORMAL")

    def read(self, work: Callable[[Session], Result]) -> Result:
        """Run `work`, which only reads, on one state of the database."""
        return self._transaction("BEGIN" if self.sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)

    def administer(self, work: Callable[[Connection], None]) -> None:
        """Run `work` on a connection of its own, in a transaction: for creating and upgrading the tables."""
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
                work(connection)
                connection.commit()
        except self._faults as error:
            self._raise(error)

    def close(self) -> None:
        """Let go of the connection; the next use makes a new one."""
        pooled, self._pooled, self._session = self._pooled, None, None
        if pooled is not None:
            with suppress(*self._faults):  # a connection that is broken cannot even be closed properly
                pooled.close()

    def _transaction(self, begin: str, work: Callable[[Session], Result]) -> Result:
        for attempt in range(1, _TRIES + 1):
            try:
                session = self._session or self._connect()
                session.control(begin)
                try:
                    result = work(session)
                    session.control("COMMIT")
                except BaseException:
                    self._roll_back(session)
                    raise
                return result
            except self._faults as error:
                if passes_on_retry(error) and attempt < _TRIES:
                    continue
                self._raise(error)
        raise AssertionError("the loop returns or raises")

    def _connect(self) -> Session:
        self._pooled = self._engine.raw_connection()
        connection = cast("DBAPIConnection", self._pooled.driver_connection)
        self._session = Session(connection, self._compiler, self._faults, sqlite=self.sqlite, worker=self._worker)
        return self._session

    def _pragma(self, pragma: str) -> None:
        try:
            (self._session or self._connect()).control(f"PRAGMA {pragma}")
        except self._faults as error:
            self._raise(error)

    def _roll_back(self, session: Session) -> None:
        try:
            session.control("ROLLBACK")
        except self._faults:
            # SQLite has often rolled back already; and if not, closing the connection does.
            self.close()

    def _raise(self, error: Exception) -> None:
        cause: BaseException = getattr(error, "orig", None) or error
        shown = translated(cause, self.url)
        if shown is None:
            raise error
        if isinstance(shown, StorageError):
            self.close()
        raise shown from cause

    def _new_engine(self) -> Engine:
        if self.sqlite:
            engine = create_engine(
                self.url,
                poolclass=NullPool,
                paramstyle="named",
                connect_args={"check_same_thread": False, "cached_statements": 256, "timeout": self._patience_s},
            )
            event.listen(engine, "connect", _prepare_sqlite)
        else:
            engine = create_engine(self.url, poolclass=NullPool, paramstyle="pyformat", use_native_hstore=False)
            event.listen(engine, "connect", self._prepare_postgresql)
        return engine

    def _prepare_postgresql(self, connection: Any, _: object) -> None:
        from psycopg.types.numeric import Int8Dumper

        connection.autocommit = True
        # One width for every number: otherwise each mix of small and large numbers is a statement of its own to prepare.
        connection.adapters.register_dumper(int, Int8Dumper)
        connection.execute(f"SET lock_timeout = {int(self._patience_s * 1000)}")


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise UsageError(f"{url!r} is no ledger's URL: use memory:, sqlite:///PATH or postgresql://...") from error
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise UsageError(f"{parsed.render_as_string()!r} is no ledger's URL: use memory:, sqlite:///PATH or postgresql://...")

"""The one connection of a ledger, its transactions, and what becomes of its faults.

SQLAlchemy knows the URL, the dialect and how to connect; transactions are begun and ended by plain commands on the driver's
connection, which never begins one by itself. After a storage fault the connection is thrown away and the next use makes a new
one, so a ledger works again as soon as the fault is cured.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from engine.errors import StorageError, UsageError
from engine.keep_alive import ANSWERS, SETTINGS
from engine.ledger.sql.fault import passes_on_retry, translated
from engine.ledger.sql.session import Faults, PostgresqlSession, Session, SqliteSession
from engine.ledger.sql.statement import Compiler
from engine.write_ahead import begin_wal

Result = TypeVar("Result")

_PRAGMAS = (
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
_SETTINGS = (
    # Queues grow from nothing to millions of rows between two looks at the statistics, and a plan made while a table was small
    # is kept. Every statement here has an index made for it: let no other plan be chosen.
    "enable_seqscan = off",
    "enable_bitmapscan = off",
    "enable_sort = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    "plan_cache_mode = force_generic_plan",
    "jit = off",
)
_TRIES = 5


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
        self._worker = secrets.randbits(62) + 1
        self._pooled: Any = None
        self._session: Session | None = None

    def write(self, work: Callable[[Session], Result], *, durable: bool = False) -> Result:
        """Run `work` in a transaction, again when the database asks for it. `durable`: safe even if power fails right after."""
        if not (durable and self.sqlite):
            return self._transaction("BEGIN IMMEDIATE" if self.sqlite else "BEGIN", work)
        self.look(lambda session: session.control("PRAGMA synchronous = FULL"))
        try:
            return self._transaction("BEGIN IMMEDIATE", work)
        finally:
            if self._session is not None:
                self.look(lambda session: session.control("PRAGMA synchronous = NORMAL"))

    def read(self, work: Callable[[Session], Result]) -> Result:
        """Run `work`, which only reads, on one state of the database."""
        return self._transaction("BEGIN" if self.sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)

    def look(self, work: Callable[[Session], Result]) -> Result:
        """Run `work`, which only reads, each statement for itself."""
        try:
            return work(self._session or self._connect())
        except self._faults as error:
            self._raise(error)

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
        pooled, session, self._pooled, self._session = self._pooled, self._session, None, None
        with suppress(*self._faults):  # a connection that is broken cannot even be closed properly
            if session is not None:
                session.close()
            if pooled is not None:
                pooled.close()

    def _transaction(self, begin: str, work: Callable[[Session], Result]) -> Result:
        for attempt in range(1, _TRIES + 1):
            try:
                return self._try(begin, work)
            except self._faults as error:
                if not passes_on_retry(error) or attempt == _TRIES:
                    self._raise(error)
        raise AssertionError("the loop returns or raises")

    def _try(self, begin: str, work: Callable[[Session], Result]) -> Result:
        session = self._session or self._connect()
        try:
            with session.together():
                session.control(begin)
                result = work(session)
                session.control("COMMIT")
        except BaseException:
            try:
                session.control("ROLLBACK")
            except self._faults:
                # SQLite has often rolled back by itself; whatever else it is, closing the connection rolls back.
                self.close()
            raise
        return result

    def _connect(self) -> Session:
        self._pooled = self._engine.raw_connection()
        connection: Any = self._pooled.driver_connection
        if self.sqlite:
            self._session = SqliteSession(connection, self._compiler, self._faults)
        else:
            self._session = PostgresqlSession(connection, self._compiler, self._faults, self._worker)
        return self._session

    def _raise(self, error: Exception) -> NoReturn:
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
            engine = create_engine(
                self.url,
                poolclass=NullPool,
                # Every connection is closed by whoever lets go of it, which rolls back; on a broken one that could only fail.
                pool_reset_on_return=None,
                paramstyle="pyformat",
                use_native_hstore=False,
                connect_args=dict(ANSWERS),
            )
            event.listen(engine, "connect", self._prepare_postgresql)
        return engine

    def _prepare_postgresql(self, connection: Any, _: object) -> None:
        from psycopg.types.numeric import Int8Dumper  # only where PostgreSQL is used

        connection.autocommit = True
        # One width for every number: otherwise each mix of small and large numbers is a statement of its own to prepare.
        connection.adapters.register_dumper(int, Int8Dumper)
        connection.prepare_threshold = 2
        settings = (*_SETTINGS, *SETTINGS, f"lock_timeout = {int(self._patience_s * 1000)}")
        connection.execute("; ".join(f"SET {setting}" for setting in settings))


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None
    begin_wal(connection)
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

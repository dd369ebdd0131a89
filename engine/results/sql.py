"""Results in SQL: SQLite on one machine, PostgreSQL for many."""

# ruff: noqa: D102 - the interface says what each method means

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from engine.errors import NewerDatabase, PyfiError, StorageError, StorageFull, StorageReadOnly, UsageError
from engine.results.base import Entry, ResultStore, now_ms
from engine.results.result import HEAD_BYTES, has_failed
from engine.write_ahead import begin_wal

HEAD = "0001"
"""The version of the tables below, the newest of `engine/database/result_migrations`."""
_BUSY_S = 20
_CONNECT_S = 5
_LOCK = 0x7079_6669_7265
"""PostgreSQL's advisory lock that creating and upgrading hold: several workers may open a new store at once."""
_CHANNEL = "pyfi_answered"
_CURE = "use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
_READS = "pyfi_reads"
_Done = TypeVar("_Done")

metadata = sa.MetaData()
version = sa.Table(
    "result_version",
    metadata,
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="result_version_pkc"),
)
"""As Alembic makes it."""
answer = sa.Table(
    "result_answer",
    metadata,
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False, comment="when it was put"),
    sa.Column("packed", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("id", name="result_answer_pk"),
    sa.Index("result_answer_time", "at_ms"),
)
_PUT = insert(answer).on_conflict_do_nothing(index_elements=["id"]).returning(answer.c.id)
_NOTIFY = sa.text("SELECT pg_notify(:channel, :id)")


class SqlResults(ResultStore):
    """Results behind `sqlite:///PATH` or `postgresql://...`; the tables are made or upgraded when they are first used.

    Several processes may use one at once. Those that wait on PostgreSQL are told of results; on SQLite they look for them.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = _parse(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self.place = self._url.database or "" if self._sqlite else f"{self._url.host or 'localhost'}:{self._url.port or 5432}"
        self._engine = _new_engine(self._url)
        self._is_ready = False
        self._preparing = asyncio.Lock()
        self._ear: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()
        if not self._sqlite:
            # A channel tells; these looks are for what it lost while its connection was down.
            self.first_look_s, self.last_look_s = 0.5, 2.0

    async def probe(self) -> None:
        """Raise StorageError unless the server lets us in."""
        await self._run(lambda connection: connection.execute(sa.text("SELECT 1")).scalar_one())

    async def put_packed(self, results: Sequence[tuple[str, bytes]]) -> list[bool]:
        first = await self._do(lambda connection: self._put(connection, results))
        for id, _ in results:
            self._tell(id)
        return first

    def _put(self, connection: sa.Connection, results: Sequence[tuple[str, bytes]]) -> list[bool]:
        first: list[bool] = []
        for id, packed in results:
            row = {"id": id, "at_ms": now_ms(), "packed": packed}
            first.append(connection.execute(_PUT, row).scalar_one_or_none() is not None)
            if first[-1] and not self._sqlite:
                connection.execute(_NOTIFY, {"channel": _CHANNEL, "id": id})  # heard once this is committed
        return first

    async def get_packed(self, id: str) -> bytes | None:
        statement = sa.select(answer.c.packed).where(answer.c.id == id)
        found = await self._do(lambda connection: connection.execute(statement).scalar_one_or_none(), reads=True)
        return None if found is None else bytes(found)

    async def forget(self, id: str) -> bool:
        return await self._do(lambda connection: _count(connection, sa.delete(answer).where(answer.c.id == id))) > 0

    async def expire(self, before_ms: int) -> int:
        return await self._do(lambda connection: _count(connection, sa.delete(answer).where(answer.c.at_ms < before_ms)))

    async def recent(self, limit: int = 100) -> list[Entry]:
        head = sa.func.substr(answer.c.packed, 1, HEAD_BYTES, type_=sa.LargeBinary)
        statement = (
            sa.select(answer.c.id, answer.c.at_ms, sa.func.length(answer.c.packed), head)
            .order_by(answer.c.at_ms.desc(), answer.c.id)
            .limit(limit)
        )
        rows = await self._do(lambda connection: connection.execute(statement).all(), reads=True)
        return [Entry(id, at_ms, size, has_failed(bytes(packed))) for id, at_ms, size, packed in rows]

    async def close(self) -> None:
        if self._ear is not None:
            self._ear.cancel()
            await asyncio.gather(self._ear, return_exceptions=True)
        await asyncio.to_thread(self._engine.dispose)

    # -- transactions

    async def _do(self, work: Callable[[sa.Connection], _Done], *, reads: bool = False) -> _Done:
        """Do something in a transaction, the tables being there."""
        if not self._is_ready:
            async with self._preparing:
                if not self._is_ready:
                    await self._run(lambda connection: _prepare(connection, self.place))
                    self._is_ready = True
        return await self._run(work, reads=reads)

    async def _run(self, work: Callable[[sa.Connection], _Done], *, reads: bool = False) -> _Done:
        return await asyncio.to_thread(self._transaction, work, reads)

    def _transaction(self, work: Callable[[sa.Connection], _Done], reads: bool) -> _Done:
        with (
            self._explained(),
            self._engine.connect() as connection,
            connection.execution_options(**{_READS: reads}).begin(),
        ):
            return work(connection)

    @contextlib.contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise _explained(getattr(error, "orig", None) or error, self.place, sqlite=self._sqlite) from error

    # -- hearing of results

    async def _listen(self) -> None:
        """On PostgreSQL: listen, so that no result that is put after this is missed."""
        if self._sqlite:
            return
        if self._ear is None:
            self._ear = asyncio.create_task(self._hear())
        await self._heard.wait()

    async def _hear(self) -> None:
        from psycopg import AsyncConnection, Error  # only where PostgreSQL is used

        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            with contextlib.suppress(Error, OSError):  # whoever waits looks by itself now and then, and is told what is wrong
                connection = await AsyncConnection.connect(address, autocommit=True, connect_timeout=_CONNECT_S)
                async with connection:
                    await connection.execute(f"LISTEN {_CHANNEL}")
                    self._heard.set()
                    self._tell_all()
                    async for note in connection.notifies():
                        self._tell(note.payload)
            self._heard.set()
            await asyncio.sleep(self.first_look_s)


def _count(connection: sa.Connection, statement: sa.Delete) -> int:
    return connection.execute(statement).rowcount


def _prepare(connection: sa.Connection, place: str) -> None:
    """Make the tables be there in the version this program knows."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    if not sa.inspect(connection).has_table(version.name):
        metadata.create_all(connection)
        connection.execute(sa.insert(version), {"version_num": HEAD})
        return
    found = connection.execute(sa.select(version.c.version_num)).scalar_one()
    if found > HEAD:
        raise NewerDatabase(
            f"the results at {place} were written by a newer PYFI (their tables are at version {found}, "
            f"this one knows {HEAD}): upgrade PYFI"
        )
    if found < HEAD:
        from engine.database.result_migrations import upgrade  # loads Alembic, which only old tables need

        upgrade(connection)


def _new_engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": _BUSY_S}, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    arguments = {"connect_timeout": _CONNECT_S, "application_name": "pyfi results"}
    return sa.create_engine(url, connect_args=arguments, hide_parameters=True, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None
    begin_wal(connection)
    connection.execute("PRAGMA synchronous = FULL").close()  # a call that is answered stays answered, even if power fails


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later fails when another wrote in between; so writers queue up front.
    reads = connection.get_execution_options().get(_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _parse(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except (ArgumentError, ValueError):
        # Not shown: whatever it is, it may hold a password.
        raise UsageError(f"the results' URL cannot be read; {_CURE}") from None
    if address.get_backend_name() == "sqlite":
        if not address.database or address.database == ":memory:":
            raise UsageError(f"results in a SQLite that is in memory would be lost at once; {_CURE}, or memory:")
        return address.set(drivername="sqlite+pysqlite", database=str(Path(address.database).absolute()))
    return address.set(drivername="postgresql+psycopg")


def _explained(error: BaseException, place: str, *, sqlite: bool) -> PyfiError:
    """What a driver's error means; `place` is a path or HOST:PORT."""
    reason = str(error).strip().partition("\n")[0]
    if sqlite:
        return _explained_sqlite(error, f"the results' file {place}", reason)
    where = f"the results' PostgreSQL at {place}"
    state: str = getattr(error, "sqlstate", None) or ""
    if state.startswith("28") or "password" in reason:
        return StorageError(f"{where} does not accept the user or password: correct them in the results' URL")
    if state == "3D000" or "does not exist" in reason:
        return StorageError(
            f"{where} has no such database or user: create it (createdb, createuser), or correct the results' URL"
        )
    if state == "53100":
        return StorageFull(f"{where} has no space left: free some on its server; nothing was lost")
    if state in ("25006", "42501"):
        return StorageReadOnly(f"{where} may not be written ({reason}): give the user the rights, or use another server")
    if state[:2] in ("", "08", "57"):
        return StorageError(f"{where} cannot be reached ({_short(reason)}): start it, or correct the results' URL")
    return StorageError(f"{where} refuses ({reason}): see its log")


def _short(reason: str) -> str:
    """What psycopg says of a failed connection, without the part that names the server once more."""
    return reason.rpartition("failed: ")[2] or reason


def _explained_sqlite(error: BaseException, where: str, reason: str) -> PyfiError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StorageFull(f"{where} cannot grow: free some space on its disk; nothing was lost")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StorageReadOnly(f"{where} may not be written: allow writing to it and its folder")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StorageError(f"{where} is damaged or holds no results: restore it from a copy, or move it away to start anew")
    if code == sqlite3.SQLITE_CANTOPEN:
        return StorageError(f"{where} cannot be opened: check that its folder exists and that you may write there")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageError(f"{where} is locked by another process: end that process, or wait until it is done")
    return StorageError(f"{where} failed ({reason}): check its disk, and that nobody moved or deleted it")

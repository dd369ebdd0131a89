"""Statements of one transaction, on the driver's own cursors.

On PostgreSQL a transaction runs in a pipeline: statements whose result nobody waits for travel together with the next one whose
result is needed. A dozen statements then cost a handful of round trips. An error shows with the next result, or at the end.
"""

# ruff: noqa: D102 - the abstract class says what each method means

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from sqlite3 import Connection as SqliteConnection
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.sql.elements import ClauseElement

from engine.ledger.sql.statement import NONE, Compiler

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Faults = tuple[type[Exception], ...]

_SQLITE_LAST = text("SELECT seq FROM sqlite_sequence WHERE name = 'ledger_batch'")
_SQLITE_SKIP = text("UPDATE sqlite_sequence SET seq = :last WHERE name = 'ledger_batch'")
_POSTGRESQL_NEXT = text("SELECT nextval('ledger_batch_row_seq') FROM generate_series(1, :n)")


class Session(ABC):
    """Runs statements. `worker` is the owner of the sums written; `faults` are what the driver raises."""

    sqlite: bool

    def __init__(self, compiler: Compiler, faults: Faults, worker: int) -> None:
        self._text = compiler.text
        self.faults = faults
        self.worker = worker

    @abstractmethod
    def control(self, command: str) -> None:
        """Run a command without parameters: BEGIN, a pragma."""

    @abstractmethod
    def rows(self, statement: ClauseElement, values: Values = NONE) -> Sequence[Row]:
        """All rows of the result."""

    @abstractmethod
    def run(self, statement: ClauseElement, values: Values = NONE) -> None:
        """Run a statement that has no result."""

    @abstractmethod
    def many(self, statement: ClauseElement, values: Sequence[Values]) -> None:
        """Run a statement that has no result once for each of `values`."""

    @abstractmethod
    def count(self, statement: ClauseElement, values: Sequence[Values]) -> int:
        """As `many`; how many rows were changed in all."""

    @abstractmethod
    def array(self, values: Sequence[Any]) -> Any:
        """A list as the parameter of `among`."""

    @abstractmethod
    def new_rows(self, n: int) -> Sequence[int]:
        """Numbers for `n` batches, larger than all before, which are inserted with them in this transaction."""

    def new_places(self, n: int) -> Sequence[int]:
        """Such numbers for batches that keep their rows."""
        return self.new_rows(n)

    @abstractmethod
    def together(self) -> AbstractContextManager[Any]:
        """Around a transaction."""

    @abstractmethod
    def close(self) -> None:
        """Leave nothing that keeps the connection from being closed."""

    def row(self, statement: ClauseElement, values: Values = NONE) -> Row | None:
        """The only row of the result."""
        # To the end: a statement of SQLite that is left half-way keeps its view of the database.
        found = self.rows(statement, values)
        return found[0] if found else None


class SqliteSession(Session):
    """On a connection of `sqlite3`."""

    sqlite = True

    def __init__(self, connection: SqliteConnection, compiler: Compiler, faults: Faults) -> None:
        # There is one writer at a time anyway, and fewer sums are read sooner.
        super().__init__(compiler, faults, worker=0)
        self._connection = connection
        self._cursor = connection.cursor()

    def control(self, command: str) -> None:
        self._cursor.execute(command)

    def rows(self, statement: ClauseElement, values: Values = NONE) -> Sequence[Row]:
        return self._cursor.execute(self._text(statement), values).fetchall()

    def each(self, statement: ClauseElement, values: Values = NONE) -> Iterator[Row]:
        """Rows as they are asked for: the database looks no further."""
        cursor = self._connection.cursor()
        try:
            yield from cursor.execute(self._text(statement), values)
        finally:
            cursor.close()

    def run(self, statement: ClauseElement, values: Values = NONE) -> None:
        self._cursor.execute(self._text(statement), values)

    def many(self, statement: ClauseElement, values: Sequence[Values]) -> None:
        if values:
            self._cursor.executemany(self._text(statement), values)

    def count(self, statement: ClauseElement, values: Sequence[Values]) -> int:
        return self._cursor.executemany(self._text(statement), values).rowcount if values else 0

    def array(self, values: Sequence[Any]) -> Any:
        return msgspec.json.encode(values).decode()

    def new_rows(self, n: int) -> Sequence[int]:
        found = self.row(_SQLITE_LAST)
        first = 1 if found is None else int(found[0]) + 1
        return range(first, first + n)

    def new_places(self, n: int) -> Sequence[int]:
        numbers = self.new_rows(n)
        if numbers:
            self.run(_SQLITE_SKIP, {"last": numbers[-1]})
        return numbers

    def together(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def close(self) -> None:
        # A cursor that somebody still knows, perhaps by a traceback, would keep the file open and its locks held.
        self._cursor.close()


class PostgresqlSession(Session):
    """On a connection of `psycopg`."""

    sqlite = False

    def __init__(self, connection: Any, compiler: Compiler, faults: Faults, worker: int) -> None:
        super().__init__(compiler, faults, worker)
        self._connection = connection

    def control(self, command: str) -> None:
        self._connection.execute(command)

    def rows(self, statement: ClauseElement, values: Values = NONE) -> Sequence[Row]:
        return self._connection.execute(self._text(statement), values, binary=True).fetchall()

    def run(self, statement: ClauseElement, values: Values = NONE) -> None:
        self._connection.execute(self._text(statement), values)

    def many(self, statement: ClauseElement, values: Sequence[Values]) -> None:
        for entry in values:
            self._connection.execute(self._text(statement), entry)

    def count(self, statement: ClauseElement, values: Sequence[Values]) -> int:
        with self._connection.pipeline():  # its end waits for all results
            cursors = [self._connection.execute(self._text(statement), entry) for entry in values]
        return sum(cursor.rowcount for cursor in cursors)

    def array(self, values: Sequence[Any]) -> Any:
        return values

    def new_rows(self, n: int) -> Sequence[int]:
        return sorted(row for (row,) in self.rows(_POSTGRESQL_NEXT, {"n": n})) if n else ()

    def together(self) -> AbstractContextManager[Any]:
        return self._connection.pipeline()

    def close(self) -> None:
        """Nothing does: the server ends what a connection has begun."""

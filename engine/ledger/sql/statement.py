"""SQL as SQLAlchemy Core builds it, compiled once per dialect and then run on the driver's own cursor.

Running a Core statement through SQLAlchemy costs tens of microseconds, an exchange has a dozen of them and all of it may take
a few hundred. So statements are Core constructs with named parameters, kept at module level; `Compiler` gives their text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Dialect, Table, bindparam, literal_column
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

ZERO: ColumnElement[int] = literal_column("0", BigInteger)
"""A written-out 0: a partial index serves a statement only when the number stands in its text."""
ONE: ColumnElement[int] = literal_column("1", BigInteger)

NONE: dict[str, Any] = {}


class among(ColumnElement[bool]):  # noqa: N801 - reads as an operator, like SQLAlchemy's own `case`
    """`column` is one of the list bound to `name`; the list's length does not change the statement's text."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.name = name
        self.list: ColumnElement[Any] = bindparam(name, type_=ARRAY(column.type))


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"{column} IN (SELECT value FROM json_each(:{element.name}))"  # noqa: S608 - both names are ours


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **options: Any) -> str:
    return f"{compiler.process(element.column, **options)} = ANY ({compiler.process(element.list, **options)})"


def parameter(column: ColumnElement[Any], name: str | None = None) -> ColumnElement[Any]:
    """A parameter of the column's type, named after it unless told otherwise."""
    return bindparam(name or str(column.key), type_=column.type)


def inserting(table: Table, *, numbered: str = "") -> Insert:
    """An insert of every column, but for the one that the database numbers."""
    return insert(table).values({column.name: parameter(column) for column in table.c if column.name != numbered})


def upserting(table: Table) -> Insert:
    """An insert that overwrites the row of the same primary key."""
    statement = inserting(table)
    rest = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest)


def adding(table: Table) -> Insert:
    """An insert that adds its numbers to the row of the same primary key."""
    statement = inserting(table)
    sums = {column.name: column + statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=sums)


class Compiler:
    """The text of statements in one dialect, kept after the first use."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._texts: dict[ClauseElement, str] = {}

    def text(self, statement: ClauseElement) -> str:
        """The statement with named parameters."""
        found = self._texts.get(statement)
        if found is None:
            compiled = statement.compile(dialect=self._dialect)
            values = compiled.params
            assert values is not None
            assert all(value is None for value in values.values()), f"a parameter without a name: {compiled}"
            found = self._texts[statement] = str(compiled)
        return found

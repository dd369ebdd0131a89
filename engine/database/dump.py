"""The whole database as one JSON object, and back.

    {"version": "0009", "tables": {"flows": [{"id": ..., "name": ...}, ...], ...}}

Tables stand in the order in which they can be filled. Open values have the form of `engine.database.exact`, times ISO 8601's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, insert, select, text

from engine.database import exact, version
from engine.database.connect import Database
from engine.database.tables import Base
from engine.database.tables.base import Instant
from engine.errors import UsageError

_AT_ONCE = 500
_SECRETS = {("users", "password_hash"), ("cluster_settings", "value")}


def dump(database: Database, *, secrets: bool = False) -> Iterator[str]:
    """Pieces of the JSON text, as the database was at one moment; never more than some rows are in memory.

    Args:
        database: what to dump.
        secrets: whether to include the hashes of passwords, which only a backup needs.
    """
    with database.read() as connection:
        yield f'{{"version": {exact.encode(version.current(connection))}, "tables": {{'
        for number, table in enumerate(Base.metadata.sorted_tables):
            yield f"{',' if number else ''}\n{exact.encode(str(table.name))}: ["
            yield from _rows(connection, table, secrets=secrets)
            yield "]"
        yield "\n}}\n"


def _rows(connection: Connection, table: Table, *, secrets: bool) -> Iterator[str]:
    query = select(table).order_by(*table.primary_key.columns)
    names = [str(column.name) for column in table.columns]
    hidden = {name for name in names if (table.name, name) in _SECRETS and not secrets}
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(query)
    for number, row in enumerate(rows):
        values = {name: None if name in hidden else _plain(value) for name, value in zip(names, row, strict=True)}
        yield f"{',' if number else ''}\n  {exact.encode(values)}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def restore(database: Database, document: str) -> None:
    """Fill an empty database with what `dump` gave.

    Raises:
        UsageError: the text is no dump of this version, or the database is not empty.
        IntegrityError: the rows break a rule.
    """
    tables = _checked(document)
    with database.write() as connection:
        for table in Base.metadata.sorted_tables:
            if connection.execute(select(table).limit(1)).first() is not None:
                raise UsageError(f"{database.where} already holds {table.name}: restore into an empty database")
        for table in Base.metadata.sorted_tables:
            rows = [_row(table, row) for row in tables.get(table.name, ())]
            if rows:
                connection.execute(insert(table), rows)
            _continue_numbers(connection, table)


def _checked(document: str) -> dict[str, list[dict[str, Any]]]:
    try:
        content = exact.decode(document)
        found, tables = content["version"], content["tables"]
    except (ValueError, TypeError, KeyError):
        raise UsageError("the text is no dump of a PYFI database; make one with `pyfi db json`") from None
    if found != version.HEAD:
        raise UsageError(
            f"the dump is of version {found}, and this PYFI's tables are {version.HEAD}: use the PYFI that made it"
        )
    return tables


def _row(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    def read(name: str, value: Any) -> Any:
        return datetime.fromisoformat(value) if value is not None and isinstance(table.c[name].type, Instant) else value

    return {name: read(name, value) for name, value in values.items() if name in table.c}


def _continue_numbers(connection: Connection, table: Table) -> None:
    """PostgreSQL's sequences do not notice numbers that were given; new rows must not meet them."""
    key = table.primary_key.columns.values()
    if connection.dialect.name == "sqlite" or len(key) != 1 or not isinstance(key[0].type, Integer):
        return
    highest = connection.scalar(select(func.max(key[0])))
    if highest is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :key), :highest)")
        connection.execute(sequence, {"table": table.name, "key": key[0].name, "highest": highest})

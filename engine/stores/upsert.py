"""Inserts a row, or updates the one with its key."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, exc
from sqlalchemy.dialects import postgresql, sqlite

from engine.database.failure import translate
from engine.database.tables import Base
from engine.errors import IntegrityError
from engine.stores.bulk import Row


def upsert(
    connection: Connection, table: type[Base], row: Row, keys: Collection[str], name: str, lasting: Collection[str] = ()
) -> None:
    """Make the row of that key hold the given values, whether or not it was there.

    Args:
        connection: the transaction.
        table: where the row belongs.
        row: values by column.
        keys: columns of a unique key.
        name: what messages call the row.
        lasting: columns that keep their value where the row was there.

    Raises:
        IntegrityError: it breaks a rule.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(row)
    changes = {column: statement.excluded[column] for column in row if column not in keys and column not in lasting}
    # Where nothing but the key is given, setting the key to what it is changes nothing.
    changes = changes or {key: statement.excluded[key] for key in keys}
    try:
        connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changes))
    except (exc.IntegrityError, exc.DataError) as error:
        raise IntegrityError(f"{name}: {translate(error, 'the database')}") from error

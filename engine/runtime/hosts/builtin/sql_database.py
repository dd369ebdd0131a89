"""A database as the SQL processors see it: opened by a config, its errors told apart, values in and out."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import uuid
from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy
from sqlalchemy import Engine, RowMapping, TextClause, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from ..body import BodyContext
from ..errors import Failure

RETRY_S = 5.0
_BUSY_S = 10
_SQLITE_PASSING = ("locked", "busy", "unable to open", "disk i/o", "is full", "readonly")


def open_database(config: Mapping[str, Any], ctx: BodyContext) -> Engine:
    """The engine behind `url` or `url_secret`; a SQLite file is looked for from the flow file. Nothing is connected yet."""
    text = config["url"] or _secret(config["url_secret"], ctx)
    try:
        url = make_url(text)
        is_sqlite = url.get_backend_name() == "sqlite"
        if is_sqlite and url.database and url.database != ":memory:":
            url = url.set(database=str(ctx.folder / url.database))
        engine = sqlalchemy.create_engine(
            url, pool_pre_ping=not is_sqlite, connect_args={"timeout": _BUSY_S} if is_sqlite else {}
        )
    except ArgumentError:
        # The URL may hold a password, so it is not shown.
        raise Failure(
            "ArgumentError", "the database's URL cannot be read; write it as sqlite:///orders.db or postgresql://host/name"
        ) from None
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise Failure(
            type(error).__name__, f"the database of this URL needs a driver that is not installed ({error})"
        ) from None
    if is_sqlite:
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin)
    return engine


def _secret(name: str, ctx: BodyContext) -> str:
    if name not in ctx.secrets:
        raise Failure("LookupError", f"there is no secret '{name}'; list it under the processor's `secrets`, and set it")
    return ctx.secrets[name]


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    # Python's sqlite3 begins transactions by itself, too late for a lock and not before a savepoint.
    connection.isolation_level = None


def _begin(connection: sqlalchemy.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("pyfi_writes") else "BEGIN")


def is_passing(error: BaseException) -> bool:
    """Whether it is the database that is not there, busy or full, and not the statement that is wrong."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    if type(error.orig).__module__.startswith("sqlite3"):
        return any(sign in str(error.orig).lower() for sign in _SQLITE_PASSING)
    return True


def sentence(error: BaseException) -> str:
    """What a database says, without the statement and its values."""
    return str(error.orig if isinstance(error, DBAPIError) else error).strip()


def as_failure(error: Exception) -> Failure:
    """The failure of the message whose statement raised this."""
    if isinstance(error, Failure):
        return error
    kind = type(error.orig if isinstance(error, DBAPIError) and error.orig is not None else error)
    return Failure(kind.__name__, sentence(error))


def names_in(statement: TextClause) -> list[str]:
    """The names that stand for values in a statement."""
    return list(statement.compile().params)


def bound(names: list[str], content: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """A value for every name: the one given, else the content's field of that name, else, for `content`, all of it."""
    found: dict[str, Any] = {}
    fields = cast("dict[Any, Any]", content) if isinstance(content, dict) else {}
    for name in names:
        if name in given:
            found[name] = given[name]
        elif name in fields:
            found[name] = fields[name]
        elif name == "content":
            found[name] = content
        else:
            raise Failure(
                "LookupError", f"there is no value for :{name}; the content has no such field, and `values` does not name it"
            )
    return found


def to_database(value: Any, dialect: str) -> Any:
    """A value as the driver takes it: structures as JSON, and for SQLite, which lacks them, times and decimals as text."""
    kind = cast("type[Any]", type(value))
    if kind in (dict, list, tuple, set, frozenset):
        return json.dumps(list(value) if kind in (set, frozenset) else value, ensure_ascii=False, default=str)
    if dialect == "sqlite":
        if isinstance(value, dt.datetime):
            return value.isoformat(" ")
        if isinstance(value, (dt.date, dt.time)):
            return value.isoformat()
        if isinstance(value, (decimal.Decimal, uuid.UUID, dt.timedelta)):
            return str(value)
    return value


def from_row(row: RowMapping) -> dict[str, Any]:
    """A row as content."""
    return {str(name): value.tobytes() if type(value) is memoryview else value for name, value in row.items()}

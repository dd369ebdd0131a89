"""What every table shares: names of constraints, column types, and the rules a user may meet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, CheckConstraint, DateTime, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

RULE = "rule"
"""Key in a constraint's `info`: the sentence that a user reads when an edit breaks it."""


class Instant(TypeDecorator[datetime]):
    """A moment. Always with a zone in Python; SQLite, which knows no zones, keeps it as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, so that times written on different machines sort as they happened."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone could be any moment of a day")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactJson(JSON):
    """JSON in the exact form of `engine.database.exact`, which the engine is given as its (de)serializer."""


@compiles(ExactJson, "sqlite")
def _text_on_sqlite(*_: Any, **__: Any) -> str:
    """A column declared JSON would have numeric affinity in SQLite, which turns the text 1.0 into the integer 1."""
    return "TEXT"


class Base(DeclarativeBase):
    """Root of the tables. Its metadata is what the migrations must add up to."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        datetime: Instant,
        str: String,
        dict[str, Any]: ExactJson,
    }


Strings = Annotated[list[str], mapped_column(ExactJson)]
"""A short list of words, order kept."""
OptionalStrings = Annotated[list[str] | None, mapped_column(ExactJson(none_as_null=True))]
Json = Annotated[Any, mapped_column(ExactJson, nullable=False)]
"""A value of any shape; None is kept as JSON's null."""
OptionalJson = Annotated[Any, mapped_column(ExactJson(none_as_null=True), nullable=True)]
"""A value of any shape but None, which is kept as NULL."""


def rule(name: str, condition: str, sentence: str) -> CheckConstraint:
    """A CHECK, and the sentence that explains it to whoever breaks it."""
    return CheckConstraint(condition, name=name, info={RULE: sentence})


def one_of(column: str, *values: str) -> str:
    """SQL: the column holds one of the values."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"

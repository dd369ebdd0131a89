"""sql_write: writes messages to a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, Effect, ProcessorType
from engine.processors.notation import DatabaseUrl, Duration, LongText, UrlSecret, database_problems, read_durations


class SqlWriteConfig(Config, frozen=True, kw_only=True):
    """Settings of `sql_write`."""

    url: DatabaseUrl = ""
    url_secret: UrlSecret = ""
    table: Annotated[str | None, Meta(description="The table to write to; schema.table if it is not in the usual schema.")] = (
        None
    )
    key: Annotated[tuple[str, ...], Meta(description="Columns by which a row is known: one that is there is changed.")] = ()
    columns: Annotated[tuple[str, ...], Meta(description="Fields of the content to write; by default all.")] = ()
    values: Annotated[
        dict[str, str], Meta(description="Column (or :name) to Python expression, instead of the content's fields.")
    ] = {}
    statement: Annotated[
        LongText | None, Meta(description="A statement of your own instead of `table`; :name stands for a value.")
    ] = None
    exactly_once: Annotated[bool, Meta(description="Note in the database what was written, in a table `pyfi_applied`.")] = True
    remember: Annotated[Duration, Meta(description="How long those notes are kept.")] = "7d"

    def __post_init__(self) -> None:
        read_durations(self, "remember")


def _check(config: SqlWriteConfig, folder: Path) -> list[str]:
    reasons = database_problems(config.url, config.url_secret)
    if (config.table is None) == (config.statement is None):
        reasons.append("give either `table` or `statement`")
    if config.statement is not None and (config.key or config.columns):
        reasons.append("`key` and `columns` are for a `table`; leave them out")
    if config.columns and config.values:
        reasons.append("`values` names all columns; leave out `columns`")
    written = set(config.columns) | set(config.values)
    reasons.extend(
        f"`key` names '{column}', which is not written" for column in config.key if written and column not in written
    )
    return reasons


TYPE = ProcessorType(
    name="sql_write",
    title="SQL write",
    summary="Writes messages to a database: inserts, updates by key, or runs a statement.",
    category="database",
    config=SqlWriteConfig,
    check=_check,
    effect=Effect.OUTSIDE,
    final=True,
    packages=("sqlalchemy",),
    expressions=("values",),
)

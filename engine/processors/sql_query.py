"""sql_query: reads rows of a database, on its own or for every message."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta

from engine.processors.base import Config, ProcessorType
from engine.processors.notation import DatabaseUrl, Duration, LongText, UrlSecret, database_problems, read_durations

_CURSOR = re.compile(r"(?<![:\w]):cursor\b")


class SqlQueryConfig(Config, frozen=True, kw_only=True):
    """Settings of `sql_query`."""

    query: Annotated[LongText, Meta(min_length=1, description="The query; :name stands for a value.")]
    url: DatabaseUrl = ""
    url_secret: UrlSecret = ""
    once: Annotated[bool, Meta(description="Be a source: run the query once.")] = False
    every: Annotated[Duration, Meta(description="Be a source: run the query again and again, such as 30s.")] = 0.0
    cursor: Annotated[str | None, Meta(description="Column that grows; :cursor in the query is its last value.")] = None
    start: Annotated[Any, Meta(description="What :cursor is at the beginning.")] = None
    values: Annotated[
        dict[str, str], Meta(description="Name to Python expression; by default a name is a field of the content.")
    ] = {}
    result: Annotated[Literal["rows", "list"], Meta(description="A message a row, or one list for each message.")] = "rows"

    def __post_init__(self) -> None:
        read_durations(self, "every")


def _inputs(config: SqlQueryConfig) -> tuple[str, ...]:
    return () if config.once or config.every else ("in",)


def _check(config: SqlQueryConfig, folder: Path) -> list[str]:
    reasons = database_problems(config.url, config.url_secret)
    if config.once and config.every:
        reasons.append("`once` and `every` exclude each other; give one of them")
    if config.cursor is not None and not config.every and not config.once:
        reasons.append("`cursor` is for a source; give `every` or `once` too")
    if (config.cursor is not None) != bool(_CURSOR.search(config.query)):
        reasons.append(
            "`cursor` and :cursor in the query belong together: ... WHERE id > :cursor ORDER BY id, with `cursor: id`"
        )
    if config.cursor is not None and config.start is None:
        reasons.append("`cursor` needs `start`, what :cursor is at the beginning, such as 0")
    if config.result == "list" and (config.once or config.every):
        reasons.append("`result: list` is for queries made for messages; a source sends rows")
    return reasons


TYPE = ProcessorType(
    name="sql_query",
    title="SQL query",
    summary="Reads rows of a database, on its own or for every message.",
    category="database",
    config=SqlQueryConfig,
    inputs=_inputs,
    check=_check,
    packages=("sqlalchemy",),
    expressions=("values",),
)

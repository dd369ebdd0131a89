"""write_csv: one row a message."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, Effect, ProcessorType
from engine.processors.file_check import csv_problems, target_problem, writing_problem
from engine.processors.notation import Separator


class WriteCsvConfig(Config, frozen=True):
    """Settings of `write_csv`."""

    path: Annotated[
        str,
        Meta(min_length=1, description="The file, relative to the flow file's folder; .gz, .bz2, .xz and .zst are compressed."),
    ]
    columns: Annotated[list[str], Meta(description="The columns, in order; none: the keys of the first message.")] = []
    header: Annotated[bool, Meta(description="Begin the file with the names of the columns.")] = True
    missing: Annotated[
        Literal["empty", "fail"], Meta(description="A message without one of the columns has an empty cell there, or fails.")
    ] = "empty"
    extra: Annotated[
        Literal["fail", "ignore"], Meta(description="A message with other keys fails, or is written without them.")
    ] = "fail"
    delimiter: Annotated[Separator, Meta(description="What stands between cells.")] = ","
    quotechar: Annotated[str, Meta(description="What stands around cells that hold a delimiter or a line end.")] = '"'
    encoding: Annotated[str, Meta(description="How text is written, for example utf-8 or latin-1.")] = "utf-8"
    append: Annotated[bool, Meta(description="Add to what the file holds when a run begins, instead of overwriting.")] = False
    sync: Annotated[bool, Meta(description="Have every batch on the disk before it counts as done; slower.")] = False


def _check(config: WriteCsvConfig, folder: Path) -> list[str]:
    problems = [
        target_problem(config.path, folder),
        writing_problem(config.encoding),
        *csv_problems(config.delimiter, config.quotechar, config.columns),
    ]
    return [problem for problem in problems if problem]


TYPE = ProcessorType(
    name="write_csv",
    title="Write CSV",
    summary="Writes each message as a row of a table, exactly once.",
    category="sinks",
    config=WriteCsvConfig,
    check=_check,
    effect=Effect.POSITION,
    exclusive=True,
    final=True,
    paths=("path",),
)

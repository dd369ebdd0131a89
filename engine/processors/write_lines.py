"""write_lines: one line a message."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, Effect, ProcessorType
from engine.processors.file_check import target_problem, writing_problem


class WriteLinesConfig(Config, frozen=True):
    """Settings of `write_lines`."""

    path: Annotated[
        str,
        Meta(min_length=1, description="The file, relative to the flow file's folder; .gz, .bz2, .xz and .zst are compressed."),
    ]
    append: Annotated[bool, Meta(description="Add to what the file holds when a run begins, instead of overwriting.")] = False
    encoding: Annotated[str, Meta(description="How text is written, for example utf-8 or latin-1.")] = "utf-8"
    newlines: Annotated[
        Literal["fail", "escape", "keep"],
        Meta(description="A text with line ends inside fails, has them written as \\n, or is written as it is."),
    ] = "fail"
    sync: Annotated[bool, Meta(description="Have every batch on the disk before it counts as done; slower.")] = False


def _check(config: WriteLinesConfig, folder: Path) -> list[str]:
    return [problem for problem in (target_problem(config.path, folder), writing_problem(config.encoding)) if problem]


TYPE = ProcessorType(
    name="write_lines",
    title="Write lines",
    summary="Writes each message as a line of a file, exactly once.",
    category="sinks",
    config=WriteLinesConfig,
    check=_check,
    effect=Effect.POSITION,
    exclusive=True,
    final=True,
    paths=("path",),
)

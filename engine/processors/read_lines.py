"""read_lines: the lines of files, compressed or growing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, ProcessorType, fixed
from engine.processors.file_check import compression_problem, encoding_problem, missing_problem


class ReadLinesConfig(Config, frozen=True):
    """Settings of `read_lines`."""

    path: Annotated[
        str, Meta(min_length=1, description="The file, or a pattern such as logs/*.gz; relative to the flow file's folder.")
    ]
    encoding: Annotated[str, Meta(description="How its text is written, for example utf-8, latin-1 or utf-16.")] = "utf-8"
    errors: Annotated[
        Literal["replace", "strict"],
        Meta(description="Bytes that are not in the encoding become U+FFFD (replace), or end the reading (strict)."),
    ] = "replace"
    skip_header: Annotated[int, Meta(ge=0, description="How many lines at the start of each file to leave out.")] = 0
    attributes: Annotated[bool, Meta(description="Give every message the attributes `path` and `line`.")] = False
    follow: Annotated[bool, Meta(description="Wait for more at the end of the file instead of ending.")] = False
    start: Annotated[
        Literal["beginning", "end"], Meta(description="Where to begin following files that are there already.")
    ] = "beginning"


def _check(config: ReadLinesConfig, folder: Path) -> list[str]:
    problems = [encoding_problem(config.encoding)]
    if config.follow:
        problems.append(compression_problem(config.path))
    else:
        problems.append(missing_problem(config.path, folder, "; or set `follow: true` to wait for it"))
        if config.start == "end":
            problems.append("`start: end` goes with `follow: true` only; remove it")
    return [problem for problem in problems if problem]


TYPE = ProcessorType(
    name="read_lines",
    title="Read lines",
    summary="Reads the lines of files, compressed or growing; each line is a message.",
    category="sources",
    config=ReadLinesConfig,
    inputs=fixed(()),
    check=_check,
    exclusive=True,
    paths=("path",),
)

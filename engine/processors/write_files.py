"""write_files: one file a message."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, Effect, ProcessorType
from engine.processors.notation import FolderPath


class WriteFilesConfig(Config, frozen=True):
    """Settings of `write_files`."""

    path: Annotated[FolderPath, Meta(min_length=1, description="The folder, relative to the flow file's folder.")]
    name: Annotated[
        str,
        Meta(description="The file's name: text with {id}, {n} and {attributes}; none: attribute filename, else {id}-{n}.bin."),
    ] = ""
    sync: Annotated[bool, Meta(description="Have every file on the disk before its message counts as done; slower.")] = False


def _check(config: WriteFilesConfig, folder: Path) -> list[str]:
    full = folder / Path(config.path).expanduser()
    problems: list[str] = []
    if full.exists() and not full.is_dir():
        problems.append(f"`path` is '{full}', which is no folder; name a folder, and the files in `name`")
    if "/" in config.name or "\\" in config.name:
        problems.append("`name` holds a slash; it is the name of a file in the folder `path`")
    if config.name and not re.search(r"\{[^{}]+\}", config.name):
        problems.append("`name` is the same for every message, so each would overwrite the one before; use {n} or an attribute")
    return problems


TYPE = ProcessorType(
    name="write_files",
    title="Write files",
    summary="Writes each message to a file of its own in a folder.",
    category="sinks",
    config=WriteFilesConfig,
    check=_check,
    effect=Effect.OUTSIDE,
    final=True,
    paths=("path",),
)

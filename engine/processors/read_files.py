"""read_files: the files of a folder, as they come."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, ProcessorType, fixed
from engine.processors.file_check import encoding_problem
from engine.processors.notation import Duration, FolderPath, read_durations


class ReadFilesConfig(Config, frozen=True):
    """Settings of `read_files`."""

    path: Annotated[FolderPath, Meta(min_length=1, description="The folder, relative to the flow file's folder.")]
    pattern: Annotated[str, Meta(min_length=1, description="Which files: a pattern for their names, such as *.csv.")] = "*"
    recursive: Annotated[bool, Meta(description="Look into the folders inside it too.")] = False
    encoding: Annotated[str, Meta(description="Read the files as text, for example utf-8; without it they are bytes.")] = ""
    every: Annotated[Duration, Meta(description="How often to look.")] = "1s"
    settle: Annotated[Duration, Meta(description="How long a file must be unchanged before it is taken.")] = "1s"
    after: Annotated[
        Literal["keep", "delete", "move"], Meta(description="What becomes of a file when its message is safely stored.")
    ] = "keep"
    move_to: Annotated[FolderPath, Meta(description="The folder that files are moved to, with `after: move`.")] = ""
    once: Annotated[bool, Meta(description="End when every file that was there has been taken, instead of watching.")] = False

    def __post_init__(self) -> None:
        read_durations(self, "every", "settle")


def _check(config: ReadFilesConfig, folder: Path) -> list[str]:
    problems = [encoding_problem(config.encoding)] if config.encoding else []
    full = folder / Path(config.path).expanduser()
    if full.exists() and not full.is_dir():
        problems.append(f"`path` is '{full}', which is no folder; name the folder, and the files in `pattern`")
    if config.once and not full.exists():
        problems.append(f"there is no folder '{full}'; check `path`, which is relative to the flow file")
    if "/" in config.pattern:
        problems.append("`pattern` is for names only; put folders into `path`, or set `recursive: true`")
    if (config.after == "move") != bool(config.move_to):
        problems.append("`after: move` and `move_to` go together; give both or neither")
    elif config.move_to and (folder / Path(config.move_to).expanduser()).resolve() == full.resolve():
        problems.append("`move_to` is the folder that is read; name another")
    return [problem for problem in problems if problem]


TYPE = ProcessorType(
    name="read_files",
    title="Read files",
    summary="Watches a folder; each file that comes is a message.",
    category="sources",
    config=ReadFilesConfig,
    inputs=fixed(()),
    check=_check,
    exclusive=True,
    paths=("path", "move_to"),
)

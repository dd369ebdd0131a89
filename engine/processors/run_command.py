"""run_command: runs a program for every message."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from engine.processors.base import Config, Effect, ProcessorType
from engine.processors.notation import FolderPath, Template, read_templates


class RunCommandConfig(Config, frozen=True, kw_only=True):
    """Settings of `run_command`."""

    command: Annotated[list[Template] | str, Meta(description="Program and arguments, as a list; {expressions} are filled in.")]
    shell: Annotated[bool, Meta(description="Have a shell run `command`, which is one text then.")] = False
    input: Annotated[str | None, Meta(description="Python expression for what the program reads; null: nothing.")] = "content"
    output: Annotated[Literal["text", "bytes", "json"], Meta(description="What the program's output becomes.")] = "text"
    environment: Annotated[dict[str, Template], Meta(description="Further variables; {expressions} are filled in.")] = {}
    folder: Annotated[FolderPath, Meta(description="Where the program runs, relative to the flow file.")] = "."
    accept: Annotated[tuple[int, ...], Meta(description="Exit statuses that mean success.")] = (0,)

    def __post_init__(self) -> None:
        if isinstance(self.command, str) and not self.shell:
            raise ValueError('`command` must be a list such as ["sort", "-u"]; for one text set `shell: true`')
        if isinstance(self.command, list) and self.shell:
            raise ValueError("with `shell: true`, `command` must be one text")
        if not self.command:
            raise ValueError("`command` is empty; name a program")
        read_templates(self, "command", "environment")


def _check(config: RunCommandConfig, folder: Path) -> list[str]:
    if not (folder / config.folder).is_dir():
        return [f"`folder` '{config.folder}' is not a folder; correct it, or make one"]
    return []


TYPE = ProcessorType(
    name="run_command",
    title="Run command",
    summary="Runs a program for every message; its output is the result.",
    category="code",
    config=RunCommandConfig,
    check=_check,
    effect=Effect.OUTSIDE,
    paths=("folder",),
    expressions=("input",),
)

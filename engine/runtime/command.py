"""How to start the host of a stage: which interpreter, with which code and packages."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.errors import EnvironmentFailed
from engine.interpreter import own_python
from engine.runtime.host import HOSTS, Command, python_command, scrubbed_environment
from engine.runtime.plan import Plan, Stage

_LEAST_HEAP_MB = 16
Say = Callable[[str, str], None]
"""Takes a level and a text."""


async def checkouts(plan: Plan, folder: Path) -> dict[str, str]:
    """By step that takes its code from git: a folder with the commit's files."""
    sources = {step.id: step.processor.git for step in plan.steps.values() if step.processor.git is not None}
    if not sources:
        return {}
    from engine.sources.git import checkout  # few flows need git

    return {id: str(await asyncio.to_thread(checkout, git.repo, git.commit, folder)) for id, git in sources.items()}


async def command(flow: str, stage: Stage, found: Mapping[str, str], folder: Path, say: Say) -> Command:
    """The command of a host for a stage of the `flow`, its environment made if need be.

    `found` are the checkouts, `folder` is the flow's; `say` hears how that goes on.

    Raises EnvironmentFailed when a runtime is missing or packages cannot be installed.
    """
    environment, made = stage.environment, None
    if not environment.is_own:
        from engine.runtime.provision import provide  # few flows need their own environment

        loop = asyncio.get_running_loop()

        def say_there(level: str, text: str) -> None:
            loop.call_soon_threadsafe(say, level, text)

        made = await asyncio.to_thread(provide, flow, stage, found, folder, say_there)
    if environment.runtime == "node":
        return node_command(stage, made)
    return python_command(None if made is None else str(made / "bin" / "python"))


def node_command(stage: Stage, environment: Path | None = None) -> Command:
    """A Node.js host, started by a launcher that ties its life to the engine's."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        raise EnvironmentFailed(
            f"processor '{stage.id}' needs Node.js, which is not installed; install it (Debian: apt install nodejs)"
        )
    megabytes = max(_LEAST_HEAP_MB, stage.memory_bytes // 1_000_000)
    program = (node, f"--max-old-space-size={megabytes}", str(HOSTS / "host.js"))
    packages = {} if environment is None else {"NODE_PATH": str(environment / "node_modules")}
    launcher = (own_python(), str(HOSTS / "launch.py"), str(os.getpid()), "0")
    return Command((*launcher, *program), scrubbed_environment(packages))


def runtimes() -> frozenset[str]:
    """The languages whose code can be run on this machine."""
    found = {"python"}
    if shutil.which("node") or shutil.which("nodejs"):
        found.add("node")
    if shutil.which("bash"):
        found.add("bash")
    return frozenset(found)

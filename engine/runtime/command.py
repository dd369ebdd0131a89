"""How to start the host of a stage: which interpreter, with which code and packages."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from engine.errors import EnvironmentFailed
from engine.runtime.host import HOSTS, Command, python_command, scrubbed_environment
from engine.runtime.plan import OWN, Plan, Stage

_LEAST_HEAP_MB = 16


async def checkouts(plan: Plan, folder: Path) -> dict[str, str]:
    """By step that takes its code from git: a folder with the commit's files."""
    sources = {step.id: step.processor.git for step in plan.steps.values() if step.processor.git is not None}
    if not sources:
        return {}
    from engine.sources.git import checkout  # few flows need git

    return {id: str(await asyncio.to_thread(checkout, git.repo, git.commit, folder)) for id, git in sources.items()}


async def command(stage: Stage, found: Mapping[str, str]) -> Command:
    """The command of a stage's host, its environment made if need be. `found` are the checkouts.

    Raises EnvironmentFailed when a runtime is missing or packages cannot be installed.
    """
    environment = stage.environment
    if environment.runtime == "node":
        return node_command(stage)
    if environment == OWN or not (environment.requirements or environment.requirements_file):
        return python_command()
    from engine.sources.environment import python_of  # few flows need their own environment

    file = None
    if environment.requirements_file:
        file = next(Path(found[id]) / environment.requirements_file for id in stage.steps if id in found)
        if not file.is_file():
            raise EnvironmentFailed(f"processor '{stage.id}': its commit has no file {environment.requirements_file}")
    return python_command(str(await asyncio.to_thread(python_of, environment.requirements, file)))


def node_command(stage: Stage) -> Command:
    """A Node.js host, started by a launcher that ties its life to the engine's."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        raise EnvironmentFailed(
            f"processor '{stage.id}' needs Node.js, which is not installed; install it (Debian: apt install nodejs)"
        )
    megabytes = max(_LEAST_HEAP_MB, stage.memory_bytes // 1_000_000)
    program = (node, f"--max-old-space-size={megabytes}", str(HOSTS / "host.js"))
    return Command((sys.executable, str(HOSTS / "launch.py"), str(os.getpid()), "0", *program), scrubbed_environment())


def runtimes() -> frozenset[str]:
    """The languages whose code can be run on this machine."""
    found = {"python"}
    if shutil.which("node") or shutil.which("nodejs"):
        found.add("node")
    if shutil.which("bash"):
        found.add("bash")
    return frozenset(found)

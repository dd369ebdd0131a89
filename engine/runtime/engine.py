"""The engine of the local target: one workspace, one ledger, the deployments that run in it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.bus.base import Bus, Event
from engine.bus.memory import MemoryBus
from engine.errors import EnvironmentFailed
from engine.ledger.base import open_ledger
from engine.runtime.deployment import Deployment, Place
from engine.runtime.host import HOSTS, Command, python_command, scrubbed_environment
from engine.runtime.journal import Journal
from engine.runtime.ledger_thread import LedgerThread
from engine.runtime.plan import OWN, Plan, Stage
from engine.runtime.workspace import Workspace


class Engine:
    """Owns a workspace while it is open. Use as an async context manager."""

    def __init__(self, folder: Path | None = None, bus: Bus | None = None) -> None:
        self.workspace = Workspace(folder)
        self.bus = bus or MemoryBus()
        self.deployments: dict[str, Deployment] = {}
        self.trouble: str | None = None
        """What is wrong with the storage right now."""

    async def __aenter__(self) -> Engine:
        self.workspace.open()
        try:
            ledger = await asyncio.to_thread(open_ledger, self.workspace.ledger_url)
            # Whoever held a lease is dead: its hosts died with it.
            await asyncio.to_thread(ledger.void)
            self.workspace.sweep_claims(await asyncio.to_thread(ledger.claims))
        except BaseException:
            self.workspace.close()
            raise
        self.ledger = LedgerThread(ledger, self._on_trouble, self.workspace.remove_claims)
        self._journal = Journal(self.workspace.logs)
        self._unsubscribe = self.bus.subscribe(self._journal.write)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(deployment.stop() for deployment in self.deployments.values()))
        await self.ledger.close()
        self._unsubscribe()
        await asyncio.to_thread(self._journal.close)
        self.workspace.close()

    async def deploy(
        self,
        name: str,
        plan: Plan,
        *,
        revision: str,
        run_id: str,
        folder: Path,
        secrets: Mapping[str, str] | None = None,
        base: Mapping[str, Any] | None = None,
    ) -> Deployment:
        """Open a flow in this workspace; the caller starts it. `folder` is what relative paths in its settings start from."""
        checkouts = await self._checkouts(plan)
        place = Place(
            self.ledger,
            folder=folder,
            claims=self.workspace.claims,
            bus=self.bus,
            find_command=self._command,
            secrets=secrets,
            checkouts=checkouts,
        )
        deployment = await Deployment.open(name, plan, revision, run_id, place, base)
        self.deployments[name] = deployment
        return deployment

    async def _checkouts(self, plan: Plan) -> dict[str, str]:
        """A folder with the committed code of every step that takes its code from git."""
        steps = [step for step in plan.steps.values() if step.processor.git is not None]
        if not steps:
            return {}
        from engine.sources.git import checkout  # noqa: PLC0415 - few flows need git

        return {
            step.id: str(await asyncio.to_thread(checkout, step.processor.git.repo, step.processor.git.commit))
            for step in steps
            if step.processor.git is not None
        }

    async def _command(self, plan: Plan, stage: Stage) -> Command:
        environment = stage.environment
        if environment == OWN:
            return python_command()
        if environment.runtime == "node":
            return node_command(stage)
        from engine.sources.environment import python_of  # noqa: PLC0415 - few flows need their own environment

        return python_command(str(await asyncio.to_thread(python_of, environment)))

    def _on_trouble(self, trouble: str | None) -> None:
        if trouble == self.trouble:
            return
        self.trouble = trouble
        for deployment in self.deployments.values():
            text = f"storage: {trouble}; work goes on when that is cured" if trouble else "storage works again"
            level = "error" if trouble else "info"
            self.bus.publish(Event("log", deployment.name, deployment.now_ms(), {"step": "", "level": level, "text": text}))


def node_command(stage: Stage) -> Command:
    """A Node.js host, started by a launcher that ties its life to the engine's."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        raise EnvironmentFailed(f"processor '{stage.id}' needs Node.js, which is not installed; install it (Debian: apt install nodejs)")
    megabytes = max(16, stage.memory_bytes // 1_000_000)
    program = (node, f"--max-old-space-size={megabytes}", os.path.join(HOSTS, "host.js"))
    return Command((sys.executable, os.path.join(HOSTS, "launch.py"), *program), scrubbed_environment())


def runtimes() -> frozenset[str]:
    """The languages whose code can be run on this machine."""
    found = {"python"}
    if shutil.which("node") or shutil.which("nodejs"):
        found.add("node")
    if shutil.which("bash"):
        found.add("bash")
    return frozenset(found)



"""The engine of the local target: one workspace, one ledger, the deployments that run in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from engine.bus.base import Bus, Event
from engine.bus.memory import MemoryBus
from engine.ledger.url import open_ledger
from engine.runtime.command import checkouts, command
from engine.runtime.deployment import Deployment, Place
from engine.runtime.journal import Journal
from engine.runtime.ledger_thread import LedgerThread
from engine.runtime.plan import Plan
from engine.runtime.queues import LIMITS, limits_of
from engine.runtime.workspace import Workspace


class Engine:
    """Owns a workspace while it is open. Use as an async context manager."""

    def __init__(self, folder: Path | None = None, bus: Bus | None = None) -> None:
        self.workspace = Workspace(folder)
        self.bus = bus or MemoryBus()
        self.deployments: dict[str, Deployment] = {}
        self.trouble: str | None = None
        """What is wrong with the storage right now."""

    async def __aenter__(self) -> Self:
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
        found = await checkouts(plan, folder)
        place = Place(
            self.ledger,
            folder=folder,
            claims=self.workspace.claims,
            bus=self.bus,
            find_command=lambda _, stage: command(stage, found),
            secrets=secrets,
            checkouts=found,
        )
        deployment = await Deployment.open(name, plan, revision, run_id, place, base)
        number, limits = deployment.registration.deployment, limits_of(plan)
        await self.ledger.call(lambda ledger: ledger.set_facts(number, {LIMITS: limits or None}))
        self.deployments[name] = deployment
        return deployment

    def _on_trouble(self, trouble: str | None) -> None:
        if trouble == self.trouble:
            return
        self.trouble = trouble
        for deployment in self.deployments.values():
            text = f"storage: {trouble}; work goes on when that is cured" if trouble else "storage works again"
            level = "error" if trouble else "info"
            self.bus.publish(Event("log", deployment.name, deployment.now_ms(), {"step": "", "level": level, "text": text}))

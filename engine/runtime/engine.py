"""The engine of the local target: one workspace, one ledger, the deployments that run in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from engine.bus.base import Bus, Event
from engine.bus.memory import MemoryBus
from engine.dispatch.local import LocalDispatcher
from engine.ledger.url import open_ledger
from engine.runtime.chronicle import KEEP_DAYS, Chronicle
from engine.runtime.command import checkouts, command
from engine.runtime.deployment import Deployment, Place, Record
from engine.runtime.journal import Journal
from engine.runtime.ledger_thread import LedgerThread
from engine.runtime.plan import Plan
from engine.runtime.queues import LIMITS, limits_of
from engine.runtime.workspace import Workspace


class Engine:
    """Owns a workspace while it is open. Use as an async context manager."""

    def __init__(
        self,
        folder: Path | None = None,
        bus: Bus | None = None,
        *,
        history_days: int = KEEP_DAYS,
        record: Record | None = None,
    ) -> None:
        self.workspace = Workspace(folder)
        self._history_days = history_days
        self._record = record
        """Keeps results of calls, if anybody does."""
        self.bus = bus or MemoryBus()
        self._dispatcher = LocalDispatcher()
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
        self.chronicle = Chronicle(self.ledger, self._history_days)
        self.journal = Journal(self.workspace.logs)
        self._unsubscribe = self.bus.subscribe(self.journal.write)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(deployment.stop() for deployment in self.deployments.values()))
        await self.chronicle.close()
        await self.ledger.close()
        self._unsubscribe()
        await asyncio.to_thread(self.journal.close)
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
        place = await self._place(plan, folder, secrets)
        deployment = await Deployment.open(name, plan, revision, run_id, place, base)
        self._keep_limits(deployment)
        self.chronicle.begin(deployment)
        self.deployments[name] = deployment
        return deployment

    async def replan(self, deployment: Deployment, plan: Plan, revision: str) -> None:
        """Have a deployment go on under another plan; see `Deployment.replan`."""
        place = await self._place(plan, deployment.place.folder, deployment.place.secrets)
        await deployment.replan(plan, revision, place)
        self._keep_limits(deployment)

    async def rename(self, name: str, new_name: str) -> None:
        """Have a deployment go on under another name, with all it holds and is at.

        Raises:
            NotFound: there is none of the old name.
            ConflictError: there is another of the new name.
        """
        await self.ledger.call(lambda ledger: ledger.rename(name, new_name))
        deployment = self.deployments.pop(name, None)
        if deployment is not None:
            self.deployments[new_name] = deployment
            deployment.rename(new_name)
        self.chronicle.rename(name, new_name)

    async def retire(self, deployment: Deployment, patience_s: float) -> None:
        """Stop a deployment and let go of it; what it holds stays in the ledger."""
        await deployment.stop(patience_s)
        self.chronicle.leave(deployment)
        if self.deployments.get(deployment.name) is deployment:
            del self.deployments[deployment.name]

    async def _place(self, plan: Plan, folder: Path, secrets: Mapping[str, str] | None) -> Place:
        found = await checkouts(plan, folder)
        place = Place(
            self.ledger,
            self._dispatcher,
            folder=folder,
            claims=self.workspace.claims,
            bus=self.bus,
            find_command=lambda stage, say: command(plan.name, stage, found, folder, say),
            secrets=secrets,
            checkouts=found,
        )
        if self._record is not None:
            place.record = self._record
        return place

    def _keep_limits(self, deployment: Deployment) -> None:
        number, limits = deployment.registration.deployment, limits_of(deployment.plan)
        self.ledger.leave(lambda ledger: ledger.set_facts(number, {LIMITS: limits or None}))

    def _on_trouble(self, trouble: str | None) -> None:
        if trouble == self.trouble:
            return
        self.trouble = trouble
        for deployment in self.deployments.values():
            text = f"storage: {trouble}; work goes on when that is cured" if trouble else "storage works again"
            level = "error" if trouble else "info"
            self.bus.publish(Event("log", deployment.name, deployment.now_ms(), {"step": "", "level": level, "text": text}))

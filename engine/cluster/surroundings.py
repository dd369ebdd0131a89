"""What every process of a cluster that runs or looks after something needs: its ledger, dispatcher and bus."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from engine.bus.base import Event
from engine.bus.redis import RedisBus
from engine.cluster.clock import Clock, steady_s
from engine.cluster.leftovers import broker_url, claims_folder, remove_claims
from engine.dispatch.celery import CeleryDispatcher
from engine.ledger.url import open_ledger
from engine.runtime.ledger_thread import LedgerThread
from engine.stores.cluster import Identity
from engine.targets import Target

_CLOCK_S = 30.0


class Surroundings:
    """Open while the process lives; use as an async context manager. `told` hears how storage does, as `LedgerThread` says."""

    def __init__(self, target: Target, identity: Identity) -> None:
        self.target = target
        self._identity = identity
        self.clock = Clock()
        self.claims = claims_folder(target)
        self.trouble: str | None = None
        """What is wrong with the ledger just now."""

    async def __aenter__(self) -> Self:
        ledger = await asyncio.to_thread(open_ledger, self.target.database)
        self.ledger = LedgerThread(ledger, self._on_trouble, lambda orphans: remove_claims(self.target, orphans))
        self.bus = RedisBus(self.target.bus, self._identity.name)
        self.dispatcher = CeleryDispatcher(self._identity.name, broker_url(self.target), self._identity.key)
        await self._set_clock()
        self._ticking = asyncio.create_task(self._keep_time())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ticking.cancel()
        await asyncio.gather(self._ticking, return_exceptions=True)
        await self.ledger.close()
        await self.dispatcher.close()
        await self.bus.close()

    def say(self, kind: str, flow: str, data: dict[str, object]) -> None:
        """Tell everybody who listens."""
        self.bus.publish(Event(kind, flow, self.clock.now_ms(), data))

    def _on_trouble(self, trouble: str | None) -> None:
        self.trouble = trouble

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(_CLOCK_S)
            with contextlib.suppress(Exception):  # it is tried again; until then the clock counts on
                await self._set_clock()

    async def _set_clock(self) -> None:
        asked_s = steady_s()
        ledger_ms = await self.ledger.call(lambda ledger: ledger.now_ms())
        self.clock.set(ledger_ms, asked_s, steady_s())

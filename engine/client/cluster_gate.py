"""ClusterGate, the way to a cluster for calls: its ledger, its tickets and its store of results."""

# ruff: noqa: D102 - the abstract class says what each method means

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from engine.api.calls import unknown_call
from engine.client.cluster_calls import Ready, begin_call, calls_name, explained
from engine.client.cluster_link import ClusterLink
from engine.client.gate import Gate
from engine.cluster.leftovers import broker_url
from engine.dispatch.base import Ticket
from engine.dispatch.celery import CeleryDispatcher
from engine.errors import HostError, NotFound, StorageError
from engine.ledger.base import Ledger
from engine.results.result import Result, unpack
from engine.results.standing import CallState, is_begun, state_of, states
from engine.results.url import open_results
from engine.runtime.calls import NewCall
from engine.runtime.hosts.builtin import call_graph
from engine.targets import Target

if TYPE_CHECKING:
    from engine.client.cluster import Cluster

_T = TypeVar("_T")
_LOOK_S = 2.0
"""How often to see whether a call that is waited for is there, and can go on."""
_TROUBLE_S = 12.0
"""What keeps a call from going on for so long is no matter of a server or a node that is just being restarted."""
_PATIENCE_S = 60.0
"""How long whoever calls or waits bears with servers that have been there lately."""
_AGAIN_S = 0.5


class ClusterGate(Gate):
    """To a cluster. No agent needs to be there to take a call in: it is answered when one comes."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._link = ClusterLink(target)
        self._results = open_results(target.results_url)
        self._dispatcher: CeleryDispatcher | None = None
        self._opening = asyncio.Lock()
        self._ready: dict[str, Ready] = {}
        self._used_s = float("-inf")
        """When the servers last answered, on the clock of `time.monotonic`."""

    async def call(self, id: str, flow: str, graph: call_graph.Graph, content: Any, attributes: dict[str, str]) -> None:
        new = NewCall(id, graph, content, attributes)
        while True:
            try:
                if not await is_begun(id, calls_name(flow), self._ask_ledger, self._results):
                    self._ready[flow] = await self._ask(lambda cluster: begin_call(cluster, flow, new, self._ready.get(flow)))
                    await self._send(self._ready[flow].name, graph)
            except StorageError as error:
                await self._bear_with(error)
            else:
                return

    async def wait(self, id: str, timeout_s: float | None = None) -> Result:
        until_s = None if timeout_s is None else time.monotonic() + timeout_s
        trouble_s: float | None = None
        while True:
            state = await self._patiently(id)
            if state is not None and state.packed is not None:
                return unpack(state.packed)
            now_s = time.monotonic()
            trouble_s = (trouble_s or now_s) if state is not None and state.trouble else None
            if state is not None and trouble_s is not None and now_s - trouble_s >= _TROUBLE_S:
                raise HostError(f"{state.trouble}; the call {id} waits until that is cured, and its result can be fetched then")
            left_s = _LOOK_S if until_s is None else min(_LOOK_S, until_s - now_s)
            try:
                return await self._results.wait(id, max(0.0, left_s))
            except TimeoutError:
                if until_s is not None and time.monotonic() >= until_s:
                    raise TimeoutError(f"the call {id} has no result after {timeout_s:g} s; it goes on") from None

    async def peek(self, id: str) -> Result | None:
        packed = (await self.show(id)).packed
        return None if packed is None else unpack(packed)

    async def show(self, id: str) -> CallState:
        found = await state_of(id, self._ask_ledger, self._results)
        if found is None:
            raise NotFound(unknown_call(id))
        return (await self._ask(lambda cluster: explained(cluster, [found])))[0] if found.state == "open" else found

    async def list_calls(self, limit: int = 100) -> list[CallState]:
        found = await states(self._ask_ledger, self._results, limit)
        return await self._ask(lambda cluster: explained(cluster, found))

    async def aclose(self) -> None:
        if self._dispatcher is not None:
            await self._dispatcher.close()
        await self._results.close()
        await self._link.close()

    async def _patiently(self, id: str) -> CallState | None:
        """How a call stands; None while the servers that have been there lately are gone."""
        try:
            return await self.show(id)
        except StorageError as error:
            await self._bear_with(error)
            return None

    async def _bear_with(self, error: StorageError) -> None:
        """Servers are gone: wait a moment, unless they are gone for long."""
        if time.monotonic() - self._used_s > _PATIENCE_S:
            raise error
        await asyncio.sleep(_AGAIN_S)

    async def _send(self, name: str, graph: call_graph.Graph) -> None:
        """Wake whoever runs the steps that the call begins with; where that is lost, the deployment's keeper does it."""
        async with self._opening:  # the first calls come at once
            if self._dispatcher is None:
                identity = await self._ask(lambda cluster: cluster.identity())
                self._dispatcher = CeleryDispatcher(identity.name, broker_url(self._target), identity.key)
        for _, step in call_graph.begin(graph):
            self._dispatcher.send(Ticket(name, step))

    async def _ask_ledger(self, question: Callable[[Ledger], _T]) -> _T:
        return await self._ask(lambda cluster: cluster.ask(question))

    async def _ask(self, work: Callable[[Cluster], _T]) -> _T:
        found = await self._link.ask(work)
        self._used_s = time.monotonic()
        return found

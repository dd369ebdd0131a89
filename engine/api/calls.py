"""Calls of steps of deployed flows: made ready, begun, asked after."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct, structs

from engine.api.deployed import DeployedFlow, Order
from engine.errors import ConflictError, NotFound, UsageError
from engine.ledger.base import Outcome
from engine.model.calls import called_steps, renewed
from engine.model.codec import dump_flow, load_flow
from engine.model.problem import did_you_mean, shown
from engine.processors.registry import catalog
from engine.results.base import KEEP_S, ResultStore
from engine.results.standing import CallState, is_begun, state_of, states
from engine.runtime.calls import PREFIX, NewCall, commit_of
from engine.runtime.engine import Engine
from engine.runtime.hosts import values
from engine.runtime.hosts.builtin import call_graph

if TYPE_CHECKING:
    from engine.api.service import Service

_TRIES = 40
_AGAIN_S = 0.05
_LOOK_S = 0.5
LONGEST_WAIT_S = 60.0


class CallOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /calls. `packed` is the content in bytes (`values.pack`), as base64. The id is the caller's choice.

    A flow that is not deployed may be given by its `text` and the `folder` that its paths start from.
    """

    id: str
    flow: str
    graph: Any
    packed: bytes
    attributes: dict[str, str] = {}
    text: str = ""
    folder: str = ""


class Calls:
    """The calls of a workspace. Copies of the steps that are called run in deployments of their own, one for each flow."""

    def __init__(self, engine: Engine, service: Service, results: ResultStore) -> None:
        self._engine = engine
        self._service = service
        self.results = results
        self._preparing = asyncio.Lock()
        self._ready: dict[str, tuple[Order, frozenset[str]]] = {}
        """By deployment for calls: the order of the flow that it was made of, and the steps that can be called."""

    async def call(self, order: CallOrder) -> CallState:
        """Begin a call. When this returns, it is on disk and will be answered, whatever ends meanwhile.

        Raises:
            NotFound: there is no such flow or step.
            UsageError: the step cannot be called, or the graph is none.
        """
        steps = frozenset(call_graph.steps(checked(order.graph)))
        name = await self._make_ready(order, steps)
        if not await is_begun(order.id, name, self._engine.ledger.call, self.results):
            content = await asyncio.to_thread(values.unpack, order.packed)
            await self._begin(self._service.flow(name), NewCall(order.id, order.graph, content, order.attributes))
        return CallState(order.id, "open", name.removeprefix(PREFIX), order.graph)

    async def state(self, id: str, wait_s: float = 0.0) -> CallState:
        """How a call stands; one that is open is waited for so long, unless something keeps it from going on.

        Raises:
            NotFound: there is no such call.
        """
        until_s = time.monotonic() + wait_s
        while True:
            state = await self._look(id)
            left_s = until_s - time.monotonic()
            if state.state != "open" or state.trouble or left_s <= 0:
                return state
            with contextlib.suppress(TimeoutError):
                await self.results.wait(id, min(_LOOK_S, left_s))

    async def _look(self, id: str) -> CallState:
        found = await state_of(id, self._engine.ledger.call, self.results)
        if found is None:
            raise NotFound(unknown_call(id))
        return self._explained(found)

    async def list_calls(self, limit: int) -> list[CallState]:
        """Open calls, then those that were answered last."""
        return [self._explained(call) for call in await states(self._engine.ledger.call, self.results, limit)]

    @property
    def are_any(self) -> bool:
        """Whether anything was ever called here."""
        return any(name.startswith(PREFIX) for name in self._service.flows)

    async def prune(self) -> None:
        """Drop results that were kept for long."""
        await self.results.expire(int((time.time() - KEEP_S) * 1000))

    # -- the deployment behind the calls of a flow

    async def _make_ready(self, order: CallOrder, steps: frozenset[str]) -> str:
        """See to it that the steps of a flow, as it is deployed now, can be called; returns the deployment's name."""
        flow, origin = self._origin(order)
        name = PREFIX + flow
        async with self._preparing:
            known = self._ready.get(name)
            if known is not None and known[0] == origin and steps <= known[1] and name in self._service.flows:
                return name
            called = await self._called_so_far(name) | steps
            made = await asyncio.to_thread(_made, origin, sorted(called), steps)
            await self._service.deploy_calls(made, name)
            self._ready[name] = (origin, frozenset(called_steps(load_flow(made.text, "calls"))))
        return name

    def _origin(self, order: CallOrder) -> tuple[str, Order]:
        """The flow that is meant, by its name for calls, without what changes while it runs."""
        if order.text:
            return order.flow, Order(order.text, order.folder)
        if order.flow not in self._service.flows or order.flow.startswith(PREFIX):
            names = [name for name in self._service.flows if not name.startswith(PREFIX)]
            cure = did_you_mean(order.flow, names) or "; deploy it, or name a flow file"
            raise NotFound(f"no flow {shown(order.flow)} is deployed here{cure}")
        wanted = self._service.flows[order.flow].order
        return order.flow, Order(wanted.text, wanted.folder, wanted.path, wanted.overrides)

    async def _called_so_far(self, name: str) -> frozenset[str]:
        """The steps that the deployment for calls has; of those that the flow has lost, only where calls of them wait."""
        flow = self._service.flows.get(name)
        return frozenset(called_steps(load_flow(flow.order.text, "calls"))) if flow is not None else frozenset()

    # -- calls

    async def _begin(self, flow: DeployedFlow, call: NewCall) -> None:
        for _ in range(_TRIES):
            deployment = flow.deployment
            if deployment is not None:
                commit = commit_of(call, deployment.registration, deployment.now_ms(), self._engine.workspace.claims)
                outcome = await self._engine.ledger.ask(commit, None)
                if outcome is Outcome.DONE:
                    deployment.settle(commit, [], {"signals": []})
                if outcome is not Outcome.STALE_PLAN:  # in conflict with itself: it was begun before
                    return
            await asyncio.sleep(_AGAIN_S)  # it is just being changed
        raise ConflictError(f"the calls of {shown(flow.name)} cannot be begun just now: {flow.trouble or 'it is changed'}")

    def _explained(self, call: CallState) -> CallState:
        """The same with the reason why it cannot go on now, if that is known."""
        if call.state != "open":
            return call
        return structs.replace(call, trouble=self._trouble(PREFIX + call.flow, set(call_graph.steps(call.graph))))

    def _trouble(self, name: str, steps: Collection[str]) -> str | None:
        """Why calls of some steps cannot go on now, if that is known."""
        flow = self._service.flows.get(name)
        if flow is None or flow.deployment is None:
            return flow.trouble if flow is not None else None
        if flow.trouble is not None or not flow.is_live:
            return flow.trouble or f"'{name}' is {flow.state}; start it"
        runners = (flow.deployment.runner_of(step) for step in steps)
        return next((runner.broken for runner in runners if runner is not None and runner.broken is not None), None)


def unknown_call(id: str) -> str:
    """The sentence for a call that is not there."""
    return f"there is no call {shown(id)}; results are kept for {KEEP_S / 86400:.0f} days"


def checked(graph: Any, depth: int = 0) -> call_graph.Graph:
    """A graph that somebody sent.

    Raises:
        UsageError: it is none.
    """
    if isinstance(graph, str) and graph:
        return graph
    parts = cast("list[Any]", graph) if isinstance(graph, list) else []
    if depth < _DEEPEST and len(parts) > 1 and parts[0] in (call_graph.PIPELINE, call_graph.PARALLEL):
        return [parts[0], *(checked(part, depth + 1) for part in parts[1:])]
    raise UsageError(
        f"a call's graph is a step, or `pipeline` or `parallel` with one or more of these, not "
        f"{shown(str(cast('object', graph)))}"
    )


_DEEPEST = 50


def _made(origin: Order, called: Sequence[str], wanted: Collection[str]) -> Order:
    """The order for the flow behind the calls. Steps that the flow has no more are left out, unless one of them is wanted."""
    flow = load_flow(origin.text, Path(origin.path).name if origin.path else "flow")
    made = renewed(flow, called, wanted, catalog())
    return Order(dump_flow(made), origin.folder, origin.path, origin.overrides)

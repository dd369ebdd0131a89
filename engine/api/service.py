"""What the engine process does for others: deployments that stay, runs that end, and everything there is to know of them."""

from __future__ import annotations

import asyncio
import time
import traceback
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from engine.api import deployed, hosted
from engine.api.calls import Calls
from engine.api.deployed import DeployedFlow, Order, Planned
from engine.api.hosted import HostedRun
from engine.api.inspection import Inspection
from engine.bus.base import Event
from engine.bus.websocket import WebSocketBus
from engine.errors import ConflictError, NotFound, PyfiError, UsageError
from engine.ledger.base import Ledger, Registration
from engine.model.problem import did_you_mean, shown
from engine.results.base import ResultStore
from engine.results.memory import MemoryResults
from engine.runtime import queues
from engine.runtime.calls import PREFIX
from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.lately import Lately
from engine.runtime.meter import Meter, standing
from engine.runtime.once import Ran
from engine.runtime.run import RunOptions, prepare
from engine.runtime.series import Table, coarser
from engine.runtime.span import Question

_TICK_S = 0.25
_RUNS_KEPT = 100
_LINEAGE_KEPT_MS = 30 * 24 * 3600 * 1000
_PRUNE_TURNS = round(3600 / _TICK_S)
_MAX_NAME = 200


class Service:
    """The engine of a workspace at the service of the API. Use as an async context manager, inside that of its engine."""

    def __init__(
        self, engine: Engine, bus: WebSocketBus, secrets: Mapping[str, str], results: ResultStore | None = None
    ) -> None:
        self._engine = engine
        self._bus = bus
        self._secrets = secrets
        self.flows: dict[str, DeployedFlow] = {}
        self.runs: dict[str, HostedRun] = {}
        self._meters: dict[str, Meter] = {}
        self._ticking: asyncio.Task[None] | None = None
        self._naming = asyncio.Lock()
        """Held by whoever gives, changes or frees a name."""
        self.inspection = Inspection(engine, self)
        self.calls = Calls(engine, self, results or MemoryResults())
        self.given_up: str | None = None
        """What was wrong with the storage when it was closed, if anything was ended without waiting for it."""
        bus.flows = lambda: [*self.flows, *(run.name for run in self.runs.values() if run.state == "running")]
        bus.snapshot = self.snapshot

    async def open(self) -> None:
        """Take up whatever was running when the engine before this one ended."""
        known = await self._engine.ledger.call(_orders)
        for name, facts in known.items():
            if deployed.FACT in facts:
                order = msgspec.convert(facts[deployed.FACT], Order)
                flow = self._adopt(DeployedFlow(self._engine, name, order, self._secrets, facts.get(deployed.BASE)))
                await flow.open()
            elif hosted.FACT in facts:
                await self._take_up(name, facts[hosted.FACT])
        self._ticking = asyncio.create_task(self._tick())

    async def close(self, patience_s: float) -> None:
        """Stop everything in good order. What is wanted stays in the ledger: the next engine goes on."""
        live = self.live().values()
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
        await asyncio.gather(
            *(flow.close(patience_s) for flow in self.flows.values()), *(run.close(patience_s) for run in self.runs.values())
        )
        self.given_up = next((each.given_up for each in live if each.given_up is not None), None)

    # -- deployments

    def flow(self, name: str) -> DeployedFlow:
        """A deployed flow by name; raises NotFound."""
        if name in self.flows:
            return self.flows[name]
        hint = did_you_mean(name, self.flows) or "; GET /deployments lists them"
        raise NotFound(f"there is no deployed flow {shown(name)}{hint}")

    async def deploy(self, order: Order, name: str, *, start: bool, force: bool) -> DeployedFlow:
        """Deploy a flow, or change the one that has the name, live. One with the same key is it, whatever it was called.

        Raises:
            ConflictError: another flow has the name; or connections that would go hold messages.
        """
        made = await asyncio.to_thread(deployed.planned, order)
        name = name or made.title
        _check_name(name)
        async with self._naming:
            return await self._deploy(order, made, name, start=start, force=force)

    async def _deploy(self, order: Order, made: Planned, name: str, *, start: bool, force: bool) -> DeployedFlow:
        holder = self.flows.get(name)
        if holder is not None and order.key and holder.order.key and holder.order.key != order.key:
            raise ConflictError(
                f"another flow is deployed as {shown(name)}; give this one another name, or remove the other first"
            )
        before = next((flow for flow in self.flows.values() if order.key and flow.order.key == order.key), None)
        if before is not None and before.name != name:
            await self._rename(before.name, name)
        if name in self.flows:
            flow = self.flows[name]
            order = msgspec.structs.replace(order, key=order.key or flow.order.key)
            stopped = tuple(step for step in flow.order.stopped if step in made.plan.steps)
            await flow.update(msgspec.structs.replace(order, stopped=stopped), force=force)
            return flow
        desired, since_ms = "running" if start else "stopped", int(time.time() * 1000)
        order = msgspec.structs.replace(order, desired=desired, run=uuid.uuid4().hex, since_ms=since_ms)
        flow = self._adopt(DeployedFlow(self._engine, name, order, self._secrets))
        await flow.open(made)
        if flow.deployment is None:
            del self.flows[name]
            raise PyfiError(flow.trouble or "it could not be deployed")
        return flow

    async def deploy_calls(self, order: Order, name: str) -> DeployedFlow:
        """Deploy the flow behind the calls of another, or change it, live.

        Raises:
            InvalidFlow: the steps that are called have problems.
            ConflictError: calls wait for a step that would go.
        """
        made = await asyncio.to_thread(deployed.planned, order)
        async with self._naming:
            return await self._deploy(order, made, name, start=True, force=False)

    async def rename(self, name: str, new_name: str) -> DeployedFlow:
        """Have a deployed flow be called otherwise, while it runs.

        Raises:
            ConflictError: something else has that name.
        """
        _check_name(new_name)
        async with self._naming:
            if PREFIX + name in self.flows:
                await self._rename(PREFIX + name, PREFIX + new_name)
            return await self._rename(name, new_name)

    async def _rename(self, name: str, new_name: str) -> DeployedFlow:
        flow = self.flow(name)
        if name == new_name:
            return flow
        if new_name in self.flows:
            raise ConflictError(
                f"there is another deployment called {shown(new_name)}; choose another name, or remove it first"
            )
        await flow.rename(new_name)
        self.flows[new_name] = self.flows.pop(name)
        if name in self._meters:
            self._meters.pop(name).close()
        self._engine.journal.rename(name, new_name)
        self._publish(name, "state", {"state": "removed", "trouble": None})
        self._tell(new_name)
        return flow

    async def run_once(self, name: str, steps: Collection[str], most: int | None, timeout_s: float) -> list[Ran]:
        """One task of each of some processors that are stopped."""
        try:
            return await self.flow(name).run_once(steps, most, timeout_s)
        finally:
            self._tell_of_stopped(name)

    async def release(self, name: str, key: str, messages: int | None) -> int:
        """Let messages go that are held at a breakpoint; returns how many."""
        deployment = self.deployment(name)
        if deployment is None or name not in self.live():
            if deployment is None:
                self.flow(name)
            raise ConflictError(f"{shown(name)} does not run; start it, then release what is held at its breakpoints")
        return await deployment.release(key, messages)

    async def remove(self, name: str) -> None:
        """Take a deployed flow away with everything it holds, or forget what a run left."""
        async with self._naming:
            await self._remove(name)
            if PREFIX + name in self.flows:
                await self._remove(PREFIX + name)

    async def _remove(self, name: str) -> None:
        if name in self.flows:
            await self.flows[name].remove()
            self.flows.pop(name, None)
        else:
            if any(run.name == name and run.state == "running" for run in self.runs.values()):
                raise ConflictError(f"{shown(name)} is running; stop the run first")
            if name not in await self._engine.ledger.call(lambda ledger: ledger.deployments()):
                self.flow(name)
            orphans = await self._engine.ledger.call(lambda ledger: ledger.forget(name))
            await asyncio.to_thread(self._engine.workspace.remove_claims, orphans)
        self._drop(name)
        self._publish(name, "state", {"state": "removed", "trouble": None})

    def _adopt(self, flow: DeployedFlow) -> DeployedFlow:
        self.flows[flow.name] = flow
        flow.told = lambda: self._tell(flow.name)
        return flow

    # -- runs

    async def run(self, path: Path, options: RunOptions) -> HostedRun:
        """Begin to run a flow file.

        Raises:
            ConflictError: it is running.
            InvalidFlow, FlowFileError: it cannot run.
        """
        prepared = await asyncio.to_thread(prepare, path, options)
        busy = next((run for run in self.runs.values() if run.name == prepared.name and run.state == "running"), None)
        if busy is not None:
            raise ConflictError(f"{prepared.path.name} is being run by this engine already; wait until it ends, or stop it")
        return self._host(HostedRun(self._engine, uuid.uuid4().hex, prepared, options))

    def run_of(self, id: str) -> HostedRun:
        """A run by id; raises NotFound."""
        if id not in self.runs:
            raise NotFound(f"there is no run {shown(id)}; it may have ended long ago")
        return self.runs[id]

    async def _take_up(self, name: str, order: Mapping[str, Any]) -> None:
        """Go on with a run that the engine before this one did not finish."""
        options = RunOptions(overrides=order["overrides"], fuse=order["fuse"], secrets=dict(self._secrets))
        try:
            prepared = await asyncio.to_thread(prepare, Path(name), options)
        except PyfiError as error:
            text = f"the run that was under way cannot go on: {error}"
            self._publish(name, "log", {"step": "", "level": "error", "text": text})
            return
        self._host(HostedRun(self._engine, order["id"], prepared, options))

    def _host(self, run: HostedRun) -> HostedRun:
        ended = [id for id, each in self.runs.items() if each.state != "running"]
        for id in ended[: max(0, len(self.runs) - _RUNS_KEPT)]:
            del self.runs[id]
        self.runs[run.id] = run
        run.told = lambda: self._tell(run.name)
        run.begin()
        return run

    # -- what there is to know

    def deployment(self, name: str) -> Deployment | None:
        """What runs (or ran last) under a name."""
        if name in self.flows:
            return self.flows[name].deployment
        return next((run.deployment for run in reversed(self.runs.values()) if run.name == name), None)

    def snapshot(self, name: str) -> dict[str, Any]:
        """How a flow stands: its standing, `since_ms` (when counting began), `processors`, `connections`."""
        deployment = self.deployment(name)
        meter = self._meters.get(name)
        if deployment is None:
            parts: dict[str, Any] = {"processors": {}, "connections": {}}
        else:
            parts = meter.snapshot() if meter is not None and meter.deployment is deployment else standing(deployment)
        since_ms = deployment.since_ms if deployment is not None else 0
        return {**self._standing(name), "since_ms": since_ms, **parts}

    async def history(self, flow: str, question: Question) -> Table:
        """What a part of a flow did, or all of it; see `Chronicle.table`."""
        name, known = await self._known(flow)
        return await self._engine.chronicle.table(name, known, question)

    async def histories(self, flow: str, questions: Sequence[Question]) -> list[Table]:
        """What several parts did, in rows of the same times. A part that the flow does not have has none."""
        name, known = await self._known(flow)
        tables: list[Table] = []
        for question in questions:
            try:
                tables.append(await self._engine.chronicle.table(name, known, question))
            except NotFound:
                tables.append(Table(1, 0, (), []))
        every_s = max(table.every_s for table in tables)
        tables = [coarser(table, every_s) for table in tables]
        until_ms = max(table.until_ms for table in tables)
        return [msgspec.structs.replace(table, every_s=every_s, until_ms=until_ms) for table in tables]

    async def lately(self, flow: str, *, of_steps: bool) -> Lately:
        """What all parts of a flow did in the last five minutes."""
        name, known = await self._known(flow)
        return self._engine.chronicle.lately(name, known, of_steps=of_steps)

    async def _known(self, flow: str) -> tuple[str, Registration]:
        """A flow that has run here, by its deployment's name, file or name, and how the ledger knows it; raises NotFound."""
        deployment = self.deployment(flow)
        if deployment is not None:
            return flow, deployment.registration
        try:
            return await self._engine.ledger.call(lambda ledger: queues.find_registration(ledger, flow))
        except NotFound:
            self.flow(flow)
            raise

    def live(self) -> dict[str, Deployment]:
        """Everything whose stages run."""
        found = {name: flow.deployment for name, flow in self.flows.items() if flow.is_live}
        found.update({run.name: run.deployment for run in self.runs.values() if run.state == "running"})
        return {name: deployment for name, deployment in found.items() if deployment is not None}

    def describe(self) -> list[dict[str, Any]]:
        """Every deployed flow and every run that lasts, in few words."""
        running = [run.name for run in self.runs.values() if run.state == "running"]
        return [self.about(name) for name in (*self.flows, *running)]

    def about(self, name: str) -> dict[str, Any]:
        """One of them, or a run that has ended; raises NotFound."""
        run = next((run for run in reversed(self.runs.values()) if run.name == name), None)
        if name in self.flows or run is None:
            flow = self.flow(name)
            order = flow.order
            return {
                "name": name, "kind": "deployment", "flow": flow.title, "path": order.path, "state": flow.state,
                "trouble": flow.trouble, "desired": order.desired, "stopped": order.stopped, "run": None, "key": order.key,
                "revision": flow.revision,
            }  # fmt: skip
        return {
            "name": name, "kind": "run", "flow": run.prepared.flow.name, "path": name, "state": run.state,
            "trouble": str(run.error) if run.error is not None else None,
            "desired": "running" if run.state == "running" else "stopped", "stopped": (), "run": run.id, "key": "",
            "revision": run.prepared.revision,
        }  # fmt: skip

    def _state(self, name: str) -> str:
        if name in self.flows:
            return self.flows[name].state
        return next((run.state for run in reversed(self.runs.values()) if run.name == name), "stopped")

    def _standing(self, name: str) -> dict[str, Any]:
        flow = self.flows.get(name)
        trouble, key, revision = (flow.trouble, flow.order.key, flow.revision) if flow is not None else (None, "", "")
        return {"state": self._state(name), "trouble": trouble, "key": key, "revision": revision}

    # -- after others

    async def look_again(self, name: str) -> None:
        """Somebody else has changed the queues of a flow: read them again, and wake whom it concerns."""
        deployment = self.deployment(name)
        if deployment is not None:
            await deployment.refresh(self._engine.ledger.call)
            if name in self.flows:
                await self.flows[name].go_on()
            self._tell_of_stopped(name)

    def _tell_of_stopped(self, name: str) -> None:
        """Figures of a flow that does not run have changed: no meter tells of those."""
        if name not in self.live():
            self._tell(name)

    # -- telling

    def _tell(self, name: str) -> None:
        """A flow is in another state, or has other parts."""
        if name in self.flows or self.deployment(name) is not None:
            self._publish(name, "state", self._standing(name))
            if self._bus.is_watched(name):
                self._publish(name, "snapshot", self.snapshot(name))

    def _publish(self, name: str, kind: str, data: dict[str, Any]) -> None:
        self._bus.publish(Event(kind, name, int(time.time() * 1000), data))

    def _drop(self, name: str) -> None:
        meter = self._meters.pop(name, None)
        if meter is not None:
            meter.close()
        self._engine.chronicle.forget(name)

    async def _tick(self) -> None:
        """Four times a second, tell watchers what changed; once a second, see whether all is well."""
        turn = 0
        while True:
            await asyncio.sleep(_TICK_S)
            turn += 1
            try:
                self._tell_news()
                if turn % _PRUNE_TURNS == 1:
                    before_ms = int(time.time() * 1000) - _LINEAGE_KEPT_MS
                    self._engine.ledger.leave(lambda ledger, before_ms=before_ms: ledger.prune_lineage(before_ms))
                    if self.calls.are_any:
                        await self.calls.prune()
                if turn % round(1 / _TICK_S) == 0:
                    await self._look_after()
            except Exception as error:  # noqa: BLE001 - a fault in one tick must not end them all
                traceback.print_exception(error)

    def _tell_news(self) -> None:
        self._watch(self.live())
        for name, meter in self._meters.items():
            news = meter.changes()
            if news:
                self._publish(name, "stats", news)

    async def _look_after(self) -> None:
        for flow in list(self.flows.values()):
            try:
                await flow.look_after()
            except Exception as error:  # noqa: BLE001 - what is wrong with one flow must not keep it from the others
                traceback.print_exception(error)

    def _watch(self, live: Mapping[str, Deployment]) -> None:
        """Have a meter for every running flow that somebody watches, and for no other."""
        for name in _unlike(self._meters, live):
            self._meters.pop(name).close()
        for name, deployment in live.items():
            watched = self._bus.is_watched(name)
            if watched and name not in self._meters:
                self._meters[name] = Meter(deployment)
                # The client's own snapshot was taken before anything watched.
                self._publish(name, "snapshot", self.snapshot(name))
            elif not watched and name in self._meters:
                self._meters.pop(name).close()


def _unlike(meters: Mapping[str, Meter], live: Mapping[str, Deployment]) -> Iterable[str]:
    """Names whose meter is not on what runs now."""
    return [name for name, meter in meters.items() if live.get(name) is not meter.deployment]


def _orders(ledger: Ledger) -> dict[str, dict[str, Any]]:
    """The facts of everything that the engine is to look after."""
    found = {name: ledger.facts(number) for name, number in ledger.deployments().items()}
    return {name: facts for name, facts in found.items() if deployed.FACT in facts or hosted.FACT in facts}


def _check_name(name: str) -> None:
    if not name or "/" in name or len(name) > _MAX_NAME or not name.isprintable():
        raise UsageError(
            f"{shown(name)} cannot be the name of a deployment; give `name`: up to {_MAX_NAME} characters without /"
        )

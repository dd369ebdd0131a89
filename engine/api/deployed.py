"""A flow that stays deployed in an engine: it goes on until somebody stops it, also after the engine was restarted."""

from __future__ import annotations

import asyncio
import contextlib
import time
import traceback
import uuid
from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from engine.api.debuggings import Debuggings
from engine.bus.base import Event
from engine.errors import ConflictError, InvalidFlow, PyfiError, StorageError
from engine.ledger.base import Ledger
from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.model.parameters import override
from engine.model.problem import listed
from engine.model.validation import validate
from engine.processors.registry import catalog
from engine.runtime.command import runtimes
from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.once import ENDED, Ran
from engine.runtime.plan import Plan, plan
from engine.runtime.replay import replay_last
from engine.runtime.run import reset, revision_of

_AGAIN_S = 1.0
FACT = "deployment"
"""The fact that holds the order."""
BASE = "base"


class Order(Struct, frozen=True):
    """What is wanted: a flow's text (relative paths start from `folder`), parameters overridden, some of its steps stopped.

    `desired` is running, paused or stopped; `ended`: it is stopped because all was done. `run` makes the ids of a fresh start
    differ from those before it, `since_ms` is when that was. `key` tells flows apart whatever they are called: the id of a
    stored flow.
    """

    text: str
    folder: str
    path: str = ""
    overrides: dict[str, Any] = {}
    stopped: tuple[str, ...] = ()
    desired: str = "stopped"
    run: str = ""
    since_ms: int = 0
    ended: bool = False
    key: str = ""


class Planned(Struct, frozen=True):
    """An order as it can be run."""

    title: str
    plan: Plan
    revision: str


def planned(order: Order, debugged: AbstractSet[str] = frozenset()) -> Planned:
    """Read, check and plan a flow; raises FlowFileError or InvalidFlow with every problem."""
    source = Path(order.path).name if order.path else "flow"
    flow = override(load_flow(order.text, source), order.overrides)
    problems = validate(flow, catalog(), Path(order.folder), runtimes(), source)
    if problems:
        raise InvalidFlow(problems)
    made = plan(flatten(flow), catalog(), stopped=frozenset(order.stopped), debugged=debugged)
    return Planned(flow.name, made, revision_of(flow))


class DeployedFlow:
    """One deployment and what is wanted of it. Every command is carried out whole before the next one begins."""

    def __init__(
        self, engine: Engine, name: str, order: Order, secrets: Mapping[str, str], base: Mapping[str, Any] | None = None
    ) -> None:
        self._engine = engine
        self.name = name
        self.order = order
        self._secrets = secrets
        self._base = base
        """Where counting starts: the sums at the last fresh start."""
        self.told: Callable[[], None] = lambda: None
        """Hears when it is in another state, or has other parts."""
        self._lock = asyncio.Lock()
        self.debuggings = Debuggings()
        self.deployment: Deployment | None = None
        self.title = name
        self.revision = ""
        """Tells one version of the flow from another."""
        self.trouble: str | None = None
        """Why it is not what is wanted."""
        self._watch: asyncio.Task[None] | None = None
        """Waits for its end."""

    @property
    def is_live(self) -> bool:
        """Whether its stages run."""
        return self.deployment is not None and bool(self.deployment.runners) and not self.deployment.stopping

    @property
    def state(self) -> str:
        """`running`, `paused`, `stopped`, `ended` when all was done, or `broken` when it should run and cannot."""
        if self.trouble is not None:
            return "broken"
        if not self.is_live or self.deployment is None:
            return "ended" if self.order.ended else "stopped"
        return "paused" if self.deployment.paused else "running"

    async def open(self, begin: Planned | None = None) -> None:
        """Take it up as it is wanted (the engine starts). What keeps it from running is its trouble."""
        async with self._lock:
            try:
                await self._open(begin or await asyncio.to_thread(planned, self.order))
                if self.order.desired != "stopped":
                    await self._begin()
            except PyfiError as error:
                self._fail(str(error))
            except Exception as error:  # noqa: BLE001 - one flow's misfortune must not keep the engine from the others
                traceback.print_exception(error)
                self._fail(f"internal error ({type(error).__name__}: {error}); please report it")

    async def start(self, *, fresh: bool = False) -> None:
        """Go on where it stopped; `fresh` discards what is queued, state and positions, but no dead letters."""
        async with self._lock:
            if fresh:
                await self._halt(patience_s=1.0)
                self._base = await self._engine.ledger.call(self._reset)
                if self.deployment is not None:
                    self.deployment.recent.clear()
                await self._want(run=uuid.uuid4().hex, since_ms=int(time.time() * 1000))
            elif self.is_live:
                await self._want(desired="running")
                self._resume()
                return
            await self._open(await asyncio.to_thread(planned, self.order, self.debuggings.steps))
            await self._want(desired="running", ended=False)
            await self._begin()

    async def go_on(self) -> None:
        """Run again if it has ended and something waits once more, such as dead letters that are given another try."""
        deployment = self.deployment
        if self.order.ended and deployment is not None and any(map(deployment.depths.messages, deployment.plan.links)):
            await self.start()

    async def stop(self, patience_s: float) -> None:
        """What runs is finished (or, after the patience, put back), everything waits where it is.

        Raises StorageError when it is stopped, but that could not be noted: it would run again with the next engine.
        """
        async with self._lock:
            try:
                await self._want(desired="stopped", ended=False)
            except StorageError as error:
                text = f"'{self.name}' is stopped, but runs again when the engine is restarted, for that could not be noted"
                raise StorageError(f"{text}: {error}; then stop it again") from error
            finally:
                self.order = structs.replace(self.order, desired="stopped", ended=False)
                self.trouble = None
                await self._halt(patience_s)
                self.debuggings.end_all()
                self.told()

    async def pause(self) -> None:
        """Begin nothing more, but keep hosts ready."""
        async with self._lock:
            await self._want(desired="paused")
            if self.deployment is not None:
                self.deployment.pause()
            self.told()

    async def resume(self) -> None:
        """Go on after a pause."""
        async with self._lock:
            if not self.is_live:
                raise ConflictError(f"'{self.name}' is not paused but {self.state}; start it")
            await self._want(desired="running")
            self._resume()

    async def update(self, order: Order, *, force: bool = False) -> None:
        """Change the flow, live. Without `force`, not when a connection that holds messages would go.

        Raises:
            InvalidFlow: the new flow has problems; the old one goes on.
            ConflictError: connections that would go hold messages.
        """
        made = await asyncio.to_thread(planned, order)
        async with self._lock:
            known = self.order
            order = structs.replace(order, desired=known.desired, run=known.run, since_ms=known.since_ms, ended=known.ended)
            if not force:
                await self._check_queues(made.plan)
            await self._go_over(order, made)

    async def rename(self, name: str) -> None:
        """It is called otherwise from now on; what it holds, and what runs, stays as it is.

        Raises:
            ConflictError: another deployment has that name.
        """
        async with self._lock:
            await self._engine.rename(self.name, name)
            self.name = name

    async def set_steps(self, steps: Collection[str], *, running: bool) -> None:
        """Start or stop processors (the name of a subflow stands for all in it); the rest of the flow runs on."""
        async with self._lock:
            made = await asyncio.to_thread(planned, self.order)
            meant = set(made.plan.meant(steps, self.name))
            stopped = set(self.order.stopped) - meant if running else set(self.order.stopped) | meant
            order = structs.replace(self.order, stopped=tuple(sorted(stopped)))
            await self._go_over(order, await asyncio.to_thread(planned, order))

    async def terminate(self, steps: Collection[str]) -> None:
        """Stop processors and end what they are at, at once: it goes back to its queues whole. The rest of the flow runs on.

        Whoever waits for them to finish, because the flow is being stopped, say, waits no longer.
        """
        if self.deployment is None:
            raise ConflictError(f"'{self.name}' is broken: {self.trouble}")
        meant = self.deployment.plan.meant(steps, self.name)
        found = [runner for step in meant if (runner := self.deployment.runner_of(step)) is not None]
        await asyncio.gather(*(runner.terminate() for runner in dict.fromkeys(found)))
        if self.order.desired != "stopped":
            await self.set_steps(steps, running=False)

    async def replay_last(self, step: str, messages: int = 1) -> dict[str, int]:
        """Have a processor work once more on the last so many messages of the last batch that it took, as copies.

        Returns how many there are, by the connection that they were put into.

        Raises:
            NotFound: there is no such processor, or what it took is not kept.
        """
        async with self._lock:
            deployment = self.deployment
            if deployment is None:
                raise ConflictError(f"'{self.name}' is broken: {self.trouble}")
            moved = await replay_last(deployment, step, messages)
        await self.go_on()
        return moved

    async def run_once(self, steps: Collection[str], most: int | None, timeout_s: float) -> list[Ran]:
        """One task of each of some processors that are stopped, in the order in which the flow has them.

        Raises:
            NotFound: there is no such processor.
            ConflictError: one of them is running, or the flow is broken.
        """
        async with self._lock:
            deployment = self.deployment
            if deployment is None:
                raise ConflictError(f"'{self.name}' is broken: {self.trouble}")
            meant = deployment.plan.meant(steps, self.name)
            running = [step for step in meant if (runner := deployment.runner_of(step)) is not None and not runner.stopping]
            if running:
                raise ConflictError(f"{listed(running)} of '{self.name}' must be stopped to be run once")
        # Not with the lock: a task may take long, and whoever stops the flow meanwhile ends it.
        ran: list[Ran] = []
        for step in meant:
            ended = self.deployment is not deployment or any(each.reason == ENDED for each in ran)
            ran.append(Ran(step, 0, ENDED) if ended else await deployment.run_once(step, most, timeout_s))
        return ran

    async def debug(self, step: str, port: int = 0) -> None:
        """Have a debugger at a processor: one host of its own waits for it on a port (0: any); the rest of the flow runs on.

        A flow that does not run has it as soon as it is started.

        Raises:
            NotFound: there is no such processor.
            UsageError: it cannot be debugged, or the port is taken.
            ConflictError: it is stopped, or debugged already.
        """
        async with self._lock:
            made = await asyncio.to_thread(planned, self.order, self.debuggings.steps)
            self.debuggings.begin(made.plan, step, port)
            try:
                await self._take_debuggings()
            except BaseException:
                self.debuggings.end(step)
                raise

    async def end_debugging(self, step: str) -> None:
        """Give a processor back to the flow. A message that stands at a breakpoint is worked on anew, from its beginning."""
        async with self._lock:
            if step in self.debuggings:
                await self._take_debuggings(without=step)
                self.debuggings.end(step)

    async def _take_debuggings(self, without: str = "") -> None:
        if self.is_live:
            made = await asyncio.to_thread(planned, self.order, self.debuggings.steps - {without})
            await self._replan(self.order, made)

    async def close(self, patience_s: float) -> None:
        """The engine ends; what is wanted stays as it is."""
        async with self._lock:
            await self._halt(patience_s)
            self.debuggings.end_all()

    async def remove(self) -> None:
        """Stop it and delete everything it holds."""
        async with self._lock:
            await self._halt(patience_s=1.0)
            self.debuggings.end_all()
            orphans = await self._engine.ledger.call(lambda ledger: ledger.forget(self.name))
            await asyncio.to_thread(self._engine.workspace.remove_claims, orphans)

    async def look_after(self) -> None:
        """Called now and then: a fault of the engine in one flow stops that flow, not the others."""
        for step in self.debuggings.forgotten():
            try:
                await self.end_debugging(step)
            except PyfiError as error:  # the flow cannot be planned any more: until it can, it is tried now and then
                self.debuggings[step].renew()
                if self.deployment is not None:
                    self.deployment.log(step, "error", f"cannot be given back by the debugger: {error}")
        deployment = self.deployment
        if deployment is not None and deployment.failure is not None and not deployment.stopping:
            failure = deployment.failure
            async with self._lock:
                await self._halt(patience_s=1.0)
                self._fail(f"stopped by an internal fault ({type(failure).__name__}: {failure}); start it again, and report it")

    # -- each of these with the lock held

    async def _open(self, made: Planned) -> None:
        """Make it known to the ledger and read how it stands."""
        if self.deployment is not None:
            await self.deployment.stop_singles(patience_s=1.0)
        self.trouble = None
        self.title, self.revision = made.title, made.revision
        order, before = self.order, self.deployment
        for step in self.debuggings.steps - self.debuggings.still_in(made.plan):
            self.debuggings.end(step)
        self.deployment = await self._engine.deploy(
            self.name,
            made.plan,
            revision=made.revision,
            run_id=order.run,
            folder=Path(order.folder),
            secrets=self._secrets,
            base=self._base,
        )
        self.deployment.debugged = self.debuggings
        self.deployment.since_ms = order.since_ms
        self.deployment.has_ended = order.ended
        if before is not None:
            self.deployment.recent = before.recent
        self.deployment.paused = order.desired == "paused"
        await self._want()
        self.told()

    async def _begin(self) -> None:
        deployment = self.deployment
        assert deployment is not None
        deployment.paused = self.order.desired == "paused"
        deployment.has_ended = False
        await deployment.start()
        self._watch = asyncio.create_task(self._end_when_done(deployment))
        self.told()

    async def _end_when_done(self, deployment: Deployment) -> None:
        """Stop it when its sources have ended and all they made is worked off; what merges held has been let go of by then."""
        try:
            while await deployment.ending.completed() and not await self._has_ended(deployment):  # noqa: ASYNC110 - or storage fails
                await asyncio.sleep(_AGAIN_S)
        except StorageError:
            return  # it was stopped without waiting for the storage
        except Exception as error:  # noqa: BLE001 - told like any other fault of the engine in this flow
            deployment.fault(error)

    async def _has_ended(self, deployment: Deployment) -> bool:
        """Note that all is done, and stop; False when there is something to do again, or that could not be noted."""
        async with self._lock:
            if self.deployment is not deployment or not self.is_live:
                return True
            if not deployment.ending.is_complete():
                return False
            with contextlib.suppress(StorageError):
                await self._want(desired="stopped", ended=True)
                deployment.has_ended = True
                await self._halt(patience_s=1.0)
                self.debuggings.end_all()
                self.told()
            return deployment.has_ended

    async def _halt(self, patience_s: float) -> None:
        deployment, watch = self.deployment, self._watch
        if watch is not None and watch is not asyncio.current_task():
            watch.cancel()
        if deployment is not None and not deployment.stopping:
            await self._engine.retire(deployment, patience_s)
        elif deployment is not None:
            await deployment.stop_singles(patience_s)

    def _resume(self) -> None:
        if self.deployment is not None:
            self.deployment.resume()
        self.told()

    async def _go_over(self, order: Order, made: Planned) -> None:
        kept = self.debuggings.still_in(made.plan)
        if self.debuggings:
            made = await asyncio.to_thread(planned, order, kept)
        if self.is_live and self.deployment is not None:
            await self._replan(order, made)
        else:
            self.order = order
            await self._open(made)
            if order.desired != "stopped":
                await self._begin()
        for step in self.debuggings.steps - kept:
            self.debuggings.end(step)

    async def _replan(self, order: Order, made: Planned) -> None:
        assert self.deployment is not None
        await self._engine.replan(self.deployment, made.plan, made.revision)
        self.order, self.title, self.revision = order, made.title, made.revision
        await self._want()
        self.told()

    async def _check_queues(self, wanted: Plan) -> None:
        if self.deployment is None:
            return
        await self.deployment.refresh(self._engine.ledger.call)
        gone = [
            key for key in self.deployment.plan.links if key not in wanted.links and self.deployment.depths.messages(key) > 0
        ]
        if gone:
            raise ConflictError(
                f"connections that would go still hold messages: {listed(gone)}; let them drain, purge them, or force the "
                "change (the messages are kept aside, and there again when the connection comes back)"
            )

    async def _want(self, **changes: Any) -> None:
        """Change what is wanted, and keep it where a restart finds it; raises StorageError, with what was wanted before."""
        order = structs.replace(self.order, **changes)
        facts = {FACT: msgspec.to_builtins(order), "flow": self.title}

        def keep(ledger: Ledger) -> None:
            number = ledger.deployments().get(self.name)
            if number is not None:
                ledger.set_facts(number, facts)

        await self._engine.ledger.call(keep)
        self.order = order

    def _reset(self, ledger: Ledger) -> Mapping[str, Any] | None:
        number = ledger.deployments().get(self.name)
        if number is None:
            return None
        orphans, base = reset(ledger, self.name)
        ledger.set_facts(number, {BASE: base})
        self._engine.workspace.remove_claims(orphans)
        return base

    def _fail(self, trouble: str) -> None:
        self.trouble = trouble
        now_ms = int(time.time() * 1000)
        self._engine.bus.publish(Event("log", self.name, now_ms, {"step": "", "level": "error", "text": trouble}))
        self.told()

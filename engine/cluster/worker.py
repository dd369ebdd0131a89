"""A worker: the process that runs one stage of a deployment. Its agent tells it what to do; see `engine.cluster.job`.

It does not outlive its agent, nor the lease of its slot: then it ends at once, with its hosts. Whoever has the slot next frees
what it had in hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from engine.bus.base import Bus, Event
from engine.bus.memory import MemoryBus
from engine.cluster import once
from engine.cluster.clock import steady_s
from engine.cluster.job import End, Job, Line, NewOrder, State, ToWorker
from engine.cluster.part import Part
from engine.cluster.planning import Planned, planned
from engine.cluster.surroundings import Surroundings
from engine.errors import PyfiError
from engine.results.base import ResultStore
from engine.results.url import open_results
from engine.runtime.command import checkouts, command
from engine.runtime.deployment import Place, Terms
from engine.runtime.plan import Plan
from engine.stores.cluster import Order

BATCH_LEASE_MS = 30_000
"""What a worker had in hand that was killed is free again after so long at the latest."""
_TELL_S = 0.25
_WATCH_S = 0.2
_PDEATHSIG = 1
_AGAIN_S = 5.0


def work(connection: Connection, job: Job, hold: Any) -> None:
    """Be a worker until the agent says otherwise, or is gone, or has let the time pass that `hold` shows."""
    if sys.platform.startswith("linux"):
        # The server that forked this one ends with the agent. Should it alone be killed, the agent takes its workers for dead.
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch, args=(hold,), name="watch", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # Ctrl+C at a terminal reaches all; the agent decides what becomes of its workers
    asyncio.run(_Worker(connection, job).run())


class _Worker:
    def __init__(self, connection: Connection, job: Job) -> None:
        self._connection = connection
        self._job = job
        self._orders: asyncio.Queue[ToWorker] = asyncio.Queue()
        self._part: Part | None = None
        self._state: State | None = None
        self._results: ResultStore | None = None
        self._around: Surroundings
        self._bus: Bus

    async def run(self) -> None:
        asyncio.get_running_loop().add_reader(self._connection.fileno(), self._on_word)
        self._tell(State("starting"))
        async with Surroundings(self._job.target, self._job.identity) as self._around:
            self._bus = _Voice(self._around.bus, self._say)
            telling = asyncio.create_task(self._keep_telling())
            try:
                end = await self._obey()
            finally:
                telling.cancel()
            if self._part is not None:
                await self._part.stop(end.patience_s)
            self._report()
            if self._results is not None:
                await self._results.close()

    async def _obey(self) -> End:
        """Do what is wanted, the newest of it, until the end is."""
        word: ToWorker = NewOrder(self._job.order)
        taking: asyncio.Task[None] | None = None
        while not isinstance(word, End):
            if taking is not None:
                await _cancelled(taking)
            taking = asyncio.create_task(self._take(word.order))
            word = await self._orders.get()
            while not isinstance(word, End) and not self._orders.empty():
                word = self._orders.get_nowait()
        if taking is not None:
            await _cancelled(taking)
        return word

    async def _take(self, order: Order) -> None:
        """Run the stage as an order says; what keeps it from that is told, and tried again."""
        while True:
            try:
                await self._go_over(order)
            except PyfiError as error:
                self._fail(str(error))
            except Exception as error:  # noqa: BLE001 - told like any other trouble, with all there is to know
                self._fail(f"internal error ({type(error).__name__}: {error}); please report it\n{traceback.format_exc()}")
            else:
                return
            await asyncio.sleep(_AGAIN_S)

    async def _go_over(self, order: Order) -> None:
        made = await asyncio.to_thread(planned, order)
        if (step := once.step_of(self._job.stage)) is not None:
            await self._run_once(step, made, order)
            return
        part = self._part
        if part is not None and part.revision == made.revision:
            self._set_paused(part, paused=order.wanted.desired == "paused")
            part.heed()
            return
        place = await self._place(made, order)
        if part is not None:
            await part.go_over(made, place)
        else:
            name, stage = order.wanted.name, self._job.stage
            part = await Part.attach(name, made, order.run, place, stage=stage, base=order.base)
            part.since_ms = order.wanted.since_ms
            if stage in made.plan.stages:
                # Made before the first task comes: a new environment can take minutes.
                await place.find_command(made.plan.stages[stage], self._note)
            part.paused = order.wanted.desired == "paused"
            await part.start()
            self._part = part
        self._set_paused(part, paused=order.wanted.desired == "paused")
        part.heed()

    async def _run_once(self, step: str, made: Planned, order: Order) -> None:
        """Do what this worker is there for, and end."""
        try:
            place = await self._place(made, order)
            self._part = await Part.attach(order.wanted.name, made, order.run, place, stage="", base=order.base)
            stage = once.stage_of(made.plan, self._job.stage)
            if stage is not None:
                await once.answer(self._part, step, lambda: place.find_command(stage, self._note))
        finally:
            self._orders.put_nowait(End(0.0))

    def _set_paused(self, part: Part, *, paused: bool) -> None:
        if paused != part.paused:
            (part.pause if paused else part.resume)()

    async def _place(self, made: Planned, order: Order) -> Place:
        folder = await asyncio.to_thread(_folder, order, Path(self._job.folder))
        found = await checkouts(_only(made.plan, self._job.stage), folder)
        place = Place(
            self._around.ledger,
            self._around.dispatcher,
            folder=folder,
            claims=self._around.claims,
            bus=self._bus,
            find_command=lambda stage, say: command(made.plan.name, stage, found, folder, say),
            secrets=self._job.secrets,
            checkouts=found,
        )
        place.record = self._record
        place.terms = Terms(self._job.worker, BATCH_LEASE_MS, self._around.clock.now_ms, self._around.clock.ahead_ms)
        return place

    async def _record(self, results: Sequence[tuple[str, bytes]]) -> object:
        """Keep results of calls; only the step that answers them needs the store."""
        if self._results is None:
            self._results = open_results(self._job.target.results_url)
        return await self._results.put_packed(results)

    # -- to and from the agent

    def _on_word(self) -> None:
        try:
            while self._connection.poll():
                self._orders.put_nowait(self._connection.recv())
        except (EOFError, OSError):
            _end_at_once()  # the agent is gone

    def _tell(self, word: State | Line) -> None:
        with contextlib.suppress(OSError):  # the agent is gone; `_on_word` notices, too
            self._connection.send(word)

    def _say(self, line: Line) -> None:
        self._tell(line)

    def _note(self, level: str, text: str) -> None:
        """A line of the stage's log."""
        step = once.step_of(self._job.stage) or self._job.stage
        words = {"step": step, "level": level, "text": text}
        self._bus.publish(Event("log", self._job.order.wanted.name, self._around.clock.now_ms(), words))

    def _fail(self, trouble: str) -> None:
        self._note("error", trouble)
        self._state = State("broken", trouble.partition("\n")[0])
        self._tell(self._state)

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(_TELL_S)
            self._report()

    def _report(self) -> None:
        part = self._part
        runner = part.runner if part is not None else None
        if part is None or runner is None:
            return
        trouble = runner.broken or (str(part.failure) if part.failure is not None else "")
        source = runner.source
        if not trouble and source is not None and source.finished and source.error is not None:
            trouble = source.error
        busy = sum(slot.in_hand for slot in runner.slots) + (source is not None and source.busy)
        state = State("broken" if trouble else "running", trouble, busy)
        if state != self._state:
            self._state = state
            self._tell(state)


def _watch(hold: Any) -> None:
    """End this process when nobody says any more that its slot is its own: its agent may hang, or have been stopped."""
    while (left_s := hold.value - steady_s()) > 0:
        time.sleep(min(left_s, _WATCH_S))
    _end_at_once()


def _end_at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _Voice(MemoryBus):
    """Passes on what the stage says: to the bus, and log lines to the agent as well, which keeps them."""

    def __init__(self, bus: Bus, say: Any) -> None:
        super().__init__()
        self._bus = bus
        self._say = say

    def publish(self, event: Event) -> None:
        """Tell all."""
        super().publish(event)
        self._bus.publish(event)
        if event.kind == "log":
            data = event.data
            self._say(Line(event.at_ms, data["step"], data["level"], data["text"]))


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _folder(order: Order, own: Path) -> Path:
    """What relative paths start from here: the deployment's folder if this node has it, else one of its own."""
    if order.folder and Path(order.folder).is_dir():
        return Path(order.folder)
    folder = own / order.wanted.id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _only(plan: Plan, stage: str) -> Plan:
    """A plan of nothing but the steps of one stage."""
    found = once.stage_of(plan, stage)
    steps = found.steps if found is not None else ()
    return Plan(plan.name, {step: plan.steps[step] for step in steps}, {}, {})


def own_name(agent: str) -> str:
    """A name for a worker that no other ever has."""
    return f"{agent}/{os.urandom(6).hex()}"

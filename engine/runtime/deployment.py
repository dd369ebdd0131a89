"""A flow that runs on this machine: its stages' runners, and what they have in common."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.bus.base import Bus, Event
from engine.dispatch.base import Dispatcher, Ticket
from engine.ledger.base import DEAD, Claimed, Commit, Depth, Ledger, Outcome, Registration
from engine.runtime.alarm import Alarm
from engine.runtime.debugged import Debugged
from engine.runtime.depths import Depths
from engine.runtime.ending import Ending
from engine.runtime.holds import Holds, check_breakpoint
from engine.runtime.host import Command
from engine.runtime.ledger_thread import LedgerThread, Line
from engine.runtime.once import Ran, run_once, single_runner
from engine.runtime.plan import Plan, Stage
from engine.runtime.recent import Recent
from engine.runtime.runner import Runner
from engine.runtime.spec import StageSpec
from engine.runtime.summary import Totals
from engine.runtime.task import Taken
from engine.runtime.wakes import Wakes

_REPLAN_S = 1.0
FindCommand = Callable[[Stage, Callable[[str, str], None]], Awaitable[Command]]
"""How to start a host for a stage; a level and a text are what is said of it meanwhile."""
Record = Callable[[Sequence[tuple[str, bytes]]], Awaitable[object]]
"""Keeps results of calls, in bytes, by call id; of a call that has one, the first. Raises StorageError when it cannot now."""
Ask = Callable[[Callable[[Ledger], Any]], Awaitable[Any]]


class Terms(Struct, frozen=True):
    """On which terms work is claimed from a ledger: by whom, for how long, and what the time is there.

    As given, one engine owns the ledger and voids old leases when it starts; until then nobody else wants them.
    """

    holder: str = ""
    lease_ms: int = 7 * 24 * 3600 * 1000
    now_ms: Callable[[], int] = lambda: int(time.time() * 1000)
    ahead_ms: Callable[[], int] = lambda: 0
    """How far that is ahead of this machine's clock."""


class Place:
    """Where a deployment runs: the ledger, the dispatcher, folders, secrets and the way to start hosts."""

    def __init__(
        self,
        ledger: LedgerThread,
        dispatcher: Dispatcher,
        *,
        folder: Path,
        claims: Path | None,
        bus: Bus,
        find_command: FindCommand,
        secrets: Mapping[str, str] | None = None,
        checkouts: Mapping[str, str] | None = None,
    ) -> None:
        self.ledger = ledger
        self.dispatcher = dispatcher
        self.folder = folder
        self.claims = claims
        self.bus = bus
        self.find_command = find_command
        self.secrets = secrets or {}
        self.checkouts = checkouts or {}
        self.terms = Terms()
        """Set by whoever shares the ledger with others."""
        self.record: Record = _drop
        """Set by whoever keeps results of calls."""

    def spec(self, plan: Plan, stage: Stage) -> StageSpec:
        """What hosts here are told about a stage."""
        return StageSpec(plan, stage, folder=self.folder, claims=self.claims, secrets=self.secrets, checkouts=self.checkouts)


async def _drop(results: Sequence[tuple[str, bytes]]) -> None:
    """Where nobody can ask for results, none are kept."""


class Deployment:
    """One flow, running. Open it with `Deployment.open`, then `start`."""

    def __init__(self, name: str, plan: Plan, registration: Registration, run_id: str, place: Place) -> None:
        self.name = name
        self.plan = plan
        self.registration = registration
        self.run_id = run_id
        self.place = place
        self.ledger = place.ledger
        self.line = place.ledger.line()
        """Its own way to the ledger, on which it waits while storage fails."""
        self.depths = Depths(registration.queues, plan.queues())
        self.totals = Totals()
        self.since_ms = 0
        """When its counters were zero, in milliseconds since the epoch; 0: not known."""
        self.holds = Holds()
        self.holds.set(plan.held)
        self.recent = Recent()
        self.runners: dict[str, Runner] = {}
        self.stopping = False
        self.paused = False
        self.failure: BaseException | None = None
        self.given_up: str | None = None
        """What was wrong with the storage when it was stopped without waiting for it any longer."""
        self.watch: Callable[[Commit, Sequence[Claimed]], None] | None = None
        """Hears of every settled task, if anybody wants to know."""
        self.settled = 0
        """Grows with everything that may have changed a count or a depth."""
        self.stirred: set[str] | None = None
        """Stages in which something began, ended or broke, if anybody wants to know."""
        self.singles: dict[str, Runner] = {}
        """Steps that are stopped, and run once just now."""
        self.debugged: Mapping[str, Debugged] = {}
        """Steps at whose hosts there are debuggers."""
        self._planning = asyncio.Lock()
        self._keys = {number: key for key, number in registration.queues.items()}
        self._names = {number: key for key, number in registration.steps.items()}
        self._wakes = Wakes(plan)
        self._expires = any(link.policy.expire_s for link in plan.links.values())
        self._task = 0
        self.taken: dict[int, Taken] = {}
        """What its runners have claimed and not finished."""
        self._alarm = Alarm(lambda: self._spawn(self._ring()), self.now_ms)
        self._served: dict[str, Callable[[], None]] = {}
        self.ending = Ending(self)
        self.has_ended = False
        """Whether it was all done, and is stopped for that."""
        self._background: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(
        cls, name: str, plan: Plan, revision: str, run_id: str, place: Place, base: Mapping[str, Any] | None = None
    ) -> Deployment:
        """Make the deployment known to the ledger and read how it stands. Counting starts at `base`."""
        queues, steps = plan.queues(), list(plan.steps)
        registration = await place.ledger.call(lambda ledger: ledger.register(name, queues, steps, revision))
        deployment = cls(name, plan, registration, run_id, place)
        await deployment.recount(base or {})
        return deployment

    async def recount(self, base: Mapping[str, Any]) -> None:
        """Read from the ledger how full the queues are and what was done so far; counting starts at `base`."""
        number = self.registration.deployment
        depths = await self.ledger.call(lambda ledger: ledger.depths(number))
        counters, passages = await self.ledger.call(lambda ledger: ledger.counters(number))
        self.depths.load(depths)
        self.totals.load(
            {self._names[step]: counter for step, counter in counters.items() if step in self._names},
            {self._keys[queue]: passage for queue, passage in passages.items() if queue in self._keys},
            base,
        )

    async def start(self) -> None:
        """Let every stage run."""
        self._take_up(self._specs(self.plan, self.place), {})
        self._spawn(self._ring())

    def _specs(self, plan: Plan, place: Place) -> dict[str, StageSpec]:
        return {stage.id: place.spec(plan, stage) for stage in plan.stages.values()}

    def _take_up(self, specs: Mapping[str, StageSpec], kept: Mapping[str, Runner]) -> None:
        """Run the stages of the plan: those of `kept` go on, for the others there are new runners."""
        self.depths.freed = self._on_freed
        self.depths.filled = self._on_filled
        begun = [Runner(self, self.plan.stages[stage], spec) for stage, spec in specs.items() if stage not in kept]
        runners = {runner.stage.id: runner for runner in (*kept.values(), *begun)}
        self.runners = {stage: runners[stage] for stage in self.plan.stages if stage in runners}
        self._serve_tickets()
        for runner in begun:
            runner.paused = self.paused
            if not self.stopping:
                runner.start()
        for runner in kept.values():
            runner.go_on()
        self._stir_all()

    def _serve_tickets(self) -> None:
        """Have the runners, and no others, woken by the tickets of their stages."""
        for leave in self._served.values():
            leave()
        serve = self.place.dispatcher.serve
        self._served = {stage: serve(Ticket(self.name, stage), runner.wake) for stage, runner in self.runners.items()}

    @property
    def is_planning(self) -> bool:
        """Whether stages are just coming or going."""
        return self._planning.locked()

    async def replan(self, plan: Plan, revision: str, place: Place | None = None) -> None:
        """Go on under another plan, while messages flow; nothing is lost and nothing done twice.

        Stages that look the same to their hosts under both plans run on untouched. The others begin nothing more and have a
        second to commit what they are at; what then still runs is ended, and its messages go back to their queues. Queues
        belong to connections: messages wait where they are, whatever stages come and go. Those of a connection that is no more
        stay in the ledger, and are there again when it comes back.

        Raises StorageError, with everything as it was.
        """
        async with self._planning:
            there = self.place if place is None else place
            specs = self._specs(plan, there)
            kept = {
                stage: runner
                for stage, runner in self.runners.items()
                if stage in specs and runner.may_go_on(plan, specs[stage])
            }
            try:
                gone = [*(runner for stage, runner in self.runners.items() if stage not in kept), *self.singles.values()]
                await asyncio.gather(*(runner.stop(_REPLAN_S) for runner in gone))
                found = await self.ledger.call(lambda ledger: self.known(ledger, plan, revision))
            except BaseException:
                self._take_up(self._specs(self.plan, self.place), kept)
                raise
            # From here to the end of _take_up nobody else has a say: every commit is settled under one plan or the other.
            self.plan = plan
            self.place = there
            self._note(*found)
            self._take_up(specs, kept)
            self.changed()
            self._spawn(self._ring())

    def known(self, ledger: Ledger, plan: Plan, revision: str) -> tuple[Registration, dict[int, Depth]]:
        """Make a plan known; from then on commits under the one before are refused. Returns how full the queues are just then.

        They are read before: what comes after the plan is known must not fail.
        """
        depths = ledger.depths(self.registration.deployment)
        return ledger.register(self.name, plan.queues(), list(plan.steps), revision), depths

    def _note(self, registration: Registration, depths: Mapping[int, Depth]) -> None:
        """Everything that follows from the plan and how the ledger knows it."""
        self.registration = registration
        self.depths = Depths(registration.queues, self.plan.queues())
        self.depths.load(depths)
        self.holds.set(self.plan.held)
        self._keys = {number: key for key, number in registration.queues.items()}
        self._names = {number: key for key, number in registration.steps.items()}
        self._wakes = Wakes(self.plan)
        self._expires = any(link.policy.expire_s for link in self.plan.links.values())

    async def commit(self, commit: Commit, line: Line) -> Outcome:
        """Commit a task of whoever has the line.

        One that was on its way while the flow was planned anew is made under the new plan. Only stages that the new plan kept
        have such: all others have ended by then.
        """
        while True:
            outcome = await line.commit(commit)
            if outcome is not Outcome.STALE_PLAN or commit.plan == self.registration.plan:
                return outcome
            commit.plan = self.registration.plan

    def rename(self, name: str) -> None:
        """It is called otherwise from now on; the ledger knows that already."""
        self.name = name
        if self._served:
            self._serve_tickets()

    def pause(self) -> None:
        """Begin nothing more; what runs is finished, everything waits where it is."""
        self.paused = True
        for runner in self.runners.values():
            runner.paused = True
        self._stir_all()

    def resume(self) -> None:
        """Go on."""
        self.paused = False
        for runner in self.runners.values():
            runner.paused = False
            runner.wake()
        self._stir_all()

    def _stir_all(self) -> None:
        if self.stirred is not None:
            self.stirred.update(self.runners)

    async def stop(self, patience_s: float = 30.0) -> None:
        """Stop every stage: what runs is finished (or, after the patience, put back); nothing new is begun."""
        self.stopping = True
        self._alarm.stop()
        async with self._planning:
            await asyncio.gather(*(runner.stop(patience_s) for runner in self.runners.values()), self.stop_singles(patience_s))
        for leave in self._served.values():
            leave()
        for task in list(self._background):
            task.cancel()
        self.changed()

    # -- single steps

    def runner_of(self, step: str) -> Runner | None:
        """What runs a step, or ran it last."""
        stage = self.plan.stage_of.get(step)
        return self.singles.get(step) or (self.runners.get(stage) if stage is not None else None)

    async def run_once(self, step: str, most: int | None = None, timeout_s: float = 60.0) -> Ran:
        """One task of a step that is stopped, whether the rest of the flow runs or not; see `engine.runtime.once`.

        Raises:
            NotFound: there is no such step.
            ConflictError: it is running.
        """
        async with self._planning:
            runner = self.singles[step] = single_runner(self, step)
        self.stir(step)
        try:
            return await run_once(runner, most, timeout_s)
        finally:
            del self.singles[step]
            self.stir(step)

    async def stop_singles(self, patience_s: float) -> None:
        """End the steps that run once just now."""
        await asyncio.gather(*(runner.stop(patience_s) for runner in self.singles.values()))

    # -- small things runners ask for

    def now_ms(self) -> int:
        """Milliseconds since the epoch, by the ledger's clock."""
        return self.place.terms.now_ms()

    def ahead_ms(self) -> int:
        """How far the ledger's clock is ahead of this machine's."""
        return self.place.terms.ahead_ms()

    def next_task(self) -> int:
        """A number for a task."""
        self._task += 1
        return self._task

    def key_of(self, queue: int) -> str:
        """The key of a queue by its number."""
        return self._keys[queue]

    def name_of(self, step: int) -> str:
        """The id of a step by its number."""
        return self._names[step]

    def stir(self, stage: str) -> None:
        """Something began, ended or broke in a stage."""
        if self.stirred is not None:
            self.stirred.add(stage)

    async def command(self, stage: Stage) -> Command:
        """How to start a host for a stage."""
        return await self.place.find_command(stage, lambda level, text: self.log(stage.id, level, text))

    def log(self, step: str, level: str, text: str) -> None:
        """A line of a step's log, told to everybody."""
        self.place.bus.publish(Event("log", self.name, self.now_ms(), {"step": step, "level": level, "text": text}))

    def fault(self, error: BaseException | None) -> None:
        """A fault of the engine itself: the run cannot go on."""
        if self.failure is None:
            self.failure = error
        self.changed()

    def changed(self) -> None:
        """Something happened that may have ended the run."""
        self.ending.look()

    # -- after a commit

    def settle(self, commit: Commit, claimed: Sequence[Claimed], head: Mapping[str, Any]) -> None:
        """A task was committed: count it, wake whoever has work or room because of it, pass on what it said."""
        self.settled += 1
        if self.watch is not None:
            self.watch(commit, claimed)
        self.depths.settle(claimed, commit.outputs)
        if claimed:
            self.recent.note(self._keys[claimed[0].queue], claimed, commit.now_ms)
        self.totals.add(
            {self._names[step]: counter for step, counter in commit.counters.items()},
            {self._keys[queue]: passage for queue, passage in commit.passages.items()},
            commit.now_ms,
        )
        due = [batch.due_ms for batch in commit.outputs if batch.due_ms]
        due.extend(timer.due_ms for timer in commit.timers if timer.due_ms is not None)
        if due:
            self.wake_at(min(due))
        for step, payload in head["signals"]:
            self._signal(step, payload)

    def _signal(self, step: str, payload: Any) -> None:
        stage = self.plan.stage_of.get(step)
        runner = self.runners.get(stage) if stage is not None else None
        if runner is None:
            return
        for slot in runner.slots:
            if slot.host is not None:
                slot.host.tell({"k": "signal", "step": runner.spec.step_index[step], "payload": payload})

    def wake(self, stage: str) -> None:
        """There may be work, or room, for a stage."""
        self.place.dispatcher.send(Ticket(self.name, stage))

    def _on_freed(self, key: str) -> None:
        for stage in self._wakes.freed(key):
            self.wake(stage)

    def _on_filled(self, key: str) -> None:
        stage = self._wakes.filled(key)
        if stage is not None:
            self.wake(stage)

    async def refresh(self, ask: Ask | None = None) -> None:
        """Ask the ledger how full the queues are and when something falls due (a claim found less than was thought).

        `ask` is the way to it: of somebody who waits while storage fails, if not given.
        """
        ask = ask or self.line.insist
        number = self.registration.deployment
        now_ms = self.now_ms()
        # At once: what is committed after the ledger was asked must be settled after its answer was taken.
        depths, due_ms, ready = await ask(
            lambda ledger: (ledger.depths(number), ledger.next_due(number, now_ms), ledger.due_queues(number, now_ms))
        )
        self.depths.load(depths, ready)
        for key in self.plan.held:
            self.holds.limit(key, self.depths.messages(key))
        for runner in self.runners.values():
            if runner.source is not None:
                runner.source.grant()  # what it waited for may have been purged, or put off
        self.settled += 1
        if self._expires:
            _, passages = await ask(lambda ledger: ledger.counters(number))
            expired = {self._keys[queue]: passage.expired for queue, passage in passages.items() if queue in self._keys}
            self.totals.expired(expired)
        if due_ms is not None:
            self.wake_at(due_ms)

    async def release(self, key: str, messages: int | None = None) -> int:
        """Let so many of the messages go that are held at a breakpoint (None: all that wait now); returns how many.

        Raises:
            NotFound: there is no such connection.
            UsageError: it has no breakpoint.
        """
        check_breakpoint(self.plan, key)
        await self.refresh(self.ledger.call)
        released = self.holds.release(key, messages, self.depths.messages(key))
        self._on_filled(key)
        return released

    # -- what waits for its time

    def wake_at(self, due_ms: int) -> None:
        """Look for due work at a time."""
        self._alarm.set(due_ms)

    async def _ring(self) -> None:
        """Wake every stage that has due work, run due timers, and set the alarm for what comes next."""
        if self.stopping or not self.runners:
            return
        number, now_ms = self.registration.deployment, self.now_ms()
        queues = await self.line.insist(lambda ledger: ledger.due_queues(number, now_ms))
        timers = await self.line.insist(lambda ledger: ledger.due_timers(number, now_ms))
        next_ms = await self.line.insist(lambda ledger: ledger.next_due(number, now_ms))
        for queue in queues:
            if queue in self._keys:
                self._on_filled(self._keys[queue])
        for step, due_ms in timers:
            self._start_timer(self._names.get(step), due_ms)
        if next_ms is not None:
            self.wake_at(next_ms)

    def _start_timer(self, step: str | None, due_ms: int) -> None:
        stage = self.plan.stage_of.get(step) if step is not None else None
        runner = self.runners.get(stage) if stage is not None else None
        if step is not None and runner is not None and not runner.has_errand(step, due_ms):
            self._spawn(self._run_timer(runner, step, due_ms))

    async def _run_timer(self, runner: Runner, step: str, due_ms: int) -> None:
        head = await runner.errand("timer", step, due_ms)
        if head is None and not self.stopping and runner.broken is None:
            self.wake_at(self.now_ms() + 1000)

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.fault(task.exception())

    def source_messages(self) -> int:
        """Messages that sources made since this engine took the run up."""
        return sum(self.totals.made_since_load(id) for id, step in self.plan.steps.items() if step.is_source)

    def dead_letters(self) -> dict[str, int]:
        """Messages kept as dead letters, by step."""
        counts = {step: self.depths.messages(DEAD + step) for step in self.plan.steps}
        return {step: count for step, count in counts.items() if count}

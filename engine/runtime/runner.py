"""Runs one stage: claims its batches, hands them to hosts, commits what comes back."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from engine.errors import EnvironmentFailed, HostError, PyfiError, StorageError
from engine.ledger.base import Claimed, ClaimRequest, Commit, Ledger, Outcome
from engine.runtime.calls import Answer, strike_off
from engine.runtime.debugged import HostUnwanted
from engine.runtime.host import Command, Host, HostBroken, HostDied
from engine.runtime.news import News
from engine.runtime.plan import ALWAYS, Plan, Stage
from engine.runtime.returned import put_together
from engine.runtime.schedule import next_cron
from engine.runtime.slot import Slot
from engine.runtime.source_driver import SourceDriver
from engine.runtime.spec import MAX_MESSAGES, StageSpec
from engine.runtime.task import CommitMaker, Share, Taken, batch_head, count, share

if TYPE_CHECKING:
    from engine.runtime.deployment import Deployment

MAX_BYTES = 1 << 20
_CLAIM_S = 0.25
_FIRST_CLAIM = 64
_IN_HAND = 2
"""Tasks a host has in hand: one runs while the next is on its way and the last is committed."""
DEATHS_ALONE = 5
"""How often a host may die over one single message before the message is to blame."""
HANGS_ALONE = 2
_IDLE_S = 30.0
_LOOK_S = 0.05
_RECORD_AGAIN_MS = 1000
_DEBUGGED_S = 1.0
"""How long a message may still take whose processor is debugged no more: it may stand at a breakpoint for ever."""
_CURE_S = 2.0
"""How long a stage that is to end waits for storage that fails; what is then not committed is done again."""


class Errand:
    """A timer or a flush of a step, to be run once."""

    def __init__(self, mode: str, step: str, due_ms: int | None, done: asyncio.Future[dict[str, Any] | None]) -> None:
        self.mode = mode
        self.step = step
        self.due_ms = due_ms
        self.done = done


class Runner:
    """One stage of a deployment on this machine."""

    def __init__(self, deployment: Deployment, stage: Stage, spec: StageSpec) -> None:
        self.deployment = deployment
        self.line = deployment.ledger.line()
        self.stage = stage
        self.spec = spec
        self.maker = CommitMaker(spec, deployment.registration, deployment.run_id, deployment.ahead_ms)
        self.slots = [Slot(self, number) for number in range(stage.concurrency)]
        head = deployment.plan.steps[stage.id]
        self.source = SourceDriver(self) if head.is_source else None
        self.stopping = False
        self.paused = False
        self.broken: str | None = None
        self._planned = head.processor.schedule
        self._schedule = ALWAYS if head.is_source else head.processor.schedule
        self._not_before_s = 0.0
        self._errands: deque[Errand] = deque()
        self._under_way: list[Errand] = []
        self._returning = 0
        """Tasks whose rest is on its way back to its queue; what comes behind it must wait."""
        self._is_shared = head.is_shared
        self._most = _FIRST_CLAIM if self._is_shared else MAX_MESSAGES
        # What stands at a breakpoint is one message, and what was stepped through goes on its way.
        self._in_hand, self._portion = (1, None if head.processor.batch else 1) if stage.debugged else (_IN_HAND, None)
        self._suspicion: dict[tuple[bytes, int], float] = {}
        """How surely a message that was alone with its host when it died is to blame; 1 is a verdict."""
        self._last_death = "died"
        self._news = News()
        self._turn = 0
        self._background: set[asyncio.Task[None]] = set()
        self._serial = 0
        self._flush_deaths = 0
        self.worked = 0
        """Messages whose task is committed."""

    # -- what others tell it

    def start(self) -> None:
        """Begin."""
        for slot in self.slots:
            self.spawn(self._serve(slot))
        if self.source is not None:
            self.spawn(self.source.run())
        elif self.stage.debugged:
            self.spawn(self._await_debugger())

    async def _await_debugger(self) -> None:
        """Have the host there before the first message comes."""
        try:
            await self.slots[0].ensure()
        except PyfiError as error:
            self._break(error)

    def warm_up(self) -> None:
        """Have a host started now, not when the first work comes; one that stays idle ends as ever. A source starts its own."""
        if self.source is None and not self.paused:
            self.spawn(self._warm_up())

    async def _warm_up(self) -> None:
        try:
            await self.slots[0].ensure()
        except PyfiError as error:
            if not self.stopping:
                self._break(error)
        self.wake()

    async def work_once(self, most: int | None) -> None:
        """Instead of `start`: one task, of `most` messages if that is given. `worked` says how many were done."""
        await self.deployment.refresh(self.deployment.ledger.call)
        if await self._claim(self.slots[0], most):
            while self._background:
                await asyncio.wait(self._background)

    def may_go_on(self, plan: Plan, spec: StageSpec) -> bool:
        """Whether this runner is what another plan wants for its stage: its hosts would be told the same."""
        return (
            self.broken is None
            and not self.stopping
            and self.stage == spec.stage
            and self.spec.head == spec.head
            and self.spec.timeout_s == spec.timeout_s
            and self._planned == plan.steps[spec.stage.id].processor.schedule
        )

    def go_on(self) -> None:
        """The deployment has another plan, in which this stage is as it was."""
        self.maker = CommitMaker(self.spec, self.deployment.registration, self.deployment.run_id, self.deployment.ahead_ms)
        self.wake()

    def wake(self) -> None:
        """There may be work, or room."""
        self._news.tell()
        if self.source is not None:
            self.source.grant()

    async def errand(self, mode: str, step: str, due_ms: int | None = None) -> dict[str, Any] | None:
        """Run a timer or a flush of one of the steps; returns the result's head, None when it was not committed."""
        if self.stopping or self.broken is not None:
            return None
        done: asyncio.Future[dict[str, Any] | None] = asyncio.get_running_loop().create_future()
        self._errands.append(Errand(mode, step, due_ms, done))
        self.wake()
        return await done

    def has_errand(self, step: str, due_ms: int) -> bool:
        """Whether a timer is under way already."""
        return any(errand.step == step and errand.due_ms == due_ms for errand in (*self._errands, *self._under_way))

    @property
    def busy(self) -> bool:
        """Whether it has anything in hand."""
        return bool(self._errands) or any(slot.in_hand for slot in self.slots) or (self.source is not None and self.source.busy)

    async def stop(self, patience_s: float) -> None:
        """Claim no more, let what runs commit for a while, end the rest (their batches go back to their queues).

        Where storage fails and is not cured soon, that is given up: what was not committed is done again by whoever runs the
        stage next.
        """
        self.stopping = True
        self._refuse_errands()
        self.wake()
        if self.source is not None:
            self.source.stop()
        if self.stage.debugged:
            patience_s = min(patience_s, _DEBUGGED_S)
            self.slots[0].abandon()
        ledger, began = self.deployment.ledger, time.monotonic()
        cure_s = min(patience_s, _CURE_S)
        while self.busy and time.monotonic() < began + (cure_s if ledger.is_stalled else patience_s):  # noqa: ASYNC110 - many end it
            await asyncio.sleep(0.005)
        # Again and again: a host that was only starting when this began may be there by now, with work in hand.
        while self._background or any(slot.host is not None for slot in self.slots):
            for slot in self.slots:
                if slot.host is not None and (slot.in_hand or self.stage.debugged):
                    slot.host.kill()
            if ledger.is_stalled and time.monotonic() >= began + cure_s:
                self.line.give_up()
                self.deployment.given_up = self.deployment.given_up or ledger.trouble
            await asyncio.gather(*(slot.host.stop() for slot in self.slots if slot.host is not None))
            self.wake()
            if self._background:
                await asyncio.wait(self._background, timeout=_LOOK_S)

    async def terminate(self) -> None:
        """End everything at once. What it was at goes back to its queues whole, and no message is to blame for it."""
        self.stopping = True
        for slot in self.slots:
            if slot.host is not None:
                slot.host.kill()
        await self.stop(0.0)

    # -- what the source driver needs

    async def source_host(self) -> Host | None:
        """A host for the source; None when the stage cannot start."""
        try:
            return await self.slots[0].ensure()
        except PyfiError as error:
            self._break(error)
            return None

    def drop_host(self, host: Host | None) -> None:
        """A host holds something void: end it."""
        if host is not None:
            host.kill()

    async def sleep_until(self, time_s: float) -> None:
        """Sleep; wakes early when the runner stops."""
        while not self.stopping and (remaining := time_s - time.time()) > 0:
            await self._news.after(self._news.count, remaining)

    async def command(self) -> Command:
        """How to start a host for this stage."""
        return await self.deployment.command(self.stage)

    def spawn(self, work: Awaitable[None]) -> None:
        """Run something on the side."""
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        error = None if task.cancelled() else task.exception()
        # A line that gave up is the only one on which storage fails; what it left undone is done again.
        if error is not None and not (self.stopping and isinstance(error, StorageError)):
            self.deployment.fault(error)

    # -- claim, run, commit

    async def _serve(self, slot: Slot) -> None:
        while not self.stopping:
            seen = self._news.count
            if slot.in_hand < self._in_hand and self.broken is None:
                if self._errands and not self.paused:
                    # Before more is claimed: in a queue that never runs empty there is always more.
                    if not slot.in_hand:
                        await self._run_errand(slot, self._errands.popleft())
                        continue
                elif await self._claim(slot, self._portion):
                    continue
            await self._news.after(seen, self._patience(slot))
            if self._news.count == seen and slot.host is not None and self._is_idle(slot):
                await slot.host.stop()

    def _patience(self, slot: Slot) -> float | None:
        """How long to wait for a change: until the schedule allows the next run, or the host has been idle for long."""
        if self._not_before_s > time.time() and self._wanted():
            return self._not_before_s - time.time()
        return _IDLE_S if slot.host is not None else None

    def _is_idle(self, slot: Slot) -> bool:
        host = slot.host
        if host is None or slot.in_hand or self.source is not None or self.stage.debugged:
            return False
        return time.monotonic() - host.used >= _IDLE_S

    def _wanted(self) -> list[str]:
        """The stage's queues that hold anything and may be claimed from."""
        deployment = self.deployment
        blocked_by = self.stage.blocked_by
        return [
            key
            for key in self.stage.entries
            if deployment.depths.messages(key) > 0
            and deployment.holds.free(key) != 0
            and not deployment.depths.is_blocked(blocked_by[key])
        ]

    async def _claim(self, slot: Slot, most: int | None = None) -> bool:
        """Claim batches, of `most` messages if that is given, and set them going; False when there is nothing to do now."""
        if self.stopping or self.paused or self._returning or not self._is_time():
            return False
        wanted = self._wanted()
        if not wanted:
            return False
        self._turn += 1
        shift = self._turn % len(wanted)
        slot.in_hand += 1
        taken: Taken | None = None
        try:
            taken = await self._take([*wanted[shift:], *wanted[:shift]], slot.rests, most)
        finally:
            slot.in_hand -= taken is None
        if taken is None:
            await self.deployment.refresh(self.line.insist)
            return False
        self._ran()
        self.deployment.stir(self.stage.id)
        self.deployment.taken[id(taken)] = taken
        self.spawn(self._work(slot, taken))
        if taken.is_released:
            self.wake()  # the other hosts, which had to wait until these were counted out
        return True

    async def _take(self, keys: list[str], rests: int, most: int | None) -> Taken | None:
        """Batches of the first queue that has any. What was released at a breakpoint is counted out to the message."""
        holds = self.deployment.holds
        free = holds.free(keys[0])
        if free is None:
            keys = [key for key in keys if holds.free(key) is None]
        else:
            keys = keys[:1]
            most = free if most is None else min(free, most)
            holds.begin(keys[0])
        claimed: list[Claimed] = []
        try:
            claimed = await self.line.claim(self._request(keys, most))
        finally:
            messages = count(claimed) if most is None else min(count(claimed), most)
            if free is not None:
                holds.took(keys[0], messages, whole=messages == count(claimed))
        if not claimed:
            return None
        if free is None:
            holds.ahead(self.deployment.key_of(claimed[0].queue), messages)
        return Taken(claimed, messages, rests, free is not None)

    def _request(self, keys: Sequence[str], most: int | None) -> ClaimRequest:
        registration = self.deployment.registration
        return ClaimRequest(
            deployment=registration.deployment,
            plan=registration.plan,
            queues=[registration.queues[key] for key in keys],
            messages=self._most if most is None else min(self._most, most),
            size=MAX_BYTES,
            lease_ms=self.deployment.place.terms.lease_ms,
            now_ms=self.deployment.now_ms(),
            holder=self.deployment.place.terms.holder,
        )

    def _is_time(self) -> bool:
        return self._schedule == ALWAYS or time.time() >= self._not_before_s

    def _ran(self) -> None:
        if self._schedule.cron is not None:
            self._not_before_s = next_cron(self._schedule.cron, time.time())
        elif self._schedule.every_s:
            self._not_before_s = time.time() + self._schedule.every_s

    async def _work(self, slot: Slot, taken: Taken) -> None:
        try:
            await self._run_batches(slot, taken)
        except StorageError:
            # Given up. Whoever runs the stage then finds the batches where they were.
            self.deployment.ledger.leave(_returns(taken.batches), lambda: self.deployment.wake(self.stage.id))
        finally:
            slot.in_hand -= 1
            del self.deployment.taken[id(taken)]
            key = self.deployment.key_of(taken.batches[0].queue)
            if taken.is_released:
                self.deployment.holds.end(key, taken.messages, whole=taken.is_whole)
            else:
                self.deployment.holds.ahead(key, -taken.messages)
            self.wake()
            self.deployment.stir(self.stage.id)
            self.deployment.changed()

    async def _run_batches(self, slot: Slot, taken: Taken) -> None:
        deployment, claimed = self.deployment, taken.batches
        try:
            host = await slot.ensure()
        except PyfiError as error:
            self._break(error)
            await self._give_back(claimed)
            return
        link = self.spec.entry_index[deployment.key_of(claimed[0].queue)]
        deployment.totals.started(deployment.now_ms())
        given = share(claimed, taken.messages).done
        head = batch_head(
            deployment.next_task(), link, given, rests=slot.rests_of_host(taken.rests), condemned=self._verdict(claimed)
        )
        try:
            result, body = await host.run(head, [each.body for each in given])
        except HostDied as error:
            await self._bereaved(claimed, error)
            return
        if result["k"] == "refused":
            step: int = result["step"]
            deployment.log(self.spec.steps[step], "warning", f"{result['reason']}; trying again")
            await self._give_back(claimed, due_ms=deployment.now_ms() + int(result["delay"] * 1000))
            deployment.wake_at(deployment.now_ms() + int(result["delay"] * 1000))
            return
        self._suspicion.pop((claimed[0].id, claimed[0].lo), None)
        rows = result.get("rows", taken.messages)
        did = share(claimed, rows)
        if not did.done:
            await self._give_back(claimed)
            return
        slot.rests += rows < taken.messages
        self._returning += not did.is_whole
        try:
            await self._commit(host, taken, did, result, body)
        finally:
            self._returning -= not did.is_whole

    async def _commit(self, host: Host, taken: Taken, did: Share, result: dict[str, Any], body: memoryview) -> None:
        deployment = self.deployment
        self._learn(result, did)
        if self.spec.called:
            result, body = put_together(result, body, did.done, self.spec.ports, len(self.stage.entries))
        answers: list[Answer] = result.get("answers", [])
        if answers and not await self._record(host, taken, answers):
            return
        commit = self.maker.from_batches(result, body, did, deployment.now_ms())
        if answers:
            commit.state = [*commit.state, *strike_off(deployment.registration, self.stage.id, answers)]
        outcome = await deployment.commit(commit, self.line)
        if outcome is Outcome.DONE:
            deployment.settle(commit, did.done, result)
            if taken.is_released:
                deployment.holds.passed(deployment.key_of(taken.batches[0].queue), count(did.done))
            self.worked += count(did.done)
            if did.untouched:
                await self._give_back(did.untouched)
            return
        await self._dropped(host, taken.batches, outcome)

    async def _record(self, host: Host, taken: Taken, answers: Sequence[Answer]) -> bool:
        """Have the results of calls kept, before the commit that closes those: kept twice, the first stays. False: not now."""
        deployment = self.deployment
        try:
            await deployment.place.record([(id, packed) for id, packed, _ in answers])
        except StorageError as error:
            deployment.log(self.stage.id, "warning", f"{error}; trying again")
            self._forget(host)
            due_ms = deployment.now_ms() + _RECORD_AGAIN_MS
            await self._give_back(taken.batches, due_ms=due_ms)
            deployment.wake_at(due_ms)
            return False
        return True

    def _learn(self, result: dict[str, Any], did: Share) -> None:
        """Where several hosts share the work, none may claim more than it can do in a while."""
        if not self._is_shared:
            return
        messages = count(did.done)
        seconds = sum(time_ns for _, _, _, time_ns, _ in result["steps"]) / 1e9
        fitting = int(messages * _CLAIM_S / seconds) if seconds > 0 else MAX_MESSAGES
        self._most = max(1, min(MAX_MESSAGES, fitting, self._most * 4))

    def _verdict(self, claimed: Sequence[Claimed]) -> tuple[str, str] | None:
        """The sentence on a single message over which hosts kept dying."""
        batch = claimed[0]
        if self._suspicion.get((batch.id, batch.lo), 0.0) >= 1.0:
            cure = "; if it needs more memory, raise its `memory`" if "memory" in self._last_death else ""
            return "HostDied", f"the host {self._last_death} whenever it had this message{cure}"
        return None

    async def _bereaved(self, claimed: list[Claimed], error: HostDied) -> None:
        """The host died. The task it was at is suspected: tried again, then halved, until the guilty message is alone."""
        if not error.first or self.stopping:
            await self._give_back(claimed)
            return
        self._last_death = error.reason
        batch = claimed[0]
        if len(claimed) == 1 and batch.hi - batch.lo > 1 and (batch.crashes or error.hung):
            await self.line.insist(lambda ledger: ledger.split(batch.row, batch.lease))
            return
        if len(claimed) == 1 and batch.hi - batch.lo == 1:
            grows = 1 / (HANGS_ALONE if error.hung else DEATHS_ALONE)
            self._suspicion[batch.id, batch.lo] = self._suspicion.get((batch.id, batch.lo), 0.0) + grows
        await self.line.insist(_returns(claimed, crashed=True))

    async def _give_back(self, claimed: list[Claimed], due_ms: int = 0) -> None:
        await self.line.insist(_returns(claimed, due_ms=due_ms))

    async def _dropped(self, host: Host, claimed: list[Claimed], outcome: Outcome) -> None:
        """The ledger refused the commit: what the host knows of its state is out of date."""
        if outcome is Outcome.CONFLICT:
            self._forget(host)
            await self._give_back(claimed)
        elif outcome is Outcome.LEASE_LOST:
            self.drop_host(host)
        else:
            await self._give_back(claimed)

    def _forget(self, host: Host) -> None:
        """What a host did last does not count: it must not go on from there."""
        for index in range(len(self.spec.steps)):
            host.tell({"k": "forget", "step": index})

    # -- timers and flushes

    async def _run_errand(self, slot: Slot, errand: Errand) -> None:
        slot.in_hand += 1
        self._under_way.append(errand)
        self.wake()  # the other hosts, which claimed nothing while it waited
        head: dict[str, Any] | None = None
        try:
            head = await self._do_errand(slot, errand)
        finally:
            slot.in_hand -= 1
            self._under_way.remove(errand)
            if not errand.done.done():
                errand.done.set_result(head)
            self.wake()
            self.deployment.changed()

    async def _do_errand(self, slot: Slot, errand: Errand) -> dict[str, Any] | None:
        deployment = self.deployment
        try:
            host = await slot.ensure()
            frame = {"k": "task", "id": deployment.next_task(), "mode": errand.mode, "step": self.spec.step_index[errand.step]}
            head, body = await host.run(frame)
        except HostDied as error:
            self._mourn(errand, error)
            return None
        except PyfiError as error:
            self._break(error)
            return None
        if head["k"] == "refused":
            deployment.log(errand.step, "warning", f"{head['reason']}; trying again")
            await asyncio.sleep(head["delay"])
            return None
        self._serial += 1
        commit = self._errand_commit(head, body, errand)
        outcome = await deployment.commit(commit, self.line)
        if outcome is not Outcome.DONE:
            host.tell({"k": "forget", "step": self.spec.step_index[errand.step]})
            return None
        self._flush_deaths = 0
        deployment.settle(commit, [], head)
        return head

    def _mourn(self, errand: Errand, error: HostDied) -> None:
        """A host died over an errand. A flush is tried again, but not for ever: the run has to end."""
        if errand.mode != "flush" or not error.first:
            return
        self._flush_deaths += 1
        if self._flush_deaths >= DEATHS_ALONE:
            reason = f"processor '{errand.step}' cannot let go of what it holds: its host {error.reason} every time"
            self._break(HostError(f"{reason}; run the flow again to try once more"))

    def _errand_commit(self, head: dict[str, Any], body: memoryview, errand: Errand) -> Commit:
        deployment = self.deployment
        serial = f"{errand.mode}:{errand.due_ms or 0}:{deployment.now_ms()}:{self._serial}"
        return self.maker.from_wake(head, body, errand.step, serial, errand.due_ms, deployment.now_ms())

    def _break(self, error: PyfiError) -> None:
        """The stage cannot start; its queues keep what they hold."""
        if self.broken is None and not isinstance(error, HostUnwanted):
            self.broken = str(error)
            if (debugged := self.deployment.debugged.get(self.stage.id)) is not None:
                debugged.failed(self.broken)
            step = error.step if isinstance(error, HostBroken) else self.stage.id
            if isinstance(error, EnvironmentFailed):
                step = self.stage.asker or step
            trace = f"\n{error.traceback}" if isinstance(error, HostBroken) else ""
            self.deployment.log(step, "error", f"{error}{trace}")
        self._refuse_errands()
        self.deployment.stir(self.stage.id)
        self.deployment.changed()

    def _refuse_errands(self) -> None:
        """What nobody has begun is not done here any more."""
        for errand in self._errands:
            if not errand.done.done():
                errand.done.set_result(None)
        self._errands.clear()


def _returns(claimed: Sequence[Claimed], *, crashed: bool = False, due_ms: int = 0) -> Callable[[Ledger], None]:
    """The command that gives batches back to their queues."""
    receipts = [(each.row, each.lease) for each in claimed]
    return lambda ledger: ledger.release(receipts, crashed=crashed, due_ms=due_ms)

"""Part, what one worker runs of a deployment: a stage. The others are elsewhere, so the ledger is asked where they stand."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.cluster.planning import Planned
from engine.dispatch.base import Ticket
from engine.errors import ConflictError, PyfiError
from engine.ledger.base import Claimed, Commit, Depth, Ledger, Outcome, Registration
from engine.processors.base import Effect
from engine.runtime.deployment import Deployment, Place
from engine.runtime.ledger_thread import Line
from engine.runtime.once import Ran
from engine.runtime.plan import Plan
from engine.runtime.replay import replay_last
from engine.runtime.runner import Runner
from engine.runtime.spec import StageSpec

BUSY_LOOK_S = 0.1
IDLE_LOOK_S = 2.0
"""How often the ledger is looked at without a ticket: what a lost one delays."""
RELEASE, RELEASED = "release:", "released:"
"""Facts by connection: the number of a release at its breakpoint and how many messages it is for, and of the last one done."""
REPLAY, REPLAYED, TOOK = "replay:", "replayed:", "took:"
"""Facts by step: the number of a replay, of how many messages and by which worker (empty: each is to say when it took what it
took last), and what came of the last one; by step and worker, when that was (0: never)."""
_FULL_LOOK_S = 0.01
_PLAN_LOOK_S = 0.2
FLUSH, FLUSHED = "flush:", "flushed:"
"""Facts by step: the number of a flush that the keeper asks for, and what the last one that was done has come to."""


class Part(Deployment):
    """One stage of a deployment, in a process of its own."""

    def __init__(
        self, name: str, made: Planned, registration: Registration, run_id: str, place: Place, *, stage: str = ""
    ) -> None:
        super().__init__(name, made.plan, registration, run_id, place)
        self.stage = stage
        self.revision = made.revision
        self._told = asyncio.Event()
        self._was_full = False
        self._is_settling = False
        self._lets_go = self._flushable()
        self._heeding = asyncio.Lock()

    @classmethod
    async def attach(cls, name: str, made: Planned, run_id: str, place: Place, *, stage: str, base: Mapping[str, Any]) -> Part:
        """Take up a stage of a deployment that the ledger knows, as soon as it knows this very plan."""
        registration = await _registered(place, name, made.revision)
        part = cls(name, made, registration, run_id, place, stage=stage)
        await part.recount(base)
        return part

    async def start(self) -> None:
        """Let the stage run."""
        await super().start()
        if self.runner is not None:
            # All at once, beside each other: else the first message of a chain would wait for one host after the other.
            self.runner.warm_up()
        self._spawn(self._watch())
        self._spawn(self._renew())

    @property
    def runner(self) -> Runner | None:
        """What runs the stage."""
        return self.runners.get(self.stage)

    # -- one stage of many

    def _specs(self, plan: Plan, place: Place) -> dict[str, StageSpec]:
        return {self.stage: place.spec(plan, plan.stages[self.stage])} if self.stage in plan.stages else {}

    def _serve_tickets(self) -> None:
        for leave in self._served.values():
            leave()
        self._served = {self.stage: self.place.dispatcher.serve(Ticket(self.name, self.stage), self.look)}

    def wake(self, stage: str) -> None:
        """There may be work, or room, for a stage; this one is told directly."""
        if stage != self.stage:
            super().wake(stage)
        elif self.runner is not None:
            self.runner.wake()

    def settle(self, commit: Commit, claimed: Sequence[Claimed], head: Mapping[str, Any]) -> None:
        """As ever, with tickets for whoever has work or room by it; where a queue seems full, see how full it is by now."""
        self._is_settling = True
        try:
            super().settle(commit, claimed, head)
        finally:
            self._is_settling = False
        if not self._was_full and self._is_full():
            self._was_full = True
            self.look()

    def _on_freed(self, key: str) -> None:
        self._tell(self._wakes.freed(key))

    def _on_filled(self, key: str) -> None:
        stage = self._wakes.filled(key)
        self._tell([] if stage is None else [stage])

    def _tell(self, stages: Iterable[str]) -> None:
        """Those elsewhere are told of what was done here, not of what the ledger says that others have done."""
        for stage in stages:
            if self._is_settling or stage == self.stage:
                self.wake(stage)

    # -- the ledger's view

    def look(self) -> None:
        """A ticket has come: others may have changed what the ledger holds."""
        self._told.set()

    async def _watch(self) -> None:
        """Look at the ledger when told to, and without being told: tickets may be lost, and leases of others run out."""
        patience_s, seen_s = 0.0, time.monotonic()
        while not self.stopping:
            is_told = await self._is_told(patience_s)
            if time.monotonic() - seen_s >= IDLE_LOOK_S:
                # However much there is to do: under a plan of another number nothing can be claimed.
                await self._see_plan()
                seen_s = time.monotonic()
            await self.refresh()
            if self._held():
                await self._let_pass()
            if self.runner is not None:
                self.runner.wake()
                if self._lets_go and not self.runner.busy:
                    await self._let_go()
            self._was_full = self._is_full()
            if self._was_full:
                patience_s = min(BUSY_LOOK_S, max(_FULL_LOOK_S, 2 * patience_s if not is_told else 0.0))
            else:
                patience_s = BUSY_LOOK_S if self._is_busy() else IDLE_LOOK_S * random.uniform(0.75, 1.25)  # noqa: S311 - no secret

    async def _is_told(self, patience_s: float) -> bool:
        """Wait to be told to look, at most for a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._told.wait()
        is_told = self._told.is_set()
        self._told.clear()
        return is_told

    def _is_full(self) -> bool:
        """Whether the stage has to wait because of a queue that is at its limit."""
        runner = self.runner
        return runner is not None and any(self.depths.is_blocked(keys) for keys in runner.stage.blocked_by.values())

    def _is_busy(self) -> bool:
        runner = self.runner
        return runner is not None and (runner.busy or any(self.depths.messages(key) > 0 for key in runner.stage.entries))

    async def _renew(self) -> None:
        """Keep the leases of what is under way."""
        lease_ms = self.place.terms.lease_ms
        while not self.stopping or self.taken:
            await asyncio.sleep(lease_ms / 3000)
            receipts = [(batch.row, batch.lease) for taken in self.taken.values() for batch in taken.batches]
            if receipts:
                until_ms = self.now_ms() + lease_ms
                await self.line.insist(lambda ledger, held=receipts, until=until_ms: ledger.renew(held, until))

    # -- plans

    async def commit(self, commit: Commit, line: Line) -> Outcome:
        """As ever; where there is another plan, learn of it: what was done is done again under that."""
        outcome = await super().commit(commit, line)
        if outcome is Outcome.STALE_PLAN:
            self._spawn(self._see_plan())
        return outcome

    async def _see_plan(self) -> None:
        """Take over the plan's number, if it is the same plan. If it is another, the agent tells."""
        name = self.name
        found = await self.line.insist(lambda ledger: ledger.registration(name))
        if found is None or found[0].plan == self.registration.plan or found[1] != self.revision or self.is_planning:
            return
        depths = await self.line.insist(lambda ledger: ledger.depths(found[0].deployment))
        if self.is_planning:
            return
        self._note(found[0], depths)
        self._take_up(self._specs(self.plan, self.place), self.runners)

    async def go_over(self, made: Planned, place: Place) -> None:
        """Run the stage as another plan has it; where it is the same in both it goes on untouched.

        Once begun it is carried through, also where whoever waits for it is cancelled because there is another order: a runner
        that is left in the midst of its end would keep its hosts.
        """
        await _registered(place, self.name, made.revision)
        going = asyncio.ensure_future(self._go_over(made, place))
        going.add_done_callback(_heard)
        await asyncio.shield(going)

    async def _go_over(self, made: Planned, place: Place) -> None:
        await self.replan(made.plan, made.revision, place)
        self.revision = made.revision  # not before: where it fails, it is to be tried again
        self._lets_go = self._flushable()

    def known(self, ledger: Ledger, plan: Plan, revision: str) -> tuple[Registration, dict[int, Depth]]:
        """Whoever deployed it has made the plan known."""
        found = ledger.registration(self.name)
        if found is None or found[1] != revision:
            raise ConflictError(f"'{self.name}' has changed again meanwhile")
        return found[0], ledger.depths(found[0].deployment)

    # -- what is held back

    def _held(self) -> list[str]:
        """The connections into the stage at which messages are held. There is no other worker of it then."""
        stage = self.plan.stages.get(self.stage)
        return [key for key in stage.entries if key in self.plan.held] if stage is not None else []

    async def _let_pass(self) -> None:
        """Release what somebody wants released."""
        number = self.registration.deployment
        facts = await self.line.insist(lambda ledger: ledger.facts(number))
        for key in self._held():
            wanted = facts.get(RELEASE + key, {})
            if wanted.get("number", 0) > facts.get(RELEASED + key, {}).get("number", 0):
                released = self.holds.release(key, wanted["messages"], self.depths.messages(key))
                done = {"number": wanted["number"], "messages": released}
                await self.line.insist(lambda ledger, key=key, done=done: ledger.set_facts(number, {RELEASED + key: done}))

    # -- what was taken last

    def heed(self) -> None:
        """Somebody wants something of this deployment that is a fact of the ledger."""
        self._spawn(self._heed())

    async def _heed(self) -> None:
        number, me = self.registration.deployment, self.place.terms.holder
        async with self._heeding:  # one after the other: no order is followed twice
            facts = await self.line.insist(lambda ledger: ledger.facts(number))
            for step in [key.removeprefix(REPLAY) for key in facts if key.startswith(REPLAY)]:
                wanted = facts[REPLAY + step]
                if self.plan.stage_of.get(step) != self.stage or wanted["number"] <= _number(facts, REPLAYED + step):
                    continue
                if wanted["worker"] == me:
                    news = {REPLAYED + step: {"number": wanted["number"], **await self._replay(step, wanted["messages"])}}
                elif not wanted["worker"]:
                    news = {f"{TOOK}{step}:{me}": {"number": wanted["number"], "at_ms": self._took_ms(step)}}
                else:
                    continue
                await self.line.insist(lambda ledger, news=news: ledger.set_facts(number, news))

    def _took_ms(self, step: str) -> int:
        return self.recent.last_ms([key for key, link in self.plan.links.items() if link.target == step])

    async def _replay(self, step: str, messages: int) -> dict[str, Any]:
        try:
            moved = await replay_last(self, step, messages)
        except PyfiError as error:
            return {"trouble": str(error)}
        self.wake(self.stage)
        return {"moved": moved}

    # -- once

    async def once(self, step: str, most: int | None, timeout_s: float) -> Ran:
        """Instead of `start`: have a step that is in no stage do one task."""
        self._spawn(self._renew())
        return await self.run_once(step, most, timeout_s)

    # -- letting go

    def _flushable(self) -> list[str]:
        """The steps here that may hold something to let go of when all else is done."""
        steps = self.plan.stages[self.stage].steps if self.stage in self.plan.stages else ()
        return [step for step in steps if may_hold(self.plan, step)]

    async def _let_go(self) -> None:
        number = self.registration.deployment
        facts = await self.line.insist(lambda ledger: ledger.facts(number))
        for step in self._lets_go:
            wanted: int = facts.get(FLUSH + step, 0)
            if wanted <= facts.get(FLUSHED + step, {}).get("number", 0) or self.runner is None:
                continue
            head = await self.runner.errand("flush", step)
            if head is not None:
                done = {"number": wanted, "moved": bool(head["outputs"] or head["links"]), "unpaired": head.get("unpaired", {})}
                await self.line.insist(lambda ledger, step=step, done=done: ledger.set_facts(number, {FLUSHED + step: done}))


def _heard(done: asyncio.Future[None]) -> None:
    """Its error, if any, is not lost on whoever waits; nobody may."""
    if not done.cancelled():
        done.exception()


def _number(facts: Mapping[str, Any], key: str) -> int:
    return int(facts.get(key, {}).get("number", 0))


def may_hold(plan: Plan, step: str) -> bool:
    """Whether a step may hold something that it lets go of at the end: a file to close, messages to merge."""
    planned = plan.steps[step]
    if planned.declared is not None and planned.declared.effect is Effect.POSITION:
        return True
    return planned.exclusive and not planned.is_source and not planned.is_sink


async def _registered(place: Place, name: str, revision: str) -> Registration:
    """How the ledger knows a deployment, once it knows this plan of it."""
    line = place.ledger.line()
    while True:
        found = await line.insist(lambda ledger: ledger.registration(name))
        if found is not None and found[1] == revision:
            return found[0]
        await asyncio.sleep(_PLAN_LOOK_S)

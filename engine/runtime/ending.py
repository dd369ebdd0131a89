"""The end of a deployment: when nothing more can fire, and what is let go of then."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from engine.model.problem import shown
from engine.processors.base import Effect
from engine.runtime.standstill import Standstill

if TYPE_CHECKING:
    from engine.runtime.deployment import Deployment
    from engine.runtime.runner import Runner

_LOOK_S = 1.0


class Ending:
    """Watches a deployment for its end. A run ends when nothing can go on; what stays deployed, when all its work is done."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self.unpaired: dict[str, dict[str, int]] = {}
        """Messages that waited in joins at the end, by step and input."""
        self._full: list[str] = []
        """The connections that kept a run from its end."""
        self._flushed: dict[str, int] = {}
        """Steps that act outside and were flushed, and how much they had taken by then: after more, they are again."""
        self._changed = asyncio.Event()

    def look(self) -> None:
        """Something happened that may have been the last."""
        self._changed.set()

    # -- waiting for it

    async def finished(self) -> None:
        """Wait until nothing more can fire: sources ended, queues are empty, merges have let go of what they held.

        Where a full connection that nothing takes from keeps the run from its end, or a breakpoint holds messages, merges keep
        what they hold.
        """
        deployment = self._deployment
        while await self._comes(quiet=True):
            self._full = self._held_up()
            if self._full or self.held() or not await self._flush():
                break
        if deployment.failure is not None:
            raise deployment.failure

    async def completed(self) -> bool:
        """Wait until all work of a flow that stays deployed is done, and merges have let go of what they held.

        That is when its sources have all come to their end, and nothing waits anywhere: neither at a breakpoint, nor before
        a step that is stopped or cannot start. A flow of which one source never ends is never completed. False: it was
        stopped before.
        """
        while await self._comes(quiet=False):
            if not await self._flush() and self.is_complete():
                return True
        return False

    async def _comes(self, *, quiet: bool) -> bool:
        """Wait until it is quiet, or all done; False when it is stopped, or has failed."""
        is_there = self.is_quiet if quiet else self.is_complete
        deployment = self._deployment
        while not deployment.stopping and deployment.failure is None:
            self._changed.clear()
            if is_there():
                await deployment.refresh()
                if is_there():
                    return True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await self._changed.wait()
        return False

    # -- how things stand

    def is_quiet(self) -> bool:
        """Whether nothing runs and nothing that waits can ever be claimed (timers aside)."""
        deployment = self._deployment
        if deployment.is_planning or any(runner.busy for runner in deployment.runners.values()):
            return False
        standstill = self._standstill()
        if any(runner.source is not None and not _is_over(runner, standstill) for runner in deployment.runners.values()):
            return False
        return not any(self._can_move(key, standstill) for key in deployment.plan.links)

    def is_complete(self) -> bool:
        """Whether there were sources, all have come to their end, and nothing waits or is under way."""
        deployment = self._deployment
        if deployment.paused or not self._are_sources_through():
            return False
        if any(runner.broken is not None for runner in deployment.runners.values()) or deployment.singles:
            return False
        return self.is_quiet() and not any(deployment.depths.messages(key) > 0 for key in deployment.plan.links)

    def _are_sources_through(self) -> bool:
        """Whether there is a source, and none that may still make anything, if only once somebody starts or mends it."""
        deployment = self._deployment
        found = False
        for id in deployment.plan.sources:
            runner = deployment.runners.get(id)
            source = runner.source if runner is not None else None
            if source is None or not source.finished or source.error is not None:
                return False
            found = True
        return found

    def _standstill(self) -> Standstill:
        deployment = self._deployment
        return Standstill(
            deployment.plan,
            deployment.depths,
            lambda key: deployment.holds.may_move(key) and self._taker(key) is not None,
        )

    def _taker(self, key: str) -> Runner | None:
        """What takes from a connection's queue, if anything does (a stage that broke stays broken)."""
        deployment = self._deployment
        stage = deployment.plan.stage_of.get(deployment.plan.links[key].target)
        return deployment.runners[stage] if stage is not None and deployment.runners[stage].broken is None else None

    def _can_move(self, key: str, standstill: Standstill) -> bool:
        deployment = self._deployment
        if deployment.depths.messages(key) <= 0 or not deployment.holds.may_move(key):
            return False
        taker = self._taker(key)
        return taker is not None and not standstill.holds(taker.stage, key)

    def held(self) -> dict[str, int]:
        """Messages that breakpoints hold and nobody has released, by connection."""
        deployment = self._deployment
        keys = (key for key in deployment.plan.links if key in deployment.plan.held and not deployment.holds.may_move(key))
        return {key: messages for key in keys if (messages := deployment.depths.messages(key)) > 0}

    def _held_up(self) -> list[str]:
        """The full connections that nothing takes from, if anything has to wait for them for ever."""
        deployment, standstill = self._deployment, self._standstill()
        waiting = (
            (runner.stage, entry)
            for runner in deployment.runners.values()
            for entry in runner.stage.blocked_by
            if (deployment.depths.messages(entry) > 0 if entry else runner.source is not None and not runner.source.finished)
        )
        return standstill.ends if any(standstill.holds(*each) for each in waiting) else []

    def troubles(self) -> list[str]:
        """Why parts of the flow do not run: a sentence each."""
        runners, held = self._deployment.runners, self.held()
        found = [runner.broken for runner in runners.values() if runner.broken is not None]
        found.extend(
            f"source '{id}' failed: {runner.source.error}"
            for id, runner in runners.items()
            if runner.source is not None and runner.source.error is not None and runner.source.finished
        )
        found.extend(
            f"the connection {shown(key)} is full, and what comes before it waits: "
            f"processor {shown(self._deployment.plan.links[key].target)} takes nothing; have it run, and run the flow again"
            for key in self._full
            if key not in held
        )
        found.extend(
            f"the breakpoint at {shown(key)} holds {messages:,} {'message' if messages == 1 else 'messages'}; "
            "run the flow again without it to go on, or deploy the flow to release one by one"
            for key, messages in held.items()
        )
        return found

    # -- letting go

    async def _flush(self) -> bool:
        """Have steps that hold something let go of it, upstream first; whether anything moved."""
        deployment = self._deployment
        for step in deployment.plan.downstream:
            runner = deployment.runners.get(deployment.plan.stage_of.get(step, ""))
            if runner is None or runner.broken is not None or not await self._holds(step):
                continue
            taken = self._taken(step)
            head = await runner.errand("flush", step)
            if head is None:
                if deployment.stopping or runner.broken is not None:
                    continue
                return True  # its host died, or it could not be just now: it still holds what it held
            self._flushed[step] = taken
            self.unpaired[step] = head.get("unpaired", {})
            if head["outputs"] or head["links"]:
                return True
        return False

    def _taken(self, step: str) -> int:
        counter = self._deployment.totals.steps.get(step)
        return counter.received if counter is not None else 0

    async def _holds(self, step: str) -> bool:
        deployment = self._deployment
        planned = deployment.plan.steps[step]
        if planned.declared is not None and planned.declared.effect is Effect.POSITION:
            # A file that nothing was written to is emptied; a compressed one gets its end.
            return self._flushed.get(step) != self._taken(step)
        if planned.is_source or planned.is_sink or not planned.exclusive:
            return False
        number = deployment.registration.steps[step]
        return bool(await deployment.line.insist(lambda ledger: ledger.read_state(number)))


def _is_over(runner: Runner, standstill: Standstill) -> bool:
    """Whether the source of a stage makes nothing more: it ended, or waits for room that will never be there."""
    source = runner.source
    return source is not None and (source.finished or (source.waits and standstill.holds(runner.stage, "")))

"""Drives one source: takes it over in the ledger, gives it credit while there is room, commits what it makes."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from engine.ledger.base import Outcome, Source
from engine.runtime.host import Host, HostDied
from engine.runtime.schedule import first_start, is_repeated, next_start

if TYPE_CHECKING:
    from engine.runtime.runner import Runner

_CREDIT = 2
"""Batches a source may have under way: one is made while the other is committed."""
_CAREFUL = 8
"""After its host died, so many batches of a source go no further than the queue behind it: what ended it is found there."""
_DEATHS = 6
"""A source that so often in a row, with nothing else at work in it, ended its host before it made anything has failed."""


class SourceDriver:
    """The source at the head of a runner's stage.

    It is `finished` when it ended and its schedule does not start it again, or when it failed more often than its retries
    allow.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._step = runner.deployment.plan.steps[runner.stage.id]
        self._number = runner.deployment.registration.steps[self._step.id]
        self._host: Host | None = None
        self._source: Source | None = None
        self._seq = 0
        self._made = 0
        self._committed = 0
        self._owed = 0
        self._uncommitted = 0
        self._failures = 0
        self._deaths = 0
        self._ended = asyncio.Event()
        self._died = False
        self._done = False
        self._is_single = False
        self.made = 0
        """Messages that were made and committed."""
        self.finished = False
        self.error: str | None = None

    @property
    def busy(self) -> bool:
        """Whether something it made is not committed yet."""
        return self._uncommitted > 0

    @property
    def waits(self) -> bool:
        """Whether it runs, and makes nothing before there is room."""
        return self._host is not None and self._owed >= _CREDIT

    async def run(self) -> None:
        """Run the source by its schedule until it is finished or the runner stops."""
        schedule = self._step.processor.schedule
        ledger = self._runner.line
        sources = await ledger.insist(lambda ledger_: ledger_.sources(self._runner.deployment.registration.deployment))
        known = sources.get(self._number)
        resumes = known is not None and not known.done
        start_s = time.time() if resumes else first_start(schedule, time.time())
        if known is not None and known.done and not is_repeated(schedule):
            self.finished = True
        while not self.finished and not self._runner.stopping:
            await self._runner.sleep_until(start_s)
            if self._runner.stopping:
                return
            if known is not None and known.done and is_repeated(schedule):
                await ledger.insist(lambda ledger_: ledger_.rewind(self._number))
            started_s = time.time()
            done = await self._once()
            if self._runner.stopping:
                return
            if not done:
                start_s = time.time() + self._delay()
                continue
            known = Source(0, 0, 0, done=True)
            self.finished = not is_repeated(schedule)
            start_s = next_start(schedule, started_s, time.time())
        self._runner.deployment.stir(self._runner.stage.id)
        self._runner.deployment.changed()

    async def make_one(self) -> None:
        """Instead of `run`: one batch, whatever its schedule says. `made` says how many messages it held."""
        deployment = self._runner.deployment
        await deployment.refresh(deployment.ledger.call)
        known = (await deployment.ledger.call(lambda ledger: ledger.sources(deployment.registration.deployment))).get(
            self._number
        )
        if self._runner.stopping:
            return
        if known is not None and known.done:
            if not is_repeated(self._step.processor.schedule):
                self.finished = True
                return
            await deployment.ledger.call(lambda ledger: ledger.rewind(self._number))
        self._is_single = True
        if not self._blocked():
            await self._once()

    def _delay(self) -> float:
        """How long to wait after a failure; gives up when the retries are used up."""
        retry = self._step.processor.retry
        if self.error is not None and (self._deaths >= _DEATHS or self._failures > retry.attempts):
            self.finished = True
        return retry.penalty_s if self.error is not None else min(5.0, 0.1 * 2**self._deaths)

    async def _once(self) -> bool:
        """One run of the source; False when it has to be taken up again."""
        deployment = self._runner.deployment
        self._ended.clear()
        self._owed = 0
        self.error = None
        host = self._host = await self._runner.source_host()
        if host is None:
            self.finished = True
            return False
        if self._runner.stopping:
            return False
        self._source = source = await self._runner.line.insist(lambda ledger: ledger.open_source(self._number))
        self._seq, self._made = source.seq, source.yielded
        self._committed = 0
        if source.done:
            return True
        blocked = self._blocked()
        credit = 1 if self._is_single else _CREDIT
        self._owed = credit if blocked else 0
        deployment.totals.started(deployment.now_ms())
        host.tell(
            {
                "k": "source",
                "id": deployment.next_task(),
                "step": 0,
                "yielded": source.yielded,
                "credit": 0 if blocked else credit,
                "careful": _CAREFUL if self._died else 0,
                "behind": self._is_behind(),
            }
        )
        self._done = False
        await self._ended.wait()
        return self._done

    def _blocked(self) -> bool:
        deployment = self._runner.deployment
        return self._runner.paused or self._is_behind() or deployment.depths.is_blocked(self._runner.stage.blocked_by[""])

    def _is_behind(self) -> bool:
        """Whether messages wait inside the stage, for a slow step or after a host died: later ones must not overtake them."""
        return any(self._runner.deployment.depths.ready(key) > 0 for key in self._runner.stage.entries)

    def grant(self) -> None:
        """There may be room again: pay the credit that is owed."""
        if self._owed and self._host is not None and not self._runner.stopping and not self._blocked():
            self._host.tell({"k": "credit", "n": self._owed, "after": self._committed})
            self._owed = 0

    def on_frame(self, head: dict[str, Any], body: memoryview) -> None:
        """The host sent a batch of the source, or that it failed."""
        if head["k"] == "source_failed":
            self._failed(head)
            return
        source, seq, made = self._source, self._seq, self._made
        if source is None:
            return
        if head["source"][2] or head["end"]:
            self._failures = self._deaths = 0
        self._seq += 1
        self._made += head["source"][2]
        self._uncommitted += 1
        self._runner.spawn(self._commit(head, body, source.epoch, seq, made))

    def _failed(self, head: dict[str, Any]) -> None:
        self._failures += 1
        self.error = f"{head['type']}: {head['message']}"
        self._runner.deployment.log(self._step.id, "error", f"the source failed: {self.error}\n{head['traceback']}".rstrip())
        self._ended.set()

    async def _commit(self, head: dict[str, Any], body: memoryview, epoch: int, seq: int, made: int) -> None:
        deployment = self._runner.deployment
        commit = self._runner.maker.from_source(head, body, epoch, seq, made, deployment.now_ms())
        commit.durable = self._step.listens
        try:
            outcome = await deployment.commit(commit, self._runner.line)
        finally:
            self._uncommitted -= 1
        done = outcome is Outcome.DONE
        if self._host is not None:
            self._host.tell({"k": "done", "step": 0, "id": head["source"][1], "ok": done})
        if not done:
            # Whoever took the source over goes on with it; what this host made since is void.
            self._runner.drop_host(self._host)
            self._ended.set()
            return
        deployment.settle(commit, [], head)
        self.made += head["source"][2]
        if self._is_single:
            self._ended.set()
            return
        self._owed += 1
        self._committed = head["source"][1]
        self.grant()
        if head["end"]:
            self._done = True
            self._ended.set()

    def on_exit(self, error: HostDied, *, at_work: bool) -> None:
        """The host is gone (`at_work`: with tasks in hand). The source is taken up again where the last commit left it."""
        if self._host is None:
            return
        self._host = None
        self._died = True
        if not at_work and self._owed < _CREDIT:
            self._deaths += 1
        if self._is_single:
            self.error = f"its host {error.reason} before it made anything"
        elif self._deaths >= _DEATHS:
            self.error = f"its host {error.reason}, {self._deaths} times in a row before it made anything"
        self._ended.set()

    def stop(self) -> None:
        """No more batches are wanted."""
        self._owed = 0
        self._ended.set()

"""What a deployment did, kept: looked at every second by its keeper, and written to the ledger minute by minute."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from msgspec import convert

from engine.cluster.figures import Reading
from engine.ledger.base import Counter, Ledger, Passage, Registration
from engine.runtime import pieces
from engine.runtime.chronicle import KEEP_DAYS
from engine.runtime.depths import Depths
from engine.runtime.history import History, Seconds
from engine.runtime.ledger_thread import Line
from engine.runtime.plan import Plan
from engine.runtime.span import DAY_MS
from engine.runtime.summary import Totals

_PRUNE_S = 3600.0


class Stand:
    """How a deployment stands by what the ledger says, as `History` wants to see it."""

    def __init__(self, plan: Plan, registration: Registration, reading: Reading, settled: int) -> None:
        self.plan = plan
        self.registration = registration
        self.settled = settled
        names = {number: key for key, number in registration.steps.items()}
        keys = {number: key for key, number in registration.queues.items()}
        self.totals = Totals()
        # Of all runs: what was counted before is the same at every look.
        self.totals.load(
            {names[step]: counter for step, counter in reading.counters.items() if step in names},
            {keys[queue]: passage for queue, passage in reading.passages.items() if queue in keys},
            {},
        )
        self.depths = Depths(registration.queues, plan.queues())
        self.depths.load(reading.depths)


class Chronicler:
    """Of one deployment, for whoever looks at it every second or so. The first look says only how it stands."""

    def __init__(self) -> None:
        self._history = History()
        self._last: Stand | None = None
        self._looks = 0
        self._prune_at_s = 0.0

    @property
    def has_begun(self) -> bool:
        """Whether it has looked."""
        return self._last is not None

    def look(self, plan: Plan, registration: Registration, reading: Reading) -> None:
        """Take note of what was done since the last look."""
        self._looks += 1
        stand, is_first = Stand(plan, registration, reading, self._looks), self._last is None
        self._last = stand
        if is_first:
            self._history.begin(stand, time.time())
        else:
            self._history.sample(stand, time.time())

    def seconds(self) -> Seconds:
        """The last five minutes, as far as they were looked at."""
        return self._history.seconds()

    async def write(self, line: Line) -> None:
        """Write the minutes that have ended, and drop what is old."""
        history, now_s = self._history, time.time()
        if self._last is not None and history.ended > history.written:
            number, first, ended = self._last.registration.deployment, history.written, history.minutes(history.written)[:-1]

            def add(ledger: Ledger) -> None:
                # Who waited for the last one may have been cancelled while it was carried out: each minute counts once.
                ledger.add_history(list(pieces.packed(number, ended[max(0, history.written - first) :])))
                history.written = max(history.written, first + len(ended))

            await line.insist(add)
        if now_s >= self._prune_at_s:
            self._prune_at_s = now_s + _PRUNE_S
            await line.insist(lambda ledger: _prune(ledger, now_s))

    async def close(self, line: Line) -> None:
        """Write what there is: nobody looks again, or somebody else does."""
        if self._last is not None:
            self._history.end(self._last, time.time())
            await self.write(line)


def at_base(registration: Registration, base: Mapping[str, Any]) -> Reading:
    """What the ledger said when a run began."""
    steps = convert(base.get("steps", {}), dict[str, Counter])
    links = convert(base.get("links", {}), dict[str, Passage])
    return Reading(
        {},
        {registration.steps[step]: counter for step, counter in steps.items() if step in registration.steps},
        {registration.queues[key]: passage for key, passage in links.items() if key in registration.queues},
        {},
    )


def _prune(ledger: Ledger, now_s: float) -> int:
    return ledger.prune_history(int(now_s * 1000) - KEEP_DAYS * DAY_MS)

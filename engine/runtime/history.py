"""What a deployment's parts did lately: second by second for five minutes, and minutes that may not be in the ledger yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from operator import add, sub
from typing import NamedTuple, Protocol

from engine.ledger.base import Registration
from engine.runtime.depths import Depths
from engine.runtime.lately import Lately
from engine.runtime.plan import Plan
from engine.runtime.series import LINK, STEP, Entries, Entry, Minute, Parts, Rows, Table
from engine.runtime.summary import Totals

SECONDS = 300
MINUTE_S = 60
_MOST = 1_000_000
"""Entries kept for one flow; of a flow of thousands of busy processors fewer seconds are known."""
_SPARE = 3
"""Minutes kept when they are in the ledger: for who has read the ledger just before they came there."""


class Counted(Protocol):
    """What is looked at: a deployment, or what is known of one. `settled` is another number when anything may have changed."""

    plan: Plan
    registration: Registration
    totals: Totals
    depths: Depths
    settled: int


class Seconds(NamedTuple):
    """What was done in each second up to `until_s`, and how queues stood before the first."""

    entries: list[Entries]
    before: dict[int, Entry]
    until_s: int

    def table(self, parts: Parts) -> Table:
        """What parts did."""
        first = self.until_s - len(self.entries)
        rows = Rows(parts, 1000)
        rows.begin(self.before)
        for number, entries in enumerate(self.entries, first):
            rows.add(number * 1000, entries)
        return rows.table(first * 1000, self.until_s * 1000)


class History:
    """One deployment's. `begin`, then `sample` every second. Times are in seconds since the epoch, the caller's.

    Minutes are numbered from 0 in the order in which they end; those before `written` are in the ledger.
    """

    def __init__(self) -> None:
        self._last = Entries()
        """How every part stood when it was last looked at, also of parts that are gone: they may come back."""
        self._settled = -1
        self._second = 0
        self._ring: deque[Entries] = deque(maxlen=SECONDS)
        """What was done in each second, the newest last."""
        self._count = 0
        self._before: dict[int, Entry] = {}
        """How queues stood before the first second of the ring."""
        self._minute = Entries()
        """What was done in the minute that lasts."""
        self._minute_number = 0
        self._minutes: deque[Minute] = deque()
        self.ended = 0
        """How many minutes have ended."""
        self.written = 0

    def begin(self, deployment: Counted, now_s: float) -> None:
        """A deployment was opened, perhaps anew: what it has counted by now was not done now."""
        found, last = _standing(deployment), self._last
        last.steps = found.steps
        last.links = {number: (0, 0, *entry[2:]) for number, entry in last.links.items()}
        for number, (passed, size, *stands) in found.links.items():
            known = last.links.get(number)
            last.links[number] = (passed, size, *(known[2:] if known is not None else stands))
            if known is None:
                self._before[number] = tuple(stands)
                # Whoever reads minutes is told once: the last engine may not have come to it.
                self._minute.links[number] = (0, 0, *stands)
        self._settled = -1
        if not self._second:
            self._second = int(now_s)
            self._minute_number = self._second // MINUTE_S

    def sample(self, deployment: Counted, now_s: float) -> None:
        """Take note of what was done since the last call."""
        second = int(now_s)
        if second <= self._second:
            if self._second - second < SECONDS:
                return
            self._start_again(second - 1)  # the clock was set back
        for _ in range(min(second - 1 - self._second, SECONDS)):
            self._append(Entries())  # nobody looked: nothing is known to have been done
        minute = (second - 1) // MINUTE_S
        if minute != self._minute_number:
            self._end_minute()
            self._minute_number = minute
        self._second = second
        self._append(self._news(deployment))

    def end(self, deployment: Counted, now_s: float) -> None:
        """Take note of the rest, and end the minute: nobody will look again soon."""
        self.sample(deployment, max(now_s, self._second + 1))
        self._end_minute()

    def _news(self, deployment: Counted) -> Entries:
        """What is different from before, which is taken note of."""
        changed, last, minute = Entries(), self._last, self._minute
        if self._settled == deployment.settled:
            return changed
        self._settled = deployment.settled
        found = _standing(deployment)
        for number, now in found.steps.items():
            before = last.steps.get(number)
            if now != before:
                last.steps[number] = now
                changed.steps[number] = done = _less(now, before) if before is not None else now
                minute.steps[number] = _sum(minute.steps.get(number), done)
        for number, now in found.links.items():
            before = last.links.get(number)
            if now != before:
                last.links[number] = now
                done = _less(now[:2], before[:2]) if before is not None else now[:2]
                changed.links[number] = (*done, *now[2:])
                minute.links[number] = (*_sum(minute.links.get(number, (0, 0))[:2], done), *now[2:])
        return changed

    def _start_again(self, second: int) -> None:
        self._ring.clear()
        self._count = 0
        self._before = {number: entry[2:] for number, entry in self._last.links.items()}
        self._second = second

    def _append(self, entries: Entries) -> None:
        if len(self._ring) == SECONDS:
            self._drop()
        self._ring.append(entries)
        self._count += len(entries.steps) + len(entries.links)
        while self._count > _MOST and len(self._ring) > 1:
            self._drop()

    def _drop(self) -> None:
        entries = self._ring.popleft()
        self._count -= len(entries.steps) + len(entries.links)
        self._before.update({number: entry[2:] for number, entry in entries.links.items()})

    def _end_minute(self) -> None:
        if self._minute.steps or self._minute.links:
            self._minutes.append(self._so_far())
            self._minute = Entries()
            self.ended += 1
        while self.ended - len(self._minutes) < self.written - _SPARE:
            self._minutes.popleft()

    def _so_far(self) -> Minute:
        """The minute that lasts."""
        waiting = {number: entry[2:] for number, entry in self._last.links.items() if entry[2] or entry[3]}
        done = Entries(dict(self._minute.steps), dict(self._minute.links))
        return Minute(self._minute_number * MINUTE_S * 1000, done, waiting)

    # -- what there is to know

    @property
    def is_still(self) -> bool:
        """Whether nothing was done in the last five minutes."""
        return not self._count

    def minutes(self, first: int) -> list[Minute]:
        """Those from the one of that number on, the one that lasts included."""
        skipped = max(0, first - (self.ended - len(self._minutes)))
        return [*list(self._minutes)[skipped:], self._so_far()]

    def seconds(self) -> Seconds:
        """The last five minutes as they are now; may be read in a thread."""
        return Seconds(list(self._ring), dict(self._before), self._second)

    def lately(self, numbers: Mapping[str, int], *, of_steps: bool) -> Lately:
        """What all of some parts did in the last five minutes, processors or connections; may be read in a thread."""
        if of_steps:
            return Lately([entries.steps for entries in self._ring], dict(self._last.steps), numbers, self._second, STEP)
        return Lately([entries.links for entries in self._ring], dict(self._last.links), numbers, self._second, LINK)


def _standing(deployment: Counted) -> Entries:
    """All that a deployment has counted, and how its queues stand."""
    steps, queues, totals = deployment.registration.steps, deployment.registration.queues, deployment.totals
    found = Entries()
    for step, counter in totals.steps.items():
        if step in steps:
            sent = sum(counter.out.values())
            found.steps[steps[step]] = (counter.received, sent, counter.failed, counter.tasks, counter.time_ns)
    for key in deployment.plan.links:
        passage = totals.links.get(key)
        passed = (passage.messages, passage.size) if passage is not None else (0, 0)
        messages, size = deployment.depths.messages(key), deployment.depths.size(key)
        found.links[queues[key]] = (*passed, max(0, messages), max(0, size))
    return found


def _less(now: Entry, before: Entry) -> Entry:
    return tuple(map(sub, now, before))  # for thousands of parts a second: no generator


def _sum(so_far: Entry | None, more: Entry) -> Entry:
    return tuple(map(add, so_far, more)) if so_far is not None else more

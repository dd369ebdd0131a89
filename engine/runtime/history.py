"""What processors and connections did, second by second for five minutes and minute by minute for a day. Kept in memory."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from engine.ledger.base import Counter, Passage
from engine.runtime.deployment import Deployment
from engine.runtime.lately import Lately

SECONDS = 300
MINUTES = 1440
PROCESSOR = ("in", "out", "failed", "tasks", "seconds")
CONNECTION = ("passed", "queued", "bytes")
KINDS_OF_PARTS = ("processor", "connection")
_MOST = 1_000_000
"""Entries kept for one flow; a flow of thousands of busy processors has a shorter history."""
_Standing = tuple[int, ...]
_Entries = dict[tuple[str, str], _Standing]


class History:
    """One deployment's. `sample` is called every second."""

    def __init__(self) -> None:
        self._seconds = _Ring(1, SECONDS)
        self._minutes = _Ring(60, MINUTES)
        self._found: _Entries = {}
        self._settled = -1

    def sample(self, deployment: Deployment, now_s: float | None = None) -> None:
        """Remember what happened since the last call."""
        now_s = time.time() if now_s is None else now_s
        if self._settled != deployment.settled:
            self._settled = deployment.settled
            self._found = _standing(deployment)
        self._seconds.add(self._found, now_s)
        self._minutes.add(self._found, now_s)

    def processor(self, step: str, *, minutes: bool = False) -> dict[str, Any]:
        """A processor's columns `in`, `out`, `failed`, `tasks`, `seconds` (of work): what came to it in each `every_s`."""
        ring = self._minutes if minutes else self._seconds
        rows = [[*entry[:4], round(entry[4] / 1e9, 6)] if entry else [0] * 5 for entry in ring.rows(("processor", step))]
        return ring.table(PROCESSOR, rows)

    def connection(self, key: str, *, minutes: bool = False) -> dict[str, Any]:
        """A connection's columns `passed` and `bytes` (that passed in one `every_s`) and `queued` (at its end)."""
        ring = self._minutes if minutes else self._seconds
        rows: list[list[int]] = []
        queued = 0
        for entry in ring.rows(("connection", key)):
            passed, queued, size = entry or (0, queued, 0)
            rows.append([passed, queued, size])
        return ring.table(CONNECTION, rows)

    def lately(self, kind: str) -> Lately:
        """What all parts of a kind (`processor` or `connection`) did in the last five minutes; may be read in a thread."""
        return self._seconds.lately(PROCESSOR if kind == "processor" else CONNECTION)


class _Ring:
    """Differences between one look and the next, of what changed; the newest last."""

    def __init__(self, every_s: int, length: int) -> None:
        self._every_s = every_s
        self._entries: deque[_Entries] = deque(maxlen=length)
        self._number = 0
        self._last: _Entries | None = None
        self._count = 0

    def add(self, found: _Entries, now_s: float) -> None:
        number = int(now_s // self._every_s)
        if self._last is None:
            self._number, self._last = number, found
            return
        if number <= self._number:
            return
        for _ in range(min(number - self._number - 1, self._entries.maxlen or 0)):
            self._append({})
        last = self._last
        changed = found.items() if found is not last else ()
        self._append({part: _difference(part, now, last.get(part)) for part, now in changed if now != last.get(part)})
        self._number, self._last = number, found

    def _append(self, entries: _Entries) -> None:
        if len(self._entries) == self._entries.maxlen:
            self._count -= len(self._entries[0])
        self._entries.append(entries)
        self._count += len(entries)
        while self._count > _MOST and len(self._entries) > 1:
            self._count -= len(self._entries.popleft())

    def rows(self, part: tuple[str, str]) -> list[_Standing | None]:
        """A row for every look; None where nothing happened."""
        return [entries.get(part) for entries in self._entries]

    def lately(self, columns: tuple[str, ...]) -> Lately:
        """All of it, as it is now."""
        return Lately(list(self._entries), self._last or {}, self._number * self._every_s, columns)

    def table(self, columns: tuple[str, ...], rows: list[Any]) -> dict[str, Any]:
        """Rows with what is needed to draw them."""
        return {"every_s": self._every_s, "until_ms": self._number * self._every_s * 1000, "columns": columns, "rows": rows}


def _standing(deployment: Deployment) -> _Entries:
    found: _Entries = {}
    for step, counter in deployment.totals.steps.items():
        found["processor", step] = _counted(counter)
    for key in deployment.plan.links:
        passage = deployment.totals.links.get(key) or Passage()
        found["connection", key] = (passage.messages, max(0, deployment.depths.messages(key)), passage.size)
    return found


def _counted(counter: Counter) -> _Standing:
    return counter.received, sum(counter.out.values()), counter.failed, counter.tasks, counter.time_ns


def _difference(part: tuple[str, str], now: _Standing, before: _Standing | None) -> _Standing:
    """What was counted meanwhile; counters that have shrunk were set to zero, and all that they count is new."""
    before = before or (0,) * len(now)
    if part[0] == "connection":
        passed, size = (now[0] - before[0], now[2] - before[2]) if now[0] >= before[0] else (now[0], now[2])
        return passed, now[1], size
    fallen = any(new < old for new, old in zip(now, before, strict=True))
    return now if fallen else tuple(new - old for new, old in zip(now, before, strict=True))

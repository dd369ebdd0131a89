"""Inbox, what was heard and not taken yet: of figures the newest, of lines the newest thousand. Knows no network."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any

from engine.bus.base import Event

_LINES = 1000


class Inbox:
    """Takes events in any number, gives them to one who may be slow. Used from one event loop."""

    def __init__(self) -> None:
        self._first: deque[Event] = deque()
        self._snapshots: dict[str, Event] = {}
        self._states: dict[str, Event] = {}
        self._stats: dict[str, Event] = {}
        self._lines: deque[Event] = deque()
        self._missed = 0
        self._end: BaseException | None = None
        self._more = asyncio.Event()

    def put(self, event: Event) -> None:
        """Add an event. A `hello` voids everything that waits but lines."""
        match event.kind:
            case "hello" | "lost":
                self._first = deque([event])
                for waiting in (self._snapshots, self._states, self._stats):
                    waiting.clear()
            case "snapshot":
                self._stats.pop(event.flow, None)
                self._snapshots[event.flow] = event
            case "state":
                if event.data.get("state") == "removed":
                    self._stats.pop(event.flow, None)
                    self._snapshots.pop(event.flow, None)
                self._states[event.flow] = event
            case "stats":
                self._put_stats(event)
            case "gap":
                self._missed += event.data["missed"]
            case _:
                self._put_line(event)
        self._more.set()

    def end(self, error: BaseException | None = None) -> None:
        """There will be no more, because of this."""
        self._end = error or StopAsyncIteration()
        self._more.set()

    async def take(self) -> Event:
        """The next event; waits until there is one. Raises what it was ended with (StopAsyncIteration: nothing)."""
        while (event := self._next()) is None:
            if self._end is not None:
                raise self._end
            self._more.clear()
            await self._more.wait()
        return event

    def _put_stats(self, event: Event) -> None:
        known = self._stats.get(event.flow)
        if known is None:
            self._stats[event.flow] = event
            return
        data: dict[str, Any] = dict(known.data)
        for key, values in event.data.items():
            data[key] = {**data[key], **values} if key in data else values
        self._stats[event.flow] = Event("stats", event.flow, event.at_ms, data)

    def _put_line(self, event: Event) -> None:
        if len(self._lines) >= _LINES:
            self._lines.popleft()
            self._missed += 1
        self._lines.append(event)

    def _next(self) -> Event | None:
        if self._first:
            return self._first.popleft()
        for waiting in (self._snapshots, self._states, self._stats):
            if waiting:
                return waiting.pop(next(iter(waiting)))
        if self._missed:
            missed, self._missed = self._missed, 0
            return Event("gap", "", int(time.time() * 1000), {"missed": missed})
        return self._lines.popleft() if self._lines else None

"""What tests of the bus share: somebody who listens as the desktop does, and waiting without a clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from engine.bus.base import Event

Parts = dict[str, dict[str, Any]]


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.01)


def stats(flow: str, at_ms: int, **processors: dict[str, Any]) -> Event:
    return Event("stats", flow, at_ms, {"processors": processors})


def line(number: int, level: str = "info", flow: str = "flow") -> Event:
    return Event("log", flow, number, {"step": "a", "level": level, "text": f"line {number}"})


def state(value: str, at_ms: int = 1, flow: str = "flow") -> Event:
    return Event("state", flow, at_ms, {"state": value, "trouble": None, "key": ""})


class Model:
    """What follows from events, by the documented rules: a snapshot replaces a flow, stats put whole parts in place."""

    def __init__(self) -> None:
        self.flows: dict[str, Parts] = {}
        self.states: dict[str, str] = {}

    def take(self, event: Event) -> None:
        match event.kind:
            case "hello":
                self.flows.clear()
                self.states.clear()
            case "snapshot":
                self.flows[event.flow] = {key: _plain(value) for key, value in event.data.items() if hasattr(value, "keys")}
                self.states[event.flow] = event.data.get("state", "")
            case "stats":
                for part, values in event.data.items():
                    self.flows.setdefault(event.flow, {}).setdefault(part, {}).update(_plain(values))
            case "state":
                self.states[event.flow] = event.data["state"]
                if event.data["state"] == "removed":
                    self.flows.pop(event.flow, None)


class Listener:
    """Takes everything from a stream as it comes, and keeps it."""

    def __init__(self, events: Any) -> None:
        self.events = events
        self.model = Model()
        self.heard: list[Event] = []
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in self.events:
            self.heard.append(event)
            self.model.take(event)

    def count(self, kind: str) -> int:
        return sum(event.kind == kind for event in self.heard)

    @property
    def lines(self) -> list[str]:
        return [event.data["text"] for event in self.heard if event.kind in ("log", "bulletin")]

    @property
    def missed(self) -> int:
        return sum(event.data["missed"] for event in self.heard if event.kind == "gap")

    async def greeted(self, times: int = 1) -> None:
        await until(lambda: self._task.done() or self.count("hello") >= times)

    async def leave(self) -> None:
        if self._task.done():
            self._task.result()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.events.close()


def _plain(values: Any) -> dict[str, Any]:
    return {name: dict(values[name]) for name in values}

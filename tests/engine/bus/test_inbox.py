from __future__ import annotations

import asyncio

import pytest

from engine.bus.base import Event
from engine.bus.inbox import Inbox


def event(kind: str, flow: str = "flow", at_ms: int = 1, **data) -> Event:
    return Event(kind, flow, at_ms, data)


def taken(inbox: Inbox) -> list[Event]:
    async def run() -> list[Event]:
        inbox.end()
        found: list[Event] = []
        try:
            while True:
                found.append(await inbox.take())
        except StopAsyncIteration:
            return found

    return asyncio.run(run())


def test_of_figures_the_newest_is_given_of_lines_all():
    inbox = Inbox()
    inbox.put(event("hello", ""))
    inbox.put(event("stats", at_ms=1, processors={"a": {"in": 1}, "b": {"in": 1}}))
    inbox.put(event("log", at_ms=1))
    inbox.put(event("stats", at_ms=2, processors={"a": {"in": 2}}, connections={"c": {}}))
    inbox.put(event("log", at_ms=2))
    inbox.put(event("state", state="running"))
    inbox.put(event("state", state="paused"))
    assert taken(inbox) == [
        event("hello", ""),
        event("state", state="paused"),
        event("stats", at_ms=2, processors={"a": {"in": 2}, "b": {"in": 1}}, connections={"c": {}}),
        event("log", at_ms=1),
        event("log", at_ms=2),
    ]


def test_a_snapshot_voids_the_figures_before_it_and_a_removal_both():
    inbox = Inbox()
    inbox.put(event("stats", processors={"a": {"in": 1}}))
    inbox.put(event("snapshot", processors={"a": {"in": 2}}))
    inbox.put(event("stats", "other", processors={"a": {"in": 1}}))
    inbox.put(event("snapshot", "other"))
    inbox.put(event("state", "other", state="removed"))
    assert taken(inbox) == [event("snapshot", processors={"a": {"in": 2}}), event("state", "other", state="removed")]


def test_a_lost_connection_voids_what_waits_but_lines():
    inbox = Inbox()
    inbox.put(event("log"))
    for kind in ("snapshot", "stats", "state"):
        inbox.put(event(kind, state="running"))
    inbox.put(event("lost", ""))
    inbox.put(event("hello", ""))
    assert [each.kind for each in taken(inbox)] == ["hello", "log"]


def test_of_too_many_lines_the_oldest_are_left_out_and_counted():
    inbox = Inbox()
    inbox.put(event("gap", "", missed=5))
    for number in range(1500):
        inbox.put(event("log", at_ms=number))
    gap, *lines = taken(inbox)
    assert gap.data == {"missed": 505}
    assert [line.at_ms for line in lines] == list(range(500, 1500))


def test_it_waits_for_what_comes_and_ends_with_what_went_wrong():
    async def run() -> None:
        inbox = Inbox()
        waiting = asyncio.create_task(inbox.take())
        await asyncio.sleep(0)
        inbox.put(event("log"))
        assert await waiting == event("log")
        waiting = asyncio.create_task(inbox.take())
        await asyncio.sleep(0)
        inbox.end(ValueError("a fault"))
        with pytest.raises(ValueError, match="a fault"):
            await waiting

    asyncio.run(run())

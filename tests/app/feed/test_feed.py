"""The feed on the desktop's loop, following a real engine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from app.feed.feed import CONNECTED, CONNECTING, LOST, Feed
from engine.client.engine import Engine, Event
from engine.model.codec import load_flow
from engine.model.flow import Flow
from tests.app.feed.looping import run, until
from tests.engine.api.served import TICKING
from tests.engine.client.launching import engine_of

CHECKED = "check.success->keep.in"


def finite(count: int) -> Flow:
    return load_flow(TICKING.replace("count: 0", f"count: {count}"))


class Listener:
    """Shows what it is told of, and nothing else."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.links: list[str] = []
        self.states: list[tuple[str, str, str]] = []
        self.lines: list[tuple[str, int, str, str, str]] = []
        self.told_s: list[float] = []
        self.processors: dict[str, Any] = {}
        self.connections: dict[str, Any] = {}
        feed.link_changed.connect(self.links.append)
        feed.state_changed.connect(lambda *state: self.states.append(state))
        feed.lines_logged.connect(lambda flow, lines: self.lines.extend((flow, *line) for line in lines))
        feed.figures_changed.connect(self._on_figures_changed)

    def _on_figures_changed(self, flow: str, processors: list[str], connections: list[str]) -> None:
        self.told_s.append(time.monotonic())
        found = self._feed.flow(flow)
        for shown, now, keys in (
            (self.processors, found.processors if found else {}, processors),
            (self.connections, found.connections if found else {}, connections),
        ):
            for key in keys:
                if key in now:
                    shown[key] = now[key]
                else:
                    shown.pop(key, None)

    def received(self, step: str) -> int:
        return self.processors[step].received if step in self.processors else 0


@contextlib.asynccontextmanager
async def followed(folder: Path) -> AsyncIterator[tuple[Engine, Feed, Listener]]:
    async with engine_of(folder) as engine:
        feed = Feed(engine)
        listener = Listener(feed)
        feed.start()
        try:
            yield engine, feed, listener
        finally:
            await feed.close()


async def is_shown_true(engine: Engine, listener: Listener) -> bool:
    """Whether what is shown is what the engine says, but for rates, which fall by themselves."""
    said = await engine.deployment("ticking")
    return still(said.processors) == still(listener.processors) and said.connections == listener.connections


def still(processors: dict[str, Any]) -> dict[str, Any]:
    return {id: (each.state, each.received, each.out, each.failed, each.dead, each.tasks) for id, each in processors.items()}


async def comes_true(engine: Engine, listener: Listener) -> None:
    async with asyncio.timeout(60):
        while not await is_shown_true(engine, listener):  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.1)


def test_what_a_listener_is_told_of_is_the_whole_truth(qapp, tmp_path):
    async def test() -> None:
        async with followed(tmp_path) as (engine, feed, listener):
            await engine.launch()
            await until(lambda: listener.links == [CONNECTING, CONNECTED])
            await engine.deploy("ticking", finite(600), tmp_path)
            await until(lambda: listener.received("keep") == 594)
            await comes_true(engine, listener)
            assert ("ticking", "running", "") in listener.states
            assert listener.connections[CHECKED].passed == 594
            flow = feed.flow("ticking")
            assert flow is not None
            assert flow.activity.total("keep")[0] == 594
            assert flow.activity.total("ticks")[1] == 600
            await until(lambda: len(listener.lines) == 6)
            assert [(line[0], *line[2:]) for line in listener.lines] == [
                ("ticking", "check", "warning", f"ValueError: {number} is refused") for number in range(7, 600, 100)
            ]
            assert all(abs(line[1] / 1000 - time.time()) < 3600 for line in listener.lines)
            await engine.stop("ticking")
            await until(lambda: listener.states[-1] == ("ticking", "stopped", ""))
            await engine.remove("ticking")
            await until(lambda: listener.states[-1] == ("ticking", "removed", ""))
            assert listener.processors == listener.connections == {}
            assert feed.flow("ticking") is None

    run(qapp, test())


def test_who_is_started_just_now_knows_what_was_done_in_the_last_minutes(qapp, tmp_path):
    async def test() -> None:
        async with engine_of(tmp_path) as engine:
            await engine.launch()
            await engine.deploy("ticking", finite(300), tmp_path)
            async with asyncio.timeout(60):
                while not await engine_remembers(engine, "keep", 297):  # noqa: ASYNC110 - nobody tells the test
                    await asyncio.sleep(0.1)
            feed = Feed(engine)
            listener = Listener(feed)
            feed.start()
            try:
                await until(lambda: listener.received("keep") == 297)
                flow = feed.flow("ticking")
                assert flow is not None
                await until(lambda: flow.activity.total("keep")[0] == 297)
                await until(lambda: flow.traffic.totals([CHECKED])[0, 0] == 297)
                assert flow.activity.total("ticks")[1] == 300
            finally:
                await feed.close()

    run(qapp, test())


async def engine_remembers(engine: Engine, step: str, count: int) -> bool:
    (page,) = [page async for page in engine.lately("ticking")]
    return step in page.parts and page.now["in"][page.parts.index(step)] == count


def test_it_is_right_again_after_the_engine_was_killed_and_restarted(qapp, tmp_path):
    async def test() -> None:
        async with followed(tmp_path) as (engine, feed, listener):
            await engine.launch()
            await engine.deploy("ticking", finite(2000), tmp_path)
            for goal in (100, 500, 900):
                await until(lambda goal=goal: listener.received("keep") > goal)
                health = await engine.health()
                os.kill(health.pid, signal.SIGKILL)
                await until(lambda: listener.links[-1] == LOST)
                assert listener.processors
                await engine.launch()
                await until(lambda: listener.links[-1] == CONNECTED)
            await until(lambda: listener.received("keep") == 1980)
            await comes_true(engine, listener)
            assert listener.links == [CONNECTING, *[CONNECTED, LOST] * 3, CONNECTED]
            flow = feed.flow("ticking")
            assert flow is not None
            # What was done between the last word of one engine and the first of the next is there, too.
            assert flow.activity.total("keep")[0] == 1980

    run(qapp, test())


def test_figures_are_told_ten_times_a_second_at_most(qapp, tmp_path):
    async def test() -> None:
        feed = Feed(Engine(tmp_path / "ws"))
        listener = Listener(feed)
        begin_s = time.monotonic()
        for number in range(300):
            feed._take(Event("stats", "ticking", number, {"processors": {"keep": {"in": number}}}))
            await asyncio.sleep(0.002)
        await until(lambda: listener.received("keep") == 299)
        assert 2 <= len(listener.told_s) <= 10 * (time.monotonic() - begin_s) + 1

    run(qapp, test())


def test_of_too_many_lines_the_last_are_told_and_the_others_counted(qapp, tmp_path):
    async def test() -> None:
        feed = Feed(Engine(tmp_path / "ws"))
        listener = Listener(feed)
        missed: list[int] = []
        feed.lines_missed.connect(missed.append)
        for number in range(2500):
            feed._take(Event("log", "loud", number, {"step": "a", "level": "info", "text": str(number)}))
        feed._take(Event("gap", "", 0, {"missed": 30}))
        assert listener.lines == []
        await until(lambda: len(listener.lines) == 1000)
        assert [line[4] for line in listener.lines] == [str(number) for number in range(1500, 2500)]
        assert missed == [1530]

    run(qapp, test())

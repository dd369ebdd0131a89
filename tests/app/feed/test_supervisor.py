"""The supervisor on the desktop's loop, with real engines that are killed, ended and broken."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.feed.feed import CONNECTED, Feed
from app.feed.patience import MOST
from app.feed.supervisor import FAILED, RESTARTING, RUNNING, STARTING, STOPPED, EngineSupervisor
from engine.client.engine import Engine
from engine.errors import EngineGone
from engine.model.codec import load_flow
from tests.app.feed.looping import run, until
from tests.engine.api.served import TICKING
from tests.engine.client.launching import engine_of


class Told:
    """A supervisor, and everything that it has told."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.supervisor = EngineSupervisor(engine)
        self.states: list[str] = []
        self.texts: list[str] = []
        self.supervisor.engine_changed.connect(self._on_engine_changed)

    def _on_engine_changed(self, state: str, text: str) -> None:
        self.states.append(state)
        self.texts.append(text)


@contextlib.asynccontextmanager
async def supervised(folder: Path) -> AsyncIterator[Told]:
    async with engine_of(folder) as engine:
        told = Told(engine)
        told.supervisor.start()
        try:
            yield told
        finally:
            await told.supervisor.close()


async def kill(engine: Engine) -> int:
    health = await engine.health()
    os.kill(health.pid, signal.SIGKILL)
    return health.pid


def test_an_engine_is_started_when_it_is_first_needed(qapp, tmp_path):
    async def test() -> None:
        async with supervised(tmp_path) as told:
            assert told.supervisor.state == STOPPED
            assert not told.engine.is_serving
            first, second = await asyncio.gather(told.supervisor.need(), told.supervisor.need())
            assert first is second is told.engine
            assert told.states == [STARTING, RUNNING]
            pid = (await told.engine.health()).pid
            assert f"process {pid}" in told.supervisor.text

    run(qapp, test())


def test_one_that_dies_is_started_again_and_its_flows_go_on(qapp, tmp_path):
    async def test() -> None:
        async with supervised(tmp_path) as told:
            engine = await told.supervisor.need()
            feed = Feed(engine)
            feed.start()
            await engine.deploy("ticking", load_flow(TICKING), tmp_path)

            def counted() -> int:
                flow = feed.flow("ticking")
                return flow.processors["keep"].received if flow is not None and "keep" in flow.processors else 0

            await until(lambda: counted() > 100)
            pid, before = await kill(engine), counted()
            await until(lambda: told.states == [STARTING, RUNNING, RESTARTING, RUNNING])
            assert "died" in told.texts[2]
            assert (await engine.health()).pid != pid
            await until(lambda: feed.link == CONNECTED and counted() > before + 100)
            await feed.close()

    run(qapp, test())


def test_one_that_dies_again_and_again_is_given_up_until_it_is_needed(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr("app.feed.patience.WITHIN_S", 3600.0)

    async def test() -> None:
        async with supervised(tmp_path) as told:
            engine = await told.supervisor.need()
            for _ in range(MOST - 1):
                running = told.states.count(RUNNING)
                await kill(engine)
                await until(lambda running=running: told.states.count(RUNNING) == running + 1)
            await kill(engine)
            await until(lambda: told.states[-1] == FAILED)
            assert f"died {MOST} times within a minute" in told.supervisor.text
            assert str(engine.output) in told.supervisor.text
            assert not engine.is_serving
            await told.supervisor.need()
            assert told.states[-2:] == [STARTING, RUNNING]

    run(qapp, test())


def test_one_that_cannot_be_started_says_why(qapp, tmp_path, monkeypatch):
    wrong = [sys.executable, "-c", "raise SystemExit('pyfi: the disk is made of cheese; eat it')"]

    async def test() -> None:
        async with supervised(tmp_path) as told:
            with monkeypatch.context() as patch:
                patch.setattr("engine.client.engine_process.command", lambda: wrong)
                with pytest.raises(EngineGone):
                    await told.supervisor.need()
                assert told.states == [STARTING, FAILED]
                assert told.supervisor.text == "the engine cannot be started: the disk is made of cheese; eat it"
            engine = await told.supervisor.need()
            assert told.states[-1] == RUNNING
            with monkeypatch.context() as patch:
                patch.setattr("engine.client.engine_process.command", lambda: wrong)
                await kill(engine)
                await until(lambda: told.states[-1] == FAILED)
            assert told.supervisor.text.endswith("made of cheese; eat it")

    run(qapp, test())


def test_one_that_was_ended_on_purpose_is_left_alone(qapp, tmp_path):
    async def test() -> None:
        async with supervised(tmp_path) as told:
            engine = await told.supervisor.need()
            os.kill((await engine.health()).pid, signal.SIGTERM)
            await until(lambda: told.states == [STARTING, RUNNING, STOPPED])
            assert "from outside" in told.supervisor.text
            # Somebody else starts one: it is looked after as if it were ours.
            elsewhere = Engine(tmp_path / "ws")
            await elsewhere.launch()
            await elsewhere.close()
            await until(lambda: told.states[-1] == RUNNING)
            await kill(engine)
            await until(lambda: told.states[-2:] == [RESTARTING, RUNNING])

    run(qapp, test())


def test_closing_leaves_it_running_unless_it_is_shut_down(qapp, tmp_path):
    async def test() -> None:
        async with supervised(tmp_path) as told:
            engine = await told.supervisor.need()
            await told.supervisor.close()
            assert engine.is_serving
            other = Told(engine)
            other.supervisor.start()
            await until(lambda: other.states == [RUNNING])
            await other.supervisor.shut_down()
            assert other.states == [RUNNING, STOPPED]
            assert not engine.is_serving
            await other.supervisor.close()

    run(qapp, test())

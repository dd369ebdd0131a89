"""A debugger at a processor of a flow that runs in a real engine: on real messages, while the rest of the flow goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from engine.client.debugger import Debugger, Stop
from engine.client.engine import Engine
from engine.client.live_step import LiveStep
from engine.errors import ConflictError, HostError, NotFound, UsageError
from engine.model.codec import load_flow
from engine.model.flow import Flow
from engine.runtime.debugging import DebugAddress

TEXT = """
pyfi: 1
name: live
parameters: {factor: 2}
processors:
  - {id: numbers, type: generate, config: {count: 200, rate: 400}}
  - id: even
    type: python
    code: "def even(n): return n"
  - id: work
    type: python
    timeout: 0.2s
    concurrency: 2
    code: |
      def work(n, ctx):
          made = n * ctx.params["factor"]
          return made
  - {id: out, type: write_lines, config: {path: out.jsonl}}
  - {id: beside, type: write_lines, config: {path: beside.jsonl}}
  - {id: sh, type: bash, code: cat}
connections:
  - {from: numbers.success, to: even.in}
  - {from: even.success, to: work.in}
  - {from: work.success, to: out.in}
  - {from: numbers.success, to: beside.in, fuse: false}
  - {from: numbers.success, to: sh.in}
auto_terminate: [sh.success]
"""
LINE = 3
NAME = "live"
Script = Callable[[Engine], Awaitable[None]]
Run = Callable[[Script], None]


def flow() -> Flow:
    return load_flow(TEXT)


def lines(path: Path) -> list[int]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.02)


@asynccontextmanager
async def attached(live: LiveStep, at: list[int]) -> AsyncIterator[tuple[Debugger, DebugAddress]]:
    """A debugger at the next host."""
    async with aclosing(live.hosts()) as hosts:
        address = await anext(hosts)
    assert isinstance(address, DebugAddress), address
    debugger = await Debugger.attach(address, at)
    try:
        yield debugger, address
    finally:
        await debugger.detach()


async def stop_of(debugger: Debugger) -> tuple[Stop, dict[str, str]]:
    stop = await debugger.stopped()
    assert stop is not None
    return stop, {each.name: each.value for each in await debugger.locals(stop.frames[0])}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """That of an engine which serves all tests, one after the other."""
    folder = tmp_path_factory.mktemp("live") / "ws"
    yield folder
    asyncio.run(Engine(folder).shut_down(patience_s=5))


@pytest.fixture
def run(workspace: Path) -> Run:
    async def run(script: Script) -> None:
        engine = Engine(workspace)
        try:
            await engine.launch()
            await script(engine)
            await engine.remove(NAME)
        finally:
            await engine.close()

    return lambda script: asyncio.run(asyncio.wait_for(run(script), 120))


async def finished(engine: Engine, folder: Path) -> None:
    """Every message has come through once, also where the debugger was."""
    async with asyncio.timeout(60):
        while (await engine.deployment(NAME)).state != "ended":  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    assert sorted(lines(folder / "out.jsonl")) == [2 * n for n in range(200)]
    assert sorted(lines(folder / "beside.jsonl")) == list(range(200))
    assert sum(each.dead for each in (await engine.deployment(NAME)).processors.values()) == 0


def test_real_messages_stop_at_a_line_while_the_rest_goes_on_and_nothing_is_lost(run: Run, tmp_path: Path) -> None:
    async def script(engine: Engine) -> None:
        await engine.run(NAME, flow(), tmp_path)
        async with LiveStep(engine, NAME, "work") as live, attached(live, [LINE]) as (debugger, address):
            stop, seen = await stop_of(debugger)
            assert [(frame.name, frame.line, frame.file) for frame in stop.frames] == [("work", LINE, str(address.file))]
            assert int(seen["made"]) == 2 * int(seen["n"])
            # The source and the sink beside it are through with everything, though this stands longer than its timeout.
            await until(lambda: len(lines(tmp_path / "beside.jsonl")) == 200)
            before = len(lines(tmp_path / "out.jsonl"))
            await debugger.go_on(stop)
            stop, seen_next = await stop_of(debugger)
            assert seen_next["n"] != seen["n"]
            # What was stepped through is on its way, and what stands is not.
            await until(lambda: len(lines(tmp_path / "out.jsonl")) == before + 1)
            assert (await engine.deployment(NAME)).state == "running"
        with pytest.raises(NotFound, match="'work' is not debugged"):
            await engine.debugging(NAME, "work")
        await finished(engine, tmp_path)

    run(script)


def test_who_gives_up_before_it_is_debugged_leaves_it_to_the_flow(run: Run, tmp_path: Path) -> None:
    async def script(engine: Engine) -> None:
        await engine.run(NAME, flow(), tmp_path)
        entering = asyncio.ensure_future(LiveStep(engine, NAME, "work").__aenter__())
        async with asyncio.timeout(60):
            while True:  # until the engine is at it, and has not answered
                try:
                    await engine.debugging(NAME, "work")
                    break
                except NotFound:
                    continue
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
        with pytest.raises(NotFound, match="'work' is not debugged"):
            await engine.debugging(NAME, "work")
        await finished(engine, tmp_path)

    run(script)


def test_code_that_is_edited_meanwhile_is_debugged_in_its_next_host(run: Run, tmp_path: Path) -> None:
    async def script(engine: Engine) -> None:
        await engine.deploy(NAME, flow(), tmp_path, start=False)
        async with LiveStep(engine, NAME, "work") as live:
            await engine.start(NAME)
            async with attached(live, [LINE]) as (debugger, _):
                assert (await stop_of(debugger))[1]["n"] == "0", "it waited for the debugger before the first message"
                with pytest.raises(ConflictError, match="somebody debugs processor 'work' already"):
                    await engine.debug(NAME, "work")
                edited = load_flow(TEXT.replace("made = n *", "new = made = n *"))
                await engine.deploy(NAME, edited, tmp_path)
                assert await debugger.stopped() is None
            async with attached(live, [LINE]) as (debugger, _):
                assert (await stop_of(debugger))[1]["new"] == "0", "the message that stood is worked on anew"
                broken = load_flow(TEXT.replace("def work(n, ctx):", "raise SystemError('broken')\n      def work(n, ctx):"))
                await engine.deploy(NAME, broken, tmp_path)
            async with aclosing(live.hosts()) as hosts:
                address = await anext(hosts)
                assert isinstance(address, DebugAddress)
                debugger = await Debugger.attach(address, [])
                while not isinstance(told := await anext(hosts), HostError):
                    pass
                await debugger.detach()
                assert "SystemError: broken" in str(told)
            await engine.deploy(NAME, flow(), tmp_path)
        await finished(engine, tmp_path)

    run(script)


def test_a_flow_that_is_stopped_ends_the_debugging_also_if_no_debugger_came(run: Run, tmp_path: Path) -> None:
    async def script(engine: Engine) -> None:
        await engine.run(NAME, flow(), tmp_path)
        for name, error, words in (
            ("wrok", NotFound, "did you mean 'work'"),
            ("sh", UsageError, "is of the type bash"),
        ):
            with pytest.raises(error, match=words):
                await engine.debug(NAME, name)
        async with LiveStep(engine, NAME, "work") as live, aclosing(live.hosts()) as hosts:
            assert isinstance(await anext(hosts), DebugAddress)
            await engine.stop(NAME)
            assert [host async for host in hosts] == []
        await engine.stop_steps(NAME, ["work"])
        with pytest.raises(ConflictError, match="'work' is stopped; start it"):
            await engine.debug(NAME, "work")
        await engine.start_steps(NAME, ["work"])
        await engine.start(NAME)
        await finished(engine, tmp_path)

    run(script)

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from engine.api.address import find_engine
from engine.client.answer import HistoryPart, Ran
from engine.client.engine import Engine
from engine.errors import ConflictError, EngineGone, InvalidFlow, NotFound, StorageReadOnly
from engine.model.codec import load_flow
from engine.runtime.workspace import Workspace
from tests.engine.api.served import TICKING, children, is_gone
from tests.engine.client.launching import engine_of

FLOW = load_flow(TICKING)
FINITE = load_flow(TICKING.replace("count: 0", "count: 300"))
Test = Callable[[Engine], Awaitable[None]]


def run(folder: Path, test: Test) -> None:
    async def run() -> None:
        async with engine_of(folder) as engine:
            await test(engine)

    asyncio.run(run())


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await happened():  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.05)


async def has_niceness(session: int, nice: int) -> bool:
    """Whether the system takes a session for so nice, if it takes sessions for anything."""
    try:
        text = await asyncio.to_thread(Path(f"/proc/{session}/autogroup").read_text)
    except FileNotFoundError:
        return True
    return text.endswith(f"nice {nice}\n")


async def counted(engine: Engine, step: str) -> int:
    return (await engine.deployment("ticking")).processors[step].received


def test_an_engine_is_started_in_a_session_of_its_own_and_found_again(tmp_path):
    async def test(engine: Engine) -> None:
        assert not engine.is_serving
        with pytest.raises(EngineGone, match=r"no engine serves the workspace .*; start it"):
            await engine.deployments()
        health = await engine.launch()
        assert os.getsid(health.pid) == health.pid != os.getsid(0)
        assert health.workspace == str(tmp_path / "ws")
        again = Engine(tmp_path / "ws")
        assert (await again.launch()).instance == health.instance
        await again.close()
        assert engine.is_serving

    run(tmp_path, test)


def test_an_engine_and_its_hosts_give_way_to_the_window_that_started_it(tmp_path):
    async def test(engine: Engine) -> None:
        health = await engine.launch()
        await engine.deploy("ticking", FLOW, tmp_path, {"rate": 1000})
        await until(lambda: at_least(engine, "keep", 1))
        hosts = children(health.pid)
        assert hosts
        own = os.getpriority(os.PRIO_PROCESS, 0)
        for pid in (health.pid, *hosts):
            assert {os.getpriority(os.PRIO_PROCESS, thread.id) for thread in psutil.Process(pid).threads()} == {own + 5}
            # Of as much use as nothing, if its session, which is its own, counted for as much as the window's.
            assert os.getsid(pid) == pid
            await until(lambda pid=pid: has_niceness(pid, own + 5))

    run(tmp_path, test)


def test_it_outlives_the_process_that_started_it(tmp_path):
    start = (
        "import asyncio, sys; from pathlib import Path; from engine.client.engine import Engine\n"
        "async def main():\n"
        "    engine = Engine(Path(sys.argv[1])); print((await engine.launch()).pid); await engine.close()\n"
        "asyncio.run(main())"
    )
    done = subprocess.run([sys.executable, "-c", start, str(tmp_path / "ws")], capture_output=True, text=True, check=True)

    async def test(engine: Engine) -> None:
        assert (await engine.launch()).pid == int(done.stdout)

    run(tmp_path, test)


def test_two_that_start_it_at_once_get_the_same(tmp_path):
    async def test(engine: Engine) -> None:
        other = Engine(tmp_path / "ws")
        first, second = await asyncio.gather(engine.launch(), other.launch())
        assert first.instance == second.instance
        await other.close()

    run(tmp_path, test)


def test_a_workspace_that_something_else_owns_is_said_to_be_busy_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.client.engine._RIVAL_S", 0.0)
    workspace = Workspace(tmp_path / "ws")
    workspace.open()

    async def test(engine: Engine) -> None:
        with pytest.raises(EngineGone) as caught:
            await engine.launch()
        assert str(caught.value) == (
            f"the engine cannot be started: another engine (process {os.getpid()}) owns the workspace {tmp_path / 'ws'}; "
            "stop it, or choose another with --workspace"
        )

    run(tmp_path, test)
    workspace.close()


def test_a_workspace_that_cannot_be_made_is_said_to_be_none(tmp_path):
    (tmp_path / "ws").write_text("a file", encoding="utf-8")

    async def test(engine: Engine) -> None:
        with pytest.raises(StorageReadOnly, match="is not a folder; choose another"):
            await engine.launch()

    run(tmp_path, test)


def test_an_engine_that_dies_as_it_starts_leaves_its_last_line(tmp_path, monkeypatch):
    wrong = [sys.executable, "-c", "raise SystemExit('first\\nthe fuse has blown')"]
    silent = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]

    async def test(engine: Engine) -> None:
        monkeypatch.setattr("engine.client.engine_process.command", lambda: wrong)
        with pytest.raises(EngineGone, match=r"ended with status 1 as it started: the fuse has blown; .*engine\.txt holds"):
            await engine.launch()
        monkeypatch.setattr("engine.client.engine_process.command", lambda: silent)
        with pytest.raises(EngineGone, match=r"was ended by SIGKILL as it started; `pyfi serve --workspace .*` in a terminal"):
            await engine.launch()

    run(tmp_path, test)


def test_a_flow_goes_through_its_whole_life(tmp_path):
    async def test(engine: Engine) -> None:
        await engine.launch()
        deployed = await engine.deploy("ticking", FLOW, tmp_path, {"rate": 1000})
        assert (deployed.name, deployed.state, deployed.kind) == ("ticking", "running", "deployment")
        await until(lambda: at_least(engine, "keep", 100))
        assert (await engine.pause("ticking")).state == "paused"
        assert (await engine.resume("ticking")).state == "running"
        assert (await engine.stop_steps("ticking", ["keep"])).stopped == ("keep",)
        assert (await engine.deployment("ticking")).processors["keep"].state == "stopped"
        assert (await engine.start_steps("ticking", ["keep"])).stopped == ()
        assert (await engine.stop("ticking")).state == "stopped"
        before = await counted(engine, "keep")
        assert (await engine.run("ticking", FLOW, tmp_path)).state == "running"
        await until(lambda: at_least(engine, "keep", before + 100))
        assert (await engine.run("ticking", FINITE, tmp_path, fresh=True)).state == "running"
        await until(lambda: is_equal(engine, "keep", 297))
        assert load_flow(await engine.deployed_text("ticking")) == FINITE
        assert [each.name for each in await engine.deployments()] == ["ticking"]
        await engine.remove("ticking")
        assert await engine.deployments() == []

    run(tmp_path, test)


async def at_least(engine: Engine, step: str, number: int) -> bool:
    return await counted(engine, step) >= number


async def is_equal(engine: Engine, step: str, number: int) -> bool:
    return await counted(engine, step) == number


def test_what_waits_and_what_was_can_be_looked_at(tmp_path):
    async def test(engine: Engine) -> None:
        await engine.launch()
        assert await engine.logs("ticking") == []
        await engine.deploy("ticking", FINITE, tmp_path)
        await until(lambda: is_equal(engine, "keep", 297))
        (dead,) = [queue for queue in await engine.queues("ticking") if queue.kind == "dead"]
        assert (dead.key, dead.messages) == ("dead:check", 3)
        page = await engine.messages("ticking", "dead:check", limit=2)
        assert [message.content for message in page.messages] == [7, 107]
        (last,) = (await engine.messages("ticking", "dead:check", at=page.next or "")).messages
        assert last.attributes["error.type"] == "ValueError"
        content = await engine.content("ticking", "dead:check", last.id, last.at)
        assert (content.media, json.loads(content.data)) == ("application/json", 207)
        assert await engine.replay("ticking", "check", limit=1)
        assert await engine.purge("ticking", "dead:check") in (2, 3)
        with pytest.raises(NotFound, match="no longer in the queue"):
            await engine.content("ticking", "dead:check", last.id, last.at)
        lines = await engine.logs("ticking", processor="check", level="warning")
        assert {line.text for line in lines} == {f"ValueError: {number} is refused" for number in (7, 107, 207)}
        await until(lambda: has_history(engine))
        minutes = await engine.history("ticking", connection="check.success->keep.in", minutes=True)
        assert (minutes.every_s, minutes.columns) == (60, ("passed", "queued", "bytes", "queued_bytes"))
        parts = [
            HistoryPart("check"),
            HistoryPart("keep"),
            HistoryPart(),
            HistoryPart(connection="check.success->keep.in"),
            HistoryPart("no"),
        ]
        check, keep, whole, link, nothing = await engine.histories("ticking", parts, since_ms=0)
        assert {(each.every_s, each.until_ms) for each in (keep, whole, link)} == {(60, keep.until_ms)}
        assert sum(row[0] for row in keep.rows) == sum(row[0] for row in link.rows) == 297
        assert sum(row[0] for row in whole.rows) == sum(row[0] for row in check.rows) + 297 >= 597
        assert nothing.rows == []
        pages = [page async for page in engine.lately("ticking")]
        assert [part for page in pages for part in page.parts] == ["check", "keep", "ticks"]
        (page,) = pages
        keep = page.parts.index("keep")
        assert page.now["in"][keep] == 297
        assert sum(count for part, count in zip(page.part, page.values["in"], strict=True) if part == keep) <= 297
        (page,) = [page async for page in engine.lately("ticking", of="connection", every_s=1)]
        assert page.now["passed"][page.parts.index("check.success->keep.in")] == 297

    run(tmp_path, test)


async def has_history(engine: Engine) -> bool:
    history = await engine.history("ticking", processor="keep")
    assert history.columns == ("in", "out", "failed", "tasks", "seconds")
    return len(history.rows) >= 2


def test_refusals_are_errors_of_ours(tmp_path):
    async def test(engine: Engine) -> None:
        await engine.launch()
        with pytest.raises(NotFound, match="no deployed flow 'ticking'"):
            await engine.start("ticking")
        broken = load_flow("pyfi: 1\nname: broken\nprocessors: [{id: a, type: none_such}]")
        with pytest.raises(InvalidFlow) as caught:
            await engine.deploy("broken", broken, tmp_path)
        assert any("none_such" in str(problem) for problem in caught.value.problems)
        held = load_flow(
            "pyfi: 1\nname: held\nprocessors: [{id: a, type: generate, config: {count: 3}}, {id: b, type: log}]\n"
            "connections: [{from: a.success, to: b.in, breakpoint: true}]\nauto_terminate: [b.success]"
        )
        await engine.deploy("held", held, tmp_path)
        await until(lambda: holds(engine, 3))
        cut = load_flow("pyfi: 1\nname: held\nprocessors: [{id: a, type: generate}]\nauto_terminate: [a.success]")
        with pytest.raises(ConflictError, match="still hold messages"):
            await engine.deploy("held", cut, tmp_path)
        assert (await engine.deploy("held", cut, tmp_path, force=True)).state == "running"

    run(tmp_path, test)


async def holds(engine: Engine, number: int) -> bool:
    return (await engine.deployment("held")).connections["a.success->b.in"].messages == number


def test_the_door_leads_to_the_next_engine_when_one_has_died(tmp_path):
    async def test(engine: Engine) -> None:
        first = await engine.launch()
        await engine.deploy("ticking", FLOW, tmp_path)
        dying = asyncio.create_task(engine.ended())
        await asyncio.sleep(0)
        os.kill(first.pid, signal.SIGKILL)
        assert await dying is False
        assert find_engine(tmp_path / "ws") is None
        with pytest.raises(EngineGone):
            await engine.health()
        second = await engine.launch()
        assert second.pid != first.pid
        await until(lambda: at_least(engine, "keep", 100))

    run(tmp_path, test)


def test_an_engine_is_shut_down_in_good_order_and_its_successor_waits_for_that(tmp_path):
    slow = load_flow(
        "pyfi: 1\nname: slow\nprocessors:\n  - {id: a, type: generate, config: {count: 1}}\n  - id: b\n    type: python\n"
        "    code: |\n      import pathlib, time\n      def f(n):\n          pathlib.Path('begun').touch()\n"
        "          time.sleep(2)\n          pathlib.Path('done').touch()\n"
        "connections: [{from: a.success, to: b.in, fuse: false}]\nauto_terminate: [b.success]"
    )

    async def test(engine: Engine) -> None:
        first = await engine.launch()
        await engine.deploy("slow", slow, tmp_path)

        async def begun() -> bool:
            return (tmp_path / "begun").exists()

        await until(begun)
        ended = asyncio.create_task(engine.ended())
        await asyncio.sleep(0)
        os.kill(first.pid, signal.SIGTERM)
        await until(lambda: is_withdrawn(engine))
        second = await engine.launch()
        assert (tmp_path / "done").exists()
        assert is_gone(first.pid)
        assert await ended is True
        await engine.shut_down()
        assert is_gone(second.pid)
        assert not engine.is_serving
        await engine.shut_down()

    run(tmp_path, test)


async def is_withdrawn(engine: Engine) -> bool:
    return not engine.is_serving


def test_the_engine_writes_no_token(tmp_path):
    async def test(engine: Engine) -> None:
        await engine.launch()
        address = engine.address
        assert address is not None
        written = (tmp_path / "ws" / "logs" / "engine.txt").read_text(encoding="utf-8")
        assert f"serving {tmp_path / 'ws'}" in written
        assert address.token not in written
        assert address.token not in repr(address)

    run(tmp_path, test)


def test_single_steps_and_breakpoints(tmp_path):
    held = load_flow(
        "pyfi: 1\nname: held\nprocessors: [{id: a, type: generate, config: {count: 30}}, {id: b, type: log}]\n"
        "connections: [{from: a.success, to: b.in, breakpoint: true}]\nauto_terminate: [b.success]"
    )

    async def test(engine: Engine) -> None:
        await engine.launch()
        await engine.deploy("held", held, tmp_path, start=False)
        assert await engine.run_once("held", ["a", "b"]) == [
            Ran("a", 30),
            Ran("b", 0, "what waits before it is held at a breakpoint; release it first"),
        ]
        with pytest.raises(ConflictError, match="does not run"):
            await engine.release("held", "a.success->b.in", 2)
        await engine.start("held")
        assert await engine.release("held", "a.success->b.in", 2) == 2
        assert await engine.release("held", "a.success->b.in") == 28
        await until(lambda: holds(engine, 0))

    run(tmp_path, test)

"""A plan that changes while messages flow: nothing lost, nothing twice, and what did not change is left alone."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StorageFull
from engine.ledger.base import DEAD
from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.model.validation import validate
from engine.processors.registry import catalog
from engine.runtime.command import runtimes
from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.hosts import wire
from engine.runtime.plan import Plan, plan
from tests.engine.runtime.running import flow

COUNTING = """
- id: source
  type: python
  inputs: []
  outputs: [success]
  code: |
    import os
    import time

    def source():
        for n in range(COUNT):
            while n % 1000 == 0 and GATE and os.path.getsize(GATE) * 20_000 <= n:
                time.sleep(0.005)
            yield {"n": n, "path": ""}
"""
"""Numbered messages; each byte of the file GATE, if there is one, lets 20,000 of them through."""
STEP = """
- id: ID
  type: python
  code: |
    def step(message, ctx):
        message["path"] += "ID"
        if message["n"] % 1000 == ORD:
            raise ValueError(message["n"])
        return message
"""
KEEP = """
- id: keep
  type: python
  code: |
    def keep(message): return message
"""


def chain(count: int, letters: str = "abcd", fuse: Callable[[str], bool] = lambda link: True, gate: Path | None = None) -> str:
    """source -> a -> b -> ... -> keep, whose queue takes everything; each letter fails one message in a thousand."""
    steps = COUNTING.replace("COUNT", str(count)).replace("GATE", repr(str(gate) if gate else ""))
    steps += "".join(STEP.replace("ORD", str(ord(letter))).replace("ID", letter) for letter in letters) + KEEP
    names = ["source", *letters, "keep"]
    links = [
        f"{one}.success -> {other}.in {{limit: {{messages: 0, bytes: 0}}, fuse: {str(fuse(one)).lower()}"
        f"{', breakpoint: true' if other == 'keep' else ''}}}"
        for one, other in itertools.pairwise(names)
    ]
    return flow(steps, "\n".join(links), "auto_terminate: [keep.success]\n")


def planned(text: str, stopped: frozenset[str] = frozenset()) -> Plan:
    made = load_flow(text)
    assert validate(made, catalog(), Path(), runtimes()) == []
    return plan(flatten(made), catalog(), stopped=stopped)


async def deployed(engine: Engine, folder: Path, text: str) -> Deployment:
    deployment = await engine.deploy("flow", planned(text), revision="1", run_id="run", folder=folder)
    await deployment.start()
    return deployment


async def until(happened: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for something to happen, at most so long."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.01)


async def held(deployment: Deployment, key: str) -> list[dict[str, Any]]:
    """Every message in a queue."""
    number = deployment.registration.queues[key]
    batches = await deployment.ledger.call(lambda ledger: ledger.peek(number, 1_000_000))
    return [message for batch in batches for message in wire.messages(batch.body)[0][batch.lo : batch.hi]]


async def account(deployment: Deployment, count: int, letters: str) -> None:
    """Every message is in the last queue with the whole path, or in the dead letters of the step that it failed in."""
    arrived = await held(deployment, f"{letters[-1]}.success->keep.in")
    dead = {letter: await held(deployment, DEAD + letter) for letter in letters}
    for letter, messages in dead.items():
        assert sorted(message["n"] for message in messages) == list(range(ord(letter), count, 1000))
    failed = {message["n"] for messages in dead.values() for message in messages}
    assert sorted(message["n"] for message in arrived) == [n for n in range(count) if n not in failed]
    assert {message["path"] for message in arrived} == {letters}


@pytest.mark.parametrize("seed", [1, 2])
def test_splitting_and_joining_a_chain_under_load_loses_and_doubles_nothing(tmp_path, seed, long_form):
    count = 1_000_000 if long_form else 200_000
    chosen = random.Random(seed)

    gate = tmp_path / "gate"
    gate.write_bytes(b"1")

    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await deployed(engine, tmp_path, chain(count, gate=gate))
            plans = 0
            while not has_ended(deployment):
                split = frozenset(name for name in ("source", *"abcd") if chosen.random() < 0.5)
                stopped = frozenset(name for name in "abcd" if chosen.random() < 0.1)
                text = chain(count, fuse=lambda one, split=split: one not in split, gate=gate)
                await deployment.replan(planned(text, stopped), "2")
                plans += 1
                goal = sent(deployment, "source") + 10_000
                gate.write_bytes(b"1" * (plans + 1))
                await until(lambda goal=goal: sent(deployment, "source") >= goal or has_ended(deployment))
            await deployment.replan(planned(chain(count, gate=gate)), "3")
            await deployment.ending.finished()
            assert plans > 3
            last = deployment.totals.steps["d"]
            assert last.out["success"] + last.failed == last.received
            await account(deployment, count, "abcd")

    asyncio.run(run())


def sent(deployment: Deployment, step: str) -> int:
    counter = deployment.totals.steps.get(step)
    return counter.out.get("success", 0) if counter is not None else 0


def has_ended(deployment: Deployment) -> bool:
    return all(runner.source is None or runner.source.finished for runner in deployment.runners.values())


def pids(deployment: Deployment) -> dict[str, int]:
    """The host of every stage."""
    return {stage: runner.slots[0].host.pid for stage, runner in deployment.runners.items() if runner.slots[0].host is not None}


SLOW = """
- {id: ticks, type: generate, config: {count: 0, rate: 200}}
- {id: a, type: python, code: "def a(n): return n"}
- {id: b, type: python, code: "def b(n): return n"}
- {id: other, type: generate, config: {count: 0, rate: 200}}
- {id: c, type: python, code: "def c(n): return n"}
"""
SLOW_LINKS = """
ticks.success -> a.in
a.success -> b.in {fuse: FUSE}
other.success -> c.in
"""
SLOW_END = "auto_terminate: [b.success, c.success]\n"


def test_what_did_not_change_keeps_its_hosts(tmp_path):
    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await deployed(engine, tmp_path, flow(SLOW, SLOW_LINKS.replace("FUSE", "true"), SLOW_END))
            await until(lambda: all(sent(deployment, step) for step in "bc"))
            before = pids(deployment)
            assert set(before) == {"ticks", "other"}
            await deployment.replan(planned(flow(SLOW, SLOW_LINKS.replace("FUSE", "false"), SLOW_END)), "2")
            goal = sent(deployment, "c") + 50
            await until(lambda: sent(deployment, "c") >= goal and len(pids(deployment)) == 3)
            after = pids(deployment)
            assert after["other"] == before["other"]
            assert after["ticks"] != before["ticks"]
            counted = sent(deployment, "b")
            await until(lambda: sent(deployment, "b") > counted)

    asyncio.run(run())


STUCK = """
- {id: one, type: generate, config: {count: 3}}
- id: work
  type: python
  code: |
    import time, pathlib
    def work(n):
        WAIT
        return n
- {id: rest, type: python, code: "def rest(n): return n"}
"""
STUCK_LINKS = """
one.success -> work.in {fuse: false}
work.success -> rest.in {breakpoint: true}
"""
STUCK_END = "auto_terminate: [rest.success]\n"


def test_a_task_that_does_not_end_in_time_is_ended_and_done_again_by_the_new_code(tmp_path):
    waiting = 'pathlib.Path("begun").touch(); time.sleep(600)'

    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await deployed(engine, tmp_path, flow(STUCK.replace("WAIT", waiting), STUCK_LINKS, STUCK_END))
            await until((tmp_path / "begun").exists)
            async with asyncio.timeout(30):
                await deployment.replan(planned(flow(STUCK.replace("WAIT", "pass"), STUCK_LINKS, STUCK_END)), "2")
            await until(lambda: deployment.depths.messages("work.success->rest.in") == 3)
            assert await held(deployment, "work.success->rest.in") == [0, 1, 2]
            assert deployment.totals.steps["work"].received == 3

    asyncio.run(run())


def test_a_running_task_of_a_stage_that_stays_is_not_disturbed(tmp_path):
    waiting = 'pathlib.Path("begun").open("a").write("x")\n        while not pathlib.Path("go").exists(): time.sleep(0.01)'
    extra = "- {id: aside, type: python, code: 'def aside(n): return n'}\n"

    def text(more: str, link: str) -> str:
        return flow(STUCK.replace("WAIT", waiting) + more, STUCK_LINKS + link, STUCK_END.replace("]", ", aside.success]"))

    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            first = flow(STUCK.replace("WAIT", waiting), STUCK_LINKS, STUCK_END)
            deployment = await deployed(engine, tmp_path, first)
            await until((tmp_path / "begun").exists)
            for _ in range(3):
                # `one` gets another way out, `work` stays as it is: its task goes on through every plan.
                await deployment.replan(planned(text(extra, "one.success -> aside.in")), "2")
                await deployment.replan(planned(first), "3")
            (tmp_path / "go").touch()
            await until(lambda: deployment.depths.messages("work.success->rest.in") == 3)
            assert (tmp_path / "begun").read_text() == "xxx", "every message was worked on once"

    asyncio.run(run())


def test_messages_of_a_connection_that_is_taken_away_are_there_again_when_it_comes_back(tmp_path):
    whole = flow(STUCK.replace("WAIT", "pass"), STUCK_LINKS, STUCK_END)
    without = flow(STUCK.replace("WAIT", "pass"), STUCK_LINKS.splitlines()[1], "auto_terminate: [rest.success, work.success]\n")

    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await deployed(engine, tmp_path, whole)
            await until(lambda: deployment.depths.messages("work.success->rest.in") == 3)
            await deployment.replan(plan(flatten(load_flow(without)), catalog()), "2")
            assert "work.success->rest.in" not in deployment.registration.queues
            await deployment.replan(planned(whole.replace("breakpoint: true", "breakpoint: false")), "3")
            await until(lambda: sent(deployment, "rest") == 3)

    asyncio.run(run())


TOTAL = """
- {id: ticks, type: generate, config: {count: 0, rate: 500}}
- id: total
  type: python
  code: |
    def total(n, ctx):
        ctx.state["sum"] = ctx.state.get("sum", 0) + n
        ctx.state["last"] = n
        return [ctx.state["last"], ctx.state["sum"]]
- {id: rest, type: python, code: "def rest(n): return n"}
"""
TOTAL_LINKS = """
ticks.success -> total.in {fuse: FUSE}
total.success -> rest.in {limit: {messages: 0}, breakpoint: true}
"""


def test_state_goes_on_from_plan_to_plan(tmp_path):
    key = "total.success->rest.in"

    def text(fuse: str) -> str:
        return flow(TOTAL, TOTAL_LINKS.replace("FUSE", fuse), STUCK_END)

    async def run() -> list[Any]:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await deployed(engine, tmp_path, text("true"))
            for turn in range(8):
                goal = deployment.depths.messages(key) + 100
                await until(lambda goal=goal: deployment.depths.messages(key) >= goal)
                await deployment.replan(planned(text("false" if turn % 2 == 0 else "true")), "2")
            return await held(deployment, key)

    sums = asyncio.run(run())
    assert sorted(sums) == [[n, n * (n + 1) // 2] for n in range(len(sums))]
    assert len(sums) >= 800


def test_a_timer_is_kept_by_the_next_plan(tmp_path):
    steps = """
- {id: one, type: generate, config: {count: 5}}
- {id: later, type: delay, config: {time: 3s}}
- {id: rest, type: python, code: "def rest(n): return n", notes: NOTES, concurrency: COPIES}
"""
    links = "one.success -> later.in\nlater.success -> rest.in"

    def text(copies: str) -> str:
        return flow(steps.replace("NOTES", f"'{copies}'").replace("COPIES", copies), links, STUCK_END)

    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await deployed(engine, tmp_path, text("1"))
            await until(lambda: sent(deployment, "one") == 5)
            for copies in ("2", "1", "2"):
                await deployment.replan(planned(text(copies)), copies)
            await until(lambda: sent(deployment, "rest") == 5, 30)

    asyncio.run(run())


@pytest.mark.parametrize(
    "refusing",
    ["engine.ledger.sql.ledger.SqlLedger.register", "engine.ledger.sql.ledger.SqlLedger.depths"],
    ids=["written", "read"],
)
def test_when_the_ledger_refuses_the_plan_the_old_one_goes_on(tmp_path, monkeypatch, refusing):
    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await deployed(engine, tmp_path, flow(SLOW, SLOW_LINKS.replace("FUSE", "true"), SLOW_END))
            await until(lambda: all(sent(deployment, step) for step in "bc"))

            def refuse(*_: object) -> None:
                raise StorageFull("no space left; free some")

            with monkeypatch.context() as patch:
                patch.setattr(refusing, refuse)
                with pytest.raises(StorageFull):
                    await deployment.replan(planned(flow(SLOW, SLOW_LINKS.replace("FUSE", "false"), SLOW_END)), "2")
            counted = {step: sent(deployment, step) for step in "bc"}
            await until(lambda: all(sent(deployment, step) > counted[step] for step in "bc"), seconds=20)
            assert set(deployment.runners) == {"ticks", "other"}

    asyncio.run(run())


def test_paused_everything_waits_and_a_new_plan_does_not_change_that(tmp_path):
    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await deployed(engine, tmp_path, flow(SLOW, SLOW_LINKS.replace("FUSE", "true"), SLOW_END))
            await until(lambda: all(sent(deployment, step) for step in "bc"))
            deployment.pause()
            await deployment.replan(planned(flow(SLOW, SLOW_LINKS.replace("FUSE", "false"), SLOW_END)), "2")
            await until(lambda: not any(runner.busy for runner in deployment.runners.values()))
            assert [runner.paused for runner in deployment.runners.values()] == [True] * 3
            counted = sent(deployment, "b")
            await deployment.replan(planned(flow(SLOW, SLOW_LINKS.replace("FUSE", "true"), SLOW_END)), "3")
            assert sent(deployment, "b") == counted
            deployment.resume()
            await until(lambda: sent(deployment, "b") > counted + 10)

    asyncio.run(run())

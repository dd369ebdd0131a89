"""Run once, and what else happens to the flow meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.processors.registry import catalog
from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.once import run_once, single_runner
from engine.runtime.plan import Plan, plan
from tests.engine.runtime.running import NUMBERS, flow

WORK = """
- id: work
  type: python
  code: |
    import pathlib, time
    def work(n):
        pathlib.Path("begun").touch()
        time.sleep(600)
"""
REST = "- {id: rest, type: generate, config: {count: 1}}\n"
LINK = "numbers.success -> work.in {expire: 1h}"
END = "auto_terminate: [work.success]\n"
MADE = "numbers.success->work.in"


def planned(text: str) -> Plan:
    made = load_flow(text)
    return plan(flatten(made), catalog(), stopped=frozenset(made.steps))


async def stopped(engine: Engine, folder: Path) -> Deployment:
    """A deployment all of whose steps are stopped, with messages before the last."""
    deployment = await engine.deploy(
        "flow", planned(flow(NUMBERS + WORK, LINK, END)), revision="1", run_id="run", folder=folder
    )
    await deployment.start()
    assert (await deployment.run_once("numbers")).messages > 0
    return deployment


def test_when_nobody_waits_for_it_any_more_it_is_ended(tmp_path: Path) -> None:
    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await stopped(engine, tmp_path)
            running = asyncio.ensure_future(deployment.run_once("work"))
            while not (tmp_path / "begun").exists():  # noqa: ASYNC110 - nobody tells the test
                await asyncio.sleep(0.01)
            [slot] = deployment.singles["work"].slots
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            assert (slot.host, slot.in_hand) == (None, 0)
            again = await deployment.run_once("work", timeout_s=0.0)
            assert again.reason == "it was not done within 0 seconds; what it was at is as before"
            number = deployment.registration.deployment
            due = await deployment.ledger.call(lambda ledger: ledger.due_queues(number, deployment.now_ms()))
            assert due == {deployment.registration.queues[MADE]}

    asyncio.run(run())


def test_a_source_that_ends_its_host_is_said_to(tmp_path: Path) -> None:
    dies = NUMBERS.replace("yield from", '__import__("os")._exit(4)\n        yield from')

    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            text = flow(dies, "", "auto_terminate: [numbers.success]\n")
            deployment = await engine.deploy("flow", planned(text), revision="1", run_id="run", folder=tmp_path)
            ran = await deployment.run_once("numbers")
            assert ran.reason == "its host exited with status 4 before it made anything"

    asyncio.run(run())


@pytest.mark.parametrize("step", ["numbers", "work"])
def test_what_a_change_of_the_flow_has_ended_begins_nothing(tmp_path: Path, step: str) -> None:
    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await stopped(engine, tmp_path)
            # Given a step that is about to run once, and is ended by a change before it has begun,
            runner = deployment.singles[step] = single_runner(deployment, step)
            await deployment.replan(planned(flow(REST, "", "auto_terminate: [rest.success]\n")), "2")
            # when it goes on, then it takes and makes nothing.
            ran = await run_once(runner, None, timeout_s=60)
            assert ran.reason == "it was ended by something else: the flow was changed, started or stopped"
            assert not (tmp_path / "begun").exists()

    asyncio.run(run())

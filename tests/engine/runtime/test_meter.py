from __future__ import annotations

import asyncio
from typing import Any

from engine.runtime.deployment import Deployment
from engine.runtime.engine import Engine
from engine.runtime.meter import Meter, standing
from tests.engine.runtime.running import NUMBERS, flow
from tests.engine.runtime.test_replan import deployed, planned, until

STEPS = (
    NUMBERS
    + """
- id: check
  type: python
  code: |
    import time
    def check(n):
        if n == 3:
            raise ValueError("three")
        if n == 4:
            time.sleep(0.5)
        return n
- {id: off, type: python, code: "def off(n): return n", enabled: false}
- {id: hold, type: python, code: "def hold(n): return n"}
"""
)
LINKS = """
numbers.success -> check.in {fuse: false}
check.success -> hold.in {limit: {messages: 9}, breakpoint: true}
check.success -> off.in
"""
END = "auto_terminate: [hold.success, off.success]\n"


def merged(state: dict[str, Any], news: dict[str, Any]) -> None:
    for part, values in news.items():
        state[part].update(values)


def without_rates(found: dict[str, Any]) -> dict[str, Any]:
    return {
        part: {key: {name: value for name, value in values.items() if name != "rate"} for key, values in all_.items()}
        for part, all_ in found.items()
    }


def test_a_snapshot_and_the_changes_after_it_are_the_whole_truth(tmp_path):
    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await engine.deploy(
                "flow", planned(flow(STEPS, LINKS, END)), revision="1", run_id="run", folder=tmp_path
            )
            meter = Meter(deployment)
            seen = meter.snapshot()
            assert {step: values["state"] for step, values in seen["processors"].items()} == {
                "numbers": "stopped", "check": "stopped", "off": "disabled", "hold": "stopped",
            }  # fmt: skip
            await deployment.start()
            meter.close()
            meter = Meter(deployment)
            seen = meter.snapshot()
            running = 0
            async with asyncio.timeout(60):
                while not deployment.ending.is_quiet():
                    await asyncio.sleep(0.05)
                    merged(seen, meter.changes())
                    running = max(running, seen["processors"]["check"]["running"])
            async with asyncio.timeout(60):  # rates fall to zero by themselves
                while seen != standing(deployment):
                    await asyncio.sleep(0.05)
                    merged(seen, meter.changes())
            assert running >= 1
            assert meter.changes() == {}
            check = seen["processors"]["check"]
            assert (check["in"], check["out"]["success"], check["failed"], check["dead"]) == (10, 9, 1, 1)
            assert seen["processors"]["numbers"]["state"] == "ended"
            link = seen["connections"]["check.success->hold.in"]
            assert (link["messages"], link["passed"], link["full"]) == (9, 9, True)
            assert seen["connections"]["check.success->off.in"]["messages"] == 9

            deployment.pause()
            merged(seen, meter.changes())
            assert seen["processors"]["check"]["state"] == "paused"
            deployment.resume()
            await deployment.replan(planned(flow(STEPS, LINKS, END), frozenset({"check"})), "2")
            merged(seen, meter.changes())
            assert seen["processors"]["check"]["state"] in ("stopped", "paused")
            assert without_rates(meter.snapshot()) == without_rates(standing(deployment))

    asyncio.run(run())


def test_a_step_that_cannot_start_says_why(tmp_path):
    steps = NUMBERS + '- {id: bad, type: python, code: "import nonsense\\ndef bad(n): return n"}\n'

    async def run() -> None:
        async with Engine(tmp_path / "workspace") as engine:
            text = flow(steps, "numbers.success -> bad.in {fuse: false}", "auto_terminate: [bad.success]\n")
            deployment = await deployed(engine, tmp_path, text)
            meter = Meter(deployment)
            seen = meter.snapshot()
            await until(lambda: bool(deployment.ending.troubles()))
            merged(seen, meter.changes())
            assert seen["processors"]["bad"]["state"] == "broken"
            assert "No module named 'nonsense'" in seen["processors"]["bad"]["trouble"]

    asyncio.run(run())


def test_nobody_watching_costs_nothing(tmp_path):
    async def run() -> Deployment:
        async with Engine(tmp_path / "workspace") as engine:
            deployment = await deployed(engine, tmp_path, flow(STEPS, LINKS, END))
            meter = Meter(deployment)
            meter.close()
            await until(deployment.ending.is_quiet)
            assert meter._steps == {}
            return deployment

    deployment = asyncio.run(run())
    assert (deployment.watch, deployment.stirred) == (None, None)

"""Calls on an engine in this process: what is kept where, and what happens when results cannot be kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.errors import StorageError
from engine.model.calls import calls_flow
from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.processors.registry import catalog
from engine.results.memory import MemoryResults
from engine.runtime.calls import NewCall, begin, open_calls
from engine.runtime.engine import Engine
from engine.runtime.plan import plan

FLOW = load_flow(
    """
pyfi: 1
name: f
processors:
  - {id: double, type: python, concurrency: 2, code: "def process(x): return x * 2"}
  - {id: bad, type: python, code: "def process(x): raise ValueError('bad')"}
  - {id: drop, type: filter, config: {keep: "content > 5"}}
"""
)
NAME = "calls:f"


class Unsteady(MemoryResults):
    """Results that cannot be kept every other time."""

    def __init__(self) -> None:
        super().__init__()
        self.tries = 0

    async def put_packed(self, results: Sequence[tuple[str, bytes]]) -> list[bool]:
        self.tries += 1
        if self.tries % 2:
            raise StorageError("the results' Redis at 127.0.0.1:1 cannot be reached: start it")
        return await super().put_packed(results)


async def run(folder: Path, graphs: Sequence[Any], results: MemoryResults) -> tuple[list[Any], dict[str, int]]:
    """What calls of some graphs with 4 gave (an error's type where they failed), and what is left in the ledger."""
    made = plan(flatten(calls_flow(FLOW, ["double", "bad", "drop"], catalog())), catalog())
    async with Engine(folder, record=results.put_packed) as engine:
        deployment = await engine.deploy(NAME, made, revision="1", run_id="1", folder=folder)
        await deployment.start()
        for number, graph in enumerate(graphs):
            call = NewCall(str(number), graph, 4)
            await engine.ledger.call(lambda ledger, call=call: begin(ledger, NAME, call))
        await deployment.refresh()
        found = await asyncio.gather(*(results.wait(str(number)) for number in range(len(graphs))))
        while await engine.ledger.call(lambda ledger: open_calls(ledger, NAME)):  # noqa: ASYNC110 - nobody tells the test
            await asyncio.sleep(0.01)
        left = {key: deployment.depths.messages(key) for key in made.links if deployment.depths.messages(key)}
        router = deployment.registration.steps["call"]
        left["state"] = len(await engine.ledger.call(lambda ledger: ledger.read_state(router)))
    return [result.value if result.error is None else result.error.type for result in found], left


def test_nothing_is_left_of_calls_that_are_answered(tmp_path):
    graphs = [
        "double",
        "drop",
        ["pipeline", "double", "drop"],
        ["parallel", "double", "drop", ["parallel", "double"]],
        ["parallel", "bad", "double", ["pipeline", "bad", "double"]],
        ["pipeline", ["parallel", "double", "double"], "double"],
    ]
    found, left = asyncio.run(run(tmp_path, graphs, MemoryResults()))
    assert found == [8, None, 8, [8, None, [8]], "ValueError", [8, 8, 8, 8]]
    assert left == {"state": 0}


def test_results_that_cannot_be_kept_are_kept_later(tmp_path):
    results = Unsteady()
    graph = ["parallel", "double", ["pipeline", "double", "double"]]
    found, left = asyncio.run(run(tmp_path, [graph, graph, "bad"], results))
    assert found == [[8, 16], [8, 16], "ValueError"]
    assert left == {"state": 0}
    assert results.tries > 1

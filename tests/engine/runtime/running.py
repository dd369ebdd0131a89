"""Running flows from text in tests: the real engine, real hosts, a workspace of the test's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.bus.base import Event
from engine.runtime.engine import Engine
from engine.runtime.hosts import wire
from engine.runtime.run import Outcome, Run, RunOptions, prepare


class Bench:
    """A folder with one flow file and its workspace. `log` gathers what the flow's processors say, over all runs."""

    def __init__(self, folder: Path, text: str = "") -> None:
        self.folder = folder
        self.path = folder / "test.flow.yaml"
        self.workspace = folder / "workspace"
        self.log: list[tuple[str, str, str]] = []
        if text:
            self.write(text)

    def write(self, text: str) -> None:
        """Write the flow file."""
        self.path.write_text(text, encoding="utf-8")

    def run(self, **options: Any) -> Outcome:
        """Run the flow to its end."""
        return asyncio.run(self.run_within(None, **options))

    async def run_within(self, stop_after_s: float | None, **options: Any) -> Outcome:
        """Run the flow; ask it to stop after a while."""
        chosen = RunOptions(**options)
        prepared = await asyncio.to_thread(prepare, self.path, chosen)
        async with Engine(self.workspace) as engine:
            engine.bus.subscribe(self._note)
            run = Run(engine, prepared, chosen)
            if stop_after_s is not None:
                asyncio.get_running_loop().call_later(stop_after_s, run.stop)
            return await run.execute()

    async def run_until(self, enough: Callable[[], bool], **options: Any) -> Outcome:
        """Run the flow; ask it to stop when there is enough."""
        chosen = RunOptions(**options)
        prepared = await asyncio.to_thread(prepare, self.path, chosen)
        async with Engine(self.workspace) as engine:
            run = Run(engine, prepared, chosen)
            return await run.execute(lambda _: run.stop() if enough() else None)

    def _note(self, event: Event) -> None:
        if event.kind == "log":
            self.log.append((event.data["step"], event.data["level"], event.data["text"]))

    def lines(self, name: str) -> list[Any]:
        """What a `write_lines` sink wrote, decoded."""
        return [json.loads(line) for line in (self.folder / name).read_text(encoding="utf-8").splitlines()]

    def queue(self, key: str) -> list[tuple[Any, dict[str, str]]]:
        """Contents and attributes of everything in a queue of the flow, read when no engine runs."""
        from engine.ledger.url import open_ledger

        ledger = open_ledger(f"sqlite:///{self.workspace / 'ledger.db'}")
        try:
            registered = ledger.registration(str(self.path))
            assert registered is not None
            found: list[tuple[Any, dict[str, str]]] = []
            for batch in ledger.peek(registered[0].queues[key], 100_000):
                contents, attributes = wire.messages(batch.body)
                meant = range(batch.lo, batch.hi)
                found.extend((contents[index], (attributes[index] if attributes else None) or {}) for index in meant)
            return found
        finally:
            ledger.close()


def flow(processors: str, connections: str, more: str = "") -> str:
    """A flow file from its processors and `a.p -> b.q` connections, one a line (`{...}` behind one is its policy)."""
    lines = ["pyfi: 1", "name: test", "processors:"]
    lines += [f"  {line}" for line in processors.strip("\n").splitlines()]
    lines.append("connections:")
    for line in filter(None, map(str.strip, connections.splitlines())):
        ends, _, policy = line.partition(" {")
        source, target = ends.split(" -> ")
        lines.append(f"  - {{from: {source}, to: {target}{', ' + policy[:-1] if policy else ''}}}")
    return "\n".join(lines) + "\n" + more


NUMBERS = """
- id: numbers
  type: python
  inputs: []
  outputs: [success]
  code: |
    def numbers(ctx):
        yield from range(ctx.params.get("count", 10))
"""
"""A source of the numbers below the parameter `count`."""

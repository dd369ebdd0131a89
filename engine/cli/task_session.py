"""One `pyfi task run`: data in, lines out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

from engine.cli.pipe import Pipe
from engine.cli.run_log import RunLog
from engine.cli.terminal import say
from engine.client.flow import open_flow
from engine.client.task import Message, StepRun
from engine.errors import UsageError
from engine.model.problem import did_you_mean
from engine.runtime.debugging import Debugging


class TaskSession:
    """Runs one processor for the person or the pipe at the terminal."""

    def __init__(
        self,
        flow: str,
        processor: str,
        pipe: Pipe,
        *,
        input_: str | None,
        port: str | None,
        limit: int,
        debugging: Debugging | None = None,
    ) -> None:
        self._flow = flow
        self._processor = processor
        self._pipe = pipe
        self._input = input_ or ""
        self._port = port
        self._limit = limit
        self._debugging = debugging
        self._failed = 0
        self._warnings = RunLog(say)

    def run(self) -> int:
        """Run; returns the exit status."""
        try:
            asyncio.run(self._execute())
        finally:
            self._warnings.close()
        return 1 if self._failed else 0

    async def _execute(self) -> None:
        step = StepRun(open_flow(self._flow), self._processor, self._log, self._debugging)
        if self._port is not None and self._port not in step.outputs:
            cure = did_you_mean(self._port, step.outputs) or f"; it has {', '.join(step.outputs)}"
            raise UsageError(f"processor '{self._processor}' has no output '{self._port}'{cure}")
        if not step.inputs:
            await self._run_source(step)
            return
        self._pipe.check()
        async with step, aclosing(self._pipe.batches()) as batches:
            async for contents in batches:
                self._print(await step.call(contents, self._input))
            self._print(await step.flush())

    async def _run_source(self, step: StepRun) -> None:
        if self._pipe.data:
            raise UsageError(f"processor '{self._processor}' is a source and takes no data; leave --data out")
        count = 0
        async with step, aclosing(step.source()) as messages:
            async for message in messages:
                self._print([message])
                count += 1
                if count == self._limit:
                    break

    def _log(self, level: str, text: str) -> None:
        if level in ("warning", "error"):
            self._warnings.add(self._processor, text)
        else:
            say(f"{self._processor}: {text}")

    def _print(self, messages: Sequence[Message]) -> None:
        self._failed += sum(message.failed for message in messages)
        self._pipe.print(messages)


def step_of(flow: str | None, processor: str | None, socket: str | None) -> tuple[str, str]:
    """The flow and the processor that are meant."""
    if socket is not None and flow is None:
        flow, _, processor = socket.rpartition(".")
    elif socket is not None:
        raise UsageError("give FLOW and PROCESSOR, or --socket FLOW.PROCESSOR, not both")
    if not flow or not processor:
        raise UsageError("a flow and a processor are missing; give FLOW and PROCESSOR, or --socket FLOW.PROCESSOR")
    return flow, processor

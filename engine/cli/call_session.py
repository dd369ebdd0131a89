"""One `pyfi task run --target`: every message in is a call, what it gives comes out, in order."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from engine.cli.pipe import Pipe
from engine.client.call import Call, Socket
from engine.errors import UsageError
from engine.results.result import Result, Sent

_UNDER_WAY = 200
"""Calls that are made before the first of them has to be answered."""


class CallSession:
    """Calls a step of a deployed flow for the person or the pipe at the terminal. Without `wait`, the calls' ids come out."""

    def __init__(self, flow: str, step: str, pipe: Pipe, *, target: str, workspace: Path | None, port: str, wait: bool) -> None:
        if port:
            raise UsageError("a step that is called has one input; leave --input out")
        self._socket = Socket(f"{flow}.{step}", target=target, workspace=workspace)
        self._pipe = pipe
        self._wait = wait
        self._failed = 0

    def run(self) -> int:
        """Run; returns the exit status."""
        self._pipe.check()
        asyncio.run(self._execute())
        return 1 if self._failed else 0

    async def _execute(self) -> None:
        async with aclosing(self._pipe.batches()) as batches:
            async for contents in batches:
                for start in range(0, len(contents), _UNDER_WAY):
                    await self._call(contents[start : start + _UNDER_WAY])

    async def _call(self, contents: Sequence[Any]) -> None:
        calls = await asyncio.gather(*(self._socket.start(content) for content in contents))
        if not self._wait:
            print("\n".join(call.id for call in calls))
            sys.stdout.flush()
            return
        for content, call in zip(contents, calls, strict=True):
            self._print(content, await result_of(call))

    def _print(self, content: Any, result: Result) -> None:
        self._failed += result.error is not None
        self._pipe.print(messages_of(result, content))


async def result_of(call: Call) -> Result:
    """The result of a call, whether it went well or not."""
    return await asyncio.to_thread(call.sent)


def messages_of(result: Result, content: Any = None) -> Sequence[Sent]:
    """What a call sent; of one that failed, its `content` by the output `failure`, with the error as attributes."""
    error = result.error
    if error is None:
        return result.sent
    told = {
        "error.type": error.type,
        "error.message": error.message,
        "error.traceback": error.traceback,
        "error.processor": error.processor,
    }
    return [Sent("failure", content, told)]

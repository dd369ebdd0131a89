"""One `pyfi task run`: data in, lines out."""

from __future__ import annotations

import asyncio
import codecs
import json
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from engine.cli.json_stream import JsonStream
from engine.cli.run_log import RunLog
from engine.cli.terminal import say, write_line
from engine.client.flow import open_flow
from engine.client.task import Message, StepRun
from engine.errors import UsageError
from engine.model.problem import did_you_mean
from engine.runtime.readable import as_json

_CHUNK_BYTES = 1 << 16
_AT_ONCE = 1000
_WHOLE = 1 << 40


class TaskSession:
    """Runs one processor for the person or the pipe at the terminal."""

    def __init__(
        self,
        *,
        flow: str | None,
        processor: str | None,
        socket: str | None,
        data: tuple[str, ...],
        lines: bool,
        input_: str | None,
        port: str | None,
        limit: int,
    ) -> None:
        self._flow, self._processor = _target(flow, processor, socket)
        self._data = data
        self._lines = lines
        self._input = input_ or ""
        self._port = port
        self._limit = limit
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
        step = StepRun(open_flow(self._flow), self._processor, self._log)
        if self._port is not None and self._port not in step.outputs:
            cure = did_you_mean(self._port, step.outputs) or f"; it has {', '.join(step.outputs)}"
            raise UsageError(f"processor '{self._processor}' has no output '{self._port}'{cure}")
        if not step.inputs:
            await self._run_source(step)
            return
        if not self._data and sys.stdin.isatty():
            raise UsageError("there is no data; give --data JSON, or pipe messages in")
        async with step, aclosing(self._batches()) as batches:
            async for contents in batches:
                self._print(await step.call(contents, self._input))
            self._print(await step.flush())

    async def _run_source(self, step: StepRun) -> None:
        if self._data:
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
        for message in messages:
            self._failed += message.failed
            if self._port is not None and message.port != self._port:
                continue
            if self._lines and self._port is not None and isinstance(message.content, str):
                print(message.content)
                continue
            content = as_json(message.content, _WHOLE)
            shown: Any = content
            if self._port is None:
                shown = {"port": message.port, "content": content}
                if message.attributes:
                    shown["attributes"] = message.attributes
            write_line(json.dumps(shown, ensure_ascii=False), shown)
        sys.stdout.flush()

    async def _batches(self) -> AsyncGenerator[list[Any]]:
        """Contents as they come, a few at a time."""
        if self._data:
            yield [value for text in self._data for value in JsonStream().feed(text, is_last=True)]
            return
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        split = _Lines() if self._lines else JsonStream()
        while True:
            data = await asyncio.to_thread(os.read, sys.stdin.fileno(), _CHUNK_BYTES)
            contents = list(split.feed(decode(data, final=not data), is_last=not data))
            for start in range(0, len(contents), _AT_ONCE):
                yield contents[start : start + _AT_ONCE]
            if not data:
                return


class _Lines:
    """Lines out of a stream, without their ends."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str, *, is_last: bool = False) -> list[str]:
        """The lines that are complete with this piece."""
        *whole, self._rest = (self._rest + text).split("\n")
        if is_last and self._rest:
            whole.append(self._rest)
        return [line.removesuffix("\r") for line in whole]


def _target(flow: str | None, processor: str | None, socket: str | None) -> tuple[str, str]:
    """The flow and the processor that are meant."""
    if socket is not None and flow is None:
        flow, _, processor = socket.rpartition(".")
    elif socket is not None:
        raise UsageError("give FLOW and PROCESSOR, or --socket FLOW.PROCESSOR, not both")
    if not flow or not processor:
        raise UsageError("a flow and a processor are missing; give FLOW and PROCESSOR, or --socket FLOW.PROCESSOR")
    return flow, processor
